/* present_route.c - steps[], modifiers[] and review_after of a draft's status
 * (docs/protocol.md). */
#include "policy/present_route.h"

#include <string.h>

#include "policy/present.h"
#include "policy/present_role.h"

static const char *in_language(const json_t *name)
{
	return present_text(json_str(name, i18n_is_zh() ? "zh" : "en"));
}

static const char *state_word(const char *state)
{
	if (state == NULL)
		return "";
	if (strcmp(state, "done") == 0 || strcmp(state, "met") == 0)
		return _("done");
	return strcmp(state, "open") == 0 ? _("its turn") : _("waits");
}

static enum cli_paint paint_of(const char *state)
{
	if (state != NULL && (strcmp(state, "done") == 0 || strcmp(state, "met") == 0))
		return CLI_GREEN;
	return state != NULL && strcmp(state, "open") == 0 ? CLI_YELLOW : CLI_DIM;
}

static void put_given(FILE *out, const json_t *step)
{
	const json_t *g;
	size_t i;

	json_array_foreach(json_arr(step, "given"), i, g)
	{
		/* Two calls of present_text may share a buffer. */
		fprintf(out, "  %s", present_text(json_str(g, "pid")));
		fprintf(out, " %s", present_text(json_str(g, "time")));
	}
}

/* The desk says it in its own language; where that is English it can be said in the reader's.
 */
static void put_why(FILE *out, const char *why)
{
	static const char after[] = "after ", unit[] = "of the author's unit ";

	if (why == NULL || why[0] == '\0')
		return;
	fputs("  (", out);
	if (strncmp(why, after, sizeof(after) - 1) == 0)
		fprintf(out, _("after %s"), present_role(why + sizeof(after) - 1));
	else if (strncmp(why, unit, sizeof(unit) - 1) == 0)
		fprintf(out, _("of the author's unit %s"),
			present_text(why + sizeof(unit) - 1));
	else
		fputs(present_text(why), out);
	fputc(')', out);
}

static void put_steps(FILE *out, const struct cli *c, const json_t *steps)
{
	const json_t *s;
	size_t i;

	json_array_foreach(steps, i, s)
	{
		const char *state = json_str(s, "state");
		int64_t count = 0;

		(void)json_i64(s, "count", &count);
		fprintf(out, "    %s%zu. %s", cli_paint(c, paint_of(state)), i + 1,
			state_word(state));
		fprintf(out, "%s  %s %zu/%lld", cli_paint(c, CLI_RESET),
			present_role(json_str(s, "role")),
			json_array_size(json_arr(s, "given")), (long long)count);
		put_given(out, s);
		put_why(out, json_str(s, "why"));
		fputc('\n', out);
	}
}

static void put_modifiers(FILE *out, const struct cli *c, const json_t *modifiers)
{
	const json_t *m, *r;
	size_t i, k;

	json_array_foreach(modifiers, i, m)
	{
		fprintf(out, "    %s+ %s%s", cli_paint(c, paint_of(json_str(m, "state"))),
			state_word(json_str(m, "state")), cli_paint(c, CLI_RESET));
		fprintf(out, "  %s", in_language(json_obj(m, "name")));
		json_array_foreach(json_arr(m, "rules"), k, r)
			fprintf(out, " %s", present_text(json_string_value(r)));
		fputc('\n', out);
		json_array_foreach(json_arr(m, "reasons"), k, r)
		{
			fprintf(out, "        %s", present_text(json_str(r, "pid")));
			fprintf(out, " %s:", present_text(json_str(r, "rule")));
			fprintf(out, " %s\n", present_text(json_str(r, "reason")));
		}
	}
}

void present_escalated(const json_t *escalated, char out[PRESENT_ESCALATED])
{
	const char *role = json_str(escalated, "role"), *told = json_str(escalated, "told");

	out[0] = '\0';
	if (role != NULL && told != NULL)
		(void)snprintf(
			out, PRESENT_ESCALATED,
			_("late since %s: the step of %s; %s is told and cannot sign for it"),
			present_text(json_str(escalated, "since_local")),
			present_role_name(role), present_role_name(told));
}

void present_turn(FILE *out, const struct cli *c, const json_t *draft)
{
	const char *turn = json_str(draft, "turn"), *delivery = json_str(draft, "delivery");
	const json_t *after = json_obj(draft, "review_after"), *m;
	const char *state = json_str(after, "state");
	char late[PRESENT_ESCALATED];
	size_t i;

	if (turn != NULL && turn[0] != '\0') {
		fprintf(out, "    %s %s%s%s", _("turn of:"), cli_paint(c, CLI_BOLD),
			present_role(turn), cli_paint(c, CLI_RESET));
		json_array_foreach(json_arr(draft, "modifiers"), i, m)
			fprintf(out, "  + %s", in_language(json_obj(m, "name")));
		fputc('\n', out);
	}
	present_escalated(json_obj(draft, "escalated"), late);
	if (late[0] != '\0')
		fprintf(out, "    %s↑ %s%s\n", cli_paint(c, CLI_RED), late,
			cli_paint(c, CLI_RESET));
	if (delivery != NULL && strcmp(delivery, "private") == 0)
		fprintf(out, "    %s\n",
			_("handed over to the applicant by the desk; never published"));
	if (state != NULL && strcmp(state, "open") == 0)
		fprintf(out, "    %s%s%s\n", cli_paint(c, CLI_YELLOW),
			_("published at once: its full review is still to be done"),
			cli_paint(c, CLI_RESET));
}

void present_route(FILE *out, const struct cli *c, const json_t *draft)
{
	put_steps(out, c, json_arr(draft, "steps"));
	put_steps(out, c, json_arr(json_obj(draft, "review_after"), "steps"));
	put_modifiers(out, c, json_arr(draft, "modifiers"));
}
