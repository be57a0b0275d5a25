/* tool_test.c - sluice-policy test: every rule finds what it is for, and only that.
 *
 * A rule without three texts of each kind counts as failed: nobody could tell
 * what it does. Findings that another filter makes (from pictures, file types,
 * hidden layers) cannot be made from a line of text; those rules are counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policies/tool_case.h"

enum { TEXTS_WANTED = 3, SHOWN = 200 };

struct testing {
	const struct cli *c;
	const struct policy *policy;
	int64_t today;
	unsigned rules, elsewhere, positives, near_misses, failed;
	json_t *failures;
};

static int fail(struct testing *t, const struct pack *p, const char *rule, const char *text,
		const char *kind, const char *reason)
{
	struct sl_why why = {.text = ""};
	char shown[SHOWN] = "";

	t->failed++;
	(void)pack_complain(p, rule, text, &why, "%s", reason);
	if (text != NULL)
		(void)text_safe(text, strlen(text), shown, sizeof(shown));
	if (t->c->json)
		return json_array_append_new(t->failures,
					     json_pack("{s:s,s:s,s:s,s:s,s:s}", "file", p->path,
						       "rule", rule, "kind", kind, "text",
						       text != NULL ? text : "", "message",
						       why.text)) == 0
			       ? SL_OK
			       : SL_E_NOMEM;
	printf("%s%s%s", cli_paint(t->c, CLI_RED), why.text, cli_paint(t->c, CLI_RESET));
	printf(text != NULL ? ": %s\n" : "%s\n", shown);
	return SL_OK;
}

/* Texts of one kind: all must be found, or none. */
static int try_all(struct testing *t, const struct pack *p, const struct pack_rule *rule,
		   bool positive)
{
	const struct pack_words *w = positive ? &rule->positives : &rule->near_misses;
	const char *kind = positive ? "positive" : "near-miss";
	int r = SL_OK;

	*(positive ? &t->positives : &t->near_misses) += w->n;
	if (w->n < TEXTS_WANTED)
		r = fail(t, p, rule->id, NULL, kind,
			 positive ? _("has fewer than three positives")
				  : _("has fewer than three near-misses"));
	for (unsigned i = 0; r == SL_OK && i < w->n; i++) {
		struct sl_why why = {.text = ""};
		struct tool_case k;
		bool found = false;

		r = tool_case_parse(&k, w->item[i], t->today, &why);
		if (r != SL_OK) {
			r = fail(t, p, rule->id, w->item[i], kind, why_text(&why, r));
			continue;
		}
		r = tool_case_run(&k, t->policy, rule->id, &found);
		if (r == SL_OK && found != positive)
			r = fail(t, p, rule->id, w->item[i], kind,
				 positive ? _("does not find this positive")
					  : _("finds this near-miss, which it must not"));
	}
	return r;
}

static int try_pack(struct testing *t, const struct pack *p)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < p->rules_count; i++) {
		const struct pack_rule *rule = &p->rules[i];

		if (rule->made_by != NULL) {
			t->elsewhere++;
			continue;
		}
		t->rules++;
		r = try_all(t, p, rule, true);
		if (r == SL_OK)
			r = try_all(t, p, rule, false);
	}
	return r;
}

static int print(struct testing *t)
{
	if (t->c->json) {
		json_t *failures = t->failures;

		t->failures = NULL; /* moved */
		return tool_print(json_pack(
			"{s:I,s:I,s:I,s:I,s:I,s:o}", "rules", (json_int_t)t->rules,
			"made_by_other_filters", (json_int_t)t->elsewhere, "positives",
			(json_int_t)t->positives, "near_misses", (json_int_t)t->near_misses,
			"failed", (json_int_t)t->failed, "failures", failures));
	}
	printf(_("%u rules, %u positives, %u near-misses, %u failed\n"), t->rules, t->positives,
	       t->near_misses, t->failed);
	if (t->elsewhere > 0)
		printf(_("(%u more rules name findings that other filters make from whole "
			 "documents)\n"),
		       t->elsewhere);
	return SL_OK;
}

/* Texts with dates are read as on the day of the rule set. */
static int read_today(const char *dir, int64_t *ret_day, struct sl_why *why)
{
	struct pack_policy *head = NULL;
	char path[TOOL_PATH];
	int r = file_join(path, sizeof(path), dir, "policy.yaml");

	if (r == SL_OK)
		r = pack_policy_load(path, &head, why);
	if (r == SL_OK && (head->date == NULL || !tool_case_day(head->date, ret_day)))
		*ret_day = clock_now() / 86400;
	pack_policy_free(head);
	return r;
}

int tool_test_run(const struct cli *c)
{
	struct testing t = {.c = c, .failures = json_array()};
	const char *dir = c->operands[0];
	struct sl_why why = {.text = ""};
	struct policy *policy = NULL;
	struct tool_packs packs;
	int r = crypto_start();

	packs.n = 0;
	if (r == SL_OK)
		r = policy_load(dir, &policy, &why);
	if (r == SL_OK)
		r = tool_packs_load(dir, &packs, &why);
	if (r == SL_OK)
		r = read_today(dir, &t.today, &why);
	t.policy = policy;
	for (unsigned i = 0; r == SL_OK && i < packs.n; i++) {
		r = try_pack(&t, packs.pack[i]);
		cli_progress(_("testing rules"), i + 1, packs.n);
	}
	if (r == SL_OK)
		r = print(&t);
	json_decref(t.failures);
	tool_packs_release(&packs);
	policy_free(policy);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the rules could not be tested"), NULL);
	return t.failed > 0 ? CLI_REFUSED : CLI_DONE;
}
