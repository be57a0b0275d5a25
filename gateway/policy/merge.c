/* merge.c - one finding per thing found: join, drop doubles, let rules yield.
 *
 * Hits are sorted by place; a look back is limited to the longest span, so the
 * work stays near linear however a document repeats itself. */
#include <stdlib.h>
#include <string.h>

#include "policy/scan.h"

enum { JOIN_GAP = 4 }; /* bytes of punctuation between two parts of one statement */

static int by_rule(const void *a, const void *b)
{
	const struct raw *x = a, *y = b;

	if (x->rule != y->rule)
		return x->rule->order < y->rule->order ? -1 : 1;
	if (x->orig_from != y->orig_from)
		return x->orig_from < y->orig_from ? -1 : 1;
	if (x->orig_to != y->orig_to)
		return x->orig_to > y->orig_to ? -1 : 1;
	/* The main view's reading is the plainer one. */
	if (x->spread != y->spread)
		return (int)x->spread - (int)y->spread;
	/* Databases are asked one after the other: the order in the pack decides. */
	return (x->entry > y->entry) - (x->entry < y->entry);
}

static int by_place(const void *a, const void *b)
{
	const struct raw *x = a, *y = b;

	if (x->orig_from != y->orig_from)
		return x->orig_from < y->orig_from ? -1 : 1;
	return by_rule(a, b);
}

/* Only punctuation and spaces between two hits? */
static bool only_gap(const struct scan *s, size_t from, size_t to)
{
	static const char *const gaps[] = {" ", "\t", "、", "，", ",", NULL};

	while (from < to) {
		size_t n = 0;

		for (const char *const *g = gaps; *g != NULL; g++) {
			n = strlen(*g);
			if (n <= to - from && memcmp(s->passage->text + from, *g, n) == 0)
				break;
			n = 0;
		}
		if (n == 0)
			return false;
		from += n;
	}
	return true;
}

static void take(struct raw *into, struct raw *from)
{
	if (from->score > into->score)
		into->score = from->score;
	if (from->severity < into->severity) {
		into->severity = from->severity;
		memcpy(into->evidence, from->evidence, sizeof(into->evidence));
	}
	if (from->orig_to > into->orig_to && from->view == into->view) {
		into->to = from->to;
		into->orig_to = from->orig_to;
	}
	if (!from->spread)
		into->kinds |= from->kinds;
	from->gone = true;
}

/* What the main view shows already is no evasion: a hit of another view that overlaps
 * one of the main view stays only when it is worse. */
static void drop_shown(struct scan *s)
{
	const struct raw *plain = NULL; /* of the main view: the one that reaches furthest */

	for (size_t i = 0; i < s->n_raw; i++) {
		struct raw *r = &s->raw[i];

		if (plain != NULL && plain->rule != r->rule)
			plain = NULL;
		if (r->spread)
			r->gone = plain != NULL && plain->orig_to > r->orig_from &&
				  plain->severity <= r->severity;
		else if (plain == NULL || r->orig_to > plain->orig_to)
			plain = r;
	}
	plain = NULL; /* now: the next one that begins behind */
	for (size_t i = s->n_raw; i-- > 0;) {
		struct raw *r = &s->raw[i];

		if (plain != NULL && plain->rule != r->rule)
			plain = NULL;
		if (!r->spread)
			plain = r;
		else if (plain != NULL && plain->orig_from < r->orig_to &&
			 plain->severity <= r->severity)
			r->gone = true;
	}
}

/* Hits of one rule: overlapping ones become one; neighbouring phrases too,
 * unless they are identifiers of their own. */
static void join(struct scan *s)
{
	struct raw *last = NULL;

	for (size_t i = 0; i < s->n_raw; i++) {
		struct raw *r = &s->raw[i];
		bool overlap;

		if (r->gone)
			continue;
		if (last == NULL || last->rule != r->rule) {
			last = r;
			continue;
		}
		overlap = r->orig_from < last->orig_to;
		if (overlap || (r->rule->mask == MASK_NONE && r->replace == NULL &&
				last->replace == NULL && r->view == last->view &&
				r->severity == last->severity &&
				r->orig_from - last->orig_to <= JOIN_GAP &&
				r->rule->from->made_by == NULL &&
				only_gap(s, last->orig_to, r->orig_from)))
			take(last, r);
		else
			last = r;
	}
}

static bool yields(const struct raw *r, const struct raw *other)
{
	const struct pack_words *y = &r->rule->from->yields_to;

	if (other->gone || other->orig_from >= r->orig_to || other->orig_to <= r->orig_from)
		return false;
	for (unsigned i = 0; i < y->n; i++) {
		if (strcmp(y->item[i], other->rule->from->id) == 0)
			return true;
	}
	return false;
}

static void yield(struct scan *s)
{
	size_t longest = 0;

	for (size_t i = 0; i < s->n_raw; i++) {
		if (s->raw[i].orig_to - s->raw[i].orig_from > longest)
			longest = s->raw[i].orig_to - s->raw[i].orig_from;
	}
	for (size_t i = 0; i < s->n_raw; i++) {
		struct raw *r = &s->raw[i];
		bool gone = false;

		if (r->gone || r->rule->from->yields_to.n == 0)
			continue;
		for (size_t k = i;
		     !gone && k-- > 0 && s->raw[k].orig_from + longest > r->orig_from;)
			gone = yields(r, &s->raw[k]);
		for (size_t k = i + 1;
		     !gone && k < s->n_raw && s->raw[k].orig_from < r->orig_to; k++)
			gone = yields(r, &s->raw[k]);
		r->gone = gone;
	}
}

static void compact(struct scan *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_raw; i++) {
		if (!s->raw[i].gone)
			s->raw[n++] = s->raw[i];
	}
	s->n_raw = n;
}

void merge_raw(struct scan *s)
{
	if (s->n_raw == 0)
		return;
	compact(s);
	qsort(s->raw, s->n_raw, sizeof(*s->raw), by_rule);
	drop_shown(s);
	compact(s);
	join(s);
	compact(s);
	qsort(s->raw, s->n_raw, sizeof(*s->raw), by_place);
	yield(s);
	compact(s);
}
