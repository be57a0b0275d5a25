/* test_outlet_arrivals.c - the receiver's numbers in plain words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "outlet/daemon_arrivals.h"

#define NOW "2026-11-27T12:00:00Z"

static int64_t now(void)
{
	int64_t t = 0;

	assert_true(clock_parse(NOW, strlen(NOW), &t));
	return t;
}

static struct link_view view_of(const char *text)
{
	struct link_view v;
	json_t *j = NULL;

	assert_int_equal(json_parse(text, strlen(text), 1 << 20, &j), SL_OK);
	link_view_of(j, now(), &v);
	json_decref(j);
	return v;
}

/* What status prints about it; caller frees. */
static char *printed(const char *text)
{
	static const struct cli plain = {.color = false};
	struct link_view v = view_of(text);
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	assert_non_null(f);
	daemon_arrivals_print(&plain, &v, now(), f);
	assert_int_equal(fclose(f), 0);
	return out;
}

#define HEARD(seconds)                                                                         \
	"\"heard\":\"2026-11-27T11:" seconds "Z\",\"mode\":\"udp\",\"time\":\"" NOW "\""
#define SENDER(highest, lowest)                                                                \
	"\"sender\":{\"highest\":" highest ",\"lowest_repeat\":" lowest ",\"loss_permille\":"  \
	"30}"

