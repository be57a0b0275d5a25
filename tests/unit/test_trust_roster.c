/* The approval policy: what loads, and every policy that must not (P2, P3, P9, P13, P17, P20).
 */
#include <string.h>

#include "trust_kit.h"

static const char ZERO64[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void loads_the_cast(void **state)
{
	struct roster *r = kit_roster();
	const struct roster_class *a = roster_class(r, "A");
	const struct roster_person *p = roster_person(r, "p-06");
	struct key *k = kit_person_key(KIT_BOTH);
	const struct roster_key *rk = NULL;
	uint8_t digest[HASH_LEN];
	char *text = kit_policy_text();

	(void)state;
	hash_bytes(text, strlen(text), digest);
	assert_memory_equal(digest, roster_digest(r), HASH_LEN);
	assert_int_equal(roster_version(r), 7);
	assert_int_equal(roster_count(r), KIT_PEOPLE);
	assert_non_null(roster_person_at(r, KIT_PEOPLE - 1));
	assert_null(roster_person_at(r, KIT_PEOPLE));
	assert_true(a != NULL && a->n_require == 3 && a->min_persons == 3 &&
		    a->exclude_author && a->exclude_submitter && a->n_veto == 1 &&
		    a->approval_ttl_s == 604800);
	assert_null(roster_class(r, "B"));
	assert_true(p != NULL && roster_has_role(p, "desk") &&
		    roster_has_role(p, "unit-leader") && !roster_has_role(p, "secrecy"));
	assert_null(roster_person(r, "p-99"));
	assert_ptr_equal(roster_by_key(r, key_id(k), KEY_DSSE_REVIEWER, KIT_NOW, &rk), p);
	assert_memory_equal(rk->public_key, key_public(k), KEY_PUBLIC);
	assert_null(roster_by_key(r, key_id(k), KEY_DSSE_AUTHOR, KIT_NOW, &rk));
	assert_null(roster_by_key(r, key_id(k), KEY_DSSE_REVIEWER, rk->from - 1, &rk));
	assert_null(roster_by_key(r, key_id(k), KEY_DSSE_REVIEWER, rk->until + 1, &rk));
	assert_null(roster_by_key(r, ZERO64, KEY_DSSE_REVIEWER, KIT_NOW, &rk));
	assert_ptr_equal(roster_find_key(r, key_id(k), &rk), p);
	assert_true(roster_role_known("duty-leader") && !roster_role_known("king"));
	free(text);
	key_free(k);
	roster_free(r);
	roster_free(NULL);
}

static void p2_p3_p13_bad_policies_do_not_load(void **state)
{
	static const struct {
		const char *name, *from, *to;
		int want;
	} rows[] = {
		{"unknown member", "\"schema\"", "\"s\":1,\"schema\"", SL_E_FORMAT},
		{"other schema", "sluice-policy/1", "sluice-policy/2", SL_E_FORMAT},
		{"P13 not canonical", "{\"classes\"", "{ \"classes\"", SL_E_FORMAT},
		{"P13 duplicate name",
		 "{\"classes\":", "{\"classes\":1,\"classes\":", SL_E_FORMAT},
		{"P13 float", "\"version\":7", "\"version\":7.0", SL_E_FORMAT},
		{"P13 null", "\"version\":7", "\"version\":null", SL_E_FORMAT},
		{"version 0", "\"version\":7", "\"version\":0", SL_E_FORMAT},
		{"no classes", "\"classes\":{\"A\":{", "\"classes\":{},\"clasz\":{\"A\":{",
		 SL_E_FORMAT},
		{"P3 minimum 0", "\"min\":1", "\"min\":0", SL_E_DENIED},
		{"P3 minimum negative", "\"min\":1", "\"min\":-1", SL_E_DENIED},
		{"P3 minimum missing", "\"min\":1,", "", SL_E_FORMAT},
		{"P3 minimum too many", "\"min\":1", "\"min\":15", SL_E_DENIED},
		{"P3 total below 2",
		 "[{\"min\":1,\"role\":\"liaison\"},{\"min\":1,\"role\":\"unit-leader\"},"
		 "{\"min\":1,\"role\":\"desk\"}]",
		 "[{\"min\":1,\"role\":\"desk\"}]", SL_E_DENIED},
		{"P3 persons 1", "\"min_persons\":3", "\"min_persons\":1", SL_E_DENIED},
		{"same role twice", "\"role\":\"liaison\"", "\"role\":\"desk\"", SL_E_FORMAT},
		{"unknown role needed", "\"role\":\"liaison\"", "\"role\":\"king\"",
		 SL_E_FORMAT},
		{"unknown veto", "\"veto\":[\"secrecy\"]", "\"veto\":[\"king\"]", SL_E_FORMAT},
		{"unknown exclusion", "\"submitter\"", "\"auditor\"", SL_E_FORMAT},
		{"exclusion twice", "\"submitter\"", "\"author\"", SL_E_FORMAT},
		{"lifetime 0", "604800", "0", SL_E_DENIED},
		{"class name", "{\"A\":", "{\"A/../B\":", SL_E_FORMAT},
		{"unknown member of a class", "\"min_persons\"", "\"max\":1,\"min_persons\"",
		 SL_E_FORMAT},
		{"person with unknown role", "\"liaison\"],", "\"king\"],", SL_E_FORMAT},
		{"person with a role twice", "[\"unit-leader\",\"desk\"]",
		 "[\"desk\",\"desk\"]", SL_E_FORMAT},
		{"person twice", "\"p-02\"", "\"p-01\"", SL_E_FORMAT},
		{"pid with a path", "\"p-02\"", "\"../02\"", SL_E_FORMAT},
		{"unknown member of a person", "\"pid\":\"p-02\"",
		 "\"name\":\"x\",\"pid\":\"p-02\"", SL_E_FORMAT},
		{"P17 unparsable end", "2026-12-31T00:00:00Z", "2026-12-31", SL_E_FORMAT},
		{"P17 never ends", "2026-12-31T00:00:00Z", "9999-99-99T99:99:99Z", SL_E_FORMAT},
		{"ends before it begins", "2026-12-31T00:00:00Z", "2025-12-31T00:00:00Z",
		 SL_E_FORMAT},
		{"P12 TUF key in the roster", "\"use\":\"dsse-reviewer\"",
		 "\"use\":\"tuf-root\"", SL_E_DENIED},
		{"unknown use", "\"use\":\"dsse-reviewer\"", "\"use\":\"x\"", SL_E_FORMAT},
		{"service key for a person", "\"use\":\"dsse-reviewer\"",
		 "\"use\":\"dsse-gateway\"", SL_E_DENIED},
		{"reviewer key for the service", "\"use\":\"dsse-gateway\"",
		 "\"use\":\"dsse-reviewer\"", SL_E_DENIED},
		{"service that reviews", "[\"gateway-service\"]",
		 "[\"gateway-service\",\"desk\"]", SL_E_DENIED},
	};
	char *text = kit_policy_text();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(text, rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		struct roster *r = NULL;
		int got = roster_parse(bad, strlen(bad), &r, &why);

		if (got != rows[i].want)
			fail_msg("%s: %d %s", rows[i].name, got, why.text);
		assert_null(r);
		assert_true(why.text[0] != '\0');
		free(bad);
	}
	free(text);
}

/* Put the keys object of one person in another's place, or a made-up key. */
static int load_with_key(const char *public_hex, const char *keyid)
{
	char *text = kit_policy_text(), *one, *two, *object, old[66];
	struct key *k = kit_person_key(KIT_LIAISON);
	struct roster *r = NULL;
	int got;

	(void)snprintf(old, sizeof(old), "%s", key_id(k));
	one = kit_replace(text, old, keyid == NULL ? old : keyid);
	{
		char hex[65];

		for (unsigned i = 0; i < 32; i++)
			(void)snprintf(hex + 2 * (size_t)i, 3, "%02x", key_public(k)[i]);
		two = kit_replace(one, hex, public_hex);
	}
	object = two;
	got = roster_parse(object, strlen(object), &r, NULL);
	roster_free(r);
	key_free(k);
	free(text);
	free(one);
	free(two);
	return got;
}

static void p2_p20_keys_are_checked(void **state)
{
	struct key *k = kit_person_key(KIT_LEADER);
	uint8_t zero[KEY_PUBLIC] = {0};
	char hex[65], zero_id[65];

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * (size_t)i, 3, "%02x", key_public(k)[i]);
	key_id_of(zero, zero_id);
	/* P2: another person's raw key, under its right id and under a wrong one. */
	assert_int_equal(load_with_key(hex, key_id(k)), SL_E_DENIED);
	assert_int_equal(load_with_key(hex, NULL), SL_E_FORMAT);
	assert_int_equal(load_with_key(ZERO64, zero_id), SL_E_DENIED);
	assert_int_equal(load_with_key("abcd", NULL), SL_E_FORMAT);
	key_free(k);
}

