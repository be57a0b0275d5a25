/* units.c - makes the units of a run for the sender, and takes them from the receiver.
 *
 *   units make OUTBOX SEED COUNT LEAST MOST WAITING
 *     Units 1..COUNT of pattern.h, as the releaser would hand them over; never more than
 *     WAITING bytes of them in OUTBOX.
 *   units check DATA SENT SEED COUNT LEAST MOST AGAIN_MS IDLE_S
 *     Stands where the installer does: each unit in DATA/quarantine is compared byte by byte
 *     with what was made and dealt with.  Ends when all have come, or when none has come for
 *     IDLE_S seconds, with one JSON object.  A unit has come at first unless its file was
 *     finished AGAIN_MS or more after the sender had moved it to SENT: only then can a
 *     repetition have begun. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/wake.h"
#include "link/progress.h"
#include "pattern.h"

enum { BATCH = 256, POLL_MS = 200 };

struct run {
	struct pattern pattern;
	int64_t count;
	uint8_t *bytes, *there;
};
struct check {
	struct run run;
	int quarantine, state, sent;
	int64_t again_ns, *sent_ns; /* by serial; 0: not yet */
	struct progress progress;
	int64_t first, repeated, wrong, twice;
	uint64_t total;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "units: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int64_t number(const char *text)
{
	char *end = NULL;
	long long n = strtoll(text, &end, 10);

	errno = EINVAL;
	if (end == text || *end != '\0' || n < 0)
		die(text);
	return n;
}

static int directory(const char *parent, const char *name)
{
	char path[4096];
	int fd;

	if (name == NULL)
		(void)snprintf(path, sizeof(path), "%s", parent);
	else if (file_join(path, sizeof(path), parent, name) != SL_OK)
		die(name);
	fd = file_mkdirs(path, 0700) != SL_OK ? -1 : file_open_dir(AT_FDCWD, path);
	if (fd < 0)
		die(path);
	return fd;
}

static void run_of(struct run *r, char **arg)
{
	r->pattern.seed = (uint64_t)number(arg[0]);
	r->count = number(arg[1]);
	r->pattern.least = (uint64_t)number(arg[2]);
	r->pattern.most = (uint64_t)number(arg[3]);
	r->bytes = malloc(r->pattern.most + 1);
	r->there = malloc(r->pattern.most + 1);
	if (r->bytes == NULL || r->there == NULL || r->pattern.least == 0 ||
	    r->pattern.most < r->pattern.least)
		die("sizes");
}

static void run_release(struct run *r)
{
	free(r->bytes);
	free(r->there);
}

/* ---- make ---- */

