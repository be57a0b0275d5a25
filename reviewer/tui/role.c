/* role.c - what the signed words mean to a person; the words themselves stay as they are. */
#include "tui/role.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present_role.h"

static const struct role_code refusals[] = {
	{"state-secret", N_("state secret")},
	{"forbidden-by-law", N_("forbidden by laws or regulations")},
	{"security", N_("national, public or economic security, social stability")},
	{"third-party", N_("lawful rights of third parties")},
	{"internal-affairs", N_("internal affairs (personnel, logistics, work flow)")},
	{"process", N_("papers of a process (minutes, drafts, letters, requests)")},
	{"enforcement-file", N_("file of administrative enforcement")},
	{"inquiry", N_("matter of administrative enquiry")},
	{NULL, NULL},
};

static const struct role_code returns[] = {
	{"personal-data", N_("personal data not masked")},
	{"wording", N_("wrong wording")},
	{"attachment", N_("problem of an attachment")},
	{"source", N_("source unclear")},
	{"column", N_("wrong column")},
	{"format", N_("format")},
	{"timeliness", N_("too late or too early")},
	{"other", N_("other")},
	{NULL, NULL},
};

const char *role_word(const char *role)
{
	static char ring[4][120];
	static unsigned next;
	char *out = ring[next++ % 4];
	const char *name = present_role_name(role);

	if (strcmp(name, role) == 0)
		(void)snprintf(out, sizeof(ring[0]), "%s", name);
	else
		(void)snprintf(out, sizeof(ring[0]), "%s (%s)", name, role);
	return out;
}

const struct role_code *role_codes(bool refusal)
{
	return refusal ? refusals : returns;
}
