/* roster_ended.c - the difference of two approval policies, as far as keys end.
 *
 * Both policies have been parsed.  Invariant: the list follows from the two files alone,
 * neither from the clock nor from the order in which a file names persons and keys. */
#include "trust/roster_ended.h"

#include <stdlib.h>
#include <string.h>

static unsigned count_keys(const struct roster *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < roster_count(r); i++)
		n += roster_person_at(r, i)->n_keys;
	return n;
}

static void look_at(const struct roster *after, struct roster_ended *list, unsigned *n,
		    struct roster_ended e)
{
	const struct roster_key *now = NULL;

	e.listed = roster_find_key(after, e.key->keyid, &now) != NULL && now->use == e.key->use;
	e.until = e.listed ? now->until : 0;
	if (!e.listed || e.until < e.key->until)
		list[(*n)++] = e;
}

static int by_keyid(const void *a, const void *b)
{
	const struct roster_ended *x = a, *y = b;

	return strcmp(x->key->keyid, y->key->keyid);
}

int roster_ended(const struct roster *before, const struct roster *after,
		 struct roster_ended **ret_list, unsigned *ret_n)
{
	struct roster_ended *list =
		calloc(before == NULL ? 1 : count_keys(before) + 1u, sizeof(*list));
	unsigned n = 0;

	if (list == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; before != NULL && i < roster_count(before); i++) {
		const struct roster_person *p = roster_person_at(before, i);

		for (unsigned k = 0; k < p->n_keys; k++)
			look_at(after, list, &n,
				(struct roster_ended){.person = p, .key = &p->keys[k]});
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), by_keyid);
	*ret_list = list; /* moved */
	*ret_n = n;
	return SL_OK;
}
