/* test_link_sender.c - the sender's program in udp mode, and sluiced link beside it, against a
 * receiver on loopback.  What it waits for has a deadline; nothing is said about how fast. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "spray_kit.h"
#include "trust_kit.h"

enum { DEADLINE_MS = 60000, BUFFER = 16 << 20, PIECE = 200 };

struct site {
	char dir[64], config[96];
	int ear, outbox;
	pid_t sender;
	struct spray_kit k; /* what arrived; only that part of it is used */
	unsigned heartbeats;
	struct heartbeat last;
	uint32_t session; /* of the datagram that came last */
};

static void put(const struct site *s, const char *name, const char *text)
{
	int dir = file_open_dir(AT_FDCWD, s->dir);

	assert_true(dir >= 0);
	assert_int_equal(file_write_durable(dir, name, text, strlen(text), 0600), SL_OK);
	file_close(dir);
}

static void configure(const struct site *s, uint16_t port, const char *link)
{
	char text[2048];

	(void)snprintf(
		text, sizeof(text),
		"data: g\npolicies: .\napproval_policy: x\nrepository: .\ntrust_root: x\n"
		"listen: [\"ipc://%s/desk.sock\"]\nkeys: {desk: x, inspector: x, gateway: "
		"x, releaser: ., checker: ., snapshot: x, timestamp: x, link: x, seal: "
		"[x]}\nantivirus: {database: .}\nlink: {mode: udp, address: "
		"\"127.0.0.1:%u\", mac_key: mac, outlet_key: x, %s}\n",
		s->dir, (unsigned)port, link);
	put(s, "gateway.yaml", text);
}

static void site_new(struct site *s, const char *link)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int buffer = BUFFER;
	char path[128];
	struct key *pair;

	memset(s, 0, sizeof(*s));
	assert_int_equal(crypto_start(), SL_OK);
	(void)snprintf(s->dir, sizeof(s->dir), "/tmp/sluice-sender-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	(void)snprintf(s->config, sizeof(s->config), "%s/gateway.yaml", s->dir);
	(void)snprintf(path, sizeof(path), "%s/mac", s->dir);
	pair = kit_key(KEY_LINK_MAC, 1);
	assert_int_equal(key_write(pair, path, NULL), SL_OK);
	assert_int_equal(mac_key_of(pair, &s->k.key), SL_OK);
	key_free(pair);
	(void)snprintf(path, sizeof(path), "%s/g/outbox/sent", s->dir);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/g/outbox", s->dir);
	s->outbox = file_open_dir(AT_FDCWD, path);
	assert_true(s->outbox >= 0);
	s->ear = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(s->ear >= 0);
	/* Without the right to more, rates below are such that little is lost; repair does
	 * the rest. */
	if (setsockopt(s->ear, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) != 0)
		(void)setsockopt(s->ear, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	assert_int_equal(bind(s->ear, (struct sockaddr *)&a, len), 0);
	assert_int_equal(getsockname(s->ear, (struct sockaddr *)&a, &len), 0);
	configure(s, ntohs(a.sin_port), link);
}

static void start(struct site *s)
{
	s->sender = fork();
	assert_true(s->sender >= 0);
	if (s->sender > 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getenv("SLUICE_TEST_LOUD") == NULL)
		(void)dup2(open("/dev/null", O_WRONLY), 2);
	(void)execl(SL_BUILD_DIR "/libexec/sluice/sluice-sender", "sluice-sender", "--config",
		    s->config, (char *)NULL);
	_exit(127);
}

static void end(struct site *s, int sig)
{
	int status;

	(void)kill(s->sender, sig);
	assert_int_equal(waitpid(s->sender, &status, 0), s->sender);
	assert_true(sig == SIGKILL || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	s->sender = 0;
}

static void site_free(struct site *s)
{
	if (s->sender != 0)
		end(s, SIGTERM);
	spray_kit_forget(&s->k);
	free(s->k.got);
	mac_key_free(s->k.key);
	file_close(s->ear);
	file_close(s->outbox);
	assert_int_equal(file_remove_tree(AT_FDCWD, s->dir), SL_OK);
}

/* One datagram more. */
static void hear(struct site *s)
{
	struct pollfd p = {.fd = s->ear, .events = POLLIN};
	struct spray_kit *k = &s->k;
	struct spray_kit_datagram *g;
	ssize_t n;

	assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
	if (k->n == k->cap) {
		k->cap = k->cap * 2 + 1024;
		k->got = realloc(k->got, k->cap * sizeof(*k->got));
		assert_non_null(k->got);
	}
	g = &k->got[k->n];
	g->bytes = malloc(DATAGRAM_MAX + 1);
	assert_non_null(g->bytes);
	n = recv(s->ear, g->bytes, DATAGRAM_MAX + 1, 0);
	assert_true(n > 0);
	g->len = (size_t)n;
	assert_true(datagram_proved(g->bytes, g->len, k->key));
	assert_int_equal(datagram_parse(g->bytes, g->len, &g->d), SL_OK);
	s->session = g->d.session;
	if (g->d.kind == DATAGRAM_HEARTBEAT) {
		s->heartbeats++;
		assert_int_equal(heartbeat_parse(g->d.body, g->d.len, &s->last), SL_OK);
		free(g->bytes);
		return;
	}
	k->n++;
}

static unsigned symbols_of(const struct site *s, uint32_t serial)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->k.n; i++)
		n += s->k.got[i].d.serial == serial;
	return n;
}

