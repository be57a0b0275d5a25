/* when.c - spans in the largest unit that fits. */
#include "tui/when.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

void when_span(int64_t seconds, char *out, size_t cap)
{
	const char *sign = seconds < 0 ? "-" : "";
	long long s = seconds < 0 ? -seconds : seconds;

	if (s < 60)
		(void)snprintf(out, cap, "%s", _("now"));
	else if (s < 3600)
		(void)snprintf(out, cap, _("%s%lldm"), sign, s / 60);
	else if (s < 2 * 86400)
		(void)snprintf(out, cap, _("%s%lldh"), sign, s / 3600);
	else if (s < 100 * 86400)
		(void)snprintf(out, cap, _("%s%lldd"), sign, s / 86400);
	else
		(void)snprintf(out, cap, _("%s%lldw"), sign, s / 604800 % 10000);
}

enum when_level when_level(int64_t created, int64_t due, int64_t now)
{
	int64_t whole = due - created, used = now - created;

	if (due == 0)
		return WHEN_CALM;
	if (now >= due)
		return WHEN_OVER;
	if (created == 0 || whole <= 0)
		return WHEN_CALM;
	if (used * 5 >= whole * 4)
		return WHEN_LATE;
	return used * 2 >= whole ? WHEN_HALF : WHEN_CALM;
}

const char *when_mark(enum when_level level)
{
	static const char *const marks[] = {"", "!", "!!", "!!!"};

	return marks[level];
}

int64_t when_read(const json_t *j, const char *name)
{
	int64_t t = 0;

	return json_time(j, name, &t) ? t : 0;
}
