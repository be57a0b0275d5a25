/* compile_plan.c - words and expressions of the packs in the form that the matcher takes.
 *
 * Words and expressions of fixed width need no start-of-match bookkeeping: the
 * start is the end minus the width, which keeps the matcher fast. */
#include "policy/compile_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "policy/detect.h"
#include "policy/normalise.h"
#include "policy/respell.h"

enum {
	PATTERNS_MAX = 100000,
	REGEX_MAX = 8000,
	WIDTH_MAX = 1000, /* nested repetitions take the compiler minutes before it refuses */
};

struct planner {
	const struct policy *policy;
	struct plans *plans;
	enum database_kind half; /* of the shapes, where those of this rule go */
};

static void release_one(struct plan *l)
{
	for (unsigned i = 0; i < l->n; i++)
		free(l->expr[i]);
	free(l->expr);
	free(l->flags);
	free(l->id);
	free(l->pattern);
	memset(l, 0, sizeof(*l));
}

void plan_release(struct plans *l)
{
	for (unsigned i = 0; i < DATABASE_COUNT; i++)
		release_one(&l->database[i]);
	release_one(&l->disguised);
}

static int plan_room(struct plan *l)
{
	unsigned cap = l->cap == 0 ? 256 : l->cap * 2;
	void *p;

	if (l->n < l->cap)
		return SL_OK;
	if (cap > PATTERNS_MAX)
		return SL_E_LIMIT;
	if ((p = realloc(l->expr, cap * sizeof(*l->expr))) == NULL)
		return SL_E_NOMEM;
	l->expr = p;
	if ((p = realloc(l->flags, cap * sizeof(*l->flags))) == NULL)
		return SL_E_NOMEM;
	l->flags = p;
	if ((p = realloc(l->id, cap * sizeof(*l->id))) == NULL)
		return SL_E_NOMEM;
	l->id = p;
	if ((p = realloc(l->pattern, cap * sizeof(*l->pattern))) == NULL)
		return SL_E_NOMEM;
	l->pattern = p;
	l->cap = cap;
	return SL_OK;
}

/* Takes expr, also on failure. */
static int plan_add(struct plan *l, char *expr, const struct entry *e, uint32_t fixed,
		    const char *replace)
{
	int r = plan_room(l);

	if (r != SL_OK) {
		free(expr);
		return r;
	}
	l->expr[l->n] = expr;
	l->flags[l->n] = HS_FLAG_UTF8 | HS_FLAG_MULTILINE |
			 (fixed == 0 ? HS_FLAG_SOM_LEFTMOST : 0) |
			 (e->from->caseless ? HS_FLAG_CASELESS : 0);
	l->id[l->n] = l->n;
	l->pattern[l->n] = (struct pattern){.entry = e, .fixed_len = fixed, .replace = replace};
	l->n++;
	return SL_OK;
}

/* Where a pattern belongs.  Plain words have a database of their own, which takes ten
 * thousand of them with ease; mixed with the shapes both would be compiled and matched more
 * slowly; so are the shapes in two halves.  Who reads a table on from its head must meet all
 * heads in their order, in one database. */
static enum database_kind kind_of(const struct planner *pl, const struct entry *e,
				  const char *expr, bool word)
{
	if (detect_reads_on(e->detector))
		return DATABASE_SHAPES_1;
	if (word)
		return DATABASE_WORDS;
	return runs_add(&pl->plans->runs, expr, e->from->caseless) ? DATABASE_RUNS : pl->half;
}

/* Takes expr, also on failure. */
static int put(const struct planner *pl, char *expr, bool word, const struct entry *e,
	       uint32_t fixed, const char *replace)
{
	struct plans *l = pl->plans;
	char *again = e->from->dense ? strdup(expr) : NULL;
	enum database_kind kind = kind_of(pl, e, expr, word);
	int r;

	if (e->from->dense && again == NULL) {
		free(expr);
		return SL_E_NOMEM;
	}
	r = plan_add(&l->database[kind], expr, e, fixed, replace);
	if (r == SL_OK && again != NULL)
		return plan_add(&l->database[DATABASE_DENSE], again, e, fixed, replace);
	free(again);
	return r;
}

/* A word that stands alone may also be wrapped, spaced or padded: nothing else on its
 * lines could be meant. */
#define PAD_HAN	  "[ -/:-@A-Za-z_\\n]{0,2}"
#define PAD_ASCII "[ -/:-@_\\n]{0,2}"

static void put_escaped(struct buf *b, const char *text, bool padded)
{
	size_t len = strlen(text), used;

	for (size_t i = 0; i < len; i += used) {
		bool ascii = (unsigned char)text[i] < 0x80;

		(void)text_decode(text + i, len - i, &used);
		if (padded && i > 0)
			buf_put(b, ascii ? PAD_ASCII : PAD_HAN,
				strlen(ascii ? PAD_ASCII : PAD_HAN));
		if (ascii && strchr("\\^$.|?*+()[]{}/#-", text[i]) != NULL)
			buf_put_u8(b, '\\');
		buf_put(b, text + i, used);
		if (padded && !ascii)
			buf_put(b, "{1,3}", 5);
	}
}

static int add_disguised(struct plans *l, const struct entry *e, const char *text,
			 struct sl_why *why)
{
	char *word;

	if (text_count(text, strlen(text)) > RESPELL_UNITS || l->disguised.n == RESPELL_PHRASES)
		return why_set(why, SL_E_CONFIG,
			       _("\"%s\" is too long, or there are too many disguised words"),
			       text);
	word = strdup(text);
	return word == NULL ? SL_E_NOMEM : plan_add(&l->disguised, word, e, 0, NULL);
}

