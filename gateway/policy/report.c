/* report.c - hits become findings: place, masked excerpt, evidence, keyed hash, advice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "policy/excerpt.h"
#include "policy/gb.h"
#include "policy/scan.h"

enum { SHOWN_BYTES = 180, HASHED_MAX = 4096 };

static const char *const scores[SCORE_COUNT] = {"score:weak", "score:medium", "score:strong"};

static struct finding *add(struct scan *s)
{
	if (s->n_finding == FINDINGS_MAX) {
		s->overflow = true;
		return NULL;
	}
	if (s->n_finding == s->cap_finding) {
		unsigned cap = s->cap_finding == 0 ? 32 : s->cap_finding * 2;
		struct finding *f = realloc(s->finding, cap * sizeof(*f));

		if (f == NULL) {
			s->error = SL_E_NOMEM;
			return NULL;
		}
		s->finding = f;
		s->cap_finding = cap;
	}
	memset(&s->finding[s->n_finding], 0, sizeof(s->finding[0]));
	return &s->finding[s->n_finding++];
}

static void put_word(char *out, size_t cap, const char *word)
{
	size_t used = strlen(out);

	if (strlen(word) + 2 <= cap - used)
		(void)snprintf(out + used, cap - used, "%s%s", used > 0 ? "," : "", word);
}

/* What lies between the pieces of a match that only the dense or open view shows. */
static const char *spread_kind(const struct scan *s, const struct raw *r)
{
	static const char *const seams[] = {"wrapped", "interleaved", "repeated"};
	const char *t = s->passage->text + r->orig_from;
	size_t len = r->orig_to - r->orig_from;

	size_t drop = normalise_next_drop(r->view, r->from);

	if (r->entry != NULL && r->entry->from->disguised)
		return "respelled";
	if (r->view->source != NULL && r->view->n_drop > 0)
		return seams[r->view->drop[drop < r->view->n_drop ? drop : drop - 1].first];

	if (memchr(t, '\n', len) != NULL)
		return "wrapped";
	return memchr(t, ' ', len) != NULL || memmem(t, len, "　", 3) != NULL ? "spaced"
									      : "interleaved";
}

static void evasions(const struct scan *s, const struct raw *r, char *out, size_t cap)
{
	static const struct {
		enum fold_kind kind;
		const char *name;
	} names[] = {
		{FOLD_FULLWIDTH, "fullwidth"},	 {FOLD_RADICAL, "radical"},
		{FOLD_COMPAT, "compatibility"},	 {FOLD_TRADITIONAL, "traditional"},
		{FOLD_HOMOGLYPH, "homoglyph"},	 {FOLD_DIGIT, "digits"},
		{FOLD_ZERO_WIDTH, "zero-width"}, {FOLD_ESCAPE, "escaped"},
	};
	const char *t = s->passage->text + r->orig_from;
	size_t len = r->orig_to - r->orig_from;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((r->kinds & 1u << names[i].kind) != 0)
			put_word(out, cap, names[i].name);
	}
	if (r->spread)
		put_word(out, cap, spread_kind(s, r));
	else if (r->entry != NULL && (r->entry->from->dense || r->severity == SEV_S0) &&
		 (memchr(t, ' ', len) != NULL || memmem(t, len, "　", 3) != NULL))
		put_word(out, cap, "spaced");
}

/* Where a hit stands in what is shown of it: the passage, or what invisible ones spell. */
static void shown(const struct scan *s, const struct raw *r, size_t *ret_from, size_t *ret_to)
{
	*ret_from = r->orig_from;
	*ret_to = r->orig_to;
	if (s->carried)
		normalise_main(r->view, r->from, r->to, ret_from, ret_to);
}

/* The match as it stands, but with every identifier that another rule found in
 * it struck out. */
static void plain_excerpt(const struct scan *s, const struct raw *r, char *out, size_t cap)
{
	const char *source = s->carried ? s->main_view.text : s->passage->text;
	char text[SHOWN_BYTES + 4];
	size_t from, to, n;

	shown(s, r, &from, &to);
	if (to - from > SHOWN_BYTES) {
		to = from + SHOWN_BYTES;
		while (to > from && ((unsigned char)source[to] & 0xc0) == 0x80)
			to--;
	}
	n = to - from;
	memcpy(text, source + from, n);
	for (size_t i = 0; i < s->n_raw; i++) {
		const struct raw *o = &s->raw[i];
		size_t a, b;

		if (o->orig_from >= r->orig_to)
			break;
		if (o->rule->mask == MASK_NONE)
			continue;
		shown(s, o, &a, &b);
		a = a > from ? a : from;
		b = b < to ? b : to;
		if (a < b)
			memset(text + a - from, '*', b - a);
	}
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\n' || text[i] == '\r' || text[i] == '\t')
			text[i] = ' ';
	}
	(void)text_safe(text, n, out, cap);
}

/* What separates the parts of a number, or of any text. */
static bool is_separator(char c, bool number)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' ||
	       (number && (c == '-' || c == '.' || c == '+'));
}

/* Keyed, so that a list of all numbers does not open it; over the normalised
 * text without separators, so that one suppression covers each way to write it. */
static void keyed_hash(const struct scan *s, const struct raw *r, uint8_t out[32])
{
	enum mask mask = r->rule->mask;
	bool number = mask == MASK_ID || mask == MASK_PHONE || mask == MASK_CARD;
	char text[HASHED_MAX];
	size_t n = 0;

	for (size_t i = r->from; i < r->to && n < sizeof(text); i++) {
		char c = r->view->text[i];

		if (!is_separator(c, number))
			text[n++] = number && c == 'x' ? 'X' : c;
	}
	/* The old fifteen digits and the eighteen of the same person are one number. */
	if (mask == MASK_ID && n == GB_OLD_ID)
		n = gb_id_expand(text);
	hash_hmac(s->policy->hmac_key, text, n, out);
}

