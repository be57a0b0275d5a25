/* cli.c - one option parser, one help writer, one way to fail. */
#include "base/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

enum { HEAD_CELLS = 28 };

static const struct cli_option common_options[] = {
	{"config", "FILE", N_("configuration file"), false},
	{"json", NULL, N_("print one JSON document and nothing else on standard output"),
	 false},
	{"color", "WHEN", N_("auto, always or never (NO_COLOR is obeyed too)"), false},
	{"help", NULL, N_("show this help"), false},
	{"version", NULL, N_("show the version"), false},
	{NULL, NULL, NULL, false},
};

int cli_exit_code(int err)
{
	switch (err) {
	case SL_OK:
		return CLI_DONE;
	case SL_E_USAGE:
		return CLI_USAGE;
	case SL_E_UNREACHABLE:
	case SL_E_TIMEOUT:
	case SL_E_FULL:
		return CLI_UNREACHABLE;
	default:
		return CLI_REFUSED;
	}
}

/* Columns line up in every language: padding counts cells, not bytes. */
static void print_row(const char *head, const char *help)
{
	int cells = 0;
	size_t used, len = strlen(head);

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(head + i, len - i, &used);

		cells += cp == TEXT_BAD ? 1 : text_width(cp);
	}
	printf("  %s%*s %s\n", head, cells < HEAD_CELLS ? HEAD_CELLS - cells : 0, "", help);
}

static void print_options(const struct cli_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		char head[80];

		(void)snprintf(head, sizeof(head), "--%s%s%s%s", o->name,
			       o->value != NULL ? " " : "", o->value != NULL ? o->value : "",
			       o->many ? " ..." : "");
		print_row(head, _(o->help));
	}
}

static int print_help(const struct cli_program *p, const struct cli_command *only)
{
	printf("%s\n\n", _(p->about));
	if (only != NULL && only->name[0] != '\0') {
		printf(_("Usage: %s %s [options] %s\n\n%s\n"), p->name, only->name,
		       only->operands, _(only->help));
		if (only->options != NULL) {
			printf("\n%s\n", _("Options:"));
			print_options(only->options);
		}
	} else {
		printf(_("Usage: %s [options] [command] ...\n"), p->name);
		printf("\n%s\n", _("Commands:"));
		for (const struct cli_command *c = p->commands; c->name != NULL; c++) {
			char head[120];

			(void)snprintf(head, sizeof(head), "%s %s",
				       c->name[0] != '\0' ? c->name : _("(no command)"),
				       c->operands);
			print_row(head, _(c->help));
		}
	}
	printf("\n%s\n", _("Common options:"));
	print_options(p->options);
	print_options(common_options);
	if (p->examples != NULL && (only == NULL || only->name[0] == '\0'))
		printf("\n%s\n%s\n", _("Examples:"), _(p->examples));
	printf("\n%s\n", _("Exit codes: 0 done, 1 refused by rule or by verification, 2 usage, "
			   "3 cannot reach or busy, 4 spill."));
	return CLI_DONE;
}

/* fmt has exactly one %s. */
static int usage(const struct cli_program *p, const char *fmt, const char *word)
{
	char safe[128];

	(void)text_safe(word, strlen(word), safe, sizeof(safe));
	(void)fprintf(stderr, "%s: ", p->name);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)fprintf(stderr, fmt, safe);
#pragma GCC diagnostic pop
	(void)fprintf(stderr, _("\nTry \"%s --help\".\n"), p->name);
	return CLI_USAGE;
}

static const struct cli_option *find_in(const struct cli_option *o, const char *name,
					size_t len)
{
	for (; o != NULL && o->name != NULL; o++) {
		if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
			return o;
	}
	return NULL;
}

