/* Feed pages: gap-free serials over all pages and in each channel, and every page that must be
 * refused (P13, P18).
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

/* Append it, numbered in one channel or two. */
static int add(struct feed_page *p, const struct feed_entry *e, const char *a, const char *b,
	       struct buf *old, char name[16])
{
	const char *names[] = {a, b};
	struct feed_entry numbered = *e;

	assert_int_equal(
		feed_channels_next(&p->channels, names, b == NULL ? 1 : 2, &numbered.numbers),
		SL_OK);
	return feed_append(p, &numbered, old, name);
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
	assert_string_equal(buf_str(&out), "{\"entries\":[],\"next\":{},\"next_serial\":1,"
					   "\"schema\":\"sluice-feed/1\"}");
	assert_int_equal(feed_parse(out.data, out.len, back, NULL), SL_OK);
	for (unsigned i = 0; i < 2 * FEED_PAGE_MAX + 3; i++) {
		buf_clear(&old);
		/* The third page has entries of one channel only. */
		assert_int_equal(add(p, &e, i < 2 * FEED_PAGE_MAX && i % 2 == 1 ? "b" : "a",
				     i == 2 ? "b" : NULL, &old, name),
				 SL_OK);
		if (old.len == 0)
			continue;
		rolled++;
		assert_int_equal(feed_parse(old.data, old.len, back, NULL), SL_OK);
		assert_int_equal(back->n, FEED_PAGE_MAX);
		assert_int_equal(back->channels.n, 2);
		assert_int_equal(back->channels.next[feed_channels_find(&back->channels, "b")],
				 rolled * FEED_PAGE_MAX / 2 + 2);
		assert_string_equal(back->prev_sha256, prev);
		hash_hex(old.data, old.len, prev);
		assert_string_equal(p->prev_page, name);
		assert_string_equal(p->prev_sha256, prev);
	}
	assert_int_equal(rolled, 2);
	assert_string_equal(name, "p000002");
	e = entry(FEED_NOTICE);
	assert_int_equal(add(p, &e, "b", NULL, &old, name), SL_OK);
	assert_int_equal(p->next_serial, 2 * FEED_PAGE_MAX + 5);
	buf_clear(&out);
	assert_int_equal(feed_write(p, &out), SL_OK);
	assert_int_equal(feed_parse(out.data, out.len, back, NULL), SL_OK);
	assert_int_equal(back->n, 4);
	assert_int_equal(back->entries[3].serial, 2 * FEED_PAGE_MAX + 4);
	assert_int_equal(back->entries[3].status, FEED_CANCELED);
	assert_string_equal(back->entries[3].notice, "notice/N-000007.json");
	assert_int_equal(back->entries[3].numbers.n, 1);
	assert_int_equal(back->entries[3].numbers.serial[0], FEED_PAGE_MAX + 2);
	assert_string_equal(feed_status_name(FEED_WITHHELD), "withheld");
	(void)snprintf(e.id, sizeof(e.id), "../x");
	assert_int_equal(add(p, &e, "a", NULL, &old, name), SL_E_FORMAT);
	e = entry(FEED_RELEASE);
	assert_int_equal(feed_append(p, &e, &old, name), SL_E_FORMAT); /* in no channel */
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
		{"unknown member of an entry", "{\"channels\"", "{\"c\":1,\"channels\"",
		 SL_E_FORMAT},
		{"no channels", "\"channels\":{\"a\":1,\"b\":1},", "", SL_E_FORMAT},
		{"empty channels", "{\"a\":1,\"b\":1}", "{}", SL_E_FORMAT},
		{"channels no object", "{\"a\":1,\"b\":1}", "[1]", SL_E_FORMAT},
		{"name of a channel", "{\"a\":1,\"b\":1}", "{\"a/\":1,\"b\":1}", SL_E_FORMAT},
		{"channel that next has not", "{\"a\":1,\"b\":1}", "{\"a\":1,\"b\":1,\"c\":1}",
		 SL_E_FORMAT},
		{"channel serial 0", "{\"a\":1,\"b\":1}", "{\"a\":0,\"b\":1}", SL_E_FORMAT},
		{"channel serial too large", "{\"a\":1,\"b\":1}", "{\"a\":4294967297,\"b\":1}",
		 SL_E_FORMAT},
		{"channel serial no number", "{\"a\":1,\"b\":1}", "{\"a\":\"1\",\"b\":1}",
		 SL_E_FORMAT},
		{"no next", "\"next\":{\"a\":3,\"b\":2},", "", SL_E_FORMAT},
		{"next no object", "\"next\":{\"a\":3,\"b\":2}", "\"next\":7", SL_E_FORMAT},
		{"next of an unused channel", "{\"a\":3,\"b\":2}", "{\"a\":3,\"b\":2,\"c\":1}",
		 SL_E_FORMAT},
		{"P18 first of a channel missing", "{\"a\":3,\"b\":2}",
		 "{\"a\":3,\"b\":2,\"c\":2}", SL_E_FORMAT},
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
	assert_int_equal(add(p, &a, "a", "b", &old, name), SL_OK);
	assert_int_equal(add(p, &b, "a", NULL, &old, name), SL_OK);
	assert_int_equal(feed_write(p, &out), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *bad = kit_replace(buf_str(&out), rows[i].from, rows[i].to);
		struct sl_why why = {.text = ""};
		int r = feed_parse(bad, strlen(bad), p, &why);

		if (r != rows[i].want || strcmp(bad, buf_str(&out)) == 0)
			fail_msg("%s: %d", rows[i].name, r);
		free(bad);
	}
	buf_clear(&out);
	buf_puts(&out, "{\"entries\":[");
	for (unsigned i = 0; i < FEED_PAGE_MAX + 1; i++)
		buf_puts(&out, i == 0 ? "{}" : ",{}");
	buf_puts(&out, "],\"next\":{},\"next_serial\":258,\"schema\":\"sluice-feed/1\"}");
	assert_int_equal(feed_parse(out.data, out.len, p, NULL), SL_E_LIMIT);
	buf_release(&out);
	buf_release(&old);
	free(p);
}

