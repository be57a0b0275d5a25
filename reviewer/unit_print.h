/* unit_print.h - a unit's people, who is away and what runs out, in words for people. */
#ifndef SL_REVIEWER_UNIT_PRINT_H
#define SL_REVIEWER_UNIT_PRINT_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

enum { UNIT_PRINT_LINE = 400 };

/* The answer to unit.list; one delegation of it.  c: colours. */
void unit_print(FILE *out, const struct cli *c, const json_t *unit);
void unit_print_delegation(FILE *out, const struct cli *c, const json_t *d);
/* Lines for whoever logs in, from the answer to review.list: how many there are, and the i-th
 * of them; *ret_bad: something has lapsed.  me: pid of the person who reads. */
unsigned unit_print_notices(const json_t *list);
void unit_print_notice(const json_t *list, const char *me, unsigned i,
		       char out[UNIT_PRINT_LINE], bool *ret_bad);

#endif
