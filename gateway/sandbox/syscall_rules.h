/* syscall_rules.h - inside sandbox/ only: the lists behind enum sandbox_calls. */
#ifndef SL_SANDBOX_SYSCALL_RULES_H
#define SL_SANDBOX_SYSCALL_RULES_H

#include <seccomp.h>

#include "sandbox/sandbox.h"

/* Add every rule of the profile to a context whose default is to kill. */
int syscall_rules_add(scmp_filter_ctx ctx, const struct sandbox_profile *p,
		      struct sl_why *why) SL_MUST_USE;

#endif
