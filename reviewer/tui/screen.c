/* screen.c - ncurses in one place. */
#include "tui/screen.h"

#define NCURSES_WIDECHAR 1
#include <langinfo.h>
#include <ncurses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"

static bool is_open;
static bool has_color;

static void on_fatal(int sig)
{
	/* endwin is not async-signal-safe, but leaving an officer's terminal in raw
	 * mode with a draft on it is worse than the small risk while dying. */
	if (is_open)
		(void)endwin();
	(void)signal(sig, SIG_DFL);
	(void)raise(sig);
}

static void init_looks(void)
{
	start_color();
	use_default_colors();
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_YELLOW, -1);
	init_pair(3, COLOR_CYAN, -1);
	init_pair(4, COLOR_GREEN, -1);
}

int screen_open_on(FILE *in, FILE *out, const char *type, bool color, struct sl_why *why)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return why_set(
			why, SL_E_UNSUPPORTED, "%s",
			_("the terminal must be set to UTF-8 (for example LANG=zh_CN.UTF-8)"));
	if (newterm(type, out, in) == NULL)
		return why_set(why, SL_E_UNSUPPORTED, "%s",
			       _("this terminal type is not known (TERM)"));
	is_open = true;
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)set_escdelay(25);
	has_color = color && has_colors();
	if (has_color)
		init_looks();
	return SL_OK;
}

int screen_open(bool color, struct sl_why *why)
{
	static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGTERM, SIGHUP, SIGINT};
	int r;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return why_set(
			why, SL_E_UNSUPPORTED, "%s",
			_("this needs a terminal; without one use list, show, approve ..."));
	r = screen_open_on(stdin, stdout, NULL, color, why);
	for (size_t i = 0; r == SL_OK && i < sizeof(fatal) / sizeof(fatal[0]); i++)
		(void)signal(fatal[i], on_fatal);
	return r;
}

void screen_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	/* What was read must not stay on a shared desk. */
	(void)erase();
	(void)refresh();
	(void)endwin();
}

void screen_lend(void)
{
	(void)def_prog_mode();
	(void)endwin();
}

void screen_take_back(void)
{
	(void)reset_prog_mode();
	(void)clearok(stdscr, TRUE);
	(void)refresh();
}

void screen_size(int *ret_rows, int *ret_cols)
{
	getmaxyx(stdscr, *ret_rows, *ret_cols);
}
void screen_clear(void)
{
	(void)erase();
}

static attr_t attributes(enum screen_look look)
{
	switch (look) {
	case LOOK_DIM:
		return A_DIM;
	case LOOK_BOLD:
		return A_BOLD;
	case LOOK_BAR:
	case LOOK_SELECTED:
		return A_REVERSE;
	case LOOK_GOOD:
		return A_BOLD | (has_color ? COLOR_PAIR(4) : 0);
	case LOOK_S1:
	case LOOK_ERROR:
		return A_BOLD | (has_color ? COLOR_PAIR(1) : A_REVERSE);
	case LOOK_S2:
		return A_BOLD | (has_color ? COLOR_PAIR(2) : A_UNDERLINE);
	case LOOK_S3:
		return has_color ? COLOR_PAIR(3) | A_UNDERLINE : A_UNDERLINE;
	default:
		return A_NORMAL;
	}
}

int screen_put(int row, int col, int width, enum screen_look look, const char *text, size_t len,
	       bool pad)
{
	int cells = 0, combining = 0;
	size_t used;
	char safe[24];

	(void)attr_set(attributes(look) & ~A_COLOR, (short)PAIR_NUMBER(attributes(look)), NULL);
	if (move(row, col) == ERR)
		return 0;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(text + i, len - i, &used);
		int w = cp == TEXT_BAD || text_is_deceptive(cp) ? -1 : text_width(cp);

		if (w < 0) {
			size_t n = text_safe(text + i, used, safe, sizeof(safe));

			if (cells + (int)n > width)
				break;
			(void)addnstr(safe, (int)n);
			cells += (int)n;
			continue;
		}
		/* A thousand combining marks on one letter are noise, not text. */
		combining = w == 0 ? combining + 1 : 0;
		if (combining > 2)
			continue;
		if (cells + w > width)
			break;
		(void)addnstr(text + i, (int)used);
		cells += w;
	}
	for (int i = cells; pad && i < width; i++)
		(void)addch(' ');
	(void)attrset(A_NORMAL);
	return cells;
}

int screen_puts(int row, int col, int width, enum screen_look look, const char *text)
{
	return screen_put(row, col, width, look, text, strlen(text), true);
}

void screen_cursor(int row, int col)
{
	(void)curs_set(row >= 0 ? 1 : 0);
	if (row >= 0)
		(void)move(row, col);
}

void screen_flush(void)
{
	(void)refresh();
}

uint32_t screen_key(int timeout_ms)
{
	static const struct {
		wint_t from;
		uint32_t to;
	} keys[] = {
		{KEY_UP, SCREEN_UP},
		{KEY_DOWN, SCREEN_DOWN},
		{KEY_LEFT, SCREEN_LEFT},
		{KEY_RIGHT, SCREEN_RIGHT},
		{KEY_PPAGE, SCREEN_PGUP},
		{KEY_NPAGE, SCREEN_PGDN},
		{KEY_HOME, SCREEN_HOME},
		{KEY_END, SCREEN_END},
		{KEY_RESIZE, SCREEN_RESIZE},
		{KEY_ENTER, SCREEN_ENTER},
		{KEY_BACKSPACE, SCREEN_BACKSPACE},
	};
	wint_t ch = 0;
	int r;

	timeout(timeout_ms);
	r = get_wch(&ch);
	if (r == ERR)
		return SCREEN_NONE;
	if (r == KEY_CODE_YES) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (keys[i].from == ch)
				return keys[i].to;
		}
		return SCREEN_NONE;
	}
	if (ch == '\r' || ch == '\n')
		return SCREEN_ENTER;
	if (ch == 27)
		return SCREEN_ESCAPE;
	if (ch == 127 || ch == 8)
		return SCREEN_BACKSPACE;
	return (uint32_t)ch;
}
