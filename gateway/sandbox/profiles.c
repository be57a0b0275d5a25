/* profiles.c - every role on one screen: what it may ask the kernel, and how much.
 *
 * Paths are known to the role itself only, from its configuration; it copies
 * its row and fills them in.  A "-child" row is for the disposable process that
 * a warm parent forks per document: same namespaces, nothing to open. */
#include "sandbox/sandbox.h"

#include <string.h>

#define FILES  (SANDBOX_FS_READ | SANDBOX_FS_WRITE)
#define PEERS  (SANDBOX_SOCKETS | SANDBOX_PASSED | SANDBOX_THREADS)
#define ZYGOTE (FILES | SANDBOX_PASSED | SANDBOX_FORK)
/* Layers a supervisor must not apply: they are inherited, and its children make
 * namespaces of their own, need other calls, and one of them the network. */
#define INHERITED (SANDBOX_NAMESPACES | SANDBOX_CAPABILITIES | SANDBOX_SECCOMP)
#define MIB	  (UINT64_C(1) << 20)

static const struct sandbox_profile profiles[] = {
	{.role = "supervisor",
	 .calls = FILES | SANDBOX_FORK | SANDBOX_EXEC,
	 .without = INHERITED,
	 .network = true,
	 .files = 4096},
	{.role = "desk",
	 .calls = FILES | PEERS | SANDBOX_NOTIFY | SANDBOX_MEMFD,
	 .network = true,
	 .files = 4096},
	{.role = "inspector",
	 .calls = FILES | PEERS | SANDBOX_NOTIFY | SANDBOX_MEMFD,
	 .files = 1024},
	/* A filter's parent makes its socket and its children's directories. */
	{.role = "filter-type", .calls = ZYGOTE},
	{.role = "filter-type-child",
	 .calls = 0,
	 .keep_user_ns = true,
	 .memory_bytes = 1024 * MIB,
	 .cpu_seconds = 121,
	 .files = 64},
	/* libclamav unpacks into a directory of its own. */
	{.role = "filter-av", .calls = ZYGOTE},
	{.role = "filter-av-child",
	 .calls = FILES,
	 .keep_user_ns = true,
	 .memory_bytes = 6144 * MIB,
	 .file_bytes = 512 * MIB,
	 .cpu_seconds = 121,
	 .files = 64},
	/* Signatures from a medium are unpacked and loaded here before anyone trusts them. */
	{.role = "av-check",
	 .calls = FILES | SANDBOX_MEMFD,
	 .memory_bytes = 6144 * MIB,
	 .cpu_seconds = 600},
	/* poppler reads character maps. */
	{.role = "filter-extract", .calls = ZYGOTE},
	{.role = "filter-extract-child",
	 .calls = SANDBOX_FS_READ,
	 .keep_user_ns = true,
	 .memory_bytes = 2048 * MIB,
	 .cpu_seconds = 121,
	 .files = 64},
	/* poppler reads character maps and fonts. */
	{.role = "filter-see", .calls = ZYGOTE},
	{.role = "filter-see-child",
	 .calls = SANDBOX_FS_READ,
	 .keep_user_ns = true,
	 .memory_bytes = 2048 * MIB,
	 .cpu_seconds = 601,
	 .files = 64},
	/* LibreOffice has threads, and writes into a directory of its child's own. */
	{.role = "filter-office", .calls = ZYGOTE | SANDBOX_THREADS},
	{.role = "filter-office-child",
	 .calls = FILES | SANDBOX_THREADS,
	 .keep_user_ns = true,
	 .memory_bytes = 2048 * MIB,
	 .file_bytes = 512 * MIB,
	 .cpu_seconds = 121,
	 .files = 64},
	/* On a reviewer's machine: one page or picture, then gone. */
	{.role = "draw",
	 .calls = SANDBOX_FS_READ,
	 .memory_bytes = 2048 * MIB,
	 .cpu_seconds = 20,
	 .files = 64},
	{.role = "filter-match", .calls = ZYGOTE},
	{.role = "filter-match-child",
	 .calls = 0,
	 .keep_user_ns = true,
	 .memory_bytes = 1024 * MIB,
	 .cpu_seconds = 121,
	 .files = 64},
	/* Makes copies of documents in memory and hands them back. */
	{.role = "filter-clean", .calls = ZYGOTE},
	{.role = "filter-clean-child",
	 .calls = 0,
	 .keep_user_ns = true,
	 .memory_bytes = 3072 * MIB,
	 .cpu_seconds = 121,
	 .files = 64},
	{.role = "releaser", .calls = FILES | SANDBOX_THREADS | SANDBOX_NOTIFY, .files = 1024},
	{.role = "checker", .calls = FILES | SANDBOX_THREADS | SANDBOX_NOTIFY, .files = 1024},
	{.role = "sender", .calls = FILES | PEERS | SANDBOX_NOTIFY, .network = true},
	/* Link modes udp and directory: the one socket was opened before, and only sends. */
	{.role = "sender-oneway", .calls = FILES | SANDBOX_NOTIFY | SANDBOX_SEND},
	{.role = "receiver", .calls = FILES | PEERS | SANDBOX_NOTIFY, .network = true},
	/* Its socket is open before; it has no call to send, nor a network of its own. */
	{.role = "receiver-udp", .calls = FILES | SANDBOX_THREADS | SANDBOX_RECEIVE},
	{.role = "installer", .calls = FILES | SANDBOX_THREADS | SANDBOX_NOTIFY, .files = 1024},
	{.role = "server",
	 .calls = SANDBOX_FS_READ | PEERS | SANDBOX_NOTIFY,
	 .network = true,
	 .files = 8192},
	{.role = "pull", .calls = FILES | PEERS, .network = true, .files = 1024},
};
enum { N_PROFILES = sizeof(profiles) / sizeof(profiles[0]) };

const struct sandbox_profile *sandbox_profiles(unsigned *ret_n)
{
	*ret_n = N_PROFILES;
	return profiles;
}

const struct sandbox_profile *sandbox_profile_named(const char *role)
{
	for (unsigned i = 0; i < N_PROFILES; i++) {
		if (strcmp(profiles[i].role, role) == 0)
			return &profiles[i];
	}
	return NULL;
}