static const struct cli_option *find_option(const struct cli *c, const char *name, size_t len)
{
	const struct cli_option *o = NULL;

	if (c->command != NULL)
		o = find_in(c->command->options, name, len);
	if (o == NULL)
		o = find_in(c->program->options, name, len);
	if (o == NULL)
		o = find_in(common_options, name, len);
	/* An option of the default command may stand where no command was given. */
	for (const struct cli_command *k = c->program->commands; o == NULL && k->name != NULL;
	     k++) {
		if (k->name[0] == '\0' || c->command == NULL)
			o = find_in(k->options, name, len);
	}
	return o;
}

static int take_option(struct cli *c, int argc, char **argv, int *i)
{
	const char *word = argv[*i] + 2;
	const char *eq = strchr(word, '=');
	size_t len = eq != NULL ? (size_t)(eq - word) : strlen(word);
	const struct cli_option *o = find_option(c, word, len);
	const char *value = eq != NULL ? eq + 1 : "";

	if (o == NULL)
		return usage(c->program, _("there is no option \"%s\""), argv[*i]);
	if (o->value == NULL && eq != NULL)
		return usage(c->program, _("option \"%s\" takes no value"), argv[*i]);
	if (o->value != NULL && eq == NULL) {
		if (*i + 1 >= argc)
			return usage(c->program, _("option \"%s\" needs a value"), argv[*i]);
		value = argv[++*i];
	}
	if (!o->many && cli_has(c, o->name))
		return usage(c->program, _("option \"%s\" is given twice"), argv[*i]);
	if (c->n_values == CLI_MAX_VALUES)
		return usage(c->program, _("too many options at \"%s\""), argv[*i]);
	c->values[c->n_values].option = o;
	c->values[c->n_values++].value = value;
	return -1;
}

static const struct cli_command *find_command(const struct cli_program *p, const char *name)
{
	for (const struct cli_command *k = p->commands; k->name != NULL; k++) {
		if (strcmp(k->name, name) == 0)
			return k;
	}
	return NULL;
}

