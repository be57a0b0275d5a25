/* persons.c - sluice-keys roster check and show: an approval policy, for people.
 *
 * Hostile: the file; roster_parse decides, this only prints. */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "keys/commands.h"
#include "trust/roster.h"

static void print_class(const struct roster_class *k)
{
	printf(_("class %s: at least %u persons, approvals last %lld hours\n"), k->name,
	       k->min_persons, (long long)(k->approval_ttl_s / 3600));
	for (unsigned i = 0; i < k->n_require; i++)
		printf("  %u x %s\n", k->require[i].min, k->require[i].role);
	for (unsigned i = 0; i < k->n_veto; i++)
		printf(_("  veto: %s\n"), k->veto[i]);
}

static void print_person(const struct roster_person *p)
{
	char until[CLOCK_TEXT + 1];

	printf("%-8s %-8s", p->pid, p->unit);
	for (unsigned i = 0; i < p->n_roles; i++)
		printf(" %s", p->roles[i]);
	printf("\n");
	for (unsigned i = 0; i < p->n_keys; i++) {
		clock_format(p->keys[i].until, until);
		printf(_("         key %.16s  %s  until %s\n"), p->keys[i].keyid,
		       key_use_name(p->keys[i].use), until);
	}
}

static void print_text(const struct roster *r, json_t *classes)
{
	char hex[HASH_HEX + 1];
	const char *name;
	json_t *rule;

	text_hex(roster_digest(r), HASH_LEN, hex);
	printf(_("version %lld, sha256 %s\n"), (long long)roster_version(r), hex);
	json_object_foreach(classes, name, rule) print_class(roster_class(r, name));
	for (unsigned i = 0; i < roster_count(r); i++)
		print_person(roster_person_at(r, i));
}

static json_t *person_json(const struct roster_person *p)
{
	json_t *roles = json_array(), *keys = json_array();

	for (unsigned i = 0; i < p->n_roles; i++)
		(void)json_array_append_new(roles, json_string(p->roles[i]));
	for (unsigned i = 0; i < p->n_keys; i++)
		(void)json_array_append_new(keys,
					    json_pack("{s:s,s:s}", "keyid", p->keys[i].keyid,
						      "use", key_use_name(p->keys[i].use)));
	return json_pack("{s:o,s:s,s:o,s:s}", "keys", keys, "pid", p->pid, "roles", roles,
			 "unit", p->unit);
}

static void print_json(const struct roster *r, json_t *rules)
{
	json_t *persons = json_array(), *classes = json_array(), *j, *rule;
	char hex[HASH_HEX + 1];
	const char *name;
	struct buf out;

	text_hex(roster_digest(r), HASH_LEN, hex);
	for (unsigned i = 0; i < roster_count(r); i++)
		(void)json_array_append_new(persons, person_json(roster_person_at(r, i)));
	json_object_foreach(rules, name, rule)(void)
		json_array_append_new(classes, json_string(name));
	j = json_pack("{s:o,s:o,s:s,s:I}", "classes", classes, "persons", persons, "sha256",
		      hex, "version", (json_int_t)roster_version(r));
	buf_init(&out, 1 << 22);
	if (j != NULL && json_compact(j, &out) == SL_OK)
		printf("%s\n", buf_str(&out));
	json_decref(j);
	buf_release(&out);
}

int persons_run(const struct cli *c)
{
	const char *what = c->operands[0], *path = c->operands[1];
	bool check = strcmp(what, "check") == 0;
	struct sl_why why = {.text = ""};
	struct roster *roster = NULL;
	json_t *whole = NULL, *classes; /* only for the names of the classes */
	struct buf bytes;
	int r;

	buf_init(&bytes, JSON_SIGNED_MAX);
	r = crypto_start();
	if (r == SL_OK) {
		r = file_read(AT_FDCWD, path, JSON_SIGNED_MAX, &bytes);
		if (r != SL_OK)
			(void)why_set(&why, r, "%s: %s", path, _(sl_strerror(r)));
	}
	if (r == SL_OK)
		r = roster_parse(bytes.data, bytes.len, &roster, &why);
	if (r == SL_OK)
		r = json_parse_signed(bytes.data, bytes.len, &whole);
	buf_release(&bytes);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the roster is not valid"), NULL);
	classes = json_object_get(whole, "classes");
	if (c->json)
		print_json(roster, classes);
	else if (check)
		printf(_("%s is valid: version %lld, %u persons.\n"), path,
		       (long long)roster_version(roster), roster_count(roster));
	else
		print_text(roster, classes);
	json_decref(whole);
	roster_free(roster);
	return CLI_DONE;
}
