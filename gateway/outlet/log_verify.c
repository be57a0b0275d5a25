/* log_verify.c - feed, policies and log must tell the same story, to everyone.
 *
 * Hostile: the outlet, and a gateway whose keys were stolen.  TUF metadata pins one feed
 * and one checkpoint; the witness policy in it, signed offline, says whose cosignatures
 * make the checkpoint the one that others see too.  Then every entry is compared with
 * the feed's: a release that is in one of them only is a fault.  So is a key whose end the
 * approval policies show and the log does not (log_keys.h), or the other way round. */
#include "outlet/log_verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "outlet/dossier.h"
#include "outlet/pull_feed.h"
#include "trust/tlog_proof.h"

enum { POLICY_MAX = 64 << 10, STEP = 256 /* entries between two looks at the progress */ };

#define POLICY_TARGET	  "policy/witness-policy.txt"
#define CHECKPOINT_TARGET "log/checkpoint" /* also the path of the newest, unpinned one */

struct logged { /* what the log says about the feed entry with that serial */
	bool there;
	char attest_sha256[65];
};

struct walk {
	const struct log_verify_options *o;
	struct log_verify_result *result;
	struct tuf_client *tuf;
	struct tlog_policy *policy;
	struct tlog_checkpoint c;
	struct pull_place begin; /* of the feed: everything is read */
	struct pull_feed feed;
	struct logged *logged; /* by serial - 1 */
	struct tlog_reader reader;
	struct log_keys keys;
};

static void say(const struct walk *w, enum log_verify_stage stage, uint64_t done,
		uint64_t total)
{
	if (w->o->progress != NULL)
		w->o->progress(stage, done, total);
}

static int read_log(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct walk *w = arg;
	char name[TLOG_PATH_MAX + 8];

	(void)snprintf(name, sizeof(name), "log/%s", path);
	return w->o->source.get(w->o->source.arg, name, max, out);
}

static int open_metadata(struct walk *w, struct sl_why *why)
{
	struct buf b;
	int r = tuf_client_open(w->o->state_dir, w->o->root->data, w->o->root->len,
				&w->o->source, &w->tuf, why);

	if (r == SL_OK)
		r = tuf_client_refresh(w->tuf, w->o->now, why);
	if (r != SL_OK)
		return r;
	buf_init(&b, POLICY_MAX);
	r = tuf_client_download(w->tuf, POLICY_TARGET, POLICY_MAX, &b, why);
	if (r == SL_E_NOTFOUND)
		r = why_set(why, r, "the custodians have signed no %s", POLICY_TARGET);
	if (r == SL_OK)
		r = tlog_policy_parse(b.data, b.len, &w->policy, why);
	buf_release(&b);
	if (r == SL_OK)
		say(w, LOG_VERIFY_METADATA, 1, 1);
	return r;
}

static int open_feed(struct walk *w, struct sl_why *why)
{
	int r = pull_feed_read(w->tuf, &w->o->source, &w->begin, &w->feed, why);

	if (r != SL_OK)
		return r;
	w->logged = calloc(w->feed.n + 1, sizeof(*w->logged));
	if (w->logged == NULL)
		return SL_E_NOMEM;
	say(w, LOG_VERIFY_FEED, w->feed.n, w->feed.n);
	return SL_OK;
}

static int open_checkpoint(struct walk *w, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, NOTE_MAX);
	r = tuf_client_download(w->tuf, CHECKPOINT_TARGET, NOTE_MAX, &b, why);
	if (r == SL_E_NOTFOUND)
		r = why_set(why, r, "the metadata pins no %s: this tree has no release log",
			    CHECKPOINT_TARGET);
	if (r == SL_OK)
		r = tlog_policy_check(w->policy, b.data, b.len, &w->c, why);
	buf_release(&b);
	if (r != SL_OK)
		return r;
	memcpy(w->result->root, w->c.root, HASH_LEN);
	say(w, LOG_VERIFY_CHECKPOINT, w->c.size, w->c.size);
	return SL_OK;
}

/* One entry against the feed. */
static int compare(struct walk *w, uint64_t index, const struct log_entry *e,
		   struct sl_why *why)
{
	const struct feed_entry *f;
	struct logged *l;

	/* Entries of a complete feed stand at their serial. */
	if ((uint64_t)e->serial > w->feed.n)
		return why_set(why, SL_E_SIGNATURE,
			       "entry %" PRIu64 " logs %s %s with serial %" PRId64
			       ", which the feed does not have",
			       index, log_kind_name(e->kind), e->id, e->serial);
	f = &w->feed.entries[e->serial - 1];
	l = &w->logged[e->serial - 1];
	if (l->there)
		return why_set(why, SL_E_SIGNATURE,
			       "entry %" PRIu64 " logs serial %" PRId64 " a second time", index,
			       e->serial);
	if (strcmp(f->id, e->id) != 0 || f->version != e->version ||
	    (f->kind == FEED_NOTICE) != (e->kind == LOG_NOTICE) ||
	    strcmp(f->manifest_sha256, e->manifest_sha256) != 0)
		return why_set(why, SL_E_SIGNATURE,
			       "entry %" PRIu64
			       " is not what the feed says with serial %" PRId64,
			       index, e->serial);
	l->there = true;
	memcpy(l->attest_sha256, e->attest_sha256, sizeof(l->attest_sha256));
	return SL_OK;
}

static int see_entry(uint64_t index, const void *entry, size_t len, void *arg,
		     struct sl_why *why)
{
	struct walk *w = arg;
	struct log_entry e;
	int r = SL_OK;

