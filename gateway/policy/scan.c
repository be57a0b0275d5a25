/* scan.c - run the databases over each passage of a document.
 *
 * The matcher reports every end of a variable-length match; the longest per
 * start is kept by holding each pattern's last hit until it cannot grow. */
#include "policy/scan.h"

#include <stdlib.h>
#include <string.h>

#include "policy/record.h"
#include "policy/respell.h"

enum { SEAM_REACH = 180 }; /* bytes around a seam in which rules may see something new */

struct raw *scan_raw(struct scan *s)
{
	if (s->n_raw == RAW_MAX) {
		s->overflow = true;
		return NULL;
	}
	if (s->n_raw == s->cap_raw) {
		size_t cap = s->cap_raw == 0 ? 64 : s->cap_raw * 2;
		struct raw *r = realloc(s->raw, cap * sizeof(*r));

		if (r == NULL) {
			s->error = SL_E_NOMEM;
			return NULL;
		}
		s->raw = r;
		s->cap_raw = cap;
	}
	memset(&s->raw[s->n_raw], 0, sizeof(s->raw[0]));
	return &s->raw[s->n_raw++];
}

static void flush(struct scan *s, unsigned id)
{
	struct pending *p = &s->pending[id];

	p->live = false;
	confirm_hit(s, &s->database->pattern[id], p->from, p->to);
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		    void *arg)
{
	struct scan *s = arg;
	const struct pattern *p = &s->database->pattern[id];
	struct pending *last = &s->pending[id];

	(void)flags;
	from += s->base;
	to += s->base;
	if (p->fixed_len > 0) {
		confirm_hit(s, p, (size_t)to - p->fixed_len, (size_t)to);
	} else if (last->live && last->from == from) {
		last->to = (size_t)to;
	} else {
		if (last->live)
			flush(s, id);
		else
			s->live[s->n_live++] = id;
		*last = (struct pending){.from = (size_t)from, .to = (size_t)to, .live = true};
	}
	return s->error != SL_OK || s->overflow;
}

