/* role.h - how every role starts: directories, signals, sandbox, status file. */
#ifndef SL_SANDBOX_ROLE_H
#define SL_SANDBOX_ROLE_H

#include <signal.h>
#include <stdbool.h>

#include "base/cli.h"
#include "base/json.h"
#include "sandbox/sandbox.h"

enum { ROLE_PATHS_MAX = 24 };

/* Paths a role may touch, collected before the sandbox closes; strings are borrowed. */
struct role_paths {
	struct sandbox_path path[ROLE_PATHS_MAX + 1];
	unsigned n;
};
void role_path(struct role_paths *p, const char *path, bool write, bool optional);
/* Files that resolving names and TLS look at, all optional. */
void role_paths_network(struct role_paths *p);
/* A URL that the role will listen on (NULL is fine): for ipc:// the directory of
 * the socket is made and may be written, and a socket that a killed process left
 * is removed while we still may.  `out` holds that path as long as p lives. */
int role_path_listen(struct role_paths *p, const char *url, char *out, size_t cap) SL_MUST_USE;

/* SIGTERM and SIGINT set the flag that role_stopping reads; SIGPIPE is ignored. */
void role_signals(void);
bool role_stopping(void);
/* For wire's servers and pipes: says in the log that a listener was opened anew. */
void role_listener_renewed(void *arg, const char *url);
/* DATA/NAME created (0700) and opened; fd or an error. */
int role_directory(const char *data, const char *name, struct sl_why *why) SL_MUST_USE;
/* Enter the named profile with these paths; `optional` are layers that may be missing. */
int role_sandbox(const char *role, const struct role_paths *p,
		 const struct config_list *optional, struct sl_why *why) SL_MUST_USE;
/* Replace NAME below dir_fd with this object, whole or not at all.  A status
 * file is a hint for people: failure costs nothing.  Takes j (NULL is fine). */
void role_status(int dir_fd, const char *name, json_t *j);
/* What a role's only command does: work(configuration file, why) until told to stop; a
 * failure is told to the supervisor and to whoever started it by hand, under the
 * translated heading `stopped`. Returns an enum cli_exit. */
int role_run(const struct cli *c, int (*work)(const char *config, struct sl_why *why),
	     const char *stopped);
/* The whole main() of a role program: parse, then run(config path) until told to stop. */
int role_main(const char *name, const char *about, int (*run)(const struct cli *c), int argc,
	      char **argv);

#endif
