/* pull_hook.h - the platform's own program, told about every change, by a helper outside our
 * sandbox. */
#ifndef SL_OUTLET_PULL_HOOK_H
#define SL_OUTLET_PULL_HOOK_H

#include <stdint.h>

#include "base/err.h"

enum { PULL_HOOK_SECONDS = 300, PULL_HOOK_ARG_MAX = 4096 };

struct pull_hook; /* the helper process and a pipe to it */

/* Fork the helper; call while single-threaded and before the sandbox closes.
 * `program` is borrowed. */
int pull_hook_start(const char *program, struct pull_hook **ret_h,
		    struct sl_why *why) SL_MUST_USE;
void pull_hook_stop(struct pull_hook *h); /* NULL is fine */
/* PROGRAM EVENT ID VERSION PATH, never through a shell; standard output goes to
 * standard error.  SL_OK for exit code 0, SL_E_DENIED for another one,
 * SL_E_TIMEOUT after PULL_HOOK_SECONDS, SL_E_IO when the helper is gone. */
int pull_hook_run(struct pull_hook *h, const char *event, const char *id, int64_t version,
		  const char *path) SL_MUST_USE;

/* Changes the hook has not been told yet: one small file each, so that neither a
 * crash nor a failing hook loses one. */
struct pull_hook_record {
	char event[16];
	char id[32];
	int64_t version, serial;
	char path[3400];
};
int pull_hook_remember(int hooks_fd, const struct pull_hook_record *rec) SL_MUST_USE;
/* Run the hook for everything remembered, oldest first; what fails stays and
 * the first failure is returned, with the record that failed in ret_failed. */
int pull_hook_flush(struct pull_hook *h, int hooks_fd,
		    struct pull_hook_record *ret_failed) SL_MUST_USE;

#endif
