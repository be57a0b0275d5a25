/* tool_shell.h - run a piece of work in a private directory that is gone afterwards. */
#ifndef SL_POLICIES_TOOL_SHELL_H
#define SL_POLICIES_TOOL_SHELL_H

#include "base/err.h"

/* Make a directory for us alone, run work(dir, arg) in a child process, end what
 * that child started and left, remove the directory - also when the child dies
 * or SIGINT, SIGTERM or SIGHUP arrives; after a signal this process ends by it.
 * *ret_code: what work returned (0..255). SL_E_IO and others when it could not run,
 * SL_E_INTERNAL when the child was killed. */
int tool_shell_run(int (*work)(const char *dir, void *arg), void *arg, int *ret_code,
		   struct sl_why *why) SL_MUST_USE;

#endif
