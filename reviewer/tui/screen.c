/* screen.c - ncurses in one place. */
#include "tui/screen.h"

#define NCURSES_WIDECHAR 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"

/* To be drawn with the next flush; `shown`: the one that the terminal shows, 0 for none. */
static struct {
	const void *codes; /* borrowed until then */
	size_t len;
	int row, col;
	uint64_t shown;
} picture;
static bool is_open;
static bool may_color; /* the terminal can and nobody said no */
static int watched = -1;
static int idle_after_ms;

/* Colours of S1 and errors, S2, S3, what is good, and the ground; pairs 1 to 5. */
enum { PAIRS = 4, PAIR_GROUND = 5 };
static const struct theme {
	const char *name;
	bool color;
	short fore[PAIRS], back[PAIRS];
	short ground_fore, ground_back; /* -1, -1: as the terminal has it */
} themes[] = {
	{"default",
	 true,
	 {COLOR_RED, COLOR_YELLOW, COLOR_CYAN, COLOR_GREEN},
	 {-1, -1, -1, -1},
	 -1,
	 -1},
	{"light",
	 true,
	 {COLOR_RED, COLOR_MAGENTA, COLOR_BLUE, COLOR_BLUE},
	 {COLOR_WHITE, COLOR_WHITE, COLOR_WHITE, COLOR_WHITE},
	 COLOR_BLACK,
	 COLOR_WHITE},
	{"high-contrast",
	 true,
	 {COLOR_WHITE, COLOR_BLACK, COLOR_WHITE, COLOR_WHITE},
	 {COLOR_RED, COLOR_YELLOW, COLOR_BLUE, COLOR_BLACK},
	 COLOR_WHITE,
	 COLOR_BLACK},
	{"mono", false, {0}, {0}, -1, -1},
};
enum { N_THEMES = sizeof(themes) / sizeof(themes[0]), MONO = N_THEMES - 1 };
static const struct theme *theme = &themes[0];

static void on_fatal(int sig)
{
	/* endwin is not async-signal-safe, but leaving an officer's terminal in raw
	 * mode with a draft on it is worse than the small risk while dying. */
	if (is_open)
		(void)endwin();
	(void)signal(sig, SIG_DFL);
	(void)raise(sig);
}

static bool has_color(void)
{
	return may_color && theme->color;
}

static void init_looks(void)
{
	if (!may_color)
		return;
	for (short i = 0; i < PAIRS; i++)
		(void)init_pair((short)(i + 1), theme->fore[i], theme->back[i]);
	(void)init_pair(PAIR_GROUND, theme->ground_fore, theme->ground_back);
	(void)bkgd((chtype)' ' | (has_color() ? (chtype)COLOR_PAIR(PAIR_GROUND) : 0));
}

bool screen_theme(const char *name)
{
	for (size_t i = 0; i < N_THEMES; i++) {
		if (strcmp(themes[i].name, name) != 0)
			continue;
		theme = &themes[i];
		if (is_open)
			init_looks();
		return true;
	}
	return false;
}

const char *screen_theme_name(void)
{
	return may_color || !is_open ? theme->name : themes[MONO].name;
}

const char *screen_theme_at(unsigned i)
{
	return i < N_THEMES ? themes[i].name : NULL;
}

static int no_utf8(struct sl_why *why)
{
	return why_set(why, SL_E_UNSUPPORTED, "%s",
		       _("the terminal must be set to UTF-8 (for example LANG=zh_CN.UTF-8)"));
}

int screen_open_on(FILE *in, FILE *out, const char *type, bool color, struct sl_why *why)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return no_utf8(why);
	if (newterm(type, out, in) == NULL)
		return why_set(why, SL_E_UNSUPPORTED, "%s",
			       _("this terminal type is not known: set TERM, for example "
				 "TERM=xterm-256color"));
	if (cursor_address == NULL || clear_screen == NULL) {
		(void)endwin();
		return why_set(why, SL_E_UNSUPPORTED, "%s",
			       _("this terminal cannot place its cursor (TERM); without the "
				 "screen use "
				 "list, show, approve ..."));
	}
	is_open = true;
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)set_escdelay(25);
	may_color = color && has_colors();
	if (may_color) {
		(void)start_color();
		(void)use_default_colors();
	}
	init_looks();
	return SL_OK;
}

