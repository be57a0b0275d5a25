/* suppress.c - the reviewer's half of a suppression: what is signed is shown first.
 *
 * The desk is not trusted: rule and text hash of a proposal come from the report whose digest
 * was checked, and the second person signs exactly the words that were printed. */
#include "suppress.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "policy/present.h"
#include "review/sign.h"
#include "trust/suppression.h"

enum { DAYS_DEFAULT = 90, DAY = 86400 };

/* The one text that this rule matched in the draft; --text chooses among several. */
static int find_text(const struct review_case *k, const char *rule, const char *wanted,
		     char out[65], struct sl_why *why)
{
	unsigned n = 0, unbound = 0;

	for (unsigned i = 0; i < k->n_files; i++) {
		const json_t *f;
		size_t at;

		json_array_foreach(json_arr(case_file_report(k, i), "findings"), at, f)
		{
			const char *name = json_str(f, "rule"),
				   *hmac = json_str(f, "text_hmac");

			if (name == NULL || hmac == NULL || strcmp(name, rule) != 0 ||
			    !text_is_sha256(hmac) ||
			    (wanted != NULL && strncmp(hmac, wanted, strlen(wanted)) != 0) ||
			    (n > 0 && strcmp(out, hmac) == 0))
				continue;
			if (json_is_false(json_object_get(f, "suppressible"))) {
				unbound++;
				continue;
			}
			(void)snprintf(out, 65, "%s", hmac);
			n++;
		}
	}
	if (n == 0 && unbound > 0)
		return why_set(
			why, SL_E_DENIED,
			_("%s in %s is about the file or the draft and not about a text: "
			  "it can be acknowledged, not suppressed"),
			rule, k->id);
	if (n == 0)
		return why_set(why, SL_E_NOTFOUND, _("%s has no such finding of %s"), k->id,
			       rule);
	if (n > 1)
		return why_set(why, SL_E_USAGE,
			       _("%s found %u different texts in %s: name one by the start of "
				 "its text_hmac, --text HASH"),
			       rule, n, k->id);
	return SL_OK;
}

static int read_until(const struct cli *c, int64_t now, int64_t *ret_t, struct sl_why *why)
{
	const char *until = cli_value(c, "until");
	char text[32];

	*ret_t = now + DAYS_DEFAULT * DAY;
	if (until == NULL)
		return SL_OK;
	(void)snprintf(text, sizeof(text), strlen(until) == 10 ? "%.20sT00:00:00Z" : "%.21s",
		       until);
	if (!clock_parse(text, strlen(text), ret_t))
		return why_set(why, SL_E_USAGE,
			       _("--until takes a day such as 2027-03-31, or a moment such as "
				 "2027-03-31T18:00:00Z"));
	return SL_OK;
}

/* Sign and hand in; args (may be NULL) gets the envelope beside what it has. */
static int hand_in(struct session *s, const char *op, const struct suppression_facts *f,
		   json_t *args, json_t **ret, struct sl_why *why)
{
	json_t *predicate = suppression_predicate(f);
	struct wire_reply reply = {0};
	struct buf line;
	int r = predicate == NULL || args == NULL ? SL_E_FORMAT : SL_OK;

	buf_init(&line, DSSE_MAX);
	if (r == SL_OK)
		r = sign_decision(s, PRED_SUPPRESSION, f->text_hmac, predicate, &line, why);
	if (r == SL_OK &&
	    json_object_set_new(args, "envelope", json_string(buf_str(&line))) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = wire_ask(s->wire, op, args, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(predicate);
	buf_release(&line);
	return r;
}

static int propose(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	const char *reason = cli_value(c, "reason");
	struct suppression_facts f = {.action = "suppress",
				      .rule = c->operands[2],
				      .reason = reason,
				      .owner = s->config->person,
				      .time = clock_now()};
	struct review_case *k = NULL;
	json_t *args = json_object();
	char hmac[65] = "";
	int r = read_until(c, f.time, &f.expires, why);

	if (r == SL_OK)
		r = case_open(s, c->operands[1], 0, &k, why);
	if (r == SL_OK)
		r = find_text(k, f.rule, cli_value(c, "text"), hmac, why);
	f.text_hmac = hmac;
	if (r == SL_OK)
		r = hand_in(s, "suppress.propose", &f, args, ret, why);
	json_decref(args);
	case_free(k);
	return r;
}

static const json_t *row_of(const json_t *list, int64_t number)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_arr(list, "suppressions"), i, row)
	{
		int64_t n = 0;

		if (json_i64(row, "number", &n) && n == number)
			return row;
	}
	return NULL;
}

