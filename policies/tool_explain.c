/* tool_explain.c - sluice-policy explain: a rule in words, for the person it stopped.
 *
 * Some rules (malware) belong to the gateway and stand in no pack; reports name
 * them like any other, so they are explained like any other. */
#include "policies/tool_explain.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "inspect/case.h"
#include "policies/commands.h"
#include "policies/tool.h"

/* Rules are asked for as people type them: pi-001 is PI-001. */
static const struct pack_rule *find(const struct tool_packs *packs, const char *id,
				    const struct pack **ret_pack)
{
	for (unsigned i = 0; i < packs->n; i++) {
		for (unsigned k = 0; k < packs->pack[i]->rules_count; k++) {
			if (strcasecmp(packs->pack[i]->rules[k].id, id) == 0) {
				*ret_pack = packs->pack[i];
				return &packs->pack[i]->rules[k];
			}
		}
	}
	return NULL;
}

/* pack.h has no const members; nothing here writes to them. */
static char *borrow(const char *text)
{
	return (char *)(uintptr_t)text;
}

static int explain_own(const struct cli *c, const struct rule_text *t)
{
	struct pack pack = {.name = borrow(t->pack),
			    .path = borrow(_("the gateway's own rule, in no pack"))};
	struct pack_rule rule = {
		.id = borrow(t->id),
		.severity = borrow(severity_name(t->severity)),
		.title = {.en = borrow(t->title_en), .zh = borrow(t->title_zh)},
		.message = {.en = borrow(t->message_en), .zh = borrow(t->message_zh)},
		.basis = borrow(t->basis),
		.fix = {.en = borrow(t->fix_en), .zh = borrow(t->fix_zh)},
		.made_by = borrow(t->pack)};

	if (c->json)
		return tool_print(tool_explain_json(&pack, &rule));
	tool_explain_print(c, &pack, &rule);
	return SL_OK;
}

static int find_own(const struct cli *c, const char *dir, struct sl_why *why)
{
	struct policy *p = NULL;
	struct rule_text t;
	int r = crypto_start();

	if (r == SL_OK)
		r = policy_load(dir, &p, why);
	if (r == SL_OK) {
		if (case_rule_text(p, c->operands[0], &t))
			r = explain_own(c, &t);
		else
			r = why_set(why, SL_E_NOTFOUND, _("no pack in %s has this rule"), dir);
	}
	policy_free(p);
	return r;
}

static int explain(const struct cli *c, const char *dir, const struct tool_packs *packs,
		   struct sl_why *why)
{
	const struct pack *pack = NULL;
	const struct pack_rule *rule = find(packs, c->operands[0], &pack);

	if (rule == NULL)
		return find_own(c, dir, why);
	if (c->json)
		return tool_print(tool_explain_json(pack, rule));
	tool_explain_print(c, pack, rule);
	return SL_OK;
}

static int explain_rule(const struct cli *c, struct sl_why *why)
{
	struct tool_packs packs;
	char dir[TOOL_PATH];
	int r = tool_policy_dir(c, dir);

	packs.n = 0;
	if (r == SL_OK)
		r = tool_packs_load(dir, &packs, why);
	if (r == SL_OK)
		r = explain(c, dir, &packs, why);
	tool_packs_release(&packs);
	return r;
}

int tool_explain_run(const struct cli *c)
{
	const char *report = cli_value(c, "report");
	const char *rule = c->n_operands > 0 ? c->operands[0] : NULL;
	struct sl_why why = {.text = ""};
	int r = SL_OK;

	if (rule == NULL && report == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("what to explain is not clear"),
				_("Name a rule, or a report with --report FILE, or both."));
	if (report != NULL)
		r = tool_explain_found(c, report, rule, &why);
	if (r == SL_OK && rule != NULL) {
		if (report != NULL && !c->json)
			fputc('\n', stdout);
		r = explain_rule(c, &why);
	}
	if (r == SL_OK)
		return CLI_DONE;
	return cli_fail(
		r, &why, rule != NULL ? rule : report,
		r == SL_E_NOTFOUND
			? _("Rules are named as in reports, such as PI-001. --policy DIR "
			    "names another policy directory.")
			: NULL);
}
