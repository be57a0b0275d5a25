/* hygiene.c - DH-009: characters nobody sees.
 *
 * They are removed on cleaning and only noted, unless removing them let
 * another rule match: then somebody may have put them there on purpose. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/scan.h"

enum {
	TOGETHER = 60,	   /* bytes: invisible characters this close are one finding */
	CARRIERS_MIN = 4,  /* tags or variation selectors that spell something */
	NOTICES_MAX = 200, /* more than this many places in a passage say nothing new */
};

/* Emoji use these for their shape, and a file may start with a byte order mark. */
static bool is_ordinary(const struct scan *s, const struct norm_drop *d)
{
	const unsigned char *t = (const unsigned char *)s->passage->text;
	bool selector = d->len == 3 && (d->first == 0xfe0e || d->first == 0xfe0f);
	bool joiner = d->first == 0x200d || d->first == 0xfe0f;

	if (d->first == 0xfeff && d->from == 0 && d->len == 3)
		return true;
	/* Accents belong to foreign letters. */
	if (d->first >= 0x300 && d->first <= 0x36f && d->from >= 1 && t[d->from - 1] < 0xe0)
		return true;
	if (selector && d->from >= 1 && t[d->from - 1] < 0x80)
		return strchr("#*0123456789", t[d->from - 1]) != NULL;
	if (selector && d->from >= 3 && t[d->from - 3] == 0xe2)
		return true; /* a symbol of U+2000..2FFF */
	return joiner && d->len <= 6 && d->from >= 4 &&
	       (t[d->from - 4] == 0xf0 || t[d->from - 3] == 0xe2);
}

/* Tags and variation selectors are an alphabet of their own, in a row or one by one all over
 * a passage: machines read it. */
static bool carries(const struct scan *s, const struct norm_carriers *c)
{
	return c->n >= CARRIERS_MIN || (c->spelling > 0 && s->carried_view.len >= CARRIERS_MIN);
}

static int by_start(const void *a, const void *b)
{
	const struct raw *x = a, *y = b;

	return x->orig_from < y->orig_from ? -1 : x->orig_from > y->orig_from;
}

/* Did another rule match across it?  Places come in ascending order, so one
 * walk over the sorted hits answers for all of them. */
struct walk {
	size_t at, n;
	size_t reach; /* furthest end of the hits that start before */
};

static bool hides(const struct scan *s, struct walk *w, const struct norm_drop *d)
{
	for (; w->at < w->n && s->raw[w->at].orig_from < d->from; w->at++) {
		if (!s->raw[w->at].gone && s->raw[w->at].orig_to > w->reach)
			w->reach = s->raw[w->at].orig_to;
	}
	return w->reach >= d->from + d->len;
}

static bool add(struct scan *s, const struct rule *rule, const struct norm_drop *d, bool hiding,
		const char *why)
{
	struct raw *r = scan_raw(s);

	if (r == NULL)
		return false;
	r->rule = rule;
	r->view = &s->main_view;
	r->from = r->to = d->at;
	r->orig_from = d->from;
	r->orig_to = d->from + d->len;
	r->severity = hiding ? SEV_S2 : (uint8_t)rule->severity;
	r->score = SCORE_MEDIUM;
	r->kinds = 1u << FOLD_ZERO_WIDTH;
	(void)snprintf(r->evidence, sizeof(r->evidence), "U+%04X%s", (unsigned)d->first,
		       hiding ? why : "");
	return true;
}

void hygiene_invisible(struct scan *s)
{
	const struct rule *rule = rules_find(s->policy, "DH-009");
	struct walk walk = {.n = s->n_raw}; /* hits of the other rules */
	unsigned places = 0;

	if (rule == NULL || s->main_view.n_drop == 0)
		return;
	if (s->n_raw > 1)
		qsort(s->raw, s->n_raw, sizeof(*s->raw), by_start);
	for (size_t i = 0; i < s->main_view.n_drop; i++) {
		const struct norm_drop *d = &s->main_view.drop[i];
		struct norm_carriers c;
		struct raw *last;
		bool match = hides(s, &walk, d), hiding;

		normalise_carriers(&s->main_view, s->passage->text, d, &c);
		hiding = match || carries(s, &c);
		if (is_ordinary(s, d) || (c.flag && !match) ||
		    (!hiding && places >= NOTICES_MAX))
			continue;
		last = s->n_raw > walk.n ? &s->raw[s->n_raw - 1] : NULL;
		if (last != NULL && d->from - last->orig_to <= TOGETHER &&
		    (last->severity == SEV_S2) == hiding) {
			last->orig_to = d->from + d->len;
			continue;
		}
		if (!add(s, rule, d, hiding, match ? ",hides-a-match" : ",carries-text"))
			return;
		places++;
	}
}
