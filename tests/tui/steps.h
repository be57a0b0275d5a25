/* steps.h - a step file: what is pressed and asked, and below it the golden screens.
 *
 *   # a comment
 *   answers queue.json       recorded answers, tests/tui/answers/ (fake.h)
 *   many 100000              review.list made of so many drafts instead
 *   inspected 2              a second inspection has looked at so many files
 *   found {"state":…}        and comes to that at its next step
 *   gone / back              the gateway stops answering, answers again
 *   clock 2026-11-27T09:00:00Z
 *   later 600                so many seconds have passed
 *   env NAME=VALUE           in the environment; %s is tests/tui
 *   readonly                 start with --readonly
 *   variants en-80x24        only these (default: en-80x24 zh-80x24 en-200x60 zh-200x60)
 *   key j Enter ^L           keys by name, one after the other
 *   type some text           its characters, then nothing
 *   idle 2                   no key comes: the clock's turn, twice
 *   resize 1x1               the window becomes that large
 *   shot NAME                the screen must be the golden of that name
 *   has TEXT / hasnot TEXT   the screen contains it
 *   en STEP / zh STEP        only in that language
 * and then the goldens, each line of the screen after a '|', blanks at its end left out:
 *   ==== NAME en-80x24
 *   | …
 */
#ifndef SL_TEST_TUI_STEPS_H
#define SL_TEST_TUI_STEPS_H

#include <stdbool.h>
#include <stddef.h>

struct step {
	char *verb, *rest; /* rest: "" when there is none */
	int line;
};
struct golden {
	char *name; /* "NAME VARIANT" */
	char *text; /* lines with '|' */
};
struct steps {
	char *path;
	char *head; /* the file up to the first golden, as it is */
	struct step *step;
	unsigned n;
	struct golden *golden;
	unsigned n_golden;
};

/* Exits with a sentence when the file is missing or has no form. */
void steps_load(const char *path, struct steps *s);
void steps_release(struct steps *s);
/* NULL when there is none. */
const char *steps_golden(const struct steps *s, const char *name);
void steps_set_golden(struct steps *s, const char *name, const char *text);
/* Write head and goldens back. */
bool steps_save(const struct steps *s);
/* Is the variant meant (every one when no step "variants" names some)? */
bool steps_variant(const struct steps *s, const char *variant);

#endif
