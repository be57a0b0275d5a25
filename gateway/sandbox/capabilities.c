/* capabilities.c - no capability left in any set, and none to be won by exec. */
#include "sandbox/layers.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CAPABILITIES_MAX = 63 };

static int drop_bounding(void)
{
	for (unsigned long cap = 0; cap <= CAPABILITIES_MAX; cap++) {
		int there = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (there < 0)
			return 0; /* past the kernel's last capability */
		/* Without CAP_SETPCAP the set cannot shrink; no-new-privs makes it
		 * worthless then. */
		if (there == 1 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0 && errno != EPERM)
			return -1;
	}
	return 0;
}

int capabilities_drop(struct sl_why *why)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3],
		left[_LINUX_CAPABILITY_U32S_3];

	memset(none, 0, sizeof(none));
	memset(left, 0xff, sizeof(left));
	if (drop_bounding() != 0)
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
