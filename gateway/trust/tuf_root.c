/* tuf_root.c - the client's root of trust: opening a state directory and walking
 * from one root to the next (TUF 5.2, 5.3).
 *
 * Hostile: everything fetched.  Trusted: the root the person was given, and stored
 * roots that were reached from it.  A root replaces another only when it is the
 * next version, signed by a threshold of the old keys and of its own. */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "trust/tuf_state.h"

#define ANCHOR "trusted-root.sha256"

static int verify_as(const struct tuf_meta *m, const struct tuf_meta *root,
		     const char *role_name, struct sl_why *why)
{
	struct tuf_role role;
	int r = tuf_role_of_root(root, role_name, &role, why);

	return r == SL_OK ? tuf_verify(m, &role, why) : r;
}

static bool same_keys(const struct tuf_meta *a, const struct tuf_meta *b, const char *name)
{
	struct tuf_role x, y;
	unsigned same = 0;

	if (tuf_role_of_root(a, name, &x, NULL) != SL_OK ||
	    tuf_role_of_root(b, name, &y, NULL) != SL_OK)
		return false;
	for (unsigned i = 0; i < x.n_keys; i++) {
		for (unsigned k = 0; k < y.n_keys; k++)
			same += memcmp(x.keys[i], y.keys[k], KEY_PUBLIC) == 0;
	}
	return x.threshold == y.threshold && same == x.n_keys && same == y.n_keys;
}

int tuf_client_adopt_root(struct tuf_client *c, struct tuf_meta *next, const struct buf *bytes)
{
	int r = SL_OK;

	/* Fast-forward recovery: whoever held the old keys may have signed version
	 * 2^53, which would lock out the new keys for ever.  Before the root is stored,
	 * or a crash in between would keep them. */
	if (c->root != NULL &&
	    (!same_keys(c->root, next, "timestamp") || !same_keys(c->root, next, "snapshot"))) {
		r = tuf_state_remove(c, "timestamp");
		if (r == SL_OK)
			r = tuf_state_remove(c, "snapshot");
	}
	if (r == SL_OK)
		r = tuf_state_store(c, "root", bytes);
	if (r != SL_OK)
		return r;
	tuf_free(c->root);
	c->root = next; /* moved */
	return SL_OK;
}

/* SL_E_NOTFOUND: this is the newest. */
static int next_root(struct tuf_client *c, struct sl_why *why)
{
	char name[TUF_FILE_NAME_MAX];
	int64_t want = c->root->version + 1;
	struct tuf_meta *next = NULL;
	struct buf bytes;
	int r;

	buf_init(&bytes, TUF_ROOT_MAX);
	tuf_state_name("root", want, name);
	r = tuf_state_fetch(c, "metadata", name, TUF_ROOT_MAX, &bytes);
	if (r == SL_E_NOTFOUND)
		goto out;
	if (r != SL_OK) {
		(void)why_set(why, r, "fetching %s", name);
		goto out;
	}
	r = tuf_parse(bytes.data, bytes.len, "root", &next, why);
	if (r == SL_OK && next->version != want)
		r = why_set(why, SL_E_REPLAY, "%s has version %lld", name,
			    (long long)next->version);
	if (r == SL_OK)
		r = verify_as(next, c->root, "root", why);
	if (r == SL_OK)
		r = verify_as(next, next, "root", why);
	if (r == SL_OK)
		r = tuf_client_adopt_root(c, next, &bytes);
	if (r == SL_OK)
		next = NULL; /* moved */
	/* "Not found" means the end of the chain only when the repository says so. */
	else if (r == SL_E_NOTFOUND)
		r = SL_E_FORMAT;
out:
	tuf_free(next);
	buf_release(&bytes);
	return r;
}

int tuf_client_update_root(struct tuf_client *c, struct sl_why *why)
{
	int r = SL_OK;

	for (unsigned i = 0; i < TUF_ROOT_ROTATIONS && r == SL_OK; i++)
		r = next_root(c, why);
	if (r != SL_OK && r != SL_E_NOTFOUND)
		return r;
	if (c->root->expires <= c->now)
		return why_set(why, SL_E_EXPIRED, "the newest root (version %lld) has expired",
			       (long long)c->root->version);
	return SL_OK;
}

static bool anchor_is(struct tuf_client *c, const char *hex)
{
	struct buf b;
	bool same;

	buf_init(&b, HASH_HEX + 1);
	same = file_read(c->dir, ANCHOR, HASH_HEX + 1, &b) == SL_OK &&
	       strcmp(buf_str(&b), hex) == 0;
	buf_release(&b);
	return same;
}

/* The given root against the stored one (in c->root, may be NULL). */
static int settle(struct tuf_client *c, const void *trusted, size_t len, struct sl_why *why)
{
	struct tuf_meta *given = NULL;
	char hex[HASH_HEX + 1];
	struct buf bytes;
	int r;

	hash_hex(trusted, len, hex);
	if (c->root != NULL && anchor_is(c, hex))
		return SL_OK;
	buf_init(&bytes, TUF_ROOT_MAX);
	buf_put(&bytes, trusted, len);
	r = buf_error(&bytes);
	if (r == SL_OK)
		r = tuf_parse(trusted, len, "root", &given, why);
	if (r == SL_OK)
		r = verify_as(given, given, "root", why);
	if (r != SL_OK)
		goto out;
	/* A newer stored root that the given one vouches for directly stays; otherwise
	 * the person decides, and the chain is walked again from here. */
	if (c->root == NULL || c->root->version < given->version ||
	    verify_as(c->root, given, "root", NULL) != SL_OK) {
		r = tuf_client_adopt_root(c, given, &bytes);
		if (r == SL_OK)
			given = NULL; /* moved */
	}
	if (r == SL_OK)
		r = file_write_durable(c->dir, ANCHOR, hex, HASH_HEX, 0644);
out:
	tuf_free(given);
	buf_release(&bytes);
	return r;
}

int tuf_client_open(const char *state_dir, const void *trusted_root, size_t len,
		    const struct tuf_fetcher *f, struct tuf_client **ret_c, struct sl_why *why)
{
	struct tuf_client *c = calloc(1, sizeof(*c));
	struct buf bytes;
	int r;

	if (c == NULL)
		return SL_E_NOMEM;
	buf_init(&bytes, TUF_ROOT_MAX);
	c->dir = -1;
	c->fetch = *f;
	r = file_mkdirs(state_dir, 0755);
	if (r != SL_OK)
		goto out;
	c->dir = file_open_dir(AT_FDCWD, state_dir);
	r = c->dir < 0 ? c->dir : tuf_state_load(c, "root", "root", &bytes, &c->root);
	if (r == SL_E_CORRUPT)
		(void)why_set(why, r, "the stored root in %s is damaged", state_dir);
	if (r == SL_E_NOTFOUND && trusted_root != NULL)
		r = SL_OK;
	if (r == SL_OK && trusted_root != NULL)
		r = settle(c, trusted_root, len, why);
	if (r != SL_OK)
		goto out;
	*ret_c = c;
	c = NULL; /* moved */
out:
	buf_release(&bytes);
	tuf_client_close(c);
	return r;
}
