/* tool_explain_json.c - a rule as JSON: the fields of the pack, nothing decided anew. */
#include "policies/tool.h"
#include "policies/tool_explain.h"

/* Members that the pack leaves out are left out here too. */
static void put(json_t *j, const char *name, const char *value)
{
	if (value != NULL)
		(void)json_object_set_new(j, name, json_string(value));
}

static void put_words(json_t *j, const char *name, const struct pack_words *w)
{
	if (w->n > 0)
		(void)json_object_set_new(j, name, tool_words(w));
}

static void put_number(json_t *j, const char *name, uint32_t n)
{
	if (n > 0)
		(void)json_object_set_new(j, name, json_integer((json_int_t)n));
}

static void put_flag(json_t *j, const char *name, bool on)
{
	if (on)
		(void)json_object_set_new(j, name, json_true());
}

static json_t *both(const struct pack_text *t)
{
	json_t *j = json_object();

	put(j, "en", t->en);
	put(j, "zh", t->zh);
	return j;
}

static json_t *detect(const struct pack_detect *d)
{
	json_t *j = json_object();

	put_words(j, "words", &d->words);
	put_words(j, "regex", &d->regex);
	put(j, "detector", d->detector);
	put(j, "severity", d->severity);
	put_words(j, "near", &d->near);
	put_words(j, "before", &d->before);
	put_words(j, "after", &d->after);
	put_words(j, "unless", &d->unless);
	put_words(j, "gather", &d->gather);
	put(j, "record", d->record);
	put_words(j, "fields", &d->fields);
	put_words(j, "types", &d->types);
	put_number(j, "within", d->within);
	put_number(j, "unless_within", d->unless_within);
	put_words(j, "where", &d->where);
	put_words(j, "not_where", &d->not_where);
	put_flag(j, "alone", d->alone);
	put_flag(j, "whole", d->whole);
	put_flag(j, "dense", d->dense);
	put_flag(j, "disguised", d->disguised);
	put_flag(j, "caseless", d->caseless);
	put_flag(j, "sentence", d->sentence);
	put_number(j, "first_lines", d->first_lines);
	put_number(j, "at_least", d->at_least);
	return j;
}

static json_t *scope(const struct pack_scope *s)
{
	json_t *j = json_object();

	put_words(j, "types", &s->types);
	put_words(j, "columns", &s->columns);
	put_words(j, "channels", &s->channels);
	put_words(j, "where", &s->where);
	put_words(j, "unless", &s->unless);
	put(j, "severity", s->severity);
	put(j, "exception", s->exception);
	return j;
}

static json_t *fix(const struct pack_fix *f)
{
	json_t *j = json_object();

	put(j, "action", f->action);
	put(j, "mask", f->mask);
	put(j, "text", f->text);
	put(j, "en", f->en);
	put(j, "zh", f->zh);
	return j;
}

json_t *tool_explain_json(const struct pack *p, const struct pack_rule *rule)
{
	json_t *j = json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "rule", rule->id, "pack", p->name,
			      "file", p->path, "title", both(&rule->title), "message",
			      both(&rule->message), "fix", fix(&rule->fix));
	json_t *ways = json_array(), *scopes = json_array();

	for (unsigned i = 0; i < rule->detect_count; i++)
		(void)json_array_append_new(ways, detect(&rule->detect[i]));
	for (unsigned i = 0; i < rule->scope_count; i++)
		(void)json_array_append_new(scopes, scope(&rule->scope[i]));
	put(j, "severity", rule->severity);
	put(j, "basis", rule->basis);
	put(j, "made_by", rule->made_by);
	(void)json_object_set_new(j, "detect", ways);
	(void)json_object_set_new(j, "scope", scopes);
	put_words(j, "yields_to", &rule->yields_to);
	(void)json_object_set_new(j, "positives", tool_words(&rule->positives));
	(void)json_object_set_new(j, "near_misses", tool_words(&rule->near_misses));
	return j;
}
