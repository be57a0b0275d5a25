/* unit_print.c - what the desk says of a unit; every word of it is made printable. */
#include "unit_print.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_role.h"

static bool is(const json_t *j, const char *name, const char *value)
{
	const char *s = json_str(j, name);

	return s != NULL && strcmp(s, value) == 0;
}

static void put_roles(FILE *out, const json_t *account)
{
	const json_t *role;
	size_t i;

	json_array_foreach(json_arr(account, "roles"), i, role)
		fprintf(out, "%s%s", i > 0 ? ", " : "", present_role(json_string_value(role)));
}

/* Training and confirmation, and which of them runs out first. */
static void put_lapse(FILE *out, const struct cli *c, const json_t *account)
{
	const json_t *l = json_obj(account, "lapses");
	const char *until = present_text(json_str(l, "until"));
	bool training = is(l, "what", "trained_on"), lapsed = is(l, "state", "lapsed");
	int64_t left = 0;

	if (l == NULL)
		return;
	(void)json_i64(l, "days_left", &left);
	fprintf(out, "           ");
	fprintf(out, _("trained %s, confirmed %s"),
		present_text(json_str(account, "trained_on")),
		present_text(json_str(account, "confirmed_on")));
	if (is(l, "state", "good")) {
		fprintf(out, _(", good until %s\n"), until);
		return;
	}
	fprintf(out, "\n        %s-> ", cli_paint(c, lapsed ? CLI_RED : CLI_YELLOW));
	if (lapsed)
		fprintf(out,
			training ? _("training lapsed on %s: decisions are refused")
				 : _("confirmation lapsed on %s: decisions are refused"),
			until);
	else
		fprintf(out,
			training ? _("training runs out on %s, in %lld days")
				 : _("confirmation runs out on %s, in %lld days"),
			until, (long long)left);
	fprintf(out, "%s\n", cli_paint(c, CLI_RESET));
}

static void put_account(FILE *out, const struct cli *c, const json_t *unit,
			const json_t *account)
{
	const char *pid = json_str(account, "pid"), *name = json_str(account, "name");
	const json_t *s;
	size_t i;

	fprintf(out, "  %s%-8s%s %s%s", cli_paint(c, CLI_BOLD), present_text(pid),
		cli_paint(c, CLI_RESET), name != NULL ? present_text(name) : "",
		name != NULL ? "  " : "");
	put_roles(out, account);
	fputc('\n', out);
	put_lapse(out, c, account);
	json_array_foreach(json_arr(unit, "stand_ins"), i, s)
	{
		if (pid == NULL || !is(s, "state", "running"))
			continue;
		if (is(s, "person", pid)) {
			fprintf(out, "           ");
			/* Who is named for a year is a second, and nobody is away for it. */
			fprintf(out,
				is(s, "by", "accounts.yaml")
					? _("%s may stand in as %s until %s\n")
					: _("away: %s stands in as %s until %s\n"),
				present_text(json_str(s, "substitute")),
				present_role(json_str(s, "role")),
				present_text(json_str(s, "until")));
		}
		if (is(s, "substitute", pid)) {
			fprintf(out, "           ");
			fprintf(out, _("stands in for %s as %s until %s\n"),
				present_text(json_str(s, "person")),
				present_role(json_str(s, "role")),
				present_text(json_str(s, "until")));
		}
	}
}

static const char *state_word(const json_t *d)
{
	static const struct {
		const char *state, *word;
	} words[] = {{"running", N_("in force")},
		     {"coming", N_("to come")},
		     {"over", N_("over")},
		     {"ended", N_("ended early")},
		     {"void", N_("does not count any more")}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (is(d, "state", words[i].state))
			return _(words[i].word);
	}
	return present_text(json_str(d, "state"));
}

void unit_print_delegation(FILE *out, const struct cli *c, const json_t *d)
{
	int64_t number = 0;
	char id[24] = "-";

	if (json_i64(d, "number", &number))
		(void)snprintf(id, sizeof(id), "%lld", (long long)number);
	fprintf(out, "%s%4s%s  ", cli_paint(c, CLI_BOLD), id, cli_paint(c, CLI_RESET));
	fprintf(out, _("%s for %s as %s, %s to %s, %s (%s)\n"),
		present_text(json_str(d, "substitute")), present_text(json_str(d, "person")),
		present_role(json_str(d, "role")), present_text(json_str(d, "from")),
		present_text(json_str(d, "until")), state_word(d),
		present_text(json_str(d, "by")));
	if (json_str(d, "reason") != NULL && json_str(d, "reason")[0] != '\0')
		fprintf(out, "      %s %s\n", _("reason:"),
			present_text(json_str(d, "reason")));
	if (json_str(d, "ended_by") != NULL) {
		fprintf(out, "      ");
		fprintf(out, _("ended by %s at %s\n"), present_text(json_str(d, "ended_by")),
			present_text(json_str(d, "ended")));
	}
	if (json_str(d, "why") != NULL)
		fprintf(out, "      -> %s\n", present_text(json_str(d, "why")));
}

