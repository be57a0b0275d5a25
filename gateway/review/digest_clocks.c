/* digest_clocks.c - rows of clocks and the present state in words that every program shows. */
#include "review/digest_clocks.h"

#include <string.h>

#include "base/clock.h"
#include "review/digest.h"
#include "store/clockwork.h"

static json_t *name_of(const struct clockwork_view *v)
{
	const char *en = v->rule != NULL ? v->rule->name.en : v->clock.kind;
	const char *zh = v->rule != NULL ? v->rule->name.zh : v->clock.kind;

	return json_pack("{s:s,s:s}", "en", en, "zh", zh);
}

json_t *digest_local(const struct review *v, int64_t due)
{
	int64_t day = reckon_last_day(v->clocks, due),
		into = due - clocks_day_end(v->clocks, day - 1);
	char date[WORKDAYS_TEXT];

	workdays_format(day, date);
	return json_sprintf("%s %02lld:%02lld", date, (long long)into / 3600,
			    (long long)into / 60 % 60);
}

static json_t *whole(const struct review *r, const struct clockwork_view *v)
{
	json_t *j = json_pack("{s:s,s:o,s:o,s:o,s:o,s:b,s:I,s:I}", "kind", v->clock.kind,
			      "name", name_of(v), "start", digest_time(v->clock.started), "due",
			      digest_time(v->clock.due), "due_local",
			      digest_local(r, v->clock.due), "provisional", v->provisional,
			      "used_percent", (json_int_t)v->used, "warn", (json_int_t)v->warn);

	if (j != NULL && v->clock.paused > 0)
		(void)json_object_set_new(j, "paused", digest_time(v->clock.paused));
	if (j != NULL && v->rule != NULL && v->rule->extend_to > 0 && !v->clock.extended)
		(void)json_object_set_new(j, "extend_to", json_integer(v->rule->extend_to));
	return j;
}

static json_t *in_brief(const struct clockwork_view *v)
{
	json_t *j = json_pack("{s:s,s:I,s:I}", "kind", v->clock.kind, "used_percent",
			      (json_int_t)v->used, "warn", (json_int_t)v->warn);

	if (j != NULL && v->provisional)
		(void)json_object_set_new(j, "provisional", json_true());
	if (j != NULL && v->clock.paused > 0)
		(void)json_object_set_new(j, "paused", digest_time(v->clock.paused));
	return j;
}

/* The first that is not paused, else the first. */
static unsigned leading(const struct clockwork_view *view, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (view[i].clock.paused == 0)
			return i;
	}
	return 0;
}

int digest_clocks(const struct review *v, const struct draft *d, bool brief, json_t *status)
{
	struct clockwork_view view[STORE_CLOCKS_MAX];
	json_t *list = json_array();
	unsigned n = 0, first;
	int r = list == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && v->clocks != NULL)
		r = clockwork_look(v->store, v->clocks, d, clock_now(), view, &n);
	first = leading(view, n);
	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		if ((!brief || i == first) &&
		    json_array_append_new(list,
					  brief ? in_brief(&view[i]) : whole(v, &view[i])) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK && n > 0 &&
	    (json_object_set_new(status, "due", digest_time(view[first].clock.due)) != 0 ||
	     json_object_set_new(status, "due_local", digest_local(v, view[first].clock.due)) !=
		     0))
		r = SL_E_NOMEM;
	if (r == SL_OK && json_object_set(status, "clocks", list) != 0)
		r = SL_E_NOMEM;
	json_decref(list);
	return r;
}

/* Who is at a draft that no reviewer can take further. */
static const char *holder_of(enum draft_state s)
{
	switch (s) {
	case DRAFT_SUBMITTED:
	case DRAFT_INSPECTING:
		return "inspection";
	case DRAFT_BLOCKED:
	case DRAFT_RETURNED:
		return "author";
	case DRAFT_HELD:
	case DRAFT_SPILL:
		return "secrecy";
	case DRAFT_REFERRED:
		return "outside";
	case DRAFT_APPROVED:
		return "release";
	default:
		return NULL;
	}
}

static int add(json_t *list, const char *role, int64_t since)
{
	return json_array_append_new(list, json_pack("{s:s,s:o}", "role", role, "since",
						     digest_time(since))) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

int digest_holders(const struct draft *d, const json_t *missing, int64_t last_vote,
		   json_t *status)
{
	/* A step begins with the state, or with the decision that came before it. */
	int64_t since = last_vote > d->changed ? last_vote : d->changed;
	json_t *list = json_array();
	const char *alone = holder_of(d->state);
	const json_t *role;
	int r = list == NULL ? SL_E_NOMEM : SL_OK;
	size_t i;

	if (r == SL_OK && alone != NULL)
		r = add(list, alone, d->changed);
	else if (r == SL_OK && d->state == DRAFT_IN_REVIEW)
		json_array_foreach(missing, i, role)
		{
			if (r == SL_OK)
				r = add(list, json_string_value(role), since);
		}
	if (r == SL_OK && json_object_set(status, "holders", list) != 0)
		r = SL_E_NOMEM;
	json_decref(list);
	return r;
}
