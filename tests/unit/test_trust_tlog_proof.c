/* Proof files, witness policies and log entries: decided offline, one spelling, P3, P10. */
#include <string.h>

#include "tlog_kit.h"
#include "trust/log_entry.h"

static const char ORIGIN[] = "outlet.example/release-log";

static int start(void **state)
{
	(void)state;
	return crypto_start();
}

static struct tlog_policy *policy(unsigned witnesses, const char *rest)
{
	struct tlog_policy *p = NULL;
	struct sl_why why = {.text = ""};
	struct buf b;

	buf_init(&b, 1 << 20);
	kit_policy_keys(ORIGIN, witnesses, &b);
	buf_puts(&b, rest);
	if (tlog_policy_parse(b.data, b.len, &p, &why) != SL_OK)
		fail_msg("%s", why.text);
	buf_release(&b);
	return p;
}

static void quorums(void **state)
{
	static const struct {
		const char *rest;
		unsigned enough; /* that many of w2, w3, w4, w5 in this order */
	} rows[] = {
		{"quorum w2\n", 1},
		{"quorum w4\n", 3},
		{"group g any w4 w3\nquorum g\n", 2},
		{"group g all w2 w3 w4 w5\nquorum g\n", 4},
		{"group g 2 w3 w4 w5\nquorum g\n", 3},
		{"group a any w2 w3\ngroup b all w4\ngroup c 2 a b\nquorum c\n", 3},
		{"# said \xe4\xb8\xad\n\n \t group\tg  1 w2 \n\tquorum g \n", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tlog_policy *p = policy(4, rows[i].rest);
		struct kit_log l;

		kit_log_init(&l);
		kit_log_grow(&l, 5);
		assert_string_equal(tlog_policy_log(p)->name, ORIGIN);
		for (unsigned n = 0; n <= 4; n++) {
			struct tlog_checkpoint c = {.size = 0};
			struct sl_why why = {.text = ""};
			struct buf b;
			int r;

			buf_init(&b, NOTE_MAX);
			kit_log_note(&l, ORIGIN, n, &b);
			r = tlog_policy_check(p, b.data, b.len, &c, &why);
			if (r != (n >= rows[i].enough ? SL_OK : SL_E_SIGNATURE))
				fail_msg("%s: %u: %s", rows[i].rest, n, why.text);
			assert_int_equal(c.size, r == SL_OK ? 5 : 0);
			buf_release(&b);
		}
		kit_log_release(&l);
		tlog_policy_free(p);
	}
	tlog_policy_free(NULL);
}

static void p3_bad_policies_are_refused(void **state)
{
	static const struct {
		const char *rest, *why;
	} rows[] = {
		{"", "the witness policy has no quorum line"},
		{"quorum none\n", "line 4: at least one witness must be required"},
		{"quorum w9\n",
		 "line 4: a quorum is: quorum NAME, of a witness or group above"},
		{"quorum w2 w3\n",
		 "line 4: a quorum is: quorum NAME, of a witness or group above"},
		{"quorum g\ngroup g any w2\n",
		 "line 4: a quorum is: quorum NAME, of a witness or group above"},
		{"quorum w2\nquorum w2\n", "line 5: there is a quorum already"},
		{"group g 0 w2 w3\n",
		 "line 4: the number must lie between 1 and that of the members"},
		{"group g 3 w2 w3\n",
		 "line 4: the number must lie between 1 and that of the members"},
		{"group g 01 w2 w3\n",
		 "line 4: the number must lie between 1 and that of the members"},
		{"group g -1 w2 w3\n",
		 "line 4: the number must lie between 1 and that of the members"},
		{"group g any\n", "line 4: a group is: group NAME all|any|NUMBER MEMBER..."},
		{"group g any w2 w2\n", "line 4: a member is in a group already"},
		{"group g any w2\ngroup h any w2\n", "line 5: a member is in a group already"},
		{"group g any g\n", "line 4: a member is not defined above"},
		{"group g any none\n", "line 4: a member is not defined above"},
		{"group none any w2\n", "line 4: this name is taken"},
		{"group w3 any w2\n", "line 4: this name is taken"},
		{"witness w9\n", "line 4: a witness is: witness NAME VKEY [URL]"},
		{"witness w9 rubbish\n", "line 4: this is no verifier key"},
		{"witness w9 outlet.example/release-log+458b4429+"
		 "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n",
		 "line 4: this key is for another use"},
		{"log\n", "line 4: a log is: log VKEY [URL]"},
		{"logs a\n", "line 4: log, witness, group or quorum expected"},
		{"quorum w2", "the witness policy is no text of lines"},
		{"quorum\rw2\n", "the witness policy is no text of lines"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tlog_policy *p = NULL;
		struct sl_why why = {.text = ""};
		struct buf b;

		buf_init(&b, 1 << 16);
		kit_policy_keys(ORIGIN, 2, &b);
		buf_puts(&b, rows[i].rest);
		assert_int_equal(tlog_policy_parse(b.data, b.len, &p, &why), SL_E_FORMAT);
		if (strstr(why.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].rest, why.text);
		buf_release(&b);
	}
}

static void p2_one_key_is_one_witness(void **state)
{
	struct key *k = kit_key(KEY_WITNESS, 2), *log = kit_key(KEY_LOG, 1);
	struct tlog_policy *p = NULL;
	struct sl_why why = {.text = ""};
	struct note_key nk;
	struct buf b;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		buf_init(&b, 1 << 16);
		kit_policy_keys(ORIGIN, 1, &b);
		/* the same raw key under another name; the log's own key as a witness */
		assert_int_equal(note_key_make("other.example", NOTE_COSIGNATURE,
					       key_public(i == 0 ? k : log), &nk),
				 SL_OK);
		buf_puts(&b, "witness x ");
		note_key_write(&nk, &b);
		buf_puts(&b, "\nquorum x\n");
		assert_int_equal(tlog_policy_parse(b.data, b.len, &p, &why), SL_E_FORMAT);
		assert_non_null(strstr(why.text, "this key stands there already"));
		buf_release(&b);
	}
	key_free(k);
	key_free(log);
}

static void limits_of_policies(void **state)
{
	struct tlog_policy *p = policy(TLOG_POLICY_KEYS, "quorum w2\n");
	struct sl_why why = {.text = ""};
	struct buf b;

	(void)state;
	tlog_policy_free(p);
	buf_init(&b, 1 << 20);
	kit_policy_keys(ORIGIN, TLOG_POLICY_KEYS + 1, &b);
	assert_int_equal(tlog_policy_parse(b.data, b.len, &p, &why), SL_E_FORMAT);
	assert_non_null(strstr(why.text, "too many witnesses"));
	buf_clear(&b);
	while (b.len <= 64 << 10)
		buf_puts(&b, "# nothing\n");
	assert_int_equal(tlog_policy_parse(b.data, b.len, &p, &why), SL_E_LIMIT);
	buf_clear(&b);
	buf_puts(&b, "# nothing\n");
	assert_int_equal(tlog_policy_parse(b.data, b.len, &p, &why), SL_E_FORMAT);
	buf_release(&b);
}

static void checkpoints_of_others_are_refused(void **state)
{
	static const struct {
		const char *from, *to, *why;
	} rows[] = {
		{"outlet.example/release-log\n5", "outlat.example/release-log\n5",
		 "the checkpoint is of a log that the policy does not name: "
		 "outlat.example/release-log"},
		{"log\n5\n", "log\n6\n",
		 "the checkpoint's signature by outlet.example/release-log is not good"},
		{"\xe2\x80\x94 outlet", "\xe2\x80\x94 outlat",
		 "the checkpoint is not signed by the log outlet.example/release-log"},
		{"\n5\n", "\n05\n", "this is no signed checkpoint"},
		{"\n\n", "\n", "this is no signed checkpoint"},
		{"w2.example ", "w9.example ",
		 "the checkpoint is cosigned by 0 witnesses, which is not the quorum w2"},
	};
	struct tlog_policy *p = policy(1, "quorum w2\n");
	struct kit_log l;
	struct buf b;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 5);
	buf_init(&b, NOTE_MAX);
	kit_log_note(&l, ORIGIN, 1, &b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(buf_str(&b), rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		struct tlog_checkpoint c;

		assert_int_equal(tlog_policy_check(p, bad, strlen(bad), &c, &why),
				 SL_E_SIGNATURE);
		assert_string_equal(why.text, rows[i].why);
		free(bad);
	}
	buf_release(&b);
	kit_log_release(&l);
	tlog_policy_free(p);
}

static void make_proof(struct kit_log *l, uint64_t index, struct buf *out)
{
	uint8_t hash[MERKLE_PROOF_MAX][HASH_LEN];
	struct tlog_reader r = kit_log_reader(l);
	unsigned n = 0;
	struct buf note;

	buf_init(&note, NOTE_MAX);
	kit_log_note(l, ORIGIN, 1, &note);
	assert_int_equal(tlog_prove_inclusion(&r, index, l->frontier.size, hash, &n), SL_OK);
	tlog_proof_write(index, (const uint8_t(*)[HASH_LEN])hash, n, note.data, note.len, out);
	assert_int_equal(buf_error(out), SL_OK);
	buf_release(&note);
}

static int check(const void *bytes, size_t len, const struct tlog_policy *p, uint64_t entry,
		 struct sl_why *why)
{
	struct tlog_checkpoint c = {.size = 0};
	uint64_t index = UINT64_MAX;
	char text[64];
	size_t n = kit_entry(entry, text);
	int r = tlog_proof_check(bytes, len, p, text, n, &c, &index, why);

	if (r == SL_OK) {
		assert_int_equal(index, entry);
		assert_string_equal(c.origin, ORIGIN);
	}
	return r;
}

static void p10_a_proof_is_of_its_entry_only(void **state)
{
	struct tlog_policy *p = policy(1, "quorum w2\n");
	struct sl_why why = {.text = ""};
	struct kit_log l;
	struct buf b;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 300);
	buf_init(&b, TLOG_PROOF_MAX);
	for (uint64_t i = 0; i < 300; i += 23) {
		buf_clear(&b);
		make_proof(&l, i, &b);
		assert_int_equal(check(b.data, b.len, p, i, &why), SL_OK);
		assert_int_equal(check(b.data, b.len, p, i + 1, &why), SL_E_SIGNATURE);
		assert_string_equal(why.text,
				    "the proof does not lead from this entry to the log");
	}
	buf_release(&b);
	kit_log_release(&l);
	tlog_policy_free(p);
}

