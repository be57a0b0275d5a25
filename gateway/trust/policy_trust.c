/* policy_trust.c - from the person's own root.json to the bytes that the gateway sent.
 *
 * Hostile: every answer of the gateway. */
#include "trust/policy_trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "trust/custody.h"
#include "trust/trust_memory.h"

enum { POLICY_MAX = 4 << 20 };

struct chain {
	struct tuf_meta *root, *targets, *policy;
	char root_sha256[65]; /* of the file that the person was given */
};

/* Proved in this program already, so that each draft that is opened does not ask for all of
 * the chain again. */
static struct {
	char sha256[65], root[4096];
	int64_t until;
} proved;

static void chain_release(struct chain *c)
{
	tuf_free(c->root);
	tuf_free(c->targets);
	tuf_free(c->policy);
}

static int read_root(const char *path, struct chain *c, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_ROOT_MAX);
	r = file_read(AT_FDCWD, path, TUF_ROOT_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, "root", &c->root, why);
	if (r == SL_OK)
		r = custody_root(c->root, why);
	hash_hex(b.data, b.len, c->root_sha256);
	buf_release(&b);
	return r;
}

static int parse(const json_t *text, const char *type, struct tuf_meta **ret_m,
		 struct sl_why *why)
{
	if (!json_is_string(text))
		return why_set(why, SL_E_FORMAT,
			       _("the gateway's answer cannot be understood"));
	return tuf_parse(json_string_value(text), json_string_length(text), type, ret_m, why);
}

static int take_chain(const json_t *answer, struct chain *c, struct sl_why *why)
{
	const json_t *roots = json_arr(answer, "roots");
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < json_array_size(roots) && i < TUF_ROOT_ROTATIONS;
	     i++) {
		struct tuf_meta *next = NULL;

		r = parse(json_array_get(roots, i), "root", &next, why);
		if (r == SL_OK)
			r = custody_next_root(&c->root, next, why);
	}
	if (r == SL_OK)
		r = parse(json_object_get(answer, "targets"), "targets", &c->targets, why);
	if (r == SL_OK)
		r = parse(json_object_get(answer, "policy"), "targets", &c->policy, why);
	return r == SL_OK ? custody_verify(c->root, c->targets, c->policy, why) : r;
}

static int fetch_chain(struct session *s, struct chain *c, struct sl_why *why)
{
	json_t *args = json_pack("{s:I}", "root", (json_int_t)c->root->version);
	struct wire_reply reply = {0};
	int r = args == NULL ? SL_E_NOMEM
			     : wire_ask(s->wire, "policy.chain", args, NULL, 0, &reply, why);

	json_decref(args);
	if (r == SL_OK)
		r = take_chain(reply.result, c, why);
	wire_reply_release(&reply);
	return r;
}

/* Nothing older than what was seen, and what is newer is kept in mind. */
static int remember(const struct client_config *config, const struct chain *c,
		    struct sl_why *why)
{
	const struct {
		const char *what;
		int64_t version;
	} all[] = {{"root", c->root->version},
		   {"targets", c->targets->version},
		   {"policy", c->policy->version}};
	struct trust_memory *m = NULL;
	int r = trust_memory_open(config, &m, why);

	if (r == SL_OK)
		r = trust_memory_root(m, c->root_sha256);
	for (unsigned i = 0; r == SL_OK && i < sizeof(all) / sizeof(all[0]); i++) {
		int64_t newest = trust_memory_newest(m, all[i].what);

		if (all[i].version < newest)
			r = why_set(why, SL_E_REPLAY,
				    _("the gateway shows %s of version %lld, and this machine "
				      "has seen version %lld"),
				    all[i].what, (long long)all[i].version, (long long)newest);
		else
			r = trust_memory_note(m, all[i].what, all[i].version);
	}
	if (r == SL_OK)
		r = trust_memory_save(m);
	trust_memory_close(m);
	return r;
}

