/* form_record.h - from the gateway's answer to a record that this machine has checked.
 *
 * The gateway is not trusted for what people signed: digests are computed again here, every
 * envelope is verified with the roster, and what a person said is taken out of the envelope,
 * not out of the gateway's words beside it.  What remains the gateway's word (states, times
 * of moves, orders) is in `history` and `state` only.
 *
 * The record is JSON, schema "sluice-form/1" (docs/review-form.md): the whole input of the
 * form, and what `sluice-review form --json` prints. */
#ifndef SL_FORM_FORM_RECORD_H
#define SL_FORM_FORM_RECORD_H

#include "base/json.h"
#include "trust/roster.h"
#include "trust/statement.h"

#define FORM_SCHEMA "sluice-form/1"

/* `answer` is the result of review.form, roster the approval policy in force.  A vote, a
 * submission or an inspection that does not verify is no error: its row says so in "check"
 * ("valid", or one of the codes of form_signed.h).  SL_E_FORMAT when the answer cannot be
 * understood, SL_E_SIGNATURE when manifest or report are not the signed ones of one draft.
 * Caller owns *ret_record. */
int form_record(const json_t *answer, const struct roster *roster, json_t **ret_record,
		struct sl_why *why) SL_MUST_USE;

/* The parts of it, for form_record alone: */
/* Counts, rules and pages of a report: what of it stands on the form. */
json_t *form_record_report(const json_t *report, const char *sha256);
/* Pages of the file with this index, 0 when the report does not say. */
int64_t form_record_pages(const json_t *report, size_t index);
/* history[], released and as_of out of entries[] of the answer. */
int form_record_history(const json_t *answer, json_t *record) SL_MUST_USE;

#endif