/* As the releaser does it.  Returns a descriptor of the same bytes. */
static int submit(const struct site *s, int64_t serial, uint8_t priority, size_t len)
{
	const struct spool_entry e = {.serial = serial, .priority = priority};
	int fd = spray_kit_unit(len, (uint8_t)serial);
	uint8_t *bytes = malloc(len);
	char name[SPOOL_NAME + 1];

	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, len, 0), len);
	spool_name(&e, name);
	assert_int_equal(file_write_durable(s->outbox, name, bytes, len, 0600), SL_OK);
	free(bytes);
	return fd;
}

/* Until a heartbeat says that this unit was handed over. */
static void hear_of(struct site *s, uint32_t serial)
{
	do
		hear(s);
	while (s->last.highest != serial);
}

static int run(const struct site *s, const char *const args[], json_t **ret_answer)
{
	const char *argv[12] = {"sluiced", "--config", s->config, "--json", "link"};
	char out[128];
	struct buf b;
	int status;
	pid_t pid;

	for (unsigned i = 0; args[i] != NULL; i++)
		argv[5 + i] = args[i];
	(void)snprintf(out, sizeof(out), "%s/answer", s->dir);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
		if (getenv("SLUICE_TEST_LOUD") == NULL)
			(void)dup2(open("/dev/null", O_WRONLY), 2);
		(void)execv(SL_BUILD_DIR "/bin/sluiced", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	*ret_answer = NULL;
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(AT_FDCWD, out, 1 << 20, &b), SL_OK);
	if (b.len > 0)
		assert_int_equal(json_parse(b.data, b.len, 1 << 20, ret_answer), SL_OK);
	buf_release(&b);
	return WEXITSTATUS(status);
}

/* A unit arrives whole; heartbeats go on; a new run begins a greater session and does not
 * send again what is not due. */
static void test_sends(void **state)
{
	struct site s;
	uint32_t session;
	int fd;

	(void)state;
	site_new(&s, "repeat: [1h]");
	fd = submit(&s, 1, 5, 100000);
	start(&s);
	hear_of(&s, 1);
	(void)spray_kit_whole(&s.k, 1, fd);
	assert_int_equal(s.last.size, 1472);
	assert_int_equal(s.last.loss_permille, 30);
	assert_int_equal(s.last.rate_kbit, 100000);
	assert_int_equal(s.last.waiting, 0);
	assert_int_equal(s.last.repeating, 1);
	assert_int_equal(s.last.lowest_repeat, 1);
	session = s.session;
	end(&s, SIGKILL);
	start(&s);
	spray_kit_forget(&s.k);
	while (s.session == session)
		hear(&s);
	assert_true(s.session > session);
	assert_int_equal(s.last.highest, 1); /* it is remembered */
	s.heartbeats = 0;
	while (s.heartbeats < 2)
		hear(&s);
	assert_int_equal(s.k.n, 0);
	file_close(fd);
	site_free(&s);
}

/* A recall overtakes a large unit that is on its way, and heartbeats do too. */
static void test_recall_overtakes(void **state)
{
	unsigned first = 0, last = 0;
	struct site s;
	int large, recall;

	(void)state;
	site_new(&s, "repeat: [1h], rate: 8Mbit, loss: 10");
	large = submit(&s, 1, 5, 2000000); /* 2.5 s */
	start(&s);
	while (symbols_of(&s, 1) < PIECE)
		hear(&s);
	s.heartbeats = 0;
	recall = submit(&s, 2, SPOOL_RECALL, 3000);
	while (s.k.got[s.k.n - 1].d.serial != 2)
		hear(&s);
	first = s.k.n - 1;
	while (s.last.highest != 2 || s.last.waiting != 0 || s.last.repeating != 2)
		hear(&s);
	for (unsigned i = first; i < s.k.n; i++) {
		if (s.k.got[i].d.serial == 2)
			last = i;
	}
	for (unsigned i = first; i <= last; i++)
		assert_int_equal(s.k.got[i].d.serial, 2); /* in one piece */
	assert_int_equal(s.k.got[last + 1].d.serial, 1);  /* and then the rest */
	assert_true(s.heartbeats > 1);
	(void)spray_kit_whole(&s.k, 1, large);
	(void)spray_kit_whole(&s.k, 2, recall);
	file_close(large);
	file_close(recall);
	site_free(&s);
}

