/* object.c - content-addressed bytes, written once, never changed.
 *
 * Small ones live in the database, in the same transaction as the row that names
 * them: a draft has ten of them, and a file costs an inode and two fsyncs.
 * Larger ones, and every body an author sent, are objects/ab/<sha256>. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "store/store_private.h"

bool object_path(const char *sha256, char out[3 + 64 + 1])
{
	if (!text_is_sha256(sha256))
		return false;
	memcpy(out, sha256, 2);
	out[2] = '/';
	memcpy(out + 3, sha256, 65);
	return true;
}

/* An object that is there may still wait for its directory entry to reach the
 * disk: another process may have been killed between rename and fsync. */
static int sync_folder(struct store *s, const char *sha256)
{
	char folder[3] = {sha256[0], sha256[1], '\0'};
	int fd = file_open_dir(s->objects, folder), r;

	if (fd < 0)
		return fd;
	r = file_sync_dir(fd);
	file_close(fd);
	return r;
}

static int put_row(struct store *s, const char *sha256, const void *bytes, size_t len)
{
	return db_run(&s->db,
		      "INSERT INTO object (sha256, bytes) VALUES (?, ?)"
		      " ON CONFLICT (sha256) DO NOTHING",
		      "sb", sha256, len > 0 ? bytes : "", len);
}

int object_put_file(struct store *s, const char *sha256, const void *bytes, size_t len)
{
	char path[68];

	BUG(!object_path(sha256, path));
	if (file_exists(s->objects, path))
		return sync_folder(s, sha256);
	return file_write_durable(s->objects, path, bytes, len, 0400);
}

int store_object_put(struct store *s, const void *bytes, size_t len, char ret_sha256[65])
{
	char hex[65];
	int r;

	hash_hex(bytes, len, hex);
	r = len <= STORE_SMALL_OBJECT ? put_row(s, hex, bytes, len)
				      : object_put_file(s, hex, bytes, len);
	if (r == SL_OK)
		memcpy(ret_sha256, hex, sizeof(hex));
	return r;
}

/* Appends at most `max` bytes of a small object from `offset` on; SL_E_NOTFOUND when
 * there is none of that name. */
static int get_row(struct store *s, const char *sha256, uint64_t offset, size_t max,
		   struct buf *out, uint64_t *ret_total)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db, "SELECT bytes FROM object WHERE sha256 = ?", &q, "s", sha256);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0) {
		const uint8_t *bytes = sqlite3_column_blob(q, 0);
		size_t len = (size_t)sqlite3_column_bytes(q, 0);

		*ret_total = len;
		r = offset <= len ? SL_OK : SL_E_LIMIT;
		if (r == SL_OK && len - (size_t)offset < max)
			max = len - (size_t)offset;
		if (r == SL_OK && max > 0) /* no bytes: no blob either */
			buf_put(out, bytes + (size_t)offset, max);
		if (r == SL_OK)
			r = buf_error(out);
	} else if (r == SL_OK) {
		r = SL_E_NOTFOUND;
	}
	db_done(q);
	return r;
}

static int open_file(struct store *s, const char *path, uint64_t *ret_len)
{
	struct stat st;
	int fd = openat(s->objects, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return SL_E_CORRUPT;
	}
	*ret_len = (uint64_t)st.st_size;
	return fd;
}

int store_object_open(struct store *s, const char *sha256, uint64_t *ret_len)
{
	char path[68];

	return object_path(sha256, path) ? open_file(s, path, ret_len) : SL_E_NOTFOUND;
}

static int get_file(struct store *s, const char *path, size_t max, struct buf *out)
{
	uint64_t len = 0;
	int fd = open_file(s, path, &len), r;

	if (fd < 0)
		return fd;
	r = file_read_fd(fd, max, out);
	file_close(fd);
	return r;
}

int store_object_get(struct store *s, const char *sha256, size_t max, struct buf *out)
{
	size_t before = out->len;
	char hex[65], path[68];
	uint64_t total = 0;
	int r;

	if (!object_path(sha256, path))
		return SL_E_NOTFOUND;
	r = get_row(s, sha256, 0, max, out, &total);
	if (r == SL_OK && total > max)
		r = SL_E_LIMIT;
	if (r == SL_E_NOTFOUND)
		r = get_file(s, path, max, out);
	if (r != SL_OK)
		return r;
	hash_hex(out->data == NULL ? (const uint8_t *)"" : out->data + before,
		 out->len - before, hex);
	return strcmp(hex, sha256) == 0 ? SL_OK : SL_E_CORRUPT;
}

static int read_file_piece(struct store *s, const char *path, uint64_t offset, size_t max,
			   struct buf *out, uint64_t *ret_total)
{
	uint64_t total = 0;
	int fd = open_file(s, path, &total), r = SL_OK;
	uint8_t *at;

	if (fd < 0)
		return fd;
	if (offset > total) {
		r = SL_E_LIMIT;
		goto out;
	}
	if (total - offset < max)
		max = (size_t)(total - offset);
	at = buf_extend(out, max);
	if (at == NULL)
		r = buf_error(out);
	else if (pread(fd, at, max, (off_t)offset) != (ssize_t)max)
		r = SL_E_IO;
	if (r == SL_OK)
		*ret_total = total;
out:
	file_close(fd);
	return r;
}

int store_object_read(struct store *s, const char *sha256, uint64_t offset, size_t max,
		      struct buf *out, uint64_t *ret_total)
{
	char path[68];
	int r;

	if (!object_path(sha256, path))
		return SL_E_NOTFOUND;
	r = get_row(s, sha256, offset, max, out, ret_total);
	return r == SL_E_NOTFOUND ? read_file_piece(s, path, offset, max, out, ret_total) : r;
}

int store_object_remove(struct store *s, const char *sha256)
{
	char path[68];
	int r;

	if (!object_path(sha256, path))
		return SL_E_NOTFOUND;
	r = db_run(&s->db, "DELETE FROM object WHERE sha256 = ?", "s", sha256);
	if (r != SL_OK)
		return r;
	if (unlinkat(s->objects, path, 0) != 0)
		return errno == ENOENT ? SL_OK : sl_err_errno(errno);
	return sync_folder(s, sha256);
}
