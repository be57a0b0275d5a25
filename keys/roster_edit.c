/* roster_edit.c - join, leave, roles and keys, on the JSON of an approval policy.
 *
 * Every rule about the result is roster_parse's: what this makes is parsed again. */
#include "keys/roster_edit.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "keys/policy_classes.h"

enum { OLD_MIN = 8 };

static json_t *key_object(enum key_use use, const uint8_t key[KEY_PUBLIC], int64_t from,
			  int64_t until)
{
	char a[CLOCK_TEXT + 1], b[CLOCK_TEXT + 1], hex[2 * KEY_PUBLIC + 1], id[KEY_ID_HEX + 1];

	clock_format(from, a);
	clock_format(until, b);
	text_hex(key, KEY_PUBLIC, hex);
	key_id_of(key, id);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "from", a, "keyid", id, "public", hex,
			 "until", b, "use", key_use_name(use));
}

static json_t *find_person(json_t *persons, const char *pid, size_t *ret_i)
{
	json_t *p;
	size_t i;

	json_array_foreach(persons, i, p)
	{
		if (pid != NULL && strcmp(json_str(p, "pid"), pid) == 0) {
			if (ret_i != NULL)
				*ret_i = i;
			return p;
		}
	}
	return NULL;
}

static int no_person(const char *pid, struct sl_why *why)
{
	return why_set(why, SL_E_NOTFOUND, _("there is no person %s in this policy"),
		       pid != NULL ? pid : "");
}