/* What the person's environment says, not the UTF-8 that our messages are given anyway. */
static bool environment_is_utf8(void)
{
	locale_t l = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool ok = l != (locale_t)0 && strcmp(nl_langinfo_l(CODESET, l), "UTF-8") == 0;

	if (l != (locale_t)0)
		freelocale(l);
	return ok;
}

int screen_open(bool color, struct sl_why *why)
{
	static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE,
				    SIGTERM, SIGHUP,  SIGINT, SIGQUIT};
	int r;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return why_set(
			why, SL_E_UNSUPPORTED, "%s",
			_("this needs a terminal; without one use list, show, approve ..."));
	if (!environment_is_utf8())
		return no_utf8(why);
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
	picture.shown = 0;
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
void screen_redraw(void)
{
	picture.shown = 0;
	(void)clearok(stdscr, TRUE);
}

void screen_watch(int fd)
{
	watched = fd;
}

void screen_idle_after(int ms)
{
	idle_after_ms = ms;
}

static attr_t attributes(enum screen_look look)
{
	bool color = has_color();

	switch (look) {
	case LOOK_DIM:
		return A_DIM;
	case LOOK_BOLD:
		return A_BOLD;
	case LOOK_BAR:
	case LOOK_SELECTED:
		return A_REVERSE;
	case LOOK_CHANGED:
		return A_BOLD | A_UNDERLINE;
	case LOOK_FOUND:
		return A_REVERSE | A_BOLD;
	case LOOK_GOOD:
		return A_BOLD | (color ? COLOR_PAIR(4) : 0);
	case LOOK_S1:
	case LOOK_ERROR:
		return A_BOLD | (color ? COLOR_PAIR(1) : A_REVERSE);
	case LOOK_S2:
		return A_BOLD | (color ? COLOR_PAIR(2) : A_UNDERLINE);
	case LOOK_S3:
		return color ? COLOR_PAIR(3) | A_UNDERLINE : A_UNDERLINE;
	case LOOK_HEAD:
		return A_UNDERLINE;
	case LOOK_HEAD_SORTED:
		return A_UNDERLINE | A_BOLD;
	default:
		return A_NORMAL;
	}
}

/* One character as it will be drawn: its bytes (text itself, or `safe`) and cells. */
struct glyph {
	const char *bytes;
	size_t len;
	int cells;
	char safe[24];
};

static size_t next_glyph(const char *text, size_t len, struct glyph *g)
{
	size_t used;
	uint32_t cp = text_decode(text, len, &used);

	g->cells = cp == TEXT_BAD || text_is_deceptive(cp) ? -1 : text_width(cp);
	g->bytes = text;
	g->len = used;
	if (g->cells < 0) {
		g->len = text_safe(text, used, g->safe, sizeof(g->safe));
		g->bytes = g->safe;
		g->cells = (int)g->len;
	}
	return used;
}

size_t screen_fit(const char *text, size_t len, int width)
{
	struct glyph g;
	size_t i = 0, used;

	for (; i < len; i += used) {
		used = next_glyph(text + i, len - i, &g);
		if (g.cells > width)
			break;
		width -= g.cells;
	}
	return i;
}

int screen_put(int row, int col, int width, enum screen_look look, const char *text, size_t len,
	       bool pad)
{
	attr_t attr = attributes(look);
	int cells = 0, combining = 0;
	struct glyph g;

	if (has_color() && PAIR_NUMBER(attr) == 0)
		attr |= COLOR_PAIR(PAIR_GROUND);
	(void)attr_set(attr & ~A_COLOR, (short)PAIR_NUMBER(attr), NULL);
	if (move(row, col) == ERR)
		return 0;
	for (size_t i = 0; i < len;) {
		i += next_glyph(text + i, len - i, &g);
		/* A thousand combining marks on one letter are noise, not text. */
		combining = g.cells == 0 ? combining + 1 : 0;
		if (combining > 2)
			continue;
		if (cells + g.cells > width)
			break;
		(void)addnstr(g.bytes, (int)g.len);
		cells += g.cells;
	}
	for (int i = cells; pad && i < width; i++)
		(void)addch(' ');
	(void)attrset(A_NORMAL);
	return cells;
}

