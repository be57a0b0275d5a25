/* rules.c - packs become rules; everything a pack can get wrong is refused here. */
#include "policy/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "policy/detect.h"
#include "policy/normalise.h"
#include "policy/record.h"

enum { WORD_MAX = 256, ALL_WORDS_MAX = 50000 };

static const char *const mask_names[MASK_COUNT] = {"none", "id",      "phone", "card", "plate",
						   "name", "address", "email", "date", "all"};

const struct pack_list *rules_list(const struct policy *p, const char *name)
{
	for (unsigned i = 0; i < p->n_list; i++) {
		if (strcmp(p->list[i]->name, name) == 0)
			return p->list[i];
	}
	return NULL;
}

const struct rule *rules_find(const struct policy *p, const char *id)
{
	unsigned low = 0, high = p->n_rule;

	while (low < high) {
		unsigned mid = low + (high - low) / 2;
		int c = strcmp(p->rule[mid].from->id, id);

		if (c == 0)
			return &p->rule[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

int rules_severity(const char *name, bool off_ok, uint8_t *ret_s)
{
	for (unsigned s = 0; s < SEV_COUNT; s++) {
		if (strcmp(name, severity_name((enum severity)s)) == 0) {
			*ret_s = (uint8_t)s;
			return SL_OK;
		}
	}
	if (!off_ok || strcmp(name, "off") != 0)
		return SL_E_NOTFOUND;
	*ret_s = SEV_OFF;
	return SL_OK;
}

void rules_words_free(struct words *w)
{
	for (unsigned i = 0; i < w->n; i++)
		free(w->item[i]);
	free(w->item);
	memset(w, 0, sizeof(*w));
}

static int add_word(const struct policy *p, struct words *w, const char *word)
{
	char text[WORD_MAX];
	int r;

	if (w->n == ALL_WORDS_MAX)
		return SL_E_LIMIT;
	r = normalise_word(p->fold, word, text, sizeof(text));
	if (r != SL_OK)
		return r;
	if (text[0] == '\0')
		return SL_E_FORMAT;
	w->item[w->n] = strdup(text);
	if (w->item[w->n] == NULL)
		return SL_E_NOMEM;
	w->n++;
	if (strlen(text) > w->longest)
		w->longest = strlen(text);
	return SL_OK;
}

static unsigned count_words(const struct policy *p, const struct pack_words *from)
{
	unsigned n = 0;

	for (unsigned i = 0; i < from->n; i++) {
		const struct pack_list *l =
			from->item[i][0] == '@' ? rules_list(p, from->item[i] + 1) : NULL;

		n += l != NULL ? l->words.n : 1;
	}
	return n;
}

int rules_words(const struct policy *p, const struct pack_words *from, struct words *ret_w,
		struct sl_why *why)
{
	unsigned n = count_words(p, from);
	struct words w = {.item = n > 0 ? calloc(n, sizeof(char *)) : NULL};
	int r = n > 0 && w.item == NULL ? SL_E_NOMEM : SL_OK;

	for (unsigned i = 0; r == SL_OK && i < from->n; i++) {
		const char *word = from->item[i];
		const struct pack_list *l = word[0] == '@' ? rules_list(p, word + 1) : NULL;

		if (word[0] == '@' && l == NULL) {
			r = why_set(why, SL_E_CONFIG, _("there is no list \"%s\" in lists/"),
				    word + 1);
			break;
		}
		for (unsigned k = 0; l != NULL && r == SL_OK && k < l->words.n; k++)
			r = add_word(p, &w, l->words.item[k]);
		if (l == NULL)
			r = add_word(p, &w, word);
		if (r != SL_OK && r != SL_E_NOMEM)
			r = why_set(why, SL_E_CONFIG, _("word \"%s\" is too long or invisible"),
				    word);
	}
	if (r != SL_OK)
		rules_words_free(&w);
	else
		*ret_w = w;
	return r;
}

static int where_bits(const struct pack_words *names, uint32_t *ret_bits, struct sl_why *why)
{
	*ret_bits = 0;
	for (unsigned i = 0; i < names->n; i++) {
		enum segment_where w;

		if (where_from_name(names->item[i], &w) != SL_OK)
			return why_set(why, SL_E_CONFIG, _("there is no place \"%s\""),
				       names->item[i]);
		*ret_bits |= 1u << w;
	}
	return SL_OK;
}

/* `record` stands alone: what asks about the draft has no place in the text. */
static int check_record(const struct pack_detect *d, struct sl_why *why)
{
	if (d->record == NULL)
		return d->fields.n + d->types.n == 0
			       ? SL_OK
			       : why_set(why, SL_E_CONFIG,
					 _("fields and types belong to record"));
	if (record_find(d->record) == NULL)
		return why_set(why, SL_E_CONFIG, _("there is no record \"%s\""), d->record);
	if (d->words.n + d->regex.n + d->gather.n > 0)
		return why_set(why, SL_E_CONFIG,
			       _("record and words, regex or gather exclude "
				 "each other"));
	if ((strcmp(d->record, "lacks") == 0) != (d->fields.n > 0))
		return why_set(why, SL_E_CONFIG,
			       _("fields belong to record: lacks, which needs "
				 "them"));
	for (unsigned i = 0; i < d->fields.n; i++) {
		if (!record_field_known(d->fields.item[i]))
			return why_set(why, SL_E_CONFIG, _("there is no field \"%s\""),
				       d->fields.item[i]);
	}
	return SL_OK;
}

static int build_entry(const struct policy *p, const struct pack_detect *d, struct entry *e,
		       struct sl_why *why)
{
	uint32_t not_where;
	int r;

	e->from = d;
	e->severity = SEV_UNSET;
	e->within = d->within > 0 ? d->within : CONTEXT_DEFAULT;
	e->unless_within = d->unless_within > 0 ? d->unless_within : UNLESS_DEFAULT;
	if (e->within > CONTEXT_MAX || e->unless_within > CONTEXT_MAX || d->grow_before > 60 ||
	    d->grow_after > 60)
		return why_set(why, SL_E_CONFIG,
			       _("context is at most %d characters, growth 60"), CONTEXT_MAX);
	if (d->words.n + d->regex.n + d->gather.n == 0 && d->record == NULL)
		return why_set(why, SL_E_CONFIG,
			       _("a detect item needs words, regex, gather or record"));
	if ((r = check_record(d, why)) != SL_OK)
		return r;
	if (d->gather.n > 0 && d->at_least < 2)
		return why_set(why, SL_E_CONFIG, _("gather needs at_least, 2 or more"));
	if (d->severity != NULL && rules_severity(d->severity, false, &e->severity) != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       _("there is no severity \"%s\": S0, S1, S2, S3 or S4"),
			       d->severity);
	if (d->detector != NULL && (e->detector = detect_find(d->detector)) == NULL)
		return why_set(
			why, SL_E_CONFIG,
			_("there is no detector \"%s\"; another rule shows how one is named"),
			d->detector);
	if ((r = where_bits(&d->where, &e->where, why)) != SL_OK ||
	    (r = where_bits(&d->not_where, &not_where, why)) != SL_OK)
		return r;
	e->where = (e->where == 0 ? WHERE_ALL : e->where) & ~not_where;
	if ((r = rules_words(p, &d->near, &e->near, why)) != SL_OK ||
	    (r = rules_words(p, &d->before, &e->before, why)) != SL_OK ||
	    (r = rules_words(p, &d->after, &e->after, why)) != SL_OK)
		return r;
	return rules_words(p, &d->unless, &e->unless, why);
}

static int build_scope(const struct policy *p, const struct pack_scope *from, struct scope *s,
		       struct sl_why *why)
{
	int r;

	s->from = from;
	if (rules_severity(from->severity, true, &s->severity) != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       _("there is no severity \"%s\": S0, S1, S2, S3 or S4"),
			       from->severity);
	r = where_bits(&from->where, &s->where, why);
	if (r == SL_OK && s->where == 0)
		s->where = WHERE_ALL;
	return r != SL_OK ? r : rules_words(p, &from->unless, &s->unless, why);
}

static int build_mask(const char *name, enum mask *ret_m)
{
	if (name == NULL) {
		*ret_m = MASK_NONE;
		return SL_OK;
	}
	for (unsigned i = 0; i < MASK_COUNT; i++) {
		if (strcmp(name, mask_names[i]) == 0) {
			*ret_m = (enum mask)i;
			return SL_OK;
		}
	}
	return SL_E_NOTFOUND;
}

static bool id_ok(const char *id)
{
	size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n > 0 && n < FINDING_RULE_MAX && id[n] == '\0' && id[0] != '-';
}

static bool action_ok(const char *a)
{
	return a == NULL || strcmp(a, "mask") == 0 || strcmp(a, "delete") == 0 ||
	       strcmp(a, "replace") == 0 || strcmp(a, "return") == 0;
}

static int build_rule(const struct policy *p, struct rule *rule, struct sl_why *why)
{
	const struct pack_rule *from = rule->from;
	uint8_t severity;
	int r = SL_OK;

	if (!id_ok(from->id))
		return why_set(why, SL_E_CONFIG, _("the id is not like PI-001"));
	if (rules_severity(from->severity, false, &severity) != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       _("there is no severity \"%s\": S0, S1, S2, S3 or S4"),
			       from->severity);
	rule->severity = (enum severity)severity;
	if (!action_ok(from->fix.action))
		return why_set(
			why, SL_E_CONFIG,
			_("there is no fix action \"%s\": mask, delete, replace or return"),
			from->fix.action);
	if (build_mask(from->fix.mask, &rule->mask) != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       _("there is no mask \"%s\"; policies/README.md names them"),
			       from->fix.mask);
	if ((from->detect_count == 0) == (from->made_by == NULL))
		return why_set(why, SL_E_CONFIG, _("a rule has either detect or made_by"));
	rule->entry = calloc(from->detect_count + 1, sizeof(*rule->entry));
	rule->scope = calloc(from->scope_count + 1, sizeof(*rule->scope));
	if (rule->entry == NULL || rule->scope == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; r == SL_OK && i < from->detect_count; i++) {
		rule->entry[i].rule = rule;
		rule->n_entry++;
		r = build_entry(p, &from->detect[i], &rule->entry[i], why);
	}
	for (unsigned i = 0; r == SL_OK && i < from->scope_count; i++) {
		rule->n_scope++;
		r = build_scope(p, &from->scope[i], &rule->scope[i], why);
	}
	return r;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct rule *)a)->from->id, ((const struct rule *)b)->from->id);
}

