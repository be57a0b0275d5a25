/* test_outlet_line.c - the real programs in a row: sender, link, receiver, installer, server,
 * pull. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "outlet_kit.h"

enum { DAY = 86400, DEADLINE_MS = 30000, TURN_US = 20000 };

struct line {
	struct okit k;
	char dir[64], outlet[96], gateway[96], root[96], into[96], url[64], announce[128];
	pid_t sender, daemon;
	int64_t serial;
};

static uint16_t free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&a, len) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	file_close(fd);
	return ntohs(a.sin_port);
}

static pid_t spawn(const char *program, const char *config)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getenv("SLUICE_TEST_LOUD") == NULL)
			(void)dup2(open("/dev/null", O_WRONLY), 2);
		(void)execl(program, program, "--config", config, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void end(pid_t *pid, int sig)
{
	int status;

	if (*pid <= 0)
		return;
	(void)kill(*pid, sig);
	assert_true(waitpid(*pid, &status, 0) == *pid);
	*pid = 0;
}

static void start_outlet(struct line *l)
{
	l->daemon = spawn(SL_BUILD_DIR "/bin/sluice-outlet", l->outlet);
}
static void start_sender(struct line *l)
{
	l->sender = spawn(SL_BUILD_DIR "/libexec/sluice/sluice-sender", l->gateway);
}

static void put_text(const char *path, const char *text)
{
	okit_write(AT_FDCWD, path, text, strlen(text));
}

static void write_configs(struct line *l, const char *mode, uint16_t port)
{
	char text[4096], link[512];

	if (strcmp(mode, "stream") == 0)
		(void)snprintf(link, sizeof(link),
			       "  mode: stream\n  url: \"ipc://%s/o/run/link.sock\"\n", l->dir);
	else
		(void)snprintf(link, sizeof(link),
			       "  mode: directory\n  directory: \"%s/exchange\"\n", l->dir);
	/* Paths are relative to the file's own directory. */
	(void)snprintf(text, sizeof(text),
		       "data: o\ntrust_root: root.json\nlink:\n%s  key: link\n  signer: "
		       "gateway.pub\nhttp:\n"
		       "  port: %u\nannounce: \"ipc://%s/o/run/announce.sock\"\n",
		       link, (unsigned)port, l->dir);
	put_text(l->outlet, text);
	(void)snprintf(text, sizeof(text),
		       "data: g\npolicies: .\napproval_policy: x\nrepository: .\ntrust_root: "
		       "root.json\n"
		       "listen: [\"ipc://%s/g/desk.sock\"]\nkeys:\n  desk: x\n  inspector: x\n "
		       " gateway: x\n"
		       "  releaser: .\n  checker: .\n  snapshot: x\n  timestamp: x\n  link: "
		       "x\n  seal: [x]\n"
		       "antivirus:\n  database: .\nlink:\n%s",
		       l->dir, link);
	put_text(l->gateway, text);
}

