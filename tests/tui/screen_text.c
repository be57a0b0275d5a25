/* screen_text.c - the cells of ncurses' screen read back. */
#define NCURSES_WIDECHAR 1
#include "screen_text.h"

#include <ncurses.h>
#include <stdlib.h>
#include <wchar.h>

#include "base/text.h"

enum { SCREEN_MAX = 1 << 20 };

static void put_row(int row, struct buf *out)
{
	size_t start = out->len, end = start;
	int rows, cols;

	getmaxyx(stdscr, rows, cols);
	(void)rows;
	buf_puts(out, "|");
	end = out->len;
	for (int col = 0; col < cols;) {
		wchar_t text[CCHARW_MAX + 1] = {0};
		cchar_t cell;
		attr_t attrs;
		short pair;
		int width;

		if (mvin_wch(row, col, &cell) == ERR ||
		    getcchar(&cell, text, &attrs, &pair, NULL) == ERR || text[0] == L'\0') {
			col++;
			continue;
		}
		for (int i = 0; i < CCHARW_MAX && text[i] != L'\0'; i++) {
			char utf8[4];

			buf_put(out, utf8, text_encode((uint32_t)text[i], utf8));
		}
		width = text_width((uint32_t)text[0]);
		col += width > 0 ? width : 1;
		if (text[0] != L' ')
			end = out->len;
	}
	buf_cut(out, end);
	buf_puts(out, "\n");
}

void screen_text(struct buf *out)
{
	int rows, cols;

	getmaxyx(stdscr, rows, cols);
	(void)cols;
	buf_init(out, SCREEN_MAX);
	for (int row = 0; row < rows; row++)
		put_row(row, out);
	if (buf_error(out) != SL_OK)
		abort();
}
