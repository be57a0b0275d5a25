/* match.h - words in a text: small letters find large ones too, a large one only itself. */
#ifndef SL_REVIEWER_TUI_MATCH_H
#define SL_REVIEWER_TUI_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MATCH_MAX = 400 };
struct match {
	uint32_t cp[MATCH_MAX];
	unsigned n;
	bool fold; /* no large letter was asked for */
};
/* false: there are no words, or too many. */
bool match_init(struct match *m, const char *words);
/* The first place at or behind `from`; *ret_end is where it ends. */
bool match_next(const struct match *m, const void *text, size_t len, size_t from,
		size_t *ret_at, size_t *ret_end);
/* Bytes that a hit takes at most. */
size_t match_longest(const struct match *m);

#endif
