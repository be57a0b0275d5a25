/* procedure.h - signed steps in the life of a draft that are no approval (procedure/v1).
 *
 *   refer    a secrecy or legal officer asks another body before anybody decides
 *   answer   that body's opinion comes back
 *   appeal   the author asks once for the next level after a refusal
 *   uphold, admit   the lead group's answer to it
 *
 * They move the draft and stay on its record; no platform ever sees one, and none counts as
 * an approval.  The subject of the statement is the draft's manifest. */
#ifndef SL_TRUST_PROCEDURE_H
#define SL_TRUST_PROCEDURE_H

#include "trust/roster.h"
#include "trust/statement.h"

enum { PROCEDURE_TEXT_MAX = 400, PROCEDURE_BODY_MAX = 90 };

struct procedure_facts {
	const char *action; /* above */
	const char *role;   /* in which the person acts; "author" for an appeal */
	const char *draft;
	int64_t revision;
	const char *text;    /* question, opinion or reason: one sentence or a few */
	const char *body;    /* refer: who is asked; NULL else */
	bool third_party;    /* refer: one whose rights the draft touches */
	const char *answers; /* SHA-256 of the envelope that this one answers; NULL: none */
	/* answer: the letter, which stays in its office's files; NULL and 0: none. */
	const char *scan_name, *scan_sha256;
	int64_t scan_length;
	int64_t time;
	char nonce[33];
};
/* Caller owns the result; NULL: no memory, or a text that is not UTF-8. */
json_t *procedure_predicate(const struct procedure_facts *f);
/* Strings are borrowed from s.  SL_E_FORMAT: also for a step that lacks what it needs. */
int procedure_read(const struct statement *s, struct procedure_facts *ret_f,
		   struct sl_why *why) SL_MUST_USE;
/* Who signed it, when that person may take this step in this role: refer and answer as
 * secrecy or legal, uphold and admit as director, each with a reviewer's key; appeal with any
 * key of an author.  NULL otherwise. */
const struct roster_person *procedure_signer(const struct statement *s, const struct roster *r,
					     int64_t now);

#endif
