/* verify.c - what the checker demands before it signs.
 *
 * Hostile: the whole case; whoever owns the releaser writes it.  Not hostile: the
 * chain and the state, which the checker keeps itself.
 *
 * Invariants: each role is signed at most once for each version (a case signed
 * before is answered again only if every byte is the same); every release in a
 * signed bin was proved here; versions and serials grow by one; nothing lies in
 * the tree that was not proved. */
#include "release/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/proof.h"
#include "trust/tuf_writer.h"

struct work {
	int case_fd, tree_fd;
	const struct chain *chain;
	const struct verify_state *state;
	int64_t now;
	struct casefile c;
	struct tuf_meta *before[DELTA_ROLES], *after[DELTA_ROLES];
	struct feed_page head;
	struct delta_result want;
	struct tree_list files; /* all that may lie in tree/ */
};

int verify_body(const struct tuf_meta *m, char ret_sha256[65])
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = json_canonical(m->body, &b);
	if (r == SL_OK)
		hash_hex(b.data, b.len, ret_sha256);
	buf_release(&b);
	return r;
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
static int load_before(struct work *w, unsigned k, struct sl_why *why)
{
	char path[64], hex[65];
	int r;

	(void)snprintf(path, sizeof(path), "before/%s.json", delta_role_name(k));
	r = load(w->case_fd, path, &w->before[k], why);
	if (r == SL_OK)
		r = verify_body(w->before[k], hex);
	if (r == SL_OK && (w->before[k]->version != w->state->version[k] ||
			   strcmp(hex, w->state->sha256[k]) != 0))
		r = why_set(why, SL_E_REPLAY, "%s is not what was signed last", path);
	return r;
}

static int load_head(struct work *w, struct sl_why *why)
{
	char want[65], got[65];
	int64_t length;
	struct buf b;
	int r;

	if (!chain_target(json_obj(w->before[DELTA_FEED]->body, "targets"), "feed/head.json",
			  want, &length))
		return why_set(why, SL_E_CORRUPT, "the feed metadata lists no head");
	buf_init(&b, JSON_SIGNED_MAX);
	r = file_read(w->case_fd, "before/head.json", JSON_SIGNED_MAX, &b);
	if (r != SL_OK) {
		(void)why_set(why, r, "before/head.json is missing");
		goto out;
	}
	hash_hex(b.data, b.len, got);
	r = strcmp(want, got) == 0
		    ? feed_parse(b.data, b.len, &w->head, why)
		    : why_set(why, SL_E_REPLAY, "before/head.json is not what was signed last");
out:
	buf_release(&b);
	return r;
}

static int load_state(struct work *w, uint32_t roles, struct sl_why *why)
{
	int r = SL_OK;

	if (w->c.kind == CASEFILE_INITIAL)
		return w->state->number == 0
			       ? SL_OK
			       : why_set(why, SL_E_REPLAY, "the repository was begun before");
	if (w->state->number == 0)
		return why_set(why, SL_E_STATE,
			       "the checker's memory is gone; it does not sign from nothing");
	if (w->c.number <= w->state->number)
		return why_set(why, SL_E_REPLAY, "case %lld comes after case %lld",
			       (long long)w->c.number, (long long)w->state->number);
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) != 0)
			r = load_before(w, k, why);
	}
	if (r == SL_OK && (roles >> DELTA_FEED & 1u) != 0)
		r = load_head(w, why);
	return r;
}

/* The releaser signed first: a threshold of one with the role's keys. */
static int check_signed(struct work *w, unsigned k, struct sl_why *why)
{
	struct tuf_role role;
	int r = tuf_role_of_targets(w->chain->targets, delta_role_name(k), &role, why);

	if (r != SL_OK)
		return r;
	role.threshold = 1;
	return tuf_verify(w->after[k], &role, why);
}

/* New metadata must be the one right outcome; only its expiry is its own choice. */
static int check_after(struct work *w, unsigned k, struct sl_why *why)
{
	int64_t version = w->c.kind == CASEFILE_INITIAL ? 1 : w->state->version[k] + 1;
	int64_t longest = k == DELTA_FEED ? VERIFY_FEED_S : VERIFY_BIN_S;
	char path[64], want[65], got[65];
	struct tuf_meta ours = {.version = version};
	json_t *body = NULL;
	int r;

	(void)snprintf(path, sizeof(path), "metadata/%lld.%s.json", (long long)version,
		       delta_role_name(k));
	r = load(w->tree_fd, path, &w->after[k], why);
	if (r == SL_OK)
		r = tree_list_add(&w->files, path);
	if (r != SL_OK)
		return r;
	if (w->after[k]->expires <= w->now ||
	    w->after[k]->expires > w->now + longest + VERIFY_SKEW_S)
		return why_set(why, SL_E_EXPIRED, "%s: its expiry is out of bounds", path);
	body = tuf_leaf_body(version, w->after[k]->expires, w->want.targets[k]);
	ours.body = body;
	r = body == NULL ? SL_E_NOMEM : verify_body(&ours, want);
	json_decref(body);
	if (r == SL_OK)
		r = verify_body(w->after[k], got);
	if (r == SL_OK && strcmp(want, got) != 0)
		r = why_set(why, SL_E_DENIED,
			    "%s says something else than the items of this case", path);
	return r == SL_OK ? check_signed(w, k, why) : r;
}

