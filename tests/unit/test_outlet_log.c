/* test_outlet_log.c - the platform's side of the release log: history only grows, and a
 * package proves its own entry (trust.md section 10: P10, P19). */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "pull_kit.h"

enum { DAY = 86400 };

static void release(struct stage *s, const char *id)
{
	okit_release(&s->k, id, 1, "official-site", id, 0);
	okit_commit(&s->k, DAY);
}

/* Log, witness and feed agree about another past: only the platform's memory can tell. */
static void p19_rewritten_log_is_refused(void **state)
{
	static const struct {
		const char *name, *says;
		unsigned entries; /* logged on top of the state after the first release */
	} rows[] = {
		{"shorter", "went back from 3 entries to 2", 0},
		{"as long", "rewritten", 1},
		{"longer", "rewritten", 5},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct merkle_frontier past;
		struct stage s;
		char zero[65];

		(void)snprintf(zero, sizeof(zero), "%064d", 0);
		stage_new(&s);
		release(&s, "R-2026-000001");
		past = s.k.frontier;
		release(&s, "R-2026-000002");
		stage_pull(&s, 0, "R-2026-000002");
		s.k.frontier = past;
		if (rows[i].entries == 0)
			okit_put_checkpoint(&s.k);
		for (unsigned n = 0; n < rows[i].entries; n++)
			okit_log(&s.k, "-", 8 + n, LOG_POLICY, s.k.policy_sha256, zero);
		okit_commit(&s.k, DAY);
		stage_pull(&s, 1, rows[i].says);
		assert_true(stage_there(&s, "live/R-2026-000002"));
		stage_free(&s);
	}
}

/* Nothing changed for a while, then much: the proof spans full tiles. */
static void a_log_of_many_tiles_is_followed(void **state)
{
	struct stage s;
	char zero[65];

	(void)state;
	(void)snprintf(zero, sizeof(zero), "%064d", 0);
	stage_new(&s);
	release(&s, "R-2026-000001");
	stage_pull(&s, 0, "R-2026-000001");
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned n = 0; n < 300; n++)
			okit_log(&s.k, "-", 10 + n, LOG_POLICY, s.k.policy_sha256, zero);
		okit_commit(&s.k, DAY);
		if (round != 1)
			stage_pull(&s, 0, "up-to-date");
	}
	release(&s, "R-2026-000002");
	stage_pull(&s, 0, "R-2026-000002");
	stage_verify(&s, "R-2026-000002/1", 0);
	/* A tile that lies about the past is no proof. */
	release(&s, "R-2026-000003");
	{
		char *text = okit_read(s.k.tree, "log/tile/0/000");

		assert_non_null(text);
		okit_write(s.k.tree, "log/tile/0/003.p/136", zero, 64);
		free(text);
	}
	stage_pull(&s, 1, "refused");
	assert_false(stage_there(&s, "live/R-2026-000003"));
	stage_free(&s);
}

static void in_package(const struct stage *s, const char *package, const char *name,
		       char out[512])
{
	(void)snprintf(out, 512, "%s/releases/%s/%s", s->into, package, name);
}

/* P10: the proof of another artefact, no proof, a proof that nobody witnessed. */
static void p10_package_proves_its_own_entry(void **state)
{
	char one[512], two[512], *proof, *other, *cut;
	struct stage s;

	(void)state;
	stage_new(&s);
	release(&s, "R-2026-000001");
	release(&s, "R-2026-000002");
	stage_pull(&s, 0, "R-2026-000002");
	in_package(&s, "R-2026-000001/1", "log.tlog-proof", one);
	in_package(&s, "R-2026-000002/1", "log.tlog-proof", two);
	proof = okit_read(AT_FDCWD, one);
	other = okit_read(AT_FDCWD, two);
	stage_verify(&s, "R-2026-000001/1", 0);
	okit_write(AT_FDCWD, one, other, strlen(other));
	stage_verify(&s, "R-2026-000001/1", 1);
	/* Without the witness's line. */
	cut = strdup(proof);
	*strrchr(cut, '\n') = '\0';
	*(strrchr(cut, '\n') + 1) = '\0';
	okit_write(AT_FDCWD, one, cut, strlen(cut));
	stage_verify(&s, "R-2026-000001/1", 1);
	assert_int_equal(unlink(one), 0);
	stage_verify(&s, "R-2026-000001/1", 1);
	okit_write(AT_FDCWD, one, proof, strlen(proof));
	stage_verify(&s, "R-2026-000001/1", 0);
	/* Another witness policy is nothing that the custodians signed. */
	in_package(&s, "R-2026-000001/1", "tuf/witness-policy.txt", one);
	okit_write(AT_FDCWD, one, "quorum none\n", 12);
	stage_verify(&s, "R-2026-000001/1", 1);
	free(proof);
	free(other);
	free(cut);
	stage_free(&s);
}

