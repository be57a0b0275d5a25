/* roster.c - the approval policy file becomes persons and keys.
 *
 * The file is a TUF target, so its bytes were signed by policy officers; still
 * every rule that an honest mistake could break is checked here, because a policy
 * that loads is obeyed by the gateway and by every platform.
 * Invariants after loading: every raw public key occurs once; every person has a
 * key; a key id is the one that belongs to its key. */
#include "trust/roster.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "trust/roster_private.h"

static const char *const roles[] = {
	"author",	"liaison",  "unit-leader", "unit-admin",
	"column-owner", "secrecy",  "legal",	   "desk",
	"deputy",	"director", "duty-leader", "duty-publisher",
	"operator",	"auditor",  "inspector",   "gateway-service",
	NULL,
};

bool roster_role_known(const char *role)
{
	for (unsigned i = 0; roles[i] != NULL; i++) {
		if (strcmp(roles[i], role) == 0)
			return true;
	}
	return false;
}

bool roster_name_read(const char *s, char out[ROSTER_NAME_MAX])
{
	size_t len = s == NULL ? 0 : strlen(s);

	if (len == 0 || len >= ROSTER_NAME_MAX ||
	    strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") !=
		    len)
		return false;
	memcpy(out, s, len + 1);
	return true;
}

bool roster_role_read(const char *s, char out[ROSTER_NAME_MAX])
{
	return s != NULL && roster_role_known(s) && roster_name_read(s, out);
}

static bool use_in_roster(enum key_use use)
{
	return use == KEY_DSSE_GATEWAY || use == KEY_DSSE_INSPECTOR || use == KEY_DSSE_AUTHOR ||
	       use == KEY_DSSE_REVIEWER || use == KEY_SEAL;
}

/* The format in which the key signs; plain Ed25519 without "type". */
static int read_format(const json_t *j, struct roster_key *k)
{
	static const char *const names[] = {"from", "keyid", "public", "until", "use", NULL},
				 *const plain[] = {"type", NULL},
				 *const fido[] = {"application", "type", "verified", NULL};
	const char *type = json_str(j, "type"), *application = json_str(j, "application");

	if (type == NULL)
		return json_has_only(j, names, NULL) ? SL_OK : SL_E_FORMAT;
	k->is_ssh = true;
	if (!ssh_key_type_from_name(type, &k->ssh.type))
		return SL_E_FORMAT;
	memcpy(k->ssh.public_key, k->public_key, KEY_PUBLIC);
	if (k->ssh.type == SSH_KEY_PLAIN)
		return json_has_only(j, names, plain) ? SL_OK : SL_E_FORMAT;
	if (!json_has_only(j, names, fido) || application == NULL ||
	    !ssh_key_application_ok(application) || !json_bool(j, "verified", &k->verified))
		return SL_E_FORMAT;
	memcpy(k->ssh.application, application, strlen(application) + 1);
	return SL_OK;
}

static int read_key(const json_t *j, struct roster *r, struct sl_why *why)
{
	const char *keyid = json_str(j, "keyid"), *hex = json_str(j, "public"),
		   *use = json_str(j, "use");
	struct roster_key *k = &r->keys[r->n_keys];

	if (keyid == NULL || hex == NULL || use == NULL ||
	    !text_unhex(hex, strlen(hex), k->public_key, KEY_PUBLIC) ||
	    !json_time(j, "from", &k->from) || !json_time(j, "until", &k->until) ||
	    key_use_from_name(use, &k->use) != SL_OK || read_format(j, k) != SL_OK)
		return why_set(why, SL_E_FORMAT, "a key is malformed");
	if (k->is_ssh)
		ssh_key_id(&k->ssh, k->keyid);
	else
		key_id_of(k->public_key, k->keyid);
	if (strcmp(keyid, k->keyid) != 0)
		return why_set(why, SL_E_FORMAT, "key id %s does not belong to its key", keyid);
	if (!use_in_roster(k->use) || (k->is_ssh && k->use != KEY_DSSE_REVIEWER))
		return why_set(why, SL_E_DENIED, "a %s key has no place in the roster%s", use,
			       k->is_ssh ? " in OpenSSH's format" : "");
	if (k->from >= k->until)
		return why_set(why, SL_E_FORMAT, "key %s ends before it begins", keyid);
	if (!key_public_ok_for(k->use, k->public_key))
		return why_set(why, SL_E_DENIED, "key %s may not be enrolled", keyid);
	/* By its raw bytes: one key in two formats is one key twice. */
	for (unsigned i = 0; i < r->n_keys; i++) {
		if (memcmp(r->keys[i].public_key, k->public_key, KEY_PUBLIC) == 0)
			return why_set(why, SL_E_DENIED, "key %s appears twice", keyid);
	}
	r->n_keys++;
	return SL_OK;
}

