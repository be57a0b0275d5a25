/* Logs as tiles: paths, growth around full tiles, proofs against the naive tree, lying files.
 */
#include <string.h>

#include "tlog_kit.h"
#include "trust/tlog_private.h"

static const char ORIGIN[] = "outlet.example/release-log";

static int start(void **state)
{
	(void)state;
	return crypto_start();
}

static void paths(void **state)
{
	static const struct {
		int level;
		uint64_t number;
		unsigned width;
		const char *path;
	} rows[] = {
		{0, 0, 256, "tile/0/000"},
		{0, 0, 1, "tile/0/000.p/1"},
		{1, 67, 255, "tile/1/067.p/255"},
		{0, 1234067, 256, "tile/0/x001/x234/067"},
		{7, 1000, 12, "tile/7/x001/000.p/12"},
		{63, 999, 256, "tile/63/999"},
		{TLOG_ENTRIES, 1234067, 3, "tile/entries/x001/x234/067.p/3"},
		{TLOG_ENTRIES, UINT64_MAX, 255,
		 "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[TLOG_PATH_MAX];

		tlog_path(rows[i].level, rows[i].number, rows[i].width, path);
		assert_string_equal(path, rows[i].path);
	}
}

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

static void checkpoints_have_one_spelling(void **state)
{
	static const struct {
		const char *name, *text;
		int want;
	} rows[] = {
		{"good", "example.com/sofa\n20852163\n" ROOT "\n", SL_OK},
		{"origin with spaces", "Go database\n1\n" ROOT "\n", SL_OK},
		{"extension line", "o\n1\n" ROOT "\nx\n", SL_E_FORMAT},
		{"no origin", "\n1\n" ROOT "\n", SL_E_FORMAT},
		{"no size", "o\n\n" ROOT "\n", SL_E_FORMAT},
		{"leading zero", "o\n01\n" ROOT "\n", SL_E_FORMAT},
		{"sign", "o\n+1\n" ROOT "\n", SL_E_FORMAT},
		{"too large", "o\n9223372036854775808\n" ROOT "\n", SL_E_FORMAT},
		{"largest", "o\n9223372036854775807\n" ROOT "\n", SL_OK},
		{"empty tree with a root", "o\n0\n" ROOT "\n", SL_E_FORMAT},
		{"short root", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n", SL_E_FORMAT},
		{"stray bits", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
		 SL_E_FORMAT},
		{"no last line end", "o\n1\n" ROOT, SL_E_FORMAT},
		{"two lines", "o\n1\n", SL_E_FORMAT},
		{"nothing", "", SL_E_FORMAT},
		{"deceptive origin", "o\xe2\x80\xae\n1\n" ROOT "\n", SL_E_FORMAT},
	};
	char name[NOTE_NAME_MAX + 64];
	struct tlog_checkpoint c;
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int r = tlog_checkpoint_parse(rows[i].text, strlen(rows[i].text), &c);

		if (r != rows[i].want)
			fail_msg("%s: %d", rows[i].name, r);
		if (r != SL_OK)
			continue;
		buf_clear(&b);
		tlog_checkpoint_write(&c, &b);
		assert_string_equal(buf_str(&b), rows[i].text);
	}
	memset(name, 'o', NOTE_NAME_MAX);
	(void)snprintf(name + NOTE_NAME_MAX, 64, "\n1\n" ROOT "\n");
	assert_int_equal(tlog_checkpoint_parse(name, strlen(name), &c), SL_E_FORMAT);
	buf_release(&b);
}

static int count(uint64_t index, const void *entry, size_t len, void *arg, struct sl_why *why)
{
	uint64_t *n = arg;
	char text[64];

	(void)why;
	assert_int_equal(index, *n);
	assert_int_equal(len, kit_entry(index, text));
	assert_memory_equal(entry, text, len);
	++*n;
	return SL_OK;
}

static void whole(struct kit_log *l)
{
	struct tlog_checkpoint c = kit_checkpoint(l, ORIGIN);
	struct tlog_reader r = kit_log_reader(l);
	struct merkle_frontier f;
	struct sl_why why = {.text = ""};
	uint8_t want[HASH_LEN];
	uint64_t seen = 0;

	kit_naive_root((const uint8_t(*)[HASH_LEN])l->leaf, c.size, want);
	assert_memory_equal(c.root, want, HASH_LEN);
	assert_int_equal(tlog_frontier(&r, c.size, &f), SL_OK);
	assert_int_equal(f.n, l->frontier.n);
	assert_memory_equal(f.node, l->frontier.node, f.n * sizeof(f.node[0]));
	if (tlog_verify_all(&r, &c, count, &seen, &why) != SL_OK)
		fail_msg("size %llu: %s", (unsigned long long)c.size, why.text);
	assert_int_equal(seen, c.size);
}

/* Proofs of some leaves and old sizes, checked against roots of the naive tree. */
static void proofs(struct kit_log *l, uint64_t step)
{
	const uint8_t(*leaf)[HASH_LEN] = (const uint8_t(*)[HASH_LEN])l->leaf;
	struct tlog_checkpoint c = kit_checkpoint(l, ORIGIN);
	struct tlog_reader r = kit_log_reader(l);
	uint8_t proof[MERKLE_PROOF_MAX][HASH_LEN], old_root[HASH_LEN];
	const uint8_t(*p)[HASH_LEN] = (const uint8_t(*)[HASH_LEN])proof;
	unsigned n = 0;

	for (uint64_t i = 0; i < c.size;
	     i += i + step < c.size || i == c.size - 1 ? step : c.size - 1 - i) {
		struct buf b;
		char text[64];

		assert_int_equal(tlog_prove_inclusion(&r, i, c.size, proof, &n), SL_OK);
		assert_int_equal(merkle_check_inclusion(leaf[i], i, c.size, p, n, c.root),
				 SL_OK);
		buf_init(&b, TLOG_ENTRY_MAX);
		assert_int_equal(tlog_entry(&r, i, c.size, &b), SL_OK);
		assert_int_equal(b.len, kit_entry(i, text));
		assert_memory_equal(b.data, text, b.len);
		buf_release(&b);
		kit_naive_root(leaf, i, old_root);
		assert_int_equal(tlog_prove_consistency(&r, i, c.size, proof, &n), SL_OK);
		assert_int_equal(merkle_check_consistency(i, old_root, c.size, c.root, p, n),
				 SL_OK);
		if (n > 0) {
			proof[n / 2][0] ^= 1;
			assert_int_equal(
				merkle_check_consistency(i, old_root, c.size, c.root, p, n),
				SL_E_SIGNATURE);
			assert_int_equal(
				merkle_check_consistency(i, old_root, c.size, c.root, p, n - 1),
				SL_E_SIGNATURE);
		}
	}
	assert_int_equal(tlog_prove_inclusion(&r, c.size, c.size, proof, &n), SL_E_NOTFOUND);
	assert_int_equal(tlog_prove_consistency(&r, c.size + 1, c.size, proof, &n),
			 SL_E_NOTFOUND);
	assert_int_equal(tlog_entry(&r, c.size, c.size, NULL), SL_E_NOTFOUND);
}

static void every_small_log(void **state)
{
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	for (unsigned n = 0; n <= 40; n++) {
		whole(&l);
		proofs(&l, 1);
		kit_log_grow(&l, 1);
	}
	kit_log_release(&l);
}

static void grows_around_full_tiles(void **state)
{
	static const unsigned sizes[] = {3,   255, 256, 257,   511,   512,
					 513, 700, 700, 65535, 65536, 65537};
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		kit_log_grow(&l, (unsigned)(sizes[i] - l.frontier.size));
		whole(&l);
		proofs(&l, sizes[i] < 1000 ? 61 : 16381);
	}
	kit_log_release(&l);
}

