/* verdict_rules.c - which rules found something, in the few words that a list needs. */
#include <stdio.h>
#include <string.h>

#include "inspect/verdict_private.h"

enum { REPORT_MAX = 8 << 20 };

static void add_rule(const char *rule, char out[VERDICT_RULES_MAX])
{
	char word[FINDING_RULE_MAX + 3];
	size_t used = strlen(out);
	int n = snprintf(word, sizeof(word), " %s ", rule);

	if (n <= 0 || (size_t)n >= sizeof(word) || strstr(out, word) != NULL ||
	    used + (size_t)n >= VERDICT_RULES_MAX)
		return;
	/* The blank that ends one rule begins the next. */
	memcpy(out + used, word + (used > 0 ? 1 : 0), (size_t)n + (used > 0 ? 0 : 1));
}

static unsigned add_report(const struct inspect_report *report, char out[VERDICT_RULES_MAX])
{
	unsigned worst = VERDICT_NO_FINDING;
	json_t *j = NULL;
	const json_t *f;
	size_t i;

	/* Ours and just written; a list may lack its rules, a verdict may not wait for them. */
	if (json_parse(report->bytes.data, report->bytes.len, REPORT_MAX, &j) != SL_OK)
		return 0;
	json_array_foreach(json_arr(j, "findings"), i, f)
	{
		const char *rule = json_str(f, "rule"), *severity = json_str(f, "severity");

		if (rule == NULL || severity == NULL || json_obj(f, "suppressed") != NULL)
			continue;
		add_rule(rule, out);
		if (severity[0] == 'S' && severity[1] >= '0' && severity[1] <= '8' &&
		    (unsigned)(severity[1] - '0') < worst)
			worst = (unsigned)(severity[1] - '0');
	}
	json_decref(j);
	return worst;
}

unsigned verdict_rules(const struct inspect_report *reports, unsigned n,
		       char out[VERDICT_RULES_MAX])
{
	unsigned worst = VERDICT_NO_FINDING;

	out[0] = '\0';
	for (unsigned i = 0; i < n; i++) {
		unsigned w = add_report(&reports[i], out);

		worst = w < worst ? w : worst;
	}
	return worst;
}
