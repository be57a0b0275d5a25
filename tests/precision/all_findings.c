/* all_findings.c - every finding of the rules in plain UTF-8 texts, one line each:
 * rule, severity, evidence, evasion, file:line and the passage around it.
 *
 * The texts are published ones: unlike a report, a line may show what was matched. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "policy/policy.h"

enum { TEXT_MAX = SEGMENT_TEXT_MAX, AROUND = 20 };

/* Byte offset of the n-th code point from `at` on. */
static size_t ahead(const char *s, size_t len, size_t at, size_t n)
{
	for (; n > 0 && at < len; n--) {
		at++;
		while (at < len && ((unsigned char)s[at] & 0xc0) == 0x80)
			at++;
	}
	return at;
}

static void print_part(const char *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		(void)putchar((unsigned char)s[i] < ' ' ? ' ' : s[i]);
}

/* Findings come in ascending order: *at is where code point *offset was found. */
static void print(const char *path, const char *s, size_t len, const struct finding *f,
		  size_t *at, size_t *offset)
{
	size_t first = f->offset > AROUND ? f->offset - AROUND : 0, before, from, end;

	if (first < *offset) /* the passage around the one before reaches over it */
		*at = *offset = 0;
	before = *at = ahead(s, len, *at, first - *offset);
	*offset = first;
	from = ahead(s, len, before, f->offset - first);
	end = ahead(s, len, from, f->length);
	printf("%s\t%s\t%s\t%s\t%s:%u\t", f->rule, severity_name((enum severity)f->severity),
	       f->evidence, f->evasion[0] != '\0' ? f->evasion : "-", path, f->line);
	print_part(s, before, from);
	printf("[");
	print_part(s, from, end);
	printf("]");
	print_part(s, end, ahead(s, len, end, AROUND));
	printf("\n");
}

static int one(const struct policy *p, const char *path)
{
	const struct scan_context ctx = {.offline = true, .today = 20500};
	struct segment seg = {.line = 1, .column = 1};
	struct finding *f = NULL;
	bool overflow = false;
	size_t at = 0, offset = 0;
	unsigned n = 0;
	struct buf b;
	int r;

	buf_init(&b, TEXT_MAX);
	r = file_read(AT_FDCWD, path, TEXT_MAX, &b);
	seg.text = buf_str(&b);
	seg.len = (uint32_t)b.len;
	if (r == SL_OK && b.len > 0)
		r = policy_scan(p, &ctx, &seg, 1, &f, &n, &overflow);
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		print(path, seg.text, seg.len, &f[i], &at, &offset);
	if (overflow)
		r = SL_E_LIMIT;
	free(f);
	buf_release(&b);
	return r;
}

int main(int argc, char **argv)
{
	struct sl_why why = {.text = ""};
	struct policy *p = NULL;
	int r = crypto_start();

	if (argc < 3) {
		(void)fprintf(stderr, "usage: all_findings POLICIES TEXT...\n");
		return 2;
	}
	if (r == SL_OK)
		r = policy_load(argv[1], &p, &why);
	for (int i = 2; r == SL_OK && i < argc; i++) {
		r = one(p, argv[i]);
		if (r != SL_OK)
			(void)snprintf(why.text, sizeof(why.text), "%s: %s", argv[i],
				       sl_strerror(r));
	}
	if (r != SL_OK)
		(void)fprintf(stderr, "all_findings: %s\n", why.text);
	policy_free(p);
	return r == SL_OK ? 0 : 1;
}
