/* codes.h - the reasons for which a draft goes back or is not published (POLICIES/codes.yaml).
 *
 * Refusals are counted by the rows of the yearly report (国办公开办函〔2021〕30号, table 三),
 * so each has one of its reasons and the law it stands on.  A code is never reused for
 * something else: decisions that name it are kept. */
#ifndef SL_POLICY_CODES_H
#define SL_POLICY_CODES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"

enum code_outcome { CODE_RETURN, CODE_REFUSE };

struct code {
	char *id; /* "personal-data": a to z, 0 to 9 and '-' */
	enum code_outcome outcome;
	char *zh, *en, *basis;
};
struct codes { /* immutable */
	struct code *codes;
	unsigned codes_count;
};

/* SL_E_NOTFOUND: there is no such file.  SL_E_CONFIG names file, line and what is wrong. */
int codes_load(const char *policies_dir, struct codes **ret_c, struct sl_why *why) SL_MUST_USE;
void codes_free(struct codes *c);			  /* NULL is fine */
const char *code_outcome_name(enum code_outcome outcome); /* "return", "refuse" */
/* May a draft be returned (refused) with this code?  SL_E_DENIED with the codes there are.
 * c NULL: the rules in force have no list, and every code may be used. */
int codes_check(const struct codes *c, enum code_outcome outcome, const char *id,
		struct sl_why *why) SL_MUST_USE;
/* [{id,outcome,zh,en,basis}] in the order of the file, empty for NULL; NULL without memory. */
json_t *codes_json(const struct codes *c);

#endif
