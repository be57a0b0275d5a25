/* list.c - the queue on standard output; sorted and filtered by the desk, window by window. */
#include "list.h"

#include <stdio.h>
#include <string.h>

#include "alerts.h"
#include "base/text.h"
#include "policy/present.h"
#include "policy/present_clock.h"
#include "policy/present_route.h"
#include "unit_print.h"
#include "wire/session.h"

enum { WINDOW = 500, LIMIT_MAX = 10000 };

const struct cli_option list_options[] = {
	{"filter", "WORDS",
	 N_("only some: state: unit: rule: type: route: late: age>3d due<1d, others are of "
	    "the title"),
	 false},
	{"sort", "COLUMN", N_("due (the default), risk, age, unit, title, number"), false},
	{"reverse", NULL, N_("the other way round"), false},
	{"limit", "N", N_("at most so many (default and most: 10000)"), false},
	{NULL, NULL, NULL, false},
};

struct listing {
	struct wire_reply last; /* of the newest window; alerts are taken from it */
	json_t *drafts;
	uint64_t limit, total;
};

static bool plain(const struct cli *c)
{
	return cli_value(c, "filter") == NULL && cli_value(c, "sort") == NULL &&
	       !cli_has(c, "reverse") && cli_value(c, "limit") == NULL;
}

static json_t *arguments(const struct cli *c, const struct listing *l)
{
	const char *filter = cli_value(c, "filter"), *sort = cli_value(c, "sort");
	size_t have = json_array_size(l->drafts);
	json_t *j = json_object();

	if (j == NULL || plain(c))
		return j;
	(void)json_object_set_new(j, "offset", json_integer((json_int_t)have));
	(void)json_object_set_new(
		j, "limit",
		json_integer(
			(json_int_t)(l->limit - have < WINDOW ? l->limit - have : WINDOW)));
	(void)json_object_set_new(j, "reverse", json_boolean(cli_has(c, "reverse")));
	if (filter != NULL)
		(void)json_object_set_new(j, "filter", json_string(filter));
	if (sort != NULL)
		(void)json_object_set_new(j, "sort", json_string(sort));
	return j;
}

static int fetch_window(const struct cli *c, struct session *s, struct listing *l,
			struct sl_why *why)
{
	json_t *args = arguments(c, l);
	const json_t *d;
	int64_t total = 0;
	size_t i;
	int r;

	wire_reply_release(&l->last);
	memset(&l->last, 0, sizeof(l->last));
	r = args == NULL ? SL_E_NOMEM
			 : wire_ask(s->wire, "review.list", args, NULL, 0, &l->last, why);
	json_decref(args);
	if (r != SL_OK)
		return r;
	json_array_foreach(json_arr(l->last.result, "drafts"), i, d)
	{
		json_t *copy = json_deep_copy(d);

		if (copy == NULL || json_array_append_new(l->drafts, copy) != 0)
			return SL_E_NOMEM;
	}
	(void)json_i64(l->last.result, "total", &total);
	l->total = total > 0 ? (uint64_t)total : json_array_size(l->drafts);
	return SL_OK;
}

static int fetch(const struct cli *c, struct session *s, struct listing *l, struct sl_why *why)
{
	size_t before;
	int r;

	do {
		before = json_array_size(l->drafts);
		r = fetch_window(c, s, l, why);
	} while (r == SL_OK && !plain(c) && json_array_size(l->drafts) > before &&
		 json_array_size(l->drafts) < l->total &&
		 json_array_size(l->drafts) < l->limit);
	return r;
}

static void print_notices(const struct cli *c, const struct session *s, const json_t *list)
{
	char line[UNIT_PRINT_LINE];
	bool bad;

	for (unsigned i = 0; i < unit_print_notices(list); i++) {
		unit_print_notice(list, s->config->person, i, line, &bad);
		printf("%s! %s%s\n", cli_paint(c, bad ? CLI_RED : CLI_YELLOW), line,
		       cli_paint(c, CLI_RESET));
	}
}

/* Who asks, why, and how to decide. */
static void print_appeal(const struct cli *c, const json_t *d)
{
	const json_t *appeal = json_obj(d, "appeal");

	present_draft_line(stdout, c, d);
	if (appeal != NULL)
		printf("    %s (%s): %s\n", _("appeal"), present_text(json_str(appeal, "pid")),
		       present_text(json_str(appeal, "reason")));
	printf(_("    read it: sluice-review show %s   then: sluice-review decide-appeal %s "
		 "--uphold|--admit --reason \"...\"\n"),
	       present_text(json_str(d, "draft")), present_text(json_str(d, "draft")));
}

