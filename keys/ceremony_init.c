/* ceremony_init.c - the arguments of "ceremony init" become a plan. */
#include "keys/ceremony_init.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "keys/ceremony_command.h"
#include "keys/ceremony_roles.h"
#include "trust/tlog_proof.h"

#define WITNESS_POLICY "witness-policy.txt"

enum { EDITS_MAX = 64, DAY_S = 24 * 3600, ID_MIN = 8 };

struct asked {
	struct ceremony_base base;
	struct ceremony_plan plan;
	struct ceremony_edit edit[EDITS_MAX];
	struct ceremony_threshold threshold[EDITS_MAX];
	struct ceremony_file file[CEREMONY_FILES_MAX];
	struct buf bytes[CEREMONY_FILES_MAX];
	char names[2 * EDITS_MAX + CEREMONY_FILES_MAX][64]; /* left of '=' */
	unsigned n_names;
	struct buf policy;
	struct roster *roster;
};

/* "ROLE=VALUE": the name is kept in a, the value borrowed. */
static const char *split(struct asked *a, const char *text, const char **ret_name,
			 struct sl_why *why)
{
	const char *eq = strchr(text, '=');
	size_t n = eq == NULL ? 0 : (size_t)(eq - text);
	char *name = a->names[a->n_names];

	if (n == 0 || n >= sizeof(a->names[0]) || eq[1] == '\0') {
		(void)why_set(why, SL_E_USAGE, _("\"%s\" is not NAME=VALUE"), text);
		return NULL;
	}
	memcpy(name, text, n);
	name[n] = '\0';
	a->n_names++;
	*ret_name = name;
	return eq + 1;
}

/* A key that leaves may be named by the digits that people read aloud. */
static int key_by_id(const struct asked *a, const char *role, const char *id,
		     uint8_t ret_key[KEY_PUBLIC], struct sl_why *why)
{
	struct ceremony_roles *roles = calloc(1, sizeof(*roles));
	char digits[KEY_ID_HEX + 1] = "";
	const struct tuf_role *r;
	unsigned found = 0;
	size_t n = 0;
	int e = roles == NULL ? SL_E_NOMEM : SL_OK;

	for (; *id != '\0' && n < KEY_ID_HEX; id++) {
		if (*id != ' ')
			digits[n++] = *id;
	}
	if (e == SL_OK)
		e = ceremony_roles_read(a->base.meta[CEREMONY_ROOT],
					a->base.meta[CEREMONY_TARGETS], roles, why);
	r = e == SL_OK ? ceremony_roles_find(roles, role) : NULL;
	for (unsigned i = 0; n >= ID_MIN && r != NULL && i < r->n_keys; i++) {
		if (strncmp(r->keyids[i], digits, n) != 0)
			continue;
		memcpy(ret_key, r->keys[i], KEY_PUBLIC);
		found++;
	}
	free(roles);
	if (e == SL_OK && found != 1)
		e = why_set(why, SL_E_NOTFOUND,
			    _("\"%s\" is neither a public key file nor the first digits of a "
			      "key of the role %s"),
			    digits, role);
	return e;
}

static int add_edit(struct asked *a, const char *text, bool add, struct sl_why *why)
{
	struct ceremony_edit *e = &a->edit[a->plan.n_edit];
	const char *value = split(a, text, &e->role, why);
	enum key_use want, use;
	int r;

	if (value == NULL || a->plan.n_edit == EDITS_MAX - 1)
		return value == NULL ? SL_E_USAGE : SL_E_LIMIT;
	e->add = add;
	if (!ceremony_roles_use(e->role, &want))
		return why_set(why, SL_E_USAGE, _("there is no role %s"), e->role);
	if (!add && !file_exists(AT_FDCWD, value))
		r = key_by_id(a, e->role, value, e->key, why);
	else {
		r = key_read_public(value, e->key, &use, why);
		if (r == SL_OK && use != want)
			r = why_set(why, SL_E_DENIED,
				    _("%s is a key for %s; the role %s needs one for %s"),
				    value, key_use_name(use), e->role, key_use_name(want));
	}
	a->plan.n_edit += r == SL_OK;
	return r;
}

