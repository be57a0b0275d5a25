/* audit.c - sluice-review audit and diff: what the terminal's panels show, without it. */
#include "audit.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "compare.h"
#include "policy/present.h"
#include "unit.h"

/* A value of a record; digests are cut, as their beginning tells them apart. */
static int put_value(char *out, size_t cap, const char *name, const json_t *v)
{
	const char *s = json_string_value(v);

	if (s != NULL)
		return snprintf(out, cap, text_is_sha256(s) ? "  %s=%.16s…" : "  %s=%s",
				present_text(name), present_text(s));
	if (json_is_integer(v))
		return snprintf(out, cap, "  %s=%lld", present_text(name),
				(long long)json_integer_value(v));
	if (json_is_boolean(v))
		return snprintf(out, cap, "  %s=%s", present_text(name),
				json_is_true(v) ? "true" : "false");
	return 0;
}

void audit_words(const json_t *entry, const char *draft, char out[AUDIT_WORDS_MAX])
{
	union {
		const json_t *in;
		json_t *out;
	} record = {.in = json_obj(entry, "record")};
	const char *name;
	json_t *v;
	size_t used;
	int n = snprintf(
		out, AUDIT_WORDS_MAX, "%s  %-10s %-14s", present_text(json_str(entry, "time")),
		present_text(json_str(entry, "actor")), present_text(json_str(entry, "kind")));

	used = n > 0 && n < AUDIT_WORDS_MAX ? (size_t)n : 0;
	json_object_foreach(record.out, name, v)
	{
		if (strcmp(name, "draft") == 0 && json_string_value(v) != NULL &&
		    strcmp(json_string_value(v), draft) == 0)
			continue;
		n = put_value(out + used, AUDIT_WORDS_MAX - used, name, v);
		if (n < 0 || (size_t)n >= AUDIT_WORDS_MAX - used)
			return;
		used += (size_t)n;
	}
}

static int start(const struct cli *c, struct session *s, int *ret_code)
{
	struct sl_why why = {""};
	int r = session_open(c->config, s, &why);

	if (r != SL_OK)
		*ret_code = cli_fail(r, &why, _("cannot start"),
				     _("see the file given with --config"));
	return r;
}

const struct cli_option audit_options[] = {
	{"unit", "U", N_("instead of a draft: the delegations of a unit"), false},
	{NULL, NULL, NULL, false},
};

static int print_entries(const struct cli *c, const char *key, const char *of, json_t *entries)
{
	char line[AUDIT_WORDS_MAX];
	json_t *e;
	size_t i;

	if (c->json)
		return json_print_take(json_pack("{s:s,s:O}", key, of, "entries", entries));
	json_array_foreach(entries, i, e)
	{
		audit_words(e, of, line);
		printf("%s\n", line);
	}
	return SL_OK;
}

int audit_run(const struct cli *c)
{
	const char *unit = cli_value(c, "unit");
	const char *of = unit != NULL ? unit : c->n_operands > 0 ? c->operands[0] : NULL;
	struct sl_why why = {""};
	json_t *entries = NULL;
	struct session s;
	int code, r;

	if ((unit != NULL) == (c->n_operands > 0))
		return cli_fail(SL_E_USAGE, NULL, _("a draft or --unit U is needed"), NULL);
	r = start(c, &s, &code);
	if (r != SL_OK)
		return code;
	r = unit != NULL ? unit_audit(&s, unit, &entries, &why)
			 : compare_audit(&s, of, &entries, &why);
	if (r == SL_OK)
		r = print_entries(c, unit != NULL ? "unit" : "draft", of, entries);
	code = r == SL_OK ? CLI_DONE : cli_fail(r, &why, of, NULL);
	json_decref(entries);
	session_close(&s);
	return code;
}

/* The revision to compare with: the one named, else the one before. */
static int other_revision(const struct cli *c, const struct review_case *now, int64_t *ret,
			  struct sl_why *why)
{
	const char *named = cli_value(c, "revision");
	uint64_t n = 0;

	*ret = now->revision - 1;
	if (named != NULL) {
		if (!text_to_u64(named, strlen(named), INT32_MAX, &n) || n == 0 ||
		    (int64_t)n == now->revision)
			return why_set(why, SL_E_USAGE, "%s",
				       _("--revision takes the number of another revision"));
		*ret = (int64_t)n;
	}
	if (*ret < 1)
		return why_set(why, SL_E_NOTFOUND, "%s",
			       _("this is the first revision: there is nothing to compare it "
				 "with"));
	return SL_OK;
}

int audit_diff_run(const struct cli *c)
{
	struct review_case *now = NULL, *before = NULL;
	struct sl_why why = {""};
	json_t *changes = NULL;
	int64_t revision = 0;
	struct session s;
	int code, r = start(c, &s, &code);

	if (r != SL_OK)
		return code;
	r = case_open(&s, c->operands[0], 0, &now, &why);
	if (r == SL_OK)
		r = other_revision(c, now, &revision, &why);
	if (r == SL_OK)
		r = case_open(&s, c->operands[0], revision, &before, &why);
	if (r == SL_OK)
		r = compare_cases(&s, before, now, &changes, &why);
	if (r == SL_OK && c->json)
		r = json_print(changes);
	else if (r == SL_OK)
		compare_print(stdout, c, changes);
	code = r == SL_OK ? CLI_DONE : cli_fail(r, &why, c->operands[0], NULL);
	json_decref(changes);
	case_free(before);
	case_free(now);
	session_close(&s);
	return code;
}

const struct cli_option audit_diff_options[] = {
	{"revision", "N",
	 N_("compare the newest revision with this one (default: the one before)"), false},
	{NULL, NULL, NULL, false},
};
