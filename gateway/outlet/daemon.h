/* daemon.h - what sluice-outlet does: run the three roles, look at itself, report. */
#ifndef SL_OUTLET_DAEMON_H
#define SL_OUTLET_DAEMON_H

#include "base/cli.h"
#include "base/config.h"
#include "base/json.h"

enum { DAEMON_PATH = 4096 };

/* Commands of the program; each returns an enum cli_exit. */
int daemon_run(const struct cli *c);
int daemon_check(const struct cli *c);
int daemon_doctor(const struct cli *c);
int daemon_status(const struct cli *c);

/* --config loaded, with a clear message when it cannot be: NULL and *ret_exit then. */
struct outlet_config *daemon_config(const struct cli *c, int *ret_exit);

/* Results of check and doctor, a line each. */
struct daemon_report {
	json_t *items; /* [{"name","ok","detail","next"?}] */
	bool all_ok;
};
void daemon_report_init(struct daemon_report *r);
void daemon_report_release(struct daemon_report *r);
void daemon_report_add(struct daemon_report *r, const char *name, bool ok, const char *next,
		       const char *fmt, ...) SL_PRINTF(5, 6);
void daemon_report_print(const struct daemon_report *r, const struct cli *c);
/* Print one JSON document and free it; the exit code for `well`. */
int daemon_print_json(json_t *j, bool well);
/* Everything that the configuration names is there, and private. */
void daemon_check_all(const struct outlet_config *c, struct daemon_report *r);

#endif
