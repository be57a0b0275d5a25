/* present_role.h - roles and decisions in the person's language; the signed words themselves
 * stay as they are. */
#ifndef SL_POLICY_PRESENT_ROLE_H
#define SL_POLICY_PRESENT_ROLE_H

/* "unit-leader" -> "unit leader"; a role that is not known as it is, printable. */
const char *present_role_name(const char *role);
/* For a list of roles: the name where the role itself is no word of the language, else the
 * role, which is also what --role takes. */
const char *present_role(const char *role);
/* "approve", "return", "refuse" in the person's language. */
const char *present_decision(const char *decision);

#endif
