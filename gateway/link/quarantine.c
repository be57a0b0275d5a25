/* quarantine.c - whole units on disk, and a quick answer to "is this one here?".
 *
 * Invariants: only this process puts units into the folder (but for what the installer puts
 * back at its start, which may arrive once more), so what is noted in `here` is
 * never less than what lies there.  An answer may be LOOK_MS old in one direction only:
 * a unit that the installer has just taken or refused may still count as here. */
#include "link/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "link/progress.h"

enum { MISSING_LISTED = 1000, HIGHEST_FILE_MAX = 4096, LOOK_MS = 50 };
#define HIGHEST_FILE "receiver.json"

struct here {		/* a unit that was put into the folder */
	int64_t serial; /* 0: none */
	int64_t looked; /* monotonic ms: it was there */
	uint8_t priority;
};
struct usage {
	int dir;
	uint64_t bytes;
	unsigned files;
	int64_t looked;
};
struct quarantine {
	int fd, state; /* borrowed */
	struct progress progress;
	struct stat seen; /* of the installer's file when it was read */
	int64_t looked;	  /* at it, monotonic ms */
	/* By serial: those that are wanted at any time lie within one turn of it. */
	struct here here[QUARANTINE_WINDOW];
	struct usage usage;
	int64_t highest, written_highest;
	int64_t arrived, dropped; /* since start */
	bool full;
};

static int remove_part(const char *name, void *arg)
{
	const struct quarantine *q = arg;
	size_t n = strlen(name);

	if (n > 5 && strcmp(name + n - 5, ".part") == 0)
		(void)unlinkat(q->fd, name, 0);
	return SL_OK;
}

static int read_highest(struct quarantine *q)
{
	json_t *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, HIGHEST_FILE_MAX);
	r = file_read(q->state, HIGHEST_FILE, HIGHEST_FILE_MAX, &b);
	if (r == SL_OK && json_parse(b.data, b.len, HIGHEST_FILE_MAX, &j) == SL_OK)
		(void)json_i64(j, "highest", &q->highest);
	json_decref(j);
	buf_release(&b);
	/* Only a hint for the list of missing units: a damaged file starts it anew. */
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

static int write_highest(struct quarantine *q)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "{\"highest\":%lld}", (long long)q->highest);
	int r;

	if (q->highest == q->written_highest)
		return SL_OK;
	r = file_write_durable(q->state, HIGHEST_FILE, text, (size_t)n, 0644);
	if (r == SL_OK)
		q->written_highest = q->highest;
	return r;
}

static struct here *place_of(struct quarantine *q, int64_t serial)
{
	return &q->here[serial % QUARANTINE_WINDOW];
}

