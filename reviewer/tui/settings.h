/* settings.h - what a person chose for the screen: a theme and named filters.
 *
 * ~/.config/sluice/review.settings (below XDG_CONFIG_HOME when set), mode 0600, lines
 *   theme NAME
 *   filter NAME WORDS
 * Lines that are not understood are kept out and go with the next save.  Nothing in it
 * changes what may be seen or signed. */
#ifndef SL_REVIEWER_TUI_SETTINGS_H
#define SL_REVIEWER_TUI_SETTINGS_H

#include "base/err.h"

enum { SETTINGS_FILTERS_MAX = 32, SETTINGS_NAME = 32, SETTINGS_WORDS = 401 };

struct settings {
	char theme[SETTINGS_NAME]; /* "" for the default */
	struct {
		char name[SETTINGS_NAME], words[SETTINGS_WORDS];
	} filter[SETTINGS_FILTERS_MAX];
	unsigned n;
};

/* Read bytes of such a file; never fails, takes what it understands. */
void settings_parse(struct settings *s, const char *bytes, size_t len);
/* A file that is not there gives nothing. */
void settings_load(struct settings *s);
int settings_save(const struct settings *s) SL_MUST_USE;
const char *settings_filter(const struct settings *s, const char *name); /* or NULL */
/* SL_E_LIMIT when there are too many or a name is no single short word; words "" removes. */
int settings_set_filter(struct settings *s, const char *name, const char *words) SL_MUST_USE;

#endif
