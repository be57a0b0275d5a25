/* report.c - collect results, then print them as lines of text. */
#include "base/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { NAME_COLUMN = 18 };

void report_init(struct report *r)
{
	r->items = json_array();
	r->all_ok = r->items != NULL;
}

void report_release(struct report *r)
{
	json_decref(r->items);
	r->items = NULL;
}

void report_add(struct report *r, const char *name, bool ok, const char *next, const char *fmt,
		...)
{
	char raw[1024], detail[1024];
	json_t *item;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	(void)text_safe(raw, strlen(raw), detail, sizeof(detail));
	item = json_pack("{ss sb ss ss*}", "name", name, "ok", (int)ok, "detail", detail,
			 "next", ok ? NULL : next);
	if (json_array_append_new(r->items, item) != 0 || !ok)
		r->all_ok = false;
}

void report_warn(struct report *r, const char *name, const char *next, const char *fmt, ...)
{
	char raw[1024], detail[1024];
	json_t *item;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	(void)text_safe(raw, strlen(raw), detail, sizeof(detail));
	item = json_pack("{ss sb sb ss ss*}", "name", name, "ok", 1, "warning", 1, "detail",
			 detail, "next", next);
	if (json_array_append_new(r->items, item) != 0)
		r->all_ok = false;
}

void report_print(const struct report *r, const struct cli *c)
{
	size_t i;
	json_t *item;

	json_array_foreach(r->items, i, item)
	{
		bool ok = json_is_true(json_object_get(item, "ok"));
		bool soon = json_is_true(json_object_get(item, "warning"));
		const char *next = json_str(item, "next");

		printf("%s%-7s%s %-*s %s\n",
		       cli_paint(c, soon ? CLI_YELLOW
				    : ok ? CLI_GREEN
					 : CLI_RED),
		       soon ? _("SOON")
		       : ok ? _("ok")
			    : _("WRONG"),
		       cli_paint(c, CLI_RESET), NAME_COLUMN, json_str(item, "name"),
		       json_str(item, "detail"));
		if (next != NULL)
			printf("        %s-> %s%s\n", cli_paint(c, CLI_YELLOW), next,
			       cli_paint(c, CLI_RESET));
	}
}

void report_complain(const struct report *r, const char *program)
{
	size_t i;
	json_t *item;

	json_array_foreach(r->items, i, item)
	{
		const char *next = json_str(item, "next");

		if (json_is_true(json_object_get(item, "ok")))
			continue;
		(void)fprintf(stderr, "%s: %s: %s\n", program, json_str(item, "name"),
			      json_str(item, "detail"));
		if (next != NULL)
			(void)fprintf(stderr, "  -> %s\n", next);
	}
}
