/* test_sluiced.c - the supervisor program, with stand-ins for the roles.
 *
 * A copy of this very program lies under each role's name in a libexec
 * directory; run under such a name it enters that role's sandbox, says ready and
 * waits to be ended, or does what a file "fail-NAME" beside it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/wake.h"
#include "keys/demo.h"
#include "sluiced.h"

enum { OUTPUT_MAX = 1 << 20, DEADLINE_MS = 30000 };

static char dir[PATH_MAX], config[PATH_MAX + 16];
static const char *const role_names[] = {"filter-type",	  "filter-av",	  "filter-extract",
					 "filter-see",	  "filter-match", "filter-clean",
					 "filter-office", "desk",	  "inspector",
					 "releaser",	  "checker",	  "sender"};
enum { N_ROLES = sizeof(role_names) / sizeof(role_names[0]) };

static const char *in(const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned next;
	char *out = path[next++ % 4];

	(void)snprintf(out, PATH_MAX, "%.2000s/%.500s", dir, name);
	return out;
}

/* What the desk says of its store: what a file "look" beside it says, else sound. */
static int look(const char *self)
{
	char path[PATH_MAX];
	struct buf text;

	(void)snprintf(path, sizeof(path), "%.*s/look", (int)(strrchr(self, '/') - self), self);
	buf_init(&text, 200);
	puts(file_read(AT_FDCWD, path, 200, &text) == SL_OK ? buf_str(&text) : "sound");
	buf_release(&text);
	return 0;
}

/* The stand-in of a role. */
static int act_as(const char *role, const char *self, int argc, char **argv)
{
	struct sandbox_profile p = *sandbox_profile_named(role);
	struct sl_why why = {.text = ""};
	char path[PATH_MAX];
	struct buf text;
	int wait[2];

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "look") == 0)
			return look(self);
	}
	(void)snprintf(path, sizeof(path), "%.*s/fail-%s", (int)(strrchr(self, '/') - self),
		       self, role);
	buf_init(&text, 200);
	if (file_read(AT_FDCWD, path, 200, &text) == SL_OK) {
		process_say_failed(buf_str(&text));
		return 1;
	}
	if (pipe(wait) != 0)
		return 1;
	if (sandbox_enter(&p, 0, NULL, &why) != SL_OK) {
		process_say_failed(why.text);
		return 1;
	}
	process_say_ready();
	return read(wait[0], path, 1) == 1; /* until a signal */
}

static void put(const char *name, const char *text, mode_t mode)
{
	assert_int_equal(file_write_durable(AT_FDCWD, in(name), text, strlen(text), mode),
			 SL_OK);
	assert_int_equal(chmod(in(name), mode), 0);
}

static int copy_program(const char *from, const char *to)
{
	struct buf b;
	int r;

	buf_init(&b, 64 << 20);
	r = file_read(AT_FDCWD, from, 64 << 20, &b);
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, to, b.data, b.len, 0755);
	buf_release(&b);
	return r;
}

static int make_programs(void)
{
	char self[PATH_MAX], first[64], name[64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int r;

	if (n <= 0)
		return -1;
	self[n] = '\0';
	(void)snprintf(first, sizeof(first), "libexec/sluice/sluice-%s", role_names[0]);
	r = copy_program(self, in(first));
	for (unsigned i = 1; i < N_ROLES && r == SL_OK; i++) {
		(void)snprintf(name, sizeof(name), "libexec/sluice/sluice-%s", role_names[i]);
		r = link(in(first), in(name));
	}
	return r == SL_OK ? copy_program(SL_BUILD_DIR "/bin/sluiced", in("bin/sluiced")) : r;
}

static int set_up(void **state)
{
	static const char *const dirs[] = {"bin", "libexec/sluice", "rel", "chk",
					   "db",  "spool"};
	char name[] = "/tmp/sl-sluiced-XXXXXX", set[PATH_MAX];
	struct demo_options o = {
		.policies = SL_SOURCE_DIR "/policies", .port = 18482, .dir = set};
	struct demo_result made;

	(void)state;
	if (mkdtemp(name) == NULL || realpath(name, dir) == NULL)
		return -1;
	(void)snprintf(config, sizeof(config), "%s", in("gateway.yaml"));
	(void)snprintf(set, sizeof(set), "%s", in("set"));
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (file_mkdirs(in(dirs[i]), 0700) != SL_OK)
			return -1;
	}
	put("key", "k", 0600);
	put("rel/key", "k", 0600);
	put("chk/key", "k", 0600);
	put("pub", "k", 0644);
	put("db/demo.ndb", "x", 0644);
	put("gateway.yaml",
	    "data: data\npolicies: set/policies\n"
	    "approval_policy: set/repository/approval-policy.json\n"
	    "repository: set/repository\ntrust_root: set/trust/root.json\nlisten: "
	    "['ipc://data/run/desk.sock']\n"
	    "keys: {desk: key, inspector: key, gateway: key, releaser: rel, checker: chk, "
	    "snapshot: key,\n"
	    "  timestamp: key, link: key, seal: [pub]}\n"
	    "antivirus: {database: db, demo: true}\n"
	    "link: {mode: directory, directory: spool, outlet_key: pub}\n",
	    0600);
	/* What custodians sign, real: check proves it. */
	if (demo_write(&o, &made, NULL) != SL_OK)
		return -1;
	return make_programs();
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static pid_t supervisor; /* the one of this test, 0 when it has ended */

/* A test that failed half-way must not leave its supervisor to the next. */
static int end_supervisor(void **state)
{
	(void)state;
	if (supervisor > 0 && kill(supervisor, SIGTERM) == 0)
		(void)waitpid(supervisor, NULL, 0);
	supervisor = 0;
	return 0;
}

static pid_t start(const char *command, const char *output)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		(void)dup2(fd, STDOUT_FILENO);
		(void)dup2(fd, STDERR_FILENO);
		(void)execl(in("bin/sluiced"), "sluiced", "--config", config, "--json", command,
			    NULL);
		_exit(126);
	}
	return pid;
}

