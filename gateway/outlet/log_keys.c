/* log_keys.c - does the log tell of every key that came to its end, and of no other?
 *
 * Hostile: the log, that is whoever holds the gateway's keys.  Whoever stole a person's key
 * would rather not have its end told; whoever wants a person's decisions doubted would tell
 * of an end that never was.  Policies are believed as TUF targets only. */
#include "outlet/log_keys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "outlet/dossier.h"

/* The policy with this very digest, under the name in force or under its version's. */
static int fetch(struct log_keys *k, uint64_t index, const struct log_entry *e,
		 struct roster **ret_r, struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];
	int r = SL_E_NOTFOUND;
	struct buf b;

	buf_init(&b, DOSSIER_POLICY_MAX);
	for (unsigned i = 0; r == SL_E_NOTFOUND && dossier_policy_path(e->version, i, path);
	     i++) {
		buf_clear(&b);
		r = tuf_client_download(k->tuf, path, DOSSIER_POLICY_MAX, &b, why);
		if (r != SL_OK)
			continue;
		hash_hex(b.data, b.len, hex);
		r = strcmp(hex, e->manifest_sha256) == 0 ? SL_OK : SL_E_NOTFOUND;
	}
	if (r == SL_E_NOTFOUND)
		r = why_set(why, SL_E_SIGNATURE,
			    "entry %" PRIu64 " logs an approval policy version %" PRId64
			    " that the custodians do not list",
			    index, e->version);
	else if (r == SL_OK)
		r = roster_parse(b.data, b.len, ret_r, why);
	if (r == SL_OK && roster_version(*ret_r) != e->version) {
		roster_free(*ret_r);
		*ret_r = NULL;
		r = why_set(why, SL_E_SIGNATURE,
			    "entry %" PRIu64 " logs the approval policy with another version "
			    "than its own",
			    index);
	}
	buf_release(&b);
	return r;
}

static int see_policy(struct log_keys *k, uint64_t index, const struct log_entry *e,
		      struct sl_why *why)
{
	struct roster *next = NULL;
	int r;

	/* Metadata that lists the same policy again. */
	if (strcmp(k->sha256, e->manifest_sha256) == 0 && e->version == roster_version(k->now))
		return SL_OK;
	r = fetch(k, index, e, &next, why);
	if (r != SL_OK)
		return r;
	free(k->list);
	k->list = NULL;
	k->n = k->next = 0;
	roster_free(k->before);
	k->before = k->now;
	k->now = next; /* moved */
	memcpy(k->sha256, e->manifest_sha256, sizeof(k->sha256));
	return roster_ended(k->before, k->now, &k->list, &k->n);
}

static int missing(const struct log_keys *k, uint64_t index, struct sl_why *why)
{
	const struct roster_ended *e = &k->list[k->next];

	return why_set(why, SL_E_SIGNATURE,
		       "key %.*s of %s ended with approval policy version %" PRId64
		       ", and entry %" PRIu64 " does not say so",
		       LOG_KEY_ID, e->key->keyid, e->person->pid, roster_version(k->now),
		       index);
}

/* Is a key with these first digits among those that are still due? */
static bool is_due(const struct log_keys *k, const struct log_entry *e)
{
	for (unsigned i = k->next; i < k->n; i++) {
		if (strncmp(k->list[i].key->keyid, e->id, LOG_KEY_ID) == 0)
			return true;
	}
	return false;
}

static int see_key(struct log_keys *k, uint64_t index, const struct log_entry *e,
		   struct sl_why *why)
{
	struct log_keys_ended told = {.index = index, .policy_sha256 = k->sha256};

	if (k->now == NULL || strcmp(e->manifest_sha256, k->sha256) != 0 ||
	    e->version != roster_version(k->now) || !is_due(k, e))
		return why_set(why, SL_E_SIGNATURE,
			       "entry %" PRIu64 " says that key %s ended with approval policy "
			       "version %" PRId64 ", which is not so",
			       index, e->id, e->version);
	if (strncmp(k->list[k->next].key->keyid, e->id, LOG_KEY_ID) != 0)
		return missing(k, index, why);
	told.what = k->list[k->next++];
	told.version = e->version;
	if (k->ended != NULL)
		k->ended(k->arg, &told);
	return SL_OK;
}

int log_keys_see(struct log_keys *k, uint64_t index, const struct log_entry *e,
		 struct sl_why *why)
{
	if (e->kind == LOG_KEY)
		return see_key(k, index, e, why);
	if (k->next < k->n)
		return missing(k, index, why);
	return e->kind == LOG_POLICY ? see_policy(k, index, e, why) : SL_OK;
}

int log_keys_end(struct log_keys *k, uint64_t size, struct sl_why *why)
{
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];
	uint8_t sha256[HASH_LEN];
	uint64_t length;
	int r;

	if (k->next < k->n)
		return missing(k, size, why);
	(void)dossier_policy_path(0, 0, path);
	r = tuf_client_find(k->tuf, path, &length, sha256, why);
	if (r != SL_OK)
		return r;
	text_hex(sha256, HASH_LEN, hex);
	return strcmp(hex, k->sha256) == 0
		       ? SL_OK
		       : why_set(why, SL_E_SIGNATURE,
				 "the approval policy in force is not the last one that the "
				 "log has");
}

void log_keys_release(struct log_keys *k)
{
	free(k->list);
	roster_free(k->before);
	roster_free(k->now);
	k->list = NULL;
	k->before = k->now = NULL;
	k->n = k->next = 0;
}
