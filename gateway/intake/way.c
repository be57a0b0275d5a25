/* way.c - content type, urgency and original decide the route; the author only asks. */
#include "intake/way.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/route_follow.h"
#include "trust/statement.h"

/* A class that the approval policy does not have can never be approved. */
static int check_class(const struct intake *in, const char *klass, struct sl_why *why)
{
	if (klass == NULL || roster_class(in->roster, klass) != NULL)
		return SL_OK;
	return why_set(why, SL_E_CONFIG,
		       _("the approval policy has no class %s, which routes.yaml names"),
		       klass);
}

/* Who corrects: the author, or somebody of the same unit. */
static int find_original(const struct intake *in, const struct roster_person *p,
			 const struct draft *d, struct draft *ret_old, struct sl_why *why)
{
	int r = store_draft_by_release(in->store, d->corrects, ret_old);

	if (r == SL_E_NOTFOUND || (r == SL_OK && strcmp(ret_old->unit, p->unit) != 0))
		return why_set(why, SL_E_NOTFOUND, _("your unit has published no %s"),
			       d->corrects);
	if (r == SL_OK &&
	    (ret_old->state == DRAFT_WITHDRAWN || ret_old->state == DRAFT_CORRECTED))
		return why_set(why, SL_E_STATE, _("%s is %s already"), d->corrects,
			       draft_state_name(ret_old->state));
	return r;
}

/* A type that takes whatever route the original took; NULL: none. */
static const char *type_that_follows(const struct routes *r)
{
	for (unsigned i = 0; i < r->types_count; i++) {
		if (r->types[i].follows != NULL)
			return r->types[i].type;
	}
	return NULL;
}

/* Neither route asks for everybody of the other: say which types would do. */
static int say_mixed(const struct intake *in, const struct route_type *type,
		     const struct draft *old, const struct route *original, struct sl_why *why)
{
	const char *follows = type_that_follows(in->routes);

	return why_set(
		why, SL_E_DENIED,
		_("%s was published by route %s; %s takes route %s, which asks for other "
		  "people. Hand the correction in with --type %s"),
		old->release, original->id, type->type, type->route,
		follows != NULL ? follows : old->content_type);
}

static int choose_for(const struct intake *in, const struct route_type *type, const char *asked,
		      const struct draft *old, const struct route **ret_way, struct sl_why *why)
{
	const struct route *own = routes_find(in->routes, type->route), *original = NULL, *way;

	if (old->id[0] != '\0') {
		original = route_of_released(in->routes, old->klass, old->content_type);
		if (original == NULL)
			return why_set(why, SL_E_CONFIG, _("no route in force fits %s"),
				       old->release);
	}
	way = route_for(in->routes, type, original);
	if (way == NULL && original != NULL && own != NULL)
		return say_mixed(in, type, old, original, why);
	if (way != NULL && asked != NULL && strcmp(asked, way->id) != 0) {
		/* The full review that follows something immediate is the type's own route. */
		if (way != own || type->urgent == NULL || strcmp(asked, type->urgent) != 0)
			return why_set(why, SL_E_DENIED,
				       _("%s takes route %s and cannot take route \"%s\""),
				       type->type, way->id, asked);
		way = routes_find(in->routes, asked);
	}
	if (way == NULL)
		return why_set(why, SL_E_CONFIG, _("no route in force is called %s"),
			       asked != NULL ? asked : type->route);
	*ret_way = way;
	return SL_OK;
}

/* Who co-signs goes by the column: a correction that names none stays in the original's. */
static int keep_column(const struct intake *in, const struct draft *old, struct draft *d)
{
	const struct route_type *type = routes_type(in->routes, old->content_type);
	const char *name = old->column;
	const struct column *c;

	if (d->column[0] != '\0' || old->id[0] == '\0')
		return SL_OK;
	if (name[0] == '\0' && type != NULL && type->column != NULL) {
		c = columns_find(in->routes->columns, type->column);
		name = c != NULL ? c->name : "";
	}
	return (size_t)snprintf(d->column, sizeof(d->column), "%s", name) < sizeof(d->column)
		       ? SL_OK
		       : SL_E_LIMIT;
}

/* Who guessed wrong is told what there is, as far as a sentence holds it. */
static int no_type(const struct routes *routes, const char *asked, struct sl_why *why)
{
	struct sl_why list = {""};
	size_t used = 0;

	for (unsigned i = 0; i < routes->types_count; i++) {
		int n = snprintf(list.text + used, sizeof(list.text) - used, " %s%s",
				 routes->types[i].type, routes->types[i].name);

		if (n < 0 || (size_t)n >= sizeof(list.text) - used) {
			list.text[used] = '\0';
			break;
		}
		used += (size_t)n;
	}
	return why_set(why, SL_E_FORMAT, _("there is no content type \"%s\"; there are%s"),
		       asked, list.text);
}

int way_choose(const struct intake *in, const struct roster_person *p, const char *asked,
	       struct draft *d, struct sl_why *why)
{
	const struct route_type *type = routes_type(in->routes, d->content_type);
	const struct route *way = NULL;
	struct draft old = {0};
	int r = SL_OK;

	if (type == NULL)
		return no_type(in->routes, d->content_type, why);
	if (d->corrects[0] != '\0')
		r = find_original(in, p, d, &old, why);
	if (r == SL_OK)
		r = choose_for(in, type, asked, &old, &way, why);
	if (r == SL_OK)
		r = keep_column(in, &old, d);
	draft_release(&old);
	if (r != SL_OK || way == NULL)
		return r;
	r = check_class(in, way->id, why);
	if (r == SL_OK)
		r = check_class(in, way->raised, why);
	if (r == SL_OK)
		(void)snprintf(d->klass, sizeof(d->klass), "%s", way->id);
	return r;
}

const char *way_raised(const struct intake *in, const struct draft *d)
{
	const struct route *way = routes_find(in->routes, d->klass);

	return way != NULL ? way->raised : NULL;
}

bool way_is_private(const struct intake *in, const struct draft *d)
{
	const struct route *way = routes_find(in->routes, d->klass);

	return way != NULL && way->is_private;
}

int way_private(struct draft *d)
{
	d->n_channels = 1;
	return (size_t)snprintf(d->channels[0], sizeof(d->channels[0]), "%s",
				MANIFEST_PRIVATE) < sizeof(d->channels[0])
		       ? SL_OK
		       : SL_E_LIMIT;
}
