/* roster_class.c - the classes of an approval policy: who must agree to what. */
#include <string.h>

#include "base/json.h"
#include "trust/roster_private.h"

enum { TTL_MAX = 366 * 24 * 3600, PERSONS_MIN = 2 };

static int read_exclude(const json_t *j, struct roster_class *c)
{
	const json_t *v;
	size_t i;

	json_array_foreach(j, i, v)
	{
		const char *who = json_string_value(v);
		bool *flag = who == NULL		     ? NULL
			     : strcmp(who, "author") == 0    ? &c->exclude_author
			     : strcmp(who, "submitter") == 0 ? &c->exclude_submitter
							     : NULL;

		if (flag == NULL || *flag)
			return SL_E_FORMAT;
		*flag = true;
	}
	return SL_OK;
}

/* Rows {"min","role"}; sum of minima at most ROSTER_SLOTS_MAX. */
static int read_require(const json_t *j, struct roster_class *c, struct sl_why *why)
{
	static const char *const names[] = {"min", "role", NULL};
	unsigned total = 0;
	const json_t *v;
	size_t i;

	json_array_foreach(j, i, v)
	{
		struct roster_need *need = &c->require[c->n_require];
		int64_t min;

		if (c->n_require == ROSTER_SLOTS_MAX)
			return why_set(why, SL_E_LIMIT, "class %s has too many rows", c->name);
		if (!json_has_only(v, names, NULL) || !json_i64(v, "min", &min))
			return why_set(why, SL_E_FORMAT, "class %s: a row is not {min, role}",
				       c->name);
		if (min < 1 || min > ROSTER_SLOTS_MAX - (int64_t)total)
			return why_set(why, SL_E_DENIED, "class %s: minimum %lld", c->name,
				       (long long)min);
		if (!roster_role_read(json_str(v, "role"), need->role))
			return why_set(why, SL_E_FORMAT, "class %s: unknown role", c->name);
		for (unsigned k = 0; k < c->n_require; k++) {
			if (strcmp(c->require[k].role, need->role) == 0)
				return why_set(why, SL_E_FORMAT, "class %s: role %s twice",
					       c->name, need->role);
		}
		need->min = (unsigned)min;
		total += need->min;
		c->n_require++;
	}
	return total < PERSONS_MIN ? why_set(why, SL_E_DENIED,
					     "class %s needs fewer than two persons", c->name)
				   : SL_OK;
}

static int read_veto(const json_t *j, struct roster_class *c, struct sl_why *why)
{
	const json_t *v;
	size_t i;

	json_array_foreach(j, i, v)
	{
		if (c->n_veto == ROSTER_ROLES_MAX)
			return why_set(why, SL_E_LIMIT, "class %s has too many veto roles",
				       c->name);
		if (!roster_role_read(json_string_value(v), c->veto[c->n_veto]))
			return why_set(why, SL_E_FORMAT, "class %s: unknown veto role",
				       c->name);
		c->n_veto++;
	}
	return SL_OK;
}

static int read_class(const char *name, const json_t *j, struct roster_class *c,
		      struct sl_why *why)
{
	static const char *const names[] = {"approval_ttl_s", "exclude", "min_persons",
					    "require",	      "veto",	 NULL};
	int64_t persons;
	int r;

	if (!roster_name_read(name, c->name))
		return why_set(why, SL_E_FORMAT, "a class name is malformed");
	if (!json_has_only(j, names, NULL) ||
	    !json_i64(j, "approval_ttl_s", &c->approval_ttl_s) ||
	    !json_i64(j, "min_persons", &persons) || json_arr(j, "exclude") == NULL ||
	    json_arr(j, "require") == NULL || json_arr(j, "veto") == NULL)
		return why_set(why, SL_E_FORMAT, "class %s has missing or unknown members",
			       c->name);
	if (c->approval_ttl_s < 1 || c->approval_ttl_s > TTL_MAX)
		return why_set(why, SL_E_DENIED, "class %s: approval lifetime out of range",
			       c->name);
	if (persons < PERSONS_MIN || persons > ROSTER_SLOTS_MAX)
		return why_set(why, SL_E_DENIED, "class %s: number of persons out of range",
			       c->name);
	c->min_persons = (unsigned)persons;
	if (read_exclude(json_arr(j, "exclude"), c) != SL_OK)
		return why_set(why, SL_E_FORMAT, "class %s: exclude", c->name);
	r = read_require(json_arr(j, "require"), c, why);
	return r == SL_OK ? read_veto(json_arr(j, "veto"), c, why) : r;
}

int roster_read_classes(const json_t *j, struct roster *r, struct sl_why *why)
{
	const char *name;
	json_t *v;
	void *at;
	int err;

	if (json_object_size(j) == 0 || json_object_size(j) > ROSTER_CLASSES_MAX)
		return why_set(why, SL_E_LIMIT, "number of classes");
	at = json_object_iter((json_t *)(uintptr_t)j);
	for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)j, at)) {
		name = json_object_iter_key(at);
		v = json_object_iter_value(at);
		err = read_class(name, v, &r->classes[r->n_classes], why);
		if (err != SL_OK)
			return err;
		r->n_classes++;
	}
	return SL_OK;
}
