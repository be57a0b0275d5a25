/* hangup.c - sendmsg() as NNG needs it.
 *
 * NNG 1.5 greets a new connection with eight bytes.  When the peer has gone
 * already, the kernel says EPIPE, which NNG takes for NNG_ECLOSED, "this object
 * was closed here".  Its listener, told so while it waits for the next
 * connection, never accepts again, and its dialer never dials again: connecting
 * and closing at once was enough to make a desk deaf (nanomsg/nng issue 1518).
 * ECONNRESET is the same event under the name that NNG takes for what it is, a
 * fault of the other end, after which it goes on.
 *
 * So this program has a sendmsg() of its own, which NNG finds before the C
 * library's, and the two names are exchanged on their way.  Nothing else is
 * changed.  NNG sends to sockets by no other function. */
#include "wire/hangup.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"

__attribute__((visibility("default"))) ssize_t sendmsg(int fd, const struct msghdr *m,
						       int flags)
{
	long n = syscall(SYS_sendmsg, fd, m, flags);

	if (n < 0 && errno == EPIPE)
		errno = ECONNRESET;
	return n;
}

int hangup_guarded(struct sl_why *why)
{
	ssize_t (*ours)(int, const struct msghdr *, int) = sendmsg;
	void *found = dlsym(RTLD_DEFAULT, "sendmsg");

	if (found != NULL && memcmp(&found, &ours, sizeof(found)) == 0)
		return SL_OK;
	return why_set(why, SL_E_UNSUPPORTED,
		       _("NNG does not send through this program: one broken connection "
			 "would make it deaf"));
}
