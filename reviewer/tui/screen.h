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
	LOOK_GOOD,
	LOOK_S1,
	LOOK_S2,
	LOOK_S3,
	LOOK_ERROR
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
	SCREEN_ESCAPE
};

/* Take the terminal; restored on screen_close and on fatal signals.
 * SL_E_UNSUPPORTED without a terminal or without UTF-8. */
int screen_open(bool color, struct sl_why *why) SL_MUST_USE;
/* The same on any two streams and for a terminal type of that name (NULL: TERM); does not ask
 * whether they are a terminal. */
int screen_open_on(FILE *in, FILE *out, const char *type, bool color,
		   struct sl_why *why) SL_MUST_USE;
void screen_close(void);
/* Lend the terminal to another program, and take it back. */
void screen_lend(void);
void screen_take_back(void);
void screen_size(int *ret_rows, int *ret_cols);
void screen_clear(void);
/* Draw `len` bytes of text at (row, col), at most `width` cells; `pad`: fill the rest
 * with blanks. Returns cells used by text. */
int screen_put(int row, int col, int width, enum screen_look look, const char *text, size_t len,
	       bool pad);
int screen_puts(int row, int col, int width, enum screen_look look, const char *text);
void screen_cursor(int row, int col); /* visible there; row -1 hides it */
void screen_flush(void);
/* Wait at most timeout_ms for a key: a code point, an enum screen_key or SCREEN_NONE. */
uint32_t screen_key(int timeout_ms);

#endif
