/* test_link_probe.c - probes counted, the table they make, and what is read from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/calibrate.h"
#include "link/probe_advice.h"

enum { SIZE = 1472, SESSION = 1000, RUN = 0x0000beef, START_MS = 5000 };

struct shot { /* one probe that arrives */
	uint32_t session, run, step, index, of;
	size_t size;
};

static struct probe_tally *new_tally(void)
{
	struct probe_tally *t = NULL;

	assert_int_equal(probe_tally_new(&t), SL_OK);
	return t;
}

static int shoot_with(struct probe_tally *t, const struct shot *s, uint32_t steps,
		      uint32_t rate_kbit, int64_t now)
{
	uint8_t body[SIZE] = {0};
	struct probe p = {.run = s->run,
			  .step = s->step,
			  .steps = steps,
			  .index = s->index,
			  .of = s->of,
			  .rate_kbit = rate_kbit};
	struct datagram d = {.kind = DATAGRAM_PROBE, .session = s->session, .body = body};

	probe_put(&p, body);
	d.len = s->size - DATAGRAM_FRAMING;
	return probe_tally_take(t, &d, now);
}

static int shoot(struct probe_tally *t, const struct shot *s)
{
	return shoot_with(t, s, 2, 25000, START_MS);
}

static void same_json(json_t *got, const char *want)
{
	char *text = json_dumps(got, JSON_COMPACT | JSON_SORT_KEYS);

	assert_string_equal(text, want);
	free(text);
	json_decref(got);
}

static void test_counts(void **state)
{
	/* 0 1 - - 5 4 4 - - 9 of 10, then step 1: its first three. */
	static const uint32_t order[] = {0, 1, 5, 4, 9};
	struct probe_tally *t = new_tally();
	struct shot s = {SESSION, RUN, 0, 0, 10, SIZE};

	(void)state;
	assert_null(probe_tally_json(t, START_MS));
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		s.index = order[i];
		assert_int_equal(shoot(t, &s), SL_OK);
	}
	s.index = 4;
	assert_int_equal(shoot(t, &s), SL_E_REPLAY);
	s = (struct shot){SESSION, RUN, 1, 2, 10, 256};
	assert_int_equal(shoot(t, &s), SL_OK);
	/* Under way: the rest of step 1 may still come. */
	same_json(probe_tally_json(t, START_MS + PROBE_OVER_MS - 1),
		  "{\"began\":5,\"ignored\":0,\"last\":5,\"over\":false,\"run\":\"0000beef\","
		  "\"steps\":2,\"table\":["
		  "{\"arrived\":5,\"burst\":3,\"duplicates\":1,\"heard_kbit\":0,\"lost\":5,"
		  "\"rate_kbit\":25000,"
		  "\"reordered\":1,\"sent\":10,\"size\":1472,\"step\":0},"
		  "{\"arrived\":1,\"burst\":2,\"duplicates\":0,\"heard_kbit\":0,\"lost\":2,"
		  "\"rate_kbit\":25000,"
		  "\"reordered\":0,\"sent\":3,\"size\":256,\"step\":1}]}");
	/* Over: what has not come is lost, and a row of lost ones may be the end. */
	same_json(probe_tally_json(t, START_MS + PROBE_OVER_MS),
		  "{\"began\":5,\"ignored\":0,\"last\":5,\"over\":true,\"run\":\"0000beef\","
		  "\"steps\":2,\"table\":["
		  "{\"arrived\":5,\"burst\":3,\"duplicates\":1,\"heard_kbit\":0,\"lost\":5,"
		  "\"rate_kbit\":25000,"
		  "\"reordered\":1,\"sent\":10,\"size\":1472,\"step\":0},"
		  "{\"arrived\":1,\"burst\":7,\"duplicates\":0,\"heard_kbit\":0,\"lost\":9,"
		  "\"rate_kbit\":25000,"
		  "\"reordered\":0,\"sent\":10,\"size\":256,\"step\":1}]}");
	probe_tally_free(t);
}