static int add_word(const struct planner *pl, const struct entry *e, const char *word,
		    const char *replace, struct sl_why *why)
{
	char text[256] = "";
	struct buf out;
	int r = normalise_word(pl->policy->fold, word, text, sizeof(text));
	char *expr;

	if (r == SL_E_LIMIT || text[0] == '\0')
		return why_set(why, SL_E_CONFIG, _("word \"%s\" is too long or invisible"),
			       word);
	if (r != SL_OK)
		return r;
	if (e->from->disguised)
		return add_disguised(pl->plans, e, text, why);
	buf_init(&out, REGEX_MAX);
	put_escaped(&out, text, e->from->alone);
	r = buf_error(&out);
	expr = r == SL_OK ? strdup(buf_str(&out)) : NULL;
	buf_release(&out);
	if (expr == NULL)
		return r != SL_OK ? r : SL_E_NOMEM;
	return put(pl, expr, !e->from->alone, e, e->from->alone ? 0 : (uint32_t)strlen(text),
		   replace);
}

/* Han characters of an expression in the form they have in a view; full-width
 * punctuation in it could never match, so it is refused. */
static int fold_regex(const struct policy *p, const char *regex, char **ret_expr,
		      struct sl_why *why)
{
	size_t len = strlen(regex), used;
	struct buf b;
	int r;

	buf_init(&b, REGEX_MAX);
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(regex + i, len - i, &used);
		int32_t at = cp == TEXT_BAD ? -1 : fold_index(cp);
		uint32_t e = at < 0 ? 0 : p->fold->entry[at];

		if (e == 0) {
			buf_put(&b, regex + i, used);
		} else if (fold_why(e) == FOLD_TRADITIONAL) {
			buf_put(&b, fold_text(p->fold, e), fold_len(e));
		} else {
			r = why_set(
				why, SL_E_CONFIG,
				_("\"%.*s\" never stands in normalised text; write \"%.*s\""),
				(int)used, regex + i, (int)fold_len(e), fold_text(p->fold, e));
			goto out;
		}
	}
	r = buf_error(&b);
	if (r == SL_OK) {
		*ret_expr = strdup(buf_str(&b));
		r = *ret_expr == NULL ? SL_E_NOMEM : SL_OK;
	}
out:
	buf_release(&b);
	return r;
}

static int add_regex(const struct planner *pl, const struct entry *e, const char *regex,
		     struct sl_why *why)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	char *expr = NULL;
	uint32_t fixed = 0;
	int r = fold_regex(pl->policy, regex, &expr, why);

	if (r != SL_OK)
		return r;
	if (hs_expression_info(expr, HS_FLAG_UTF8 | HS_FLAG_MULTILINE, &info, &error) !=
	    HS_SUCCESS) {
		r = why_set(why, SL_E_CONFIG, _("expression \"%.60s\": %s"), regex,
			    error->message);
		(void)hs_free_compile_error(error);
		free(expr);
		return r;
	}
	if (info->min_width == 0 || info->max_width == UINT32_MAX)
		r = why_set(
			why, SL_E_CONFIG,
			_("expression \"%.60s\" must match at least one byte and have an end"),
			regex);
	else if (info->max_width > WIDTH_MAX)
		r = why_set(
			why, SL_E_CONFIG,
			_("expression \"%.60s\" is too large: it can match %u bytes at once, "
			  "%d are allowed"),
			regex, info->max_width, WIDTH_MAX);
	else if (info->min_width == info->max_width)
		fixed = info->min_width;
	free(info);
	if (r != SL_OK) {
		free(expr);
		return r;
	}
	return put(pl, expr, false, e, fixed, NULL);
}

static int add_entry(const struct planner *pl, const struct entry *e, struct sl_why *why)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < e->from->words.n; i++) {
		const char *word = e->from->words.item[i];
		const struct pack_list *list =
			word[0] == '@' ? rules_list(pl->policy, word + 1) : NULL;

		if (word[0] == '@' && list == NULL)
			return why_set(why, SL_E_CONFIG, _("there is no list \"%s\" in lists/"),
				       word + 1);
		if (list == NULL)
			r = add_word(pl, e, word, NULL, why);
		for (unsigned k = 0; list != NULL && r == SL_OK && k < list->words.n; k++)
			r = add_word(pl, e, list->words.item[k], NULL, why);
		for (unsigned k = 0; list != NULL && r == SL_OK && k < list->replace_count; k++)
			r = add_word(pl, e, list->replace[k].word, list->replace[k].fix, why);
	}
	for (unsigned i = 0; r == SL_OK && i < e->from->regex.n; i++)
		r = add_regex(pl, e, e->from->regex.item[i], why);
	return r;
}

int plan_rules(const struct policy *p, struct plans *l, struct sl_why *why)
{
	struct planner pl = {.policy = p, .plans = l};
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < p->n_rule; i++) {
		pl.half = l->database[DATABASE_SHAPES_1].n <= l->database[DATABASE_SHAPES_2].n
				  ? DATABASE_SHAPES_1
				  : DATABASE_SHAPES_2;
		for (unsigned k = 0; r == SL_OK && k < p->rule[i].n_entry; k++) {
			struct sl_why detail = {{0}};

			r = add_entry(&pl, &p->rule[i].entry[k], &detail);
			if (r == SL_E_CONFIG)
				r = pack_complain_of(p->rule[i].pack, p->rule[i].from->id,
						     &detail, why);
		}
	}
	return r;
}
