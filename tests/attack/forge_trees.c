/* forge_trees.c - attacks on the tree around good approvals: P10, P16, P18, P22. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"

enum { DAY = 86400, LINES = 10000 };

static void all_three(struct forge *f)
{
	forge_approve(f, f->k.people[OKIT_LIAISON], "liaison");
	forge_approve(f, f->k.people[OKIT_LEADER], "unit-leader");
	forge_approve(f, f->k.people[OKIT_DESK], "desk");
}

static struct okit_set *set_of(struct forge *f, const char *id)
{
	char set[LAYOUT_ROLE_MAX];

	layout_release_role(id, set);
	return okit_set(&f->k, set);
}

/* P10: the attestations of the honest release beside another manifest. */
static void p10_other_release(struct forge *f)
{
	const char *hex = json_str(json_obj(json_obj(set_of(f, "R-2026-000001")->targets,
						     "rel/R-2026-000001/1/attest.intoto.jsonl"),
					    "hashes"),
				   "sha256");
	struct buf attest;
	char path[160];
	char *text;

	assert_non_null(hex);
	(void)snprintf(path, sizeof(path), "targets/rel/R-2026-000001/1/%s.attest.intoto.jsonl",
		       hex);
	text = okit_read(f->k.tree, path);
	buf_init(&attest, ATTEST_MAX);
	buf_puts(&attest, text);
	free(text);
	forge_publish(f, &attest);
	buf_release(&attest);
}

/* P16: the desk hands in for the author and then approves. */
static void p16_submitter(struct forge *f)
{
	f->submitter = "p-04";
	f->submits = OKIT_DESK;
	forge_release(f, all_three);
}

/* ---- P18 ---- */

static void p18_stale(struct forge *f)
{
	forge_release(f, all_three);
}

static void p18_gap(struct forge *f)
{
	f->k.head.next_serial++;
	forge_release(f, all_three);
}

/* Somebody hides number 2 of the channel. */
static void p18_channel_gap(struct forge *f)
{
	f->k.head.channels.next[0]++;
	forge_release(f, all_three);
}

/* Number 1 once more, where platforms have seen it already. */
static void p18_channel_twice(struct forge *f)
{
	f->k.head.channels.next[0]--;
	forge_release(f, all_three);
}

/* Numbered in a channel that its reviewers did not send it to. */
static void p18_other_channel(struct forge *f)
{
	assert_int_equal(
		json_object_set_new(f->k.channels, f->id, json_pack("[s]", "micro-blog")), 0);
	forge_release(f, all_three);
}

static void take_down(struct forge *f, const char *order, enum feed_status status)
{
	struct okit_notice n = {.id = f->id,
				.version = 1,
				.order = order,
				.says = order,
				.status = status,
				.by = 1u << OKIT_DESK,
				.manifest_sha256 = f->subject};
	char manifest[65];

	okit_take_down(&f->k, f->id, 1, manifest);
	okit_notice(&f->k, &n);
}

/* What an honest outlet serves after a recall … */
static void p18_recalled(struct forge *f)
{
	forge_release(f, all_three);
	okit_commit(&f->k, DAY);
	take_down(f, "withdraw", FEED_CANCELED);
}

/* … and the same serials with another release where the recall was, in newer metadata. */
static void p18_suppressed(struct forge *f)
{
	char set[LAYOUT_ROLE_MAX];

	forge_release(f, all_three);
	okit_commit(&f->k, DAY);
	okit_release(&f->k, "R-2026-000003", 1, "official-site", "instead", 0);
	okit_commit(&f->k, DAY);
	okit_release(&f->k, "R-2026-000004", 1, "official-site", "and more", 0);
	/* The role that lists notices stays; only this one is not in it. */
	layout_notice_role(f->k.head.next_serial, set);
	(void)okit_set(&f->k, set);
	for (unsigned i = 0; i < 2 * f->k.n_sets; i++) { /* nothing in it goes back */
		f->k.sets[i % f->k.n_sets].dirty = true;
		if (i == f->k.n_sets - 1)
			okit_commit(&f->k, DAY);
	}
}

/* Two releases; then a third one whose files the outlet holds back, and the recall of the
 * second behind it. */
static void p18_two(struct forge *f)
{
	forge_release(f, all_three);
}
static void p18_held_back(struct forge *f)
{
	forge_release(f, all_three);
	okit_commit(&f->k, DAY);
	okit_release(&f->k, "R-2026-000003", 1, "official-site", "held back", 0);
	take_down(f, "withdraw", FEED_CANCELED);
}

/* Withdrawn, then released again under the same version with the old approvals. */
static void p18_again(struct forge *f)
{
	forge_release(f, all_three);
	okit_commit(&f->k, DAY);
	take_down(f, "withdraw", FEED_CANCELED);
	okit_commit(&f->k, DAY);
	for (unsigned i = 0; i < f->n; i++)
		buf_release(&f->line[i]);
	f->n = 0;
	forge_release(f, all_three);
}

/* Frozen, and back into its set with a notice that carries these orders. */
static void restore_after(struct forge *f, unsigned by, int64_t freeze, const char *says,
			  unsigned others)
{
	const char *const names[] = {"manifest.json", "attest.intoto.jsonl", "log.tlog-proof"};
	json_t *targets[3];
	struct okit_notice n = {.id = f->id,
				.version = 1,
				.order = "reinstate",
				.says = says,
				.status = FEED_USABLE,
				.by = by,
				.freeze = freeze,
				.manifest_sha256 = f->subject};
	char path[128];

	forge_release(f, all_three);
	okit_commit(&f->k, DAY);
	for (unsigned i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "rel/%s/1/%s", f->id, names[i]);
		targets[i] = json_incref(json_object_get(set_of(f, f->id)->targets, path));
		assert_non_null(targets[i]);
	}
	take_down(f, "freeze", FEED_WITHHELD);
	f->k.n_removes = 0;
	for (unsigned i = 0; i < others; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "R-2026-%06u", 100 + i);
		okit_release(&f->k, id, 1, "official-site", "and more", 0);
		okit_recall(&f->k, id, 1);
		f->k.n_removes = 0;
	}
	okit_commit(&f->k, DAY);
	for (unsigned i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "rel/%s/1/%s", f->id, names[i]);
		assert_int_equal(
			json_object_set_new(set_of(f, f->id)->targets, path, targets[i]), 0);
	}
	okit_notice(&f->k, &n);
}

