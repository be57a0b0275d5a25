/* casefile_answer.c - `checked`, there and back.
 *
 * Hostile for the releaser: written by another process; signatures are verified by
 * whoever uses them, here only the exact form is accepted. */
#include "release/casefile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int casefile_answer_write(int64_t number, const struct casefile_answer *a, struct buf *out)
{
	json_t *list = json_object(), *j;
	int bad = list == NULL, r;

	for (unsigned i = 0; i < a->n && bad == 0; i++)
		bad = json_object_set_new(list, a->list[i].role,
					  json_pack("{s:s,s:s}", "keyid", a->list[i].keyid,
						    "sig", a->list[i].sig));
	j = json_pack("{s:s,s:I,s:s,s:O}", "cosignature", a->cosignature, "number",
		      (json_int_t)number, "schema", "sluice-checked/2", "signatures", list);
	r = j == NULL || bad != 0 ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	json_decref(list);
	return r;
}

static bool read_signature(const char *role, const json_t *j, struct casefile_signature *ret)
{
	static const char *const members[] = {"keyid", "sig", NULL};
	const char *id = json_str(j, "keyid"), *s = json_str(j, "sig");

	if (!json_has_only(j, members, NULL) || id == NULL || s == NULL ||
	    strlen(role) >= sizeof(ret->role) || !text_is_sha256(id) ||
	    strlen(s) != 2 * KEY_SIGNATURE ||
	    strspn(s, "0123456789abcdef") != 2 * KEY_SIGNATURE)
		return false;
	(void)snprintf(ret->role, sizeof(ret->role), "%s", role);
	memcpy(ret->keyid, id, KEY_ID_HEX + 1);
	memcpy(ret->sig, s, 2 * KEY_SIGNATURE + 1);
	return true;
}

static int by_role(const void *a, const void *b)
{
	const struct casefile_signature *x = a, *y = b;

	return strcmp(x->role, y->role);
}

static int read_list(json_t *list, struct casefile_answer *a)
{
	a->list = calloc(json_object_size(list) + 1, sizeof(*a->list));
	if (a->list == NULL)
		return SL_E_NOMEM;
	for (void *at = json_object_iter(list); at != NULL;
	     at = json_object_iter_next(list, at)) {
		if (a->n == DELTA_ROLES_MAX ||
		    !read_signature(json_object_iter_key(at), json_object_iter_value(at),
				    &a->list[a->n]))
			return SL_E_FORMAT;
		a->n++;
	}
	if (a->n > 1)
		qsort(a->list, a->n, sizeof(*a->list), by_role);
	return SL_OK;
}

int casefile_answer_parse(const void *bytes, size_t len, int64_t number,
			  struct casefile_answer *ret_a)
{
	static const char *const members[] = {"cosignature", "number", "schema", "signatures",
					      NULL};
	struct casefile_answer a = {.n = 0};
	const char *schema, *line;
	json_t *j = NULL;
	int64_t said = 0;
	int r = json_parse_signed(bytes, len, &j);

	if (r != SL_OK)
		return r;
	schema = json_str(j, "schema");
	line = json_str(j, "cosignature");
	if (!json_has_only(j, members, NULL) || schema == NULL ||
	    strcmp(schema, "sluice-checked/2") != 0 || !json_i64(j, "number", &said) ||
	    said != number || json_obj(j, "signatures") == NULL || line == NULL ||
	    (size_t)snprintf(a.cosignature, sizeof(a.cosignature), "%s", line) >=
		    sizeof(a.cosignature))
		r = SL_E_FORMAT;
	if (r == SL_OK)
		r = read_list(json_object_get(j, "signatures"), &a);
	json_decref(j);
	if (r != SL_OK) {
		casefile_answer_release(&a);
		return r;
	}
	*ret_a = a; /* moved */
	return SL_OK;
}

void casefile_answer_release(struct casefile_answer *a)
{
	free(a->list);
	*a = (struct casefile_answer){.n = 0};
}