static void print(const struct cli *c, const struct session *s, const struct listing *l)
{
	static const char *const notices[] = {"escalated", "lapses", "stands_in"};
	const json_t *alerts = json_arr(l->last.result, "alerts"), *d;
	const json_t *to_review = json_arr(l->last.result, "to_review");
	const json_t *appeals = json_arr(l->last.result, "appeals");
	const json_t *escalated = json_arr(l->last.result, "escalated");
	char late[PRESENT_ESCALATED];
	json_t *doc;
	size_t i;

	if (c->json) {
		doc = json_pack("{s:O}", "drafts", l->drafts);
		if (doc != NULL && alerts != NULL)
			(void)json_object_set_new(doc, "alerts", json_deep_copy(alerts));
		if (doc != NULL && to_review != NULL)
			(void)json_object_set_new(doc, "to_review", json_deep_copy(to_review));
		if (doc != NULL && appeals != NULL)
			(void)json_object_set_new(doc, "appeals", json_deep_copy(appeals));
		for (size_t n = 0; doc != NULL && n < sizeof(notices) / sizeof(notices[0]);
		     n++) {
			json_t *found = json_object_get(l->last.result, notices[n]);

			if (found != NULL)
				(void)json_object_set(doc, notices[n], found);
		}
		if (doc != NULL && json_object_get(l->last.result, "missing_calendar") != NULL)
			(void)json_object_set(
				doc, "missing_calendar",
				json_object_get(l->last.result, "missing_calendar"));
		if (doc != NULL && !plain(c))
			(void)json_object_set_new(doc, "total",
						  json_integer((json_int_t)l->total));
		(void)json_print_take(doc);
		return;
	}
	if (json_array_size(l->drafts) == 0)
		printf("%s\n",
		       plain(c) ? _("Nothing waits for review.") : _("No draft is like that."));
	json_array_foreach(l->drafts, i, d) present_draft_line(stdout, c, d);
	if (l->total > json_array_size(l->drafts))
		printf(_("%llu more are not shown.\n"),
		       (unsigned long long)(l->total - json_array_size(l->drafts)));
	if (json_array_size(to_review) > 0)
		printf("%s\n", _("Published at once and still to be reviewed in full:"));
	json_array_foreach(to_review, i, d) present_draft_line(stdout, c, d);
	if (json_array_size(escalated) > 0)
		printf("%s\n", _("You are told of late steps, and cannot sign for them:"));
	json_array_foreach(escalated, i, d)
	{
		present_escalated(d, late);
		printf("%s↑ %s  %s%s\n", cli_paint(c, CLI_RED),
		       present_text(json_str(d, "draft")), late, cli_paint(c, CLI_RESET));
	}
	alerts_print(c, alerts);
	if (json_array_size(appeals) > 0)
		printf("%s\n", _("Appeals that wait for your decision:"));
	json_array_foreach(appeals, i, d) print_appeal(c, d);
	present_missing_calendar(stdout, c, l->last.result);
	print_notices(c, s, l->last.result);
}

int list_run(const struct cli *c)
{
	const char *limit = cli_value(c, "limit");
	struct listing l = {.limit = LIMIT_MAX};
	struct sl_why why = {""};
	struct session s;
	int code, r;

	if (limit != NULL &&
	    (!text_to_u64(limit, strlen(limit), LIMIT_MAX, &l.limit) || l.limit == 0))
		return cli_fail(SL_E_USAGE, NULL, _("--limit takes a number from 1 to 10000"),
				NULL);
	r = session_open(c->config, &s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	l.drafts = json_array();
	r = l.drafts == NULL ? SL_E_NOMEM : fetch(c, &s, &l, &why);
	if (r == SL_OK) {
		print(c, &s, &l);
		code = CLI_DONE;
		session_remind(&s, c);
	} else {
		code = cli_fail(r, &why, _("the queue cannot be shown"), NULL);
	}
	wire_reply_release(&l.last);
	json_decref(l.drafts);
	session_close(&s);
	return code;
}
