/* daemon.h - what sluice-outlet does: run the three roles, look at itself, report. */
#ifndef SL_OUTLET_DAEMON_H
#define SL_OUTLET_DAEMON_H

#include "base/cli.h"
#include "base/config.h"
#include "base/report.h"

enum { DAEMON_PATH = 4096 };

/* Commands of the program; each returns an enum cli_exit. */
int daemon_run(const struct cli *c);
int daemon_check(const struct cli *c);
int daemon_doctor(const struct cli *c);
int daemon_status(const struct cli *c);

/* --config loaded, with a clear message when it cannot be: NULL and *ret_exit then. */
struct outlet_config *daemon_config(const struct cli *c, int *ret_exit);

/* What the receiver left in DATA/status, NULL nothing: a hint for people. */
json_t *daemon_receiver(const struct outlet_config *c);
/* Does a supervisor of this outlet live? */
bool daemon_is_up(const struct outlet_config *c);

/* Everything that the configuration names is there, and private. */
void daemon_check_all(const struct outlet_config *c, struct report *r);

#endif