/* A release whose proof is of another one is refused, the rest of the feed is not lost. */
static void p10_release_without_its_entry_is_refused(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	/* What is logged is not what is published. */
	s.k.logged[s.k.n_logged - 1].attest_sha256[0] ^= 1;
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "the proof does not lead from this entry to the log");
	assert_false(stage_there(&s, "live/R-2026-000001"));
	stage_free(&s);
}

/* Version 8 comes into force; the old one stays listed for what was published under it. */
static void replace_policy(struct okit *k, bool logged)
{
	char sha256[65], zero[65];
	json_t *j = NULL;
	struct buf next;

	(void)snprintf(zero, sizeof(zero), "%064d", 0);
	assert_int_equal(json_parse_signed(k->policy_bytes.data, k->policy_bytes.len, &j),
			 SL_OK);
	assert_int_equal(json_object_set_new(j, "version", json_integer(8)), 0);
	buf_init(&next, JSON_SIGNED_MAX);
	assert_int_equal(json_canonical(j, &next), SL_OK);
	okit_put_target(k, k->policy_targets, "policy/approval-policy-7.json",
			&k->policy_bytes);
	okit_put_target(k, k->policy_targets, "policy/approval-policy.json", &next);
	hash_hex(next.data, next.len, sha256);
	if (logged)
		okit_log(k, "-", 8, LOG_POLICY, sha256, zero);
	k->policy_dirty = true;
	okit_commit(k, DAY);
	buf_release(&next);
	json_decref(j);
}

/* P15: keys that a newer policy has removed can still sign under the old one, and who holds
 * the gateway can publish it; the order of the log says that it is too late. */
static void p15_old_policy_is_good_for_old_entries_only(void **state)
{
	struct stage s;

	(void)state;
	for (int logged = 1; logged >= 0; logged--) {
		stage_new(&s);
		release(&s, "R-2026-000001");
		stage_pull(&s, 0, "R-2026-000001");
		replace_policy(&s.k, logged != 0);
		stage_pull(&s, 0, "up-to-date");
		release(&s, "R-2026-000002");
		stage_pull(&s, 1,
			   logged != 0 ? "was replaced before this release was logged"
				       : "does not say when approval policy version 7");
		assert_false(stage_there(&s, "live/R-2026-000002"));
		assert_true(stage_there(&s, "live/R-2026-000001"));
		/* A newcomer finds what was published in time, where the log tells. */
		assert_int_equal(file_remove_tree(AT_FDCWD, s.into), SL_OK);
		stage_pull(&s, 1, logged != 0 ? "R-2026-000002" : "R-2026-000001");
		assert_int_equal(stage_there(&s, "live/R-2026-000001"), logged != 0);
		assert_false(stage_there(&s, "live/R-2026-000002"));
		stage_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p19_rewritten_log_is_refused),
		cmocka_unit_test(a_log_of_many_tiles_is_followed),
		cmocka_unit_test(p10_package_proves_its_own_entry),
		cmocka_unit_test(p10_release_without_its_entry_is_refused),
		cmocka_unit_test(p15_old_policy_is_good_for_old_entries_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