static int read_roles(const json_t *j, struct roster_person *p, struct sl_why *why)
{
	const json_t *v;
	size_t i;

	json_array_foreach(j, i, v)
	{
		if (p->n_roles == ROSTER_ROLES_MAX)
			return why_set(why, SL_E_LIMIT, "person %s has too many roles", p->pid);
		if (!roster_role_read(json_string_value(v), p->roles[p->n_roles]))
			return why_set(why, SL_E_FORMAT, "person %s has an unknown role",
				       p->pid);
		if (roster_has_role(p, p->roles[p->n_roles]))
			return why_set(why, SL_E_FORMAT, "person %s has a role twice", p->pid);
		p->n_roles++;
	}
	return SL_OK;
}

/* Service keys and the service role go together and with nothing else: a gateway
 * that is also a reviewer would approve what it releases. */
static int check_service(const struct roster_person *p, struct sl_why *why)
{
	unsigned service_keys = 0, human_roles = 0;

	for (unsigned i = 0; i < p->n_keys; i++)
		service_keys += p->keys[i].use == KEY_DSSE_GATEWAY ||
				p->keys[i].use == KEY_DSSE_INSPECTOR;
	for (unsigned i = 0; i < p->n_roles; i++)
		human_roles += strcmp(p->roles[i], "gateway-service") != 0;
	if (service_keys == 0 && !roster_has_role(p, "gateway-service"))
		return SL_OK;
	if (service_keys != p->n_keys || human_roles != 0)
		return why_set(why, SL_E_DENIED,
			       "%s mixes a service of the gateway with a person", p->pid);
	return SL_OK;
}

static int read_person(const json_t *j, struct roster *r, struct roster_person *p,
		       struct sl_why *why)
{
	static const char *const names[] = {"keys", "pid", "roles", "unit", NULL};
	const json_t *keys = json_arr(j, "keys"), *v;
	int err;
	size_t i;

	if (!json_has_only(j, names, NULL) || keys == NULL || json_arr(j, "roles") == NULL ||
	    !roster_name_read(json_str(j, "pid"), p->pid) ||
	    !roster_name_read(json_str(j, "unit"), p->unit))
		return why_set(why, SL_E_FORMAT, "a person is malformed");
	if (json_array_size(keys) == 0)
		return why_set(why, SL_E_DENIED, "person %s has no key", p->pid);
	if (json_array_size(keys) > ROSTER_PERSON_KEYS_MAX)
		return why_set(why, SL_E_LIMIT, "person %s has too many keys", p->pid);
	p->keys = &r->keys[r->n_keys];
	json_array_foreach(keys, i, v)
	{
		err = read_key(v, r, why);
		if (err != SL_OK)
			return why_prefix(why, err, "person %s", p->pid);
		p->n_keys++;
	}
	err = read_roles(json_arr(j, "roles"), p, why);
	return err == SL_OK ? check_service(p, why) : err;
}

static int read_persons(const json_t *list, struct roster *r, struct sl_why *why)
{
	size_t n = json_array_size(list), n_keys = 0, i;
	const json_t *v;
	int err;

	json_array_foreach(list, i, v) n_keys += json_array_size(json_arr(v, "keys"));
	if (n == 0 || n > ROSTER_PERSONS_MAX || n_keys > ROSTER_KEYS_MAX)
		return why_set(why, SL_E_LIMIT, "number of persons or keys");
	r->persons = calloc(n, sizeof(*r->persons));
	r->keys = calloc(n_keys + 1, sizeof(*r->keys));
	if (r->persons == NULL || r->keys == NULL)
		return SL_E_NOMEM;
	json_array_foreach(list, i, v)
	{
		struct roster_person *p = &r->persons[i];

		err = read_person(v, r, p, why);
		if (err != SL_OK)
			return err;
		if (roster_person(r, p->pid) != NULL)
			return why_set(why, SL_E_FORMAT, "person %s appears twice", p->pid);
		r->n_persons++;
	}
	return SL_OK;
}

