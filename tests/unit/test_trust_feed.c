/* Feed pages: gap-free serials over all pages, and every page that must be refused (P13, P18).
 */
#include <string.h>

#include "trust/feed.h"
#include "trust_kit.h"

static const char DIGEST[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static struct feed_entry entry(enum feed_kind kind)
{
	struct feed_entry e = {
		.id = "R-2026-000123", .kind = kind, .status = FEED_USABLE, .version = 2};

	memcpy(e.manifest_sha256, DIGEST, sizeof(DIGEST));
	if (kind == FEED_NOTICE) {
		(void)snprintf(e.notice, sizeof(e.notice), "notice/N-000007.json");
		e.status = FEED_CANCELED;
	}
	return e;
}

static void pages_roll_and_chain(void **state)
{
	struct feed_page *p = malloc(sizeof(*p)), *back = malloc(sizeof(*back));
	struct feed_entry e = entry(FEED_RELEASE);
	char name[16] = "", prev[65] = "";
	unsigned rolled = 0;
	struct buf old, out;

	(void)state;
	buf_init(&old, JSON_SIGNED_MAX);
	buf_init(&out, JSON_SIGNED_MAX);
	feed_page_init(p);
	assert_int_equal(feed_write(p, &out), SL_OK);
	assert_string_equal(buf_str(&out),
			    "{\"entries\":[],\"next_serial\":1,\"schema\":\"sluice-feed/1\"}");
	assert_int_equal(feed_parse(out.data, out.len, back, NULL), SL_OK);
	for (unsigned i = 0; i < 2 * FEED_PAGE_MAX + 3; i++) {
		buf_clear(&old);
		assert_int_equal(feed_append(p, &e, &old, name), SL_OK);
		if (old.len == 0)
			continue;
		rolled++;
		assert_int_equal(feed_parse(old.data, old.len, back, NULL), SL_OK);
		assert_int_equal(back->n, FEED_PAGE_MAX);
		assert_string_equal(back->prev_sha256, prev);
		hash_hex(old.data, old.len, prev);
		assert_string_equal(p->prev_page, name);
		assert_string_equal(p->prev_sha256, prev);
	}
	assert_int_equal(rolled, 2);
	assert_string_equal(name, "p000002");
	e = entry(FEED_NOTICE);
	assert_int_equal(feed_append(p, &e, &old, name), SL_OK);
	assert_int_equal(p->next_serial, 2 * FEED_PAGE_MAX + 5);
	buf_clear(&out);
	assert_int_equal(feed_write(p, &out), SL_OK);
	assert_int_equal(feed_parse(out.data, out.len, back, NULL), SL_OK);
	assert_int_equal(back->n, 4);
	assert_int_equal(back->entries[3].serial, 2 * FEED_PAGE_MAX + 4);
	assert_int_equal(back->entries[3].status, FEED_CANCELED);
	assert_string_equal(back->entries[3].notice, "notice/N-000007.json");
	assert_string_equal(feed_status_name(FEED_WITHHELD), "withheld");
	(void)snprintf(e.id, sizeof(e.id), "../x");
	assert_int_equal(feed_append(p, &e, &old, name), SL_E_FORMAT);
	buf_release(&old);
	buf_release(&out);
	free(p);
	free(back);
}

static void bad_pages_are_refused(void **state)
{
	static const struct {
		const char *name, *from, *to;
		int want;
	} rows[] = {
		{"unknown member", "\"schema\"", "\"more\":1,\"schema\"", SL_E_FORMAT},
		{"other schema", "sluice-feed/1", "sluice-feed/2", SL_E_FORMAT},
		{"P13 not canonical", "{\"entries\"", "{ \"entries\"", SL_E_FORMAT},
		{"P18 serial missing", "\"serial\":2", "\"serial\":3", SL_E_FORMAT},
		{"P18 starts late", "\"serial\":1", "\"serial\":2", SL_E_FORMAT},
		{"P18 next_serial too high", "\"next_serial\":3", "\"next_serial\":4",
		 SL_E_FORMAT},
		{"P18 next_serial too low", "\"next_serial\":3", "\"next_serial\":2",
		 SL_E_FORMAT},
		{"prev that the serials deny", "\"schema\"",
		 "\"prev\":{\"page\":\"p000001\",\"sha256\":"
		 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},"
		 "\"schema\"",
		 SL_E_FORMAT},
		{"prev malformed", "\"schema\"", "\"prev\":{\"page\":\"1\"},\"schema\"",
		 SL_E_FORMAT},
		{"unknown member of an entry", "{\"id\"", "{\"href\":1,\"id\"", SL_E_FORMAT},
		{"kind", "\"release\"", "\"rumour\"", SL_E_FORMAT},
		{"status", "\"usable\"", "\"fine\"", SL_E_FORMAT},
		{"id", "R-2026-000123", "R-2026-0001", SL_E_FORMAT},
		{"long id", "R-2026-000123", "R-2026-000123000000000000000000000000",
		 SL_E_FORMAT},
		{"digest", "\"manifest_sha256\":\"a", "\"manifest_sha256\":\"", SL_E_FORMAT},
		{"version 0", "\"version\":2", "\"version\":0", SL_E_FORMAT},
		{"notice without a notice", "\"kind\":\"release\"", "\"kind\":\"notice\"",
		 SL_E_FORMAT},
		{"P8 notice path", "notice/N-000007.json", "notice/../../x", SL_E_FORMAT},
		{"P8 notice elsewhere", "notice/N-000007.json", "rel/N-000007.json",
		 SL_E_FORMAT},
		{"notice not text", "\"notice/N-000007.json\"", "7", SL_E_FORMAT},
	};
	struct feed_entry a = entry(FEED_RELEASE), b = entry(FEED_NOTICE);
	struct feed_page *p = malloc(sizeof(*p));
	struct buf out, old;
	char name[16];

	(void)state;
	buf_init(&out, JSON_SIGNED_MAX);
	buf_init(&old, JSON_SIGNED_MAX);
	feed_page_init(p);
	assert_int_equal(feed_append(p, &a, &old, name), SL_OK);
	assert_int_equal(feed_append(p, &b, &old, name), SL_OK);
	assert_int_equal(feed_write(p, &out), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(buf_str(&out), rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		int r = feed_parse(bad, strlen(bad), p, &why);

		if (r != rows[i].want)
			fail_msg("%s: %d", rows[i].name, r);
		free(bad);
	}
	buf_clear(&out);
	buf_puts(&out, "{\"entries\":[");
	for (unsigned i = 0; i < FEED_PAGE_MAX + 1; i++)
		buf_puts(&out, i == 0 ? "{}" : ",{}");
	buf_puts(&out, "],\"next_serial\":258,\"schema\":\"sluice-feed/1\"}");
	assert_int_equal(feed_parse(out.data, out.len, p, NULL), SL_E_LIMIT);
	buf_release(&out);
	buf_release(&old);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_roll_and_chain),
		cmocka_unit_test(bad_pages_are_refused),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