static void tiles_are_those_of_the_standard(void **state)
{
	static const struct {
		const char *path;
		size_t len;
	} tiles[] = {
		{"tile/0/000", 8192},		{"tile/0/272", 8192},
		{"tile/0/273.p/112", 112 * 32}, {"tile/1/000", 8192},
		{"tile/1/001.p/17", 17 * 32},	{"tile/2/000.p/1", 32},
	};
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 70000);
	for (size_t i = 0; i < sizeof(tiles) / sizeof(tiles[0]); i++) {
		const struct kit_file *f = kit_log_file(&l, tiles[i].path);

		assert_non_null(f);
		assert_int_equal(f->len, tiles[i].len);
	}
	assert_null(kit_log_file(&l, "tile/0/273"));
	assert_null(kit_log_file(&l, "tile/3/000.p/1"));
	assert_int_equal(l.n, 273 + 1 + 1 + 1 + 1 + 274);
	kit_log_release(&l);
}

/* Steps of any width give the same tree as one step. */
static void steps_do_not_matter(void **state)
{
	uint32_t seed = 7;
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	while (l.frontier.size < 3000) {
		seed = seed * 1664525 + 1013904223;
		kit_log_grow(&l, seed >> 16 & 0x1ff);
		whole(&l);
	}
	proofs(&l, 97);
	kit_log_release(&l);
}

