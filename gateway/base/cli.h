/* cli.h - what all seven programs have in common: options, exit codes, colour, progress.
 *
 * A program describes its options and commands in tables; --help and the
 * parser read the same table, so help cannot go stale. */
#ifndef SL_BASE_CLI_H
#define SL_BASE_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/i18n.h"

enum cli_exit {
	CLI_DONE = 0,
	CLI_REFUSED = 1, /* refused by rule or by verification */
	CLI_USAGE = 2,
	CLI_UNREACHABLE = 3, /* cannot reach or busy, try again */
	CLI_SPILL = 4
};
/* Exit code for an error code (SL_OK -> 0, UNREACHABLE/TIMEOUT/... -> 3, USAGE -> 2, else 1).
 */
int cli_exit_code(int err);

struct cli;
struct cli_option {
	const char *name;  /* without "--" */
	const char *value; /* placeholder such as "FILE", NULL for a flag */
	const char *help;  /* N_() text */
	bool many;	   /* may be repeated */
};
struct cli_command {
	const char *name;		  /* NULL-name row ends the table */
	const char *operands;		  /* such as "FILE..." or "ID", "" for none */
	const char *help;		  /* N_() one line */
	const struct cli_option *options; /* ends with name NULL; may be NULL */
	int min_operands, max_operands;	  /* max -1: any number */
	int (*run)(const struct cli *c);  /* returns an enum cli_exit */
};
struct cli_program {
	const char *name;
	const char *about; /* N_() paragraph that teaches: what it is for, one example */
	const struct cli_option *options;   /* for every command; may be NULL */
	const struct cli_command *commands; /* ends with name NULL; a row named "" is the
					       default command when none is given */
	const char *examples;		    /* N_() or NULL */
};

enum { CLI_MAX_VALUES = 256 };
struct cli {
	const struct cli_program *program;
	const struct cli_command *command;
	const char *config; /* --config, or NULL */
	bool json;	    /* --json */
	bool color;	    /* decided from --color, NO_COLOR and the terminal */
	int n_operands;
	char **operands;
	struct {
		const struct cli_option *option;
		const char *value; /* "" for a flag */
	} values[CLI_MAX_VALUES];
	int n_values;
};

/* Parse and run: the whole main().  --help, --version, --config FILE, --json,
 * --color=WHEN are understood everywhere; options may stand before or after
 * the command and take "--name value" or "--name=value"; "--" ends them.
 * Unknown words give a sentence on stderr and exit code 2. */
int cli_main(const struct cli_program *p, int argc, char **argv);
/* Has all that was printed so far left for standard output? */
bool cli_written(void);

/* First (or i-th) value of an option, NULL when absent; flags give "". */
const char *cli_value(const struct cli *c, const char *name);
const char *cli_value_at(const struct cli *c, const char *name, int i);
bool cli_has(const struct cli *c, const char *name);

/* "sluice: what: detail" on stderr, then what to do next (may be NULL);
 * returns cli_exit_code(err). `what` and `next` are translated texts. */
int cli_fail(int err, const struct sl_why *why, const char *what, const char *next);
/* Colour sequences or "" : cli_paint(c, CLI_RED) ... cli_paint(c, CLI_RESET). */
enum cli_paint { CLI_RESET, CLI_BOLD, CLI_DIM, CLI_RED, CLI_GREEN, CLI_YELLOW, CLI_BLUE };
const char *cli_paint(const struct cli *c, enum cli_paint p);

/* Progress bar on stderr when that is a terminal and more than a second has
 * passed; call as often as you like; done == total ends the line. */
void cli_progress(const char *label, uint64_t done, uint64_t total);

/* A passphrase: from the descriptor in SLUICE_PASSPHRASE_FD, else asked for on
 * /dev/tty without echo.  out gets at most cap - 1 bytes; caller wipes it.
 * SL_E_NOTFOUND without either; SL_E_CANCELED when a signal ended the question. */
int cli_passphrase(const char *prompt, char *out, size_t cap) SL_MUST_USE;

#endif
