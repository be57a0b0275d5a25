/* layout.c - names of sets, there and back.
 *
 * Hostile: role names, when they come out of metadata under verification. */
#include "trust/layout.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { YEAR_AT = 2, NUMBER_AT = 7, SERIALS = 1000 };

static bool digits(const char *s, size_t n)
{
	return strspn(s, "0123456789") >= n;
}

void layout_release_role(const char *id, char out[LAYOUT_ROLE_MAX])
{
	BUG(strlen(id) != NUMBER_AT + 6);
	(void)snprintf(out, LAYOUT_ROLE_MAX, "rel-%.4s-%.4s", id + YEAR_AT, id + NUMBER_AT);
}

void layout_notice_role(int64_t serial, char out[LAYOUT_ROLE_MAX])
{
	(void)snprintf(out, LAYOUT_ROLE_MAX, "notice-%06lld", (long long)(serial / SERIALS));
}

static bool is_year(const char *role)
{
	return strlen(role) == 8 && strncmp(role, "rel-", 4) == 0 && digits(role + 4, 4);
}

bool layout_pattern(const char *role, char out[LAYOUT_PATTERN_MAX])
{
	size_t len = strlen(role);

	if (is_year(role)) {
		(void)snprintf(out, LAYOUT_PATTERN_MAX, "rel/R-%s-*/*/*", role + 4);
		return true;
	}

	if (len == 13 && strncmp(role, "rel-", 4) == 0 && digits(role + 4, 4) &&
	    role[8] == '-' && digits(role + 9, 4)) {
		/* Two strings, as the characters together are a trigraph. */
		(void)snprintf(out, LAYOUT_PATTERN_MAX,
			       "rel/R-%s?"
			       "?/*/*",
			       role + 4);
		return true;
	}
	if (len >= 13 && len < LAYOUT_ROLE_MAX && strncmp(role, "notice-", 7) == 0 &&
	    digits(role + 7, len - 7) && (len == 13 || role[7] != '0')) {
		const char *set = role + 7;

		/* A serial has six digits at least, so its set has three. */
		while (strlen(set) > 3 && *set == '0')
			set++;
		(void)snprintf(out, LAYOUT_PATTERN_MAX, "notice/N-%s???.json", set);
		return true;
	}
	return false;
}

const char *layout_keeper(const char *role)
{
	return strncmp(role, "rel", 3) == 0 ? "rel" : "feed";
}

void layout_parent(const char *role, char out[LAYOUT_ROLE_MAX])
{
	/* "rel-2026-0001" -> "rel-2026" */
	if (strncmp(role, "rel-", 4) == 0 && strlen(role) > 8)
		(void)snprintf(out, LAYOUT_ROLE_MAX, "%.8s", role);
	else
		(void)snprintf(out, LAYOUT_ROLE_MAX, "%s", layout_keeper(role));
}

bool layout_delegates(const char *role)
{
	return strcmp(layout_keeper(role), role) == 0 || is_year(role);
}