static void fix(const struct raw *r, const char *text, size_t len, struct finding *f)
{
	const struct pack_fix *x = &r->rule->from->fix;

	if (x->action == NULL)
		return;
	(void)snprintf(f->fix_action, sizeof(f->fix_action), "%s", x->action);
	if (r->replace != NULL)
		(void)text_safe(r->replace, strlen(r->replace), f->fix_text,
				sizeof(f->fix_text));
	else if (x->text != NULL)
		(void)text_safe(x->text, strlen(x->text), f->fix_text, sizeof(f->fix_text));
	else if (r->rule->mask != MASK_NONE)
		excerpt_fix(r->rule->mask, text, len, f->fix_text, sizeof(f->fix_text));
}

static void fill(struct scan *s, const struct raw *r, struct passage_cursor *cursor,
		 struct finding *f)
{
	const struct segment *seg = s->passage->segment;
	const char *text = r->view->text + r->from;
	struct passage_place place;

	passage_find(cursor, r->orig_from, r->orig_to, &place);
	(void)snprintf(f->rule, sizeof(f->rule), "%s", r->rule->from->id);
	f->severity = r->severity;
	f->object = seg->object;
	f->where = seg->where;
	f->page = place.page;
	f->line = place.line;
	f->column = place.column;
	f->offset = place.offset;
	f->length = place.length;
	if (r->rule->mask != MASK_NONE)
		excerpt_mask(r->rule->mask, text, r->to - r->from, f->excerpt,
			     sizeof(f->excerpt));
	else
		plain_excerpt(s, r, f->excerpt, sizeof(f->excerpt));
	put_word(f->evidence, sizeof(f->evidence), scores[r->score]);
	put_word(f->evidence, sizeof(f->evidence),
		 r->evidence[0] != '\0' ? r->evidence : "pattern");
	if (r->spread)
		put_word(f->evidence, sizeof(f->evidence), REPORT_SECOND);
	if (r->exception != NULL)
		put_word(f->evidence, sizeof(f->evidence), r->exception);
	evasions(s, r, f->evasion, sizeof(f->evasion));
	keyed_hash(s, r, f->text_hmac);
	fix(r, text, r->to - r->from, f);
	if (f->severity == SEV_S0)
		s->spill = true;
}

void report_raw(struct scan *s)
{
	struct passage_cursor cursor;

	if (s->n_raw == 0)
		return;
	passage_start(&cursor, s->passage);
	for (size_t i = 0; i < s->n_raw; i++) {
		struct finding *f = add(s);

		if (f == NULL)
			return;
		fill(s, &s->raw[i], &cursor, f);
	}
}

void report_gathered(struct scan *s, const struct entry *e, unsigned first, unsigned n,
		     bool second)
{
	const struct scope *scope =
		rules_scope(e->rule, s->ctx, s->finding[first].where, "", 0);
	uint8_t severity = e->severity != SEV_UNSET ? e->severity : (uint8_t)e->rule->severity;
	struct raw raw = {.rule = e->rule};
	struct finding *f;
	char word[32];

	if (scope != NULL && severity != SEV_S0)
		severity = scope->severity;
	if (severity >= SEV_COUNT || (f = add(s)) == NULL)
		return;
	*f = s->finding[first];
	(void)snprintf(word, sizeof(word), "distinct:%u", n);
	memset(f->evidence, 0, sizeof(f->evidence));
	memset(f->evasion, 0, sizeof(f->evasion));
	memset(f->fix_action, 0, sizeof(f->fix_action));
	memset(f->fix_text, 0, sizeof(f->fix_text));
	memset(f->rule, 0, sizeof(f->rule));
	(void)snprintf(f->rule, sizeof(f->rule), "%s", e->rule->from->id);
	f->severity = severity;
	put_word(f->evidence, sizeof(f->evidence), scores[SCORE_MEDIUM]);
	put_word(f->evidence, sizeof(f->evidence), word);
	if (second)
		put_word(f->evidence, sizeof(f->evidence), REPORT_SECOND);
	if (scope != NULL && scope->from->exception != NULL)
		put_word(f->evidence, sizeof(f->evidence), scope->from->exception);
	fix(&raw, "", 0, f);
}

void report_record(struct scan *s, const struct entry *e, const struct segment *first,
		   const char *evidence, const char *excerpt)
{
	const struct scope *scope = rules_scope(e->rule, s->ctx, WHERE_METADATA, "", 0);
	uint8_t severity = e->severity != SEV_UNSET ? e->severity : (uint8_t)e->rule->severity;
	const struct raw raw = {.rule = e->rule};
	struct finding *f;

	if (scope != NULL)
		severity = scope->severity;
	if (severity >= SEV_COUNT || (f = add(s)) == NULL)
		return;
	(void)snprintf(f->rule, sizeof(f->rule), "%s", e->rule->from->id);
	f->severity = severity;
	f->object = first->object;
	f->where = WHERE_METADATA;
	f->line = f->column = 1;
	(void)text_safe(excerpt, strlen(excerpt), f->excerpt, sizeof(f->excerpt));
	put_word(f->evidence, sizeof(f->evidence), scores[SCORE_MEDIUM]);
	put_word(f->evidence, sizeof(f->evidence), evidence);
	if (scope != NULL && scope->from->exception != NULL)
		put_word(f->evidence, sizeof(f->evidence), scope->from->exception);
	fix(&raw, "", 0, f);
}
