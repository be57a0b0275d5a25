/* unit_rows.h - a unit's people and who stands in, as their programs get it. */
#ifndef SL_REVIEW_UNIT_ROWS_H
#define SL_REVIEW_UNIT_ROWS_H

#include "base/json.h"
#include "policy/workdays.h"
#include "review/stand_ins.h"

/* {unit, name?, kind?, today, narrowed, accounts[{pid, name?, roles[], trained_on?,
 *  confirmed_on?, lapses?{what, until, days_left, state}}], stand_ins[]}: of docs/protocol.md,
 * unit.list.  `narrowed`: the rules in force have accounts.yaml.  SL_E_NOTFOUND. */
int unit_rows(const struct review *v, const char *unit, json_t **ret_j,
	      struct sl_why *why) SL_MUST_USE;
/* {number, unit, person, role, substitute, from, until, reason, by, time, state, why?, ended?,
 * ended_by?, envelope_sha256}; state: coming, running, over, ended, void. NULL: no memory. */
json_t *unit_rows_delegation(const struct review *v, const struct delegation *d);

/* Beside the queue, when there is something to say: `lapses[{pid, name, what, until, days_left,
 * state}]` of what runs out within a month or has, of this person and, for an administrator, of
 * the unit; `stands_in[{person, role, from, until}]` of today. */
int unit_rows_notices(const struct review *v, const struct roster_person *p,
		      json_t *result) SL_MUST_USE;

#endif
