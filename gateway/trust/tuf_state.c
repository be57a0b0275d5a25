/* tuf_state.c - files of trusted metadata, each replaced atomically.
 *
 * Role names come from signed metadata and become file names here: encoded, so
 * that "../x" is a strange name and not a path. */
#include "trust/tuf_state.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

void tuf_state_name(const char *role, int64_t version, char out[TUF_FILE_NAME_MAX])
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
	size_t at = 0;

	BUG(strlen(role) >= TUF_ROLE_MAX);
	if (version > 0)
		at = (size_t)snprintf(out, TUF_FILE_NAME_MAX, "%lld.", (long long)version);
	for (const char *s = role; *s != '\0'; s++) {
		if (strchr(plain, *s) != NULL)
			out[at++] = *s;
		else
			at += (size_t)snprintf(out + at, TUF_FILE_NAME_MAX - at, "%%%02X",
					       (unsigned char)*s);
	}
	(void)snprintf(out + at, TUF_FILE_NAME_MAX - at, ".json");
}

/* It has thousands of entries, so a client that lives for one look gets it from the last. */
static bool is_known(const struct tuf_client *c, const char *type, const struct buf *bytes)
{
	uint8_t sha256[HASH_LEN];

	if (c->known == NULL || strcmp(type, "snapshot") != 0 || bytes->len != c->known->length)
		return false;
	hash_bytes(bytes->data, bytes->len, sha256);
	return hash_equal(sha256, c->known->sha256, HASH_LEN);
}

int tuf_state_load(struct tuf_client *c, const char *role, const char *type, struct buf *bytes,
		   struct tuf_meta **ret_m)
{
	char name[TUF_FILE_NAME_MAX];
	int r;

	tuf_state_name(role, 0, name);
	buf_clear(bytes);
	r = file_read(c->dir, name, tuf_type_max(type), bytes);
	if (r != SL_OK)
		return r;
	if (is_known(c, type, bytes)) {
		*ret_m = tuf_share(c->known);
		return *ret_m == NULL ? SL_E_NOMEM : SL_OK;
	}
	r = tuf_parse(bytes->data, bytes->len, type, ret_m, NULL);
	return r == SL_OK || r == SL_E_NOMEM ? r : SL_E_CORRUPT;
}

int tuf_state_store(struct tuf_client *c, const char *role, const struct buf *bytes)
{
	char name[TUF_FILE_NAME_MAX];

	tuf_state_name(role, 0, name);
	return file_write_durable(c->dir, name, bytes->data, bytes->len, 0644);
}

int tuf_state_remove(struct tuf_client *c, const char *role)
{
	char name[TUF_FILE_NAME_MAX];

	tuf_state_name(role, 0, name);
	if (unlinkat(c->dir, name, 0) != 0)
		return errno == ENOENT ? SL_OK : sl_err_errno(errno);
	return file_sync_dir(c->dir);
}

int tuf_state_fetch(const struct tuf_client *c, const char *folder, const char *name,
		    size_t max, struct buf *out)
{
	char path[TUF_PATH_MAX + TUF_FILE_NAME_MAX];
	int r = file_join(path, sizeof(path), folder, name);

	return r == SL_OK ? c->fetch.get(c->fetch.arg, path, max, out) : r;
}
