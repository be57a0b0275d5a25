/* unit.c - the administrator's half of a delegation: the words are made and signed here.
 *
 * The desk is not trusted: what is signed to end a delegation is printed before. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "policy/present.h"
#include "review/sign.h"
#include "trust/delegation.h"
#include "trust/order.h"
#include "unit_print.h"

const struct cli_option unit_options[] = {
	{"unit", "U", N_("the unit (default: your own)"), false},
	{"from", "DAY", N_("first day of the absence, such as 2026-12-01 (default: today)"),
	 false},
	{"until", "DAY", N_("its last day"), false},
	{"substitute", "PERSON", N_("who stands in"), false},
	{"role", "R", N_("in which office (default: the only one of that person)"), false},
	{"reason", "TEXT", N_("one sentence, seen in the unit"), false},
	{"end", "NUMBER", N_("end this delegation now; \"unit list\" has the numbers"), false},
	{NULL, NULL, NULL, false},
};

static int ask(struct session *s, const char *op, const char *unit, json_t **ret,
	       struct sl_why *why)
{
	json_t *args = unit != NULL ? json_pack("{s:s}", "unit", unit) : json_object();
	struct wire_reply reply = {0};
	int r = args == NULL ? SL_E_FORMAT : wire_ask(s->wire, op, args, NULL, 0, &reply, why);

	if (r == SL_OK)
		*ret = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(args);
	return r;
}

int unit_ask(struct session *s, const char *unit, json_t **ret_unit, struct sl_why *why)
{
	return ask(s, "unit.list", unit, ret_unit, why);
}

int unit_audit(struct session *s, const char *unit, json_t **ret_entries, struct sl_why *why)
{
	json_t *answer = NULL;
	int r = ask(s, "unit.audit", unit, &answer, why);

	if (r == SL_OK)
		*ret_entries = json_incref(json_object_get(answer, "entries"));
	json_decref(answer);
	return r == SL_OK && *ret_entries == NULL ? SL_E_FORMAT : r;
}

static int hand_in(struct session *s, const struct delegation_facts *f, json_t **ret,
		   struct sl_why *why)
{
	json_t *predicate = delegation_predicate(f), *args = NULL;
	struct wire_reply reply = {0};
	char subject[65];
	struct buf line;
	int r = predicate == NULL ? SL_E_FORMAT : SL_OK;

	buf_init(&line, DSSE_MAX);
	delegation_subject(f, subject);
	if (r == SL_OK)
		r = sign_decision(s, PRED_DELEGATION, subject, predicate, &line, why);
	if (r == SL_OK) {
		args = json_pack("{s:s}", "envelope", buf_str(&line));
		r = args == NULL
			    ? SL_E_NOMEM
			    : wire_ask(s->wire, "unit.absence", args, NULL, 0, &reply, why);
	}
	if (r == SL_OK)
		*ret = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(args);
	json_decref(predicate);
	buf_release(&line);
	return r;
}

/* The only deciding role of this person; several must be told apart. */
static int find_role(const json_t *unit, const char *pid, const char **ret_role,
		     struct sl_why *why)
{
	const json_t *account, *role;
	const char *found = NULL;
	size_t i, k;
	bool known = false;

	json_array_foreach(json_arr(unit, "accounts"), i, account)
	{
		const char *its = json_str(account, "pid");

		if (its == NULL || strcmp(its, pid) != 0)
			continue;
		known = true;
		json_array_foreach(json_arr(account, "roles"), k, role)
		{
			const char *name = json_string_value(role);

			if (name == NULL || !order_reviewing_role(name))
				continue;
			if (found != NULL)
				return why_set(why, SL_E_USAGE,
					       _("%s is %s and %s: name the office, --role R"),
					       pid, found, name);
			found = name;
		}
	}
	if (found == NULL)
		return why_set(why, SL_E_NOTFOUND,
			       known ? _("%s holds no office in which somebody could stand in")
				     : _("%s has no account in your unit"),
			       pid);
	*ret_role = found;
	return SL_OK;
}