static void restore(struct forge *f, unsigned by, int64_t freeze, const char *says)
{
	restore_after(f, by, freeze, says, 0);
}

/* The release is serial 2, its freeze 3. */
static void p18_restored(struct forge *f)
{
	restore(f, 1u << OKIT_DESK | 1u << OKIT_LEADER, 3, "reinstate");
}
/* The freeze stands on an older page of the feed by then. */
static void p18_restored_later(struct forge *f)
{
	restore_after(f, 1u << OKIT_DESK | 1u << OKIT_LEADER, 3, "reinstate", 140);
}
static void p18_restored_by_one(struct forge *f)
{
	restore(f, 1u << OKIT_DESK, 3, "reinstate");
}
static void p18_restored_by_gateway(struct forge *f)
{
	restore(f, 0, 0, "reinstate");
}
static void p18_restored_by_author(struct forge *f)
{
	restore(f, 1u << OKIT_DESK | 1u << OKIT_AUTHOR, 3, "reinstate");
}
/* The author reviews other people's drafts, and is one of the two. */
static void p18_restored_own(struct forge *f)
{
	restore(f, 1u << OKIT_LEADER | 1u << OKIT_AUTHOR, 3, "reinstate");
}
static void p18_restored_for_another_freeze(struct forge *f)
{
	restore(f, 1u << OKIT_DESK | 1u << OKIT_LEADER, 2, "reinstate");
}

/* ---- P22 ---- */

static void attest_as(struct forge *f, unsigned before, const char *line)
{
	struct buf whole;

	buf_init(&whole, 16 << 20);
	for (unsigned i = 0; i < before; i++)
		buf_puts(&whole, line);
	all_three(f);
	for (unsigned i = 0; i < f->n; i++) {
		buf_put(&whole, f->line[i].data, f->line[i].len);
		buf_puts(&whole, "\n");
	}
	forge_publish(f, &whole);
	buf_release(&whole);
}

static void p22_garbage_first(struct forge *f)
{
	attest_as(f, 1, "— outlet.example garbage\n");
}
static void p22_many_lines(struct forge *f)
{
	attest_as(f, LINES,
		  "{\"payload\":\"eA==\",\"payloadType\":\"application/vnd.in-toto+json\","
		  "\"signatures\":[]}\n");
}

/* The timestamp with 10,000 signatures before the good one. */
static void p22_many_signatures(struct forge *f)
{
	json_t *j = NULL, *list;
	struct buf b;
	char *text;

	forge_release(f, all_three);
	okit_commit(&f->k, DAY);
	text = okit_read(f->k.tree, "metadata/timestamp.json");
	assert_int_equal(json_parse(text, strlen(text), 1 << 20, &j), SL_OK);
	free(text);
	list = json_object_get(j, "signatures");
	for (unsigned i = 0; i < LINES; i++) {
		char id[65], sig[129];

		(void)snprintf(id, sizeof(id), "%064u", i);
		(void)snprintf(sig, sizeof(sig), "%0128u", i);
		assert_int_equal(
			json_array_insert_new(list, i,
					      json_pack("{s:s,s:s}", "keyid", id, "sig", sig)),
			0);
	}
	buf_init(&b, 16 << 20);
	assert_int_equal(json_compact(j, &b), SL_OK);
	okit_write(f->k.tree, "many-signatures.json", b.data, b.len);
	json_decref(j);
	buf_release(&b);
}

const struct forge_attack forge_trees[] = {
	{"p10-other-release", NULL, NULL, p10_other_release},
	{"p16-submitter", NULL, NULL, p16_submitter},
	{"p18-stale", NULL, NULL, p18_stale},
	{"p18-gap", NULL, NULL, p18_gap},
	{"p18-channel-gap", NULL, NULL, p18_channel_gap},
	{"p18-channel-twice", NULL, NULL, p18_channel_twice},
	{"p18-other-channel", NULL, NULL, p18_other_channel},
	{"p18-recalled", NULL, NULL, p18_recalled},
	{"p18-suppressed", NULL, NULL, p18_suppressed},
	{"p18-two", NULL, NULL, p18_two},
	{"p18-held-back", NULL, NULL, p18_held_back},
	{"p18-again", NULL, NULL, p18_again},
	{"p18-restored", NULL, NULL, p18_restored},
	{"p18-restored-later", NULL, NULL, p18_restored_later},
	{"p18-restored-by-one", NULL, NULL, p18_restored_by_one},
	{"p18-restored-by-gateway", NULL, NULL, p18_restored_by_gateway},
	{"p18-restored-by-author", NULL, NULL, p18_restored_by_author},
	{"p18-restored-own", forge_author_reviews, NULL, p18_restored_own},
	{"p18-restored-for-another-freeze", NULL, NULL, p18_restored_for_another_freeze},
	{"p22-garbage-first", NULL, NULL, p22_garbage_first},
	{"p22-many-lines", NULL, NULL, p22_many_lines},
	{"p22-many-signatures", NULL, NULL, p22_many_signatures},
	{NULL, NULL, NULL, NULL},
};
