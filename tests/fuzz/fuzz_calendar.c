/* Files of a year: what loads has every day once, in its year or the December before, and
 * counting over it ends. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "policy/calendar.h"
#include "policy/workdays.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct calendar *c)
{
	for (unsigned i = 0; i < c->days_count; i++) {
		BUG(c->days[i].day < clock_days((int)c->year - 1, 12, 1) ||
		    c->days[i].day > clock_days((int)c->year, 12, 31));
		BUG(!c->days[i].is_off && !workdays_is_weekend(c->days[i].day));
		for (unsigned k = 0; k < i; k++)
			BUG(c->days[i].day == c->days[k].day);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/sl-fuzz-calendar-XXXXXX", path[64], folder[48];
	struct calendar *c = NULL;
	struct sl_why why = {.text = ""};
	struct workdays w;
	int64_t day = clock_days(2026, 1, 1);

	if (mkdtemp(dir) == NULL)
		return 0;
	(void)snprintf(folder, sizeof(folder), "%s/" CALENDAR_FOLDER, dir);
	(void)snprintf(path, sizeof(path), "%s/2026.json", folder);
	if (file_mkdirs(folder, 0700) == SL_OK &&
	    file_write_durable(AT_FDCWD, path, data, size, 0600) == SL_OK) {
		if (calendar_load(path, &c, &why) == SL_OK)
			look(c);
		else
			BUG(why.text[0] == '\0');
		BUG((workdays_load(dir, &w, &why) == SL_OK) != (c != NULL));
		BUG(workdays_after(&w, day, 20) <= day);
		workdays_release(&w);
		calendar_free(c);
	}
	BUG(file_remove_tree(AT_FDCWD, dir) != SL_OK);
	return 0;
}
