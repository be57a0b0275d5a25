/* digest.h - a draft in a few words for lists: what is missing, how many findings.
 *
 * Both need stored objects and signatures, so they are remembered: a queue of a
 * thousand drafts must open at once. */
#ifndef SL_REVIEW_DIGEST_H
#define SL_REVIEW_DIGEST_H

#include "base/json.h"
#include "review/review.h"
#include "trust/statement.h"

int digest_cache_new(struct digest_cache **ret_c) SL_MUST_USE;
void digest_cache_free(struct digest_cache *c);
/* Nothing that is remembered holds any more. */
void digest_cache_forget(struct digest_cache *c);

/* Status fields of docs/protocol.md; of a SPILL only number, state and time (and
 * for a secrecy officer rule and hash).  NULL without memory. */
json_t *digest_status(const struct review *v, const struct draft *d, bool secrecy);
/* Is it public and its full review still to be done? */
bool digest_to_review(const struct review *v, const struct draft *d);
/* In place of the one clock of a list: all that run, and holders[] (digest_clocks.h); and
 * steps[] and modifiers[] of its route.  Nothing is added to a spill for whoever may not see
 * it. */
int digest_details(const struct review *v, const struct draft *d, bool secrecy,
		   json_t *status) SL_MUST_USE;
/* Add findings, worst, unit, author, changed. */
int digest_for_reviewers(const struct review *v, const struct draft *d,
			 json_t *status) SL_MUST_USE;
/* The merged report as JSON, NULL when there is none. */
int digest_report(const struct review *v, const struct draft *d, json_t **ret_j) SL_MUST_USE;
/* Was this approval given under the approval policy in force, about the present inspection
 * report of the draft?  *ret_version (may be NULL) is the version that it names, 0 for a
 * statement that is no approval. */
bool digest_in_force(const struct review *v, const struct draft *d, const struct statement *s,
		     int64_t *ret_version);
/* votes[] of a revision; each says which policy version it was given under, and whether
 * that one and the report it was given about are in force. */
json_t *digest_votes(const struct review *v, const struct draft *d);
/* "2026-11-24T08:00:00Z". */
json_t *digest_time(int64_t t);

#endif
