/* test_outlet_hint.c - the outlet's own page about itself, and what a platform makes of it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "outlet/pull_hint.h"
#include "outlet/status_page.h"
#include "pull_kit.h"

enum { NOW = 1795000000 };

/* A receiver's status of `now`, heard `ago` seconds before. */
static json_t *receiver_of(int64_t now, int64_t ago, const char *missing, int count)
{
	char time[CLOCK_TEXT + 1], heard[CLOCK_TEXT + 1], text[512];
	json_t *j = NULL;

	clock_format(now, time);
	clock_format(now - ago, heard);
	(void)snprintf(
		text, sizeof(text),
		"{\"heard\":\"%s\",\"missing\":[%s],\"missing_count\":%d,\"mode\":\"udp\","
		"\"sender\":{\"highest\":99,\"lowest_repeat\":20},\"time\":\"%s\"}",
		heard, missing, count, time);
	assert_int_equal(json_parse(text, strlen(text), sizeof(text), &j), SL_OK);
	return j;
}

static json_t *stamped(const char *name, int64_t t)
{
	char text[CLOCK_TEXT + 1];

	clock_format(t, text);
	return strcmp(name, "expires") == 0
		       ? json_pack("{s:{s:s,s:i}}", "signed", name, text, "version", 7)
		       : json_pack("{s:s}", name, text);
}

static struct status_page page_of(int64_t ago, const char *missing, int count, int64_t left)
{
	json_t *receiver = receiver_of(NOW, ago, missing, count),
	       *installer = stamped("time", NOW - 3), *stamp = stamped("expires", NOW + left);
	struct status_page p;

	status_page_of(receiver, installer, stamp, NOW, &p);
	json_decref(receiver);
	json_decref(installer);
	json_decref(stamp);
	return p;
}

static void expect_html(const struct status_page *p, const char *has)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	assert_int_equal(status_page_html(p, false, &b), SL_OK);
	if (strstr(buf_str(&b), has) == NULL)
		fail_msg("wanted %s: %s", has, buf_str(&b));
	buf_release(&b);
}

static void test_page(void **state)
{
	struct status_page p = page_of(2, "", 0, 100);

	(void)state;
	expect_html(&p, "<li class=\"good\">The outlet is running.</li>");
	expect_html(&p, "<li class=\"good\">No unit is missing.</li>");
	expect_html(&p, "<li class=\"good\">The gateway was last heard at 2026-11-");
	expect_html(&p, "<li class=\"good\">The signed word is fresh: version 7, good until ");
	p = page_of(11, "17,19,20,30", 4, 0);
	expect_html(&p, "<li class=\"bad\">Nothing was heard from the gateway since 2026-");
	expect_html(&p, "<li class=\"bad\">Missing, will be sent again: 20, 30</li>");
	expect_html(&p, "<li class=\"bad\">Missing, must be asked for at the gateway: 17, 19<");
	expect_html(&p, "<li class=\"bad\">The signed word is too old");
	status_page_of(NULL, NULL, NULL, NOW, &p);
	expect_html(&p, "<li class=\"bad\">The outlet's receiver or installer does not run.");
	expect_html(&p, "<li class=\"bad\">Nothing has been installed yet.");
}

static struct pull_hint hint_of(const struct status_page *p)
{
	struct pull_hint h;
	struct buf b;

	buf_init(&b, PULL_HINT_BYTES);
	assert_int_equal(status_page_json(p, &b), SL_OK);
	if (pull_hint_parse(b.data, b.len, &h) != SL_OK)
		fail_msg("%s", buf_str(&b));
	buf_release(&b);
	return h;
}

static void expect_behind(const struct pull_hint *h, int64_t now, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	assert_int_equal(pull_hint_behind(h, now, &b), want != NULL);
	assert_string_equal(buf_str(&b), want != NULL ? want : "");
	buf_release(&b);
}

