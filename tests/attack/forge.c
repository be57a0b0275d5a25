/* forge.c - `forge ATTACK DIR [SECONDS]`: DIR/tree as a platform would be served it, and
 * units for an outlet; two trees of the same second begin with the same bytes. */
#include "forge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

enum { DAY = 86400 };

static const char digest_a[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

void forge_line(struct forge *f, const struct buf *line)
{
	struct buf *b = &f->line[f->n];

	assert_true(f->n < FORGE_LINES);
	buf_init(b, DSSE_MAX);
	buf_put(b, line->data, line->len);
	hash_hex(b->data, b->len, f->sha256[f->n]);
	f->n++;
}

void forge_say(struct forge *f, const struct key *key, enum predicate kind, json_t *predicate)
{
	struct buf line;

	buf_init(&line, DSSE_MAX);
	assert_int_equal(statement_sign(key, kind, f->subject, predicate, &line), SL_OK);
	forge_line(f, &line);
	json_decref(predicate);
	buf_release(&line);
}

struct approval_facts forge_facts(const struct forge *f, const char *role)
{
	struct approval_facts a = {
		.decision = "approve",
		.role = role,
		.draft = "D-2026-000002",
		.revision = 2,
		.inspection_sha256 = digest_a,
		.shown_sha256 = digest_a,
		.policy_sha256 = f->k.policy_sha256,
		.policy_version = 7,
		.time = f->k.now - 600,
		.expires = f->k.now + DAY,
	};

	(void)snprintf(a.nonce, sizeof(a.nonce), "%032u", f->n);
	return a;
}

void forge_approve(struct forge *f, const struct key *key, const char *role)
{
	struct approval_facts a = forge_facts(f, role);

	forge_say(f, key, PRED_APPROVAL, approval_predicate(&a));
}

void forge_publish(struct forge *f, const struct buf *attest)
{
	struct feed_entry e = {.kind = FEED_RELEASE, .status = FEED_USABLE, .version = 1};
	char path[128], set[LAYOUT_ROLE_MAX], hex[65];

	layout_release_role(f->id, set);
	(void)snprintf(path, sizeof(path), "rel/%s/1/manifest.json", f->id);
	okit_put_target(&f->k, okit_set(&f->k, set)->targets, path, &f->manifest);
	(void)snprintf(path, sizeof(path), "rel/%s/1/attest.intoto.jsonl", f->id);
	okit_put_target(&f->k, okit_set(&f->k, set)->targets, path, attest);
	hash_hex(attest->data, attest->len, hex);
	okit_log(&f->k, f->id, 1, LOG_RELEASE, f->subject, hex);
	(void)snprintf(e.id, sizeof(e.id), "%s", f->id);
	(void)snprintf(e.manifest_sha256, sizeof(e.manifest_sha256), "%s", f->subject);
	okit_append(&f->k, &e);
}

static void finish(struct forge *f)
{
	const char *inputs[FORGE_LINES];
	struct buf attest;

	for (unsigned i = 0; i < f->n; i++)
		inputs[i] = f->sha256[i];
	forge_say(f, f->k.people[OKIT_GATEWAY], PRED_RELEASE,
		  release_predicate(inputs, f->n, f->k.policy_sha256, 7, f->k.head.next_serial,
				    f->k.now - 60));
	buf_init(&attest, ATTEST_MAX);
	assert_int_equal(attest_join(f->line, f->n, &attest), SL_OK);
	forge_publish(f, &attest);
	buf_release(&attest);
}

void forge_release(struct forge *f, void (*approve)(struct forge *f))
{
	json_t *filters = json_array();

	forge_say(f, f->k.people[f->submits], PRED_SUBMISSION,
		  submission_predicate("D-2026-000002", f->revision, f->author, f->submitter,
				       f->k.now - 3600));
	forge_say(f, f->k.people[OKIT_INSPECTOR], PRED_INSPECTION,
		  inspection_predicate(filters, "clean", digest_a, digest_a, f->k.now - 3000));
	json_decref(filters);
	approve(f);
	finish(f);
}

static void write_keys(struct forge *f, const char *dir)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/link-key", dir);
	assert_int_equal(key_write(f->k.link, path, NULL), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/gateway", dir);
	assert_int_equal(key_write(f->k.people[OKIT_GATEWAY], path, NULL), SL_OK);
}

static const struct forge_attack *find(const char *name)
{
	static const struct forge_attack *const all[] = {forge_approvals, forge_trees};

	for (unsigned i = 0; i < 2; i++) {
		for (const struct forge_attack *a = all[i]; a->name != NULL; a++) {
			if (strcmp(a->name, name) == 0)
				return a;
		}
	}
	return NULL;
}

/* An honest release first; then the attack, each with a unit of its own. */
static void forge(const struct forge_attack *a, const char *dir, int64_t now)
{
	struct forge f = {.id = "R-2026-000002",
			  .author = "p-01",
			  .submitter = "p-01",
			  .submits = OKIT_AUTHOR,
			  .revision = 2};
	char path[256], tree[256];

	okit_new_with(&f.k, now, a->people);
	okit_release(&f.k, "R-2026-000001", 1, "official-site", "honest", 0);
	okit_commit(&f.k, DAY);
	(void)snprintf(path, sizeof(path), "%s/1.unit", dir);
	okit_unit(&f.k, 1, "initial", path, NULL);
	okit_manifest(&f.k, f.id, 1, "official-site", "attack", &f.manifest);
	hash_hex(f.manifest.data, f.manifest.len, f.subject);
	if (a->make != NULL)
		a->make(&f);
	else
		forge_release(&f, a->approve);
	okit_commit(&f.k, strcmp(a->name, "p18-stale") == 0 ? -60 : DAY);
	(void)snprintf(path, sizeof(path), "%s/2.unit", dir);
	okit_unit(&f.k, 2, "release", path, NULL);
	write_keys(&f, dir);
	(void)snprintf(path, sizeof(path), "%s/tree", dir);
	(void)snprintf(tree, sizeof(tree), "%s/tree", f.k.dir);
	assert_int_equal(rename(tree, path), 0);
	for (unsigned i = 0; i < f.n; i++)
		buf_release(&f.line[i]);
	buf_release(&f.manifest);
	okit_free(&f.k);
}

int main(int argc, char **argv)
{
	const struct forge_attack *a = argc >= 3 ? find(argv[1]) : NULL;
	uint64_t now = (uint64_t)clock_now();

	if (a == NULL ||
	    (argc > 3 && !text_to_u64(argv[3], strlen(argv[3]), INT32_MAX, &now))) {
		(void)fprintf(stderr, "forge ATTACK DIR [SECONDS]; see forge_approvals.c\n");
		return 2;
	}
	forge(a, argv[2], (int64_t)now);
	return 0;
}