static int by_id(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void run_part(struct scan *s, const struct database *d, const struct norm *view,
		     size_t from, size_t to)
{
	hs_error_t e;

	if (d->db == NULL || to <= from || s->error != SL_OK || s->overflow)
		return;
	s->database = d;
	s->view = view;
	s->base = from;
	e = hs_scan(d->db, view->text + from, (unsigned)(to - from), 0, s->scratch, on_match,
		    s);
	if (e != HS_SUCCESS && e != HS_SCAN_TERMINATED)
		s->error = SL_E_INTERNAL;
	if (s->n_live > 1)
		qsort(s->live, s->n_live, sizeof(*s->live), by_id);
	for (unsigned i = 0; i < s->n_live; i++)
		flush(s, s->live[i]);
	s->n_live = 0;
}

/* All that is looked for in the main view, in a part of it or of an open one. */
static void run_main(struct scan *s, enum database_kind kind, const struct norm *view,
		     size_t from, size_t to)
{
	const struct policy *p = s->policy;
	size_t a, b;

	if (kind != DATABASE_RUNS) {
		run_part(s, &p->database[kind], view, from, to);
		return;
	}
	for (; runs_next(&p->runs, view->text, from, to, &a, &b); from = b)
		run_part(s, &p->database[kind], view, a, b);
}

static void run(struct scan *s, enum database_kind kind, const struct norm *view)
{
	/* Places in one view say nothing about another. */
	s->facts.table_to = 0;
	run_main(s, kind, view, 0, view->len);
}

static bool inside(const struct norm *v, size_t at)
{
	return at > 0 && at < v->len && ((unsigned char)v->text[at] & 0xc0) == 0x80;
}

static size_t part_start(const struct norm *view, size_t at, size_t reach)
{
	size_t from = at > reach ? at - reach : 0;

	while (inside(view, from))
		from--;
	return from;
}

static size_t part_end(const struct norm *view, size_t at, size_t reach)
{
	size_t to = view->len - at > reach ? at + reach : view->len;

	while (inside(view, to))
		to--;
	return to;
}

static void run_near(struct scan *s, enum database_kind kind, const struct norm *view)
{
	size_t from, to = 0;

	s->facts.table_to = 0;
	/* Many short stretches cost more than one pass. */
	if (view->n_drop > view->len / (2 * SEAM_REACH)) {
		run_main(s, kind, view, 0, view->len);
		return;
	}
	for (size_t i = 0; i < view->n_drop; i++) {
		from = part_start(view, view->drop[i].at, SEAM_REACH);
		from = from < to ? to : from;
		/* Seams whose surroundings touch are one stretch. */
		while (i + 1 < view->n_drop &&
		       view->drop[i + 1].at - view->drop[i].at <= 2 * SEAM_REACH)
			i++;
		to = part_end(view, view->drop[i].at, SEAM_REACH);
		run_main(s, kind, view, from, to);
	}
}

/* An open view differs from the main one at its seams only: what is further away
 * than any rule looks has been matched already. */
static void run_seams(struct scan *s, const struct norm *view)
{
	for (unsigned kind = 0; kind < DATABASE_DENSE; kind++)
		run_near(s, (enum database_kind)kind, view);
}

static void on_respelled(unsigned index, size_t from, size_t to, void *arg)
{
	struct scan *s = arg;
	const struct pattern p = {.entry = respell_entry(s->policy->respell, index),
				  .word = respell_word(s->policy->respell, index)};

	if (s->error == SL_OK && !s->overflow)
		confirm_hit(s, &p, from, to);
}

static void run_respelled(struct scan *s, const struct norm *view)
{
	const struct respell *r = s->policy->respell;
	size_t reach = respell_reach(r), from, to = 0;

	if (r == NULL || s->error != SL_OK || view->len == 0)
		return;
	s->view = view;
	if (view->source == NULL || view->n_drop > view->len / (2 * reach)) {
		respell_scan(r, view->text, view->len, 0, view->len, on_respelled, s);
		return;
	}
	for (size_t i = 0; i < view->n_drop; i++) {
		from = part_start(view, view->drop[i].at, reach);
		from = from < to ? to : from;
		to = part_end(view, view->drop[i].at, reach);
		respell_scan(r, view->text, view->len, from, to, on_respelled, s);
	}
}

static void run_open(struct scan *s)
{
	const struct policy *p = s->policy;

	s->error = normalise_open(&s->main_view, OPEN_LINES, &s->joined_view);
	if (s->error == SL_OK)
		run_seams(s, &s->joined_view);
	run_respelled(s, &s->joined_view);
	if (s->error == SL_OK)
		s->error = normalise_open(&s->main_view, OPEN_NOISE, &s->open_view);
	if (s->error != SL_OK || s->open_view.len == 0)
		return;
	run_seams(s, &s->open_view);
	run_respelled(s, &s->open_view);
	if (s->error == SL_OK && p->database[DATABASE_DENSE].db != NULL)
		s->error = normalise_dense(&s->open_view, &s->open_dense);
	if (s->error == SL_OK)
		run(s, DATABASE_DENSE, &s->open_dense);
}

/* Hits of entries that need several are kept only when there were enough. */
static void settle(struct scan *s)
{
	for (unsigned i = 0; i < s->n_tally; i++) {
		struct tally *t = &s->tally[i];

		if (t->count < t->entry->from->at_least)
			s->raw[t->first].gone = true;
	}
	s->n_tally = 0;
}

/* Everything that is looked for, in the main view and in those made of it. */
static void scan_view(struct scan *s)
{
	const struct policy *policy = s->policy;

	s->n_raw = 0;
	memset(&s->facts, 0, sizeof(s->facts));
	for (unsigned kind = 0; kind < DATABASE_DENSE; kind++)
		run(s, (enum database_kind)kind, &s->main_view);
	run_respelled(s, &s->main_view);
	if (s->error == SL_OK && policy->database[DATABASE_DENSE].db != NULL)
		s->error = normalise_dense(&s->main_view, &s->dense_view);
	if (s->error == SL_OK)
		run(s, DATABASE_DENSE, &s->dense_view);
	if (s->error == SL_OK)
		run_open(s);
	if (s->error == SL_OK) {
		settle(s);
		hygiene_invisible(s);
		merge_raw(s);
		report_raw(s);
	}
	normalise_release(&s->open_dense);
	normalise_release(&s->open_view);
	normalise_release(&s->joined_view);
	normalise_release(&s->dense_view);
	normalise_release(&s->main_view);
}

static void scan_passage(struct scan *s, const struct passage *p)
{
	const struct fold *fold = s->policy->fold;

	s->passage = p;
	s->error = normalise_text(fold, p->text, p->len, &s->main_view);
	if (s->error == SL_OK && s->main_view.n_drop > 0)
		s->error = normalise_carried(fold, &s->main_view, p->text, &s->carried_view);
	if (s->error == SL_OK)
		scan_view(s);
	if (s->error == SL_OK && s->carried_view.len > 0) {
		s->main_view = s->carried_view;
		memset(&s->carried_view, 0, sizeof(s->carried_view)); /* moved */
		s->carried = true;
		scan_view(s);
		s->carried = false;
	}
	normalise_release(&s->carried_view);
	normalise_release(&s->main_view);
}

static int by_place(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int c;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if ((c = strcmp(x->rule, y->rule)) != 0)
		return c;
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return memcmp(x, y, sizeof(*x));
}

/* In service nothing but the spill is said about a spilled document. */
static void keep_spill(struct scan *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n_finding; i++) {
		if (s->finding[i].severity == SEV_S0)
			s->finding[n++] = s->finding[i];
	}
	s->n_finding = n;
}

