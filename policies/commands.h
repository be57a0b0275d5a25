/* commands.h - what sluice-policy can do; one file for each. All return an enum cli_exit. */
#ifndef SL_POLICIES_COMMANDS_H
#define SL_POLICIES_COMMANDS_H

struct cli;

int tool_check_run(const struct cli *c);
int tool_test_run(const struct cli *c);
int tool_scan_run(const struct cli *c);
int tool_explain_run(const struct cli *c);
int tool_sign_run(const struct cli *c);
int tool_list_run(const struct cli *c);
int tool_routes_run(const struct cli *c);
int tool_key_run(const struct cli *c);
int tool_clock_run(const struct cli *c);
int tool_calendar_run(const struct cli *c);

#endif
