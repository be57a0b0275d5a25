/* extend.c - the longest term stands in the rules; who asks gives the reason. */
#include "extend.h"

#include <stdio.h>

#include "policy/present.h"
#include "policy/present_clock.h"
#include "review/sign.h"

static int ask(const struct cli *c, const char *reason, struct wire_reply *reply,
	       struct sl_why *why)
{
	struct session s;
	json_t *args;
	int r = session_open(c->config, &s, why);

	if (r != SL_OK)
		return r;
	args = json_pack("{s:s,s:s,s:s}", "draft", c->operands[0], "kind", c->operands[1],
			 "reason", reason);
	r = args == NULL ? SL_E_FORMAT
			 : wire_ask(s.wire, "clock.extend", args, NULL, 0, reply, why);
	json_decref(args);
	session_close(&s);
	return r;
}

int extend_run(const struct cli *c)
{
	const char *reason = cli_value(c, "reason");
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	int r;

	if (reason == NULL || reason[0] == '\0')
		return cli_fail(SL_E_USAGE, NULL, _("a reason is needed"),
				_("--reason \"one sentence\""));
	r = ask(c, reason, &reply, &why);
	if (r == SL_OK && c->json) {
		(void)json_print(reply.result);
	} else if (r == SL_OK) {
		present_draft_line(stdout, c, reply.result);
		present_clocks(stdout, c, reply.result);
	}
	wire_reply_release(&reply);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, c->operands[0],
				     _("sluice-review show ID names the clocks that can be "
				       "extended, in brackets."));
}
