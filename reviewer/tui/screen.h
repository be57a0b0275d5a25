/* screen.h - cells on a terminal; the only user of ncurses.
 *
 * Text given here is untrusted: everything passes text_safe, is measured in
 * cells and is cut or padded so that no wide character is ever halved. */
#ifndef SL_REVIEWER_TUI_SCREEN_H
#define SL_REVIEWER_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum screen_look {
	LOOK_PLAIN,
	LOOK_DIM,
	LOOK_BOLD,
	LOOK_BAR,
	LOOK_SELECTED,
	LOOK_CHANGED, /* a word that is another */
	LOOK_FOUND,   /* what was searched for, where it stands */
	LOOK_GOOD,
	LOOK_S1,
	LOOK_S2,
	LOOK_S3,
	LOOK_ERROR,
	LOOK_HEAD, /* of a table; the second for the column it is sorted by */
	LOOK_HEAD_SORTED
};
/* Keys that are not characters. */
enum screen_key {
	SCREEN_NONE = 0,
	SCREEN_UP = 0x110000,
	SCREEN_DOWN,
	SCREEN_LEFT,
	SCREEN_RIGHT,
	SCREEN_PGUP,
	SCREEN_PGDN,
	SCREEN_HOME,
	SCREEN_END,
	SCREEN_RESIZE,
	SCREEN_BACKSPACE,
	SCREEN_ENTER,
	SCREEN_ESCAPE,
	SCREEN_WAKE, /* the watched descriptor is readable */
	SCREEN_OTHER /* a key that we have no name for */
};

/* Take the terminal; restored on screen_close and on fatal signals.
 * SL_E_UNSUPPORTED without a terminal or without UTF-8. */
int screen_open(bool color, struct sl_why *why) SL_MUST_USE;
/* The same on any two streams and for a terminal type of that name (NULL: TERM); does not ask
 * whether they are a terminal. */
int screen_open_on(FILE *in, FILE *out, const char *type, bool color,
		   struct sl_why *why) SL_MUST_USE;
void screen_close(void);
/* Themes: "default", "light", "high-contrast", "mono".  What a look means is never told by
 * colour alone, so that mono loses nothing.  false: no theme has that name. */
bool screen_theme(const char *name);
const char *screen_theme_name(void);	 /* the one in force */
const char *screen_theme_at(unsigned i); /* NULL after the last */
/* Lend the terminal to another program, and take it back. */
void screen_lend(void);
void screen_take_back(void);
void screen_size(int *ret_rows, int *ret_cols);
void screen_clear(void);
/* Forget what the terminal shows: the next flush draws every cell. */
void screen_redraw(void);
/* Draw `len` bytes of text at (row, col), at most `width` cells; `pad`: fill the rest
 * with blanks. Returns cells used by text. */
int screen_put(int row, int col, int width, enum screen_look look, const char *text, size_t len,
	       bool pad);
/* One character in two of the 256 colours (256: the terminal's own).  cp is printable. */
void screen_cell(int row, int col, uint32_t cp, unsigned ink, unsigned ground);
bool screen_colors(void); /* are there any? */
/* Codes that draw a picture at (row, col), checked before: borrowed until the next flush, which
 * sends them after the cells unless the terminal shows that picture already.  A flush without
 * any draws every cell anew in its place. */
void screen_codes(int row, int col, const void *codes, size_t len);
/* How many bytes of text fit into `width` cells. */
size_t screen_fit(const char *text, size_t len, int width);
/* A line across. */
int screen_rule(int row, int col, int width);
int screen_puts(int row, int col, int width, enum screen_look look, const char *text);
void screen_cursor(int row, int col); /* visible there; row -1 hides it */
void screen_flush(void);
/* Wait at most timeout_ms (-1: for ever) for a key: a code point, an enum screen_key or
 * SCREEN_NONE. */
uint32_t screen_key(int timeout_ms);
/* A key waited for without a limit is Escape after so many milliseconds; 0: never. */
void screen_idle_after(int ms);
/* A descriptor that ends a waiting with a limit by SCREEN_WAKE; -1: none. */
void screen_watch(int fd);

#endif