static int absence(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	struct delegation_facts f = {.action = "begin",
				     .begun = "",
				     .person = c->operands[1],
				     .role = cli_value(c, "role"),
				     .substitute = cli_value(c, "substitute"),
				     .from = cli_value(c, "from"),
				     .until = cli_value(c, "until"),
				     .reason = cli_value(c, "reason"),
				     .unit = cli_value(c, "unit"),
				     .time = clock_now()};
	json_t *unit = NULL;
	int r;

	if (f.until == NULL || f.substitute == NULL)
		return why_set(why, SL_E_USAGE,
			       _("--until DAY and --substitute PERSON are needed"));
	r = unit_ask(s, NULL, &unit, why);
	if (r == SL_OK && f.role == NULL)
		r = find_role(unit, f.person, &f.role, why);
	f.unit = f.unit != NULL ? f.unit : json_str(unit, "unit");
	f.from = f.from != NULL ? f.from : json_str(unit, "today");
	f.reason = f.reason != NULL ? f.reason : "";
	if (r == SL_OK && (f.unit == NULL || f.from == NULL))
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
	if (r == SL_OK)
		r = hand_in(s, &f, ret, why);
	json_decref(unit);
	return r;
}

static const json_t *find_number(const json_t *unit, uint64_t number)
{
	const json_t *d;
	size_t i;

	json_array_foreach(json_arr(unit, "stand_ins"), i, d)
	{
		int64_t n = 0;

		if (json_i64(d, "number", &n) && n == (int64_t)number)
			return d;
	}
	return NULL;
}

static int end(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	const char *text = cli_value(c, "end"), *reason = cli_value(c, "reason");
	struct delegation_facts f = {.action = "end", .time = clock_now()};
	json_t *unit = NULL;
	uint64_t number = 0;
	const json_t *d;
	int r;

	if (!text_to_u64(text, strlen(text), INT32_MAX, &number) || number == 0)
		return why_set(why, SL_E_USAGE, _("--end takes the number of a delegation"));
	r = unit_ask(s, NULL, &unit, why);
	if (r != SL_OK)
		return r;
	d = find_number(unit, number);
	f.begun = json_str(d, "envelope_sha256");
	f.unit = json_str(d, "unit");
	f.person = json_str(d, "person");
	f.role = json_str(d, "role");
	f.substitute = json_str(d, "substitute");
	f.from = json_str(d, "from");
	f.until = json_str(d, "until");
	f.reason = reason != NULL ? reason : "";
	if (f.begun == NULL || f.unit == NULL || f.person == NULL || f.role == NULL ||
	    f.substitute == NULL || f.from == NULL || f.until == NULL)
		r = why_set(why, SL_E_NOTFOUND, _("your unit has no delegation %s"), text);
	if (r == SL_OK && !c->json)
		unit_print_delegation(stdout, c, d);
	if (r == SL_OK)
		r = hand_in(s, &f, ret, why);
	json_decref(unit);
	return r;
}

static int run(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	const char *what = c->operands[0];

	if (strcmp(what, "list") == 0 && c->n_operands == 1)
		return unit_ask(s, cli_value(c, "unit"), ret, why);
	if (strcmp(what, "absence") == 0 && c->n_operands == 1 && cli_value(c, "end") != NULL)
		return end(c, s, ret, why);
	if (strcmp(what, "absence") == 0 && c->n_operands == 2 && cli_value(c, "end") == NULL)
		return absence(c, s, ret, why);
	return why_set(why, SL_E_USAGE,
		       _("list, absence PERSON --until DAY --substitute PERSON, or absence "
			 "--end NUMBER"));
}

int unit_run(const struct cli *c)
{
	json_t *result = NULL;
	int code = session_command(c, _("unit"), run, &result);

	if (code != CLI_DONE)
		return code;
	if (c->json)
		(void)json_print(result);
	else if (strcmp(c->operands[0], "list") == 0)
		unit_print(stdout, c, result);
	else
		unit_print_delegation(stdout, c, result);
	json_decref(result);
	return CLI_DONE;
}
