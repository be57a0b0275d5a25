/* tool_test.c - sluice-policy test: every rule finds what it is for, and only that. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/trial.h"

enum { SHOWN = 200 };

struct testing {
	const struct cli *c;
	json_t *failures;
};

static int failed(const struct trial_failure *f, void *arg)
{
	struct testing *t = arg;
	char shown[SHOWN] = "";

	if (f->text != NULL)
		(void)text_safe(f->text, strlen(f->text), shown, sizeof(shown));
	if (t->c->json)
		return json_array_append_new(t->failures,
					     json_pack("{s:s,s:s,s:s,s:s,s:s}", "file", f->file,
						       "rule", f->rule, "kind", f->kind, "text",
						       f->text != NULL ? f->text : "",
						       "message", f->message)) == 0
			       ? SL_OK
			       : SL_E_NOMEM;
	printf("%s%s%s", cli_paint(t->c, CLI_RED), f->message, cli_paint(t->c, CLI_RESET));
	printf(f->text != NULL ? ": %s\n" : "%s\n", shown);
	return SL_OK;
}

static void step(unsigned done, unsigned packs, void *arg)
{
	(void)arg;
	cli_progress(_("testing rules"), done, packs);
}

static int print(struct testing *t, const struct trial_result *n)
{
	if (t->c->json) {
		json_t *failures = t->failures;

		t->failures = NULL; /* moved */
		return tool_print(json_pack(
			"{s:I,s:I,s:I,s:I,s:I,s:o}", "rules", (json_int_t)n->rules,
			"made_by_other_filters", (json_int_t)n->elsewhere, "positives",
			(json_int_t)n->positives, "near_misses", (json_int_t)n->near_misses,
			"failed", (json_int_t)n->failed, "failures", failures));
	}
	printf(_("%u rules, %u positives, %u near-misses, %u failed\n"), n->rules, n->positives,
	       n->near_misses, n->failed);
	if (n->elsewhere > 0)
		printf(_("(%u more rules name findings that other filters make from whole "
			 "documents)\n"),
		       n->elsewhere);
	return SL_OK;
}

int tool_test_run(const struct cli *c)
{
	struct testing t = {.c = c, .failures = json_array()};
	const struct trial_watch watch = {.failed = failed, .step = step, .arg = &t};
	struct trial_result n = {.failed = 0};
	struct sl_why why = {.text = ""};
	struct policy *policy = NULL;
	int r = crypto_start();

	if (r == SL_OK)
		r = policy_load(c->operands[0], &policy, &why);
	if (r == SL_OK)
		r = trial_run(policy, &watch, &n);
	if (r == SL_OK)
		r = print(&t, &n);
	json_decref(t.failures);
	policy_free(policy);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the rules could not be tested"), NULL);
	return n.failed > 0 ? CLI_REFUSED : CLI_DONE;
}
