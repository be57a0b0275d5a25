/* role.c - what the signed words mean to a person; the words themselves stay as they are. */
#include "tui/role.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"

static const struct role_code roles[] = {
	{"author", N_("author")},
	{"liaison", N_("unit liaison")},
	{"unit-leader", N_("unit leader")},
	{"unit-admin", N_("unit administrator")},
	{"column-owner", N_("owner of the column")},
	{"secrecy", N_("secrecy officer")},
	{"legal", N_("legal reviewer")},
	{"desk", N_("disclosure desk")},
	{"deputy", N_("deputy director")},
	{"director", N_("director")},
	{"duty-leader", N_("duty leader")},
	{"duty-publisher", N_("duty publisher")},
	{NULL, NULL},
};

static const struct role_code decisions[] = {
	{"approve", N_("approve")},
	{"return", N_("return")},
	{"refuse", N_("refuse")},
	{NULL, NULL},
};

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

static const char *word_of(const struct role_code *r, const char *code)
{
	for (; r->code != NULL; r++) {
		if (strcmp(r->code, code) == 0)
			return _(r->word);
	}
	return code;
}

const char *role_name(const char *role)
{
	return word_of(roles, role);
}

const char *role_decision(const char *decision)
{
	return word_of(decisions, decision);
}

const char *role_word(const char *role)
{
	static char ring[4][120];
	static unsigned next;
	char *out = ring[next++ % 4];

	for (const struct role_code *r = roles; r->code != NULL; r++) {
		if (strcmp(r->code, role) != 0)
			continue;
		(void)snprintf(out, sizeof(ring[0]), "%s (%s)", _(r->word), role);
		return out;
	}
	return present_text(role);
}

const struct role_code *role_codes(bool refusal)
{
	return refusal ? refusals : returns;
}
