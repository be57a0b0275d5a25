/* policy_kit.h - scan a line of text with the rules of the project itself. */
#ifndef SL_TESTS_POLICY_KIT_H
#define SL_TESTS_POLICY_KIT_H

#include "policy/policy.h"

enum { KIT_FINDINGS = 64 };

struct kit_scan {
	struct finding f[KIT_FINDINGS];
	unsigned n;
	bool overflow;
};

/* Loaded once for a test program; kit_end frees it. */
const struct policy *kit_policy(void);
void kit_end(void);
/* One body segment, offline, no context. */
void kit_text(const char *text, struct kit_scan *ret_s);
void kit_segments(const struct segment *s, unsigned n, const struct scan_context *ctx,
		  struct kit_scan *ret_s);
/* First finding of the rule; NULL: none. */
const struct finding *kit_find(const struct kit_scan *s, const char *rule);
/* Print what was found, for a failing test. */
void kit_print(const char *label, const struct kit_scan *s);

#endif
