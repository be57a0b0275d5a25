/* role.h - roles in the person's language. */
#ifndef SL_REVIEWER_TUI_ROLE_H
#define SL_REVIEWER_TUI_ROLE_H

/* "unit-leader" -> "unit leader (unit-leader)"; a role that is not known as it is.  One
 * buffer of a few that rotate. */
const char *role_word(const char *role);

#endif
