/* alerts.c - what new rules or signatures found in published items, and why it may stand. */
#include "alerts.h"

#include <stdio.h>

#include "policy/present.h"
#include "review/sign.h"

void alerts_print(const struct cli *c, const json_t *alerts)
{
	const json_t *a;
	size_t i;

	if (json_array_size(alerts) == 0)
		return;
	printf("%s\n", _("New hits in published items:"));
	json_array_foreach(alerts, i, a) present_alert_line(stdout, c, a);
	printf("  -> %s\n", _("sluice-review hits RELEASE shows them, freeze takes it down, "
			      "settle lets it stand"));
}

int alerts_hits(const struct cli *c)
{
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	struct session s;
	json_t *args;
	int r = session_open(c->config, &s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	args = json_pack("{s:s}", "release", c->operands[0]);
	r = args == NULL ? SL_E_FORMAT
			 : wire_ask(s.wire, "alert.show", args, NULL, 0, &reply, &why);
	if (r == SL_OK && c->json)
		(void)json_print(reply.result);
	else if (r == SL_OK)
		present_report(stdout, c, json_obj(reply.result, "report"));
	wire_reply_release(&reply);
	json_decref(args);
	session_close(&s);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, c->operands[0], NULL);
}

int alerts_settle(const struct cli *c)
{
	const char *reason = cli_value(c, "reason");
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	struct session s;
	json_t *args;
	int r;

	if (reason == NULL || reason[0] == '\0')
		return cli_fail(SL_E_USAGE, NULL, _("a reason is needed"),
				_("--reason \"one sentence\""));
	r = session_open(c->config, &s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	args = json_pack("{s:s,s:s}", "release", c->operands[0], "reason", reason);
	r = args == NULL ? SL_E_FORMAT
			 : wire_ask(s.wire, "alert.settle", args, NULL, 0, &reply, &why);
	if (r == SL_OK && c->json)
		(void)json_print(reply.result);
	else if (r == SL_OK)
		printf(_("%s stands; your reason is in the audit log.\n"), c->operands[0]);
	wire_reply_release(&reply);
	json_decref(args);
	session_close(&s);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, c->operands[0], NULL);
}
