/* P13: bytes that two readers understand differently: duplicate names, floats, big integers,
 * lone surrogates, control characters, another order or spelling.
 *
 * Each text is signed exactly as it stands. */
#include <stdio.h>
#include <string.h>

#include "attack_kit.h"

struct change {
	const char *what, *from, *to, *says;
};

#define CANONICAL "not canonical JSON"
/* In the `signed` part of any role, where a new member "n" or "ratio" stands in its order. */
static const struct change in_signed[] = {
	{"duplicate name", "\"spec_version\":\"1.0.34\"",
	 "\"spec_version\":\"1.0.34\",\"spec_version\":\"1.0.34\"", CANONICAL},
	{"float", "\"spec_version\"", "\"ratio\":1.5,\"spec_version\"", CANONICAL},
	{"integer written as a float", "\"spec_version\"", "\"ratio\":1.0,\"spec_version\"",
	 CANONICAL},
	{"exponent", "\"spec_version\"", "\"ratio\":1e3,\"spec_version\"", CANONICAL},
	{"integer above 2^53", "\"spec_version\"", "\"n\":9007199254740993,\"spec_version\"",
	 CANONICAL},
	{"integer above 2^64", "\"spec_version\"",
	 "\"n\":18446744073709551617,\"spec_version\"", CANONICAL},
	{"minus zero", "\"spec_version\"", "\"n\":-0,\"spec_version\"", CANONICAL},
	{"leading zero", "\"spec_version\"", "\"n\":01,\"spec_version\"", CANONICAL},
	{"lone surrogate", "\"spec_version\"", "\"n\":\"\\ud800\",\"spec_version\"", CANONICAL},
	{"control character, escaped", "\"spec_version\"", "\"n\":\"\\u0007\",\"spec_version\"",
	 CANONICAL},
	{"control character, raw", "\"spec_version\"", "\"n\":\"\x01\",\"spec_version\"",
	 CANONICAL},
	{"delete", "\"spec_version\"", "\"n\":\"\x7f\",\"spec_version\"", CANONICAL},
	{"NUL, escaped", "\"spec_version\"", "\"n\":\"a\\u0000b\",\"spec_version\"", CANONICAL},
	{"bad UTF-8", "\"spec_version\"", "\"n\":\"\xff\",\"spec_version\"", CANONICAL},
	{"overlong UTF-8", "\"spec_version\"", "\"n\":\"\xc0\xaf\",\"spec_version\"",
	 CANONICAL},
	{"null", "\"spec_version\"", "\"n\":null,\"spec_version\"", CANONICAL},
	{"other order", "\"spec_version\":\"1.0.34\"", "\"spec_version\":\"1.0.34\",\"a\":1",
	 CANONICAL},
	{"blank", "\"spec_version\":", "\"spec_version\": ", CANONICAL},
	{"line end", "\"spec_version\":", "\n\"spec_version\":", CANONICAL},
	{"escaped letter", "\"spec_version\":\"1.0.34\"", "\"spec_version\":\"\\u0031.0.34\"",
	 CANONICAL},
	{"escaped slash", "\"spec_version\"", "\"n\":\"a\\/b\",\"spec_version\"", CANONICAL},
	{"quote in a name", "\"spec_version\"", "\"n\\\"m\":1,\"spec_version\"", CANONICAL},
	{"name that is not ASCII", "\"spec_version\"", "\"n\xc3\xa9\":1,\"spec_version\"",
	 CANONICAL},
	{"seventeen levels", "\"spec_version\"",
	 "\"n\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]],\"spec_version\"", "too deep"},
};

static const struct change innocent = {"member", "\"spec_version\"", "\"n\":1,\"spec_version\"",
				       ""};

/* First occurrence replaced; caller frees. */
static char *changed(const char *text, const struct change *c)
{
	const char *at = strstr(text, c->from);
	size_t size = strlen(text) + strlen(c->to) + 1;
	char *out = calloc(1, size);

	assert_non_null(at);
	assert_non_null(out);
	(void)snprintf(out, size, "%.*s%s%s", (int)(at - text), text, c->to,
		       at + strlen(c->from));
	return out;
}

static void put(struct attack *a, const char *role, int64_t version, const char *text,
		const struct key *key)
{
	attack_put_text(a, role, version, text, key);
	if (strcmp(role, "timestamp") != 0)
		attack_seal(a);
}

static void in_role(const char *role, const struct key *(*key_of)(const struct okit *))
{
	int64_t version = 0;
	struct attack a;
	json_t *body;
	struct buf b;

	attack_new(&a);
	body = attack_body(&a, role);
	(void)json_i64(body, "version", &version);
	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(body, &b), SL_OK);
	for (size_t i = 0; i < sizeof(in_signed) / sizeof(*in_signed); i++) {
		char *text = changed(buf_str(&b), &in_signed[i]);

		put(&a, role, version, text, key_of(&a.k));
		if (attack_pull(&a) != 1 || strstr(a.said, in_signed[i].says) == NULL ||
		    attack_has(&a, "live/" ATTACK_RELEASE))
			fail_msg("%s in %s: %s", in_signed[i].what, role, a.said);
		free(text);
	}
	/* The rows fail for what they are: an innocent member in the same place is taken. */
	{
		char *text = changed(buf_str(&b), &innocent);

		put(&a, role, version, text, key_of(&a.k));
		free(text);
	}
	attack_accepts(&a);
	buf_release(&b);
	json_decref(body);
	attack_free(&a);
}

static const struct key *feed_key(const struct okit *k)
{
	return k->feed;
}

static const struct key *timestamp_key(const struct okit *k)
{
	return k->timestamp;
}

static void p13_role(void **state)
{
	(void)state;
	in_role("feed", feed_key);
}

static void p13_timestamp(void **state)
{
	(void)state;
	in_role("timestamp", timestamp_key);
}

/* The same doubt in a target whose digest is signed: the feed's head. */
static void p13_feed_head(void **state)
{
	static const struct change rows[] = {
		{"duplicate name", "\"next_serial\":2", "\"next_serial\":9,\"next_serial\":2",
		 "feed page"},
		{"float", "\"next_serial\":2", "\"next_serial\":2.0", "feed page"},
		{"big integer", "\"next_serial\":2", "\"next_serial\":18446744073709551618",
		 "feed page"},
		{"other order", "\"schema\":\"sluice-feed/1\"",
		 "\"schema\":\"sluice-feed/1\",\"a\":1", "feed page"},
		{"blank", "\"next_serial\":", "\"next_serial\": ", "feed page"},
		{"lone surrogate", "\"" ATTACK_RELEASE "\"", "\"R-2026-\\udc00000001\"",
		 "feed page"},
		{"control character", "\"" ATTACK_RELEASE "\"", "\"R-2026-\\u0007000001\"",
		 "feed page"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf head, bent;
		struct attack a;
		json_t *body;
		char *text;

		attack_new(&a);
		buf_init(&head, 1 << 20);
		buf_init(&bent, 1 << 20);
		assert_int_equal(feed_write(&a.k.head, &head), SL_OK);
		text = changed(buf_str(&head), &rows[i]);
		buf_put(&bent, text, strlen(text));
		body = attack_body(&a, "feed");
		okit_put_target(&a.k, json_object_get(body, "targets"), "feed/head.json",
				&bent);
		attack_sign(&a, "feed", body, a.k.feed);
		attack_seal(&a);
		attack_refuses(&a, rows[i].says);
		free(text);
		buf_release(&head);
		buf_release(&bent);
		attack_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p13_role),
		cmocka_unit_test(p13_timestamp),
		cmocka_unit_test(p13_feed_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