bool screen_colors(void)
{
	return has_color() && COLORS >= 256;
}

void screen_cell(int row, int col, uint32_t cp, unsigned ink, unsigned ground)
{
	/* Pairs are made as they are needed, and the oldest are forgotten. */
	int pair = !screen_colors() || (ink > 255 && ground > 255)
			   ? 0
			   : alloc_pair(ink > 255 ? -1 : (int)ink,
					ground > 255 ? -1 : (int)ground);
	wchar_t c[2] = {(wchar_t)cp, L'\0'};
	cchar_t cell;

	if (setcchar(&cell, c, A_NORMAL, 0, pair > 0 ? &pair : NULL) == OK)
		(void)mvadd_wch(row, col, &cell);
}

void screen_codes(int row, int col, const void *codes, size_t len)
{
	picture.codes = codes;
	picture.len = len;
	picture.row = row;
	picture.col = col;
}

/* Not kept: only to know the same one again (FNV-1a). */
static uint64_t print_of(const uint8_t *bytes, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* A picture is heavy on a slow line: it is sent once, and again only when the cells under it
 * were.  Sent after the cells, or they would wipe it out. */
static void flush_picture(uint64_t print)
{
	if (picture.codes == NULL || picture.shown == print)
		return;
	(void)putp(tiparm(cursor_address, picture.row, picture.col));
	(void)fwrite(picture.codes, 1, picture.len, stdout);
	(void)fflush(stdout);
	picture.shown = print;
}

int screen_rule(int row, int col, int width)
{
	if (move(row, col) == ERR)
		return 0;
	for (int i = 0; i < width; i++)
		(void)addstr("─");
	return width;
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
	uint64_t print = picture.codes != NULL ? print_of(picture.codes, picture.len) | 1 : 0;

	/* One that is there no more leaves nothing behind. */
	if (picture.shown != 0 && picture.shown != print) {
		(void)clearok(stdscr, TRUE);
		picture.shown = 0;
	}
	(void)refresh();
	flush_picture(print);
	picture.codes = NULL;
}

/* get_wch, unless the watched descriptor is readable first: WOKEN. */
enum { WOKEN = 1 << 20 };
static int wait_key(int timeout_ms, wint_t *ret_ch)
{
	struct pollfd p[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
			      {.fd = watched, .events = POLLIN}};
	bool watching = watched >= 0 && timeout_ms >= 0;
	int r;

	timeout(watching ? 0 : timeout_ms);
	r = get_wch(ret_ch);
	if (r != ERR || !watching)
		return r;
	/* What ncurses had read already was tried above.  A signal (another size) ends poll. */
	if (poll(p, 2, timeout_ms) > 0 && p[0].revents == 0)
		return WOKEN;
	return get_wch(ret_ch);
}

/* The terminal is gone, and no signal said so: read() has nothing more, now and for ever.  To
 * wait for keys would be to turn in a circle with the key in memory. */
static void leave_when_gone(void)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int waiting = 0;

	if (poll(&p, 1, 0) <= 0)
		return;
	if ((p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 ||
	    (ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0))
		(void)raise(SIGHUP);
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
	bool asked = timeout_ms < 0 && idle_after_ms > 0;
	wint_t ch = 0;
	int r = wait_key(asked ? idle_after_ms : timeout_ms, &ch);

	if (r == WOKEN)
		return SCREEN_WAKE;
	if (r == ERR)
		leave_when_gone();
	if (r == ERR)
		return asked ? SCREEN_ESCAPE : SCREEN_NONE;
	if (r == KEY_CODE_YES) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (keys[i].from == ch)
				return keys[i].to;
		}
		return SCREEN_OTHER;
	}
	if (ch == '\r' || ch == '\n')
		return SCREEN_ENTER;
	if (ch == 27)
		return SCREEN_ESCAPE;
	if (ch == 127 || ch == 8)
		return SCREEN_BACKSPACE;
	return (uint32_t)ch;
}
