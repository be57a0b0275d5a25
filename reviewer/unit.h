/* unit.h - sluice-review unit: a unit's people, and who stands in for whom. */
#ifndef SL_REVIEWER_UNIT_H
#define SL_REVIEWER_UNIT_H

#include "base/cli.h"
#include "wire/session.h"

extern const struct cli_option unit_options[];
int unit_run(const struct cli *c);
/* Entries of a unit's delegations, for sluice-review audit --unit; json_decref them. */
int unit_audit(struct session *s, const char *unit, json_t **ret_entries,
	       struct sl_why *why) SL_MUST_USE;
/* The answer to unit.list; unit NULL: the person's own. */
int unit_ask(struct session *s, const char *unit, json_t **ret_unit,
	     struct sl_why *why) SL_MUST_USE;

#endif
