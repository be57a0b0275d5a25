/* inbox.c - frames in, quarantined units out.
 *
 * Hostile: frames.  No name and no mode comes from the wire; a unit's hash only
 * says that it arrived whole, not that it is genuine (the installer's job).
 * Parts are told apart by serial and hash together, so a stranger's frames
 * cannot mix into a genuine unit.
 *
 *   frame 0 -> N.SLOT.part --all there, hash good, fsync--> N.P.unit (rename) */
#include "link/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "link/progress.h"

enum { MISSING_LISTED = 1000, HIGHEST_FILE_MAX = 4096 };
#define HIGHEST_FILE "receiver.json"

struct part {
	int fd; /* -1: slot is free */
	struct spool_entry unit;
	uint64_t total, offset;
	uint8_t sha256[FRAME_SHA256];
	struct hash *hash;
	int64_t touched;
};
struct inbox {
	int quarantine, state; /* borrowed */
	struct part part[INBOX_PARTS];
	struct progress progress;
	int64_t highest, written_highest;
	int64_t arrived, dropped; /* since start */
};

static void part_name(const struct inbox *i, const struct part *p, char out[40])
{
	(void)snprintf(out, 40, "%020lld.%d.part", (long long)p->unit.serial,
		       (int)(p - i->part));
}

static void part_drop(struct inbox *i, struct part *p)
{
	char name[40];

	if (p->fd < 0)
		return;
	part_name(i, p, name);
	(void)unlinkat(i->quarantine, name, 0);
	file_close(p->fd);
	hash_free(p->hash);
	*p = (struct part){.fd = -1};
}

static int remove_part(const char *name, void *arg)
{
	const struct inbox *i = arg;
	size_t n = strlen(name);

	if (n > 5 && strcmp(name + n - 5, ".part") == 0)
		(void)unlinkat(i->quarantine, name, 0);
	return SL_OK;
}

static int read_highest(struct inbox *i)
{
	json_t *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, HIGHEST_FILE_MAX);
	r = file_read(i->state, HIGHEST_FILE, HIGHEST_FILE_MAX, &b);
	if (r == SL_OK && json_parse(b.data, b.len, HIGHEST_FILE_MAX, &j) == SL_OK)
		(void)json_i64(j, "highest", &i->highest);
	json_decref(j);
	buf_release(&b);
	/* Only a hint for the list of missing units: a damaged file starts it anew. */
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

static int write_highest(struct inbox *i)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "{\"highest\":%lld}", (long long)i->highest);
	int r;

	if (i->highest == i->written_highest)
		return SL_OK;
	r = file_write_durable(i->state, HIGHEST_FILE, text, (size_t)n, 0644);
	if (r == SL_OK)
		i->written_highest = i->highest;
	return r;
}

static void note_serial(struct inbox *i, int64_t serial)
{
	if (serial > i->highest)
		i->highest = serial;
}

int inbox_open(int quarantine_fd, int state_fd, struct inbox **ret_i)
{
	struct inbox *i = calloc(1, sizeof(*i));
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r;

	if (i == NULL)
		return SL_E_NOMEM;
	i->quarantine = quarantine_fd;
	i->state = state_fd;
	for (unsigned k = 0; k < INBOX_PARTS; k++)
		i->part[k].fd = -1;
	r = file_each(quarantine_fd, SPOOL_MAX, remove_part, i);
	if (r == SL_OK)
		r = progress_read(state_fd, &i->progress);
	if (r == SL_OK)
		r = read_highest(i);
	if (r == SL_OK)
		r = spool_list(quarantine_fd, SPOOL_MAX, &list, &n);
	for (size_t k = 0; k < n; k++)
		note_serial(i, list[k].serial);
	free(list);
	note_serial(i, i->progress.next - 1);
	if (r != SL_OK) {
		inbox_close(i);
		return r;
	}
	*ret_i = i;
	return SL_OK;
}

void inbox_close(struct inbox *i)
{
	if (i == NULL)
		return;
	for (unsigned k = 0; k < INBOX_PARTS; k++)
		part_drop(i, &i->part[k]);
	free(i);
}

bool inbox_finished(struct inbox *i, int64_t serial)
{
	struct progress fresh;

	/* An unreadable file leaves what we knew: at worst a unit arrives twice. */
	if (progress_read(i->state, &fresh) == SL_OK)
		i->progress = fresh;
	return progress_done(&i->progress, serial);
}

static bool in_quarantine(const struct inbox *i, int64_t serial)
{
	for (uint8_t p = 0; p <= 9; p++) {
		struct spool_entry e = {.serial = serial, .priority = p};
		char name[SPOOL_NAME + 1];

		spool_name(&e, name);
		if (file_exists(i->quarantine, name))
			return true;
	}
	return false;
}

bool inbox_wants(struct inbox *i, int64_t serial)
{
	return !inbox_finished(i, serial) && !in_quarantine(i, serial);
}

struct usage {
	int dir;
	uint64_t bytes;
	unsigned files;
};

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

bool inbox_room(struct inbox *i)
{
	struct usage u = {.dir = i->quarantine};

	if (file_each(i->quarantine, SPOOL_MAX, measure, &u) != SL_OK)
		return false;
	return u.files < INBOX_UNITS_MAX && u.bytes < INBOX_BYTES_MAX &&
	       file_free_space(i->quarantine) > INBOX_SPARE_BYTES;
}

static struct part *find_part(struct inbox *i, const struct frame *f)
{
	for (unsigned k = 0; k < INBOX_PARTS; k++) {
		struct part *p = &i->part[k];

		if (p->fd >= 0 && p->unit.serial == f->serial && p->total == f->total &&
		    memcmp(p->sha256, f->sha256, sizeof(p->sha256)) == 0)
			return p;
	}
	return NULL;
}