static int collect(struct policy *p, struct sl_why *why)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->n_pack; i++)
		n += p->pack[i]->rules_count;
	if (n == 0)
		return why_set(why, SL_E_CONFIG, _("there is no rule in any pack"));
	p->rule = calloc(n, sizeof(*p->rule));
	if (p->rule == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < p->n_pack; i++) {
		for (unsigned k = 0; k < p->pack[i]->rules_count; k++) {
			p->rule[p->n_rule].from = &p->pack[i]->rules[k];
			p->rule[p->n_rule++].pack = p->pack[i];
		}
	}
	qsort(p->rule, p->n_rule, sizeof(*p->rule), by_id);
	return SL_OK;
}

static int all_rules_exist(const struct policy *p, const struct rule *rule,
			   const struct pack_words *ids, bool yields, struct sl_why *why)
{
	for (unsigned i = 0; i < ids->n; i++) {
		if (rules_find(p, ids->item[i]) == NULL)
			return pack_complain(rule->pack, rule->from->id, ids->item[i], why,
					     yields ? _("yields to a rule that does not exist")
						    : _("gathers a rule that does not exist"));
	}
	return SL_OK;
}

int rules_build(struct policy *p, struct sl_why *why)
{
	int r = collect(p, why);

	for (unsigned i = 0; r == SL_OK && i < p->n_rule; i++) {
		struct rule *rule = &p->rule[i];
		struct sl_why detail = {{0}};

		rule->order = i;
		if (i > 0 && strcmp(rule->from->id, p->rule[i - 1].from->id) == 0)
			return pack_complain(
				rule->pack, rule->from->id, NULL, why,
				_("this id is used twice, here and in %s: give one another"),
				p->rule[i - 1].pack->path);
		r = build_rule(p, rule, &detail);
		if (r == SL_E_CONFIG)
			r = pack_complain_of(rule->pack, rule->from->id, &detail, why);
	}
	for (unsigned i = 0; r == SL_OK && i < p->n_rule; i++) {
		const struct rule *rule = &p->rule[i];

		r = all_rules_exist(p, rule, &rule->from->yields_to, true, why);
		for (unsigned k = 0; r == SL_OK && k < rule->n_entry; k++)
			r = all_rules_exist(p, rule, &rule->entry[k].from->gather, false, why);
	}
	return r;
}

void rules_release(struct policy *p)
{
	for (unsigned i = 0; i < p->n_rule; i++) {
		struct rule *r = &p->rule[i];

		for (unsigned k = 0; k < r->n_entry; k++) {
			rules_words_free(&r->entry[k].near);
			rules_words_free(&r->entry[k].before);
			rules_words_free(&r->entry[k].after);
			rules_words_free(&r->entry[k].unless);
		}
		for (unsigned k = 0; k < r->n_scope; k++)
			rules_words_free(&r->scope[k].unless);
		free(r->entry);
		free(r->scope);
	}
	free(p->rule);
	p->rule = NULL;
	p->n_rule = 0;
}
