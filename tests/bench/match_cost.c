/* match_cost.c - what matching costs: views, rules, the whole of policy_scan, beside the
 * bare matcher with the same words on the same text.  One JSON line, MB of text a second.
 *
 *   match_cost POLICIES WORDS TEXT
 * POLICIES already holds WORDS as a list.  "match" is one pass of everything over
 * normalised text, "pipeline" all that policy_scan does. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hs/hs.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "policy/normalise.h"
#include "policy/rules.h"

enum { ROUNDS = 5, WORDS_MAX = 20000, TEXT_MAX = SEGMENT_TEXT_MAX };

static struct buf text;

/* Processor seconds: others may use the machine at the same time. */
static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double wall(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double rate(double seconds)
{
	return (double)text.len / 1e6 / seconds;
}

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		 void *arg)
{
	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	++*(unsigned long *)arg;
	return 0;
}

/* The words of the file as literals, scanned by the library alone. */
static double bare(const char *path)
{
	static const char *words[WORDS_MAX];
	static unsigned flags[WORDS_MAX], ids[WORDS_MAX];
	hs_compile_error_t *error = NULL;
	hs_database_t *db = NULL;
	hs_scratch_t *scratch = NULL;
	unsigned long hits = 0;
	double best = 1e9;
	unsigned n = 0;
	struct buf b;

	buf_init(&b, 1 << 20);
	if (file_read(AT_FDCWD, path, 1 << 20, &b) != SL_OK)
		exit(1);
	for (char *save = NULL, *w = strtok_r((char *)b.data, "\n", &save);
	     w != NULL && n < WORDS_MAX; w = strtok_r(NULL, "\n", &save)) {
		words[n] = w;
		ids[n] = n;
		n++;
	}
	if (hs_compile_multi(words, flags, ids, n, HS_MODE_BLOCK, NULL, &db, &error) !=
		    HS_SUCCESS ||
	    hs_alloc_scratch(db, &scratch) != HS_SUCCESS)
		exit(1);
	for (int r = 0; r < ROUNDS; r++) {
		double start = now();

		if (hs_scan(db, buf_str(&text), (unsigned)text.len, 0, scratch, count, &hits) !=
		    HS_SUCCESS)
			exit(1);
		best = now() - start < best ? now() - start : best;
	}
	(void)hs_free_scratch(scratch);
	(void)hs_free_database(db);
	buf_release(&b);
	return best;
}

/* Making the views, as the scan makes them. */
static double views(void)
{
	struct fold *fold = NULL;
	struct sl_why why;
	double best = 1e9;

	if (fold_new(&fold, &why) != SL_OK)
		exit(1);
	for (int r = 0; r < ROUNDS; r++) {
		struct norm main_view, dense, joined, open;
		double start = now();

		if (normalise_text(fold, buf_str(&text), text.len, &main_view) != SL_OK ||
		    normalise_dense(&main_view, &dense) != SL_OK ||
		    normalise_open(&main_view, OPEN_LINES, &joined) != SL_OK ||
		    normalise_open(&main_view, OPEN_NOISE, &open) != SL_OK)
			exit(1);
		best = now() - start < best ? now() - start : best;
		normalise_release(&open);
		normalise_release(&joined);
		normalise_release(&dense);
		normalise_release(&main_view);
	}
	fold_free(fold);
	return best;
}

/* One pass of the rules' and the words' databases over the normalised text. */
static void pass(const struct policy *p, const struct norm *n, hs_scratch_t *scratch,
		 enum database_kind kind, size_t from, size_t to)
{
	unsigned long hits = 0;

	if (to > from && hs_scan(p->database[kind].db, n->text + from, (unsigned)(to - from), 0,
				 scratch, count, &hits) != HS_SUCCESS)
		exit(1);
}

static double database(const struct policy *p)
{
	hs_scratch_t *scratch = NULL;
	struct norm n;
	double best = 1e9;
	size_t a, b;

	if (normalise_text(p->fold, buf_str(&text), text.len, &n) != SL_OK ||
	    hs_clone_scratch(p->scratch, &scratch) != HS_SUCCESS)
		exit(1);
	for (int r = 0; r < ROUNDS; r++) {
		double start = now();

		for (unsigned kind = 0; kind < DATABASE_DENSE; kind++)
			if (kind != DATABASE_RUNS)
				pass(p, &n, scratch, (enum database_kind)kind, 0, n.len);
		for (size_t at = 0; runs_next(&p->runs, n.text, at, n.len, &a, &b); at = b)
			pass(p, &n, scratch, DATABASE_RUNS, a, b);
		best = now() - start < best ? now() - start : best;
	}
	(void)hs_free_scratch(scratch);
	normalise_release(&n);
	return best;
}

static double whole(const char *policies, double ret_load[2], double *ret_match,
		    unsigned *ret_findings)
{
	const struct scan_context ctx = {.offline = true, .content_type = "CT02"};
	const struct segment s = {
		.line = 1, .column = 1, .text = buf_str(&text), .len = (uint32_t)text.len};
	struct policy *p = NULL;
	struct sl_why why = {.text = ""};
	double start = now(), start_wall = wall(), best = 1e9;

	if (policy_load(policies, &p, &why) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	ret_load[0] = now() - start;
	ret_load[1] = wall() - start_wall;
	for (int r = 0; r < ROUNDS; r++) {
		struct finding *f = NULL;
		bool overflow;

		start = now();
		if (policy_scan(p, &ctx, &s, 1, &f, ret_findings, &overflow) != SL_OK)
			exit(1);
		best = now() - start < best ? now() - start : best;
		free(f);
	}
	*ret_match = database(p);
	policy_free(p);
	return best;
}

int main(int argc, char **argv)
{
	double load[2] = {0, 0}, match = 0, all, make, alone;
	unsigned findings = 0;

	if (argc != 4 || crypto_start() != SL_OK)
		return 2;
	buf_init(&text, TEXT_MAX);
	if (file_read(AT_FDCWD, argv[3], TEXT_MAX, &text) != SL_OK)
		return 1;
	alone = bare(argv[2]);
	make = views();
	all = whole(argv[1], load, &match, &findings);
	printf("{\"measure\":\"match\",\"mb\":%.1f,\"bare_vectorscan\":%.0f,\"views\":%.0f,"
	       "\"match\":%.0f,\"pipeline\":%.2f,\"load_seconds\":%.3f,\"load_wall\":%.3f,"
	       "\"findings\":%u}\n",
	       (double)text.len / 1e6, rate(alone), rate(make), rate(match), rate(all), load[0],
	       load[1], findings);
	buf_release(&text);
	return 0;
}
