/* test_policy_samples.c - drafts with known findings: those beside the source tree
 * when they are there (expected.json), and the project's own always. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "policy_kit.h"

enum { SAMPLE_MAX = 1 << 20, SPANS = 64 };

static int stop(void **state)
{
	(void)state;
	kit_end();
	return 0;
}

static bool read_file(const char *dir, const char *name, struct buf *b)
{
	char path[1024];

	buf_init(b, SAMPLE_MAX);
	assert_int_equal(file_join(path, sizeof(path), dir, name), SL_OK);
	return file_read(AT_FDCWD, path, SAMPLE_MAX, b) == SL_OK;
}

static size_t count(const char *text, size_t n)
{
	size_t c = 0;

	for (size_t i = 0; i < n; i++)
		c += ((unsigned char)text[i] & 0xc0) != 0x80;
	return c;
}

static bool overlaps(const struct finding *f, size_t from, size_t len)
{
	return f->offset < from + len && from < f->offset + f->length;
}

static void scan_sample(const struct buf *b, const json_t *submission, struct kit_scan *s)
{
	const struct scan_context ctx = {.offline = true,
					 .today = 20000,
					 .content_type = json_str(submission, "content_type"),
					 .column = json_str(submission, "column"),
					 .disclosure =
						 json_str(submission, "disclosure_attribute")};
	const struct segment seg = {
		.line = 1, .column = 1, .text = buf_str(b), .len = (uint32_t)b->len};

	kit_segments(&seg, 1, &ctx, s);
}

/* Expected findings are there with rule, severity and place; nothing else of S0..S2. */
static unsigned check_findings(const char *name, const json_t *want, const struct kit_scan *s,
			       bool *used)
{
	unsigned bad = 0;

	for (size_t i = 0; i < json_array_size(want); i++) {
		const json_t *w = json_array_get(want, i);
		const char *rule = json_str(w, "rule"), *evidence = json_str(w, "evidence");
		int64_t offset = 0;
		bool found = false;

		assert_true(json_i64(w, "offset", &offset));
		for (unsigned k = 0; k < s->n; k++) {
			if (strcmp(s->f[k].rule, rule) != 0 ||
			    !overlaps(&s->f[k], (size_t)offset,
				      count(evidence, strlen(evidence))))
				continue;
			used[k] = true;
			found |= strcmp(severity_name((enum severity)s->f[k].severity),
					json_str(w, "severity")) == 0;
		}
		if (!found) {
			printf("%s: missing %s %s\n", name, rule, evidence);
			bad++;
		}
	}
	for (unsigned k = 0; k < s->n; k++) {
		if (!used[k] && s->f[k].severity <= SEV_S2 &&
		    strcmp(s->f[k].rule, "PI-011") != 0) {
			printf("%s: not expected: %s %s\n", name, s->f[k].rule,
			       s->f[k].excerpt);
			bad++;
		}
	}
	return bad;
}

static unsigned check_must_not(const char *name, const json_t *list, const struct buf *b,
			       const struct kit_scan *s)
{
	unsigned bad = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i), *rules = json_arr(row, "rules");
		const char *evidence = json_str(row, "evidence");
		const char *at = strstr(buf_str(b), evidence);
		size_t from = at != NULL ? count(buf_str(b), (size_t)(at - buf_str(b))) : 0;

		for (unsigned k = 0; at != NULL && k < s->n; k++) {
			for (size_t n = 0; n < json_array_size(rules); n++) {
				if (strcmp(json_string_value(json_array_get(rules, n)),
					   s->f[k].rule) == 0 &&
				    overlaps(&s->f[k], from,
					     count(evidence, strlen(evidence)))) {
					printf("%s: %s must not fire on %s\n", name,
					       s->f[k].rule, evidence);
					bad++;
				}
			}
		}
	}
	return bad;
}

static void shared_samples(void **state)
{
	static const char dir[] = SL_SOURCE_DIR "/../shared/samples";
	json_t *all = NULL, *sample;
	struct buf b;
	const char *name;
	unsigned bad = 0;

	(void)state;
	if (!read_file(dir, "expected.json", &b)) {
		buf_release(&b);
		skip();
	}
	assert_int_equal(json_parse(buf_str(&b), b.len, SAMPLE_MAX, &all), SL_OK);
	buf_release(&b);
	json_object_foreach(json_object_get(all, "samples"), name, sample)
	{
		bool used[KIT_FINDINGS] = {false};
		struct kit_scan s;

		assert_true(read_file(dir, name, &b));
		scan_sample(&b, json_obj(sample, "submission"), &s);
		bad += check_findings(name, json_arr(sample, "findings"), &s, used);
		bad += check_must_not(name, json_arr(sample, "must_not_fire"), &b, &s);
		buf_release(&b);
	}
	json_decref(all);
	assert_int_equal(bad, 0);
}

static void own_samples(void **state)
{
	static const struct {
		const char *name, *rules[8]; /* of S0..S2, in order of place */
	} rows[] = {
		{"01-road-works-clean.txt", {NULL}},
		{"02-lost-and-found-leak.txt",
		 {"PI-009", "PI-001", "PI-004", "PI-005", "PI-007", NULL}},
		{"03-marked-paper-spill.txt", {"SM-001", NULL}},
		{"04-internal-notice-blocked.txt",
		 {"WS-006", "WS-007", "WS-002", "WS-003", NULL}},
		{"05-procurement-near-miss-clean.txt", {NULL}},
		{"06-secrecy-week-clean.txt", {NULL}},
		{"07-full-width-evasion.txt", {"PI-001", "PI-004", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kit_scan s;
		struct buf b;
		unsigned n = 0;

		assert_true(read_file(SL_SOURCE_DIR "/tests/corpus/samples", rows[i].name, &b));
		scan_sample(&b, NULL, &s);
		buf_release(&b);
		for (unsigned k = 0; k < s.n; k++) {
			if (s.f[k].severity > SEV_S2)
				continue;
			if (rows[i].rules[n] == NULL ||
			    strcmp(s.f[k].rule, rows[i].rules[n]) != 0) {
				kit_print(rows[i].name, &s);
				fail_msg("%s: %s", rows[i].name, s.f[k].rule);
			}
			n++;
		}
		assert_null(rows[i].rules[n]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_samples),
		cmocka_unit_test(own_samples),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
