/* script.c - each line goes through the same parser and table as the command line. */
#include "script.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "commands.h"

enum { SCRIPT_MAX = 1 << 20, WORDS_MAX = 64 };

/* Cut one line into words in place; returns their number or -1. */
static int split(char *line, char *words[], int cap)
{
	int n = 0;
	char *p = line, *out;

	while (*p != '\0') {
		bool quoted = false;

		while (*p == ' ' || *p == '\t')
			p++;
		if (*p == '\0' || *p == '#')
			break;
		if (n == cap)
			return -1;
		words[n++] = out = p;
		for (; *p != '\0' && (quoted || (*p != ' ' && *p != '\t')); p++) {
			if (*p == '"')
				quoted = !quoted;
			else
				*out++ = *p;
		}
		if (quoted)
			return -1;
		if (*p != '\0')
			p++;
		*out = '\0';
	}
	return n;
}

static int run_line(const struct cli *c, char *line, int number)
{
	char *argv[WORDS_MAX + 4];
	char name[] = "sluice-review", config[] = "--config", json[] = "--json";
	int argc = 0, n, code;

	argv[argc++] = name;
	if (c->config != NULL) {
		argv[argc++] = config;
		argv[argc++] = (char *)(uintptr_t)c->config;
	}
	if (c->json)
		argv[argc++] = json;
	n = split(line, argv + argc, WORDS_MAX - argc);
	if (n == 0)
		return CLI_DONE;
	if (n < 0) {
		(void)fprintf(stderr,
			      _("script line %d: quotes do not match, or too many words\n"),
			      number);
		return CLI_USAGE;
	}
	code = cli_main(&commands_program, argc + n, argv);
	if (code != CLI_DONE)
		(void)fprintf(stderr, _("script stopped at line %d\n"), number);
	return code;
}

int script_run(const struct cli *c, const char *path)
{
	struct buf b;
	char *next, *line;
	int number = 0, code = CLI_DONE, r;

	buf_init(&b, SCRIPT_MAX);
	r = file_read(AT_FDCWD, path, SCRIPT_MAX, &b);
	if (r != SL_OK) {
		buf_release(&b);
		return cli_fail(r, NULL, path, NULL);
	}
	next = (char *)b.data;
	while (code == CLI_DONE && next != NULL && *next != '\0') {
		line = next;
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		code = run_line(c, line, ++number);
	}
	buf_release(&b);
	return code;
}
