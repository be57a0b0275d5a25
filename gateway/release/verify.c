/* verify.c - what the checker demands before it signs.
 *
 * Hostile: the whole case; whoever owns the releaser writes it.  Not hostile: the
 * chain and the state, which the checker keeps itself.
 *
 * Invariants: what is signed was computed here; each role is signed at most once for
 * each version (a case signed before is answered again only if the result is the same);
 * every release in a signed set was proved here; versions and serials grow by one;
 * nothing lies in the tree that was not proved. */
#include "release/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/proof.h"
#include "release/verify_private.h"

struct work {
	int case_fd, tree_fd;
	const struct chain *chain;
	const struct verify_state *state;
	bool again; /* this case was signed before */
	int64_t now;
	struct casefile c;
	struct delta_keys keys;
	const struct signers *own;
	const struct key *witness;
	struct delta d;
	struct log_step log;
	struct casefile_proofs proofs;
	char line[CASEFILE_LINE_MAX];
	struct tree_list files; /* all that may lie in tree/ */
	int error;		/* of has() */
};

static int body_digest(const json_t *body, char ret_sha256[65])
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = json_canonical(body, &b);
	if (r == SL_OK)
		hash_hex(b.data, b.len, ret_sha256);
	buf_release(&b);
	return r;
}

static bool has(void *arg, const char *role)
{
	struct verify_signed e;
	struct work *w = arg;
	int r = verify_state_role(w->state, role, w->again, &e);

	if (r != SL_OK && r != SL_E_NOTFOUND)
		w->error = r;
	return r == SL_OK;
}

static int each(void *arg, int (*fn)(void *to, const char *role), void *to)
{
	struct work *w = arg;

	return verify_state_each(w->state, fn, to);
}