static void full_tiles_stand_for_partial_ones(void **state)
{
	struct kit_log l;
	struct tlog_reader r;
	struct merkle_frontier f;
	uint8_t proof[MERKLE_PROOF_MAX][HASH_LEN], root[HASH_LEN];
	unsigned n = 0;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 10);
	f = l.frontier;
	kit_log_grow(&l, 300);
	kit_log_remove(&l, "tile/0/000.p/10");
	kit_log_remove(&l, "tile/entries/000.p/10");
	r = kit_log_reader(&l);
	merkle_root(&f, root);
	assert_int_equal(tlog_prove_inclusion(&r, 9, 10, proof, &n), SL_OK);
	assert_int_equal(merkle_check_inclusion(l.leaf[9], 9, 10,
						(const uint8_t(*)[HASH_LEN])proof, n, root),
			 SL_OK);
	{
		struct tlog_checkpoint c = {.size = 10};
		struct sl_why why = {.text = ""};

		memcpy(c.root, root, HASH_LEN);
		assert_int_equal(tlog_verify_all(&r, &c, NULL, NULL, &why), SL_OK);
	}
	kit_log_release(&l);
}

static int verify(struct kit_log *l, struct sl_why *why)
{
	struct tlog_checkpoint c = kit_checkpoint(l, ORIGIN);
	struct tlog_reader r = kit_log_reader(l);

	return tlog_verify_all(&r, &c, NULL, NULL, why);
}

static void p19_every_flipped_bit_is_named(void **state)
{
	struct sl_why why;
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 600);
	for (size_t i = 0; i < l.n; i++) {
		struct kit_file *f = &l.file[i];

		for (size_t at = 0; at < f->len; at += f->len / 7 + 1) {
			int r;

			f->bytes[at] ^= 0x20;
			why.text[0] = '\0';
			r = verify(&l, &why);
			assert_true(r == SL_E_SIGNATURE || r == SL_E_CORRUPT);
			assert_string_not_equal(why.text, "");
			f->bytes[at] ^= 0x20;
		}
	}
	assert_int_equal(verify(&l, &why), SL_OK);
	kit_log_release(&l);
}

