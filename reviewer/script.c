/* script.c - each line goes through the same parser and table as the command line. */
#include "script.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "commands.h"
#include "tui/command.h"

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

static bool is_cli(const char *name)
{
	for (const struct cli_command *k = commands_program.commands; k->name != NULL; k++) {
		if (k->name[0] != '\0' && strcmp(k->name, name) == 0)
			return true;
	}
	return false;
}

/* A word such as ID or WORDS in how a command is done without the terminal. */
static bool is_place(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (word[i] < 'A' || word[i] > 'Z')
			return false;
	}
	return len > 1;
}

struct rewrite {
	char text[1200]; /* the new words lie in it */
	char *words[WORDS_MAX];
	int n;
	size_t used;
};

static bool add_word(struct rewrite *w, const char *s, size_t len)
{
	if (w->n == WORDS_MAX || len >= sizeof(w->text) - w->used)
		return false;
	w->words[w->n++] = w->text + w->used;
	memcpy(w->text + w->used, s, len);
	w->used += len;
	w->text[w->used++] = '\0';
	return true;
}

/* All that is left, as one word with blanks between. */
static bool add_rest(struct rewrite *w, char *const from[], int n)
{
	size_t start = w->used;

	if (n == 0 || w->n == WORDS_MAX)
		return false;
	for (int i = 0; i < n; i++) {
		size_t len = strlen(from[i]);

		if (len + 1 >= sizeof(w->text) - w->used)
			return false;
		memcpy(w->text + w->used, from[i], len);
		w->used += len;
		w->text[w->used++] = i + 1 < n ? ' ' : '\0';
	}
	w->words[w->n++] = w->text + start;
	return true;
}

/* "filter unit:u-12" -> list --filter unit:u-12: the names of the terminal's table, done as
 * the table says it is done without one.  SL_E_NOTFOUND: no such name; SL_E_UNSUPPORTED: only
 * a screen can do it; SL_E_USAGE: something is missing. */
static int rewrite(char *const words[], int n, struct rewrite *w)
{
	enum command c = command_of_name(words[0]);
	const char *p = c != COMMAND_COUNT ? command_table[c].cli : NULL;
	int at = 1;

	if (c == COMMAND_COUNT)
		return SL_E_NOTFOUND;
	if (p == NULL)
		return SL_E_UNSUPPORTED;
	for (size_t len; *p != '\0'; p += len + (p[len] == ' ')) {
		bool ok;

		len = strcspn(p, " ");
		if (!is_place(p, len))
			ok = add_word(w, p, len);
		else if (len == strlen("WORDS") && memcmp(p, "WORDS", len) == 0) {
			ok = add_rest(w, words + at, n - at);
			at = n;
		} else {
			ok = at < n && add_word(w, words[at], strlen(words[at]));
			at++;
		}
		if (!ok)
			return SL_E_USAGE;
	}
	for (; at < n; at++) {
		if (!add_word(w, words[at], strlen(words[at])))
			return SL_E_USAGE;
	}
	return SL_OK;
}

/* In place of what the line says, when that is a name of the terminal's table only. */
static int translate(char *words[], int *n, struct rewrite *w, int number)
{
	int r = is_cli(words[0]) || words[0][0] == '-' ? SL_E_NOTFOUND : rewrite(words, *n, w);

	if (r == SL_E_NOTFOUND)
		return CLI_DONE; /* the parser says what it does not know */
	if (r == SL_E_UNSUPPORTED)
		(void)fprintf(stderr, _("script line %d: \"%s\" works on a screen only\n"),
			      number, words[0]);
	else if (r != SL_OK)
		(void)fprintf(stderr, _("script line %d: \"%s\" needs more words: %s\n"),
			      number, words[0], command_table[command_of_name(words[0])].cli);
	if (r != SL_OK)
		return CLI_USAGE;
	memcpy(words, w->words, (size_t)w->n * sizeof(words[0]));
	*n = w->n;
	return CLI_DONE;
}

static int run_line(const struct cli *c, char *line, int number)
{
	char *argv[WORDS_MAX + 8];
	char name[] = "sluice-review", config[] = "--config", json[] = "--json";
	struct rewrite w = {.n = 0};
	int argc = 0, n, code;

	argv[argc++] = name;
	if (c->config != NULL) {
		argv[argc++] = config;
		argv[argc++] = (char *)(uintptr_t)c->config;
	}
	if (c->json)
		argv[argc++] = json;
	n = split(line, argv + argc, WORDS_MAX);
	if (n == 0)
		return CLI_DONE;
	if (n < 0) {
		(void)fprintf(stderr,
			      _("script line %d: quotes do not match, or too many words\n"),
			      number);
		return CLI_USAGE;
	}
	code = translate(argv + argc, &n, &w, number);
	if (code == CLI_DONE)
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
