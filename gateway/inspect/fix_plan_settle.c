/* fix_plan_settle.c - what came of the masks: done, or left to a person.
 *
 * Hostile: what the cleaner says.  Whatever it claims, the copy is inspected from the start. */
#include <string.h>

#include "inspect/fix_plan.h"

static const char *text_of(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s != NULL ? s : "";
}

/* Takes a copy of the row. */
static int leave(struct fix_plan *p, json_t *row, const char *why)
{
	json_t *copy = json_copy(row);

	if (copy == NULL || json_object_set_new(copy, "why", json_string(why)) != 0) {
		json_decref(copy);
		return SL_E_NOMEM;
	}
	(void)json_object_del(copy, "before");
	(void)json_object_del(copy, "after");
	(void)json_object_del(copy, "uses");
	return json_array_append_new(p->by_hand, copy) == 0 ? SL_OK : SL_E_NOMEM;
}

static bool uses(const json_t *row, const char *with)
{
	const json_t *use;
	size_t i;

	json_array_foreach(json_arr(row, "uses"), i, use)
	{
		if (strcmp(json_string_value(use), with) == 0)
			return true;
	}
	return false;
}

static bool was_used(const json_t *row, const struct fix_outcome *o)
{
	for (size_t i = 0; i < o->n_used; i++) {
		if (uses(row, o->used[i]))
			return true;
	}
	/* Properties go whole; that they are gone is_left says. */
	return strcmp(text_of(row, "where"), "title") == 0 ||
	       (o->copied && strcmp(text_of(row, "where"), "property") == 0);
}

static bool is_left(const json_t *row, const struct fix_outcome *o)
{
	for (size_t i = 0; i < o->n_left; i++) {
		const struct fix_left *l = &o->left[i];

		if (l->with[0] == '\0' ||
		    (strcmp(text_of(row, "where"), l->where) == 0 && uses(row, l->with)))
			return true;
	}
	return false;
}

/* A place of the copy where nothing was found, and that says what is masked elsewhere. */
static int leave_place(struct fix_plan *p, const struct fix_left *l)
{
	static const char *const of_a_place[] = {"line", "column", "page", NULL};
	json_t *row, *other = NULL;
	size_t i;
	int r;

	json_array_foreach(p->rows, i, row)
	{
		if (!uses(row, l->with))
			continue;
		if (strcmp(text_of(row, "where"), l->where) == 0)
			return SL_OK; /* that row will say it */
		if (other == NULL)
			other = json_copy(row);
	}
	for (i = 0; other != NULL && of_a_place[i] != NULL; i++)
		(void)json_object_del(other, of_a_place[i]);
	if (other == NULL)
		return SL_OK;
	r = json_object_set_new(other, "where", json_string(l->where)) == 0 ? SL_OK
									    : SL_E_NOMEM;
	if (r == SL_OK)
		r = leave(p, other, "left");
	json_decref(other);
	return r;
}

int fix_plan_settle(struct fix_plan *p, const struct fix_outcome *o)
{
	size_t i = 0;
	int r = SL_OK;

	for (size_t k = 0; r == SL_OK && k < o->n_left; k++) {
		if (o->left[k].with[0] != '\0')
			r = leave_place(p, &o->left[k]);
	}
	while (r == SL_OK && i < json_array_size(p->rows)) {
		json_t *row = json_array_get(p->rows, i);
		bool used = was_used(row, o), left = is_left(row, o);

		(void)json_object_del(row, "uses");
		if (!used || left) {
			r = leave(p, row, !o->copied ? "source" : left ? "left" : "place");
			(void)json_array_remove(p->rows, i);
			continue;
		}
		(void)json_object_del(row, "excerpt");
		(void)json_object_del(row, "message");
		i++;
	}
	return r;
}
