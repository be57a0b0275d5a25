/* Hash trees: RFC 6962's known answers, and every small tree against the naive definition. */
#include <string.h>

#include "base/text.h"
#include "tlog_kit.h"

enum { LEAVES = 130 };

static uint8_t leaf[LEAVES][HASH_LEN];

static const uint8_t (*leaves(void))[HASH_LEN]
{
	return (const uint8_t(*)[HASH_LEN])leaf;
}

static int make_leaves(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LEAVES; i++) {
		char text[64];
		size_t len = kit_entry(i, text);

		merkle_leaf(text, len, leaf[i]);
	}
	return crypto_start();
}

static struct merkle_frontier frontier(uint64_t n)
{
	struct merkle_frontier f = {.size = 0};

	for (uint64_t i = 0; i < n; i++)
		merkle_append(&f, leaf[i]);
	return f;
}

/* The eight inputs and roots of the Certificate Transparency reference implementation. */
static void matches_known_answers(void **state)
{
	static const struct {
		const char *hex, *root;
	} rows[] = {
		{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
		{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
		{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
		{"40414243",
		 "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
		{"5051525354555657",
		 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
		{"606162636465666768696a6b6c6d6e6f",
		 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
	};
	struct merkle_frontier f = {.size = 0};
	uint8_t root[HASH_LEN], bytes[16], one[HASH_LEN];
	char hex[HASH_HEX + 1];

	(void)state;
	merkle_root(&f, root);
	text_hex(root, HASH_LEN, hex);
	assert_string_equal(hex,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].hex) / 2;

		assert_true(text_unhex(rows[i].hex, 2 * len, bytes, len));
		merkle_leaf(bytes, len, one);
		merkle_append(&f, one);
		merkle_root(&f, root);
		text_hex(root, HASH_LEN, hex);
		assert_string_equal(hex, rows[i].root);
	}
}

static void frontier_is_the_naive_tree(void **state)
{
	struct merkle_frontier f = {.size = 0};
	uint8_t root[HASH_LEN], want[HASH_LEN];

	(void)state;
	for (uint64_t n = 0; n <= LEAVES; n++) {
		merkle_root(&f, root);
		kit_naive_root(leaves(), n, want);
		assert_memory_equal(root, want, HASH_LEN);
		assert_int_equal(f.n, __builtin_popcountll(n));
		if (n < LEAVES)
			merkle_append(&f, leaf[n]);
	}
}

static void proofs_of_new_leaves_hold(void **state)
{
	uint8_t proof[MERKLE_PROOF_MAX][HASH_LEN], root[HASH_LEN];

	(void)state;
	for (uint64_t old = 0; old < 70; old++) {
		struct merkle_frontier f = frontier(old);

		for (uint64_t size = old + 1; size <= 70; size++) {
			kit_naive_root(leaves(), size, root);
			for (uint64_t i = old; i < size; i++) {
				unsigned n = merkle_prove_new(&f, leaves() + old, size - old,
							      i - old, proof);

				assert_int_equal(merkle_check_inclusion(
							 leaf[i], i, size,
							 (const uint8_t(*)[HASH_LEN])proof, n,
							 root),
						 SL_OK);
			}
		}
	}
}

static int check(unsigned leaf_at, uint64_t index, uint64_t size, uint8_t (*proof)[HASH_LEN],
		 unsigned n, const uint8_t root[HASH_LEN])
{
	return merkle_check_inclusion(leaf[leaf_at], index, size,
				      (const uint8_t(*)[HASH_LEN])proof, n, root);
}

static void p10_wrong_inclusions_fail(void **state)
{
	uint8_t proof[MERKLE_PROOF_MAX + 1][HASH_LEN], root[HASH_LEN];
	struct merkle_frontier f = frontier(0);

	(void)state;
	memset(proof, 0, sizeof(proof));
	for (uint64_t size = 1; size <= 40; size++) {
		kit_naive_root(leaves(), size, root);
		for (uint64_t i = 0; i < size; i++) {
			unsigned n = merkle_prove_new(&f, leaves(), size, i, proof);

			assert_int_equal(check((unsigned)i, i, size, proof, n, root), SL_OK);
			assert_int_equal(check((unsigned)i + 1, i, size, proof, n, root),
					 SL_E_SIGNATURE);
			assert_int_equal(check((unsigned)i, i, size, proof, n + 1, root),
					 SL_E_SIGNATURE);
			assert_int_equal(check((unsigned)i, size, size, proof, n, root),
					 SL_E_SIGNATURE);
			assert_int_equal(check((unsigned)i, i, 0, proof, n, root),
					 SL_E_SIGNATURE);
			for (uint64_t other = 0; other < size; other++) {
				if (other != i)
					assert_int_equal(
						check((unsigned)i, other, size, proof, n, root),
						SL_E_SIGNATURE);
			}
			if (n == 0)
				continue;
			assert_int_equal(check((unsigned)i, i, size, proof, n - 1, root),
					 SL_E_SIGNATURE);
			proof[n - 1][31] ^= 1;
			assert_int_equal(check((unsigned)i, i, size, proof, n, root),
					 SL_E_SIGNATURE);
		}
	}
	assert_int_equal(check(0, 0, UINT64_MAX, proof, MERKLE_PROOF_MAX, root),
			 SL_E_SIGNATURE);
}

static void consistency_of_nothing_and_of_itself(void **state)
{
	uint8_t empty[HASH_LEN], root[HASH_LEN], proof[1][HASH_LEN] = {{0}};
	const uint8_t(*p)[HASH_LEN] = (const uint8_t(*)[HASH_LEN])proof;

	(void)state;
	hash_bytes("", 0, empty);
	kit_naive_root(leaves(), 7, root);
	assert_int_equal(merkle_check_consistency(0, empty, 7, root, p, 0), SL_OK);
	assert_int_equal(merkle_check_consistency(7, root, 7, root, p, 0), SL_OK);
	assert_int_equal(merkle_check_consistency(0, empty, 0, empty, p, 0), SL_OK);
	assert_int_equal(merkle_check_consistency(0, root, 7, root, p, 0), SL_E_SIGNATURE);
	assert_int_equal(merkle_check_consistency(0, empty, 7, root, p, 1), SL_E_SIGNATURE);
	assert_int_equal(merkle_check_consistency(7, root, 7, empty, p, 0), SL_E_SIGNATURE);
	assert_int_equal(merkle_check_consistency(7, root, 7, root, p, 1), SL_E_SIGNATURE);
	assert_int_equal(merkle_check_consistency(8, root, 7, root, p, 0), SL_E_SIGNATURE);
	assert_int_equal(merkle_check_consistency(6, root, 7, root, p, 0), SL_E_SIGNATURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_known_answers),
		cmocka_unit_test(frontier_is_the_naive_tree),
		cmocka_unit_test(proofs_of_new_leaves_hold),
		cmocka_unit_test(p10_wrong_inclusions_fail),
		cmocka_unit_test(consistency_of_nothing_and_of_itself),
	};

	return cmocka_run_group_tests(tests, make_leaves, NULL);
}
