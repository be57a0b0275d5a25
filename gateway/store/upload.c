/* upload.c - files arrive in pieces and may stop anywhere.
 *
 * Hostile: the client's length, offset and digest.  An object counts as a
 * person's own only after that person has sent all of its bytes: knowing a
 * digest must not be enough to use somebody else's file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "store/store_private.h"

enum { OPEN_UPLOADS_MAX = 64, NAME_CAP = 48 + 1 + 64 + 5 + 1 };

static int part_name(const char *pid, const char *sha256, char out[NAME_CAP])
{
	/* A pid comes from the roster, yet it becomes a file name here. */
	if (!text_is_safe_name(pid, strlen(pid)) || strlen(pid) >= 48 ||
	    !text_is_sha256(sha256))
		return SL_E_FORMAT;
	(void)snprintf(out, NAME_CAP, "%s-%s.part", pid, sha256);
	return SL_OK;
}

/* Length announced earlier; SL_E_NOTFOUND without a beginning. */
static int announced(struct store *s, const char *pid, const char *sha256, uint64_t *ret_length,
		     bool *ret_stored)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT length, stored FROM upload WHERE pid = ? AND sha256 = ?", &q,
			 "ss", pid, sha256);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0) {
		*ret_length = (uint64_t)sqlite3_column_int64(q, 0);
		*ret_stored = sqlite3_column_int64(q, 1) != 0;
	}
	db_done(q);
	if (r < 0)
		return r;
	return r > 0 ? SL_OK : SL_E_NOTFOUND;
}

static bool object_there(struct store *s, const char *sha256)
{
	char path[68];

	return object_path(sha256, path) && file_exists(s->objects, path);
}

static int room_for_one_more(struct store *s, const char *pid, struct sl_why *why)
{
	int64_t n = 0;
	int r = db_int(&s->db, "SELECT count(*) FROM upload WHERE pid = ? AND stored = 0", &n,
		       "s", pid);

	if (r == SL_OK && n >= OPEN_UPLOADS_MAX)
		r = why_set(why, SL_E_LIMIT,
			    _("%d uploads of yours are unfinished; finish them or wait a week"),
			    OPEN_UPLOADS_MAX);
	return r;
}

