/* settings.c - a reason as a comment, the command below it: the whole can be pasted. */
#include "link/settings.h"

#include <stdarg.h>
#include <stdio.h>

void settings_init(struct settings *s)
{
	s->items = json_array();
}

void settings_release(struct settings *s)
{
	json_decref(s->items);
	s->items = NULL;
}

void settings_add(struct settings *s, const char *reason, const char *fmt, ...)
{
	char command[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	(void)json_array_append_new(
		s->items, json_pack("{s:s,s:s}", "command", command, "reason", reason));
}

void settings_print(const struct settings *s, const struct cli *c)
{
	json_t *item;
	size_t i;

	if (json_array_size(s->items) == 0)
		return;
	(void)printf("\n%s%s%s\n", cli_paint(c, CLI_BOLD),
		     _("To apply; nothing has been changed:"), cli_paint(c, CLI_RESET));
	json_array_foreach(s->items, i, item)
	{
		(void)printf("  %s# %s%s\n  %s\n", cli_paint(c, CLI_DIM),
			     json_str(item, "reason"), cli_paint(c, CLI_RESET),
			     json_str(item, "command"));
	}
}