static int join(json_t *persons, const struct roster_change *c, struct sl_why *why)
{
	json_t *roles;

	if (c->pid == NULL || c->unit == NULL || c->key == NULL)
		return why_set(why, SL_E_USAGE,
			       _("a new person needs --person, --unit, --key "
				 "and at least one --role"));
	if (find_person(persons, c->pid, NULL) != NULL)
		return why_set(why, SL_E_EXISTS, _("%s is in this policy already"), c->pid);
	roles = json_array();
	for (unsigned i = 0; i < ROSTER_ROLES_MAX && c->roles[i] != NULL; i++)
		(void)json_array_append_new(roles, json_string(c->roles[i]));
	return json_array_append_new(
		       persons, json_pack("{s:[o],s:s,s:o,s:s}", "keys",
					  key_object(c->use, c->key, c->from, c->until), "pid",
					  c->pid, "roles", roles, "unit", c->unit)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

static int end_key(json_t *key, int64_t on, struct sl_why *why)
{
	const char *from = json_str(key, "from"), *until = json_str(key, "until");
	char text[CLOCK_TEXT + 1];
	int64_t begins, ends;

	if (!clock_parse(from, strlen(from), &begins) ||
	    !clock_parse(until, strlen(until), &ends))
		return SL_E_FORMAT;
	if (on <= begins)
		return why_set(why, SL_E_DENIED,
			       _("key %.16s would end before it begins; leave the day out to "
				 "remove it at once"),
			       json_str(key, "keyid"));
	clock_format(on, text);
	if (on < ends)
		(void)json_object_set_new(key, "until", json_string(text));
	return SL_OK;
}

static int leave(json_t *persons, const struct roster_change *c, struct sl_why *why)
{
	size_t at = 0, i;
	json_t *p = find_person(persons, c->pid, &at), *k;
	int r = SL_OK;

	if (p == NULL)
		return no_person(c->pid, why);
	if (c->on == 0)
		return json_array_remove(persons, at) == 0 ? SL_OK : SL_E_INTERNAL;
	json_array_foreach(json_object_get(p, "keys"), i, k)
	{
		if (r == SL_OK)
			r = end_key(k, c->on, why);
	}
	return r;
}

static int change_roles(json_t *persons, const struct roster_change *c, struct sl_why *why)
{
	json_t *p = find_person(persons, c->pid, NULL), *roles, *v;
	size_t i;

	if (p == NULL)
		return no_person(c->pid, why);
	roles = json_object_get(p, "roles");
	for (unsigned k = 0; k < ROSTER_ROLES_MAX && c->drop[k] != NULL; k++) {
		bool found = false;

		json_array_foreach(roles, i, v)
		{
			if (strcmp(json_string_value(v), c->drop[k]) == 0) {
				(void)json_array_remove(roles, i);
				found = true;
				break;
			}
		}
		if (!found)
			return why_set(why, SL_E_NOTFOUND, _("%s does not have the role %s"),
				       c->pid, c->drop[k]);
	}
	for (unsigned k = 0; k < ROSTER_ROLES_MAX && c->roles[k] != NULL; k++)
		(void)json_array_append_new(roles, json_string(c->roles[k]));
	if (c->unit != NULL)
		(void)json_object_set_new(p, "unit", json_string(c->unit));
	return SL_OK;
}

/* The one key whose id begins like this, and whose it is. */
static int find_key(json_t *persons, const char *old, json_t **ret_person, size_t *ret_person_i,
		    size_t *ret_key, struct sl_why *why)
{
	unsigned found = 0;
	json_t *p, *k;
	size_t i, n;

	json_array_foreach(persons, i, p)
	{
		json_array_foreach(json_object_get(p, "keys"), n, k)
		{
			if (old == NULL || strlen(old) < OLD_MIN ||
			    strncmp(json_str(k, "keyid"), old, strlen(old)) != 0)
				continue;
			*ret_person = p;
			*ret_person_i = i;
			*ret_key = n;
			found++;
		}
	}
	return found == 1 ? SL_OK
			  : why_set(why, SL_E_NOTFOUND,
				    _("no single key begins with \"%s\" (give at least 8 "
				      "digits)"),
				    old != NULL ? old : "");
}

static int new_key(json_t *persons, const struct roster_change *c, struct sl_why *why)
{
	json_t *p = find_person(persons, c->pid, NULL), *owner = NULL, *keys;
	size_t owner_i = 0, at = 0;
	int r;

	if (p == NULL)
		return no_person(c->pid, why);
	if (c->key == NULL)
		return why_set(why, SL_E_USAGE, _("--key FILE.pub is needed"));
	keys = json_object_get(p, "keys");
	if (c->old != NULL) {
		r = find_key(persons, c->old, &owner, &owner_i, &at, why);
		if (r == SL_OK && owner != p)
			r = why_set(why, SL_E_DENIED, _("that key is not one of %s"), c->pid);
		if (r == SL_OK)
			r = end_key(json_array_get(keys, at), c->from, why);
		if (r != SL_OK)
			return r;
	}
	return json_array_append_new(keys, key_object(c->use, c->key, c->from, c->until)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

static int lost(json_t *persons, const struct roster_change *c, struct sl_why *why)
{
	size_t at = 0, person = 0;
	json_t *p = NULL, *keys;
	int r = find_key(persons, c->old, &p, &person, &at, why);

	if (r != SL_OK)
		return r;
	if (c->pid != NULL && strcmp(c->pid, json_str(p, "pid")) != 0)
		return why_set(why, SL_E_DENIED, _("that key is not one of %s"), c->pid);
	keys = json_object_get(p, "keys");
	(void)json_array_remove(keys, at);
	if (c->key != NULL)
		(void)json_array_append_new(keys,
					    key_object(c->use, c->key, c->from, c->until));
	/* Nobody stays in the policy without a key. */
	if (json_array_size(keys) == 0)
		(void)json_array_remove(persons, person);
	return SL_OK;
}

/* Canonical bytes, and only if the roster loads. */
static int finish(const json_t *j, struct buf *out, struct sl_why *why)
{
	struct roster *check = NULL;
	int r;

	buf_clear(out);
	r = json_canonical(j, out);
	if (r == SL_OK)
		r = roster_parse(out->data, out->len, &check, why);
	roster_free(check);
	return r;
}

int roster_edit(const struct buf *policy, const struct roster_change *c, struct buf *out,
		struct sl_why *why)
{
	static int (*const ops[])(json_t *, const struct roster_change *,
				  struct sl_why *) = {[ROSTER_JOIN] = join,
						      [ROSTER_LEAVE] = leave,
						      [ROSTER_ROLE] = change_roles,
						      [ROSTER_KEY] = new_key,
						      [ROSTER_LOST] = lost};
	struct roster *now = NULL;
	json_t *j = NULL;
	int r = roster_parse(policy->data, policy->len, &now, why);

	if (r == SL_OK)
		r = json_parse_signed(policy->data, policy->len, &j);
	if (r == SL_OK)
		r = ops[c->op](json_object_get(j, "persons"), c, why);
	if (r == SL_OK && !c->draft)
		(void)json_object_set_new(j, "version",
					  json_integer((json_int_t)roster_version(now) + 1));
	if (r == SL_OK)
		r = finish(j, out, why);
	json_decref(j);
	roster_free(now);
	return r;
}

int roster_edit_new(const uint8_t gateway[KEY_PUBLIC], const uint8_t inspector[KEY_PUBLIC],
		    int64_t from, int64_t until, struct buf *out, struct sl_why *why)
{
	json_t *j = json_pack("{s:o,s:[{s:[o,o],s:s,s:[s],s:s}],s:s,s:i}", "classes",
			      policy_classes(), "persons", "keys",
			      key_object(KEY_DSSE_GATEWAY, gateway, from, until),
			      key_object(KEY_DSSE_INSPECTOR, inspector, from, until), "pid",
			      "p-gateway", "roles", "gateway-service", "unit", "u-gateway",
			      "schema", "sluice-policy/1", "version", 1);
	int r = j == NULL ? SL_E_NOMEM : finish(j, out, why);

	json_decref(j);
	return r;
}

static unsigned holders(const struct roster *r, const char *role, int64_t t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < roster_count(r); i++) {
		const struct roster_person *p = roster_person_at(r, i);
		bool can = false;

		for (unsigned k = 0; k < p->n_keys; k++)
			can = can || (p->keys[k].use == KEY_DSSE_REVIEWER &&
				      t >= p->keys[k].from && t <= p->keys[k].until);
		n += can && roster_has_role(p, role);
	}
	return n;
}

void roster_edit_gaps(const struct roster *r, int64_t t, struct buf *out)
{
	const struct roster_class *k;

	for (unsigned i = 0; (k = roster_class_at(r, i)) != NULL; i++) {
		for (unsigned n = 0; n < k->n_require; n++) {
			unsigned have = holders(r, k->require[n].role, t);

			if (have < k->require[n].min)
				buf_putf(out, _("class %s: %s %u of %u\n"), k->name,
					 k->require[n].role, have, k->require[n].min);
		}
	}
}