static int part_size(struct store *s, const char *name, uint64_t *ret_size)
{
	struct stat st;

	*ret_size = 0;
	if (fstatat(s->uploads, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? SL_OK : sl_err_errno(errno);
	*ret_size = (uint64_t)st.st_size;
	return SL_OK;
}

int store_upload_begin(struct store *s, const char *pid, const char *sha256, uint64_t length,
		       uint64_t *ret_offset, struct sl_why *why)
{
	char name[NAME_CAP];
	uint64_t known = 0;
	bool stored = false;
	int r = part_name(pid, sha256, name);

	if (r != SL_OK || length > INT64_MAX)
		return why_set(why, SL_E_FORMAT, _("sha256 must be 64 lower-case hex digits"));
	r = announced(s, pid, sha256, &known, &stored);
	if (r == SL_OK && stored && known == length && object_there(s, sha256)) {
		*ret_offset = length;
		return SL_OK;
	}
	if (r == SL_OK && known == length && !stored)
		return part_size(s, name, ret_offset);
	if (r != SL_OK && r != SL_E_NOTFOUND)
		return r;
	if (r == SL_E_NOTFOUND)
		r = room_for_one_more(s, pid, why);
	else if (unlinkat(s->uploads, name, 0) != 0 && errno != ENOENT)
		r = sl_err_errno(errno); /* announced anew with another length */
	if (r == SL_OK)
		r = db_run(&s->db,
			   "INSERT INTO upload (pid, sha256, length, stored, begun)"
			   " VALUES (?, ?, ?, 0, ?) ON CONFLICT (pid, sha256)"
			   " DO UPDATE SET length = excluded.length, stored = 0, begun = "
			   "excluded.begun",
			   "ssii", pid, sha256, (int64_t)length, clock_now());
	return r == SL_OK ? part_size(s, name, ret_offset) : r;
}

static int write_at(int fd, const uint8_t *p, size_t len, uint64_t offset)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? sl_err_errno(errno) : SL_E_IO;
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return SL_OK;
}

int store_upload_chunk(struct store *s, const char *pid, const char *sha256, uint64_t offset,
		       const void *bytes, size_t len, uint64_t *ret_offset, struct sl_why *why)
{
	char name[NAME_CAP];
	uint64_t length = 0, size = 0;
	bool stored = false;
	int fd, r = part_name(pid, sha256, name);

	if (r == SL_OK)
		r = announced(s, pid, sha256, &length, &stored);
	if (r != SL_OK || stored)
		return why_set(why, r == SL_E_NOTFOUND || stored ? SL_E_STATE : r,
			       _("begin this upload first"));
	r = part_size(s, name, &size);
	if (r != SL_OK)
		return r;
	if (offset > size)
		return why_set(why, SL_E_CONFLICT,
			       _("the upload stands at byte %llu; go on there"),
			       (unsigned long long)size);
	if (len > length - offset)
		return why_set(why, SL_E_LIMIT, _("more bytes than the %llu announced"),
			       (unsigned long long)length);
	fd = openat(s->uploads, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return sl_err_errno(errno);
	r = write_at(fd, bytes, len, offset);
	file_close(fd);
	if (r == SL_OK)
		r = part_size(s, name, ret_offset);
	return r == SL_E_FULL
		       ? why_set(why, r, _("the gateway's disk is full; tell its operators"))
		       : r;
}

/* Check the whole part and make it durable. */
static int prove_part(struct store *s, const char *name, const char *sha256, uint64_t length,
		      struct sl_why *why)
{
	int fd = openat(s->uploads, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), r;
	uint8_t digest[HASH_LEN];
	uint64_t size = 0;
	char hex[65];

	if (fd < 0)
		return sl_err_errno(errno);
	r = hash_fd(fd, digest, &size);
	if (r == SL_OK && size != length)
		r = why_set(why, SL_E_STATE, _("only %llu of %llu bytes have arrived"),
			    (unsigned long long)size, (unsigned long long)length);
	text_hex(digest, sizeof(digest), hex);
	if (r == SL_OK && strcmp(hex, sha256) != 0) {
		(void)unlinkat(s->uploads, name, 0); /* the next try starts clean */
		r = why_set(
			why, SL_E_SIGNATURE,
			_("the bytes that arrived have another SHA-256; send the file again"));
	}
	if (r == SL_OK && (fchmod(fd, 0400) != 0 || fsync(fd) != 0))
		r = sl_err_errno(errno);
	file_close(fd);
	return r;
}

int store_upload_finish(struct store *s, const char *pid, const char *sha256,
			struct sl_why *why)
{
	char name[NAME_CAP], path[68], folder[3] = {0};
	uint64_t length = 0;
	bool stored = false;
	int fd, r = part_name(pid, sha256, name);

	if (r == SL_OK)
		r = announced(s, pid, sha256, &length, &stored);
	if (r != SL_OK)
		return why_set(why, r == SL_E_NOTFOUND ? SL_E_STATE : r,
			       _("begin this upload first"));
	if (stored && object_there(s, sha256))
		return SL_OK; /* a retry whose first answer was lost */
	r = prove_part(s, name, sha256, length, why);
	if (r != SL_OK)
		return r;
	BUG(!object_path(sha256, path));
	if (renameat(s->uploads, name, s->objects, path) != 0)
		return sl_err_errno(errno);
	memcpy(folder, sha256, 2);
	fd = file_open_dir(s->objects, folder);
	r = fd < 0 ? fd : file_sync_dir(fd);
	file_close(fd);
	if (r == SL_OK)
		r = db_run(&s->db, "UPDATE upload SET stored = 1 WHERE pid = ? AND sha256 = ?",
			   "ss", pid, sha256);
	return r;
}

int store_body_put(struct store *s, const char *sha256, const void *bytes, size_t len,
		   struct sl_why *why)
{
	char hex[65];
	int r;

	hash_hex(bytes, len, hex);
	if (strcmp(hex, sha256) != 0)
		return why_set(
			why, SL_E_SIGNATURE,
			_("the bytes that arrived have another SHA-256; send the file again"));
	r = object_put_file(s, sha256, bytes, len);
	return r == SL_E_FULL
		       ? why_set(why, r, _("the gateway's disk is full; tell its operators"))
		       : r;
}

int store_upload_note(struct store *s, const char *pid, const char *sha256, uint64_t length)
{
	return db_run(&s->db,
		      "INSERT INTO upload (pid, sha256, length, stored, begun)"
		      " VALUES (?, ?, ?, 1, ?) ON CONFLICT (pid, sha256)"
		      " DO UPDATE SET length = excluded.length, stored = 1, begun = "
		      "excluded.begun",
		      "ssii", pid, sha256, (int64_t)length, clock_now());
}

int store_upload_owned(struct store *s, const char *pid, const char *sha256, uint64_t length)
{
	uint64_t known = 0;
	bool stored = false;
	int r = announced(s, pid, sha256, &known, &stored);

	if (r == SL_OK && (!stored || known != length || !object_there(s, sha256)))
		r = SL_E_NOTFOUND;
	return r;
}

struct sweep {
	struct store *s;
	int64_t before;
};

static int sweep_one(const char *name, void *arg)
{
	const struct sweep *w = arg;
	struct stat st;

	if (fstatat(w->s->uploads, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_mtime < w->before)
		(void)unlinkat(w->s->uploads, name, 0);
	return SL_OK;
}

int store_upload_sweep(struct store *s, int64_t before)
{
	struct sweep w = {s, before};
	int r = db_run(&s->db, "DELETE FROM upload WHERE stored = 0 AND begun < ?", "i",
		       before);

	return r == SL_OK ? file_each(s->uploads, 1000000, sweep_one, &w) : r;
}
