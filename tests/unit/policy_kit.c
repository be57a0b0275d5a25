/* policy_kit.c - the shared frame of the policy tests. */
#include "policy_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"

static struct policy *policy;

const struct policy *kit_policy(void)
{
	struct sl_why why = {{0}};

	if (policy == NULL) {
		assert_int_equal(crypto_start(), SL_OK);
		if (policy_load(SL_SOURCE_DIR "/policies", &policy, &why) != SL_OK)
			fail_msg("%s", why.text);
	}
	return policy;
}

void kit_end(void)
{
	policy_free(policy);
	policy = NULL;
}

void kit_segments(const struct segment *s, unsigned n, const struct scan_context *ctx,
		  struct kit_scan *ret_s)
{
	struct finding *f = NULL;

	memset(ret_s, 0, sizeof(*ret_s));
	assert_int_equal(policy_scan(kit_policy(), ctx, s, n, &f, &ret_s->n, &ret_s->overflow),
			 SL_OK);
	if (ret_s->n > KIT_FINDINGS)
		ret_s->n = KIT_FINDINGS;
	if (ret_s->n > 0)
		memcpy(ret_s->f, f, ret_s->n * sizeof(*f));
	free(f);
}

void kit_text(const char *text, struct kit_scan *ret_s)
{
	const struct scan_context ctx = {.offline = true, .today = 20000};
	const struct segment s = {.where = WHERE_BODY,
				  .line = 1,
				  .column = 1,
				  .text = text,
				  .len = (uint32_t)strlen(text)};

	kit_segments(&s, 1, &ctx, ret_s);
}

const struct finding *kit_find(const struct kit_scan *s, const char *rule)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (strcmp(s->f[i].rule, rule) == 0)
			return &s->f[i];
	}
	return NULL;
}

void kit_print(const char *label, const struct kit_scan *s)
{
	printf("%s: %u findings\n", label, s->n);
	for (unsigned i = 0; i < s->n; i++)
		printf("  %s %s %u:%u +%u/%u [%s] %s\n", s->f[i].rule,
		       severity_name((enum severity)s->f[i].severity), s->f[i].line,
		       s->f[i].column, s->f[i].offset, s->f[i].length, s->f[i].excerpt,
		       s->f[i].evidence);
}