static int finish(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (pid == supervisor)
		supervisor = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void read_output(const char *name, struct buf *b)
{
	buf_init(b, OUTPUT_MAX);
	assert_int_equal(file_read(AT_FDCWD, in(name), OUTPUT_MAX, b), SL_OK);
}

/* Run a command to its end; the exit code must be `code` and the output contain `says`. */
static void expect(const char *command, int code, const char *says)
{
	struct buf b;
	int got = finish(start(command, in("out")));

	read_output("out", &b);
	if (got != code || strstr(buf_str(&b), says) == NULL)
		fail_msg("%s: exit %d, wanted %d and \"%s\":\n%s", command, got, code, says,
			 buf_str(&b));
	buf_release(&b);
}

/* Wait until data/run/NAME is there. */
static void await(const char *name, pid_t pid)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;
	struct wake *w = NULL;
	char path[64];

	(void)snprintf(path, sizeof(path), "data/run/%s", name);
	assert_int_equal(file_mkdirs(in("data/run"), 0700), SL_OK);
	assert_int_equal(wake_new(&w), SL_OK);
	assert_int_equal(wake_watch(w, in("data/run")), SL_OK);
	while (!file_exists(AT_FDCWD, in(path))) {
		struct buf b;
		int status;

		(void)wake_wait(w, 200);
		if (waitpid(pid, &status, WNOHANG) == pid || clock_mono_ms() > end) {
			read_output("log", &b);
			fail_msg("no %s: %s", name, buf_str(&b));
		}
	}
	wake_free(w);
}

static json_t *status_json(int code)
{
	json_t *j = NULL;
	struct buf b;

	assert_int_equal(finish(start("status", in("out"))), code);
	read_output("out", &b);
	assert_int_equal(json_parse(b.data, b.len, OUTPUT_MAX, &j), SL_OK);
	buf_release(&b);
	return j;
}

static pid_t pid_of(const char *name)
{
	json_t *j = status_json(CLI_DONE), *role;
	int64_t pid = 0;
	size_t i;

	json_array_foreach(json_arr(j, "roles"), i, role)
	{
		if (strcmp(json_str(role, "name"), name) == 0)
			assert_true(json_i64(role, "pid", &pid));
	}
	json_decref(j);
	return (pid_t)pid;
}

