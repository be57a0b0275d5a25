/* form_names.c - who of the accounts stands in an answer.
 *
 * The roster that platforms prove has no names; a paper for an archive needs them.  They are
 * the rules', signed by two secrecy officers, and the form says that they are no part of what
 * people signed. */
#include "review/form_names.h"

#include <string.h>

#include "review/stand_ins.h"

enum { DEEP = 8 };

struct looking {
	const struct house *house;
	json_t *names, *units;
};

static int note(const struct looking *l, const char *word)
{
	const struct account *k = accounts_find(l->house->accounts, word);
	const struct unit *u =
		l->house->units != NULL ? units_find(l->house->units, word) : NULL;

	if (k != NULL && json_object_set_new(l->names, word, json_string(k->name)) != 0)
		return SL_E_NOMEM;
	if (u != NULL && json_object_set_new(l->units, word, json_string(u->name)) != 0)
		return SL_E_NOMEM;
	return SL_OK;
}

/* Numbers stand only where a whole string is one: what people wrote is no number. */
static int walk(const struct looking *l, const json_t *j, int deep)
{
	const char *key;
	json_t *value;
	size_t i;
	int r = SL_OK;

	if (deep == DEEP)
		return SL_OK;
	if (json_is_string(j))
		return note(l, json_string_value(j));
	if (json_is_object(j)) {
		json_object_foreach((json_t *)(uintptr_t)j, key, value)
		{
			if (r == SL_OK && strcmp(key, "report") != 0)
				r = walk(l, value, deep + 1);
		}
		return r;
	}
	json_array_foreach(j, i, value)
	{
		if (r == SL_OK)
			r = walk(l, value, deep + 1);
	}
	return r;
}

int form_names_put(const struct review *v, json_t *answer)
{
	struct looking l = {.house = v->house, .names = json_object(), .units = json_object()};
	int r = l.names == NULL || l.units == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && v->house != NULL && v->house->accounts != NULL)
		r = walk(&l, answer, 0);
	if (r == SL_OK && json_object_size(l.names) > 0 &&
	    json_object_set(answer, "names", l.names) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK && json_object_size(l.units) > 0 &&
	    json_object_set(answer, "units", l.units) != 0)
		r = SL_E_NOMEM;
	json_decref(l.names);
	json_decref(l.units);
	return r;
}