/* A feed page in the tree is exactly the bytes that follow from the items. */
static int check_page(struct work *w, const char *name, const struct buf *bytes,
		      struct sl_why *why)
{
	char target[TUF_PATH_MAX], path[DELTA_FILE_MAX], hex[65];
	int r;

	if (bytes->len == 0)
		return SL_OK;
	hash_hex(bytes->data, bytes->len, hex);
	(void)snprintf(target, sizeof(target), "feed/%s.json", name);
	delta_file_path(target, hex, path);
	r = tree_check(w->tree_fd, path, bytes->len, hex);
	if (r != SL_OK)
		return why_set(why, r, "%s is missing or wrong", path);
	return tree_list_add(&w->files, path);
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

static int prove(struct work *w, uint32_t roles, struct sl_why *why)
{
	const json_t *targets[DELTA_ROLES] = {NULL};
	int r = load_state(w, roles, why);

	if (r != SL_OK)
		return r;
	for (unsigned k = 0; k < DELTA_ROLES; k++)
		targets[k] =
			w->before[k] == NULL ? NULL : json_obj(w->before[k]->body, "targets");
	for (unsigned i = 0; i < w->c.n && r == SL_OK; i++)
		r = proof_item(w->case_fd, &w->c.items[i], w->chain->roster, w->now, &w->files,
			       why);
	if (r == SL_OK)
		r = proof_follows(w->case_fd, &w->c, &w->head, why);
	if (r == SL_OK)
		r = casefile_expect(&w->c, targets, &w->head, &w->want, why);
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) != 0)
			r = check_after(w, k, why);
	}
	if (r == SL_OK)
		r = check_page(w, "head", &w->want.head_bytes, why);
	if (r == SL_OK)
		r = check_page(w, w->want.page, &w->want.page_bytes, why);
	return r == SL_OK ? check_nothing_else(w, why) : r;
}

/* Asked again for the case signed last: are these the very same bodies? */
static int same_again(struct work *w, uint32_t roles, struct sl_why *why)
{
	char path[64], hex[65];
	int r = SL_OK;

	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) == 0)
			continue;
		(void)snprintf(path, sizeof(path), "metadata/%lld.%s.json",
			       (long long)w->state->version[k], delta_role_name(k));
		r = load(w->tree_fd, path, &w->after[k], why);
		if (r == SL_OK)
			r = verify_body(w->after[k], hex);
		if (r == SL_E_NOTFOUND || (r == SL_OK && strcmp(hex, w->state->sha256[k]) != 0))
			r = why_set(why, SL_E_REPLAY,
				    "case %lld was signed before with other contents",
				    (long long)w->c.number);
	}
	return r;
}

static int sign_role(const struct tuf_meta *m, const struct key *k, char keyid[KEY_ID_HEX + 1],
		     char hex[2 * KEY_SIGNATURE + 1])
{
	uint8_t sig[KEY_SIGNATURE];
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = json_canonical(m->body, &b);
	if (r == SL_OK) {
		key_sign(k, b.data, b.len, sig);
		text_hex(sig, sizeof(sig), hex);
		memcpy(keyid, key_id(k), KEY_ID_HEX + 1);
	}
	buf_release(&b);
	return r;
}

static int sign(struct work *w, uint32_t roles, const struct verify_keys *keys,
		struct casefile_answer *a, struct verify_state *next)
{
	int r = SL_OK;

	*next = *w->state;
	next->number = w->c.number;
	memset(a, 0, sizeof(*a));
	a->roles = roles;
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) == 0)
			continue;
		next->version[k] = w->after[k]->version;
		r = verify_body(w->after[k], next->sha256[k]);
		if (r == SL_OK)
			r = sign_role(w->after[k], k == DELTA_FEED ? keys->feed : keys->rel,
				      a->keyid[k], a->sig[k]);
	}
	return r;
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
	w->tree_fd = file_open_dir(w->case_fd, "tree");
	return w->tree_fd >= 0 ? SL_OK : why_set(why, w->tree_fd, "the case has no tree");
}

int verify_case(int case_fd, const struct chain *chain, const struct verify_state *state,
		const struct verify_keys *keys, int64_t now, struct casefile_answer *ret_answer,
		struct verify_state *ret_next, struct sl_why *why)
{
	struct work *w = calloc(1, sizeof(*w));
	uint32_t roles;
	int r = w == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	w->case_fd = case_fd;
	w->tree_fd = -1;
	w->chain = chain;
	w->state = state;
	w->now = now;
	r = open_case(w, why);
	if (r != SL_OK)
		goto out;
	roles = casefile_roles(&w->c);
	r = w->c.number == state->number ? same_again(w, roles, why) : prove(w, roles, why);
	if (r == SL_OK)
		r = sign(w, roles, keys, ret_answer, ret_next);
out:
	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		tuf_free(w->before[k]);
		tuf_free(w->after[k]);
	}
	delta_release(&w->want);
	tree_list_release(&w->files);
	file_close(w->tree_fd);
	free(w);
	return r;
}