static void line_new(struct line *l, const char *mode)
{
	uint16_t port = free_port();
	char path[128];
	char *root;

	memset(l, 0, sizeof(*l));
	okit_new(&l->k, clock_now());
	(void)snprintf(l->dir, sizeof(l->dir), "%s", l->k.dir);
	(void)snprintf(l->outlet, sizeof(l->outlet), "%s/outlet.yaml", l->dir);
	(void)snprintf(l->gateway, sizeof(l->gateway), "%s/gateway.yaml", l->dir);
	(void)snprintf(l->root, sizeof(l->root), "%s/root.json", l->dir);
	(void)snprintf(l->into, sizeof(l->into), "%s/into", l->dir);
	(void)snprintf(l->url, sizeof(l->url), "http://127.0.0.1:%u", (unsigned)port);
	(void)snprintf(l->announce, sizeof(l->announce), "ipc://%s/o/run/announce.sock",
		       l->dir);
	root = okit_read(l->k.tree, "metadata/1.root.json");
	put_text(l->root, root);
	free(root);
	(void)snprintf(path, sizeof(path), "%s/link", l->dir);
	assert_int_equal(key_write(l->k.link, path, NULL), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/gateway", l->dir);
	assert_int_equal(key_write(l->k.people[OKIT_GATEWAY], path, NULL), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/g/outbox/sent", l->dir);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/exchange", l->dir);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	write_configs(l, mode, port);
	l->serial = 1;
}

static void line_free(struct line *l)
{
	end(&l->sender, SIGTERM);
	end(&l->daemon, SIGTERM);
	okit_free(&l->k);
}

/* As the releaser does it: whole under another name, then renamed. */
static void submit(struct line *l, const char *kind)
{
	char tmp[128], path[160];

	(void)snprintf(tmp, sizeof(tmp), "%s/g/outbox/.unit", l->dir);
	(void)snprintf(path, sizeof(path), "%s/g/outbox/%020" PRId64 ".%d.unit", l->dir,
		       l->serial, strcmp(kind, "notice") == 0 ? 0 : 5);
	okit_unit(&l->k, l->serial++, kind, tmp, NULL);
	assert_int_equal(rename(tmp, path), 0);
}

static int pull_with(const struct line *l, const char *option, const char *value,
		     pid_t *ret_pid)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(open("/dev/null", O_WRONLY), 1);
		if (getenv("SLUICE_TEST_LOUD") == NULL)
			(void)dup2(open("/dev/null", O_WRONLY), 2);
		(void)execl(SL_BUILD_DIR "/bin/sluice-pull", "sluice-pull", "--from", l->url,
			    "--trust", l->root, "--into", l->into, "--interval", "600",
			    "--announce", l->announce, option, value, (char *)NULL);
		_exit(127);
	}
	if (ret_pid != NULL) {
		*ret_pid = pid;
		return 0;
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool live(const struct line *l, const char *id)
{
	char path[192];

	(void)snprintf(path, sizeof(path), "%s/live/%s", l->into, id);
	return access(path, F_OK) == 0;
}

static bool installed(const struct line *l)
{
	char path[128], *text;
	json_t *j = NULL;
	struct buf b;
	int64_t next = 0;

	(void)snprintf(path, sizeof(path), "%s/o/state/installer.json", l->dir);
	buf_init(&b, 1 << 16);
	if (file_read(AT_FDCWD, path, 1 << 16, &b) == SL_OK) {
		text = (char *)b.data;
		if (json_parse(text, b.len, 1 << 16, &j) == SL_OK)
			(void)json_i64(j, "next", &next);
		json_decref(j);
	}
	buf_release(&b);
	return next == l->serial;
}

static void wait_installed(const struct line *l)
{
	int64_t deadline = clock_mono_ms() + DEADLINE_MS;

	while (!installed(l)) {
		if (clock_mono_ms() > deadline)
			fail_msg("unit %lld was not installed in time",
				 (long long)l->serial - 1);
		(void)usleep(TURN_US);
	}
}

static void wait_live(const struct line *l, const char *id, bool want)
{
	int64_t deadline = clock_mono_ms() + DEADLINE_MS;

	while (live(l, id) != want) {
		if (clock_mono_ms() > deadline)
			fail_msg("%s did not %s in time", id, want ? "appear" : "go");
		(void)usleep(TURN_US);
	}
}

static void check_line(const char *mode)
{
	struct line l;

	line_new(&l, mode);
	start_outlet(&l);
	start_sender(&l);
	submit(&l, "initial");
	okit_release(&l.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&l.k, DAY);
	submit(&l, "release");
	wait_installed(&l);
	assert_int_equal(pull_with(&l, NULL, NULL, NULL), 0);
	assert_true(live(&l, "R-2026-000001"));
	okit_recall(&l.k, "R-2026-000001", 1);
	okit_commit(&l.k, DAY);
	submit(&l, "notice");
	wait_installed(&l);
	assert_int_equal(pull_with(&l, NULL, NULL, NULL), 0);
	assert_false(live(&l, "R-2026-000001"));
	line_free(&l);
}

static void test_stream(void **state)
{
	(void)state;
	check_line("stream");
}

static void test_directory(void **state)
{
	(void)state;
	check_line("directory");
}

/* The outlet is away, the sender is killed: nothing is lost, everything arrives once. */
static void test_outage(void **state)
{
	struct line l;

	(void)state;
	line_new(&l, "stream");
	start_sender(&l);
	submit(&l, "initial");
	for (int i = 1; i <= 5; i++) {
		char id[32], body[32];

		(void)snprintf(id, sizeof(id), "R-2026-%06d", i);
		(void)snprintf(body, sizeof(body), "<p>%d</p>", i);
		okit_release(&l.k, id, 1, "official-site", body, 0);
		okit_commit(&l.k, DAY);
		submit(&l, "release");
	}
	end(&l.sender, SIGKILL);
	start_sender(&l);
	start_outlet(&l);
	wait_installed(&l);
	/* What was on the way when the outlet died comes again. */
	end(&l.daemon, SIGKILL);
	okit_release(&l.k, "R-2026-000009", 1, "official-site", "<p>late</p>", 0);
	okit_commit(&l.k, DAY);
	submit(&l, "release");
	start_outlet(&l);
	wait_installed(&l);
	assert_int_equal(pull_with(&l, NULL, NULL, NULL), 0);
	assert_true(live(&l, "R-2026-000005"));
	assert_true(live(&l, "R-2026-000009"));
	line_free(&l);
}

/* An announcement wakes a watching platform long before its interval is over. */
static void test_watch(void **state)
{
	struct line l;
	pid_t watcher = 0;

	(void)state;
	line_new(&l, "stream");
	start_outlet(&l);
	start_sender(&l);
	submit(&l, "initial");
	okit_release(&l.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&l.k, DAY);
	submit(&l, "release");
	wait_installed(&l);
	(void)pull_with(&l, "--watch", NULL, &watcher);
	wait_live(&l, "R-2026-000001", true);
	okit_release(&l.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&l.k, DAY);
	submit(&l, "release");
	wait_live(&l, "R-2026-000002", true);
	okit_recall(&l.k, "R-2026-000002", 1);
	okit_commit(&l.k, DAY);
	submit(&l, "notice");
	wait_live(&l, "R-2026-000002", false);
	end(&watcher, SIGTERM);
	line_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_outage),
		cmocka_unit_test(test_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
