/* signers.c - two keys, and the two before them. */
#include "release/signers.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"

enum { PATH = 4096 };

static int load(const char *dir, const char *name, enum key_use use, bool needed,
		struct key **ret_k, struct sl_why *why)
{
	char path[PATH];
	int r = file_join(path, sizeof(path), dir, name);

	if (r == SL_OK && !needed && !file_exists(AT_FDCWD, path))
		return SL_OK;
	return r == SL_OK ? key_load(path, use, NULL, ret_k, why) : r;
}

int signers_load(const char *dir, struct signers *ret_s, struct sl_why *why)
{
	struct signers s = {.rel = NULL};
	int r = load(dir, "rel", KEY_TUF_REL, true, &s.rel, why);

	if (r == SL_OK)
		r = load(dir, "feed", KEY_TUF_FEED, true, &s.feed, why);
	if (r == SL_OK)
		r = load(dir, "rel.old", KEY_TUF_REL, false, &s.rel_old, why);
	if (r == SL_OK)
		r = load(dir, "feed.old", KEY_TUF_FEED, false, &s.feed_old, why);
	if (r != SL_OK) {
		signers_release(&s);
		return r;
	}
	*ret_s = s; /* moved */
	return SL_OK;
}

void signers_release(struct signers *s)
{
	key_free(s->rel);
	key_free(s->feed);
	key_free(s->rel_old);
	key_free(s->feed_old);
	*s = (struct signers){.rel = NULL};
}

const struct key *signers_pick(const struct signers *s, const struct tuf_role *role)
{
	bool rel = strcmp(role->name, "rel") == 0;
	const struct key *const ours[] = {rel ? s->rel : s->feed,
					  rel ? s->rel_old : s->feed_old};

	for (unsigned i = 0; i < 2; i++) {
		for (unsigned k = 0; ours[i] != NULL && k < role->n_keys; k++) {
			if (memcmp(role->keys[k], key_public(ours[i]), KEY_PUBLIC) == 0)
				return ours[i];
		}
	}
	return NULL;
}

static const struct tuf_role *lacking(const struct signers *s, const struct delta_keys *keys)
{
	return signers_pick(s, &keys->rel) == NULL    ? &keys->rel
	       : signers_pick(s, &keys->feed) == NULL ? &keys->feed
						      : NULL;
}

/* What both say is short enough for a line of the log. */
int signers_begin(const struct signers *s, const struct tuf_meta *targets, struct sl_why *why)
{
	struct delta_keys *keys = calloc(1, sizeof(*keys));
	const struct tuf_role *role = NULL;
	int r = keys == NULL ? SL_E_NOMEM : delta_keys_load(targets, keys, why);

	if (r == SL_OK)
		role = lacking(s, keys);
	if (role != NULL)
		r = why_set(why, SL_E_CONFIG,
			    "targets.json %lld names no key of ours for %s: stop, rename %s "
			    "to %s.old, put the new key in its place, start",
			    (long long)targets->version, role->name, role->name, role->name);
	free(keys);
	return r;
}

int signers_finish(const struct signers *s, const struct delta_keys *keys, int64_t number,
		   struct sl_why *why)
{
	const struct tuf_role *role = lacking(s, keys);

	if (role == NULL)
		return SL_OK;
	return why_set(why, SL_E_CONFIG,
		       "case %lld needs our exchanged key for %s: put it beside the new one as "
		       "%s.old, at releaser and checker, and restart",
		       (long long)number, role->name, role->name);
}
