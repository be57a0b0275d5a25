/* tool_list.c - sluice-policy list: every rule in one line, for a person or for docs/rules.md.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/present.h"

enum { MAKER_MAX = 400 };

static void add(char out[MAKER_MAX], const char *word)
{
	size_t n = strlen(out);

	/* Detectors of several ways are named once. */
	if (word != NULL && strstr(out, word) == NULL)
		(void)snprintf(out + n, MAKER_MAX - n, "%s%s", n > 0 ? ", " : "", word);
}

/* Who makes the finding: another filter, or the matcher by what. */
static void maker(const struct pack_rule *rule, char out[MAKER_MAX])
{
	out[0] = '\0';
	if (rule->made_by != NULL) {
		(void)snprintf(out, MAKER_MAX, "%s", rule->made_by);
		return;
	}
	for (unsigned i = 0; i < rule->detect_count; i++) {
		const struct pack_detect *d = &rule->detect[i];

		if (d->detector != NULL)
			add(out, d->detector);
		else
			add(out, d->record != NULL ? d->record
				 : d->gather.n > 0 ? "gather"
				 : d->words.n > 0  ? "words"
						   : "regex");
	}
}

static json_t *row(const struct pack *p, const struct pack_rule *rule)
{
	char by[MAKER_MAX];

	maker(rule, by);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I}", "rule", rule->id, "pack", p->name,
			 "severity", rule->severity, "title_en", rule->title.en, "title_zh",
			 rule->title.zh, "made_by", by, "positives",
			 (json_int_t)rule->positives.n, "near_misses",
			 (json_int_t)rule->near_misses.n);
}

static int print_rule(const struct cli *c, const struct pack *p, const struct pack_rule *rule)
{
	char by[MAKER_MAX];

	if (c->json)
		return tool_print(row(p, rule));
	maker(rule, by);
	if (cli_has(c, "markdown"))
		printf("| %s | %s | %s %s | %s | %u | %u |\n", present_text(rule->id),
		       present_text(rule->severity), present_text(rule->title.zh),
		       present_text(rule->title.en), present_text(by), rule->positives.n,
		       rule->near_misses.n);
	else
		printf("%-7s %s  %s  (%s; %u+%u)\n", present_text(rule->id),
		       present_text(rule->severity),
		       present_text(i18n_is_zh() ? rule->title.zh : rule->title.en),
		       present_text(by), rule->positives.n, rule->near_misses.n);
	return SL_OK;
}

int tool_list_run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	struct tool_packs packs;
	char dir[TOOL_PATH];
	int r = tool_policy_dir(c, dir);

	packs.n = 0;
	if (r == SL_OK)
		r = tool_packs_load(dir, &packs, &why);
	if (r == SL_OK && cli_has(c, "markdown"))
		printf("| rule | severity | about | made by | positives | near-misses |\n"
		       "| --- | --- | --- | --- | --- | --- |\n");
	for (unsigned i = 0; r == SL_OK && i < packs.n; i++) {
		for (unsigned k = 0; r == SL_OK && k < packs.pack[i]->rules_count; k++)
			r = print_rule(c, packs.pack[i], &packs.pack[i]->rules[k]);
	}
	tool_packs_release(&packs);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, _("the rules cannot be listed"), NULL);
}
