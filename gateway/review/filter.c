/* filter.c - parse the words of a filter; what is not understood is refused, never ignored. */
#include "review/filter.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { SPAN_MAX = 3660 }; /* of any unit: ten years of days */

struct word {
	const char *s;
	size_t len;
};

static bool starts(const struct word *w, const char *key, struct word *ret_value)
{
	size_t n = strlen(key);

	if (w->len < n || memcmp(w->s, key, n) != 0)
		return false;
	*ret_value = (struct word){w->s + n, w->len - n};
	return true;
}

static int refuse(struct sl_why *why, int code, const struct word *w)
{
	return why_set(why, code, _("the filter does not understand \"%.*s\""), (int)w->len,
		       w->s);
}

static int copy(const struct word *v, bool upper, char *out, size_t cap)
{
	if (v->len == 0 || v->len >= cap)
		return SL_E_FORMAT;
	for (size_t i = 0; i < v->len; i++)
		out[i] = upper ? (char)toupper((unsigned char)v->s[i]) : v->s[i];
	out[v->len] = '\0';
	return SL_OK;
}

/* "3d" -> seconds; "0" needs no unit. */
static int span(const struct word *v, int64_t *ret_seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	uint64_t n = 0;

	if (v->len == 1 && v->s[0] == '0') {
		*ret_seconds = 0;
		return SL_OK;
	}
	if (v->len < 2 || !text_to_u64(v->s, v->len - 1, SPAN_MAX, &n))
		return SL_E_FORMAT;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit == v->s[v->len - 1]) {
			*ret_seconds = (int64_t)n * units[i].seconds;
			return SL_OK;
		}
	}
	return SL_E_FORMAT;
}

static int one_state(const struct word *v, struct draft_query *q)
{
	enum draft_state state = DRAFT_PREPARED;
	char name[24];
	int r = copy(v, true, name, sizeof(name));

	for (char *p = name; r == SL_OK && *p != '\0'; p++)
		*p = *p == '-' ? '_' : *p;
	if (r == SL_OK && draft_state_from_name(name, &state) != SL_OK)
		r = SL_E_FORMAT;
	if (r != SL_OK || state == DRAFT_PREPARED) /* nobody sees those */
		return SL_E_FORMAT;
	for (unsigned i = 0; i < q->n_states; i++) {
		if (q->states[i] == state)
			return SL_OK;
	}
	q->states[q->n_states++] = state;
	return SL_OK;
}

static int states(struct word v, struct draft_query *q)
{
	int r = v.len > 0 ? SL_OK : SL_E_FORMAT;

	q->n_states = 0;
	while (r == SL_OK && v.len > 0) {
		const char *comma = memchr(v.s, ',', v.len);
		size_t n = comma != NULL ? (size_t)(comma - v.s) : v.len;

		r = one_state(&(struct word){v.s, n}, q);
		n += comma != NULL ? 1 : 0;
		v = (struct word){v.s + n, v.len - n};
	}
	return r;
}

bool filter_is_exact(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (word[i] >= 'A' && word[i] <= 'Z')
			return true;
	}
	return false;
}

static int title(const struct word *w, struct draft_query *q)
{
	if (q->n_words == DRAFT_WORDS_MAX)
		return SL_E_LIMIT;
	q->words[q->n_words].exact = filter_is_exact(w->s, w->len);
	return copy(w, false, q->words[q->n_words].text, sizeof(q->words[0].text)) == SL_OK
		       ? (q->n_words++, SL_OK)
		       : SL_E_LIMIT;
}

static int moment(const struct word *v, int64_t now, int sign, int64_t *ret_t)
{
	int64_t seconds = 0;
	int r = span(v, &seconds);

	if (r == SL_OK)
		*ret_t = now + sign * seconds;
	return r;
}

static int one_word(const struct word *w, int64_t now, struct draft_query *q)
{
	struct word v;

	if (starts(w, "state:", &v))
		return states(v, q);
	if (starts(w, "unit:", &v))
		return copy(&v, false, q->unit, sizeof(q->unit));
	if (starts(w, "rule:", &v))
		return copy(&v, true, q->rule, sizeof(q->rule));
	if (starts(w, "type:", &v))
		return copy(&v, true, q->type, sizeof(q->type));
	if (starts(w, "route:", &v))
		return copy(&v, true, q->klass, sizeof(q->klass));
	if (starts(w, "late:", &v))
		return copy(&v, false, q->told, sizeof(q->told));
	if (starts(w, "age>", &v))
		return moment(&v, now, -1, &q->created_before);
	if (starts(w, "age<", &v))
		return moment(&v, now, -1, &q->created_after);
	if (starts(w, "due<", &v))
		return moment(&v, now, 1, &q->due_before);
	if (starts(w, "due>", &v))
		return moment(&v, now, 1, &q->due_after);
	return title(w, q);
}

int filter_parse(const char *words, int64_t now, struct draft_query *q, struct sl_why *why)
{
	struct draft_query parsed = *q;
	size_t len = strlen(words);

	if (len > FILTER_MAX)
		return why_set(why, SL_E_LIMIT, _("the filter is too long"));
	if (!text_is_utf8(words, len))
		return why_set(why, SL_E_FORMAT, _("the filter is not UTF-8"));
	while (*words != '\0') {
		struct word w = {words, strcspn(words, " ")};
		int r = w.len > 0 ? one_word(&w, now, &parsed) : SL_OK;

		if (r != SL_OK)
			return refuse(why, r, &w);
		words += w.len + (words[w.len] == ' ' ? 1 : 0);
	}
	*q = parsed;
	return SL_OK;
}

int filter_order(const char *name, enum draft_order *ret_o)
{
	static const char *const names[] = {
		[DRAFT_BY_DUE] = "due",	    [DRAFT_BY_RISK] = "risk",
		[DRAFT_BY_AGE] = "age",	    [DRAFT_BY_UNIT] = "unit",
		[DRAFT_BY_TITLE] = "title", [DRAFT_BY_NUMBER] = "number",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			*ret_o = (enum draft_order)i;
			return SL_OK;
		}
	}
	return SL_E_FORMAT;
}