static int load(int dirfd, const char *path, struct tuf_meta **ret_m, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(dirfd, path, TUF_TARGETS_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s is missing", path);
	else
		r = tuf_parse(b.data, b.len, "targets", ret_m, why);
	buf_release(&b);
	return r;
}

/* Old metadata must be what this checker signed last. */
static int load_before(struct work *w, struct delta_role *k, struct sl_why *why)
{
	char path[64], hex[65];
	struct verify_signed known;
	int r = verify_state_role(w->state, k->name, w->again, &known);

	if (r != SL_OK)
		return why_set(why, r, "the memory of %s: %s", k->name, sl_strerror(r));
	(void)snprintf(path, sizeof(path), "before/%s.json", k->name);
	r = load(w->case_fd, path, &k->before, why);
	if (r == SL_OK)
		r = body_digest(k->before->body, hex);
	if (r == SL_OK &&
	    (k->before->version != known.version || strcmp(hex, known.sha256) != 0))
		r = why_set(why, SL_E_REPLAY, "%s is not what was signed last", path);
	return r;
}

static int load_head(struct work *w, const struct tuf_meta *feed, struct sl_why *why)
{
	char want[65], got[65];
	int64_t length;
	struct buf b;
	int r;

	if (!chain_target(json_obj(feed->body, "targets"), "feed/head.json", want, &length))
		return why_set(why, SL_E_CORRUPT, "the feed metadata lists no head");
	buf_init(&b, JSON_SIGNED_MAX);
	r = file_read(w->case_fd, "before/head.json", JSON_SIGNED_MAX, &b);
	if (r != SL_OK) {
		(void)why_set(why, r, "before/head.json is missing");
		goto out;
	}
	hash_hex(b.data, b.len, got);
	r = strcmp(want, got) == 0
		    ? feed_parse(b.data, b.len, &w->d.head, why)
		    : why_set(why, SL_E_REPLAY, "before/head.json is not what was signed last");
out:
	buf_release(&b);
	return r;
}

/* Does this case follow the last one, and was it made just now? */
static int check_place(const struct work *w, struct sl_why *why)
{
	int64_t ago = w->now - w->c.time;

	if (w->c.kind == CASEFILE_INITIAL && w->state->number != 0)
		return why_set(why, SL_E_REPLAY, "the repository was begun before");
	if (w->c.kind != CASEFILE_INITIAL && w->state->number == 0)
		return why_set(why, SL_E_STATE,
			       "the checker's memory is gone; it does not sign from nothing");
	if (w->c.number <= w->state->number)
		return why_set(why, SL_E_REPLAY, "case %lld comes after case %lld",
			       (long long)w->c.number, (long long)w->state->number);
	/* Nothing of it was signed: with what is in force now it becomes another case. */
	if (w->c.by.root != w->chain->root->version ||
	    w->c.by.targets != w->chain->targets->version ||
	    w->c.by.policy != w->chain->policy->version)
		return why_set(why, SL_E_EXPIRED,
			       "the case was made with other files of the custodians (root "
			       "%lld, targets %lld, policy %lld) than are in force now",
			       (long long)w->c.by.root, (long long)w->c.by.targets,
			       (long long)w->c.by.policy);
	/* Every expiry follows from this time. */
	if (ago > VERIFY_SKEW_S || ago < -VERIFY_SKEW_S)
		return why_set(why, SL_E_EXPIRED, "the case was made %lld seconds ago",
			       (long long)ago);
	return SL_OK;
}

/* Keys that this case is signed with.  Signed before, it may be older than the targets.json
 * that is in force now.  Then the case itself brings the file: whatever is in it, the bodies
 * must still be the very ones that were signed then, so nothing new can come of it. */
static int load_keys(struct work *w, struct sl_why *why)
{
	struct tuf_meta *then = NULL;
	int r;

	if (!w->again || w->c.by.targets == w->chain->targets->version) {
		r = signers_begin(w->own, w->chain->targets, why);
		return r == SL_OK ? delta_keys_load(w->chain->targets, &w->keys, why) : r;
	}
	r = load(w->case_fd, "before/targets.json", &then, why);
	if (r == SL_OK)
		r = delta_keys_load(then, &w->keys, why);
	if (r == SL_OK)
		r = signers_finish(w->own, &w->keys, w->c.number, why);
	tuf_free(then);
	return r;
}

/* The roles of the case, each as it was signed last. */
static int load_state(struct work *w, struct sl_why *why)
{
	const struct delta_known known = {.has = has, .each = each, .arg = w};
	const struct delta_role *feed;
	int r = load_keys(w, why);

	if (r != SL_OK)
		return r;
	r = casefile_touch(&w->c, &known, &w->d);
	if (r == SL_OK)
		r = w->error;
	if (r != SL_OK)
		return why_set(why, r, "the roles of the case: %s", sl_strerror(r));
	for (unsigned k = 0; k < w->d.n && r == SL_OK; k++) {
		if (!w->d.role[k].begins)
			r = load_before(w, &w->d.role[k], why);
	}
	feed = delta_find(&w->d, "feed");
	if (r == SL_OK && w->c.n > 0)
		r = feed->begins ? why_set(why, SL_E_STATE, "there is no feed yet")
				 : load_head(w, feed->before, why);
	return r;
}

/* Nothing beside what was proved, except what others sign: root, targets, policy. */
static int check_nothing_else(struct work *w, struct sl_why *why)
{
	struct tree_list all = {.path = NULL};
	int r = tree_files(w->tree_fd, &all);

	if (r != SL_OK)
		(void)why_set(why, r, "the tree has strange files");
	for (unsigned i = 0; i < all.n && r == SL_OK; i++) {
		const char *p = all.path[i], *dot = strrchr(p, '/');
		size_t digits = dot == NULL ? 0 : strspn(dot + 1, "0123456789");

		if (strncmp(p, "targets/policy/", 15) == 0 ||
		    (strncmp(p, "metadata/", 9) == 0 && digits > 0 &&
		     (strcmp(dot + 1 + digits, ".root.json") == 0 ||
		      strcmp(dot + 1 + digits, ".targets.json") == 0 ||
		      strcmp(dot + 1 + digits, ".policy.json") == 0)))
			continue;
		if (!tree_list_has(&w->files, p))
			r = why_set(why, SL_E_DENIED,
				    "the case has a file that nobody approved: %s", p);
	}
	tree_list_release(&all);
	return r;
}

/* The log first, as the metadata lists its proofs; then the metadata. */
static int compute(struct work *w, struct sl_why *why)
{
	const struct verify_log_case v = {.case_fd = w->case_fd,
					  .tree_fd = w->tree_fd,
					  .c = &w->c,
					  .chain = w->chain,
					  .witness = w->witness};
	const struct verify_log *log = w->again ? &w->state->log_before : &w->state->log;
	int r = SL_OK;

	if (casefile_logs(&w->c)) {
		r = verify_log(&v, log, w->again, &w->files, &w->log, w->line, why);
		if (r == SL_OK)
			r = log_step_proofs(&w->log, &w->c, &w->proofs);
	}
	return r == SL_OK ? casefile_expect(&w->c, &w->keys, &w->proofs, &w->d, why) : r;
}

static int prove(struct work *w, struct sl_why *why)
{
	int r = check_place(w, why);

	if (r == SL_OK)
		r = load_state(w, why);
	for (unsigned i = 0; i < w->c.n && r == SL_OK; i++)
		r = proof_item(w->case_fd, &w->c.items[i], w->chain->roster, w->now, &w->files,
			       why);
	if (r == SL_OK)
		r = proof_follows(w->case_fd, &w->c, &w->d.head, why);
	for (unsigned i = 0; i < w->c.n && r == SL_OK; i++)
		r = proof_logged(w->case_fd, &w->c.items[i], w->chain->witness, &w->files, why);
	if (r == SL_OK)
		r = compute(w, why);
	return r == SL_OK ? check_nothing_else(w, why) : r;
}

static bool same_result(const struct work *w)
{
	if (w->d.n != w->state->n)
		return false;
	for (unsigned k = 0; k < w->d.n; k++) {
		const struct delta_role *role = &w->d.role[k];
		char hex[65];

		if (strcmp(w->state->list[k].role, role->name) != 0 ||
		    w->state->list[k].version != role->version ||
		    body_digest(role->body, hex) != SL_OK ||
		    strcmp(hex, w->state->list[k].sha256) != 0)
			return false;
	}
	return true;
}

/* Asked again for the case signed last: does it still lead to the very same bodies? */
static int prove_again(struct work *w, struct sl_why *why)
{
	int r = load_state(w, why);

	if (r == SL_OK)
		r = compute(w, why);
	if (r == SL_E_IO || r == SL_E_NOMEM || r == SL_E_FULL || r == SL_E_CONFIG)
		return r;
	if (r == SL_OK && casefile_logs(&w->c) &&
	    (w->log.after.size != w->state->log.tree.size ||
	     memcmp(w->log.after.node, w->state->log.tree.node,
		    w->log.after.n * sizeof(w->log.after.node[0])) != 0))
		r = SL_E_REPLAY;
	return r == SL_OK && same_result(w)
		       ? SL_OK
		       : why_set(why, SL_E_REPLAY,
				 "case %lld was signed before with other contents",
				 (long long)w->c.number);
}

static int sign_role(const struct delta_role *role, const struct key *k,
		     struct casefile_signature *s, struct verify_signed *e)
{
	uint8_t sig[KEY_SIGNATURE];
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = json_canonical(role->body, &b);
	if (r == SL_OK) {
		key_sign(k, b.data, b.len, sig);
		text_hex(sig, sizeof(sig), s->sig);
		memcpy(s->keyid, key_id(k), KEY_ID_HEX + 1);
		memcpy(s->role, role->name, sizeof(s->role));
		memcpy(e->role, role->name, sizeof(e->role));
		e->version = role->version;
		hash_hex(b.data, b.len, e->sha256);
	}
	if (r == SL_OK && role->before != NULL)
		r = body_digest(role->before->body, e->before);
	buf_release(&b);
	return r;
}

/* What to remember of the log. */
static void next_log(const struct work *w, struct verify_state *next)
{
	next->log = w->state->log;
	next->log_before = w->again ? w->state->log_before : w->state->log;
	if (w->again || !casefile_logs(&w->c))
		return;
	next->log.tree = w->log.after;
	if (w->c.root.version > 0)
		next->log.root = w->chain->root->version;
	if (w->c.policy.version > 0)
		next->log.policy = w->chain->policy->version;
	if (next->log.policy == w->chain->policy->version)
		text_hex(roster_digest(w->chain->roster), HASH_LEN, next->log.approval);
	if (w->c.anchor.version > 0)
		next->log.anchor = w->c.anchor.version;
}

static int sign(struct work *w, struct casefile_answer *ret_a, struct verify_state *ret_next)
{
	struct verify_state next = {.dirfd = w->state->dirfd, .number = w->c.number};
	struct casefile_answer a = {.n = 0};
	int r;

	a.list = calloc(w->d.n + 1u, sizeof(*a.list));
	next.list = calloc(w->d.n + 1u, sizeof(*next.list));
	r = a.list == NULL || next.list == NULL ? SL_E_NOMEM : SL_OK;
	for (unsigned k = 0; k < w->d.n && r == SL_OK; k++) {
		const struct tuf_role *role = delta_keys_of(&w->keys, w->d.role[k].name);

		r = sign_role(&w->d.role[k], signers_pick(w->own, role), &a.list[k],
			      &next.list[k]);
		a.n = next.n = k + 1;
	}
	if (r != SL_OK) {
		casefile_answer_release(&a);
		verify_state_release(&next);
		return r;
	}
	memcpy(a.cosignature, w->line, sizeof(a.cosignature));
	next_log(w, &next);
	*ret_a = a; /* moved */
	*ret_next = next;
	return SL_OK;
}

static int open_case(struct work *w, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, CASEFILE_MAX);
	r = file_read(w->case_fd, "case.json", CASEFILE_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "case.json is missing");
	else
		r = casefile_parse(b.data, b.len, &w->c, why);
	buf_release(&b);
	if (r != SL_OK)
		return r;
	w->again = w->state->number != 0 && w->c.number == w->state->number;
	w->tree_fd = file_open_dir(w->case_fd, "tree");
	return w->tree_fd >= 0 ? SL_OK : why_set(why, w->tree_fd, "the case has no tree");
}

int verify_case(int case_fd, const struct chain *chain, const struct verify_state *state,
		const struct verify_keys *keys, int64_t now, struct casefile_answer *ret_answer,
		struct verify_state *ret_next, struct sl_why *why)
{
	struct work *w = calloc(1, sizeof(*w));
	int r = w == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	w->case_fd = case_fd;
	w->tree_fd = -1;
	w->chain = chain;
	w->state = state;
	w->own = keys->own;
	w->witness = keys->witness;
	w->now = now;
	delta_init(&w->d);
	log_step_init(&w->log);
	r = open_case(w, why);
	if (r == SL_OK)
		r = w->again ? prove_again(w, why) : prove(w, why);
	if (r == SL_OK)
		r = sign(w, ret_answer, ret_next);
	delta_release(&w->d);
	log_step_release(&w->log);
	tree_list_release(&w->files);
	file_close(w->tree_fd);
	free(w);
	return r;
}
