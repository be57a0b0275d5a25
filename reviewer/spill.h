/* spill.h - sluice-review spill: what secrecy officers do about a sealed draft. */
#ifndef SL_REVIEWER_SPILL_H
#define SL_REVIEWER_SPILL_H

#include "base/cli.h"
#include "base/json.h"
#include "wire/session.h"

/* list, open, report, reported, close */
int spill_run(const struct cli *c);

/* What the files share: */
/* Sign an action on a row of spill.list, as the first (`order` NULL) or in answer to it. */
int spill_sign(struct session *s, const json_t *row, const char *action, const char *reason,
	       const json_t *order, json_t **ret, struct sl_why *why) SL_MUST_USE;
/* The order of this action that still counts, NULL: none. Borrowed. */
const json_t *spill_pending(const json_t *row, const char *action);
/* Ask, confirm, or open, whichever is next (spill_open.c). */
int spill_open(const struct cli *c, struct session *s, const json_t *row, json_t **ret,
	       struct sl_why *why) SL_MUST_USE;
/* The incident report as text on standard output (spill_report.c). */
int spill_report(const struct cli *c, struct session *s, const json_t *row,
		 struct sl_why *why) SL_MUST_USE;

#endif
