/* reader.c - what appears here is what an approval later says was shown. */
#include "tui/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"

int reader_open(struct session *s, const char *draft, struct reader *r, struct sl_why *why)
{
	int e;

	memset(r, 0, sizeof(*r));
	e = case_open(s, draft, &r->c, why);
	if (e == SL_OK)
		e = seen_load(s->config, r->c->id, r->c->revision, &r->seen, why);
	if (e == SL_OK)
		e = page_new(&r->page);
	if (e == SL_OK) {
		json_t *again = recheck_recall(s->config, r->c);

		if (recheck_differs(again))
			recheck_line(again, r->differs);
		json_decref(again);
	}
	if (e != SL_OK)
		reader_close(r);
	return e;
}

void reader_close(struct reader *r)
{
	page_free(r->page);
	seen_free(r->seen);
	case_free(r->c);
	memset(r, 0, sizeof(*r));
}

static int turn_summary(struct reader *r, int cols)
{
	int e = page_fill_summary(r->page, r->c, cols);

	if (e == SL_OK)
		e = seen_add(r->seen, "manifest", r->c->manifest_sha256);
	return e == SL_OK ? seen_add(r->seen, "report", r->c->report_sha256) : e;
}

static int turn_file(struct session *s, struct reader *r, unsigned i, int cols,
		     struct sl_why *why)
{
	struct case_file *f = &r->c->files[i];
	char part[32];
	int e = case_text(s, r->c, i, why);

	if (e != SL_OK && e != SL_E_NOTFOUND)
		return e;
	e = page_fill_text(r->page, r->c, i, cols);
	if (e != SL_OK || !f->have_text)
		return e;
	(void)snprintf(part, sizeof(part), "text:%u", f->index);
	return seen_add(r->seen, part, f->text_sha256);
}

int reader_turn(struct session *s, struct reader *r, unsigned part, int cols,
		struct sl_why *why)
{
	int e = part == 0 ? turn_summary(r, cols) : turn_file(s, r, part - 1, cols, why);

	if (e != SL_OK)
		return e;
	if (part != r->part)
		r->top = 0;
	r->part = part;
	r->cols = cols;
	return SL_OK;
}

void reader_draw(const struct reader *r, int row, int rows, int cols)
{
	char tabs[512];
	size_t used = 0;

	for (unsigned i = 0; i <= r->c->n_files; i++) {
		int n = snprintf(tabs + used, sizeof(tabs) - used, "%s%s%s ",
				 i == r->part ? "[" : " ",
				 i == 0 ? _("summary") : present_text(r->c->files[i - 1].name),
				 i == r->part ? "]" : " ");

		if (n < 0 || (size_t)n >= sizeof(tabs) - used)
			break;
		used += (size_t)n;
	}
	(void)screen_put(row, 0, cols, LOOK_BOLD, tabs, used, true);
	page_draw(r->page, r->top, row + 1, rows - 1, cols);
}

bool reader_move(struct reader *r, enum command cmd, int rows)
{
	unsigned lines = page_lines(r->page), window = rows > 2 ? (unsigned)rows - 2 : 1;
	unsigned last = lines > window ? lines - window : 0;

	switch (cmd) {
	case COMMAND_UP:
		r->top -= r->top > 0 ? 1 : 0;
		return true;
	case COMMAND_DOWN:
		r->top += r->top < last ? 1 : 0;
		return true;
	case COMMAND_PAGE_UP:
		r->top -= r->top > window ? window : r->top;
		return true;
	case COMMAND_PAGE_DOWN:
		r->top = last - r->top > window ? r->top + window : last;
		return true;
	case COMMAND_HOME:
		r->top = 0;
		return true;
	case COMMAND_END:
		r->top = last;
		return true;
	case COMMAND_NEXT_FINDING:
	case COMMAND_PREV_FINDING:
		r->top = page_next_mark(r->page, r->top, cmd == COMMAND_PREV_FINDING);
		return true;
	default:
		return false;
	}
}
