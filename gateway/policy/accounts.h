/* accounts.h - the bureau's units and accounts (POLICIES/units.yaml, POLICIES/accounts.yaml).
 *
 * The signed roster is the most that anybody may do; this file only narrows it: which of a
 * person's roles is held today, by whom as substitute, and whether training and the yearly
 * confirmation are still good.  The gateway enforces it; platforms know nothing of it. */
#ifndef SL_POLICY_ACCOUNTS_H
#define SL_POLICY_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "trust/roster.h"

enum {
	ACCOUNTS_YEAR = 365, /* days for which training and confirmation hold */
	ACCOUNTS_WARN = 30   /* days before their end from which people are told */
};

struct unit {
	char *id, *name, *kind, *parent; /* parent NULL: the bureau itself */
};
struct units { /* immutable, like all below */
	struct unit *units;
	unsigned units_count;
};
struct substitute { /* this account stands in for another, in one role, for some days */
	char *instead_of, *role, *from, *until; /* until: the last day */
};
struct account {
	char *pid, *name, *unit;
	struct {
		char **item;
		unsigned n;
	} roles;
	char *trained_on, *confirmed_on; /* YYYY-MM-DD */
	struct substitute *substitutes;
	unsigned substitutes_count;
};
struct accounts {
	struct account *accounts;
	unsigned accounts_count;
};

/* SL_E_NOTFOUND: there is no such file.  SL_E_CONFIG names file, line and what is wrong.
 * accounts_load checks what does not depend on the day: nobody twice, roles and units that
 * exist, each unit with leader, liaison, administrator and a substitute for leader or liaison,
 * no system administrator who reviews, no auditor who administers, no author who stands in,
 * no two windows of one office that overlap. */
int units_load(const char *policies_dir, struct units **ret_u, struct sl_why *why) SL_MUST_USE;
void units_free(struct units *u);
const struct unit *units_find(const struct units *u, const char *id); /* NULL */
int accounts_load(const char *policies_dir, const struct units *u, struct accounts **ret_a,
		  struct sl_why *why) SL_MUST_USE;
void accounts_free(struct accounts *a);
const struct account *accounts_find(const struct accounts *a, const char *pid); /* NULL */

/* Civil day of a moment where the accounts are kept (+08:00, the same all year). */
int64_t accounts_day(int64_t now);
/* Days until training or confirmation runs out, 0 on the last one, negative afterwards;
 * *ret_what (may be NULL): "trained_on" or "confirmed_on", whichever is first. */
int64_t accounts_left(const struct account *k, int64_t today, const char **ret_what);
/* May this person decide in this role today?  *ret_instead_of: NULL, or whom the person stands
 * in for.  SL_E_DENIED with a sentence that says what to do. a NULL: everybody may. */
int accounts_may(const struct accounts *a, const char *pid, const char *role, int64_t now,
		 const char **ret_instead_of, struct sl_why *why) SL_MUST_USE;
/* Does the roster give everybody the roles that are claimed here?  SL_E_DENIED names the first
 * who lacks one. */
int accounts_within(const struct accounts *a, const struct roster *r,
		    struct sl_why *why) SL_MUST_USE;

/* Is everybody of the same unit here and in the approval policy?  Whom that does not have is
 * not compared.  SL_E_CONFIG: "PATH:LINE: ..." of the first who is not, and what to do. */
int accounts_same_unit(const struct accounts *a, const char *path, const struct roster *r,
		       struct sl_why *why) SL_MUST_USE;

/* accounts_check.c: what accounts_load demands. */
int accounts_check(const struct accounts *a, const struct units *u, const char *path,
		   struct sl_why *why) SL_MUST_USE;
bool account_has(const struct account *k, const char *role);

#endif
