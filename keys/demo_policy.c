/* demo_policy.c - the approval policy of the demo: the usual classes and its people. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "keys/demo_private.h"
#include "keys/policy_classes.h"

static json_t *key_object(const struct demo *d, const struct key *k)
{
	char from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1], hex[2 * KEY_PUBLIC + 1];

	/* From yesterday: clocks of a trial may differ a little. */
	clock_format(d->now - DEMO_DAY, from);
	clock_format(d->now + (int64_t)364 * DEMO_DAY, until);
	text_hex(key_public(k), KEY_PUBLIC, hex);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "from", from, "keyid", key_id(k), "public",
			 hex, "until", until, "use", key_use_name(key_get_use(k)));
}

/* trust/roster.h: the type says in which format the key signs. */
static json_t *ssh_key_object(const struct demo *d)
{
	char from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1], hex[2 * KEY_PUBLIC + 1];
	char id[KEY_ID_HEX + 1];
	json_t *j;

	clock_format(d->now - DEMO_DAY, from);
	clock_format(d->now + (int64_t)364 * DEMO_DAY, until);
	text_hex(d->ssh.public_key, KEY_PUBLIC, hex);
	ssh_key_id(&d->ssh, id);
	j = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "from", from, "keyid", id, "public", hex,
		      "type", ssh_key_type_name(d->ssh.type), "until", until, "use",
		      key_use_name(KEY_DSSE_REVIEWER));
	if (d->ssh.type == SSH_KEY_FIDO) {
		(void)json_object_set_new(j, "application", json_string(d->ssh.application));
		(void)json_object_set_new(j, "verified", json_false());
	}
	return j;
}

static json_t *person_object(const struct demo *d, const struct demo_person *p)
{
	json_t *roles = json_array(), *keys = json_array();

	(void)json_array_append_new(keys, key_object(d, demo_people_key(d, p->name)));
	if (demo_people_by_ssh(d, p->name))
		(void)json_array_append_new(keys, ssh_key_object(d));

	for (unsigned i = 0; i < 3 && p->roles[i] != NULL; i++)
		(void)json_array_append_new(roles, json_string(p->roles[i]));
	return json_pack("{s:o,s:s,s:o,s:s}", "keys", keys, "pid", p->pid, "roles", roles,
			 "unit", p->unit);
}

int demo_policy_bytes(const struct demo *d, struct buf *out)
{
	json_t *rules = policy_classes(), *persons = json_array(), *j = NULL;
	const struct demo_person *people;
	unsigned n;
	int r;

	people = demo_people(&n);
	for (unsigned i = 0; i < n; i++)
		(void)json_array_append_new(persons, person_object(d, &people[i]));
	(void)json_array_append_new(persons,
				    json_pack("{s:[o,o],s:s,s:[s],s:s}", "keys",
					      key_object(d, demo_people_key(d, "gateway")),
					      key_object(d, demo_people_key(d, "inspector")),
					      "pid", "p-gateway", "roles", "gateway-service",
					      "unit", "u-gateway"));
	j = json_pack("{s:O,s:O,s:s,s:i}", "classes", rules, "persons", persons, "schema",
		      "sluice-policy/1", "version", 1);
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	json_decref(rules);
	json_decref(persons);
	return r;
}
