/* form_signed.h - the signed lines of a draft, verified on this machine.
 *
 * "check" of a row is one of:
 *   valid        the line is the one named, its signature verifies, and the person, draft,
 *                revision and words are those of the row
 *   missing      the gateway has no such line
 *   digest       the line is another one than the row's digest names
 *   format       the line is no statement of the expected kind
 *   unknown-key  the roster in force does not know the key
 *   signature    the signature does not verify
 *   window       the key was not valid at the time that the statement names
 *   person       the key is another person's
 *   role         the person does not hold the role (any more)
 *   differs      signed for another draft, revision or decision than the gateway says
 * and of a valid approval "counts" is false with "about" = "manifest" or "report" when it
 * was given for another manifest or report than the present ones, "appeal" when an appeal that
 * was admitted has voided it (as the gateway recorded). */
#ifndef SL_FORM_FORM_SIGNED_H
#define SL_FORM_FORM_SIGNED_H

#include "base/json.h"
#include "trust/roster.h"

struct form_ground { /* what the lines must be about */
	const struct roster *roster;
	const char *draft, *manifest_sha256, *report_sha256;
	int64_t revision;
};

/* Rows of the record; NULL without memory.  Caller owns. */
json_t *form_signed_vote(const struct form_ground *g, const json_t *row);
json_t *form_signed_submission(const struct form_ground *g, const char *line);
json_t *form_signed_inspection(const struct form_ground *g, const char *line);
/* A referral, its answer, an appeal or what was decided about it: only the signed words. */
json_t *form_signed_step(const struct form_ground *g, const json_t *row);

#endif