static void read_progress(struct quarantine *q)
{
	struct progress fresh;

	/* An unreadable file leaves what we knew: at worst a unit arrives twice. */
	if (progress_read(q->state, &fresh) == SL_OK)
		q->progress = fresh;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The installer replaces its file whole, so another one is another inode or time. */
static void look_at_progress(struct quarantine *q)
{
	struct stat now = {.st_ino = 0};

	q->looked = clock_mono_ms();
	if (fstatat(q->state, PROGRESS_FILE, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    same_file(&now, &q->seen))
		return;
	/* Looked at before it is read: what changes between is seen the next time. */
	q->seen = now;
	read_progress(q);
}

int quarantine_open(int quarantine_fd, int state_fd, struct quarantine **ret_q)
{
	struct quarantine *q = calloc(1, sizeof(*q));
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r;

	if (q == NULL)
		return SL_E_NOMEM;
	q->fd = q->usage.dir = quarantine_fd;
	q->state = state_fd;
	q->usage.looked = -LOOK_MS;
	r = file_each(quarantine_fd, SPOOL_MAX, remove_part, q);
	if (r == SL_OK)
		r = progress_read(state_fd, &q->progress);
	if (r == SL_OK)
		r = read_highest(q);
	if (r == SL_OK)
		r = spool_list(quarantine_fd, SPOOL_MAX, &list, &n);
	for (size_t k = 0; k < n; k++) {
		if (list[k].serial - q->progress.next < QUARANTINE_WINDOW)
			*place_of(q, list[k].serial) = (struct here){
				.serial = list[k].serial, .priority = list[k].priority};
		quarantine_heard_of(q, list[k].serial);
	}
	free(list);
	quarantine_heard_of(q, q->progress.next - 1);
	if (r != SL_OK) {
		quarantine_close(q);
		return r;
	}
	*ret_q = q;
	return SL_OK;
}

void quarantine_close(struct quarantine *q)
{
	free(q);
}

int quarantine_fd(const struct quarantine *q)
{
	return q->fd;
}

void quarantine_heard_of(struct quarantine *q, int64_t serial)
{
	if (serial > q->highest)
		q->highest = serial;
}

void quarantine_told(struct quarantine *q, int64_t highest)
{
	q->highest = highest < q->progress.next - 1 ? q->progress.next - 1 : highest;
}

void quarantine_dropped(struct quarantine *q)
{
	q->dropped++;
}

void quarantine_look(struct quarantine *q)
{
	q->looked = q->usage.looked = clock_mono_ms() - LOOK_MS;
	for (unsigned i = 0; i < QUARANTINE_WINDOW; i++)
		q->here[i].looked = q->looked;
	look_at_progress(q);
}

bool quarantine_finished(struct quarantine *q, int64_t serial)
{
	if (clock_mono_ms() - q->looked >= LOOK_MS)
		look_at_progress(q);
	return progress_done(&q->progress, serial);
}

static bool is_here(struct quarantine *q, int64_t serial)
{
	struct here *h = place_of(q, serial);
	struct spool_entry e = {.serial = h->serial, .priority = h->priority};
	int64_t now = clock_mono_ms();
	char name[SPOOL_NAME + 1];

	if (h->serial != serial)
		return false;
	if (now - h->looked < LOOK_MS)
		return true;
	spool_name(&e, name);
	if (file_exists(q->fd, name)) {
		h->looked = now;
		return true;
	}
	*h = (struct here){.serial = 0};
	/* The installer wrote what it did before it took the unit away. */
	look_at_progress(q);
	return false;
}

int quarantine_wants(struct quarantine *q, int64_t serial)
{
	if (quarantine_finished(q, serial))
		return SL_E_EXISTS;
	if (serial - q->progress.next >= QUARANTINE_WINDOW)
		return SL_E_REPLAY;
	if (is_here(q, serial) || progress_done(&q->progress, serial))
		return SL_E_EXISTS;
	return SL_OK;
}

static int measure(const char *name, void *arg)
{
	struct usage *u = arg;
	struct stat st;

	if (fstatat(u->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode)) {
		u->bytes += (uint64_t)st.st_size;
		u->files++;
	}
	return SL_OK;
}

int quarantine_room_for(struct quarantine *q, uint64_t bytes)
{
	int64_t now = clock_mono_ms();
	struct usage u = {.dir = q->fd, .looked = now};
	uint64_t free_bytes = file_free_space(q->fd);

	if (now - q->usage.looked >= LOOK_MS) {
		if (file_each(q->fd, SPOOL_MAX, measure, &u) != SL_OK)
			return SL_E_FULL;
		q->usage = u;
	}
	q->full = q->usage.files >= QUARANTINE_UNITS_MAX ||
		  q->usage.bytes >= QUARANTINE_BYTES_MAX ||
		  bytes > QUARANTINE_BYTES_MAX - q->usage.bytes ||
		  free_bytes <= QUARANTINE_SPARE_BYTES ||
		  bytes > free_bytes - QUARANTINE_SPARE_BYTES;
	if (q->full)
		return SL_E_FULL;
	/* Until the next look. */
	q->usage.bytes += bytes;
	q->usage.files += bytes > 0 ? 1 : 0;
	return SL_OK;
}

bool quarantine_room(struct quarantine *q)
{
	return quarantine_room_for(q, 0) == SL_OK;
}

int quarantine_store(const struct quarantine *q, const char *part, int fd,
		     const struct spool_entry *unit)
{
	char to[SPOOL_NAME + 1];

	spool_name(unit, to);
	if (fsync(fd) != 0 || renameat(q->fd, part, q->fd, to) != 0)
		return sl_err_errno(errno);
	return file_sync_dir(q->fd);
}

void quarantine_stored(struct quarantine *q, const struct spool_entry *unit)
{
	*place_of(q, unit->serial) = (struct here){
		.serial = unit->serial, .priority = unit->priority, .looked = clock_mono_ms()};
	q->arrived++;
}

int quarantine_commit(struct quarantine *q, const char *part, int fd,
		      const struct spool_entry *unit)
{
	int r = quarantine_store(q, part, fd, unit);

	if (r == SL_OK)
		quarantine_stored(q, unit);
	return r;
}

json_t *quarantine_report(struct quarantine *q)
{
	json_t *missing = json_array();
	char now[CLOCK_TEXT + 1];
	int64_t count = 0;

	quarantine_look(q);
	quarantine_heard_of(q, q->progress.next - 1);
	if (write_highest(q) != SL_OK)
		q->written_highest = 0; /* tried again with the next report */
	for (int64_t s = q->progress.next;
	     s <= q->highest && s - q->progress.next < QUARANTINE_WINDOW; s++) {
		if (progress_done(&q->progress, s) || is_here(q, s))
			continue;
		if (count++ < MISSING_LISTED)
			(void)json_array_append_new(missing, json_integer(s));
	}
	clock_format(clock_now(), now);
	return json_pack("{s:I,s:I,s:b,s:I,s:o,s:I,s:I,s:s}", "arrived", (json_int_t)q->arrived,
			 "dropped", (json_int_t)q->dropped, "full", (int)q->full, "highest",
			 (json_int_t)q->highest, "missing", missing, "missing_count",
			 (json_int_t)count, "next", (json_int_t)q->progress.next, "time", now);
}
