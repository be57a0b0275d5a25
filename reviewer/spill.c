/* spill.c - list spills by number, rule and hash; sign what is done about them. */
#include "spill.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "policy/present.h"
#include "review/sign.h"
#include "trust/spill_order.h"

const json_t *spill_pending(const json_t *row, const char *action)
{
	const json_t *o, *found = NULL;
	size_t i;

	json_array_foreach(json_arr(row, "orders"), i, o)
	{
		const char *a = json_str(o, "action"), *state = json_str(o, "state");

		if (a != NULL && state != NULL && strcmp(a, action) == 0 &&
		    strcmp(state, "expired") != 0)
			found = o;
	}
	return found;
}

int spill_sign(struct session *s, const json_t *row, const char *action, const char *reason,
	       const json_t *order, json_t **ret, struct sl_why *why)
{
	int64_t number = 0, now = clock_now();
	struct spill_order_facts f = {.action = action,
				      .draft = json_str(row, "draft"),
				      .reason = reason,
				      .first = "",
				      .time = now,
				      .expires = now + SPILL_ORDER_SECONDS};
	struct wire_reply reply = {0};
	json_t *predicate = NULL, *args = NULL;
	char subject[65];
	struct buf line;
	int r = SL_OK;

	buf_init(&line, DSSE_MAX);
	if (order != NULL) {
		f.first = json_str(order, "first_sha256");
		(void)json_i64(order, "number", &number);
	}
	if (f.draft == NULL || f.first == NULL || !json_i64(row, "revision", &f.revision))
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
	if (r == SL_OK && (reason == NULL || reason[0] == '\0'))
		r = why_set(why, SL_E_USAGE, _("say why: --reason TEXT"));
	if (r != SL_OK)
		return r;
	spill_order_subject(f.draft, f.revision, subject);
	predicate = spill_order_predicate(&f);
	r = predicate == NULL ? SL_E_FORMAT
			      : sign_decision(s, PRED_SPILL, subject, predicate, &line, why);
	if (r == SL_OK)
		args = json_pack("{s:s,s:I}", "envelope", buf_str(&line), "number",
				 (json_int_t)number);
	if (r == SL_OK)
		r = args == NULL
			    ? SL_E_NOMEM
			    : wire_ask(s->wire, order != NULL ? "spill.confirm" : "spill.order",
				       args, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(predicate);
	json_decref(args);
	buf_release(&line);
	return r;
}

static void print_row(const struct cli *c, const json_t *row)
{
	const json_t *clock = json_array_get(json_arr(row, "clocks"), 0), *o;
	int64_t revision = 0, used = 0;
	size_t i;

	(void)json_i64(row, "revision", &revision);
	printf("%s%s%s  r%lld  %s  %.16s…  %s %s  %s %s", cli_paint(c, CLI_BOLD),
	       present_text(json_str(row, "draft")), cli_paint(c, CLI_RESET),
	       (long long)revision, present_text(json_str(row, "rule")),
	       present_text(json_string_value(json_array_get(json_arr(row, "sha256"), 0))),
	       _("found"), present_text(json_str(row, "found")), _("report due"),
	       present_text(json_str(row, "report_due")));
	if (json_i64(clock, "used_percent", &used))
		printf("  %s%lld%%%s",
		       cli_paint(c, used >= 80	 ? CLI_RED
				    : used >= 50 ? CLI_YELLOW
						 : CLI_RESET),
		       (long long)used, cli_paint(c, CLI_RESET));
	printf("  %s\n", present_text(json_str(row, "state")));
	json_array_foreach(json_arr(row, "orders"), i, o) printf(
		"    %s %s: %s %s  %s\n", present_text(json_str(o, "action")),
		present_text(json_str(o, "state")), present_text(json_str(o, "first")),
		present_text(json_str(o, "second")), present_text(json_str(o, "reason")));
}

static void print_list(const struct cli *c, const json_t *list)
{
	const json_t *row;
	size_t i;

	if (c->json) {
		(void)json_print(list);
		return;
	}
	if (json_array_size(json_arr(list, "spills")) == 0)
		printf("%s\n", _("There is no spill."));
	json_array_foreach(json_arr(list, "spills"), i, row) print_row(c, row);
}

/* The newest revision of that draft that spilled. */
static const json_t *row_of(const json_t *list, const char *draft)
{
	const json_t *row, *found = NULL;
	size_t i;

	json_array_foreach(json_arr(list, "spills"), i, row)
	{
		const char *id = json_str(row, "draft");

		if (id != NULL && strcmp(id, draft) == 0)
			found = row;
	}
	return found;
}

/* Closed by two: the first asks, the second says the same. */
static int close_spill(const struct cli *c, struct session *s, const json_t *row, json_t **ret,
		       struct sl_why *why)
{
	return spill_sign(s, row, "close", cli_value(c, "reason"), spill_pending(row, "close"),
			  ret, why);
}

static int act(const struct cli *c, struct session *s, const json_t *row, json_t **ret,
	       struct sl_why *why)
{
	const char *what = c->operands[0];

	if (strcmp(what, "open") == 0)
		return spill_open(c, s, row, ret, why);
	if (strcmp(what, "report") == 0)
		return spill_report(c, s, row, why);
	if (strcmp(what, "close") == 0)
		return close_spill(c, s, row, ret, why);
	return spill_sign(s, row, "reported",
			  cli_value(c, "reason") != NULL ? cli_value(c, "reason")
							 : "report handed in",
			  NULL, ret, why);
}

static int run(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	static const char *const words[] = {"open", "report", "reported", "close"};
	struct wire_reply reply = {0};
	const json_t *row = NULL;
	bool list = strcmp(c->operands[0], "list") == 0 && c->n_operands == 1, known = false;
	int r;

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		known |= c->n_operands == 2 && strcmp(words[i], c->operands[0]) == 0;
	if (!list && !known)
		return why_set(why, SL_E_USAGE,
			       _("list, open DRAFT, report DRAFT, reported DRAFT, or close "
				 "DRAFT"));
	r = wire_ask(s->wire, "spill.list", NULL, NULL, 0, &reply, why);
	if (r == SL_OK && list)
		print_list(c, reply.result);
	if (r == SL_OK && !list && (row = row_of(reply.result, c->operands[1])) == NULL)
		r = why_set(why, SL_E_NOTFOUND, _("%s is no spill"), c->operands[1]);
	if (r == SL_OK && !list)
		r = act(c, s, row, ret, why);
	wire_reply_release(&reply);
	return r;
}

int spill_run(const struct cli *c)
{
	json_t *result = NULL;
	int code = session_command(c, _("spill"), run, &result);

	if (code != CLI_DONE)
		return code;
	if (c->json && result != NULL)
		(void)json_print(result);
	else if (result != NULL && json_str(result, "state") != NULL)
		printf("%s %s: %s\n", present_text(json_str(result, "draft")),
		       present_text(json_str(result, "action")),
		       strcmp(json_str(result, "state"), "requested") == 0
			       ? _("asked; another secrecy officer must say the same within a "
				   "day")
			       : present_text(json_str(result, "state")));
	json_decref(result);
	return CLI_DONE;
}
