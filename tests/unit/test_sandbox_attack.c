/* test_sandbox_attack.c - one attack set per role: what is forbidden must fail, whoever asks.
 *
 * The expectations stand here a second time, on purpose: a slip in the profile
 * table must not move them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

#define MAY(act) (1u << SANDBOX_ACT_##act)

static const struct {
	const char *role;
	unsigned may;
} roles[] = {
	{"supervisor", MAY(FORK) | MAY(CONNECT)},
	{"desk", MAY(CONNECT)},
	{"inspector", 0},
	{"filter-type", MAY(FORK)},
	{"filter-type-child", 0},
	{"filter-av", MAY(FORK)},
	{"filter-av-child", 0},
	{"av-check", 0},
	{"filter-extract", MAY(FORK)},
	{"filter-extract-child", 0},
	{"filter-see", MAY(FORK)},
	{"filter-see-child", 0},
	{"filter-office", MAY(FORK)},
	{"filter-office-child", 0},
	{"draw", 0},
	{"filter-match", MAY(FORK)},
	{"filter-match-child", 0},
	{"filter-clean", MAY(FORK)},
	{"filter-clean-child", 0},
	{"releaser", 0},
	{"checker", 0},
	{"sender", MAY(CONNECT)},
	{"sender-oneway", 0},
	{"receiver", MAY(CONNECT)},
	{"receiver-udp", 0},
	{"installer", 0},
	{"server", MAY(CONNECT)},
	{"pull", MAY(CONNECT)},
};
enum { N_ROLES = sizeof(roles) / sizeof(roles[0]) };

static void every_role_is_listed(void **state)
{
	unsigned n = 0;
	const struct sandbox_profile *all = sandbox_profiles(&n);

	(void)state;
	assert_int_equal(n, N_ROLES);
	for (unsigned i = 0; i < n; i++)
		assert_string_equal(all[i].role, roles[i].role);
	assert_null(sandbox_profile_named("postmaster"));
}

#ifndef SL_NO_SANDBOX
static void probe_of_every_role(void **state)
{
	(void)state;
	for (unsigned i = 0; i < N_ROLES; i++) {
		struct sandbox_probe_result r;

		assert_int_equal(sandbox_probe(sandbox_profile_named(roles[i].role), 0, &r),
				 SL_OK);
		if (r.error != SL_OK)
			fail_msg("%s: %s", roles[i].role, r.why.text);
		assert_int_equal(r.report.active, r.report.wanted);
		for (unsigned act = 0; act < SANDBOX_ACTS; act++) {
			bool want = (roles[i].may >> act & 1u) != 0;

			if (r.act[act].happened != want || r.act[act].permitted != want)
				fail_msg("%s: %s happened %d, the table says %d, wanted %d",
					 roles[i].role, sandbox_act_name((enum sandbox_act)act),
					 r.act[act].happened, r.act[act].permitted, want);
		}
		assert_true(r.as_promised);
	}
}

/* A probe that finds what a profile did not promise has to say so. */
static void probe_tells_a_lie(void **state)
{
	static const struct sandbox_path paths[] = {{.path = "/etc/passwd"}, {.path = NULL}};
	struct sandbox_profile p = *sandbox_profile_named("desk");
	struct sandbox_probe_result r;

	(void)state;
	p.paths = paths;
	assert_int_equal(sandbox_probe(&p, 0, &r), SL_OK);
	assert_true(r.act[SANDBOX_ACT_READ].happened && r.act[SANDBOX_ACT_READ].permitted);
	assert_true(r.as_promised);
	p.without = SANDBOX_LANDLOCK;
	p.paths = NULL;
	assert_int_equal(sandbox_probe(&p, 0, &r), SL_OK);
	assert_true(r.act[SANDBOX_ACT_READ].happened);
	assert_false(r.as_promised);
}