static int read_all(const json_t *j, struct roster *r, struct sl_why *why)
{
	static const char *const names[] = {"classes", "persons", "schema", "version", NULL};
	const char *schema = json_str(j, "schema");
	int err;

	if (!json_has_only(j, names, NULL) || schema == NULL ||
	    strcmp(schema, "sluice-policy/1") != 0 || !json_i64(j, "version", &r->version) ||
	    json_obj(j, "classes") == NULL || json_arr(j, "persons") == NULL)
		return why_set(why, SL_E_FORMAT, "not a sluice-policy/1 file");
	if (r->version < 1)
		return why_set(why, SL_E_FORMAT, "version below 1");
	err = roster_read_classes(json_obj(j, "classes"), r, why);
	return err == SL_OK ? read_persons(json_arr(j, "persons"), r, why) : err;
}

int roster_parse(const void *bytes, size_t len, struct roster **ret_r, struct sl_why *why)
{
	struct roster *r = calloc(1, sizeof(*r));
	json_t *j = NULL;
	int err = r == NULL ? SL_E_NOMEM : json_parse_signed(bytes, len, &j);

	if (err != SL_OK) {
		(void)why_set(why, err, "it is not canonical JSON of the signed profile");
		goto out;
	}
	err = read_all(j, r, why);
	if (err != SL_OK)
		goto out;
	hash_bytes(bytes, len, r->digest);
	*ret_r = r;
	r = NULL; /* moved */
out:
	json_decref(j);
	roster_free(r);
	return err == SL_OK ? err : why_prefix(why, err, "approval policy");
}

void roster_free(struct roster *r)
{
	if (r == NULL)
		return;
	free(r->persons);
	free(r->keys);
	free(r);
}

int64_t roster_version(const struct roster *r)
{
	return r->version;
}
const uint8_t *roster_digest(const struct roster *r)
{
	return r->digest;
}
unsigned roster_count(const struct roster *r)
{
	return r->n_persons;
}

const struct roster_person *roster_person_at(const struct roster *r, unsigned i)
{
	return i < r->n_persons ? &r->persons[i] : NULL;
}

const struct roster_person *roster_person(const struct roster *r, const char *pid)
{
	for (unsigned i = 0; i < r->n_persons; i++) {
		if (strcmp(r->persons[i].pid, pid) == 0)
			return &r->persons[i];
	}
	return NULL;
}

const struct roster_class *roster_class(const struct roster *r, const char *name)
{
	for (unsigned i = 0; i < r->n_classes; i++) {
		if (strcmp(r->classes[i].name, name) == 0)
			return &r->classes[i];
	}
	return NULL;
}

const struct roster_class *roster_class_at(const struct roster *r, unsigned i)
{
	return i < r->n_classes ? &r->classes[i] : NULL;
}

const struct roster_person *roster_find_key(const struct roster *r, const char *keyid,
					    const struct roster_key **ret_key)
{
	for (unsigned i = 0; i < r->n_persons; i++) {
		const struct roster_person *p = &r->persons[i];

		for (unsigned k = 0; k < p->n_keys; k++) {
			if (strcmp(p->keys[k].keyid, keyid) == 0) {
				*ret_key = &p->keys[k];
				return p;
			}
		}
	}
	return NULL;
}

const struct roster_person *roster_by_key(const struct roster *r, const char *keyid,
					  enum key_use use, int64_t t,
					  const struct roster_key **ret_key)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(r, keyid, &k);

	if (p == NULL || k->use != use || t < k->from || t > k->until)
		return NULL;
	if (ret_key != NULL)
		*ret_key = k;
	return p;
}

int roster_verify(const struct roster_key *k, const struct dsse *e)
{
	return k->is_ssh ? dsse_verify_ssh(e, &k->ssh, k->verified)
			 : dsse_verify(e, k->public_key);
}

bool roster_has_role(const struct roster_person *p, const char *role)
{
	for (unsigned i = 0; i < p->n_roles; i++) {
		if (strcmp(p->roles[i], role) == 0)
			return true;
	}
	return false;
}