void unit_print(FILE *out, const struct cli *c, const json_t *unit)
{
	const char *name = json_str(unit, "name");
	const json_t *j;
	size_t i;

	fprintf(out, "%s%s%s  %s%s%s\n", cli_paint(c, CLI_BOLD),
		present_text(json_str(unit, "unit")), cli_paint(c, CLI_RESET),
		name != NULL ? present_text(name) : "", name != NULL ? "  " : "",
		present_text(json_str(unit, "today")));
	json_array_foreach(json_arr(unit, "accounts"), i, j) put_account(out, c, unit, j);
	if (json_is_false(json_object_get(unit, "narrowed")))
		fprintf(out, "%s\n",
			_("The rules in force have no accounts.yaml: everybody acts in all "
			  "roles that the approval policy gives."));
	if (json_array_size(json_arr(unit, "stand_ins")) > 0)
		fprintf(out, "%s\n", _("Who stands in for whom:"));
	json_array_foreach(json_arr(unit, "stand_ins"), i, j) unit_print_delegation(out, c, j);
}

/* ---- for whoever logs in ---- */

unsigned unit_print_notices(const json_t *list)
{
	return (unsigned)(json_array_size(json_arr(list, "lapses")) +
			  json_array_size(json_arr(list, "stands_in")));
}

static void own_lapse(const json_t *l, bool training, bool lapsed, int64_t left,
		      char out[UNIT_PRINT_LINE])
{
	const char *until = present_text(json_str(l, "until"));

	/* Short enough for eighty columns: what to do is at the end. */
	if (lapsed)
		(void)snprintf(
			out, UNIT_PRINT_LINE,
			training
				? _("Training lapsed %s: decisions refused until taken again "
				    "and "
				    "entered")
				: _("Confirmation lapsed %s: decisions refused until your unit "
				    "confirms"),
			until);
	else
		(void)snprintf(
			out, UNIT_PRINT_LINE,
			training ? _("Training runs out %s (%lld days): take it again, have it "
				     "entered")
				 : _("Confirmation runs out %s (%lld days): your unit "
				     "administrator confirms"),
			until, (long long)left);
}

static void other_lapse(const json_t *l, bool training, bool lapsed, int64_t left,
			char out[UNIT_PRINT_LINE])
{
	const char *pid = present_text(json_str(l, "pid"));
	const char *name = present_text(json_str(l, "name"));
	const char *until = present_text(json_str(l, "until"));

	if (lapsed)
		(void)snprintf(out, UNIT_PRINT_LINE,
			       training ? _("%s %s: training lapsed on %s")
					: _("%s %s: confirmation lapsed on %s"),
			       pid, name, until);
	else
		(void)snprintf(out, UNIT_PRINT_LINE,
			       training ? _("%s %s: training runs out on %s, in %lld days")
					: _("%s %s: confirmation runs out on %s, in %lld days"),
			       pid, name, until, (long long)left);
}

void unit_print_notice(const json_t *list, const char *me, unsigned i,
		       char out[UNIT_PRINT_LINE], bool *ret_bad)
{
	size_t lapses = json_array_size(json_arr(list, "lapses"));
	const json_t *l = json_array_get(json_arr(list, "lapses"), i), *s;
	bool training = is(l, "what", "trained_on"), lapsed = is(l, "state", "lapsed");
	int64_t left = 0;

	*ret_bad = lapsed;
	if (i >= lapses) {
		s = json_array_get(json_arr(list, "stands_in"), i - lapses);
		(void)snprintf(
			out, UNIT_PRINT_LINE, _("You stand in for %s as %s until %s (代)."),
			present_text(json_str(s, "person")), present_role(json_str(s, "role")),
			present_text(json_str(s, "until")));
		return;
	}
	(void)json_i64(l, "days_left", &left);
	if (is(l, "pid", me))
		own_lapse(l, training, lapsed, left, out);
	else
		other_lapse(l, training, lapsed, left, out);
}