static struct part *free_slot(struct inbox *i)
{
	struct part *oldest = &i->part[0];

	for (unsigned k = 0; k < INBOX_PARTS; k++) {
		if (i->part[k].fd < 0)
			return &i->part[k];
		if (i->part[k].touched < oldest->touched)
			oldest = &i->part[k];
	}
	part_drop(i, oldest);
	return oldest;
}

static int start_part(struct inbox *i, const struct frame *f, struct part **ret_p)
{
	uint64_t room = file_free_space(i->quarantine);
	struct part *p;
	char name[40];
	int r;

	if (room < INBOX_SPARE_BYTES || f->total > room - INBOX_SPARE_BYTES)
		return SL_E_FULL;
	p = free_slot(i);
	p->unit = (struct spool_entry){.serial = f->serial, .priority = f->priority};
	p->total = f->total;
	memcpy(p->sha256, f->sha256, sizeof(p->sha256));
	r = hash_new(&p->hash);
	if (r != SL_OK)
		return r;
	part_name(i, p, name);
	(void)unlinkat(i->quarantine, name, 0);
	p->fd = openat(i->quarantine, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		       0600);
	if (p->fd < 0) {
		r = sl_err_errno(errno);
		hash_free(p->hash);
		*p = (struct part){.fd = -1};
		return r;
	}
	*ret_p = p;
	return SL_OK;
}

static int finish_part(struct inbox *i, struct part *p)
{
	uint8_t digest[HASH_LEN];
	char from[40], to[SPOOL_NAME + 1];
	int r = SL_E_SIGNATURE;

	hash_final(p->hash, digest);
	if (memcmp(digest, p->sha256, sizeof(digest)) != 0)
		goto out;
	part_name(i, p, from);
	spool_name(&p->unit, to);
	if (fsync(p->fd) != 0 || renameat(i->quarantine, from, i->quarantine, to) != 0) {
		r = sl_err_errno(errno);
		goto out;
	}
	r = file_sync_dir(i->quarantine);
	i->arrived++;
out:
	part_drop(i, p);
	return r == SL_OK ? 1 : r;
}

/* The frame's part, fresh at offset 0; refuses what is here already or absurd. */
static int part_for(struct inbox *i, const struct frame *f, struct part **ret_p)
{
	struct part *p = find_part(i, f);

	if (f->offset != 0) {
		*ret_p = p;
		return p != NULL && p->offset == f->offset ? SL_OK : SL_E_STATE;
	}
	if (p != NULL)
		part_drop(i, p);
	if (!inbox_wants(i, f->serial))
		return SL_E_EXISTS;
	if (f->serial - i->progress.next >= INBOX_WINDOW)
		return SL_E_REPLAY;
	note_serial(i, f->serial);
	return start_part(i, f, ret_p);
}

static int append(struct inbox *i, struct part *p, const struct frame *f)
{
	int r = file_write_all(p->fd, f->data, f->len);

	hash_update(p->hash, f->data, f->len);
	p->offset += f->len;
	p->touched = clock_mono_ms();
	return r == SL_OK && p->offset == p->total ? finish_part(i, p) : r;
}

int inbox_frame(struct inbox *i, const struct frame *f)
{
	struct part *p = NULL;
	int r = part_for(i, f, &p);

	if (r == SL_OK && p != NULL)
		r = append(i, p, f);
	if (r < 0) {
		if (p != NULL)
			part_drop(i, p);
		i->dropped++;
	}
	return r;
}

int inbox_file(struct inbox *i, int dir, const struct spool_entry *e)
{
	struct frame f = {.priority = e->priority, .serial = e->serial};
	uint8_t *chunk = malloc(FRAME_DATA_MAX);
	char name[SPOOL_NAME + 1];
	int fd = -1, r = SL_E_NOMEM;

	if (chunk == NULL)
		return r;
	spool_name(e, name);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	r = fd < 0 ? sl_err_errno(errno) : hash_fd(fd, f.sha256, &f.total);
	if (r == SL_OK && f.total > FRAME_UNIT_MAX)
		r = SL_E_LIMIT;
	while (r == SL_OK) {
		uint64_t left = f.total - f.offset;

		f.len = left < FRAME_DATA_MAX ? (size_t)left : FRAME_DATA_MAX;
		f.data = chunk;
		r = file_read_all(fd, chunk, f.len);
		if (r == SL_OK)
			r = inbox_frame(i, &f);
		f.offset += f.len;
	}
	file_close(fd);
	free(chunk);
	return r;
}

json_t *inbox_report(struct inbox *i)
{
	json_t *missing = json_array();
	char now[CLOCK_TEXT + 1];
	int64_t count = 0;

	(void)inbox_finished(i, 0); /* reads the installer's progress anew */
	note_serial(i, i->progress.next - 1);
	if (write_highest(i) != SL_OK)
		i->written_highest = 0; /* tried again with the next report */
	for (int64_t s = i->progress.next;
	     s <= i->highest && s - i->progress.next < INBOX_WINDOW; s++) {
		if (progress_done(&i->progress, s) || in_quarantine(i, s))
			continue;
		if (count++ < MISSING_LISTED)
			(void)json_array_append_new(missing, json_integer(s));
	}
	clock_format(clock_now(), now);
	return json_pack("{s:I,s:I,s:I,s:o,s:I,s:I,s:s}", "arrived", (json_int_t)i->arrived,
			 "dropped", (json_int_t)i->dropped, "highest", (json_int_t)i->highest,
			 "missing", missing, "missing_count", (json_int_t)count, "next",
			 (json_int_t)i->progress.next, "time", now);
}
