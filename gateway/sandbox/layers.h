/* layers.h - inside sandbox/ only: one pair of files per mechanism.
 *
 * Each *_enter applies its layer to the calling process and returns 0, or a
 * negative code with one sentence in `why` when the kernel refuses. */
#ifndef SL_SANDBOX_LAYERS_H
#define SL_SANDBOX_LAYERS_H

#include "sandbox/sandbox.h"

int namespaces_enter(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;
int limits_enter(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;
int limits_no_dump(struct sl_why *why) SL_MUST_USE;
int capabilities_drop(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;
int capabilities_no_new_privs(struct sl_why *why) SL_MUST_USE;
/* ABI of the running kernel, 0 when Landlock is not there. */
int landlock_abi(void);
int landlock_enter(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;
/* Compile (once per set of calls) and load the seccomp program. */
int syscalls_prepare(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;
int syscalls_enter(const struct sandbox_profile *p, struct sl_why *why) SL_MUST_USE;

#endif
