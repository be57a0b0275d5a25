/* orders.c - one order of this person, and in plain words what it does. */
#include "orders.h"

#include <stdio.h>
#include <string.h>

#include "policy/present.h"
#include "review/order.h"

static void say(const struct cli *c, const char *action, const json_t *result)
{
	int64_t persons = 0, needed = 0;

	(void)json_i64(result, "persons", &persons);
	(void)json_i64(result, "needed", &needed);
	if (persons < needed)
		printf(_("%s: recorded. Another reviewer must say the same before it takes "
			 "effect.\n"),
		       c->operands[0]);
	else if (strcmp(action, "reinstate") == 0)
		printf(_("%s comes back; every platform shows it again.\n"), c->operands[0]);
	else if (strcmp(action, "confirm") == 0)
		printf(_("%s is withdrawn for good.\n"), c->operands[0]);
	else
		printf(_("%s is frozen; the outlet and every platform take it down at "
			 "once.\n"),
		       c->operands[0]);
}

int orders_run(const struct cli *c, const char *action)
{
	const char *reason = cli_value(c, "reason");
	struct sl_why why = {""};
	json_t *result = NULL;
	struct session s;
	char code[32];
	int r;

	if (reason == NULL || reason[0] == '\0')
		return cli_fail(SL_E_USAGE, NULL, _("a reason is needed"),
				_("--reason \"one sentence\""));
	r = session_open(c->config, &s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	(void)snprintf(code, sizeof(code), "reviewer-%s", action);
	r = order_send(&s, c->operands[0], action, code, reason, &result, &why);
	session_close(&s);
	if (r != SL_OK)
		return cli_fail(r, &why, c->operands[0], NULL);
	if (c->json)
		(void)json_print(result);
	else
		say(c, action, result);
	json_decref(result);
	return CLI_DONE;
}
