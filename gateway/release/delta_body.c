/* delta_body.c - the new bodies of the roles of one step.
 *
 * Hostile in the checker: the sets that an old body delegates to are names that it
 * signed itself once; every one must still be a set of this layout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "release/delta_private.h"
#include "trust/tuf_writer.h"

struct sets { /* names, sorted; borrowed */
	const char **name;
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the keeper delegates to now, and which of its sets begin in this step. */
static int gather(const struct delta *d, const struct delta_role *keeper, struct sets *s,
		  struct sl_why *why)
{
	const json_t *old =
		keeper->before == NULL
			? NULL
			: json_arr(json_obj(keeper->before->body, "delegations"), "roles");
	const json_t *v;
	size_t i;

	s->name = calloc(json_array_size(old) + d->n + 1, sizeof(*s->name));
	if (s->name == NULL)
		return SL_E_NOMEM;
	json_array_foreach(old, i, v)
	{
		s->name[s->n] = json_str(v, "name");
		if (s->name[s->n++] == NULL)
			return SL_E_CORRUPT;
	}
	for (unsigned k = 0; k < d->n; k++) {
		char parent[LAYOUT_ROLE_MAX];

		layout_parent(d->role[k].name, parent);
		if (d->role[k].begins && &d->role[k] != keeper &&
		    strcmp(parent, keeper->name) == 0)
			s->name[s->n++] = d->role[k].name;
	}
	if (s->n > 1)
		qsort(s->name, s->n, sizeof(*s->name), by_name);
	for (i = 1; i < s->n; i++) {
		if (strcmp(s->name[i - 1], s->name[i]) == 0)
			return why_set(why, SL_E_CORRUPT, "%s is there already", s->name[i]);
	}
	return SL_OK;
}

static int make_body(const struct delta *d, struct delta_role *k, const struct delta_keys *keys,
		     json_t *targets, struct sl_why *why)
{
	const struct tuf_role *role = delta_keys_of(keys, k->name);
	const struct tuf_role_spec by = {.name = role->name,
					 .threshold = role->threshold,
					 .keys = role->keys,
					 .n_keys = role->n_keys};
	struct sets s = {.n = 0};
	int r = SL_OK;

	if (layout_delegates(k->name))
		r = gather(d, k, &s, why);
	if (r == SL_OK) {
		k->body = tuf_keeper_body(k->version, k->expires, targets, s.name, s.n, &by);
		r = k->body == NULL ? SL_E_NOMEM : SL_OK;
	}
	free(s.name);
	return r;
}

static int copy_targets(const struct delta *d, json_t **targets)
{
	for (unsigned k = 0; k < d->n; k++) {
		const struct delta_role *role = &d->role[k];

		BUG(role->begins != (role->before == NULL));
		targets[k] = role->begins ? json_object()
					  : json_copy((json_t *)(uintptr_t)json_obj(
						    role->before->body, "targets"));
		if (targets[k] == NULL)
			return SL_E_NOMEM;
	}
	return SL_OK;
}

int delta_apply(struct delta *d, const struct delta_keys *keys, const struct delta_item *items,
		unsigned n, int64_t time, struct sl_why *why)
{
	struct delta_work w = {.d = d, .targets = calloc(d->n + 1u, sizeof(*w.targets))};
	const struct delta_role *feed = delta_find(d, "feed");
	int r = w.targets == NULL ? SL_E_NOMEM : n > DELTA_ITEMS_MAX ? SL_E_LIMIT : SL_OK;

	if (r == SL_OK)
		r = copy_targets(d, w.targets);
	if (r == SL_OK)
		r = delta_put_items(&w, items, n, why);
	if (r == SL_OK && (n > 0 || (feed != NULL && feed->begins)))
		r = delta_put_feed(&w);
	if (r == SL_OK && d->checkpoint.sha256[0] != '\0')
		r = delta_put_checkpoint(&w);
	for (unsigned k = 0; k < d->n && r == SL_OK; k++) {
		struct delta_role *role = &d->role[k];

		role->version = role->begins ? 1 : role->before->version + 1;
		role->expires =
			time + (strcmp(role->name, "feed") == 0 ? DELTA_FEED_S : DELTA_SET_S);
		r = make_body(d, role, keys, w.targets[k], why);
	}
	for (unsigned k = 0; w.targets != NULL && k < d->n; k++)
		json_decref(w.targets[k]);
	free(w.targets);
	return r;
}
