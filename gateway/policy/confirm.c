/* confirm.c - the conditions every pack may state, then the detector. */
#include <string.h>

#include "policy/scan.h"

static bool around_ok(struct match *m)
{
	const struct entry *e = m->entry;
	const char *word;

	if (e->unless.n > 0 && match_words(match_around(m, e->unless_within, e->unless_within),
					   &e->unless) != NULL)
		return false;
	if (e->near.n > 0) {
		word = match_words(match_around(m, e->within, e->within), &e->near);
		if (word == NULL)
			return false;
		match_evidence(m, "context:%s", word);
	}
	if (e->before.n > 0) {
		word = match_words(match_before(m, e->within), &e->before);
		if (word == NULL)
			return false;
		match_evidence(m, "context:%s", word);
	}
	if (e->after.n > 0) {
		word = match_words(match_after(m, e->within), &e->after);
		if (word == NULL)
			return false;
		match_evidence(m, "context:%s", word);
	}
	return true;
}

/* Widen the span over letters, digits and Han characters, as packs ask. */
static void grow(struct match *m)
{
	static const char *const ends[] = {" ",	 "\t", "\n", "\r", ",", "、", ":",
					   "(",	 ")",  "\"", "“",  "”", "《", "》",
					   "。", ";",  "!",  "?",  NULL};
	size_t to, from;

	for (unsigned n = 0; n < m->entry->from->grow_before && m->from > 0; n++) {
		from = match_back(m, m->from, 1, true);
		if (from == m->from ||
		    match_starts((struct extent){m->view->text + from, m->from - from}, ends) !=
			    NULL)
			break;
		m->from = from;
	}
	for (unsigned n = 0; n < m->entry->from->grow_after && m->to < m->view->len; n++) {
		to = match_ahead(m, m->to, 1, true);
		if (to == m->to ||
		    match_starts((struct extent){m->view->text + m->to, to - m->to}, ends) !=
			    NULL)
			break;
		m->to = to;
	}
}

static bool conditions(struct match *m)
{
	const struct pack_detect *d = m->entry->from;

	if (d->whole && !match_whole(m))
		return false;
	if (d->alone && !match_alone(m))
		return false;
	if (d->first_lines > 0 && match_line_number(m) > d->first_lines)
		return false;
	if (!around_ok(m))
		return false;
	if (m->word != NULL) {
		match_evidence(m, "phrase:%s", m->word);
		m->score = SCORE_MEDIUM;
	}
	grow(m);
	return m->entry->detector == NULL || m->entry->detector(m);
}

/* Severity after the exceptions that content type, column or place allow. */
static uint8_t severity_of(const struct match *m, const char **ret_exception)
{
	const struct rule *rule = m->entry->rule;
	struct extent near = match_around(m, CONTEXT_DEFAULT, 0);
	const struct scope *scope;
	uint8_t severity = m->severity != SEV_UNSET	     ? m->severity
			   : m->entry->severity != SEV_UNSET ? m->entry->severity
							     : (uint8_t)rule->severity;

	scope = rules_scope(rule, m->ctx, m->passage->segment->where, near.text, near.len);
	*ret_exception = NULL;
	if (scope == NULL || severity == SEV_S0)
		return severity; /* no exception makes a classification mark harmless */
	*ret_exception = scope->from->exception;
	if (scope->severity == SEV_OFF)
		return SEV_OFF;
	return scope->severity;
}

/* Where to write the hit down; NULL: it only counts.  Of the hits of an entry that needs
 * several the first in the view stands for all, in whatever order they come. */
static struct raw *place(struct scan *s, const struct entry *e, size_t from)
{
	struct tally *t = NULL;
	struct raw *raw;

	for (unsigned i = 0; e->from->at_least > 1 && t == NULL && i < s->n_tally; i++) {
		if (s->tally[i].entry == e && s->tally[i].view == s->view)
			t = &s->tally[i];
	}
	if (t != NULL) {
		t->count++;
		raw = &s->raw[t->first];
		if (from >= raw->from)
			return NULL;
		memset(raw, 0, sizeof(*raw));
		return raw;
	}
	raw = scan_raw(s);
	if (raw != NULL && e->from->at_least > 1 && s->n_tally < TALLY_MAX)
		s->tally[s->n_tally++] = (struct tally){
			.entry = e, .view = s->view, .count = 1, .first = s->n_raw - 1};
	return raw;
}

/* In an open view only what a seam may have hidden is new: one inside the hit, or
 * inside the words around it that decide about it.  Counts need all hits. */
static bool near_seam(const struct match *m)
{
	const struct entry *e = m->entry;
	bool words = e->near.n > 0 || e->before.n > 0 || e->after.n > 0;
	unsigned reach = e->detector != NULL ? CONTEXT_DEFAULT : 0;
	size_t from, to, drop;

	if (m->view->n_drop == 0 || m->view->source == NULL || e->from->at_least > 1)
		return true;
	if (words && e->within > reach)
		reach = e->within;
	from = match_back(m, m->from, reach, false);
	to = match_ahead(m, m->to, reach, false);
	drop = normalise_next_drop(m->view, from);
	return drop < m->view->n_drop && m->view->drop[drop].at < to;
}

void confirm_hit(struct scan *s, const struct pattern *p, size_t from, size_t to)
{
	const struct entry *e = p->entry;
	struct match m = {.policy = s->policy,
			  .ctx = s->ctx,
			  .entry = e,
			  .view = s->view,
			  .passage = s->passage,
			  .facts = &s->facts,
			  .from = from,
			  .to = to,
			  .severity = SEV_UNSET,
			  .replace = p->replace,
			  .word = p->word};
	const char *exception;
	uint8_t severity;
	struct raw *raw;

	if ((e->where & 1u << s->passage->segment->where) == 0 || to <= from ||
	    to > s->view->len)
		return;
	if (!conditions(&m) || m.to <= m.from || !near_seam(&m))
		return;
	severity = severity_of(&m, &exception);
	raw = severity < SEV_COUNT ? place(s, e, m.from) : NULL;
	if (raw == NULL)
		return;
	raw->rule = e->rule;
	raw->entry = e;
	raw->view = m.view;
	raw->from = m.from;
	raw->to = m.to;
	raw->severity = severity;
	raw->score = (uint8_t)m.score;
	raw->replace = m.replace;
	raw->exception = exception;
	raw->spread = m.view->source != NULL || e->from->disguised;
	memcpy(raw->evidence, m.evidence, sizeof(raw->evidence));
	normalise_original(m.view, m.from, m.to, &raw->orig_from, &raw->orig_to);
	normalise_main(m.view, m.from, m.to, &from, &to);
	raw->kinds = normalise_kinds(&s->main_view, from, to);
}
