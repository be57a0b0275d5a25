/* role.c - what the signed words mean to a person; the words themselves stay as they are. */
#include "tui/role.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"

struct word {
	const char *code;
	const char *word; /* N_() */
};

static const struct word roles[] = {
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

static const struct word decisions[] = {
	{"approve", N_("approve")},
	{"return", N_("return")},
	{"refuse", N_("refuse")},
	{NULL, NULL},
};

static const char *word_of(const struct word *r, const char *code)
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

	for (const struct word *r = roles; r->code != NULL; r++) {
		if (strcmp(r->code, role) != 0)
			continue;
		(void)snprintf(out, sizeof(ring[0]), "%s (%s)", _(r->word), role);
		return out;
	}
	return present_text(role);
}
