/* filter.c - the warm parent: load once, then a fresh child for each document.
 *
 *   accept ─▶ HELLO ─▶ fork ─▶ [child answers] ─▶ reaped ─▶ TRAILER ─▶ close
 *                                └─ past its seconds: killed
 *
 * The parent never reads a byte of a document or of a request.  It ends on
 * SIGTERM, and its children end with it (PR_SET_PDEATHSIG). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "inspect/filter_child.h"
#include "inspect/filter_environment.h"
#include "inspect/filter_memory.h"
#include "inspect/filter_temp.h"
#include "inspect/filter_wire.h"

enum { JOBS_MAX = 4, READY_FD = 3, BACKLOG = 64, TRAILER_MS = 10000 };

enum job_state {
	JOB_FREE,
	JOB_RUNNING, /* child alive: pid, conn and deadline are set */
	JOB_CLOSING  /* child reaped; the trailer waits for room in the socket */
};
struct job {
	enum job_state state;
	pid_t pid;
	int conn;
	int64_t deadline; /* clock_mono_ms */
	bool killed;
	uint8_t ending;		     /* enum filter_ending */
	uint32_t code;		     /* exit status or signal */
	char temp[FILTER_TEMP_PATH]; /* private directory, "" none */
};

static const struct filter_ops *ops;
static struct filter_args args;
static struct job jobs[JOBS_MAX];
static unsigned long job_count;
static volatile sig_atomic_t stopping;
static volatile sig_atomic_t leaving; /* a successor has the socket's name */

uint64_t filter_bytes(void)
{
	return args.bytes;
}
uint32_t filter_seconds(void)
{
	return args.seconds;
}

static void on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

static void on_leave(int sig)
{
	(void)sig;
	leaving = 1;
}

static void on_child(int sig)
{
	(void)sig;
}