static uint64_t waiting_in(int outbox)
{
	struct spool_entry *list = NULL;
	uint64_t bytes = 0;
	size_t n = 0;

	if (spool_list(outbox, SPOOL_MAX, &list, &n) != SL_OK)
		die("outbox");
	for (size_t i = 0; i < n; i++) {
		char name[SPOOL_NAME + 1];
		struct stat st;

		spool_name(&list[i], name);
		if (fstatat(outbox, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			bytes += (uint64_t)st.st_size;
	}
	free(list);
	return bytes;
}

static void put(const struct run *r, int outbox, int64_t serial)
{
	struct spool_entry e = pattern_entry(serial);
	char name[SPOOL_NAME + 1];
	int fd;

	pattern_bytes(&r->pattern, serial, r->bytes);
	spool_name(&e, name);
	fd = openat(outbox, ".making", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 ||
	    file_write_all(fd, r->bytes, (size_t)pattern_size(&r->pattern, serial)) != SL_OK ||
	    close(fd) != 0 || renameat(outbox, ".making", outbox, name) != 0)
		die(name);
}

static int make(char **arg)
{
	int outbox = directory(arg[0], NULL);
	uint64_t limit = (uint64_t)number(arg[5]), waiting = 0;
	struct wake *wake = NULL;
	struct run r;

	run_of(&r, arg + 1);
	if (wake_new(&wake) != SL_OK || wake_watch(wake, arg[0]) != SL_OK)
		die(arg[0]);
	for (int64_t serial = 1; serial <= r.count; serial++) {
		uint64_t size = pattern_size(&r.pattern, serial);

		while (waiting > 0 && waiting + size > limit) {
			waiting = waiting_in(outbox);
			if (waiting + size > limit && wake_wait(wake, POLL_MS) < 0)
				die("wait");
		}
		put(&r, outbox, serial);
		waiting += size;
	}
	wake_free(wake);
	(void)close(outbox);
	run_release(&r);
	return 0;
}

/* ---- check ---- */

static int64_t changed_ns(const struct stat *st)
{
	return (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
}

static void note_sent(struct check *c)
{
	struct spool_entry *list = NULL;
	char name[SPOOL_NAME + 1];
	struct stat st;
	size_t n = 0;

	if (spool_list(c->sent, SPOOL_MAX, &list, &n) != SL_OK)
		die("sent");
	for (size_t i = 0; i < n; i++) {
		spool_name(&list[i], name);
		if (list[i].serial <= c->run.count && c->sent_ns[list[i].serial] == 0 &&
		    fstatat(c->sent, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			c->sent_ns[list[i].serial] = changed_ns(&st);
	}
	free(list);
}

static bool by_repetition(const struct check *c, int64_t serial, const struct stat *arrived)
{
	return c->sent_ns[serial] != 0 &&
	       changed_ns(arrived) >= c->sent_ns[serial] + c->again_ns;
}

static bool is_right(const struct check *c, int fd, const struct stat *st,
		     const struct spool_entry *e)
{
	const struct run *r = &c->run;

	if (e->serial > r->count || e->priority != pattern_entry(e->serial).priority ||
	    (uint64_t)st->st_size != pattern_size(&r->pattern, e->serial))
		return false;
	pattern_bytes(&r->pattern, e->serial, r->bytes);
	return file_read_all(fd, r->there, (size_t)st->st_size) == SL_OK &&
	       memcmp(r->there, r->bytes, (size_t)st->st_size) == 0;
}

static void look_at(struct check *c, const struct spool_entry *e, const char *name)
{
	int fd = openat(c->quarantine, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		die(name);
	if (progress_done(&c->progress, e->serial)) {
		c->twice++;
	} else if (!is_right(c, fd, &st, e)) {
		c->wrong++;
		(void)fprintf(stderr, "units: %s is not what was sent\n", name);
	} else {
		*(by_repetition(c, e->serial, &st) ? &c->repeated : &c->first) += 1;
		c->total += (uint64_t)st.st_size;
	}
	(void)close(fd);
	if (progress_add(&c->progress, e->serial) != SL_OK)
		die("progress");
}

/* How many lay there: all of them are judged, then dealt with, as the installer would. */
static size_t take(struct check *c)
{
	struct spool_entry *list = NULL;
	char name[SPOOL_NAME + 1];
	size_t n = 0;

	if (spool_list(c->quarantine, BATCH, &list, &n) != SL_OK)
		die("quarantine");
	for (size_t i = 0; i < n; i++) {
		spool_name(&list[i], name);
		look_at(c, &list[i], name);
	}
	if (n > 0 && progress_write(c->state, &c->progress) != SL_OK)
		die("progress");
	for (size_t i = 0; i < n; i++) {
		spool_name(&list[i], name);
		if (unlinkat(c->quarantine, name, 0) != 0)
			die(name);
	}
	free(list);
	return n;
}

static int check(char **arg)
{
	struct check c = {.quarantine = directory(arg[0], "quarantine"),
			  .state = directory(arg[0], "state"),
			  .sent = directory(arg[1], NULL),
			  .again_ns = number(arg[6]) * 1000000};
	int64_t idle_ms = number(arg[7]) * 1000, begun = clock_mono_ms(), last = begun;
	struct wake *wake = NULL;
	char path[4096];

	run_of(&c.run, arg + 2);
	c.sent_ns = calloc((size_t)c.run.count + 1, sizeof(*c.sent_ns));
	if (c.sent_ns == NULL || file_join(path, sizeof(path), arg[0], "quarantine") != SL_OK ||
	    wake_new(&wake) != SL_OK || wake_watch(wake, path) != SL_OK ||
	    wake_watch(wake, arg[1]) != SL_OK || progress_read(c.state, &c.progress) != SL_OK)
		die(arg[0]);
	while (c.progress.next <= c.run.count && clock_mono_ms() - last < idle_ms) {
		note_sent(&c);
		if (take(&c) > 0)
			last = clock_mono_ms();
		else if (wake_wait(wake, POLL_MS) < 0)
			die("wait");
	}
	(void)printf("{\"first\":%" PRId64 ",\"repeated\":%" PRId64 ",\"missing\":%" PRId64
		     ",\"wrong\":%" PRId64 ",\"twice\":%" PRId64 ",\"bytes\":%" PRIu64
		     ",\"ms\":%" PRId64 "}\n",
		     c.first, c.repeated, c.run.count - c.first - c.repeated - c.wrong, c.wrong,
		     c.twice, c.total, last - begun);
	wake_free(wake);
	free(c.sent_ns);
	(void)close(c.quarantine);
	(void)close(c.state);
	(void)close(c.sent);
	run_release(&c.run);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 8 && strcmp(argv[1], "make") == 0)
		return make(argv + 2);
	if (argc == 10 && strcmp(argv[1], "check") == 0)
		return check(argv + 2);
	(void)fprintf(stderr, "usage: units make OUTBOX SEED COUNT LEAST MOST WAITING\n"
			      "       units check DATA SENT SEED COUNT LEAST MOST AGAIN_MS "
			      "IDLE_S\n");
	return 2;
}
