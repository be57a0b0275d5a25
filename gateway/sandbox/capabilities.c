/* capabilities.c - no capability left in any set, and none to be won by exec. */
#include "sandbox/layers.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CAPABILITIES_MAX = 63 };

/* Seen empty by this process or by the one it was forked from.  The set never grows
 * again, except in a new user namespace. */
static bool bounding_is_empty;

static int drop_bounding(void)
{
	unsigned left = 0;
	unsigned long cap = 0;

	for (; cap <= CAPABILITIES_MAX; cap++) {
		int there = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (there < 0)
			break; /* past the kernel's last capability */
		/* Without CAP_SETPCAP the set cannot shrink; no-new-privs makes it
		 * worthless then. */
		if (there == 1 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0 && errno != EPERM)
			return -1;
		left += there == 1 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 0;
	}
	bounding_is_empty = cap > 0 && left == 0;
	return 0;
}

int capabilities_drop(const struct sandbox_profile *p, struct sl_why *why)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3],
		left[_LINUX_CAPABILITY_U32S_3];

	memset(none, 0, sizeof(none));
	memset(left, 0xff, sizeof(left));
	/* A zygote's child stays in its parent's namespace: 41 questions less a document. */
	if (!(p->keep_user_ns && bounding_is_empty) && drop_bounding() != 0)
		return why_set(why, SL_E_SANDBOX, "PR_CAPBSET_DROP: %s", strerror(errno));
	/* Kernels before 4.3 have no ambient set, so there is nothing to clear there. */
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &head, none) != 0)
		return why_set(why, SL_E_SANDBOX, "capset: %s", strerror(errno));
	head.version = _LINUX_CAPABILITY_VERSION_3;
	if (syscall(SYS_capget, &head, left) != 0 || memcmp(left, none, sizeof(none)) != 0)
		return why_set(why, SL_E_SANDBOX, "capabilities are still there after capset");
	return SL_OK;
}

int capabilities_no_new_privs(struct sl_why *why)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return why_set(why, SL_E_SANDBOX, "PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
	return SL_OK;
}
