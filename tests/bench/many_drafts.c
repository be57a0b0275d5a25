/* many_drafts.c - fill a store with drafts that wait for review, written as the desk does.
 *
 *   many_drafts DATA N       N drafts, 1,000 a transaction; also while a gateway runs on DATA
 *   many_drafts DATA 0       only measure: microseconds for windows of the list */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "store/store.h"

enum { BATCH = 1000, REPORTS = 8, WINDOW = 200 };

static const char body[] = "自本周一起夜间施工，请绕行。";
static char body_sha[65], report_sha[REPORTS][65];

static void must(int r, const char *what, const struct sl_why *why)
{
	if (r == SL_OK)
		return;
	(void)fprintf(stderr, "%s: %s\n", what, why_text(why, r));
	exit(1);
}

static const char *rule_of(unsigned i)
{
	static const char *const rules[REPORTS] = {"",	     "PI-003", "WS-004", "PI-001",
						   "DH-016", "PO-004", "PI-007", "FM-002"};

	return rules[i % REPORTS];
}

static unsigned worst_of(unsigned i)
{
	return i % REPORTS == 0 ? 9 : 1 + i % REPORTS % 3;
}

static void put_reports(struct store *s)
{
	struct sl_why why = {""};
	char text[300];

	for (unsigned i = 0; i < REPORTS; i++) {
		if (i == 0)
			(void)snprintf(text, sizeof(text),
				       "{\"files\":[{\"findings\":[]}],\"verdict\":\"clean\"}");
		else
			(void)snprintf(text, sizeof(text),
				       "{\"files\":[{\"findings\":[{\"rule\":\"%s\","
				       "\"severity\":\"S%u\"}]}],\"verdict\":\"review\"}",
				       rule_of(i), worst_of(i));
		must(store_object_put(s, text, strlen(text), report_sha[i]), "report", &why);
	}
}

static void put_body(struct store *s)
{
	struct sl_why why = {""};

	hash_hex(body, strlen(body), body_sha);
	must(store_body_put(s, body_sha, body, strlen(body), &why), "body", &why);
	must(store_upload_note(s, "p-31", body_sha, strlen(body)), "upload", &why);
}

static void fill(struct draft *d, struct draft_file *file, unsigned i)
{
	static const char *const what[] = {"施工通告", "招标公告", "警情通报", "办事指南",
					   "政策解读", "防诈提示", "年度报告"};

	memset(d, 0, sizeof(*d));
	memset(file, 0, sizeof(*file));
	d->n_channels = d->n_files = 1;
	(void)snprintf(d->author, sizeof(d->author), "p-31");
	(void)snprintf(d->submitter, sizeof(d->submitter), "p-31");
	(void)snprintf(d->unit, sizeof(d->unit), "u-%02u", i * 7 % 31);
	(void)snprintf(d->title, sizeof(d->title), "第 %u 号%s", i, what[i % 7]);
	(void)snprintf(d->content_type, sizeof(d->content_type), "CT%02u", 1 + i % 19);
	(void)snprintf(d->channels[0], sizeof(d->channels[0]), "official-site");
	(void)snprintf(d->klass, sizeof(d->klass), "%c", "ABC"[i % 3]);
	(void)snprintf(file->name, sizeof(file->name), "通告.txt");
	(void)snprintf(file->media_type, sizeof(file->media_type), "text/plain");
	memcpy(file->sha256, body_sha, sizeof(body_sha));
	file->length = strlen(body);
	d->files = file;
}

static int one(struct store *s, unsigned i, struct sl_why *why)
{
	const struct draft_change plain = {.actor = "p-31"};
	char token[32], rules[16];
	struct draft_change verdict = {.actor = "inspector",
				       .verdict = i % REPORTS == 0 ? "clean" : "review",
				       .report = report_sha[i % REPORTS],
				       .worst = worst_of(i),
				       .due = clock_now() +
					      (int64_t)(i * 2654435761u % 1728000)};
	struct draft_file file;
	struct draft d;
	int r;

	fill(&d, &file, i);
	(void)snprintf(token, sizeof(token), "many-%u", i);
	(void)snprintf(rules, sizeof(rules), i % REPORTS == 0 ? "" : " %s ", rule_of(i));
	verdict.rules = rules;
	r = store_draft_prepare(s, &d, token, why);
	if (r == SL_OK)
		r = store_move(s, d.id, 1, DRAFT_PREPARED, DRAFT_SUBMITTED, &plain, why);
	if (r == SL_OK)
		r = store_move(s, d.id, 1, DRAFT_SUBMITTED, DRAFT_INSPECTING, &plain, why);
	if (r == SL_OK)
		r = store_move(s, d.id, 1, DRAFT_INSPECTING, DRAFT_IN_REVIEW, &verdict, why);
	return r;
}

static void grow(struct store *s, unsigned n)
{
	struct sl_why why = {""};

	put_reports(s);
	put_body(s);
	for (unsigned from = 0; from < n; from += BATCH) {
		int r = store_begin(s);

		for (unsigned i = from; r == SL_OK && i < n && i < from + BATCH; i++)
			r = one(s, i, &why);
		must(store_end(s, r), "drafts", &why);
	}
}

static int seen(const struct draft *d, void *arg)
{
	*(int64_t *)arg += d->number;
	return 0;
}

static void measure(struct store *s, const char *name, struct draft_query q)
{
	int64_t sum = 0, began, best = INT64_MAX;
	struct sl_why why = {""};
	uint64_t total = 0;

	q.states[0] = DRAFT_IN_REVIEW;
	q.n_states = 1;
	q.limit = WINDOW;
	for (int i = 0; i < 5; i++) {
		struct timespec a, b;

		(void)clock_gettime(CLOCK_MONOTONIC, &a);
		must(store_draft_window(s, &q, &total, seen, &sum), name, &why);
		(void)clock_gettime(CLOCK_MONOTONIC, &b);
		began = (int64_t)(b.tv_sec - a.tv_sec) * 1000000 +
			(b.tv_nsec - a.tv_nsec) / 1000;
		best = began < best ? began : best;
	}
	printf("window=%s total=%llu us=%lld\n", name, (unsigned long long)total,
	       (long long)best);
}

int main(int argc, char **argv)
{
	struct sl_why why = {""};
	struct store *s = NULL;
	uint64_t n = 0;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: many_drafts DATA N\n");
		return 2;
	}
	n = strtoull(argv[2], NULL, 10);
	must(crypto_start(), "crypto", &why);
	must(store_open(argv[1], STORE_DESK, &s, &why), argv[1], &why);
	if (n > 0)
		grow(s, (unsigned)n);
	measure(s, "due", (struct draft_query){.order = DRAFT_BY_DUE});
	measure(s, "due-last", (struct draft_query){.order = DRAFT_BY_DUE, .offset = 99000});
	measure(s, "due-reverse", (struct draft_query){.order = DRAFT_BY_DUE, .reverse = true});
	measure(s, "risk", (struct draft_query){.order = DRAFT_BY_RISK});
	measure(s, "risk-last", (struct draft_query){.order = DRAFT_BY_RISK, .offset = 99000});
	measure(s, "risk-middle",
		(struct draft_query){.order = DRAFT_BY_RISK, .offset = 49000});
	measure(s, "title", (struct draft_query){.order = DRAFT_BY_TITLE});
	measure(s, "unit", (struct draft_query){.order = DRAFT_BY_UNIT});
	measure(s, "rule", (struct draft_query){.rule = "PI-003"});
	measure(s, "words",
		(struct draft_query){.words = {{.text = "警情"}, {.text = "77"}},
				     .n_words = 2});
	store_close(s);
	return 0;
}
