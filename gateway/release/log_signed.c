/* log_signed.c - two notes that must be one. */
#include "release/log_signed.h"

#include <string.h>

#include "base/file.h"

static int load_one(int dirfd, const char *name, const struct tlog_policy *p,
		    struct tlog_checkpoint *ret_c, bool *ret_there, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, NOTE_MAX);
	r = file_read(dirfd, name, NOTE_MAX, &b);
	*ret_there = r == SL_OK;
	if (r == SL_OK)
		r = tlog_policy_check(p, b.data, b.len, ret_c, why);
	buf_release(&b);
	if (r == SL_E_NOTFOUND)
		return SL_OK;
	return r == SL_E_SIGNATURE || r == SL_E_FORMAT || r == SL_E_LIMIT
		       ? why_prefix(why, SL_E_CORRUPT, "the note of the last checkpoint")
		       : r;
}

int log_signed_load(int release_fd, int signed_fd, const struct tlog_policy *p,
		    struct tlog_checkpoint *ret_c, struct sl_why *why)
{
	struct tlog_checkpoint a = {.size = 0}, b = {.size = 0};
	bool has_a = false, has_b = false;
	int r = load_one(release_fd, "log-signed", p, &a, &has_a, why);

	if (r == SL_OK)
		r = load_one(signed_fd, "checkpoint", p, &b, &has_b, why);
	if (r != SL_OK)
		return r;
	if (has_a != has_b)
		return why_set(why, SL_E_STATE,
			       "%s is missing: put the newest checkpoint there (the outlet has "
			       "it as log/checkpoint); nothing is signed until then",
			       has_a ? "DATA/log-signed/checkpoint"
				     : "DATA/release/log-signed");
	if (a.size != b.size || memcmp(a.root, b.root, HASH_LEN) != 0)
		return why_set(why, SL_E_STATE,
			       "this is an old copy: DATA/release knows %llu entries of the "
			       "release log, but %llu were signed; restore a newer copy of "
			       "DATA/release, nothing is signed until then",
			       (unsigned long long)a.size, (unsigned long long)b.size);
	*ret_c = a;
	return SL_OK;
}

int log_signed_save(int release_fd, int signed_fd, const struct buf *note)
{
	/* The one that no backup overwrites goes first. */
	int r = file_write_durable(signed_fd, "checkpoint", note->data, note->len, 0600);

	if (r == SL_OK)
		r = file_write_durable(release_fd, "log-signed", note->data, note->len, 0600);
	return r;
}