static void person_without_key_is_refused(void **state)
{
	static const char text[] = "{\"classes\":{\"A\":{\"approval_ttl_s\":1,\"exclude\":[],"
				   "\"min_persons\":2,\"require\":[{\"min\":2,"
				   "\"role\":\"desk\"}],\"veto\":[]}},\"persons\":[{\"keys\":[]"
				   ",\"pid\":\"p\",\"roles\":[],\"unit\":\"u\"}"
				   "],\"schema\":\"sluice-policy/1\",\"version\":1}";
	char *none = kit_replace(text,
				 "{\"keys\":[],\"pid\":\"p\",\"roles\":[],\"unit\":\"u\"}", "");
	char *many = kit_replace(
		text, "\"veto\":[]",
		"\"veto\":[\"desk\",\"desk\",\"desk\",\"desk\",\"desk\",\"desk\",\"desk\","
		"\"desk\",\"desk\","
		"\"desk\",\"desk\",\"desk\",\"desk\",\"desk\",\"desk\",\"desk\",\"desk\"]");
	struct roster *r = NULL;

	(void)state;
	assert_int_equal(roster_parse(text, strlen(text), &r, NULL), SL_E_DENIED);
	assert_int_equal(roster_parse(none, strlen(none), &r, NULL), SL_E_LIMIT);
	assert_int_equal(roster_parse(many, strlen(many), &r, NULL), SL_E_LIMIT);
	free(none);
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_the_cast),
		cmocka_unit_test(p2_p3_p13_bad_policies_do_not_load),
		cmocka_unit_test(p2_p20_keys_are_checked),
		cmocka_unit_test(person_without_key_is_refused),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
