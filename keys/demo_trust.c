/* demo_trust.c - the first root, targets and policy metadata of the demo.
 *
 * Signed as trust.md section 2 says: root by 3 of 5, targets by 2 of 3, policy by
 * 2 of 3.  Releaser and checker, who hold one rel and one feed key each, write
 * the rest themselves at their first start. */
#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "keys/demo_private.h"
#include "trust/tuf_writer.h"

enum { SET_MAX = 5 };

struct set { /* public halves of the keys of one role */
	const char *name;
	const char *file[SET_MAX + 1];
	unsigned threshold;
};

static const struct set root = {"root",
				{"custodians/root-1", "custodians/root-2", "custodians/root-3",
				 "custodians/root-4", "custodians/root-5"},
				3};
static const struct set targets = {
	"targets", {"custodians/targets-1", "custodians/targets-2", "custodians/targets-3"}, 2};
static const struct set policy = {
	"policy", {"custodians/policy-1", "custodians/policy-2", "custodians/policy-3"}, 2};
static const struct set snapshot = {"snapshot", {"snapshot"}, 1};
static const struct set timestamp = {"timestamp", {"timestamp"}, 1};
static const struct set rel = {"rel", {"releaser/rel", "checker/rel"}, 2};
static const struct set feed = {"feed", {"releaser/feed", "checker/feed"}, 2};

/* The organisation code of the demo's routes, as in its index numbers. */
static const char log_origin[] = "11349900MB0000012T/release-log";
static const char witness_name[] = "11349900MB0000012T/checker";

static struct tuf_role_spec spec(const struct demo *d, const struct set *s,
				 uint8_t keys[SET_MAX][KEY_PUBLIC])
{
	unsigned n = 0;

	for (; s->file[n] != NULL; n++)
		memcpy(keys[n], key_public(demo_people_key(d, s->file[n])), KEY_PUBLIC);
	return (struct tuf_role_spec){.name = s->name,
				      .threshold = s->threshold,
				      .keys = (const uint8_t(*)[KEY_PUBLIC])keys,
				      .n_keys = n};
}

/* Sign with as many keys of the set as its threshold asks for; write.  Takes body. */
static int write_signed(const struct demo *d, json_t *body, const struct set *by,
			const char *const *paths, struct sl_why *why)
{
	json_t *envelope = body == NULL ? NULL : tuf_envelope_new(body);
	struct buf b;
	int r = envelope == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, TUF_TARGETS_MAX);
	for (unsigned i = 0; i < by->threshold && r == SL_OK; i++)
		r = tuf_add_signature(envelope, demo_people_key(d, by->file[i]));
	if (r == SL_OK)
		r = json_canonical(envelope, &b);
	for (unsigned i = 0; paths[i] != NULL && r == SL_OK; i++)
		r = demo_put(d, paths[i], b.data, b.len, 0644, why);
	buf_release(&b);
	json_decref(envelope);
	json_decref(body);
	return r;
}

static int write_root(const struct demo *d, struct sl_why *why)
{
	static const char *const paths[] = {"trust/root.json", "trust/1.root.json",
					    "repository/metadata/1.root.json", NULL};
	uint8_t keys[4][SET_MAX][KEY_PUBLIC];
	const struct tuf_role_spec roles[] = {
		spec(d, &root, keys[0]), spec(d, &targets, keys[1]),
		spec(d, &snapshot, keys[2]), spec(d, &timestamp, keys[3])};

	return write_signed(d, tuf_root_body(1, d->now + (int64_t)365 * DEMO_DAY, roles, 4),
			    &root, paths, why);
}

static int write_targets(const struct demo *d, struct sl_why *why)
{
	static const char *const paths[] = {"repository/metadata/1.targets.json", NULL};
	uint8_t keys[3][SET_MAX][KEY_PUBLIC];
	const struct tuf_role_spec p = spec(d, &policy, keys[0]), f = spec(d, &feed, keys[1]),
				   r = spec(d, &rel, keys[2]);

	return write_signed(d,
			    tuf_targets_body(1, d->now + (int64_t)365 * DEMO_DAY, &p, &f, &r),
			    &targets, paths, why);
}

static int put_target(const struct demo *d, const char *name, const struct buf *b, json_t *list,
		      struct sl_why *why)
{
	char path[256], sha256[HASH_HEX + 1];
	uint8_t digest[HASH_LEN];

	hash_bytes(b->data, b->len, digest);
	hash_hex(b->data, b->len, sha256);
	(void)snprintf(path, sizeof(path), "policy/%s", name);
	tuf_target_put(list, path, digest, b->len);
	(void)snprintf(path, sizeof(path), "repository/targets/policy/%s.%s", sha256, name);
	return demo_put(d, path, b->data, b->len, 0644, why);
}

/* One log, and the checker as its one witness. */
static int witness_bytes(const struct demo *d, struct buf *out)
{
	struct note_key log, witness;
	int r = note_key_make(log_origin, NOTE_LOG,
			      key_public(demo_people_key(d, "releaser/log")), &log);

	if (r == SL_OK)
		r = note_key_make(witness_name, NOTE_COSIGNATURE,
				  key_public(demo_people_key(d, "checker/witness")), &witness);
	if (r != SL_OK)
		return r;
	buf_puts(out, "log ");
	note_key_write(&log, out);
	buf_puts(out, "\nwitness checker ");
	note_key_write(&witness, out);
	buf_puts(out, "\nquorum checker\n");
	return buf_error(out);
}

/* Each version stays reachable under its own name, for packages approved under it. */
static int write_policy(const struct demo *d, struct sl_why *why)
{
	static const char *const paths[] = {"repository/metadata/1.policy.json", NULL};
	json_t *list = json_object();
	struct buf b, w;
	int r;

	buf_init(&b, JSON_SIGNED_MAX);
	buf_init(&w, JSON_SIGNED_MAX);
	r = list == NULL ? SL_E_NOMEM : demo_policy_bytes(d, &b);
	if (r == SL_OK)
		r = demo_put(d, "repository/approval-policy.json", b.data, b.len, 0644, why);
	if (r == SL_OK)
		r = put_target(d, "approval-policy.json", &b, list, why);
	if (r == SL_OK)
		r = put_target(d, "approval-policy-1.json", &b, list, why);
	if (r == SL_OK)
		r = witness_bytes(d, &w);
	if (r == SL_OK)
		r = put_target(d, "witness-policy.txt", &w, list, why);
	if (r == SL_OK)
		r = write_signed(d, tuf_leaf_body(1, d->now + (int64_t)180 * DEMO_DAY, list),
				 &policy, paths, why);
	json_decref(list);
	buf_release(&b);
	buf_release(&w);
	return r;
}

int demo_trust_write(const struct demo *d, struct sl_why *why)
{
	int r = write_root(d, why);

	if (r == SL_OK)
		r = write_targets(d, why);
	return r == SL_OK ? write_policy(d, why) : r;
}