/* Rows of lost ones that end or begin inside of eight, or are eight. */
static void test_bursts(void **state)
{
	static const struct {
		uint32_t from, to; /* lost, of 40 */
		int64_t want;
	} rows[] = {{0, 0, 0},	{3, 4, 1},    {7, 9, 2},   {8, 16, 8},
		    {0, 40, 0}, {16, 40, 24}, {5, 21, 16}, {39, 40, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct probe_tally *t = new_tally();
		int64_t burst = -1;
		json_t *j;

		for (uint32_t n = 0; n < 40; n++) {
			if (n < rows[i].from || n >= rows[i].to)
				assert_int_equal(
					shoot(t, &(struct shot){SESSION, RUN, 0, n, 40, SIZE}),
					SL_OK);
		}
		j = probe_tally_json(t, START_MS + PROBE_OVER_MS);
		if (rows[i].to - rows[i].from == 40) {
			assert_null(j);
		} else {
			assert_true(json_i64(json_array_get(json_arr(j, "table"), 0), "burst",
					     &burst));
			assert_int_equal(burst, rows[i].want);
		}
		json_decref(j);
		probe_tally_free(t);
	}
}

static bool over_at(const struct probe_tally *t, int64_t now)
{
	json_t *j = probe_tally_json(t, now);
	bool over = false;

	assert_true(json_bool(j, "over", &over));
	json_decref(j);
	return over;
}

/* Runs only advance: a recorded one changes nothing. */
static void test_runs(void **state)
{
	struct probe_tally *t = new_tally();
	struct shot s = {SESSION, RUN, 0, 0, 10, SIZE};
	int64_t ignored = 0;
	json_t *j;

	(void)state;
	assert_int_equal(shoot(t, &s), SL_OK);
	s.session = SESSION - 1;
	assert_int_equal(shoot(t, &s), SL_E_REPLAY);
	s = (struct shot){SESSION, RUN + 1, 0, 1, 10, SIZE};
	assert_int_equal(shoot(t, &s), SL_E_REPLAY);
	j = probe_tally_json(t, START_MS);
	assert_string_equal(json_str(j, "run"), "0000beef");
	assert_true(json_i64(j, "ignored", &ignored));
	assert_int_equal(ignored, 2);
	json_decref(j);
	s.session = SESSION + 1; /* newer: the old table goes */
	assert_int_equal(shoot(t, &s), SL_OK);
	j = probe_tally_json(t, START_MS);
	assert_string_equal(json_str(j, "run"), "0000bef0");
	assert_int_equal(json_array_size(json_arr(j, "table")), 1);
	json_decref(j);
	/* A clock that was set back ends it too. */
	assert_false(over_at(t, START_MS));
	assert_true(over_at(t, START_MS - 1));
	probe_tally_free(t);
}

static void test_refused(void **state)
{
	static const struct {
		struct shot shot;
		uint32_t steps, rate;
		int want;
	} rows[] = {
		{{SESSION, RUN, 0, 0, 0, SIZE}, 2, 25000, SL_E_FORMAT},	  /* of nothing */
		{{SESSION, RUN, 0, 10, 10, SIZE}, 2, 25000, SL_E_FORMAT}, /* beyond the last */
		{{SESSION, RUN, 2, 0, 10, SIZE}, 2, 25000, SL_E_FORMAT},  /* no such step */
		{{SESSION, RUN, 0, 0, 10, SIZE}, PROBE_STEPS_MAX + 1, 25000, SL_E_LIMIT},
		{{SESSION, RUN, 0, 0, PROBE_STEP_DATAGRAMS + 1, SIZE}, 2, 25000, SL_E_LIMIT},
		{{SESSION, RUN, 0, 1, 10, 0}, 2, 25000, SL_E_FORMAT}, /* no body */
		/* The run contradicts itself. */
		{{SESSION, RUN, 0, 1, 11, SIZE}, 2, 25000, SL_E_FORMAT},
		{{SESSION, RUN, 0, 1, 10, SIZE - 1}, 2, 25000, SL_E_FORMAT},
		{{SESSION, RUN, 0, 1, 10, SIZE}, 2, 25001, SL_E_FORMAT},
		{{SESSION, RUN, 0, 1, 10, SIZE}, 3, 25000, SL_E_FORMAT},
	};
	struct probe_tally *t = new_tally();
	const struct shot first = {SESSION, RUN, 0, 0, 10, SIZE};

	(void)state;
	assert_int_equal(shoot(t, &first), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct shot s = rows[i].shot;

		s.size += s.size == 0 ? DATAGRAM_FRAMING + PROBE_BODY - 1 : 0;
		assert_int_equal(shoot_with(t, &s, rows[i].steps, rows[i].rate, START_MS),
				 rows[i].want);
	}
	/* The largest that may be, in full. */
	assert_int_equal(
		shoot_with(t,
			   &(struct shot){SESSION + 1, RUN, PROBE_STEPS_MAX - 1,
					  PROBE_STEP_DATAGRAMS - 1, PROBE_STEP_DATAGRAMS, SIZE},
			   PROBE_STEPS_MAX, 25000, START_MS),
		SL_OK);
	probe_tally_free(t);
}

static void test_plan(void **state)
{
	struct calibrate c = {.rate_bits = 100000000, .mtu = 1500};

	(void)state;
	calibrate_plan(&c);
	assert_int_equal(c.n, 10);
	assert_int_equal(c.step[0].size, CALIBRATE_SMALL);
	assert_int_equal(c.step[1].size, 1472);
	assert_int_equal(c.step[7].rate_kbit, 100000);
	assert_int_equal(c.step[7].of, 7500); /* 0.9 s of 12,000 bits each */
	assert_int_equal(c.step[9].percent, 125);
	assert_in_range(calibrate_ms(&c), 9500, 10500);
	/* Never faster than the interface; larger packets once, where they could pass. */
	c.ceiling_bits = 100000000;
	c.mtu_more = 9000;
	calibrate_plan(&c);
	assert_int_equal(c.n, 9);
	assert_int_equal(c.step[8].size, 8972);
	assert_int_equal(c.step[8].rate_kbit, 25000);
	/* IPv6 has longer headers; a slow link has few datagrams, a fast one not too many. */
	c = (struct calibrate){.rate_bits = 64000, .mtu = 1500, .six = true};
	calibrate_plan(&c);
	assert_int_equal(c.step[1].size, 1452);
	assert_int_equal(c.step[1].of, CALIBRATE_LEAST);
	c = (struct calibrate){.rate_bits = UINT64_C(100000000000), .mtu = 1500};
	calibrate_plan(&c);
	assert_int_equal(c.step[9].of, PROBE_STEP_DATAGRAMS);
	assert_true(c.n <= PROBE_STEPS_MAX);
}

struct cell {
	uint32_t rate, size, sent, lost, burst, heard;
};

static struct probe_advice advise(const struct cell *cells, size_t n)
{
	struct probe_run run = {.n = 0, .steps = 10, .over = true};
	struct probe_advice a;

	for (size_t i = 0; i < n; i++)
		run.row[run.n++] = (struct probe_row){.rate_kbit = cells[i].rate,
						      .size = cells[i].size,
						      .sent = cells[i].sent,
						      .arrived = cells[i].sent - cells[i].lost,
						      .lost = cells[i].lost,
						      .burst = cells[i].burst,
						      .heard_kbit = cells[i].heard};
	probe_advise(&run, &a);
	return a;
}
#define ADVISE(cells) advise(cells, sizeof(cells) / sizeof((cells)[0]))

static void test_clean(void **state)
{
	static const struct cell cells[] = {
		{25, 256, 1000, 0, 0, 0},  {25, SIZE, 1000, 0, 0, 0},
		{50, 256, 1000, 0, 0, 0},  {50, SIZE, 1000, 0, 0, 0},
		{75, 256, 1000, 0, 0, 0},  {75, SIZE, 1000, 90, 60, 0},
		{100, 256, 1000, 0, 0, 0}, {100, SIZE, 1000, 0, 0, 0}};
	struct probe_advice a = ADVISE(cells);

	(void)state;
	assert_true(a.arrived && a.clean && !a.blocked);
	/* What comes after a rate that lost is luck. */
	assert_int_equal(a.rate_kbit, 50);
	assert_int_equal(a.loss, 3);
	assert_int_equal(a.burst, 0);
	assert_int_equal(a.interleave, 1);
	assert_int_equal(a.size, SIZE);
}

/* A rate that the gateway could not send proves only what came. */
static void test_unreached(void **state)
{
	static const struct cell cells[] = {
		{250000, 256, 1000, 0, 0, 100000}, {250000, SIZE, 1000, 0, 0, 246000},
		{500000, 256, 1000, 0, 0, 100000}, {500000, SIZE, 1000, 0, 0, 378176},
		{750000, 256, 1000, 0, 0, 100000}, {750000, SIZE, 1000, 0, 0, 288320}};
	struct probe_advice a = ADVISE(cells);

	(void)state;
	assert_true(a.clean);
	assert_int_equal(a.rate_kbit, 370000);
	a = advise(cells, 2);
	assert_int_equal(a.rate_kbit, 250000);
}

/* How fast they came: 11 of 1500 bytes in 100 ms. */
static void test_heard(void **state)
{
	struct probe_tally *t = new_tally();
	int64_t heard = -1;
	json_t *j;

	(void)state;
	for (uint32_t i = 0; i <= 10; i++)
		assert_int_equal(shoot_with(t, &(struct shot){SESSION, RUN, 0, i, 11, SIZE}, 2,
					    25000, START_MS + 10 * i),
				 SL_OK);
	j = probe_tally_json(t, START_MS + 200);
	assert_true(json_i64(json_array_get(json_arr(j, "table"), 0), "heard_kbit", &heard));
	assert_int_equal(heard, 1200);
	json_decref(j);
	probe_tally_free(t);
}

static void test_small_ones_lost(void **state)
{
	static const struct cell cells[] = {{25, 256, 1000, 0, 0, 0},
					    {25, SIZE, 1000, 0, 0, 0},
					    {50, 256, 1000, 1, 1, 0},
					    {50, SIZE, 1000, 0, 0, 0}};
	struct probe_advice a = ADVISE(cells);

	(void)state;
	assert_int_equal(a.rate_kbit, 25);
}

static void test_lossy(void **state)
{
	/* Two percent whatever the rate, then a cliff. */
	static const struct cell cells[] = {
		{25, 256, 1000, 20, 2, 0},  {25, SIZE, 1000, 20, 2, 0},
		{50, 256, 1000, 20, 2, 0},  {50, SIZE, 1000, 25, 800, 0},
		{75, 256, 1000, 20, 2, 0},  {75, SIZE, 1000, 22, 3, 0},
		{100, 256, 1000, 20, 2, 0}, {100, SIZE, 1000, 400, 9, 0}};
	struct probe_advice a = ADVISE(cells);

	(void)state;
	assert_true(a.arrived && !a.clean);
	assert_int_equal(a.rate_kbit, 75);
	assert_int_equal(a.loss, 5); /* twice 2.5 % */
	assert_int_equal(a.burst, 800);
	/* Half of each block's repair symbols times so many blocks are the burst. */
	assert_in_range(a.interleave, 40, 100);
}

/* Of few datagrams few are lost, by luck: that is no reason to be slow. */
static void test_lucky(void **state)
{
	static const struct cell cells[] = {{25, 256, 2000, 40, 2, 0},
					    {25, SIZE, 375, 3, 1, 0},
					    {50, 256, 4000, 80, 1, 0},
					    {50, SIZE, 750, 18, 1, 0}};
	struct probe_advice a = ADVISE(cells);

	(void)state;
	assert_false(a.clean);
	assert_int_equal(a.rate_kbit, 50);
	assert_int_equal(a.loss, 5);
}

static void test_blocked(void **state)
{
	static const struct cell small[] = {{25, 256, 1000, 0, 0, 0}, {50, 256, 1000, 0, 0, 0}};
	static const struct cell jumbo[] = {
		{25, 256, 1000, 0, 0, 0}, {25, SIZE, 1000, 0, 0, 0}, {25, 8972, 20, 0, 0, 0}};
	struct probe_advice a = ADVISE(small);

	(void)state;
	assert_true(a.blocked && !a.arrived);
	a = ADVISE(jumbo);
	assert_true(a.arrived);
	assert_int_equal(a.usual, SIZE);
	assert_int_equal(a.size, 8972);
	a = advise(small, 0);
	assert_false(a.arrived || a.blocked);
}

static int parse(const char *text, struct probe_run *run)
{
	json_t *j = NULL;
	int r = json_parse(text, strlen(text), 4096, &j);

	assert_int_equal(r, SL_OK);
	r = probe_run_parse(j, run);
	json_decref(j);
	return r;
}

#define HEAD                                                                                   \
	"{\"run\":\"0000beef\",\"began\":5,\"last\":6,\"over\":true,\"steps\":2,"              \
	"\"ignored\":0,\"table\":["
#define ROW(sent, arrived, lost, burst)                                                        \
	"{\"step\":0,\"rate_kbit\":25000,\"size\":1472,\"sent\":" sent ",\"arrived\":" arrived \
	",\"lost\":" lost                                                                      \
	",\"duplicates\":0,\"reordered\":0,\"heard_kbit\":0,\"burst\":" burst "}"

static void test_parse(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"[]",
		"{\"run\":\"beef\",\"began\":5,\"last\":6,\"over\":true,\"steps\":2,"
		"\"ignored\":0,\"table\":[]}",
		HEAD "{}]}",
		HEAD ROW("10", "9", "2", "1") "]}",
		HEAD ROW("10", "8", "2", "3") "]}",
		HEAD ROW("10", "-1", "11", "0") "]}",
		HEAD ROW("4294967296", "4294967296", "0", "0") "]}",
	};
	struct probe_run run;

	(void)state;
	assert_int_equal(parse(HEAD ROW("10", "8", "2", "1") "]}", &run), SL_OK);
	assert_int_equal(run.n, 1);
	assert_int_equal(run.row[0].lost, 2);
	assert_string_equal(run.run, "0000beef");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse(wrong[i], &run), SL_E_FORMAT);
	assert_int_equal(probe_run_parse(NULL, &run), SL_E_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_small_ones_lost),
		cmocka_unit_test(test_unreached),
		cmocka_unit_test(test_heard),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_lucky),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