static int64_t earliest(const struct chain *c)
{
	int64_t t =
		c->root->expires < c->targets->expires ? c->root->expires : c->targets->expires;

	return t < c->policy->expires ? t : c->policy->expires;
}

static int check_times(const struct chain *c, int64_t now, struct sl_why *why)
{
	int r = custody_not_expired(c->root, "root", now, why);

	if (r == SL_OK)
		r = custody_not_expired(c->targets, "targets", now, why);
	return r == SL_OK ? custody_not_expired(c->policy, "policy", now, why) : r;
}

/* Older versions stay listed under their own names. */
static bool was_listed(const struct tuf_meta *policy, const struct buf *bytes)
{
	json_t *targets = json_object_get(policy->body, "targets");
	const char *name;
	json_t *each;

	json_object_foreach(targets, name, each)
	{
		if (strncmp(name, "policy/approval-policy", 22) == 0 &&
		    custody_lists(policy, name, bytes->data, bytes->len))
			return true;
	}
	return false;
}

static int check_listed(const struct tuf_meta *policy, const struct buf *bytes,
			struct sl_why *why)
{
	if (custody_lists(policy, CUSTODY_APPROVAL_POLICY, bytes->data, bytes->len))
		return SL_OK;
	if (was_listed(policy, bytes))
		return why_set(why, SL_E_REPLAY,
			       _("the custodians have signed a newer one, which the gateway "
				 "has not taken over; try again in a moment"));
	return why_set(why, SL_E_SIGNATURE, _("the custodians did not sign it"));
}

static int prove(struct session *s, const struct buf *bytes, const char *sha256,
		 struct sl_why *why)
{
	const char *path = s->config->trust_root;
	struct chain c = {.root = NULL};
	int r = read_root(path, &c, why);

	if (r == SL_OK)
		r = fetch_chain(s, &c, why);
	if (r == SL_OK)
		r = check_times(&c, clock_now(), why);
	if (r == SL_OK)
		r = check_listed(c.policy, bytes, why);
	if (r == SL_OK)
		r = remember(s->config, &c, why);
	if (r == SL_OK) {
		(void)snprintf(proved.sha256, sizeof(proved.sha256), "%s", sha256);
		(void)snprintf(proved.root, sizeof(proved.root), "%s", path);
		proved.until = earliest(&c);
	}
	chain_release(&c);
	return r == SL_OK ? r
			  : why_prefix(why, r, "%s",
				       _("the gateway's approval policy is not believed"));
}

static bool is_proved(const struct session *s, const char *sha256)
{
	return strcmp(proved.sha256, sha256) == 0 &&
	       strcmp(proved.root, s->config->trust_root) == 0 && clock_now() < proved.until;
}

int policy_trust_get(struct session *s, struct roster **ret_r, char ret_sha256[65],
		     struct sl_why *why)
{
	struct wire_reply reply = {0};
	struct roster *roster = NULL;
	int r = SL_OK;

	if (s->config->trust_root == NULL)
		return why_set(why, SL_E_CONFIG,
			       _("trust_root is missing in your configuration: without the "
				 "custodians' root.json this machine cannot tell their "
				 "approval policy from one that somebody else made"));
	r = wire_ask(s->wire, "policy.get", NULL, NULL, 0, &reply, why);
	if (r == SL_OK && reply.data.len > POLICY_MAX)
		r = SL_E_LIMIT;
	if (r == SL_OK)
		r = roster_parse(reply.data.data, reply.data.len, &roster, why);
	if (r == SL_OK)
		text_hex(roster_digest(roster), HASH_LEN, ret_sha256);
	if (r == SL_OK && !is_proved(s, ret_sha256))
		r = prove(s, &reply.data, ret_sha256, why);
	wire_reply_release(&reply);
	if (r != SL_OK) {
		roster_free(roster);
		return r;
	}
	*ret_r = roster;
	return SL_OK;
}
