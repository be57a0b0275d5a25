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
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"

struct part {
	int fd; /* -1: slot is free */
	struct spool_entry unit;
	uint64_t total, offset;
	uint8_t sha256[FRAME_SHA256];
	struct hash *hash;
	int64_t touched;
};
struct inbox {
	struct quarantine *quarantine; /* borrowed */
	int dir;		       /* its folder */
	struct part part[INBOX_PARTS];
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
	(void)unlinkat(i->dir, name, 0);
	file_close(p->fd);
	hash_free(p->hash);
	*p = (struct part){.fd = -1};
}

int inbox_open(struct quarantine *q, struct inbox **ret_i)
{
	struct inbox *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return SL_E_NOMEM;
	i->quarantine = q;
	i->dir = quarantine_fd(q);
	for (unsigned k = 0; k < INBOX_PARTS; k++)
		i->part[k].fd = -1;
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
	struct part *p;
	char name[40];
	int r = quarantine_room_for(i->quarantine, f->total);

	if (r != SL_OK)
		return r;
	p = free_slot(i);
	p->unit = (struct spool_entry){.serial = f->serial, .priority = f->priority};
	p->total = f->total;
	memcpy(p->sha256, f->sha256, sizeof(p->sha256));
	r = hash_new(&p->hash);
	if (r != SL_OK)
		return r;
	part_name(i, p, name);
	(void)unlinkat(i->dir, name, 0);
	p->fd = openat(i->dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
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
	char from[40];
	int r = SL_E_SIGNATURE;

	hash_final(p->hash, digest);
	if (memcmp(digest, p->sha256, sizeof(digest)) != 0)
		goto out;
	part_name(i, p, from);
	r = quarantine_commit(i->quarantine, from, p->fd, &p->unit);
out:
	part_drop(i, p);
	return r == SL_OK ? 1 : r;
}

/* The frame's part, fresh at offset 0; refuses what is here already or absurd. */
static int part_for(struct inbox *i, const struct frame *f, struct part **ret_p)
{
	struct part *p = find_part(i, f);
	int r;

	if (f->offset != 0) {
		*ret_p = p;
		return p != NULL && p->offset == f->offset ? SL_OK : SL_E_STATE;
	}
	if (p != NULL)
		part_drop(i, p);
	quarantine_look(i->quarantine);
	r = quarantine_wants(i->quarantine, f->serial);
	if (r != SL_OK)
		return r;
	quarantine_heard_of(i->quarantine, f->serial);
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
		quarantine_dropped(i->quarantine);
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
