/* sluice-policy.c - the program of policy officers: the people who write the rules that
 * every draft is measured by. */
#include "base/cli.h"
#include "policies/commands.h"

static const struct cli_option scan_options[] = {
	{"policy", "DIR", N_("policy directory (default: the one that came with this program)"),
	 false},
	{"type", "CT", N_("content type, such as CT05"), false},
	{"column", "NAME", N_("column the text is meant for"), false},
	{"channel", "NAME", N_("channel it is meant for"), true},
	{"title", "TEXT", N_("title of the draft, inspected too"), false},
	{"disclosure", "TEXT", N_("disclosure attribute, such as 主动公开"), false},
	{"as-gateway", NULL,
	 N_("stop at a classification mark as the gateway does (default: show everything)"),
	 false},
	{"av-database", "DIR", N_("directory of virus signatures (default /var/lib/clamav)"),
	 false},
	{"demo-signatures", NULL, N_("a trial without virus signatures; protects from nothing"),
	 false},
	{.name = NULL},
};
static const struct cli_option explain_options[] = {
	{"policy", "DIR", N_("policy directory (default: the one that came with this program)"),
	 false},
	{"report", "FILE",
	 N_("say why each finding (of this rule) stands in a report printed with --json"),
	 false},
	{.name = NULL},
};
static const struct cli_option list_options[] = {
	{"policy", "DIR", N_("policy directory (default: the one that came with this program)"),
	 false},
	{"markdown", NULL, N_("as the table of docs/rules.md"), false},
	{.name = NULL},
};
static const struct cli_option routes_options[] = {
	{"policy", "DIR", N_("policy directory (default: the one that came with this program)"),
	 false},
	{.name = NULL},
};
static const struct cli_option check_options[] = {
	{"approval-policy", "FILE",
	 N_("also that each route's class is there, no weaker, and can be met by its people"),
	 false},
	{.name = NULL},
};
static const struct cli_option sign_options[] = {
	{"policy", "DIR", N_("policy directory to sign"), false},
	{"key", "FILE", N_("your own key, of use dsse-reviewer"), false},
	{"out", "FILE", N_("where the signed statement goes (default: beside the rules)"),
	 false},
	{.name = NULL},
};
static const struct cli_option clock_options[] = {
	{"policy", "DIR", N_("policy directory (default: the one that came with this program)"),
	 false},
	{"from", "DAY|TIME",
	 N_("when it starts: 2026-11-27 or 2026-11-27T06:30:00Z (default: now)"), false},
	{.name = NULL},
};
static const struct cli_option calendar_options[] = {
	{"policy", "DIR", N_("policy directory (default: the one that came with this program)"),
	 false},
	{.name = NULL},
};
static const struct cli_command commands[] = {
	{"check", "DIR",
	 N_("Read packs, lists and routes as the gateway would; say what is wrong and where."),
	 check_options, 1, 1, tool_check_run},
	{"routes", "[ROUTE]", N_("Draw each route, and say which content type takes which."),
	 routes_options, 0, 1, tool_routes_run},
	{"test", "DIR", N_("Try each rule on the texts that it must and must not find."), NULL,
	 1, 1, tool_test_run},
	{"scan", "FILE...",
	 N_("Inspect files with the gateway's own filters; no daemon is needed."), scan_options,
	 1, -1, tool_scan_run},
	{"explain", "[RULE]",
	 N_("Say what a rule is for, on what law it stands, how it finds, and why it found."),
	 explain_options, 0, 1, tool_explain_run},
	{"list", "",
	 N_("All rules, a line each: severity, name, who makes the finding, how many tests."),
	 list_options, 0, 0, tool_list_run},
	{"clock", "[ID]",
	 N_("What each clock counts, from when, what stops it, and when it would end."),
	 clock_options, 0, 1, tool_clock_run},
	{"calendar", "[YEAR]", N_("Holidays and working weekends of a year, its working days."),
	 calendar_options, 0, 1, tool_calendar_run},
	{"key", "DIR",
	 N_("Give policy.yaml a key of its own, so that suppressions outlive new versions."),
	 NULL, 1, 1, tool_key_run},
	{"sign", "", N_("Sign digest and version of a policy directory, as its officer."),
	 sign_options, 0, 0, tool_sign_run},
	{.name = NULL},
};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "sluice-policy",
		.about = N_(
			"Checks, tests, tries out, explains and signs the rules that decide "
			"what may be published. A policy directory holds policy.yaml, packs/, "
			"lists/, clocks.yaml and calendars/.\n\n"
			"To change a rule or a list: edit the YAML file, check, test, raise "
			"\"version\" in policy.yaml; two secrecy officers sign, each with the "
			"own "
			"key; the operator runs \"sluiced policy install DIR\". Until then the "
			"old rules stay in force, and after it everything that waits or is "
			"public "
			"is inspected again."),
		.commands = commands,
		.examples = N_("  sluice-policy check policies\n"
			       "  sluice-policy test policies\n"
			       "  sluice-policy scan --type CT05 notice.docx\n"
			       "  sluice-policy scan --json notice.docx >report.json\n"
			       "  sluice-policy explain PI-001\n"
			       "  sluice-policy explain --report report.json\n"
			       "  sluice-policy clock route-b --from 2026-11-27\n"
			       "  sluice-policy calendar 2026\n"
			       "  sluice-policy sign --policy policies --key officer.key\n"),
	};

	return cli_main(&program, argc, argv);
}