static int add_threshold(struct asked *a, const char *text, struct sl_why *why)
{
	struct ceremony_threshold *t = &a->threshold[a->plan.n_threshold];
	const char *value = split(a, text, &t->role, why);
	uint64_t n;

	if (value == NULL || a->plan.n_threshold == EDITS_MAX - 1 ||
	    !text_to_u64(value, strlen(value), TUF_KEYS_MAX, &n))
		return why_set(why, SL_E_USAGE, _("\"%s\" is not ROLE=NUMBER"), text);
	t->n = (unsigned)n;
	a->plan.n_threshold++;
	return SL_OK;
}

/* A witness policy that no platform could read would be found out after the ceremony. */
static int check_witnesses(const struct buf *text, struct sl_why *why)
{
	struct tlog_policy *p = NULL;
	int r = tlog_policy_parse(text->data, text->len, &p, why);

	tlog_policy_free(p);
	return r;
}

static int add_file(struct asked *a, const char *text, struct sl_why *why)
{
	unsigned i = a->plan.n_file;
	const char *name = "", *path = split(a, text, &name, why);
	int r;

	if (path == NULL || i == CEREMONY_FILES_MAX || !text_is_safe_name(name, strlen(name)) ||
	    strncmp(name, "approval-policy", 15) == 0)
		return why_set(why, SL_E_USAGE, _("\"%s\" is not NAME=FILE"), text);
	r = file_read(AT_FDCWD, path, JSON_SIGNED_MAX, &a->bytes[i]);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	if (strcmp(name, WITNESS_POLICY) == 0)
		r = check_witnesses(&a->bytes[i], why);
	if (r != SL_OK)
		return why_prefix(why, r, "%s", path);
	a->file[i] = (struct ceremony_file){.name = name, .bytes = &a->bytes[i]};
	a->plan.n_file++;
	return SL_OK;
}

static int read_policy(struct asked *a, const char *path, struct sl_why *why)
{
	int r = file_read(AT_FDCWD, path, JSON_SIGNED_MAX, &a->policy);

	if (r == SL_OK)
		r = roster_parse(a->policy.data, a->policy.len, &a->roster, why);
	if (r != SL_OK)
		return why_prefix(why, r, "%s", path);
	a->plan.approval_policy = &a->policy;
	a->plan.approval_version = roster_version(a->roster);
	return SL_OK;
}

static int read_dates(const struct cli *c, struct asked *a, int64_t now, struct sl_why *why)
{
	static const struct {
		const char *option;
		int days;
	} dates[CEREMONY_DOCS] = {
		{"root-until", 365}, {"targets-until", 365}, {"policy-until", 180}};
	char text[CLOCK_TEXT + 8];

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		const char *day = cli_value(c, dates[d].option);

		a->plan.expires[d] = now + (int64_t)dates[d].days * DAY_S;
		if (day == NULL)
			continue;
		(void)snprintf(text, sizeof(text), "%.10sT00:00:00Z", day);
		if (strlen(day) != 10 || !clock_parse(text, strlen(text), &a->plan.expires[d]))
			return why_set(why, SL_E_USAGE, _("\"%s\" is not a day YYYY-MM-DD"),
				       day);
	}
	return SL_OK;
}

static int read_renewals(const struct cli *c, struct asked *a, struct sl_why *why)
{
	const char *name;

	for (int i = 0; (name = cli_value_at(c, "renew", i)) != NULL; i++) {
		unsigned d = 0;

		while (d < CEREMONY_DOCS &&
		       strcmp(ceremony_doc_name((enum ceremony_doc)d), name) != 0)
			d++;
		if (d == CEREMONY_DOCS)
			return why_set(why, SL_E_USAGE,
				       _("--renew takes root, targets or policy"));
		a->plan.renew[d] = true;
	}
	return SL_OK;
}

/* No gateway can release without it, and that would come out when the custodians are at home
 * again. */
static int first_has_witnesses(const struct asked *a, struct sl_why *why)
{
	bool witnesses = false;

	for (unsigned i = 0; i < a->plan.n_file; i++)
		witnesses = witnesses || strcmp(a->file[i].name, WITNESS_POLICY) == 0;
	if (!witnesses)
		return why_set(why, SL_E_USAGE,
			       _("the first ceremony needs --policy-file %s=FILE, made with "
				 "\"sluice-keys witness-policy\": without it nothing can be "
				 "released"),
			       WITNESS_POLICY);
	return SL_OK;
}