	if (log_entry_parse(entry, len, &e) != SL_OK)
		return why_set(why, SL_E_FORMAT,
			       "entry %" PRIu64 " of the log has not the form of an entry",
			       index);
	if (e.kind == LOG_RELEASE || e.kind == LOG_NOTICE)
		r = compare(w, index, &e, why);
	if (r == SL_OK)
		r = log_keys_see(&w->keys, index, &e, why);
	if (r != SL_OK)
		return r;
	w->result->size = index + 1;
	w->result->releases += e.kind == LOG_RELEASE;
	w->result->notices += e.kind == LOG_NOTICE;
	w->result->keys += e.kind == LOG_KEY;
	if ((index + 1) % STEP == 0 || index + 1 == w->c.size)
		say(w, LOG_VERIFY_ENTRIES, index + 1, w->c.size);
	return SL_OK;
}

/* The envelopes or the notice as they are published must be those that were logged. */
static int check_digest(struct walk *w, size_t i, struct sl_why *why)
{
	const struct feed_entry *f = &w->feed.entries[i];
	char path[DOSSIER_PATH_MAX], hex[HASH_HEX + 1];
	uint8_t sha256[HASH_LEN];
	uint64_t length;
	int r;

	dossier_path(f->id, f->version, "attest.intoto.jsonl", path);
	r = tuf_client_find(w->tuf, f->kind == FEED_NOTICE ? f->notice : path, &length, sha256,
			    why);
	/* What was recalled or replaced is not published any more; its entry stays. */
	if (r == SL_E_NOTFOUND && f->kind == FEED_RELEASE && w->feed.overridden[i]) {
		if (why != NULL)
			why->text[0] = '\0';
		return SL_OK;
	}
	if (r != SL_OK)
		return why_prefix(why, r, "serial %" PRId64, f->serial);
	text_hex(sha256, HASH_LEN, hex);
	if (strcmp(hex, w->logged[i].attest_sha256) != 0)
		return why_set(why, SL_E_SIGNATURE,
			       "the log has another digest of %s than is published with serial "
			       "%" PRId64,
			       f->kind == FEED_NOTICE ? "the notice" : "the approvals",
			       f->serial);
	return SL_OK;
}

static int check_feed(struct walk *w, struct sl_why *why)
{
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < w->feed.n; i++) {
		const struct feed_entry *f = &w->feed.entries[i];

		if (!w->logged[i].there)
			r = why_set(why, SL_E_SIGNATURE,
				    "%s %s version %" PRId64 ", serial %" PRId64
				    ", is not in the log",
				    f->kind == FEED_NOTICE ? "the notice about" : "the release",
				    f->id, f->version, f->serial);
		else
			r = check_digest(w, i, why);
	}
	return r;
}

/* The checkpoint that monitors poll is not pinned, so it may be older or newer; one of the
 * two logs must be the beginning of the other. */
static int check_newest(struct walk *w, struct sl_why *why)
{
	uint8_t proof[MERKLE_PROOF_MAX][HASH_LEN];
	const struct tlog_checkpoint *old = &w->c, *new;
	struct tlog_checkpoint newest;
	unsigned n = 0;
	struct buf b;
	int r;

	buf_init(&b, NOTE_MAX);
	r = w->o->source.get(w->o->source.arg, CHECKPOINT_TARGET, NOTE_MAX, &b);
	if (r != SL_OK)
		r = why_set(why, r, "%s cannot be fetched", CHECKPOINT_TARGET);
	else
		r = tlog_policy_check(w->policy, b.data, b.len, &newest, why);
	buf_release(&b);
	if (r != SL_OK)
		return r;
	new = &newest;
	if (newest.size < w->c.size) {
		old = &newest;
		new = &w->c;
	}
	r = strcmp(old->origin, new->origin) == 0
		    ? tlog_prove_consistency(&w->reader, old->size, new->size, proof, &n)
		    : SL_E_SIGNATURE;
	if (r == SL_OK)
		r = merkle_check_consistency(old->size, old->root, new->size, new->root,
					     (const uint8_t(*)[HASH_LEN])proof, n);
	if (r == SL_E_SIGNATURE || r == SL_E_FORMAT || r == SL_E_NOTFOUND)
		return why_set(why, SL_E_SIGNATURE,
			       "%s of %" PRIu64 " entries does not continue the pinned one of "
			       "%" PRIu64,
			       CHECKPOINT_TARGET, newest.size, w->c.size);
	return r;
}

int log_verify(const struct log_verify_options *o, struct log_verify_result *ret,
	       struct sl_why *why)
{
	struct walk w = {.o = o, .result = ret, .reader = {.read = read_log}};
	int r;

	w.reader.arg = &w;
	memset(ret, 0, sizeof(*ret));
	r = open_metadata(&w, why);
	if (r == SL_OK)
		r = open_feed(&w, why);
	if (r == SL_OK)
		r = open_checkpoint(&w, why);
	w.keys = (struct log_keys){.tuf = w.tuf, .ended = o->ended, .arg = o->ended_arg};
	if (r == SL_OK)
		r = tlog_verify_all(&w.reader, &w.c, see_entry, &w, why);
	if (r == SL_OK)
		r = log_keys_end(&w.keys, w.c.size, why);
	if (r == SL_OK)
		r = check_feed(&w, why);
	if (r == SL_OK)
		r = check_newest(&w, why);
	log_keys_release(&w.keys);
	tlog_policy_free(w.policy);
	pull_feed_release(&w.feed);
	free(w.logged);
	tuf_client_close(w.tuf);
	return r;
}
