/* tool_explain.h - the two forms in which a rule is explained. */
#ifndef SL_POLICIES_TOOL_EXPLAIN_H
#define SL_POLICIES_TOOL_EXPLAIN_H

#include "base/cli.h"
#include "base/json.h"
#include "policy/pack.h"

/* All that the pack says, for programs; NULL: no memory. */
json_t *tool_explain_json(const struct pack *p, const struct pack_rule *rule);
/* The same in words. */
void tool_explain_print(const struct cli *c, const struct pack *p,
			const struct pack_rule *rule);

/* Findings in a report - one JSON object a line, as sluice-policy scan, sluice status and
 * sluice-review show print them with --json - of the rule, NULL: of all, and why each was
 * made.  SL_E_NOTFOUND when there is none. */
int tool_explain_found(const struct cli *c, const char *path, const char *rule,
		       struct sl_why *why) SL_MUST_USE;

#endif
