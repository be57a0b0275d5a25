/* log.c - log lines, each written with one write() so that processes do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

static char process_name[32] = "sluice";
static enum log_level lowest = LOG_LEVEL_INFO;

void log_init(const char *process, enum log_level level)
{
	(void)snprintf(process_name, sizeof(process_name), "%s", process);
	lowest = level;
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};
	char when[CLOCK_TEXT + 1], line[1024];
	va_list ap;
	int n, m;

	if (level > lowest)
		return;
	clock_format(clock_now(), when);
	n = snprintf(line, sizeof(line), "%s %s %s[%ld]: %s ", when, names[level], process_name,
		     (long)getpid(), event);
	if (n < 0 || (size_t)n >= sizeof(line) - 2)
		return;
	va_start(ap, fmt);
	m = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, ap);
	va_end(ap);
	if (m < 0)
		return;
	n = (int)strlen(line);
	line[n] = '\n';
	/* A log that cannot be written must not stop the work it reports on. */
	ssize_t ignored = write(STDERR_FILENO, line, (size_t)n + 1);
	(void)ignored;
}

const char *log_q(const char *text)
{
	static _Thread_local char ring[8][128];
	static _Thread_local unsigned next;
	char *out = ring[next++ % 8];
	size_t n;

	if (text == NULL)
		return "(none)";
	out[0] = '"';
	n = text_safe(text, strlen(text), out + 1, sizeof(ring[0]) - 3);
	out[n + 1] = '"';
	out[n + 2] = '\0';
	return out;
}
