/* route_trigger.c - findings of a report against the triggers of modifiers. */
#include "policy/route_trigger.h"

#include <string.h>

static const char raising_rule[] = "DH-016";
static const char *const raising_words[] = {"refused", "recalled"};
enum { RAISING_WORDS = sizeof(raising_words) / sizeof(raising_words[0]), RAISES = 2 };

static bool has_word(const struct route_words *w, const char *word)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (strcmp(w->item[i], word) == 0)
			return true;
	}
	return false;
}

static bool in_evidence(const json_t *evidence, const char *word)
{
	const json_t *v;
	size_t i;

	json_array_foreach(evidence, i, v)
	{
		if (json_is_string(v) && strcmp(json_string_value(v), word) == 0)
			return true;
	}
	return false;
}

static bool any_in_evidence(const json_t *evidence, const struct route_words *words)
{
	for (unsigned i = 0; i < words->n; i++) {
		if (in_evidence(evidence, words->item[i]))
			return true;
	}
	return words->n == 0;
}

static bool finding_fits(const struct route_trigger *t, const json_t *f)
{
	const char *rule = json_str(f, "rule"), *severity = json_str(f, "severity");

	if (rule == NULL || severity == NULL || json_obj(f, "suppressed") != NULL)
		return false;
	return (t->severity == NULL || strcmp(t->severity, severity) == 0) &&
	       (t->rules.n == 0 || has_word(&t->rules, rule)) &&
	       any_in_evidence(json_arr(f, "evidence"), &t->words);
}

typedef bool (*finding_fn)(const json_t *f, void *arg); /* true: go on */

static void each_finding(const json_t *report, finding_fn fn, void *arg)
{
	const json_t *files = json_arr(report, "files"), *file, *f;
	size_t i, k;

	json_array_foreach(json_arr(report, "findings"), k, f)
	{
		if (!fn(f, arg))
			return;
	}
	json_array_foreach(files, i, file)
	{
		json_array_foreach(json_arr(file, "findings"), k, f)
		{
			if (!fn(f, arg))
				return;
		}
	}
}

struct counting {
	const struct route_trigger *t;
	uint64_t n;
	json_t *rules; /* or NULL */
};

static bool count_one(const json_t *f, void *arg)
{
	struct counting *c = arg;
	const json_t *v;
	size_t i;

	if (!finding_fits(c->t, f))
		return true;
	c->n++;
	if (c->rules == NULL)
		return true;
	json_array_foreach(c->rules, i, v)
	{
		if (strcmp(json_string_value(v), json_str(f, "rule")) == 0)
			return true;
	}
	(void)json_array_append_new(c->rules, json_string(json_str(f, "rule")));
	return true;
}

static bool looks_at_findings(const struct route_trigger *t)
{
	return t->severity != NULL || t->rules.n > 0;
}

bool route_trigger_holds(const struct route_trigger *t, const json_t *report,
			 const char *source_type)
{
	struct counting c = {.t = t};

	if (t->source.n > 0 && (source_type == NULL || !has_word(&t->source, source_type)))
		return false;
	if (!looks_at_findings(t))
		return t->source.n > 0;
	each_finding(report, count_one, &c);
	return c.n > t->more_than;
}

json_t *route_trigger_rules(const struct route_trigger *t, const json_t *report)
{
	struct counting c = {.t = t, .rules = json_array()};

	if (looks_at_findings(t) && c.rules != NULL)
		each_finding(report, count_one, &c);
	return c.rules;
}

bool route_modifier_changes(const struct route_modifier *m, const struct route *way)
{
	if (m->raise || way->steps_count == 0 ||
	    (m->routes.n > 0 && !has_word(&m->routes, way->id)))
		return false;
	return way->raised == NULL || m->when.severity == NULL ||
	       strcmp(m->when.severity, "S2") != 0;
}

static bool raises(const json_t *f, void *arg)
{
	const char *rule = json_str(f, "rule"), *severity = json_str(f, "severity");
	bool *found = arg;

	if (rule == NULL || severity == NULL || json_obj(f, "suppressed") != NULL)
		return true;
	*found = strcmp(severity, "S2") == 0;
	for (unsigned i = 0; !*found && i < RAISING_WORDS; i++)
		*found = strcmp(rule, raising_rule) == 0 &&
			 in_evidence(json_arr(f, "evidence"), raising_words[i]);
	return !*found;
}

bool route_raise(const json_t *report)
{
	bool found = false;

	each_finding(report, raises, &found);
	return found;
}

bool route_raise_known(const struct route_modifier *m)
{
	const struct route_trigger *t = &m->when;

	if (m->role != NULL || m->add > 0 || m->certify != NULL || m->routes.n > 0 ||
	    t->source.n > 0 || t->more_than > 0)
		return false;
	if (t->severity != NULL)
		return strcmp(t->severity, "S2") == 0 && t->rules.n == 0 && t->words.n == 0;
	return t->rules.n == 1 && strcmp(t->rules.item[0], raising_rule) == 0 &&
	       t->words.n == RAISING_WORDS && has_word(&t->words, raising_words[0]) &&
	       has_word(&t->words, raising_words[1]);
}

unsigned route_raises(void)
{
	return RAISES;
}