/* trust.md section 2, unless --threshold says otherwise. */
static void first_thresholds(struct asked *a)
{
	static const struct ceremony_threshold usual[] = {
		{"root", 3}, {"targets", 2},  {"policy", 2},   {"feed", 2},
		{"rel", 2},  {"snapshot", 1}, {"timestamp", 1}};

	for (unsigned i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		a->threshold[a->plan.n_threshold++] = usual[i];
}

static int read_arguments(const struct cli *c, struct asked *a, int64_t now, struct sl_why *why)
{
	const char *v, *repository = cli_value(c, "repository");
	bool first = cli_has(c, "new");
	int r = SL_OK;

	if (first == (repository != NULL))
		return why_set(why, SL_E_USAGE,
			       _("give --repository DIR for a change, or --new for the first "
				 "ceremony"));
	if (!first)
		r = ceremony_base_read(repository, cli_value(c, "root"), &a->base, why);
	else
		first_thresholds(a);
	for (int i = 0; r == SL_OK && (v = cli_value_at(c, "remove", i)) != NULL; i++)
		r = add_edit(a, v, false, why);
	for (int i = 0; r == SL_OK && (v = cli_value_at(c, "add", i)) != NULL; i++)
		r = add_edit(a, v, true, why);
	for (int i = 0; r == SL_OK && (v = cli_value_at(c, "threshold", i)) != NULL; i++)
		r = add_threshold(a, v, why);
	for (int i = 0; r == SL_OK && (v = cli_value_at(c, "policy-file", i)) != NULL; i++)
		r = add_file(a, v, why);
	v = cli_value(c, "approval-policy");
	if (r == SL_OK && v != NULL)
		r = read_policy(a, v, why);
	if (r == SL_OK && first)
		r = first_has_witnesses(a, why);
	if (r == SL_OK)
		r = read_renewals(c, a, why);
	return r == SL_OK ? read_dates(c, a, now, why) : r;
}

/* A change that breaks a rule leaves nothing behind that somebody could carry around. */
static int clear_folder(const char *dir)
{
	static const char *const names[] = {"old", "new", "signatures"};
	int fd = file_open_dir(AT_FDCWD, dir), r = fd < 0 ? fd : SL_OK;

	for (unsigned i = 0; r == SL_OK && i < 3; i++)
		r = file_remove_tree(fd, names[i]);
	file_close(fd);
	return r;
}

static int write_all(const char *dir, struct asked *a, struct ceremony *ret_c, int64_t now,
		     struct sl_why *why)
{
	json_t *new[CEREMONY_DOCS] = {NULL};
	int r;

	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		a->plan.old[d] = a->base.meta[d];
	a->plan.edit = a->edit;
	a->plan.threshold = a->threshold;
	a->plan.file = a->file;
	r = ceremony_plan(&a->plan, new, why);
	if (r == SL_OK)
		r = ceremony_base_write(dir, &a->base, new, a->plan.approval_policy, a->file,
					a->plan.n_file, why);
	/* Read back what custodians will read. */
	if (r == SL_OK) {
		r = ceremony_load(dir, now, ret_c, why);
		if (r != SL_OK && clear_folder(dir) != SL_OK)
			(void)why_prefix(why, r, _("%s could not be cleared"), dir);
	}
	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		json_decref(new[d]);
	return r;
}

int ceremony_init_run(const struct cli *c, const char *dir)
{
	struct asked *a = calloc(1, sizeof(*a));
	struct ceremony *made = calloc(1, sizeof(*made));
	struct sl_why why = {.text = ""};
	int64_t now = clock_now();
	int r = a == NULL || made == NULL ? SL_E_NOMEM : SL_OK, code;

	if (r != SL_OK)
		goto out;
	made->fd = -1;
	ceremony_base_init(&a->base);
	buf_init(&a->policy, JSON_SIGNED_MAX);
	for (unsigned i = 0; i < CEREMONY_FILES_MAX; i++)
		buf_init(&a->bytes[i], JSON_SIGNED_MAX);
	r = read_arguments(c, a, now, &why);
	if (r == SL_OK)
		r = write_all(dir, a, made, now, &why);
	if (r == SL_OK)
		r = ceremony_base_summary(made, &why);
	if (r == SL_OK)
		ceremony_command_show(c, made);
	ceremony_release(made);
	ceremony_base_release(&a->base);
	buf_release(&a->policy);
	roster_free(a->roster);
	for (unsigned i = 0; i < CEREMONY_FILES_MAX; i++)
		buf_release(&a->bytes[i]);
out:
	code = r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("no ceremony was prepared"),
				     _("Nothing was signed."));
	free(made);
	free(a);
	return code;
}
