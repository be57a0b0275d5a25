/* test_sandbox_work.c - what a role is allowed must go on working inside its sandbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/wake.h"
#include "sandbox/sandbox.h"

static char dir[PATH_MAX], kept[PATH_MAX + 8];
static struct sandbox_path writable[] = {{.path = dir, .write = true}, {.path = NULL}};
static struct sandbox_path readable[] = {{.path = dir}, {.path = NULL}};

/* In the child: a broken expectation ends it with the line as exit status. */
#define NEED(cond)                                                                             \
	do {                                                                                   \
		if (!(cond))                                                                   \
			_exit(__LINE__ % 250 + 1);                                             \
	} while (0)

/* Sanitizer builds have no sandbox; it is tested in the others. */
static void skip_without_sandbox(void)
{
#ifdef SL_NO_SANDBOX
	skip();
#endif
}

static int set_up(void **state)
{
	char name[] = "/tmp/sl-sandbox-XXXXXX";

	(void)state;
	if (mkdtemp(name) == NULL || realpath(name, dir) == NULL)
		return -1;
	(void)snprintf(kept, sizeof(kept), "%s/kept", dir);
	return file_write_durable(AT_FDCWD, kept, "k", 1, 0600);
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void in_dir(char out[PATH_MAX], const char *name)
{
	NEED(file_join(out, PATH_MAX, dir, name) == SL_OK);
}

static int run(const struct sandbox_profile *p, void (*work)(void))
{
	int status = 0;
	pid_t pid;

	skip_without_sandbox();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (sandbox_enter(p, 0, NULL, NULL) != SL_OK)
			_exit(255);
		work();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void files_like_sqlite(void)
{
	char a[PATH_MAX], b[PATH_MAX], sub[PATH_MAX];
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	struct stat st;
	char *page;
	int fd;

	in_dir(a, "a");
	in_dir(b, "b");
	in_dir(sub, "sub");
	NEED(mkdir(sub, 0700) == 0);
	fd = open(a, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	NEED(fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0 && ftruncate(fd, 8192) == 0);
	NEED(pwrite(fd, "x", 1, 4096) == 1 && fdatasync(fd) == 0 && fsync(fd) == 0);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	NEED(page != MAP_FAILED);
	page[0] = 'y';
	NEED(munmap(page, 4096) == 0 && fstat(fd, &st) == 0 && st.st_size == 8192);
	NEED(link(a, b) == 0 && unlink(a) == 0 && rename(b, a) == 0);
	in_dir(b, "sub/c");
	NEED(rename(a, b) == 0 && stat(b, &st) == 0); /* between directories: REFER */
	NEED(unlink(b) == 0 && rmdir(sub) == 0);
	NEED(file_write_durable(AT_FDCWD, a, "z", 1, 0600) == SL_OK && unlink(a) == 0);
	NEED(open("/tmp/sl-outside", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 &&
	     errno == EACCES);
	NEED(open("/etc/passwd", O_RDONLY) < 0);
}

static void reading_only(void)
{
	struct stat st;
	DIR *d = opendir(dir);

	NEED(d != NULL && readdir(d) != NULL && closedir(d) == 0);
	NEED(open(kept, O_RDONLY | O_CLOEXEC) >= 0 && stat(kept, &st) == 0);
	NEED(open(kept, O_RDWR | O_CLOEXEC) < 0 && errno == EACCES);
	NEED(open(kept, O_WRONLY | O_TRUNC) < 0 && open(kept, O_RDONLY | O_TRUNC) < 0);
	NEED(open(kept, O_RDONLY | O_CREAT, 0600) < 0 && unlink(kept) < 0);
}

static void *thread_body(void *arg)
{
	void *memory = malloc(1 << 20); /* an arena of its own */

	NEED(memory != NULL);
	free(memory);
	return arg;
}

static void threads_and_peers(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char path[PATH_MAX];
	pthread_t t[4];
	int s, c;

	for (int i = 0; i < 4; i++)
		NEED(pthread_create(&t[i], NULL, thread_body, NULL) == 0);
	for (int i = 0; i < 4; i++)
		NEED(pthread_join(t[i], NULL) == 0);
	in_dir(path, "s");
	NEED(snprintf(at.sun_path, sizeof(at.sun_path), "%s", path) < (int)sizeof(at.sun_path));
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	NEED(s >= 0 && bind(s, (struct sockaddr *)(void *)&at, sizeof(at)) == 0 &&
	     listen(s, 1) == 0);
	NEED(connect(c, (struct sockaddr *)(void *)&at, sizeof(at)) == 0);
	NEED(accept4(s, NULL, NULL, SOCK_CLOEXEC) >= 0 && unlink(at.sun_path) == 0);
}

static void bells(void)
{
	struct wake *w = NULL;

	NEED(wake_new(&w) == SL_OK && wake_watch(w, dir) == SL_OK);
	wake_ring(dir);
	NEED(wake_wait(w, 2000) == 1);
	wake_free(w);
}

static void memory_files(void)
{
	int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	NEED(fd >= 0 && ftruncate(fd, 100) == 0 && write(fd, "abc", 3) == 3);
	NEED(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK) == 0);
	NEED(write(fd, "abc", 3) < 0);
}

static void child_alone(void)
{
	char *big = malloc(8 << 20);
	struct rlimit now;

	NEED(big != NULL);
	memset(big, 1, 8 << 20);
	big = realloc(big, 16 << 20);
	NEED(big != NULL);
	free(big);
	NEED(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
	NEED(access("/", R_OK) < 0 && isatty(0) == 0 && getrlimit(RLIMIT_CORE, &now) == 0);
}

/* The zygote's way: parent enters, forks per document, child enters once more. */
static void zygote(void)
{
	const struct sandbox_profile *child = sandbox_profile_named("filter-match-child");

	NEED(sandbox_prepare(child, NULL) == SL_OK);
	for (int i = 0; i < 3; i++) {
		int ends[2], status = 0;
		char got[3] = {0};
		pid_t pid;

		NEED(pipe2(ends, O_CLOEXEC) == 0);
		pid = fork();
		if (pid == 0) {
			struct sandbox_report report;

			NEED(sandbox_enter(child, 0, &report, NULL) == SL_OK);
			NEED(report.active == report.wanted);
			child_alone();
			_exit(write(ends[1], "ok", 2) == 2 ? 0 : 1);
		}
		NEED(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
		NEED(read(ends[0], got, 2) == 2 && strcmp(got, "ok") == 0);
		/* One that hangs is ended by its parent. */
		pid = fork();
		if (pid == 0)
			for (;;)
				(void)poll(NULL, 0, -1);
		NEED(pid > 0 && kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid);
	}
}

static void too_long_a_file(void)
{
	char path[PATH_MAX], block[4096] = {0};
	int fd;

	in_dir(path, "long");
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	NEED(fd >= 0 && write(fd, block, sizeof(block)) == sizeof(block));
	NEED(write(fd, block, 1) < 0 && errno == EFBIG && unlink(path) == 0);
}

static void fork_as_process(void)
{
	if (fork() == 0)
		_exit(0);
}

static void work_goes_on(void **state)
{
	const struct {
		const char *name, *role;
		const struct sandbox_path *paths;
		void (*work)(void);
		uint64_t file_bytes;
	} rows[] = {
		{"files", "releaser", writable, files_like_sqlite, 0},
		{"files of the desk", "desk", writable, files_like_sqlite, 0},
		{"reading", "server", readable, reading_only, 0},
		{"threads and peers", "inspector", writable, threads_and_peers, 0},
		{"threads and peers of the desk", "desk", writable, threads_and_peers, 0},
		{"bells", "checker", writable, bells, 0},
		{"memory files", "inspector", NULL, memory_files, 0},
		{"child", "filter-match-child", NULL, child_alone, 0},
		{"zygote", "filter-match", NULL, zygote, 0},
		{"long file", "filter-av-child", writable, too_long_a_file, 4096},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sandbox_profile p = *sandbox_profile_named(rows[i].role);
		int status;

		p.paths = rows[i].paths;
		if (rows[i].file_bytes != 0)
			p.file_bytes = rows[i].file_bytes;
		status = run(&p, rows[i].work);
		if (status != 0)
			fail_msg("%s: exit %d, signal %d", rows[i].name, WEXITSTATUS(status),
				 WTERMSIG(status));
	}
}

static void thread_is_no_process(void **state)
{
	int status;

	(void)state;
	status = run(sandbox_profile_named("desk"), fork_as_process);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static void paths_that_are_missing(void **state)
{
	struct sandbox_path paths[] = {{.path = "/nonexistent/x"}, {.path = NULL}};
	struct sandbox_profile p = *sandbox_profile_named("server");
	struct sandbox_probe_result r;

	(void)state;
	skip_without_sandbox();
	p.paths = paths;
	assert_int_equal(sandbox_probe(&p, 0, &r), SL_OK);
	assert_int_equal(r.error, SL_E_NOTFOUND);
	assert_false(r.as_promised);
	assert_non_null(strstr(r.why.text, "/nonexistent/x"));
	paths[0].optional = true;
	assert_int_equal(sandbox_probe(&p, 0, &r), SL_OK);
	assert_true(r.as_promised);
}

static void names_of_layers(void **state)
{
	char known1[] = "landlock", known2[] = "no-dump", unknown[] = "magic";
	char *names[] = {known1, known2, unknown};
	struct config_list list = {names, 2};
	struct sl_why why = {{0}};
	unsigned layers = 0;

	(void)state;
	assert_int_equal(sandbox_optional(&list, &layers, &why), SL_OK);
	assert_int_equal(layers, SANDBOX_LANDLOCK | SANDBOX_NO_DUMP);
	list.n = 3;
	assert_int_equal(sandbox_optional(&list, &layers, &why), SL_E_CONFIG);
	assert_non_null(strstr(why.text, "magic"));
	assert_string_equal(sandbox_layer_name(SANDBOX_SECCOMP), "seccomp");
	assert_string_equal(sandbox_layer_name(0), "unknown");
	assert_string_equal(sandbox_act_name(SANDBOX_ACTS), "unknown");
}

/* A layer that cannot be had stops the role unless it is named optional: a host
 * whose limit of user namespaces is used up is what that looks like. */
static void missing_layer(void **state)
{
	struct sandbox_profile nested = *sandbox_profile_named("installer");
	int status = 0;
	pid_t pid;

	(void)state;
	skip_without_sandbox();
	pid = fork();
	if (pid == 0) {
		struct sandbox_profile first = *sandbox_profile_named("filter-match");
		struct sandbox_report report;
		struct sl_why why = {{0}};

		first.without = SANDBOX_SECCOMP;
		first.paths = writable;
		NEED(sandbox_enter(&first, 0, NULL, NULL) == SL_OK);
		/* /proc/self/uid_map is out of reach now. */
		NEED(sandbox_enter(&nested, 0, &report, &why) == SL_E_SANDBOX);
		NEED(strstr(why.text, "namespaces") != NULL);
		NEED(sandbox_enter(&nested, SANDBOX_NAMESPACES, &report, &why) == SL_OK);
		NEED(report.active == (report.wanted & ~(unsigned)SANDBOX_NAMESPACES));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_goes_on),
		cmocka_unit_test(thread_is_no_process),
		cmocka_unit_test(paths_that_are_missing),
		cmocka_unit_test(missing_layer),
		cmocka_unit_test(names_of_layers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