/* Raw calls that no confined role may make: 0 means that it worked. */
static long do_execve(void)
{
	return syscall(SYS_execve, "/bin/true", NULL, NULL);
}
static long do_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}
static long do_vm_write(void)
{
	return syscall(SYS_process_vm_writev, getppid(), NULL, 0, NULL, 0, 0);
}
static long do_mount(void)
{
	return syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL);
}
static long do_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}
static long do_setns(void)
{
	return syscall(SYS_setns, 0, 0);
}
static long do_chroot(void)
{
	return chroot("/");
}
static long do_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0);
}
static long do_keyctl(void)
{
	return syscall(SYS_keyctl, 0, -3, 1);
}
static long do_perf(void)
{
	return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
}
static long do_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}
static long do_userfault(void)
{
	return syscall(SYS_userfaultfd, 0);
}
static long do_handle(void)
{
	return syscall(SYS_open_by_handle_at, AT_FDCWD, NULL, 0);
}
static long do_kill_init(void)
{
	return kill(1, 0);
}
static long do_kill_parent(void)
{
	return kill(getppid(), 0);
}
static long do_packet(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? -1 : 0;
}
static long do_vsock(void)
{
	return socket(AF_VSOCK, SOCK_STREAM, 0) < 0 ? -1 : 0;
}
static long do_setuid(void)
{
	return syscall(SYS_setresuid, 0, 0, 0);
}
static long do_dumpable(void)
{
	return syscall(SYS_prctl, 4 /* PR_SET_DUMPABLE */, 1, 0, 0, 0);
}
static long do_new_ns_clone(void)
{
	return syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0) < 0 ? -1 : 0;
}
static long do_write_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0) == MAP_FAILED
		       ? -1
		       : 0;
}
static long do_make_code(void)
{
	void *page =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}
static long do_pass_as_32_bit(void)
{
#ifdef __x86_64__
	long r;

	/* getpid by the 32-bit gate: a program for one architecture must not be asked by
	 * another. */
	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20) : "memory");
	return r > 0 ? 0 : -1;
#else
	return -1;
#endif
}

static const struct {
	const char *name;
	long (*act)(void);
} attacks[] = {
	{"execve", do_execve},
	{"ptrace", do_ptrace},
	{"process_vm_writev", do_vm_write},
	{"mount", do_mount},
	{"unshare", do_unshare},
	{"setns", do_setns},
	{"chroot", do_chroot},
	{"bpf", do_bpf},
	{"keyctl", do_keyctl},
	{"perf_event_open", do_perf},
	{"io_uring", do_io_uring},
	{"userfaultfd", do_userfault},
	{"open_by_handle_at", do_handle},
	{"kill init", do_kill_init},
	{"kill parent", do_kill_parent},
	{"packet socket", do_packet},
	{"vsock", do_vsock},
	{"setresuid", do_setuid},
	{"dumpable", do_dumpable},
	{"clone with a namespace", do_new_ns_clone},
	{"writable code", do_write_code},
	{"code made later", do_make_code},
	{"32-bit call", do_pass_as_32_bit},
};

static int run_attack(const struct sandbox_profile *p, long (*act)(void))
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (sandbox_enter(p, 0, NULL, NULL) != SL_OK)
			_exit(2);
		_exit(act() == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void raw_attacks_on_every_role(void **state)
{
	(void)state;
	for (unsigned i = 1; i < N_ROLES; i++) { /* 0 is the supervisor: no seccomp by design */
		const struct sandbox_profile *p = sandbox_profile_named(roles[i].role);

		for (size_t k = 0; k < sizeof(attacks) / sizeof(attacks[0]); k++) {
			int status = run_attack(p, attacks[k].act);

			if (WIFEXITED(status) && WEXITSTATUS(status) != 1)
				fail_msg("%s: %s ended with %d", p->role, attacks[k].name,
					 WEXITSTATUS(status));
			if (WIFSIGNALED(status) && WTERMSIG(status) != SIGSYS)
				fail_msg("%s: %s died of signal %d", p->role, attacks[k].name,
					 WTERMSIG(status));
		}
	}
}

/* The receiver of udp mode: its socket is open before, and only takes. */
static int inbound = -1;
static struct sockaddr_in there = {.sin_family = AF_INET};

static struct msghdr message(void)
{
	static uint8_t byte;
	static struct iovec one = {.iov_base = &byte, .iov_len = 1};

	return (struct msghdr){.msg_name = &there,
			       .msg_namelen = sizeof(there),
			       .msg_iov = &one,
			       .msg_iovlen = 1};
}
static long do_sendto(void)
{
	return sendto(inbound, "x", 1, 0, (struct sockaddr *)&there, sizeof(there)) == 1 ? 0
											 : -1;
}
static long do_send(void)
{
	return send(inbound, "x", 1, 0) == 1 ? 0 : -1;
}
static long do_sendmsg(void)
{
	struct msghdr m = message();

	return sendmsg(inbound, &m, 0) == 1 ? 0 : -1;
}
static long do_sendmmsg(void)
{
	struct mmsghdr m = {.msg_hdr = message()};

	return sendmmsg(inbound, &m, 1, 0) == 1 ? 0 : -1;
}
static long do_connect(void)
{
	return connect(inbound, (struct sockaddr *)&there, sizeof(there));
}
static long do_write(void)
{
	return write(inbound, "x", 1) == 1 ? 0 : -1;
}
static long do_new_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) < 0 ? -1 : 0;
}
static long do_receive(void)
{
	struct mmsghdr m = {.msg_hdr = message()};

	return recvmmsg(inbound, &m, 1, 0, NULL) == 1 && m.msg_len == 1 ? 0 : -1;
}

