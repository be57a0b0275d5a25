/* sluiced_report.c - lines of check and doctor, for people and for scripts. */
#include "sluiced.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { NAME_COLUMN = 18, JSON_MAX = 1 << 20 };

void sluiced_report_init(struct sluiced_report *r)
{
	r->items = json_array();
	r->all_ok = true;
	r->broken = r->items == NULL;
}

void sluiced_report_release(struct sluiced_report *r)
{
	json_decref(r->items);
	r->items = NULL;
}

void sluiced_report_add(struct sluiced_report *r, const char *name, bool ok, const char *next,
			const char *fmt, ...)
{
	char raw[1024], detail[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	(void)text_safe(raw, strlen(raw), detail, sizeof(detail));
	if (!ok)
		r->all_ok = false;
	if (r->broken ||
	    json_array_append_new(r->items,
				  json_pack("{ss sb ss ss*}", "name", name, "ok", ok, "detail",
					    detail, "next", ok ? NULL : next)) != 0)
		r->broken = true;
}

void sluiced_report_print(const struct sluiced_report *r, const struct cli *c)
{
	size_t i;
	json_t *item;

	json_array_foreach(r->items, i, item)
	{
		bool ok = json_is_true(json_object_get(item, "ok"));
		const char *next = json_str(item, "next");

		printf("%s%-7s%s %-*s %s\n", cli_paint(c, ok ? CLI_GREEN : CLI_RED),
		       ok ? _("ok") : _("WRONG"), cli_paint(c, CLI_RESET), NAME_COLUMN,
		       json_str(item, "name"), json_str(item, "detail"));
		if (next != NULL)
			printf("        %s-> %s%s\n", cli_paint(c, CLI_YELLOW), next,
			       cli_paint(c, CLI_RESET));
	}
}

void sluiced_report_complain(const struct sluiced_report *r)
{
	size_t i;
	json_t *item;

	json_array_foreach(r->items, i, item)
	{
		const char *next = json_str(item, "next");

		if (json_is_true(json_object_get(item, "ok")))
			continue;
		(void)fprintf(stderr, "sluiced: %s: %s\n", json_str(item, "name"),
			      json_str(item, "detail"));
		if (next != NULL)
			(void)fprintf(stderr, "  -> %s\n", next);
	}
}

int sluiced_report_json(json_t *j)
{
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, JSON_MAX);
	if (j != NULL)
		r = json_compact(j, &b);
	if (r == SL_OK)
		printf("%s\n", buf_str(&b));
	buf_release(&b);
	json_decref(j);
	return r;
}
