/* doctor.h - the sandbox part of `sluiced doctor` and `sluice-outlet doctor`.
 *
 * Writes to standard output; for programs only. */
#ifndef SL_SANDBOX_DOCTOR_H
#define SL_SANDBOX_DOCTOR_H

#include "base/cli.h"
#include "base/json.h"
#include "sandbox/sandbox.h"

enum { DOCTOR_ROLES_MAX = 32 };

struct doctor {
	unsigned n;
	struct {
		const struct sandbox_profile *profile;
		struct sandbox_probe_result result;
	} role[DOCTOR_ROLES_MAX];
	bool as_promised; /* every role */
};

/* Probe the named roles (list ends with NULL; names without a profile are BUG).
 * SL_E_IO when probing itself is impossible. */
int doctor_examine(const char *const *roles, unsigned optional,
		   struct doctor *ret_d) SL_MUST_USE;
/* Two tables: each layer per role, each attempt per role. */
void doctor_print(const struct doctor *d, const struct cli *c);
/* [{"role","as_promised","error"?,"layers":{"landlock":"active"|"missing"|"left-out",…},
 *   "attempts":{"read":{"permitted","happened"},…}}, …]; NULL without memory. */
json_t *doctor_json(const struct doctor *d);

#endif