static void test_words(void **state)
{
	static const struct {
		const char *status, *has, *has_not;
	} rows[] = {
		{"{" HEARD("59:55") ",\"missing\":[],\"missing_count\":0," SENDER("9", "8") "}",
		 "last heard from the gateway: 2026-11-27T11:59:55Z\n", "nothing heard"},
		{"{" HEARD("59:55") ",\"missing\":[],\"missing_count\":0}",
		 "no unit is missing\n", "missing units"},
		{"{" HEARD("59:50") "}", "last heard", "nothing heard"},
		{"{" HEARD("59:49") "}",
		 "nothing heard from the gateway since 2026-11-27T11:59:49Z (11 seconds ago)\n",
		 "last heard"},
		{"{" HEARD("00:00") "}",
		 "nothing heard from the gateway since 2026-11-27T11:00:00Z (60 minutes ago)\n",
		 "lost on the link"},
		{"{\"mode\":\"udp\",\"time\":\"" NOW "\"}",
		 "nothing heard from the gateway since the receiver was started\n",
		 "last heard"},
		{"{\"mode\":\"stream\",\"time\":\"" NOW "\",\"missing\":[4],"
		 "\"missing_count\":1}",
		 "missing units: 4\n", "heard"},
		{"{" HEARD("59:59") ",\"datagrams\":{\"loss_permille\":12}," SENDER("9",
										    "8") "}",
		 "lost on the link in the last minute: 1.2 % (repair makes good 3.0 %)\n",
		 "-> Look at the cable"},
		{"{" HEARD("59:59") ",\"datagrams\":{\"loss_permille\":31}," SENDER("9",
										    "8") "}",
		 "-> Look at the cable", "missing units"},
		{"{" HEARD("59:59") ",\"datagrams\":{\"wrong_mac\":5,\"malformed\":1,"
				    "\"replayed\":2,\"old_session\":3}}",
		 "refused datagrams: 5 with a wrong key, 1 malformed, 5 replayed\n",
		 "different keys"},
		{"{\"mode\":\"udp\",\"time\":\"" NOW "\",\"datagrams\":{\"wrong_mac\":5}}",
		 "the two ends hold different keys", "last heard"},
		{"{" HEARD("59:59") ",\"buffer\":{\"asked\":67108864,\"got\":212992}}",
		 "the socket buffer has 212992 of the 67108864 bytes asked for; 0 datagrams "
		 "found it full\n  -> sysctl -w net.core.rmem_max=67108864\n",
		 "the disk is full"},
		{"{" HEARD("59:59") ",\"buffer\":{\"asked\":4096,\"got\":4096}}",
		 "no unit is missing", "sysctl"},
		{"{" HEARD("59:59") ",\"full\":true}",
		 "the disk is full: what arrives is dropped\n  -> Make room", "sysctl"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *out = printed(rows[i].status);

		if (strstr(out, rows[i].has) == NULL || strstr(out, rows[i].has_not) != NULL)
			fail_msg("%s\nsays: %s", rows[i].status, out);
		free(out);
	}
}

/* Each missing unit by name, and what becomes of it. */
static void test_missing(void **state)
{
	static const char status[] = "{" HEARD("59:59") "," SENDER(
		"40",
		"30") ",\"missing\":[17,19,20,21,30,31,33,35,41,42],\"missing_count\":10,"
		      "\"parts\":[{\"serial\":20,\"blocks\":5,\"done\":3,\"idle_ms\":70000},"
		      "{\"serial\":35,\"blocks\":2,\"done\":1,\"idle_ms\":20}]}";
	static const char want[] =
		"missing units: 17, 19-21, 30-31, 33, 35, 41-42\n"
		"  on their way: 35, 41-42\n"
		"  will be sent again: 30-31, 33\n"
		"  unit 20 is here in part: 3 of 5 blocks\n"
		"  unit 35 is here in part: 1 of 2 blocks\n"
		"  will not come again by themselves: 17, 19-21\n"
		"  -> Ask for them; a person at the gateway runs: sluiced link resend 17 "
		"19-21\n";
	struct link_view v = view_of(status);
	char *out = printed(status);
	json_t *j = daemon_arrivals_json(&v);

	(void)state;
	if (strstr(out, want) == NULL)
		fail_msg("%s", out);
	assert_string_equal(json_str(j, "ask_for"), "17 19-21");
	assert_string_equal(json_str(j, "coming"), "35 41-42");
	assert_string_equal(json_str(j, "repeated"), "30-31 33");
	assert_string_equal(json_str(j, "unsaid"), "");
	json_decref(j);
	free(out);
}

/* Nothing is repeated any more, and a gateway that fell silent sends nothing now. */
static void test_fates(void **state)
{
	struct link_view v = view_of("{" HEARD("59:59") "," SENDER(
		"40", "0") ",\"missing\":[17,41],\"missing_count\":2}");

	(void)state;
	assert_int_equal(v.missing[0].fate, LINK_FATE_ASK);
	assert_int_equal(v.missing[1].fate, LINK_FATE_COMING);
	v = view_of("{" HEARD("10:00") "," SENDER(
		"40",
		"30") ",\"missing\":[17,35,41],\"missing_count\":3,"
		      "\"parts\":[{\"serial\":17,\"blocks\":5,\"done\":3,\"idle_ms\":70}]}");
	assert_int_equal(v.missing[0].fate, LINK_FATE_ASK);
	assert_int_equal(v.missing[1].fate, LINK_FATE_REPEATED);
	assert_int_equal(v.missing[2].fate, LINK_FATE_REPEATED);
	v = view_of("{\"mode\":\"directory\",\"missing\":[17],\"missing_count\":1}");
	assert_int_equal(v.missing[0].fate, LINK_FATE_UNSAID);
}

/* Damage and lies in the file: unknown, never more than there is room for. */
static void test_damaged(void **state)
{
	static const char *const rows[] = {
		"{}",
		"[]",
		"{\"missing\":7,\"parts\":{},\"sender\":[],\"time\":12}",
		"{\"missing\":[-1,\"2\",null,1.5,0],\"missing_count\":-4}",
		"{\"heard\":\"yesterday\",\"time\":\"\",\"mode\":\"carrier pigeon\"}",
	};
	struct link_view v;
	struct buf b;
	char *out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		v = view_of(rows[i]);
		assert_false(v.known);
		assert_int_equal(v.n, 0);
		assert_int_equal(v.missing_count, 0);
		assert_null(daemon_arrivals_json(&v));
		out = printed(rows[i]);
		assert_non_null(strstr(out, "no unit is missing"));
		free(out);
	}
	link_view_of(NULL, now(), &v);
	assert_false(v.known);
	buf_init(&b, 1 << 16);
	buf_puts(&b, "{\"missing\":[1");
	for (unsigned i = 1; i < 2 * LINK_VIEW_MISSING_MAX; i++)
		buf_putf(&b, ",%u", 2 * i + 1);
	buf_puts(&b, "],\"missing_count\":2000}");
	v = view_of(buf_str(&b));
	assert_int_equal(v.n, LINK_VIEW_MISSING_MAX);
	assert_int_equal(v.missing_count, 2000);
	buf_clear(&b);
	link_view_ranges(&v, LINK_FATES, ", ", 3, &b);
	assert_string_equal(buf_str(&b), "1, 3, 5, ...");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_fates),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