static void receiver_takes_and_never_sends(void **state)
{
	static long (*const sending[])(void) = {do_sendto,  do_send,  do_sendmsg,   do_sendmmsg,
						do_connect, do_write, do_new_socket};
	const struct sandbox_profile *p = sandbox_profile_named("receiver-udp");
	struct sockaddr_in here = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(here);
	int outside = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), status;
	char byte;

	(void)state;
	inbound = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(inbound >= 0 && outside >= 0);
	there = here;
	assert_int_equal(bind(inbound, (struct sockaddr *)&here, len), 0);
	assert_int_equal(bind(outside, (struct sockaddr *)&there, len), 0);
	assert_int_equal(getsockname(inbound, (struct sockaddr *)&here, &len), 0);
	assert_int_equal(getsockname(outside, (struct sockaddr *)&there, &len), 0);
	assert_int_equal(sendto(outside, "x", 1, 0, (struct sockaddr *)&here, len), 1);
	status = run_attack(p, do_receive);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	for (size_t i = 0; i < sizeof(sending) / sizeof(*sending); i++) {
		status = run_attack(p, sending[i]);
		if (WIFEXITED(status) ? WEXITSTATUS(status) != 1 : WTERMSIG(status) != SIGSYS)
			fail_msg("way %zu ended with %d", i, status);
	}
	assert_int_equal(recv(outside, &byte, 1, MSG_DONTWAIT), -1);
	(void)close(inbound);
	(void)close(outside);
}

/* The sender of udp mode: its socket is open before, and only gives.  That read(2) finds
 * nothing there is up to the socket (unit.link_udp_out). */
static long do_recv(void)
{
	char byte;

	return recv(inbound, &byte, 1, MSG_DONTWAIT) == 1 ? 0 : -1;
}
static long do_recvmsg(void)
{
	struct msghdr m = message();

	return recvmsg(inbound, &m, MSG_DONTWAIT) == 1 ? 0 : -1;
}
static long do_bind(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET};

	return bind(inbound, (struct sockaddr *)&any, sizeof(any));
}
static long do_setsockopt(void)
{
	int on = 1;

	return setsockopt(inbound, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
}
static long do_connect_and_give(void)
{
	struct mmsghdr m = {.msg_hdr = message()};

	m.msg_hdr.msg_name = NULL;
	m.msg_hdr.msg_namelen = 0;
	return do_connect() == 0 && sendmmsg(inbound, &m, 1, 0) == 1 ? 0 : -1;
}

static void sender_gives_and_never_takes(void **state)
{
	static long (*const taking[])(void) = {do_recv, do_recvmsg,    do_receive,
					       do_bind, do_setsockopt, do_new_socket};
	const struct sandbox_profile *p = sandbox_profile_named("sender-oneway");
	struct sockaddr_in here = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(here);
	int outside = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), status;
	char byte;

	(void)state;
	inbound = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(inbound >= 0 && outside >= 0);
	there = here;
	assert_int_equal(bind(inbound, (struct sockaddr *)&here, len), 0);
	assert_int_equal(bind(outside, (struct sockaddr *)&there, len), 0);
	assert_int_equal(getsockname(inbound, (struct sockaddr *)&here, &len), 0);
	assert_int_equal(getsockname(outside, (struct sockaddr *)&there, &len), 0);
	/* Something is there to be taken. */
	assert_int_equal(sendto(outside, "x", 1, 0, (struct sockaddr *)&here, len), 1);
	for (size_t i = 0; i < sizeof(taking) / sizeof(*taking); i++) {
		status = run_attack(p, taking[i]);
		if (WIFEXITED(status) ? WEXITSTATUS(status) != 1 : WTERMSIG(status) != SIGSYS)
			fail_msg("way %zu ended with %d", i, status);
	}
	assert_int_equal(recv(inbound, &byte, 1, MSG_DONTWAIT), 1);
	status = run_attack(p, do_connect_and_give);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(recv(outside, &byte, 1, MSG_DONTWAIT), 1);
	(void)close(inbound);
	(void)close(outside);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_is_listed),
#ifndef SL_NO_SANDBOX /* sanitizer builds run without the sandbox; it is tested in the others  \
		       */
		cmocka_unit_test(probe_of_every_role),
		cmocka_unit_test(probe_tells_a_lie),
		cmocka_unit_test(raw_attacks_on_every_role),
		cmocka_unit_test(receiver_takes_and_never_sends),
		cmocka_unit_test(sender_gives_and_never_takes),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
