/* proc_net.c - columns of /proc/net by name or by place, whatever else a kernel adds. */
#include "link/proc_net.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum { TEXT_MAX = 1 << 20, WORD_MAX = 32, COLUMNS_MAX = 16 };

/* The next word of the line at *s; false at its end. */
static bool word(const char **s, char out[WORD_MAX])
{
	size_t n;

	*s += strspn(*s, " \t");
	n = strcspn(*s, " \t\n");
	if (n == 0 || n >= WORD_MAX)
		return false;
	memcpy(out, *s, n);
	out[n] = '\0';
	*s += n;
	return true;
}

static bool number(const char *digits, int base, uint64_t *ret_v)
{
	char *end = NULL;

	if (digits[0] == '\0' || strspn(digits, "0123456789abcdefABCDEF") != strlen(digits))
		return false;
	*ret_v = strtoull(digits, &end, base);
	return *end == '\0';
}

/* The line that begins with `head`, behind it; NULL none. */
static const char *line(const char *text, const char *head)
{
	size_t n = strlen(head);

	while (text != NULL && *text != '\0') {
		const char *s = text + strspn(text, " \t");

		if (strncmp(s, head, n) == 0)
			return s + n;
		text = strchr(text, '\n');
		text = text == NULL ? NULL : text + 1;
	}
	return NULL;
}

bool proc_net_udp_of(const char *text, struct proc_net_udp *ret_u)
{
	struct proc_net_udp u = {.taken = 0};
	const struct {
		const char *name;
		uint64_t *to;
	} columns[] = {{"InDatagrams", &u.taken},
		       {"NoPorts", &u.no_port},
		       {"InErrors", &u.errors},
		       {"RcvbufErrors", &u.buffer_full},
		       {"InCsumErrors", &u.checksum}};
	const char *names = line(text, "Udp:"), *values;
	char name[WORD_MAX], value[WORD_MAX];
	bool any = false;

	values = names == NULL ? NULL : line(names, "Udp:");
	if (values == NULL)
		return false;
	while (word(&names, name) && word(&values, value)) {
		for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
			if (strcmp(columns[i].name, name) == 0)
				any |= number(value, 10, columns[i].to);
		}
	}
	if (any)
		*ret_u = u;
	return any;
}

bool proc_net_device_of(const char *text, const char *name, struct proc_net_device *ret_d)
{
	char head[WORD_MAX], value[WORD_MAX];
	uint64_t c[COLUMNS_MAX];
	const char *s;
	int n = snprintf(head, sizeof(head), "%s:", name);

	if (n < 0 || (size_t)n >= sizeof(head))
		return false;
	s = line(text, head);
	if (s == NULL)
		return false;
	for (unsigned i = 0; i < COLUMNS_MAX; i++) {
		if (!word(&s, value) || !number(value, 10, &c[i]))
			return false;
	}
	/* bytes packets errs drop fifo frame compressed multicast, twice */
	*ret_d = (struct proc_net_device){.in_packets = c[1],
					  .in_errors = c[2],
					  .in_dropped = c[3],
					  .in_overrun = c[4],
					  .in_frame = c[5],
					  .out_packets = c[9],
					  .out_errors = c[10],
					  .out_dropped = c[11]};
	return true;
}

bool proc_net_softnet_of(const char *text, struct proc_net_softnet *ret_s)
{
	struct proc_net_softnet sum = {.dropped = 0};
	char value[WORD_MAX];
	uint64_t c[3];
	bool any = false;

	while (text != NULL && *text != '\0') {
		for (unsigned i = 0; i < 3; i++) {
			if (!word(&text, value) || !number(value, 16, &c[i]))
				return false;
		}
		sum.dropped += c[1];
		sum.squeezed += c[2];
		any = true;
		text = strchr(text, '\n');
		text = text == NULL ? NULL : text + 1;
	}
	if (any)
		*ret_s = sum;
	return any;
}

static bool read_text(const char *path, struct buf *b)
{
	buf_init(b, TEXT_MAX);
	return file_read(AT_FDCWD, path, TEXT_MAX, b) == SL_OK;
}

bool proc_net_udp(struct proc_net_udp *ret_u)
{
	struct buf b;
	bool ok = read_text("/proc/net/snmp", &b) && proc_net_udp_of(buf_str(&b), ret_u);

	buf_release(&b);
	return ok;
}

bool proc_net_device(const char *name, struct proc_net_device *ret_d)
{
	struct buf b;
	bool ok =
		read_text("/proc/net/dev", &b) && proc_net_device_of(buf_str(&b), name, ret_d);

	buf_release(&b);
	return ok;
}

bool proc_net_softnet(struct proc_net_softnet *ret_s)
{
	struct buf b;
	bool ok = read_text("/proc/net/softnet_stat", &b) &&
		  proc_net_softnet_of(buf_str(&b), ret_s);

	buf_release(&b);
	return ok;
}

bool proc_net_line(const char *path, char *out, size_t cap)
{
	struct buf b;
	size_t n = 0;
	bool ok = read_text(path, &b);

	if (ok) {
		n = strcspn(buf_str(&b), "\n");
		ok = n < cap;
	}
	if (ok) {
		memcpy(out, buf_str(&b), n);
		out[n] = '\0';
	}
	buf_release(&b);
	return ok;
}

bool proc_net_limit(const char *name, uint64_t *ret_v)
{
	char path[128], text[WORD_MAX];
	int n = snprintf(path, sizeof(path), "/proc/sys/%s", name);

	return n > 0 && (size_t)n < sizeof(path) && proc_net_line(path, text, sizeof(text)) &&
	       number(text, 10, ret_v);
}