static void check_finds_what_is_wrong(void **state)
{
	static const struct {
		const char *name, *says;
		mode_t mode;
	} rows[] = {
		{"key", "others on this host can read it", 0644},
		{"rel/key", "others on this host can read it", 0640},
		{"libexec/sluice/sluice-desk", "programs", 0644},
		{"db/demo.ndb", "there are no virus signatures", 0},
		{"set/trust/root.json", "trust_root", 0},
	};

	(void)state;
	expect("check", CLI_DONE, "\"ok\":true");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stat st;

		assert_int_equal(stat(in(rows[i].name), &st), 0);
		if (rows[i].mode == 0)
			assert_int_equal(rename(in(rows[i].name), in("away")), 0);
		else
			assert_int_equal(chmod(in(rows[i].name), rows[i].mode), 0);
		expect("check", CLI_REFUSED, rows[i].says);
		expect("run", CLI_REFUSED, rows[i].says);
		if (rows[i].mode == 0)
			assert_int_equal(rename(in("away"), in(rows[i].name)), 0);
		else
			assert_int_equal(chmod(in(rows[i].name), st.st_mode & 07777), 0);
	}
	expect("check", CLI_DONE, "\"ok\":true");
	/* Broken trust stops releases, not the desk: check says it, the start does not care. */
	assert_int_equal(rename(in("set/repository/metadata/1.policy.json"), in("away")), 0);
	expect("check", CLI_REFUSED, "no policy metadata in the repository");
	assert_int_equal(rename(in("away"), in("set/repository/metadata/1.policy.json")), 0);
	expect("check", CLI_DONE, "root 1, targets 1, policy 1; approval policy version 1");
}

static void old_signatures_stop_the_start(void **state)
{
	(void)state;
	put("db/daily.cvd",
	    "ClamAV-VDB:16 Sep 2016 09-40 -0400:57:1:60:x:y:amishhammer:1474033200", 0644);
	expect("check", CLI_REFUSED, "days old");
	expect("run", CLI_REFUSED, "days old");
	assert_int_equal(unlink(in("db/daily.cvd")), 0);
}

static void failed_role_stops_the_start(void **state)
{
	(void)state;
	put("libexec/sluice/fail-filter-av", "signatures are damaged", 0644);
	expect("run", CLI_REFUSED, "av: signatures are damaged");
	assert_int_equal(unlink(in("libexec/sluice/fail-filter-av")), 0);
	expect("status", CLI_UNREACHABLE, "\"state\":\"down\"");
	assert_false(file_exists(AT_FDCWD, in("data/run/ready")));
}

