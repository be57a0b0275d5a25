/* object.c - content-addressed bytes: objects/ab/<sha256>, written once, never changed. */
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

int store_object_put(struct store *s, const void *bytes, size_t len, char ret_sha256[65])
{
	char hex[65], path[68];
	int r;

	hash_hex(bytes, len, hex);
	BUG(!object_path(hex, path));
	if (file_exists(s->objects, path))
		r = sync_folder(s, hex);
	else
		r = file_write_durable(s->objects, path, bytes, len, 0400);
	if (r == SL_OK)
		memcpy(ret_sha256, hex, sizeof(hex));
	return r;
}

int store_object_open(struct store *s, const char *sha256, uint64_t *ret_len)
{
	struct stat st;
	char path[68];
	int fd;

	if (!object_path(sha256, path))
		return SL_E_NOTFOUND;
	fd = openat(s->objects, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return SL_E_CORRUPT;
	}
	*ret_len = (uint64_t)st.st_size;
	return fd;
}

int store_object_get(struct store *s, const char *sha256, size_t max, struct buf *out)
{
	size_t before = out->len;
	uint64_t len = 0;
	char hex[65];
	int fd = store_object_open(s, sha256, &len), r;

	if (fd < 0)
		return fd;
	r = file_read_fd(fd, max, out);
	file_close(fd);
	if (r != SL_OK)
		return r;
	hash_hex(out->data == NULL ? (const uint8_t *)"" : out->data + before,
		 out->len - before, hex);
	return strcmp(hex, sha256) == 0 ? SL_OK : SL_E_CORRUPT;
}

int store_object_remove(struct store *s, const char *sha256)
{
	char path[68];

	if (!object_path(sha256, path))
		return SL_E_NOTFOUND;
	if (unlinkat(s->objects, path, 0) != 0)
		return errno == ENOENT ? SL_OK : sl_err_errno(errno);
	return sync_folder(s, sha256);
}