/* Signals are delivered only inside ppoll, so none is lost between a test and a wait. */
static void block_signals(sigset_t *ret_waiting)
{
	struct sigaction stop = {.sa_handler = on_stop}, child = {.sa_handler = on_child};
	struct sigaction leave = {.sa_handler = on_leave};
	sigset_t blocked;

	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGCHLD);
	(void)sigaddset(&blocked, SIGTERM);
	(void)sigaddset(&blocked, SIGINT);
	(void)sigaddset(&blocked, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &blocked, ret_waiting);
	(void)sigdelset(ret_waiting, SIGCHLD);
	(void)sigdelset(ret_waiting, SIGTERM);
	(void)sigdelset(ret_waiting, SIGINT);
	(void)sigdelset(ret_waiting, SIGUSR1);
	(void)sigaction(SIGTERM, &stop, NULL);
	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGCHLD, &child, NULL);
	(void)sigaction(SIGUSR1, &leave, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

static int listen_at(const char *path, struct sl_why *why)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	mode_t old;
	int fd, bad;

	/* Bound aside and renamed: whoever connects finds a predecessor or us. */
	if (snprintf(at.sun_path, sizeof(at.sun_path), "%s.new", path) >=
	    (int)sizeof(at.sun_path))
		return why_set(why, SL_E_LIMIT, "%s: socket path too long", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return why_set(why, sl_err_errno(errno), "socket: %s", strerror(errno));
	(void)unlink(at.sun_path);
	old = umask(0177);
	bad = bind(fd, (const struct sockaddr *)&at, sizeof(at));
	(void)umask(old);
	if (bad != 0 || listen(fd, BACKLOG) != 0 || rename(at.sun_path, path) != 0) {
		int r = why_set(why, sl_err_errno(errno), "%s: %s", path, strerror(errno));

		file_close(fd);
		return r;
	}
	return fd;
}

static void say_hello(int conn)
{
	struct buf body, record;

	buf_init(&body, 1024);
	buf_init(&record, 2048);
	buf_put_str(&body, ops->name);
	buf_put_str(&body, ops->version());
	buf_put_str(&body, ops->data());
	filter_record_put(&record, RECORD_HELLO, buf_str(&body), body.len);
	/* The socket is fresh, so a short greeting always fits; without it the
	 * orchestrator refuses the answer. */
	if (buf_error(&body) == SL_OK && buf_error(&record) == SL_OK)
		(void)send(conn, record.data, record.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	buf_release(&record);
	buf_release(&body);
}

static int make_temp(struct job *j)
{
	j->temp[0] = '\0';
	if (!ops->temp_dir)
		return SL_OK;
	filter_temp_job(++job_count, j->temp);
	return mkdir(j->temp, 0700) == 0 ? SL_OK : sl_err_errno(errno);
}

static void forget(struct job *j)
{
	file_close(j->conn);
	if (j->temp[0] != '\0' && file_remove_tree(AT_FDCWD, j->temp) != SL_OK)
		log_warn("filter.temp", "filter=%s left=%s", ops->name, log_q(j->temp));
	memset(j, 0, sizeof(*j));
	j->conn = -1;
}

static void become_child(struct job *j, int listener)
{
	sigset_t none;

	file_close(listener);
	for (unsigned i = 0; i < JOBS_MAX; i++) {
		if (&jobs[i] != j && jobs[i].state != JOB_FREE)
			file_close(jobs[i].conn);
	}
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGCHLD, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	filter_child_run(ops, &args, j->conn, j->temp[0] != '\0' ? j->temp : NULL);
}

static void start_job(struct job *j, int listener)
{
	pid_t pid;

	j->conn = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (j->conn < 0)
		return;
	j->state = JOB_RUNNING;
	j->deadline = clock_mono_ms() + (int64_t)args.seconds * 1000;
	j->killed = false;
	say_hello(j->conn);
	if (make_temp(j) != SL_OK) {
		log_err("filter.temp", "filter=%s dir=%s", ops->name, log_q(j->temp));
		forget(j);
		return;
	}
	pid = fork();
	if (pid == 0)
		become_child(j, listener);
	if (pid < 0) {
		log_err("filter.fork", "filter=%s error=%s", ops->name, strerror(errno));
		forget(j);
		return;
	}
	j->pid = pid;
}

static void note_ending(struct job *j, int status)
{
	j->state = JOB_CLOSING;
	j->deadline = clock_mono_ms() + TRAILER_MS;
	if (WIFSIGNALED(status)) {
		j->ending = j->killed ? ENDING_TIMEOUT : ENDING_SIGNAL;
		j->code = (uint32_t)WTERMSIG(status);
	} else {
		j->code = (uint32_t)WEXITSTATUS(status);
		j->ending = j->code == 0 ? ENDING_CLEAN : ENDING_ERROR;
	}
	if (j->ending != ENDING_CLEAN)
		log_warn("filter.child", "filter=%s ending=%u code=%u", ops->name, j->ending,
			 j->code);
}

static void send_trailer(struct job *j)
{
	uint8_t bytes[FILTER_RECORD_HEAD + 5] = {RECORD_TRAILER, 0, 0, 0, 5, j->ending};
	ssize_t n;

	for (unsigned i = 0; i < 4; i++)
		bytes[6 + i] = (uint8_t)(j->code >> (24 - 8 * i));
	n = send(j->conn, bytes, sizeof(bytes), MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return; /* the reader is slow: ppoll says when there is room */
	forget(j);
}

/* Who asked has gone: the document must not keep others from their turn. */
static void abandon(struct job *j)
{
	if (j->state != JOB_RUNNING || j->killed)
		return;
	j->killed = true;
	(void)kill(j->pid, SIGKILL);
}

static void tend(struct job *j, int64_t now)
{
	int status = 0;

	if (j->state == JOB_RUNNING && waitpid(j->pid, &status, WNOHANG) == j->pid)
		note_ending(j, status);
	if (j->state == JOB_RUNNING && now >= j->deadline && !j->killed) {
		j->killed = true;
		(void)kill(j->pid, SIGKILL);
	}
	if (j->state == JOB_CLOSING && now >= j->deadline)
		forget(j);
	else if (j->state == JOB_CLOSING)
		send_trailer(j);
}

/* Milliseconds to the nearest deadline, or -1. */
static int64_t patience(int64_t now)
{
	int64_t least = -1;

	for (unsigned i = 0; i < JOBS_MAX; i++) {
		int64_t left = jobs[i].deadline - now;

		if (jobs[i].state == JOB_FREE || jobs[i].killed)
			continue;
		left = left < 0 ? 0 : left;
		if (least < 0 || left < least)
			least = left;
	}
	return least;
}

static bool idle(void)
{
	for (unsigned i = 0; i < JOBS_MAX; i++) {
		if (jobs[i].state != JOB_FREE)
			return false;
	}
	return true;
}

/* Until told to stop; when told to leave, until nobody waits and nothing is in hand. */
static void serve(int listener, const sigset_t *waiting)
{
	bool done = false;

	while (!stopping && !done) {
		struct pollfd p[JOBS_MAX + 1];
		struct timespec left;
		struct job *spare = NULL;
		bool last = leaving && idle();
		int64_t ms = last ? 0 : patience(clock_mono_ms());
		int n;

		unsigned busy = 0;

		for (unsigned i = 0; i < JOBS_MAX; i++) {
			const struct job *j = &jobs[i];

			/* While it runs, only that nobody waits any more. */
			bool ending = j->state == JOB_RUNNING && j->killed;

			p[i] = (struct pollfd){.fd = ending ? -1 : j->conn,
					       .events = j->state == JOB_CLOSING ? POLLOUT : 0};
			if (jobs[i].state == JOB_FREE)
				spare = &jobs[i];
			else
				busy++;
		}
		if (ops->jobs != 0 && busy >= ops->jobs)
			spare = NULL;
		p[JOBS_MAX] =
			(struct pollfd){.fd = spare != NULL ? listener : -1, .events = POLLIN};
		left.tv_sec = (time_t)(ms / 1000);
		left.tv_nsec = (long)(ms % 1000) * 1000000;
		n = ppoll(p, JOBS_MAX + 1, ms < 0 ? NULL : &left, waiting);
		if (n > 0 && p[JOBS_MAX].revents != 0)
			start_job(spare, listener);
		done = last && n == 0;
		for (unsigned i = 0; i < JOBS_MAX; i++) {
			if (n > 0 && (p[i].revents & (POLLHUP | POLLERR)) != 0)
				abandon(&jobs[i]);
			tend(&jobs[i], clock_mono_ms());
		}
	}
}

static int open_up(int argc, char **argv, int *ret_listener, struct sl_why *why)
{
	int r = filter_args_parse(argc, argv, &args, why);

	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK && ops->temp_dir)
		r = filter_temp_open(ops->name, args.turn, args.dir, why);
	if (r == SL_OK)
		r = ops->load(argc, argv, why);
	if (r != SL_OK)
		return r;
	*ret_listener = listen_at(args.socket, why);
	if (*ret_listener < 0)
		return *ret_listener;
	r = filter_child_prepare(ops, &args, why);
	if (r != SL_OK)
		return r;
	filter_memory_leave(ops->left_libraries);
	filter_memory_settle();
	return filter_child_confine_parent(ops, &args, why);
}

/* `wanted` was asked before anything was opened: later the number 3 may be ours. */
static void report(bool wanted, int r, const struct sl_why *why)
{
	struct sl_why line = {{0}};

	if (r == SL_OK)
		(void)snprintf(line.text, sizeof(line.text), "ready");
	else
		(void)snprintf(line.text, sizeof(line.text), "failed: %.460s",
			       why_text(why, r));
	if (wanted) {
		(void)!write(READY_FD, line.text, strlen(line.text));
		(void)!write(READY_FD, "\n", 1);
		file_close(READY_FD);
	}
	if (r != SL_OK)
		log_err("filter.start", "filter=%s why=%s", ops->name, log_q(why_text(why, r)));
}

int filter_main(const struct filter_ops *my_ops, int argc, char **argv)
{
	struct sl_why why = {{0}};
	char process[32];
	sigset_t waiting;
	bool wanted = fcntl(READY_FD, F_GETFD) >= 0;
	int listener = -1, r = filter_environment(argv, &why);

	ops = my_ops;
	for (unsigned i = 0; i < JOBS_MAX; i++)
		jobs[i].conn = -1;
	(void)snprintf(process, sizeof(process), "filter-%s", ops->name);
	log_init(process, LOG_LEVEL_INFO);
	block_signals(&waiting);
	if (r == SL_OK)
		r = open_up(argc, argv, &listener, &why);
	report(wanted, r, &why);
	if (r == SL_OK)
		serve(listener, &waiting);
	filter_temp_close();
	if (r != SL_OK)
		return 1;
	if (!leaving)
		(void)unlink(args.socket);
	file_close(listener);
	return 0;
}
