/* recheck.h - what a second inspection on this machine means for an approval.
 *
 * Results are kept in CACHE/<pid>/<draft>-<revision>-recheck.json and hold for exactly the
 * manifest, report and texts they were made for.  A difference blocks every approval from
 * this machine, whatever the configuration says; `recheck: required` also blocks what was
 * not compared.
 *
 * Rules and suppressions of the report are proved anew for every approval (assure.h), also
 * with `recheck: off`.  A report by older rules than this machine knows of needs that its own
 * newer ones find nothing more; with `off` it is only said. */
#ifndef SL_REVIEWER_RECHECK_H
#define SL_REVIEWER_RECHECK_H

#include <stdio.h>

#include "base/cli.h"
#include "assure.h"
#include "case.h"
#include "reinspect.h"

enum { RECHECK_LINE = 400 };

/* Write a result of reinspect.h down. */
int recheck_remember(const struct client_config *config, const struct review_case *c,
		     const json_t *result) SL_MUST_USE;
/* The result that still holds, caller owns; NULL: there is none. */
json_t *recheck_recall(const struct client_config *config, const struct review_case *c);
bool recheck_differs(const json_t *result); /* NULL: false */
/* One sentence, "" for NULL. */
void recheck_line(const json_t *result, char out[RECHECK_LINE]);
/* Every difference and everything left out, one a line. */
void recheck_print(FILE *out, const struct cli *cli, const json_t *result);

/* Inspect and remember.  `see`: pictures, too.  Caller owns *ret_result. */
int recheck_now(struct session *s, struct review_case *c, bool see,
		void (*progress)(uint64_t done, uint64_t total), json_t **ret_result,
		struct sl_why *why) SL_MUST_USE;
/* Is everything proved that people signed of the report, and are claimed edits those that were
 * signed?  Asked anew for every approval.  SL_E_DENIED with what is not. */
int recheck_assure(struct session *s, struct review_case *c, struct assurance *ret_a,
		   struct sl_why *why) SL_MUST_USE;
/* Does the configuration want files inspected again before an approval, with what is known
 * (NULL: nothing)? Then with these options.  a: NULL while it is not asked for. */
bool recheck_wants(const struct client_config *config, const json_t *known,
		   const struct assurance *a, struct reinspect_options *ret_o);
/* May this person approve with that result? `note`: one sentence for the person, or "".
 * SL_E_DENIED with what differs, or with what a configuration that requires it lacks. */
int recheck_judge(const struct client_config *config, const json_t *result,
		  const struct assurance *a, char note[RECHECK_LINE],
		  struct sl_why *why) SL_MUST_USE;
/* All of it. May this person approve? Inspects if the configuration wants it and nothing is
 * on record. `note`: one sentence for the person, or "".  SL_E_DENIED with what differs. */
int recheck_gate(struct session *s, struct review_case *c,
		 void (*progress)(uint64_t done, uint64_t total), char note[RECHECK_LINE],
		 struct sl_why *why) SL_MUST_USE;

/* sluice-review recheck ID */
int recheck_run(const struct cli *c);

#endif
