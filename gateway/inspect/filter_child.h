/* filter_child.h - what happens between the fork and the exit of a disposable child. */
#ifndef SL_INSPECT_FILTER_CHILD_H
#define SL_INSPECT_FILTER_CHILD_H

#include <sys/types.h>

#include "inspect/filter_args.h"

/* Profiles of the warm parent and of its children, from what ops asks for;
 * compiles both lists of system calls before the parent gives up the right to do so,
 * and before its heap is settled. */
int filter_child_prepare(const struct filter_ops *ops, const struct filter_args *a,
			 struct sl_why *why) SL_MUST_USE;
/* The warm parent's own sandbox. `dir` holds the socket and the private directories. */
int filter_child_confine_parent(const struct filter_ops *ops, const struct filter_args *a,
				struct sl_why *why) SL_MUST_USE;
/* In a fresh child: take the request from conn, enter the sandbox, look, answer,
 * exit.  `temp` is its private directory or NULL. */
void filter_child_run(const struct filter_ops *ops, const struct filter_args *a, int conn,
		      const char *temp) __attribute__((noreturn));

#endif