static void p19_missing_cut_and_lying_files(void **state)
{
	static const struct {
		const char *path;
		size_t len; /* 0: removed; else cut or grown to it */
		const char *why;
	} rows[] = {
		{"tile/0/001", 0, "tile/0/001 is missing"},
		{"tile/0/002.p/88", 0, "tile/0/002.p/88 is missing"},
		{"tile/1/000.p/2", 0, "tile/1/000.p/2 is missing"},
		{"tile/entries/001", 0, "tile/entries/001 is missing"},
		{"tile/0/001", 8191, "tile/0/001 has not the form or length it must"},
		{"tile/0/001", 8193, "tile/0/001 has not the form or length it must"},
		{"tile/0/002.p/88", 87 * 32,
		 "tile/0/002.p/88 has not the form or length it must"},
		{"tile/entries/001", 100,
		 "tile/entries/001 has not the form or length it must"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct kit_log l;

		kit_log_init(&l);
		kit_log_grow(&l, 600);
		if (rows[i].len == 0) {
			kit_log_remove(&l, rows[i].path);
		} else {
			static uint8_t bytes[TLOG_BUNDLE_MAX];
			struct kit_file *f = kit_log_file(&l, rows[i].path);

			memset(bytes, 0, sizeof(bytes));
			memcpy(bytes, f->bytes, f->len < rows[i].len ? f->len : rows[i].len);
			assert_int_equal(kit_log_put(&l, rows[i].path, bytes, rows[i].len),
					 SL_OK);
		}
		assert_int_equal(verify(&l, &why), SL_E_CORRUPT);
		assert_string_equal(why.text, rows[i].why);
		kit_log_release(&l);
	}
}

static void p19_faults_are_told_apart(void **state)
{
	struct sl_why why = {.text = ""};
	struct tlog_checkpoint c;
	struct tlog_reader r;
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 600);
	r = kit_log_reader(&l);
	kit_log_file(&l, "tile/0/001")->bytes[5 * 32] ^= 1;
	assert_int_equal(verify(&l, &why), SL_E_SIGNATURE);
	assert_string_equal(why.text,
			    "entry 261 does not have the hash that tile/0/001 gives it");
	kit_log_file(&l, "tile/0/001")->bytes[5 * 32] ^= 1;
	kit_log_file(&l, "tile/1/000.p/2")->bytes[32] ^= 1;
	assert_int_equal(verify(&l, &why), SL_E_SIGNATURE);
	assert_string_equal(why.text,
			    "hash 1 of tile/1/000.p/2 does not follow from the tile below it");
	kit_log_file(&l, "tile/1/000.p/2")->bytes[32] ^= 1;
	c = kit_checkpoint(&l, ORIGIN);
	c.root[0] ^= 1;
	assert_int_equal(tlog_verify_all(&r, &c, NULL, NULL, &why), SL_E_SIGNATURE);
	assert_string_equal(why.text, "the checkpoint's root is not that of its 600 entries");
	kit_log_release(&l);
}

static void lying_tiles_give_no_proof(void **state)
{
	uint8_t proof[MERKLE_PROOF_MAX][HASH_LEN];
	struct tlog_reader r;
	struct kit_log l;
	unsigned n = 0;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 600);
	r = kit_log_reader(&l);
	/* The full tile no longer hashes to what the level above says. */
	kit_log_file(&l, "tile/0/000")->bytes[7 * 32] ^= 1;
	assert_int_equal(tlog_prove_inclusion(&r, 3, 600, proof, &n), SL_E_SIGNATURE);
	assert_int_equal(tlog_prove_consistency(&r, 7, 600, proof, &n), SL_E_SIGNATURE);
	/* A proof that needs nothing of it is as good as before. */
	assert_int_equal(tlog_prove_inclusion(&r, 300, 600, proof, &n), SL_OK);
	assert_int_equal(kit_log_put(&l, "tile/0/000", "short", 5), SL_OK);
	assert_int_equal(tlog_prove_inclusion(&r, 3, 600, proof, &n), SL_E_FORMAT);
	kit_log_remove(&l, "tile/0/000");
	assert_int_equal(tlog_prove_inclusion(&r, 3, 600, proof, &n), SL_E_NOTFOUND);
	kit_log_release(&l);
}