static void proofs_have_one_spelling(void **state)
{
	static const struct {
		const char *name, *from, *to;
		int want;
	} rows[] = {
		{"as written", "index 2\n", "index 2\n", SL_OK},
		{"extra data", "index 2\n", "extra AAAA\nindex 2\n", SL_OK},
		{"other version", "@v1\n", "@v2\n", SL_E_FORMAT},
		{"extra data not Base64", "index 2\n", "extra AAA\nindex 2\n", SL_E_FORMAT},
		{"empty extra data", "index 2\n", "extra \nindex 2\n", SL_E_FORMAT},
		{"extra twice", "index 2\n", "extra AAAA\nextra AAAA\nindex 2\n", SL_E_FORMAT},
		{"extra after index", "index 2\n", "index 2\nextra AAAA\n", SL_E_FORMAT},
		{"no index", "index 2\n", "", SL_E_FORMAT},
		{"other index", "index 2\n", "index 3\n", SL_E_SIGNATURE},
		{"beyond the tree", "index 2\n", "index 9\n", SL_E_SIGNATURE},
		{"leading zero", "index 2\n", "index 02\n", SL_E_FORMAT},
		{"no number", "index 2\n", "index \n", SL_E_FORMAT},
		{"too large", "index 2\n", "index 9223372036854775808\n", SL_E_FORMAT},
		{"short hash", "index 2\n", "index 2\nAAAA\n", SL_E_FORMAT},
		{"one hash too many", "index 2\n",
		 "index 2\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", SL_E_SIGNATURE},
		{"no checkpoint", "\n\noutlet", "\n\n\noutlet", SL_E_SIGNATURE},
		{"witness of another", "w2.example ", "w9.example ", SL_E_SIGNATURE},
	};
	struct tlog_policy *p = policy(1, "quorum w2\n");
	struct kit_log l;
	struct buf b;
	struct tlog_proof proof;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 5);
	buf_init(&b, TLOG_PROOF_MAX);
	make_proof(&l, 2, &b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(buf_str(&b), rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		int r = check(bad, strlen(bad), p, 2, &why);

		if (r != rows[i].want)
			fail_msg("%s: %d %s", rows[i].name, r, why.text);
		free(bad);
	}
	/* Cut anywhere it is none. */
	for (size_t len = 0; len < b.len; len++) {
		struct sl_why why;

		assert_int_not_equal(check(b.data, len, p, 2, &why), SL_OK);
	}
	buf_release(&b);
	buf_init(&b, 2 * TLOG_PROOF_MAX);
	buf_puts(&b, "c2sp.org/tlog-proof@v1\nindex 2\n");
	for (unsigned i = 0; i <= MERKLE_PROOF_MAX; i++)
		buf_puts(&b, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	assert_int_equal(tlog_proof_parse(b.data, b.len, &proof), SL_E_LIMIT);
	(void)buf_extend(&b, TLOG_PROOF_MAX);
	assert_int_equal(tlog_proof_parse(b.data, b.len, &proof), SL_E_LIMIT);
	buf_release(&b);
	kit_log_release(&l);
	tlog_policy_free(p);
}

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define K "63d00ee3cf4f5c61ad94efa6"
#define Z "0000000000000000000000000000000000000000000000000000000000000000"

static void log_entries_have_one_spelling(void **state)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{"sluice-log/1\nrelease\nR-2026-000123 2 57\n" A "\n" A "\n", SL_OK},
		{"sluice-log/1\nnotice\nR-2026-000123 2 58\n" A "\n" A "\n", SL_OK},
		{"sluice-log/1\npolicy\n- 3 0\n" A "\n" Z "\n", SL_OK},
		{"sluice-log/1\nroot\n- 4 0\n" A "\n" Z "\n", SL_OK},
		{"sluice-log/1\nkey\n" K " 7 0\n" A "\n" Z "\n", SL_OK},
		{"sluice-log/1\nanchor\n- 1042 0\n" A "\n" Z "\n", SL_OK},
		{"sluice-log/2\nroot\n- 4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nrot\n- 4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 4 0 \n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n-  4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 4\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 04 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- -4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 4 0\n" A "A\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 4 0\n" A "\n" Z "\nx\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 4 0\n" A "\n" Z, SL_E_FORMAT},
		{"sluice-log/1\nroot\n- 4 0\n" A "\n" A "\n", SL_E_FORMAT},
		{"sluice-log/1\nroot\nx 4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\n- 4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\na/b 4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\n63d00ee3cf4f5c61 7 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\n" K " 0 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\n" K " 7 1\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\n" K " 7 0\n" A "\n" A "\n", SL_E_FORMAT},
		{"sluice-log/1\nkey\n" A " 4 0\n" A "\n" Z "\n", SL_E_FORMAT},
		{"sluice-log/1\nrelease\n- 2 57\n" A "\n" A "\n", SL_E_FORMAT},
		{"sluice-log/1\nrelease\nR-2026-000123 0 57\n" A "\n" A "\n", SL_E_FORMAT},
		{"sluice-log/1\nrelease\nR-2026-000123 2 0\n" A "\n" A "\n", SL_E_FORMAT},
		{"sluice-log/1\nrelease\nR-2026-000123 2 57\n" A "\n" Z "\n", SL_E_FORMAT},
		{"", SL_E_FORMAT},
		{"sluice-log/1\nkey\n" A A A A A A A A " 4 0\n" A "\n" Z "\n", SL_E_LIMIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct log_entry e = {.version = -7};
		struct buf b;
		int r = log_entry_parse(rows[i].text, strlen(rows[i].text), &e);

		if (r != rows[i].want)
			fail_msg("%zu: %s: %d", i, rows[i].text, r);
		if (r != SL_OK) {
			assert_int_equal(e.version, -7);
			continue;
		}
		buf_init(&b, LOG_ENTRY_MAX);
		log_entry_write(&e, &b);
		assert_string_equal(buf_str(&b), rows[i].text);
		assert_non_null(strstr(rows[i].text, log_kind_name(e.kind)));
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quorums),
		cmocka_unit_test(p3_bad_policies_are_refused),
		cmocka_unit_test(p2_one_key_is_one_witness),
		cmocka_unit_test(limits_of_policies),
		cmocka_unit_test(checkpoints_of_others_are_refused),
		cmocka_unit_test(p10_a_proof_is_of_its_entry_only),
		cmocka_unit_test(proofs_have_one_spelling),
		cmocka_unit_test(log_entries_have_one_spelling),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
