/* ceremony_due.c - "ceremony due": what must be renewed, and by when. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "keys/ceremony_command.h"
#include "trust/due.h"

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
		due_directory(l, dir, &found);
		if (found == 0)
			r = why_set(why, SL_E_NOTFOUND, _("%s holds no metadata"), dir);
		if (r == SL_OK)
			r = file_join(path, sizeof(path), dir, "approval-policy.json");
		if (r == SL_OK)
			r = due_file(l, path, why);
	}
	for (int i = 0; r == SL_OK && (file = cli_value_at(c, "root", i)) != NULL; i++)
		r = due_file(l, file, why);
	return r;
}

static void print_json(const struct due_list *l, int64_t now, enum due_state worst)
{
	json_t *items = json_array();

	for (unsigned i = 0; i < l->n; i++) {
		enum due_state s = due_judge(l->item[i].expires, now);
		char when[CLOCK_TEXT + 1];

		if (s == DUE_FINE)
			continue;
		clock_format(l->item[i].expires, when);
		(void)json_array_append_new(items, json_pack("{s:s,s:s,s:s}", "expires", when,
							     "state", due_state_name(s), "what",
							     l->item[i].what));
	}
	(void)json_print_take(
		json_pack("{s:o,s:s}", "due", items, "worst", due_state_name(worst)));
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
		print_json(&list, now, worst);
		return worst == DUE_OVER ? CLI_REFUSED : CLI_DONE;
	}
	for (unsigned i = 0; i < list.n; i++) {
		enum due_state s = due_judge(list.item[i].expires, now);

		if (s == DUE_FINE)
			continue;
		due_say(&list.item[i], now, text);
		printf("%s%s%s\n", cli_paint(c, s == DUE_OVER ? CLI_RED : CLI_YELLOW), text,
		       cli_paint(c, CLI_RESET));
	}
	if (worst == DUE_FINE && list.n > 0) {
		due_say(&list.item[0], now, text);
		printf(_("Nothing expires within %d days; the first: %s.\n"), DUE_DAYS, text);
	}
	return worst == DUE_OVER ? CLI_REFUSED : CLI_DONE;
}
