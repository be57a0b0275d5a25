/* cli_passphrase.c - a passphrase from the terminal: not shown, and whatever ends the question,
 * the terminal shows again what is typed. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/file.h"
#include "base/text.h"

static const int ending[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};
enum { ENDING = sizeof(ending) / sizeof(ending[0]) };
static volatile sig_atomic_t ended_by;

static void note(int sig)
{
	ended_by = sig;
}

static int read_line(int fd, char *out, size_t cap)
{
	size_t n = 0;
	char ch = '\0';
	ssize_t got;

	while ((got = read(fd, &ch, 1)) == 1 && ch != '\n') {
		if (n == cap - 1)
			return SL_E_LIMIT;
		out[n++] = ch;
	}
	out[n] = '\0';
	if (got < 0)
		return SL_E_CANCELED;
	return SL_OK;
}

/* The signals that would leave the terminal mute end the reading, and come after it. */
static int read_quietly(int tty, const char *prompt, const struct termios *old, char *out,
			size_t cap)
{
	struct sigaction act = {.sa_handler = note}, before[ENDING];
	struct termios quiet = *old;
	int r;

	ended_by = 0;
	for (int i = 0; i < ENDING; i++)
		(void)sigaction(ending[i], &act, &before[i]);
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(tty, TCSAFLUSH, &quiet);
	(void)dprintf(tty, "%s: ", prompt);
	r = read_line(tty, out, cap);
	(void)tcsetattr(tty, TCSAFLUSH, old);
	(void)dprintf(tty, "\n");
	for (int i = 0; i < ENDING; i++)
		(void)sigaction(ending[i], &before[i], NULL);
	if (ended_by != 0)
		(void)raise(ended_by);
	return r;
}

int cli_passphrase(const char *prompt, char *out, size_t cap)
{
	const char *from = getenv("SLUICE_PASSPHRASE_FD");
	struct termios old;
	uint64_t fd;
	int tty, r;

	if (from != NULL) {
		if (!text_to_u64(from, strlen(from), 1023, &fd))
			return SL_E_USAGE;
		return read_line((int)fd, out, cap);
	}
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0)
		return SL_E_NOTFOUND;
	r = tcgetattr(tty, &old) == 0 ? read_quietly(tty, prompt, &old, out, cap)
				      : SL_E_NOTFOUND;
	file_close(tty);
	return r;
}
