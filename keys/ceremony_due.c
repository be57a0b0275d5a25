/* ceremony_due.c - "ceremony due": what must be renewed, and by when. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "keys/ceremony_command.h"
#include "trust/due_files.h"

enum { PATH_CAP = 4096 };

static int collect(const struct cli *c, struct due_list *l, struct sl_why *why)
{
	const char *dir = cli_value(c, "repository"), *file;
	char path[PATH_CAP];
	unsigned found = 0;
	int r = SL_OK;

	if (dir == NULL && cli_value(c, "root") == NULL)
		return why_set(why, SL_E_USAGE, _("give --repository DIR or --root FILE"));
	if (dir != NULL) {
		due_files_directory(l, dir, &found);
		if (found == 0)
			r = why_set(why, SL_E_NOTFOUND, _("%s holds no metadata"), dir);
		if (r == SL_OK)
			r = file_join(path, sizeof(path), dir, "approval-policy.json");
		if (r == SL_OK)
			r = due_files_one(l, path, why);
	}
	for (int i = 0; r == SL_OK && (file = cli_value_at(c, "root", i)) != NULL; i++)
		r = due_files_one(l, file, why);
	return r;
}

int ceremony_due_run(const struct cli *c)
{
	struct due_list list = {.n = 0};
	struct sl_why why = {.text = ""};
	enum due_state worst = DUE_FINE;
	int64_t now = clock_now();
	char text[DUE_TEXT_MAX];
	int r = collect(c, &list, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("it is not clear what is due"), NULL);
	(void)due_count(&list, now, &worst);
	if (c->json) {
		(void)json_print_take(json_pack("{s:o,s:s}", "due", due_json(&list, now),
						"worst", due_state_name(worst)));
		return worst == DUE_OVER ? CLI_REFUSED : CLI_DONE;
	}
	due_print(&list, now, c, stdout);
	if (worst == DUE_FINE && list.n > 0) {
		due_say(&list.item[0], now, text);
		printf(_("Nothing expires within %d days; the first: %s.\n"), DUE_DAYS, text);
	}
	return worst == DUE_OVER ? CLI_REFUSED : CLI_DONE;
}
