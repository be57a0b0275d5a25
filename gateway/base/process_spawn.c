/* process_spawn.c - the two sides of a start: the supervisor's fork and the program's word.
 *
 * A started program gets /dev/null, the supervisor's standard error twice, the
 * pipe for its word as 3, and nothing else; it is killed when the supervisor
 * dies, so that a restarted supervisor never meets its predecessor's children. */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_private.h"
#include "base/text.h"

enum { WORD_FD = 3, SPARE_FD = 10 };

/* The child: never returns. */
static void become(struct process *p, int word, int null_fd, pid_t parent, const sigset_t *mask)
{
	int spare = fcntl(word, F_DUPFD_CLOEXEC, SPARE_FD);
	int null_spare = fcntl(null_fd, F_DUPFD_CLOEXEC, SPARE_FD);

	/* A terminal's Ctrl-C is for the supervisor, which ends the others in order. */
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent || spare < 0 || null_spare < 0)
		_exit(127);
	if (dup2(null_spare, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    dup2(spare, WORD_FD) < 0)
		_exit(127);
	(void)close_range(WORD_FD + 1, ~0U, 0);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	(void)execv(p->argv[0], p->argv);
	(void)dprintf(WORD_FD, "failed: %s: %s\n", p->argv[0], strerror(errno));
	_exit(127);
}

int process_spawn(struct process *p, int null_fd, const sigset_t *child_mask)
{
	int ends[2] = {-1, -1};
	pid_t parent = getpid(), pid;

	p->word_len = 0;
	p->said_failed = false;
	p->since = clock_mono_ms();
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return sl_err_errno(errno);
	pid = fork();
	if (pid == 0) {
		/* The program's end blocks like any descriptor it might expect. */
		(void)fcntl(ends[1], F_SETFL, 0);
		become(p, ends[1], null_fd, parent, child_mask);
	}
	file_close(ends[1]);
	if (pid < 0) {
		file_close(ends[0]);
		return sl_err_errno(errno);
	}
	p->pid = pid;
	p->word_fd = ends[0];
	p->started = clock_now();
	p->starts++;
	p->state = PROCESS_STARTING;
	return SL_OK;
}

static void understand(struct process *p)
{
	static const char failed[] = "failed: ";
	size_t len = strcspn(p->word, "\n");

	p->word[len] = '\0';
	if (strcmp(p->word, "ready") == 0) {
		p->state = PROCESS_READY;
		p->since = clock_mono_ms();
		p->was_ready = true;
	} else if (strncmp(p->word, failed, sizeof(failed) - 1) == 0) {
		p->said_failed = true;
		(void)text_safe(p->word + sizeof(failed) - 1, len - (sizeof(failed) - 1),
				p->reason, sizeof(p->reason));
	}
}

bool process_listen(struct process *p)
{
	ssize_t n;

	if (p->word_fd < 0)
		return true;
	n = read(p->word_fd, p->word + p->word_len, sizeof(p->word) - 1 - p->word_len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n > 0)
		p->word_len += (size_t)n;
	p->word[p->word_len] = '\0';
	/* A line that fills the buffer without ending is as good as ended. */
	if (n > 0 && strchr(p->word, '\n') == NULL && p->word_len < sizeof(p->word) - 1)
		return false;
	understand(p);
	file_close(p->word_fd);
	p->word_fd = -1;
	return true;
}

uint64_t process_resident(pid_t pid)
{
	char path[64], line[128];
	uint64_t pages = 0;
	char *second;
	int fd;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%ld/statm", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, line, sizeof(line) - 1);
	file_close(fd);
	if (n <= 0)
		return 0;
	line[n] = '\0';
	second = strchr(line, ' ');
	if (second == NULL ||
	    !text_to_u64(second + 1, strcspn(second + 1, " "), UINT64_MAX >> 20, &pages))
		return 0;
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void say(const char *line)
{
	struct stat st;
	ssize_t ignored;

	/* Started by hand, 3 is closed or something else: only a pipe is the supervisor. */
	if (fstat(WORD_FD, &st) != 0 || !S_ISFIFO(st.st_mode))
		return;
	ignored = write(WORD_FD, line, strlen(line));
	(void)ignored; /* a supervisor that is gone needs no word */
	file_close(WORD_FD);
}

void process_say_ready(void)
{
	say("ready\n");
}

void process_say_failed(const char *why)
{
	char line[PROCESS_REASON], safe[PROCESS_REASON - 16];

	(void)text_safe(why, strlen(why), safe, sizeof(safe));
	(void)snprintf(line, sizeof(line), "failed: %s\n", safe);
	say(line);
}
