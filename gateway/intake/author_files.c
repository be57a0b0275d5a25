/* author_files.c - small files ride on the request, large ones are uploaded in pieces. */
#include "intake/author_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "intake/author.h"
#include "intake/author_meta.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int open_one(const char *path, struct sl_why *why)
{
	const char *name = base_name(path);
	struct stat st;
	int fd;

	if (!text_is_safe_name(name, strlen(name)))
		return why_set(
			why, SL_E_FORMAT,
			_("the file name \"%s\" has characters that a published file may not "
			  "have; rename the file"),
			name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return why_set(why, sl_err_errno(errno), "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return why_set(why, SL_E_FORMAT, _("%s is not a file"), path);
	}
	return fd;
}

/* All of it now, if there is room for all of it. */
static int attach(int fd, struct buf *bytes, char sha256[65], uint64_t *ret_length)
{
	size_t before = bytes->len;
	int r = file_read_fd(fd, WIRE_DATA_MAX - before, bytes);

	if (r != SL_OK)
		return r;
	*ret_length = bytes->len - before;
	hash_hex(bytes->data != NULL ? bytes->data + before : NULL, bytes->len - before,
		 sha256);
	return SL_OK;
}

static int send_one(struct session *s, const char *path, bool attached,
		    void (*progress)(uint64_t, uint64_t), json_t *files, struct buf *bytes,
		    struct sl_why *why)
{
	const char *name = base_name(path);
	uint64_t length = 0;
	char sha256[65];
	json_t *row;
	int fd = open_one(path, why), r;

	if (fd < 0)
		return fd;
	r = attached ? attach(fd, bytes, sha256, &length)
		     : wire_upload(s->wire, fd, sha256, &length, progress, why);
	file_close(fd);
	if (r != SL_OK)
		return why_prefix(why, r, "%s", path);
	row = json_pack("{s:s, s:s, s:I, s:s}", "name", name, "sha256", sha256, "length",
			(json_int_t)length, "media_type", author_media_type(name));
	return json_array_append_new(files, row) == 0 ? SL_OK : SL_E_NOMEM;
}

/* A file that cannot be looked at is left to open_one, which says why. */
static bool fit_together(char *const *paths, int n)
{
	uint64_t left = WIRE_DATA_MAX;
	struct stat st;

	for (int i = 0; i < n; i++) {
		if (stat(paths[i], &st) != 0 || st.st_size < 0 || (uint64_t)st.st_size > left)
			return false;
		left -= (uint64_t)st.st_size;
	}
	return left < WIRE_DATA_MAX; /* nothing at all cannot be told from uploads */
}

int author_files(struct session *s, char *const *paths, int n,
		 void (*progress)(uint64_t done, uint64_t total), json_t **ret_files,
		 struct buf *bytes, struct sl_why *why)
{
	json_t *files = json_array();
	bool attached = fit_together(paths, n);
	int r = files == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && (n < 1 || n > AUTHOR_FILES_MAX))
		r = why_set(why, SL_E_LIMIT, _("a draft has 1 to %d files"), AUTHOR_FILES_MAX);
	for (int i = 0; r == SL_OK && i < n; i++)
		r = send_one(s, paths[i], attached, progress, files, bytes, why);
	if (r != SL_OK) {
		json_decref(files);
		return r;
	}
	*ret_files = files;
	return SL_OK;
}
