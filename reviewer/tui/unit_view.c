/* unit_view.c - what `sluice-review unit list` prints, on a page that scrolls. */
#include "tui/unit_view.h"

#include "tui/panel.h"
#include "unit.h"
#include "unit_print.h"

int unit_view_layout(struct unit_view *u, int cols)
{
	static const struct cli plain = {0};
	struct panel_words w;

	page_begin(u->page, cols, NULL, NULL);
	panel_words_open(&w);
	if (w.f != NULL)
		unit_print(w.f, &plain, u->answer);
	return panel_words_add(&w, u->page, LOOK_BOLD, -1);
}

int unit_view_open(struct unit_view *u, struct session *s, const char *unit, int cols,
		   struct sl_why *why)
{
	json_t *answer = NULL;
	int r = unit_ask(s, unit[0] != '\0' ? unit : NULL, &answer, why);

	if (r != SL_OK)
		return r;
	unit_view_close(u);
	u->answer = answer; /* moved */
	r = page_new(&u->page);
	if (r == SL_OK)
		r = unit_view_layout(u, cols);
	if (r != SL_OK)
		unit_view_close(u);
	return r;
}

void unit_view_close(struct unit_view *u)
{
	json_decref(u->answer);
	page_free(u->page);
	*u = (struct unit_view){.answer = NULL};
}

void unit_view_draw(struct unit_view *u, int row, int rows, int cols)
{
	page_draw(u->page, u->top, row, rows, 0, cols, NULL, -1);
}

static unsigned last_top(struct unit_view *u, int rows)
{
	unsigned n = page_lines(u->page), window = rows > 1 ? (unsigned)rows : 1;

	return n > window ? n - window : 0;
}

void unit_view_move(struct unit_view *u, enum command cmd, int rows)
{
	unsigned last = last_top(u, rows), step = rows > 2 ? (unsigned)rows - 1 : 1;

	if (cmd == COMMAND_DOWN)
		u->top += u->top < last;
	else if (cmd == COMMAND_UP)
		u->top -= u->top > 0;
	else if (cmd == COMMAND_PAGE_DOWN || cmd == COMMAND_READ_ON)
		u->top = u->top + step < last ? u->top + step : last;
	else if (cmd == COMMAND_PAGE_UP)
		u->top = u->top > step ? u->top - step : 0;
	else if (cmd == COMMAND_HOME)
		u->top = 0;
	else if (cmd == COMMAND_END)
		u->top = last;
	else
		unit_view_close(u);
}
