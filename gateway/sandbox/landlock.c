/* landlock.c - which paths a role can open, by the kernel's Landlock.
 *
 * The interface is spelled out here because the distribution's headers are
 * older than the kernels this runs on; numbers are from
 * Documentation/userspace-api/landlock.rst.  Every right the running kernel
 * knows is taken away and given back only for the profile's paths, so a newer
 * kernel never means a weaker sandbox. */
#include "sandbox/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"

#define RIGHT_EXECUTE	  (UINT64_C(1) << 0)
#define RIGHT_WRITE_FILE  (UINT64_C(1) << 1)
#define RIGHT_READ_FILE	  (UINT64_C(1) << 2)
#define RIGHT_READ_DIR	  (UINT64_C(1) << 3)
#define RIGHT_REMOVE_DIR  (UINT64_C(1) << 4)
#define RIGHT_REMOVE_FILE (UINT64_C(1) << 5)
#define RIGHT_MAKE_DIR	  (UINT64_C(1) << 7)
#define RIGHT_MAKE_REG	  (UINT64_C(1) << 8)
#define RIGHT_MAKE_SOCK	  (UINT64_C(1) << 9)
#define RIGHT_MAKE_FIFO	  (UINT64_C(1) << 10)
#define RIGHT_MAKE_SYM	  (UINT64_C(1) << 12)
#define RIGHT_REFER	  (UINT64_C(1) << 13)
#define RIGHT_TRUNCATE	  (UINT64_C(1) << 14)
#define RIGHTS_ABI_1	  ((UINT64_C(1) << 13) - 1)
#define RIGHTS_ABI_2	  ((UINT64_C(1) << 14) - 1)
#define RIGHTS_ABI_3	  ((UINT64_C(1) << 15) - 1)
#define RIGHTS_ABI_5	  ((UINT64_C(1) << 16) - 1) /* ioctl on devices */
#define RIGHTS_READ	  (RIGHT_READ_FILE | RIGHT_READ_DIR)
#define RIGHTS_WRITE                                                                           \
	(RIGHT_WRITE_FILE | RIGHT_REMOVE_DIR | RIGHT_REMOVE_FILE | RIGHT_MAKE_DIR |            \
	 RIGHT_MAKE_REG | RIGHT_MAKE_SOCK | RIGHT_MAKE_FIFO | RIGHT_MAKE_SYM | RIGHT_REFER |   \
	 RIGHT_TRUNCATE)
/* All that may be granted on something that is not a directory. */
#define RIGHTS_OF_FILE (RIGHT_EXECUTE | RIGHT_WRITE_FILE | RIGHT_READ_FILE | RIGHT_TRUNCATE)

enum {
	CALL_CREATE = 444,
	CALL_ADD_RULE = 445,
	CALL_RESTRICT = 446, /* the same numbers on every architecture */
	CREATE_VERSION = 1,
	RULE_PATH_BENEATH = 1,
	NET_BIND_AND_CONNECT = 3,      /* ABI 4 */
	SCOPE_ABSTRACT_AND_SIGNAL = 3, /* ABI 6 */
};

struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};
struct path_rule {
	uint64_t rights;
	int32_t parent;
} __attribute__((packed));

int landlock_abi(void)
{
	long abi = syscall(CALL_CREATE, NULL, (size_t)0, CREATE_VERSION);

	return abi > 0 ? (int)abi : 0;
}

static uint64_t rights_known(int abi)
{
	if (abi >= 5)
		return RIGHTS_ABI_5;
	if (abi >= 3)
		return RIGHTS_ABI_3;
	return abi == 2 ? RIGHTS_ABI_2 : RIGHTS_ABI_1;
}

static int add_path(int rules, uint64_t known, const struct sandbox_path *path,
		    struct sl_why *why)
{
	struct path_rule rule = {.rights = RIGHTS_READ, .parent = -1};
	struct stat st;
	int r = SL_OK;

	if (path->write)
		rule.rights |= RIGHTS_WRITE;
	if (path->execute)
		rule.rights |= RIGHT_EXECUTE;
	rule.rights &= known;
	rule.parent = open(path->path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0) {
		if (path->optional)
			return SL_OK;
		return why_set(why, sl_err_errno(errno), "%s: %s", path->path, strerror(errno));
	}
	if (fstat(rule.parent, &st) != 0 || !S_ISDIR(st.st_mode))
		rule.rights &= RIGHTS_OF_FILE;
	if (syscall(CALL_ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0) != 0)
		r = why_set(why, SL_E_SANDBOX, "Landlock rule for %s: %s", path->path,
			    strerror(errno));
	file_close(rule.parent);
	return r;
}

int landlock_enter(const struct sandbox_profile *p, struct sl_why *why)
{
	int abi = landlock_abi();
	struct ruleset set = {.fs = rights_known(abi)};
	size_t size = abi >= 6	 ? sizeof(set)
		      : abi >= 4 ? 2 * sizeof(uint64_t)
				 : sizeof(uint64_t);
	int rules = -1, r = SL_OK;

	if (abi == 0)
		return why_set(why, SL_E_SANDBOX, "this kernel has no Landlock");
	if (!p->network && abi >= 4)
		set.net = NET_BIND_AND_CONNECT;
	if (abi >= 6)
		set.scoped = SCOPE_ABSTRACT_AND_SIGNAL;
	rules = (int)syscall(CALL_CREATE, &set, size, 0);
	if (rules < 0)
		return why_set(why, SL_E_SANDBOX, "Landlock: %s", strerror(errno));
	for (const struct sandbox_path *path = p->paths; path != NULL && path->path != NULL;
	     path++) {
		r = add_path(rules, set.fs, path, why);
		if (r != SL_OK)
			goto out;
	}
	if (syscall(CALL_RESTRICT, rules, 0) != 0)
		r = why_set(why, SL_E_SANDBOX, "Landlock: %s", strerror(errno));
out:
	file_close(rules);
	return r;
}
