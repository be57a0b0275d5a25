/* outcomes.c - what can become of a draft beside approve, return and refuse. */
#include "outcomes.h"

#include <stdio.h>
#include <string.h>

#include "policy/present.h"
#include "wire/session.h"

static void print_codes(const json_t *codes, const char *outcome, const char *heading)
{
	const json_t *k;
	size_t i;

	printf("%s\n", heading);
	json_array_foreach(codes, i, k)
	{
		const char *of = json_str(k, "outcome");

		if (of == NULL || strcmp(of, outcome) != 0)
			continue;
		printf("  %-16s %s  (%s)\n", present_text(json_str(k, "id")),
		       present_text(json_str(k, i18n_is_zh() ? "zh" : "en")),
		       present_text(json_str(k, "basis")));
	}
}

int outcomes_codes(const struct cli *c)
{
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	const json_t *codes;
	struct session s;
	int r = session_open(c->config, &s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = wire_ask(s.wire, "codes.list", NULL, NULL, 0, &reply, &why);
	session_close(&s);
	codes = json_arr(reply.result, "codes");
	if (r == SL_OK && c->json) {
		(void)json_print(reply.result);
	} else if (r == SL_OK && json_array_size(codes) == 0) {
		printf("%s\n", _("The rules in force have no list: any short word is a code."));
	} else if (r == SL_OK) {
		print_codes(codes, "return", _("To return a draft to its author:"));
		print_codes(codes, "refuse",
			    _("To refuse it, by the rows of the yearly report:"));
	}
	wire_reply_release(&reply);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, _("the codes cannot be shown"), NULL);
}