static int append_one(struct kit_log *l)
{
	const struct tlog_entry e = {.bytes = "x", .len = 1};
	struct tlog_reader r = kit_log_reader(l);
	struct kit_log scratch;
	struct merkle_frontier after;
	int result;

	kit_log_init(&scratch);
	result = tlog_append(&r, &l->frontier, &e, 1, kit_log_put, &scratch, &after);
	kit_log_release(&scratch);
	return result;
}

static void p19_appending_to_a_changed_log_is_refused(void **state)
{
	static const char *const paths[] = {"tile/0/002.p/88", "tile/1/000.p/2",
					    "tile/entries/002.p/88"};
	struct kit_log l;

	(void)state;
	kit_log_init(&l);
	kit_log_grow(&l, 600);
	assert_int_equal(append_one(&l), SL_OK);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct kit_file *f = kit_log_file(&l, paths[i]);
		size_t len = f->len;

		f->bytes[len - 1] ^= 1;
		assert_int_equal(append_one(&l), SL_E_CORRUPT);
		f->bytes[len - 1] ^= 1;
		f->len = len - 1;
		assert_int_equal(append_one(&l), SL_E_CORRUPT);
		f->len = len;
	}
	/* The log of a restored backup: right in itself, but not what was signed. */
	l.frontier.node[0][0] ^= 1;
	assert_int_equal(append_one(&l), SL_E_CORRUPT);
	l.frontier.node[0][0] ^= 1;
	kit_log_remove(&l, paths[2]);
	assert_int_equal(append_one(&l), SL_E_CORRUPT);
	kit_log_release(&l);
}

static int full_disk(void *arg, const char *path, const void *bytes, size_t len)
{
	unsigned *left = arg;

	(void)path;
	(void)bytes;
	(void)len;
	return (*left)-- == 0 ? SL_E_FULL : SL_OK;
}

static void limits_and_errors_of_appending(void **state)
{
	static char large[TLOG_ENTRY_MAX + 1];
	struct tlog_entry e[400];
	struct merkle_frontier f = {.size = 0}, after = {.size = 77};
	struct kit_log l;
	struct tlog_reader r;

	(void)state;
	kit_log_init(&l);
	r = kit_log_reader(&l);
	for (unsigned i = 0; i < 400; i++)
		e[i] = (struct tlog_entry){.bytes = large, .len = TLOG_ENTRY_MAX};
	assert_int_equal(tlog_append(&r, &f, e, 400, kit_log_put, &l, &after), SL_OK);
	l.frontier = after;
	assert_int_equal(verify(&l, NULL), SL_OK);
	e[1].len++;
	after.size = 77;
	assert_int_equal(tlog_append(&r, &f, e, 2, kit_log_put, &l, &after), SL_E_LIMIT);
	e[1].len = 0;
	/* bundle, tile, rest of the bundle, rest of the tile, tile above */
	for (unsigned left = 0; left < 5; left++) {
		unsigned n = left;

		assert_int_equal(tlog_append(&r, &f, e, 400, full_disk, &n, &after), SL_E_FULL);
	}
	assert_int_equal(after.size, 77);
	assert_int_equal(tlog_append(&r, &f, e, 0, full_disk, NULL, &after), SL_OK);
	assert_int_equal(after.size, 0);
	kit_log_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(checkpoints_have_one_spelling),
		cmocka_unit_test(every_small_log),
		cmocka_unit_test(grows_around_full_tiles),
		cmocka_unit_test(tiles_are_those_of_the_standard),
		cmocka_unit_test(steps_do_not_matter),
		cmocka_unit_test(full_tiles_stand_for_partial_ones),
		cmocka_unit_test(p19_every_flipped_bit_is_named),
		cmocka_unit_test(p19_missing_cut_and_lying_files),
		cmocka_unit_test(p19_faults_are_told_apart),
		cmocka_unit_test(lying_tiles_give_no_proof),
		cmocka_unit_test(p19_appending_to_a_changed_log_is_refused),
		cmocka_unit_test(limits_and_errors_of_appending),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
