/* line.h - one line of input at the bottom, with history and completion. */
#ifndef SL_REVIEWER_TUI_LINE_H
#define SL_REVIEWER_TUI_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_MAX_BYTES = 401, LINE_HISTORY = 50 };

struct line_history {
	char line[LINE_HISTORY][LINE_MAX_BYTES];
	unsigned n; /* kept; the newest is the last */
};
struct line_ask {
	const char *prompt;
	const char *first;	      /* what stands there at the beginning; NULL: nothing */
	struct line_history *history; /* arrows go through it; NULL: none */
	/* The i-th way to go on with `line`, as a whole line; NULL when there are no more. */
	const char *(*complete)(void *arg, const char *line, unsigned i);
	void *arg;
};
/* false when the person pressed Escape; else the line is in out and in the history. */
bool line_read(const struct line_ask *a, char out[LINE_MAX_BYTES]);

#endif