/* What one end writes the other reads, and makes a sentence of. */
static void test_both_ends(void **state)
{
	struct status_page p = page_of(2, "", 0, 100);
	struct pull_hint h = hint_of(&p);

	(void)state;
	assert_true(h.running && !h.silent && !h.full);
	assert_int_equal(h.time, NOW);
	assert_int_equal(h.heard, NOW - 2);
	expect_behind(&h, NOW, NULL);
	p = page_of(2, "17,19,20,21,30", 5, 100);
	h = hint_of(&p);
	assert_int_equal(h.n, 5);
	expect_behind(&h, NOW, "the outlet is missing units 17 19-21 30 (5 in all)");
	expect_behind(&h, NOW + 4000, NULL); /* somebody's old copy */
	expect_behind(&h, NOW - 4000, NULL);
	/* On its way right now: nothing that anybody misses. */
	p = page_of(2, "100", 1, 100);
	h = hint_of(&p);
	assert_int_equal(h.missing_count, 0);
	p = page_of(599, "", 0, 100);
	h = hint_of(&p);
	assert_true(h.silent);
	expect_behind(&h, NOW, NULL);
	p = page_of(660, "", 0, 100);
	h = hint_of(&p);
	expect_behind(&h, NOW, "the outlet has heard nothing from the gateway for 11 minutes");
	p = page_of(660, "5", 1, 100);
	h = hint_of(&p);
	expect_behind(&h, NOW,
		      "the outlet is missing units 5 (1 in all); the outlet has heard nothing "
		      "from the gateway for 11 minutes");
	status_page_of(NULL, NULL, NULL, NOW, &p);
	h = hint_of(&p);
	assert_false(h.running);
	expect_behind(&h, NOW, NULL);
}

#define HINT(fields)                                                                           \
	"{\"format\":\"sluice-outlet-status/1\",\"full\":false,\"running\":true,"              \
	"\"silent\":false,\"time\":\"2026-11-27T12:00:00Z\"," fields "}"

static void test_strict(void **state)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{HINT("\"missing\":[],\"missing_count\":0"), SL_OK},
		{HINT("\"missing\":[1,3],\"missing_count\":9"), SL_OK},
		{HINT("\"missing\":[3,1],\"missing_count\":2"), SL_E_FORMAT},
		{HINT("\"missing\":[3,3],\"missing_count\":2"), SL_E_FORMAT},
		{HINT("\"missing\":[0],\"missing_count\":1"), SL_E_FORMAT},
		{HINT("\"missing\":[-5],\"missing_count\":1"), SL_E_FORMAT},
		{HINT("\"missing\":[\"1\"],\"missing_count\":1"), SL_E_FORMAT},
		{HINT("\"missing\":[1,2],\"missing_count\":1"), SL_E_FORMAT},
		{HINT("\"missing\":[],\"missing_count\":1"), SL_E_FORMAT},
		{HINT("\"missing\":[],\"missing_count\":-1"), SL_E_FORMAT},
		{HINT("\"missing\":[],\"missing_count\":0,\"heard\":\"now\""), SL_E_FORMAT},
		{HINT("\"missing\":[],\"missing_count\":0,\"heard\":\"2026-11-27T11:00:00Z\""),
		 SL_OK},
		{HINT("\"missing\":[],\"missing_count\":0,\"more\":1"), SL_E_FORMAT},
		{HINT("\"missing\":[]"), SL_E_FORMAT},
		{"{\"format\":\"sluice-outlet-status/2\"}", SL_E_FORMAT},
		{"{\"status\":\"UP\"}", SL_E_FORMAT}, /* some other server's */
		{"[]", SL_E_FORMAT},
		{"", SL_E_FORMAT},
		{"<html>", SL_E_FORMAT},
	};
	struct pull_hint h;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (pull_hint_parse(rows[i].text, strlen(rows[i].text), &h) != rows[i].want)
			fail_msg("%s", rows[i].text);
	}
}

/* The real program: tells, publishes all the same, and ends well. */
static void test_told(void **state)
{
	char now[CLOCK_TEXT + 1], text[512];
	struct stage s;

	(void)state;
	stage_new(&s);
	clock_format(clock_now(), now);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, 86400);
	(void)snprintf(
		text, sizeof(text),
		"{\"format\":\"sluice-outlet-status/1\",\"full\":false,\"missing\":[4,5],"
		"\"missing_count\":2,\"running\":true,\"silent\":false,\"time\":\"%s\"}",
		now);
	okit_write(s.k.tree, "status.json", text, strlen(text));
	stage_pull(&s, 0, "\"event\":\"released\",\"id\":\"R-2026-000001\"");
	assert_true(stage_there(&s, "live/R-2026-000001/manifest.json"));
	stage_pull(&s, 0,
		   "\"event\":\"stale\",\"reason\":\"the outlet is missing units 4-5 (2 in "
		   "all)\"");
	/* Another server's file of that name, and none, are no error. */
	okit_write(s.k.tree, "status.json", "{\"status\":\"UP\"}", 15);
	stage_pull(&s, 0, "\"event\":\"up-to-date\"");
	assert_int_equal(unlinkat(s.k.tree, "status.json", 0), 0);
	stage_pull(&s, 0, "\"event\":\"up-to-date\"");
	stage_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_both_ends),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
