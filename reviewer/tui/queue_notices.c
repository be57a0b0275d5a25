/* queue_notices.c - an empty queue must not look as if nothing were to be done: appeals to
 * decide, what was published at once and is still to be reviewed, steps that are late, new hits
 * in what is public, what runs out in the unit, holidays that are not known. */
#include "tui/queue_notices.h"

#include <stdio.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_route.h"
#include "tui/screen.h"
#include "unit_print.h"

enum { EACH_MAX = 3, UNIT_MAX = 2, LINE = UNIT_PRINT_LINE + 8 };

static const char *const lists[] = {"appeals", "to_review", "escalated", "alerts"};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };
static const char *const of_unit[] = {"lapses", "stands_in"}; /* unit_print.h */
enum { OF_UNIT = sizeof(of_unit) / sizeof(of_unit[0]) };

static void take(json_t *out, const json_t *result, const char *const *names, int n)
{
	for (int i = 0; i < n; i++) {
		const json_t *list = json_arr(result, names[i]);

		if (json_array_size(list) > 0)
			(void)json_object_set_new(out, names[i], json_deep_copy(list));
	}
}

json_t *queue_notices_take(const json_t *result)
{
	json_t *out = json_object();
	int64_t year = 0;

	take(out, result, lists, LISTS);
	take(out, result, of_unit, OF_UNIT);
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
	unsigned unit = unit_print_notices(notices);
	int rows = (json_object_get(notices, "missing_calendar") != NULL) +
		   (int)(unit < UNIT_MAX ? unit : UNIT_MAX);

	for (int i = 0; i < LISTS; i++) {
		size_t n = json_array_size(json_arr(notices, lists[i]));

		rows += (int)(n < EACH_MAX ? n : EACH_MAX);
	}
	return rows;
}

static void say_late(const json_t *row, char *out, size_t cap)
{
	char late[PRESENT_ESCALATED];

	present_escalated(row, late);
	(void)snprintf(out, cap, "↑ %s %s", present_text(json_str(row, "draft")), late);
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
	else if (list == 2)
		say_late(row, out, cap);
	else
		(void)snprintf(out, cap, _("! new hits in %s (sluice-review hits %s): %s"),
			       release, release, present_text(json_str(row, "rules")));
}

static int draw_unit(const json_t *notices, const char *me, int row, int cols)
{
	unsigned n = unit_print_notices(notices);
	char text[UNIT_PRINT_LINE], line[LINE];
	int used = 0;

	for (unsigned i = 0; i < n && i < UNIT_MAX; i++) {
		bool bad = false;

		if (i + 1 == UNIT_MAX && n > UNIT_MAX) {
			(void)snprintf(line, sizeof(line), _("! and %u more: W shows the unit"),
				       n - i);
		} else {
			unit_print_notice(notices, me, i, text, &bad);
			(void)snprintf(line, sizeof(line), "! %s", text);
		}
		(void)screen_puts(row + used++, 0, cols, bad ? LOOK_S1 : LOOK_S3, line);
	}
	return used;
}

int queue_notices_draw(const json_t *notices, const char *me, int row, int cols)
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
	used += draw_unit(notices, me, row + used, cols);
	if (json_i64(notices, "missing_calendar", &year)) {
		(void)snprintf(
			line, sizeof(line),
			_("Holidays of %lld are not known yet: its dates are provisional."),
			(long long)year);
		(void)screen_puts(row + used++, 0, cols, LOOK_S3, line);
	}
	return used;
}
