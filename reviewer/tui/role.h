/* role.h - roles and reason codes in the person's language. */
#ifndef SL_REVIEWER_TUI_ROLE_H
#define SL_REVIEWER_TUI_ROLE_H

#include <stdbool.h>

/* "unit-leader" -> "unit leader (unit-leader)"; a role that is not known as it is.  One
 * buffer of a few that rotate. */
const char *role_word(const char *role);

/* Codes for a refusal (those of the annual report, so that counts add up) or a return. */
struct role_code {
	const char *code;
	const char *word; /* N_() */
};
const struct role_code *role_codes(bool refusal); /* ends with code NULL */

#endif