static void print_row(const struct cli *c, const json_t *row)
{
	int64_t number = 0;

	(void)json_i64(row, "number", &number);
	printf("%s%lld  %s  %s%s  %.16s…  %s %.10s  %s%s%s\n", cli_paint(c, CLI_BOLD),
	       (long long)number, present_text(json_str(row, "rule")),
	       present_text(json_str(row, "state")), cli_paint(c, CLI_RESET),
	       present_text(json_str(row, "text_hmac")), _("until"),
	       present_text(json_str(row, "expires")), present_text(json_str(row, "owner")),
	       json_str(row, "second") != NULL && json_str(row, "second")[0] != '\0' ? ", "
										     : "",
	       present_text(json_str(row, "second")));
	printf("    %s %s\n", _("reason:"), present_text(json_str(row, "reason")));
}

/* The second person, or whoever takes it back: about what the list says. */
static int second(const struct cli *c, struct session *s, bool revoke, json_t **ret,
		  struct sl_why *why)
{
	struct suppression_facts f = {.action = revoke ? "revoke" : "suppress",
				      .time = clock_now()};
	struct wire_reply reply = {0};
	json_t *args = NULL;
	const json_t *row;
	const char *until;
	uint64_t number = 0;
	int r;

	if (!text_to_u64(c->operands[1], strlen(c->operands[1]), INT32_MAX, &number))
		return why_set(why, SL_E_USAGE, _("the number of a suppression is needed"));
	r = wire_ask(s->wire, "suppress.list", NULL, NULL, 0, &reply, why);
	if (r != SL_OK)
		return r;
	row = row_of(reply.result, (int64_t)number);
	until = json_str(row, "expires");
	f.rule = json_str(row, "rule");
	f.text_hmac = json_str(row, "text_hmac");
	f.owner = json_str(row, "owner");
	f.reason = revoke ? cli_value(c, "reason") : json_str(row, "reason");
	if (f.rule == NULL || f.text_hmac == NULL || f.owner == NULL || f.reason == NULL ||
	    until == NULL || !clock_parse(until, strlen(until), &f.expires))
		r = why_set(why, SL_E_NOTFOUND, _("there is no suppression %s"),
			    c->operands[1]);
	if (r == SL_OK && !c->json)
		print_row(c, row);
	if (r == SL_OK) {
		args = json_pack("{s:I}", "number", (json_int_t)number);
		r = hand_in(s, revoke ? "suppress.revoke" : "suppress.confirm", &f, args, ret,
			    why);
	}
	json_decref(args);
	wire_reply_release(&reply);
	return r;
}

static int list(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	struct wire_reply reply = {0};
	const json_t *row;
	size_t i;
	int r = wire_ask(s->wire, "suppress.list", NULL, NULL, 0, &reply, why);

	if (r == SL_OK && c->json)
		*ret = json_incref(reply.result);
	if (r == SL_OK && !c->json) {
		if (json_array_size(json_arr(reply.result, "suppressions")) == 0)
			printf("%s\n", _("Nothing is suppressed."));
		json_array_foreach(json_arr(reply.result, "suppressions"), i, row)
			print_row(c, row);
	}
	wire_reply_release(&reply);
	return r;
}

static int run(const struct cli *c, struct session *s, json_t **ret, struct sl_why *why)
{
	const char *what = c->operands[0];
	bool reason = cli_value(c, "reason") != NULL && cli_value(c, "reason")[0] != '\0';

	if (strcmp(what, "list") == 0 && c->n_operands == 1)
		return list(c, s, ret, why);
	if (strcmp(what, "propose") == 0 && c->n_operands == 3 && reason)
		return propose(c, s, ret, why);
	if (strcmp(what, "confirm") == 0 && c->n_operands == 2)
		return second(c, s, false, ret, why);
	if (strcmp(what, "revoke") == 0 && c->n_operands == 2 && reason)
		return second(c, s, true, ret, why);
	return why_set(why, SL_E_USAGE,
		       _("propose DRAFT RULE --reason TEXT, confirm NUMBER, revoke NUMBER "
			 "--reason TEXT, or list"));
}

int suppress_run(const struct cli *c)
{
	json_t *result = NULL;
	int code = session_command(c, _("suppress"), run, &result);

	if (code != CLI_DONE)
		return code;
	if (c->json)
		(void)json_print(result);
	else if (result != NULL)
		print_row(c, result);
	json_decref(result);
	return CLI_DONE;
}
