/* queue_notices.c - an empty queue must not look as if nothing were to be done: appeals to
 * decide, what was published at once and is still to be reviewed, new hits in what is public,
 * holidays that are not known. */
#include "tui/queue_notices.h"

#include <stdio.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "tui/screen.h"

enum { EACH_MAX = 3, LINE = 400 };

static const char *const lists[] = {"appeals", "to_review", "alerts"};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

json_t *queue_notices_take(const json_t *result)
{
	json_t *out = json_object();
	int64_t year = 0;

	for (int i = 0; i < LISTS; i++) {
		if (json_array_size(json_arr(result, lists[i])) > 0)
			(void)json_object_set_new(out, lists[i],
						  json_deep_copy(json_arr(result, lists[i])));
	}
	if (json_i64(result, "missing_calendar", &year) && year > 0)
		(void)json_object_set_new(out, "missing_calendar",
					  json_integer((json_int_t)year));
	if (json_object_size(out) > 0)
		return out;
	json_decref(out);
	return NULL;
}

int queue_notices_rows(const json_t *notices)
{
	int rows = json_object_get(notices, "missing_calendar") != NULL;

	for (int i = 0; i < LISTS; i++) {
		size_t n = json_array_size(json_arr(notices, lists[i]));

		rows += (int)(n < EACH_MAX ? n : EACH_MAX);
	}
	return rows;
}

static void say(int list, const json_t *row, char *out, size_t cap)
{
	const char *draft = present_text(json_str(row, "draft"));
	const char *release = present_text(json_str(row, "release"));

	/* Short, and what to type before what may be long: a narrow window cuts the end off. */
	if (list == 0)
		(void)snprintf(out, cap, _("! %s: its author appeals to you. :open %s, then D"),
			       draft, draft);
	else if (list == 1)
		(void)snprintf(out, cap,
			       _("! %s went out at once; review it in full: :open %s"), draft,
			       draft);
	else
		(void)snprintf(out, cap, _("! new hits in %s (sluice-review hits %s): %s"),
			       release, release, present_text(json_str(row, "rules")));
}

int queue_notices_draw(const json_t *notices, int row, int cols)
{
	char line[LINE];
	int64_t year = 0;
	int used = 0;

	for (int i = 0; i < LISTS; i++) {
		const json_t *list = json_arr(notices, lists[i]);
		unsigned n = (unsigned)json_array_size(list);

		for (unsigned k = 0; k < n && k < EACH_MAX; k++) {
			if (k + 1 == EACH_MAX && n > EACH_MAX)
				(void)snprintf(line, sizeof(line),
					       _("! and %u more: sluice-review list"), n - k);
			else
				say(i, json_array_get(list, k), line, sizeof(line));
			(void)screen_puts(row + used++, 0, cols, LOOK_S1, line);
		}
	}
	if (json_i64(notices, "missing_calendar", &year)) {
		(void)snprintf(
			line, sizeof(line),
			_("Holidays of %lld are not known yet: its dates are provisional."),
			(long long)year);
		(void)screen_puts(row + used++, 0, cols, LOOK_S3, line);
	}
	return used;
}