static int start(struct scan *s)
{
	unsigned most = 1;

	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		if (s->policy->database[i].n_pattern > most)
			most = s->policy->database[i].n_pattern;
	}
	s->pending = calloc(most, sizeof(*s->pending));
	s->live = calloc(most, sizeof(*s->live));
	if (s->pending == NULL || s->live == NULL)
		return SL_E_NOMEM;
	if (s->policy->scratch != NULL &&
	    hs_clone_scratch(s->policy->scratch, &s->scratch) != HS_SUCCESS)
		return SL_E_NOMEM;
	return SL_OK;
}

int policy_scan(const struct policy *p, const struct scan_context *ctx,
		const struct segment *segments, unsigned n_segments,
		struct finding **ret_findings, unsigned *ret_n, bool *ret_overflow)
{
	struct scan_context context = *ctx;
	struct scan s = {.policy = p, .ctx = &context};
	int r;

	/* Without a matcher nothing would be found, which must never look like a clean text. */
	if (!p->compiled)
		return SL_E_STATE;
	r = start(&s);
	/* Without a date no birth lies in the future: an unset field must not pass numbers. */
	if (context.today <= 0)
		context.today = INT32_MAX;

	for (unsigned i = 0; r == SL_OK && i < n_segments && !s.overflow;) {
		struct passage passage;

		r = passage_init(&passage, &segments[i], n_segments - i);
		if (r == SL_OK && passage.len > 0)
			scan_passage(&s, &passage);
		i += passage.n;
		passage_release(&passage);
		r = r != SL_OK ? r : s.error;
		if (s.spill && !ctx->offline)
			break;
	}
	if (r != SL_OK)
		goto out;
	if (n_segments > 0)
		record_findings(&s, segments, n_segments);
	gather_findings(&s);
	if ((r = s.error) != SL_OK)
		goto out;
	if (s.spill && !ctx->offline)
		keep_spill(&s);
	if (s.n_finding > 1)
		qsort(s.finding, s.n_finding, sizeof(*s.finding), by_place);
	*ret_findings = s.finding;
	*ret_n = s.n_finding;
	*ret_overflow = s.overflow;
	s.finding = NULL; /* moved */
out:
	free(s.finding);
	free(s.raw);
	free(s.pending);
	free(s.live);
	if (s.scratch != NULL)
		(void)hs_free_scratch(s.scratch);
	return r;
}
