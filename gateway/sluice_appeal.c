/* sluice_appeal.c - `sluice appeal`: the author asks once for the next level. */
#include "sluice.h"

#include <stdio.h>
#include <string.h>

#include "review/step.h"

/* The newest refusal that nothing has overruled: what the appeal is against. */
static const char *refusal(const json_t *shown)
{
	const json_t *v;
	const char *found = NULL;
	size_t i;

	json_array_foreach(json_arr(shown, "votes"), i, v)
	{
		const char *decision = json_str(v, "decision");

		if (decision != NULL && json_object_get(v, "overruled") == NULL &&
		    (strcmp(decision, "refuse") == 0 || strcmp(decision, "reject") == 0))
			found = json_str(v, "envelope_sha256");
	}
	return found;
}

static int ask(struct session *s, const char *draft, const char *reason, json_t **ret_result,
	       struct sl_why *why)
{
	struct procedure_facts f = {.action = "appeal", .role = "author", .text = reason};
	json_t *args = json_pack("{s:s}", "draft", draft), *status = NULL;
	struct wire_reply shown = {0};
	int r = args == NULL ? SL_E_FORMAT
			     : wire_ask(s->wire, "draft.show", args, NULL, 0, &shown, why);

	if (r == SL_OK) {
		f.answers = refusal(shown.result);
		if (f.answers == NULL)
			r = why_set(why, SL_E_STATE, _("nobody has refused %s"), draft);
	}
	if (r == SL_OK)
		r = step_status(s, draft, &status, why);
	if (r == SL_OK)
		r = step_send(s, "draft.appeal", status, &f, ret_result, why);
	wire_reply_release(&shown);
	json_decref(status);
	json_decref(args);
	return r;
}

int sluice_appeal(const struct cli *c)
{
	const char *reason = cli_value(c, "reason");
	struct sl_why why = {""};
	json_t *result = NULL;
	struct session s;
	int r;

	if (reason == NULL || reason[0] == '\0')
		return cli_fail(SL_E_USAGE, NULL, _("a reason is needed"),
				_("sluice appeal ID --reason \"why it should be published\""));
	r = session_open(c->config, &s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = ask(&s, c->operands[0], reason, &result, &why);
	session_close(&s);
	if (r != SL_OK)
		return cli_fail(r, &why, c->operands[0], NULL);
	if (c->json)
		(void)json_print(result);
	else
		printf(_("%s: the lead group is asked. Until it decides the refusal stands.\n"),
		       c->operands[0]);
	json_decref(result);
	return CLI_DONE;
}
