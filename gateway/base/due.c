/* due.c - dates against the calendar. */
#include "base/due.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

enum { DAY_S = 24 * 3600 };

enum due_state due_judge(int64_t expires, int64_t now)
{
	if (expires <= now)
		return DUE_OVER;
	return expires - now <= (int64_t)DUE_DAYS * DAY_S ? DUE_SOON : DUE_FINE;
}

const char *due_state_name(enum due_state s)
{
	static const char *const names[] = {"fine", "soon", "expired"};

	return names[s];
}

void due_add(struct due_list *l, int64_t expires, const char *fmt, ...)
{
	struct due_item d = {.expires = expires};
	unsigned at = l->n;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(d.what, sizeof(d.what), fmt, ap);
	va_end(ap);
	while (at > 0 && l->item[at - 1].expires > expires)
		at--;
	if (at == DUE_ITEMS_MAX)
		return;
	if (l->n < DUE_ITEMS_MAX)
		l->n++;
	memmove(&l->item[at + 1], &l->item[at], (l->n - 1 - at) * sizeof(l->item[0]));
	l->item[at] = d;
}

void due_say(const struct due_item *d, int64_t now, char out[DUE_TEXT_MAX])
{
	long long days = (long long)((d->expires - now) / DAY_S);
	char when[CLOCK_TEXT + 1];

	clock_format(d->expires, when);
	when[10] = '\0'; /* the day is enough */
	if (due_judge(d->expires, now) == DUE_OVER)
		(void)snprintf(out, DUE_TEXT_MAX, _("%s has expired, on %s"), d->what, when);
	else
		(void)snprintf(out, DUE_TEXT_MAX, _("%s expires in %lld days, on %s"), d->what,
			       days, when);
}

unsigned due_count(const struct due_list *l, int64_t now, enum due_state *ret_worst)
{
	enum due_state worst = DUE_FINE, s;
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++) {
		s = due_judge(l->item[i].expires, now);
		n += s != DUE_FINE;
		if (s > worst)
			worst = s;
	}
	if (ret_worst != NULL)
		*ret_worst = worst;
	return n;
}

json_t *due_json(const struct due_list *l, int64_t now)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < l->n; i++) {
		enum due_state s = due_judge(l->item[i].expires, now);
		char when[CLOCK_TEXT + 1];

		if (s == DUE_FINE)
			continue;
		clock_format(l->item[i].expires, when);
		(void)json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "expires", when,
							    "state", due_state_name(s), "what",
							    l->item[i].what));
	}
	return list;
}

void due_report(const struct due_list *l, int64_t now, struct report *r)
{
	const char *next = _("Call the custodians together: docs/ceremony.md.");
	char text[DUE_TEXT_MAX];

	for (unsigned i = 0; i < l->n; i++) {
		enum due_state s = due_judge(l->item[i].expires, now);

		due_say(&l->item[i], now, text);
		if (s == DUE_OVER)
			report_add(r, "expiry", false, next, "%s", text);
		else if (s == DUE_SOON)
			report_warn(r, "expiry", next, "%s", text);
	}
}

void due_print(const struct due_list *l, int64_t now, const struct cli *c, FILE *out)
{
	char text[DUE_TEXT_MAX];

	for (unsigned i = 0; i < l->n; i++) {
		enum due_state s = due_judge(l->item[i].expires, now);

		if (s == DUE_FINE)
			continue;
		due_say(&l->item[i], now, text);
		(void)fprintf(out, "%s%s%s\n",
			      cli_paint(c, s == DUE_OVER ? CLI_RED : CLI_YELLOW), text,
			      cli_paint(c, CLI_RESET));
	}
}