static bool decide_color(const struct cli *c)
{
	const char *when = cli_value(c, "color");
	const char *no_color = getenv("NO_COLOR");

	if (when != NULL && strcmp(when, "always") == 0)
		return true;
	if (when != NULL && strcmp(when, "never") == 0)
		return false;
	return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

/* Returns an exit code, or -1 to go on. */
static int parse(struct cli *c, int argc, char **argv)
{
	bool only_operands = false;

	for (int i = 1; i < argc; i++) {
		if (!only_operands && strcmp(argv[i], "--") == 0) {
			only_operands = true;
		} else if (!only_operands && strcmp(argv[i], "-h") == 0) {
			argv[i] = (char *)(uintptr_t) "--help";
			i--;
		} else if (!only_operands && argv[i][0] == '-' && argv[i][1] == '-') {
			int r = take_option(c, argc, argv, &i);

			if (r >= 0)
				return r;
		} else if (!only_operands && argv[i][0] == '-' && argv[i][1] != '\0') {
			return usage(c->program, _("there is no option \"%s\""), argv[i]);
		} else if (c->command == NULL && find_command(c->program, argv[i]) != NULL) {
			c->command = find_command(c->program, argv[i]);
		} else {
			if (c->command == NULL) {
				c->command = find_command(c->program, "");
				if (c->command == NULL || c->command->max_operands == 0)
					return usage(c->program,
						     _("there is no command \"%s\""), argv[i]);
			}
			c->operands[c->n_operands++] = argv[i];
		}
	}
	return -1;
}

static int check(struct cli *c)
{
	const struct cli_program *p = c->program;
	const char *when = cli_value(c, "color");

	if (cli_has(c, "help"))
		return print_help(p, c->command);
	if (cli_has(c, "version")) {
		printf("%s %s\n", p->name, SL_VERSION);
		return CLI_DONE;
	}
	if (when != NULL && strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 &&
	    strcmp(when, "never") != 0)
		return usage(p, _("--color takes auto, always or never, not \"%s\""), when);
	if (c->command == NULL)
		c->command = find_command(p, "");
	if (c->command == NULL)
		return usage(p, "%s", _("a command is needed"));
	for (int i = 0; i < c->n_values; i++) {
		const char *name = c->values[i].option->name;

		if (find_in(c->command->options, name, strlen(name)) == NULL &&
		    find_in(p->options, name, strlen(name)) == NULL &&
		    find_in(common_options, name, strlen(name)) == NULL)
			return usage(p, _("option \"--%s\" does not belong to this command"),
				     name);
	}
	if (c->n_operands < c->command->min_operands)
		return usage(p, _("something is missing: %s"), c->command->operands);
	if (c->command->max_operands >= 0 && c->n_operands > c->command->max_operands)
		return usage(p, _("one word too many: \"%s\""), c->operands[c->n_operands - 1]);
	return -1;
}

int cli_main(const struct cli_program *p, int argc, char **argv)
{
	struct pollfd out = {.fd = STDOUT_FILENO};
	struct cli c = {.program = p};
	int r;

	i18n_init();
	/* A reader that went away is an error code, not a death. */
	(void)signal(SIGPIPE, SIG_IGN);
	c.operands = calloc((size_t)argc + 1, sizeof(*c.operands));
	if (c.operands == NULL)
		return CLI_REFUSED;
	r = parse(&c, argc, argv);
	if (r < 0)
		r = check(&c);
	if (r < 0) {
		c.config = cli_value(&c, "config");
		c.json = cli_has(&c, "json");
		c.color = !c.json && decide_color(&c);
		r = c.command->run(&c);
	}
	free(c.operands);
	if (cli_written() || r != CLI_DONE)
		return r;
	/* Who closed the pipe after a few lines had enough of it and knows. */
	if (poll(&out, 1, 0) <= 0 || (out.revents & POLLERR) == 0)
		(void)fprintf(
			stderr, "sluice: %s\n",
			_("not all of the answer could be written to where it was to go"));
	return CLI_REFUSED;
}

bool cli_written(void)
{
	return fflush(stdout) == 0 && ferror(stdout) == 0;
}

const char *cli_value_at(const struct cli *c, const char *name, int i)
{
	for (int k = 0; k < c->n_values; k++) {
		if (strcmp(c->values[k].option->name, name) == 0 && i-- == 0)
			return c->values[k].value;
	}
	return NULL;
}

const char *cli_value(const struct cli *c, const char *name)
{
	return cli_value_at(c, name, 0);
}
bool cli_has(const struct cli *c, const char *name)
{
	return cli_value(c, name) != NULL;
}

int cli_fail(int err, const struct sl_why *why, const char *what, const char *next)
{
	(void)fprintf(stderr, "sluice: %s: %s\n", what,
		      why != NULL && why->text[0] != '\0' ? why->text : _(sl_strerror(err)));
	if (next != NULL)
		(void)fprintf(stderr, "  -> %s\n", next);
	return cli_exit_code(err);
}

const char *cli_paint(const struct cli *c, enum cli_paint p)
{
	static const char *const codes[] = {"\033[0m",	"\033[1m",  "\033[2m", "\033[31m",
					    "\033[32m", "\033[33m", "\033[34m"};

	return c->color ? codes[p] : "";
}

void cli_progress(const char *label, uint64_t done, uint64_t total)
{
	static int64_t started, last;
	static bool shown;
	int64_t now = clock_mono_ms();
	int percent = total > 0 ? (int)(done * 100 / total) : 100;

	if (started == 0)
		started = now;
	if (!isatty(STDERR_FILENO) || (!shown && now - started < 1000))
		goto end;
	if (done < total && shown && now - last < 100)
		return;
	(void)fprintf(stderr, "\r%s [%-30.*s] %3d%%", label, percent * 30 / 100,
		      "##############################", percent);
	shown = true;
	last = now;
end:
	if (done >= total) {
		if (shown)
			(void)fputc('\n', stderr);
		started = 0;
		shown = false;
	}
}