/* Entries 1, 2 and 3 of channel "a", of which the second is in "b" too; then what somebody
 * makes of the numbers who hides one, or shows one twice. */
static void numbers_of_a_channel(void **state)
{
	static const struct {
		unsigned entry, at;
		uint32_t serial, next; /* of that channel; next 0: stays */
		const char *says;
	} rows[] = {
		{0, 0, 1, 0, NULL},
		{1, 0, 3, 0, "serial 3 of channel a is there twice"},
		{2, 0, 4, 5, "serial 3 of channel a is missing"},
		{0, 0, 1, 6, "serial 5 of channel a is missing"},
		{2, 0, 2, 3, "serial 2 of channel a is there twice"},
		{1, 0, 1, 0, "serial 2 of channel a is missing"},
		{1, 1, 2, 3, "serial 1 of channel b is missing"},
	};
	struct feed_page *p = calloc(1, sizeof(*p)), *back = malloc(sizeof(*back));
	struct feed_entry e = entry(FEED_RELEASE);
	struct buf out, old;
	char name[16];

	(void)state;
	buf_init(&out, JSON_SIGNED_MAX);
	buf_init(&old, JSON_SIGNED_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct feed_numbers *n;
		int r;

		feed_page_init(p);
		assert_int_equal(add(p, &e, "a", NULL, &old, name), SL_OK);
		assert_int_equal(add(p, &e, "b", "a", &old, name), SL_OK);
		assert_int_equal(add(p, &e, "a", NULL, &old, name), SL_OK);
		n = &p->entries[rows[i].entry].numbers;
		n->serial[rows[i].at] = rows[i].serial;
		if (rows[i].next != 0)
			p->channels.next[n->channel[rows[i].at]] = rows[i].next;
		buf_clear(&out);
		assert_int_equal(feed_write(p, &out), SL_OK);
		r = feed_parse(out.data, out.len, back, &why);
		if (rows[i].says == NULL
			    ? r != SL_OK
			    : r != SL_E_FORMAT || strstr(why.text, rows[i].says) == NULL)
			fail_msg("%zu: %d %s", i, r, why.text);
	}
	/* Hidden as a whole: both of its numbers are named. */
	feed_page_init(p);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(add(p, &e, "a", NULL, &old, name), SL_OK);
	p->entries[1] = p->entries[2];
	p->n--;
	buf_clear(&out);
	assert_int_equal(feed_write(p, &out), SL_OK);
	{
		struct sl_why why = {.text = ""};

		assert_int_equal(feed_parse(out.data, out.len, back, &why), SL_E_FORMAT);
		assert_non_null(strstr(why.text, "serials have a gap at 3"));
		assert_non_null(strstr(why.text, "serial 2 of channel a is missing"));
	}
	buf_release(&out);
	buf_release(&old);
	free(p);
	free(back);
}

/* The largest page that can be made stays below what every reader takes. */
static void the_fullest_page_fits(void **state)
{
	struct feed_page *p = calloc(1, sizeof(*p)), *back = malloc(sizeof(*back));
	char words[FEED_CHANNELS_MAX + 1][FEED_CHANNEL_NAME];
	const char *names[FEED_CHANNELS_MAX + 1];
	struct feed_entry e = entry(FEED_NOTICE);
	struct buf out, old;
	char name[16];

	(void)state;
	buf_init(&out, JSON_SIGNED_MAX);
	buf_init(&old, JSON_SIGNED_MAX);
	feed_page_init(p);
	for (unsigned i = 0; i <= FEED_CHANNELS_MAX; i++) {
		(void)snprintf(words[i], sizeof(words[i]), "%064u", i);
		names[i] = words[i];
	}
	for (unsigned i = 0; i < FEED_PAGE_MAX; i++) {
		assert_int_equal(feed_channels_next(&p->channels, &names[i % 4 * 16],
						    MANIFEST_CHANNELS_MAX, &e.numbers),
				 SL_OK);
		assert_int_equal(feed_append(p, &e, &old, name), SL_OK);
	}
	for (unsigned i = 0; i < FEED_CHANNELS_MAX; i++)
		p->channels.next[i] = 4000000000u;
	assert_int_equal(feed_write(p, &out), SL_OK);
	assert_true(out.len < JSON_SIGNED_MAX / 2);
	/* One more channel has no room, one more of an entry neither. */
	assert_int_equal(
		feed_channels_next(&p->channels, &names[FEED_CHANNELS_MAX], 1, &e.numbers),
		SL_E_LIMIT);
	assert_int_equal(
		feed_channels_next(&p->channels, names, MANIFEST_CHANNELS_MAX + 1, &e.numbers),
		SL_E_LIMIT);
	buf_release(&out);
	buf_release(&old);
	free(p);
	free(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_roll_and_chain),
		cmocka_unit_test(bad_pages_are_refused),
		cmocka_unit_test(numbers_of_a_channel),
		cmocka_unit_test(the_fullest_page_fits),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