static void whole_life(void **state)
{
	pid_t daemon = supervisor = start("run", in("log")), desk, av;
	struct stat st;
	json_t *j;

	(void)state;
	await("ready", daemon);
	j = status_json(CLI_DONE);
	assert_string_equal(json_str(j, "state"), "running");
	assert_int_equal(json_array_size(json_arr(j, "roles")), N_ROLES);
	json_decref(j);
	assert_int_equal(stat(in("data/release/repo"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_true(file_exists(AT_FDCWD, in("data/run/sluiced.pid")));
	expect("run", CLI_UNREACHABLE, "runs already");
	desk = pid_of("desk");
	for (int i = 0; i < 5; i++) {
		pid_t before = av = pid_of("av");
		int64_t end = clock_mono_ms() + DEADLINE_MS;

		assert_int_equal(kill(av, SIGKILL), 0);
		while (i < 4 && (before == av || av == 0)) {
			av = pid_of("av");
			assert_true(clock_mono_ms() < end);
		}
	}
	await("stopped", daemon);
	j = status_json(CLI_REFUSED);
	assert_string_equal(json_str(j, "state"), "stopped");
	assert_non_null(strstr(json_str(j, "reason"), "av"));
	json_decref(j);
	assert_int_equal(kill(desk, 0), 0);
	assert_int_equal(kill(daemon, SIGTERM), 0);
	assert_int_equal(finish(daemon), CLI_DONE);
	assert_int_equal(kill(desk, 0), -1);
	assert_false(file_exists(AT_FDCWD, in("data/run/ready")));
	expect("status", CLI_UNREACHABLE, "down");
}

/* A supervisor that is killed takes its roles with it, and the next one starts. */
static void killed_supervisor(void **state)
{
	pid_t daemon = supervisor = start("run", in("log")), desk;

	(void)state;
	await("ready", daemon);
	desk = pid_of("desk");
	assert_int_equal(kill(daemon, SIGKILL), 0);
	(void)finish(daemon);
	/* The kernel ends the desk; its reaper may take a moment. */
	for (int64_t end = clock_mono_ms() + DEADLINE_MS; kill(desk, 0) == 0;) {
		char path[64], text[512] = "";
		int fd;

		(void)snprintf(path, sizeof(path), "/proc/%ld/stat", (long)desk);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0 ||
		    strstr(text, ") Z") != NULL)
			end = INT64_MAX;
		file_close(fd);
		if (end == INT64_MAX)
			break;
		assert_true(clock_mono_ms() < end);
	}
	assert_int_equal(unlink(in("data/run/ready")), 0);
	daemon = supervisor = start("run", in("log"));
	await("ready", daemon);
	assert_int_equal(kill(daemon, SIGTERM), 0);
	assert_int_equal(finish(daemon), CLI_DONE);
}

/* The supervisor at work read-only: the desk alone, and everyone is told why. */
static void expect_read_only(pid_t daemon)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;
	json_t *j = status_json(CLI_REFUSED);

	/* The state is told at once; the others need a moment to end. */
	while (json_array_size(json_arr(j, "roles")) != 1) {
		json_decref(j);
		assert_true(clock_mono_ms() < end);
		j = status_json(CLI_REFUSED);
	}
	assert_string_equal(json_str(j, "state"), "read-only");
	assert_string_equal(json_str(j, "store"), "damaged");
	assert_string_equal(json_str(j, "reason"), "page 3 is gone");
	assert_string_equal(json_str(json_array_get(json_arr(j, "roles"), 0), "name"), "desk");
	json_decref(j);
	assert_false(file_exists(AT_FDCWD, in("data/run/ready")));
	assert_int_equal(kill(daemon, SIGTERM), 0);
	assert_int_equal(finish(daemon), CLI_DONE);
	assert_int_equal(unlink(in("libexec/sluice/look")), 0);
}

static void damaged_store(void **state)
{
	(void)state;
	put("libexec/sluice/look", "damaged: page 3 is gone", 0644);
	expect("check", CLI_REFUSED, "page 3 is gone");
	supervisor = start("run", in("log"));
	await("stopped", supervisor);
	await("status.json", supervisor);
	expect_read_only(supervisor);
}

static void store_breaks_at_work(void **state)
{
	(void)state;
	supervisor = start("run", in("log"));
	await("ready", supervisor);
	put("libexec/sluice/look", "damaged: page 3 is gone", 0644);
	assert_int_equal(kill(pid_of("desk"), SIGKILL), 0);
	await("stopped", supervisor);
	expect_read_only(supervisor);
}

static void doctor_examines_each_role(void **state)
{
	(void)state;
#ifdef SL_NO_SANDBOX
	skip();
#endif
	expect("doctor", CLI_DONE, "\"role\":\"filter-match-child\"");
	expect("doctor", CLI_DONE, "NO PROTECTION");
	expect("dance", CLI_USAGE, "dance");
}

static void headers_of_signatures(void **state)
{
	static const struct {
		const char *name, *input;
		int want;
		int64_t built;
	} rows[] = {
		{"full",
		 "ClamAV-VDB:22 Mar 2023 04-24 -0400:26850:2029230:90:aa:bb:raynman:1679473478 "
		 " ",
		 SL_OK, 1679473478},
		{"old", "ClamAV-VDB:16 Sep 2016 09-40 -0400:57:1:60:aa:bb:amish", SL_OK,
		 1473984000},
		{"no date", "ClamAV-VDB:yesterday:57:1:60:aa:bb:amish", SL_E_FORMAT, 0},
		{"bad month", "ClamAV-VDB:16 Foo 2016 09-40 -0400:57", SL_E_FORMAT, 0},
		{"bad day", "ClamAV-VDB:31 Feb 2016 09-40 -0400:57", SL_E_FORMAT, 0},
		{"negative", "ClamAV-VDB:x:57:1:60:aa:bb:amish:-5", SL_E_FORMAT, 0},
		{"cut", "ClamAV-VDB:", SL_E_FORMAT, 0},
		{"other", "ELF", SL_E_FORMAT, 0},
		{"empty", "", SL_E_FORMAT, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char version[32];
		int64_t built = 0;
		int r = sluiced_host_cvd_header(rows[i].input, strlen(rows[i].input), &built,
						version);

		if (r != rows[i].want || built != rows[i].built)
			fail_msg("%s: %d %lld", rows[i].name, r, (long long)built);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_signatures),
		cmocka_unit_test(check_finds_what_is_wrong),
		cmocka_unit_test(old_signatures_stop_the_start),
		cmocka_unit_test(failed_role_stops_the_start),
		cmocka_unit_test_teardown(whole_life, end_supervisor),
		cmocka_unit_test_teardown(killed_supervisor, end_supervisor),
		cmocka_unit_test_teardown(damaged_store, end_supervisor),
		cmocka_unit_test_teardown(store_breaks_at_work, end_supervisor),
		cmocka_unit_test(doctor_examines_each_role),
	};
	const char *name = strrchr(argv[0], '/');

	if (name != NULL && strncmp(name, "/sluice-", 8) == 0)
		return act_as(name + 8, argv[0], argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
