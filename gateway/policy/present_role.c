/* present_role.c - roles and decisions in the person's language. */
#include "policy/present_role.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"

struct name {
	const char *word, *text;
};

static const struct name roles[] = {
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
	{"operator", N_("platform operator")},
	{"auditor", N_("auditor")},
	{"inspector", N_("inspector")},
	{"system-admin", N_("system administrator")},
	{NULL, NULL},
};

static const struct name decisions[] = {
	{"approve", N_("approve")},
	{"return", N_("return")},
	{"refuse", N_("refuse")},
	{NULL, NULL},
};

static const char *text_of(const struct name *list, const char *word)
{
	for (; word != NULL && list->word != NULL; list++) {
		if (strcmp(list->word, word) == 0)
			return _(list->text);
	}
	return present_text(word);
}

const char *present_role_name(const char *role)
{
	return text_of(roles, role);
}

const char *present_role(const char *role)
{
	return i18n_is_zh() ? present_role_name(role) : present_text(role);
}

const char *present_decision(const char *decision)
{
	return text_of(decisions, decision);
}