/* The schedule runs and ends; a person has a unit sent again; what is not kept is said. */
static void test_again(void **state)
{
	static const char *const status[] = {"status", NULL},
				 *const one[] = {"resend", "1", NULL},
				 *const many[] = {"resend", "1-2", "7", NULL},
				 *const wrong[] = {"resend", "one", NULL},
				 *const none[] = {"resend", NULL};
	const struct spool_entry gone = {.serial = 2, .priority = 5};
	char name[SPOOL_NAME + 8];
	const json_t *sender;
	json_t *j = NULL;
	struct site s;
	unsigned once;
	int64_t v = 0;
	int fd;

	(void)state;
	site_new(&s, "repeat: [1s, 1s]");
	fd = submit(&s, 1, 5, 3000);
	start(&s);
	hear_of(&s, 1);
	while (s.last.repeating > 0)
		hear(&s);
	once = symbols_of(&s, 1) / 3;
	assert_int_equal(symbols_of(&s, 1), 3 * once);
	assert_int_equal(run(&s, one, &j), 0);
	assert_true(json_i64(j, "again", &v) && v == 1);
	json_decref(j);
	while (symbols_of(&s, 1) < 6 * once)
		hear(&s);
	file_close(fd);
	fd = submit(&s, 2, 5, 2000);
	hear_of(&s, 2);
	while (s.last.repeating > 0)
		hear(&s);
	end(&s, SIGTERM);
	memcpy(name, "sent/", 5);
	spool_name(&gone, name + 5);
	assert_int_equal(unlinkat(s.outbox, name, 0), 0);
	assert_int_equal(run(&s, many, &j), 1);
	assert_true(json_i64(j, "again", &v) && v == 1);
	assert_int_equal(json_array_size(json_arr(j, "not_kept")), 1);
	assert_int_equal(json_array_size(json_arr(j, "unknown")), 1);
	json_decref(j);
	/* The request waits for the sender. */
	spray_kit_forget(&s.k);
	start(&s);
	while (symbols_of(&s, 1) < 3 * once)
		hear(&s);
	assert_int_equal(run(&s, wrong, &j), 2);
	assert_int_equal(run(&s, none, &j), 2);
	end(&s, SIGTERM);
	assert_int_equal(run(&s, status, &j), 3); /* no supervisor */
	sender = json_obj(j, "sender");
	assert_string_equal(json_str(sender, "mode"), "udp");
	assert_true(json_i64(sender, "session", &v) && v == s.session);
	assert_true(json_i64(json_obj(sender, "kept"), "units", &v) && v == 1);
	json_decref(j);
	file_close(fd);
	site_free(&s);
}

/* While nothing can be sent the status says so, and what waits. */
static void test_waits(void **state)
{
	int64_t end_ms = clock_mono_ms() + DEADLINE_MS, waiting = -1;
	bool connected = true;
	char path[128];
	struct site s;

	(void)state;
	/* An address of documentation that this host does not have. */
	site_new(&s, "source: \"192.0.2.77\"");
	(void)snprintf(path, sizeof(path), "%s/g/status/sender.json", s.dir);
	start(&s);
	while ((connected || waiting != 2) && clock_mono_ms() < end_ms) {
		json_t *j = NULL;
		struct buf b;

		buf_init(&b, 1 << 20);
		if (file_read(AT_FDCWD, path, 1 << 20, &b) == SL_OK &&
		    json_parse(b.data, b.len, 1 << 20, &j) == SL_OK) {
			(void)json_bool(j, "connected", &connected);
			(void)json_i64(j, "waiting", &waiting);
		}
		/* They come when it has found out, as drafts do in an outage. */
		if (!connected && waiting == 0) {
			file_close(submit(&s, 1, 5, 1000));
			file_close(submit(&s, 2, 5, 1000));
		}
		json_decref(j);
		buf_release(&b);
		(void)poll(NULL, 0, 20);
	}
	assert_false(connected);
	assert_int_equal(waiting, 2);
	site_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sends),
		cmocka_unit_test(test_recall_overtakes),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
