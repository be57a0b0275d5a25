/* reader.c - what appears here is what an approval later says was shown. */
#include "tui/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "tui/beside.h"
#include "tui/panel.h"

static const struct {
	const char *name;
	int (*fill)(struct reader *r, struct sl_why *why);
} panels[PANEL_COUNT] = {
	[PANEL_PART] = {N_("summary"), panel_summary},
	[PANEL_FINDINGS] = {N_("findings"), panel_findings},
	[PANEL_PROPERTIES] = {N_("properties"), panel_properties},
	[PANEL_HIDDEN] = {N_("hidden content"), panel_hidden},
	[PANEL_PAGES] = {N_("pages"), panel_pages},
	[PANEL_CHANGES] = {N_("changes"), panel_changes},
	[PANEL_VOTES] = {N_("votes"), panel_votes},
	[PANEL_AUDIT] = {N_("audit trail"), panel_audit},
	[PANEL_AGAIN] = {N_("second inspection"), panel_again},
	[PANEL_FORM] = {N_("review form"), panel_form},
};

const char *reader_panel_name(enum panel p)
{
	return _(panels[p].name);
}

int reader_open(struct session *s, const char *draft, struct reader *r, struct sl_why *why)
{
	int e;

	*r = (struct reader){.s = s, .draw_as = "symbols", .drawn_fd = -1};
	e = case_open(s, draft, 0, &r->c, why);
	if (e == SL_OK)
		e = seen_load(s->config, r->c->id, r->c->revision, &r->seen, why);
	if (e == SL_OK)
		e = page_new(&r->page);
	if (e == SL_OK)
		r->exact_known = exact_check(s, r->c, &r->exact, NULL) == SL_OK;
	if (e != SL_OK)
		reader_close(r);
	return e;
}

void reader_close(struct reader *r)
{
	again_close(&r->again);
	page_free(r->page);
	page_free(r->side);
	show_walk_free(r->walk);
	panel_pages_release(r);
	json_decref(r->audit);
	json_decref(r->form);
	json_decref(r->changes);
	seen_free(r->seen);
	case_free(r->c);
	*r = (struct reader){.drawn_fd = -1};
}

int reader_show(struct reader *r, enum panel panel, unsigned part, int rows, int cols,
		struct sl_why *why)
{
	bool other = panel != r->panel || (panel == PANEL_PART && part != r->part);
	int e;

	show_walk_free(r->walk);
	r->walk = NULL;
	r->panel = panel;
	r->part = part;
	r->rows = rows;
	r->cols = cols;
	r->searched = r->searched && !other;
	r->why.text[0] = '\0';
	if (other)
		r->top = r->side_top = 0;
	r->wide = beside_fits(r, panel, part, cols);
	if (r->wide)
		e = beside_fill(r, why);
	else
		e = panel == PANEL_PART && part > 0 ? panel_text(r, why)
						    : panels[panel].fill(r, why);
	if (e == SL_OK && panel != PANEL_PAGES)
		e = page_need(r->page, r->top + (unsigned)rows);
	if (e == SL_OK && (r->wide || panel == PANEL_FINDINGS))
		reader_show_chosen(r, rows > 2 ? (unsigned)rows - 1 : 1);
	if (e == SL_OK && r->wide && panel == PANEL_FINDINGS)
		beside_follow(r);
	if (e != SL_OK && why->text[0] == '\0')
		*why = r->why;
	return e;
}

/* A text that is all here, and was turned to, was shown. */
static int note(struct reader *r, unsigned i)
{
	struct case_file *f = &r->c->files[i];
	char part[32];

	if (!f->opened || !f->have_text)
		return SL_OK;
	(void)snprintf(part, sizeof(part), "text:%u", f->index);
	return seen_add(r->seen, part, f->text_sha256);
}

int reader_idle(struct reader *r, bool *ret_more, struct sl_why *why)
{
	int e = SL_OK;

	*ret_more = false;
	for (unsigned i = 0; e == SL_OK && i < r->c->n_files; i++) {
		struct case_file *f = &r->c->files[i];

		if (!f->opened || *ret_more)
			continue;
		if (!f->have_text) {
			e = case_text_more(r->s, r->c, i, why);
			*ret_more = true;
		}
		if (e == SL_OK)
			e = note(r, i);
	}
	return e;
}

int reader_settle(struct reader *r, struct buf *out, struct sl_why *why)
{
	bool more = true;
	int e = SL_OK;

	while (e == SL_OK && more)
		e = reader_idle(r, &more, why);
	if (e == SL_OK)
		e = seen_complete(r->seen, r->c, out);
	/* All was opened.  What other panels fetched was delivered too, and both sides must
	 * count the same. */
	for (unsigned i = 0; e == SL_OK && i < r->c->n_files; i++) {
		struct case_file *f = &r->c->files[i];
		char part[32];

		f->opened = f->opened || f->have_text;
		e = note(r, i);
		(void)snprintf(part, sizeof(part), "file:%u", f->index);
		if (e == SL_OK && f->have_file)
			e = seen_add(r->seen, part, f->sha256);
	}
	return e;
}

/* ---- drawing ---- */

static const char *part_name(const struct reader *r, unsigned i)
{
	return i == 0 ? _("summary") : present_text(r->c->files[i - 1].name);
}

/* "[summary] notice.docx …" from `first` on; what keys move in brackets, a text beside the
 * findings in round ones while they move those. */
static void tabs_from(const struct reader *r, unsigned first, char *out, size_t cap)
{
	bool part_shown = r->panel == PANEL_PART || r->wide;
	const char *pair = r->wide && r->panel == PANEL_FINDINGS ? "()" : "[]";
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = first; i <= r->c->n_files + 1; i++) {
		bool panel = i == r->c->n_files + 1;
		bool here = panel || (part_shown && i == r->part);
		int n;

		if (panel && part_shown)
			break;
		n = snprintf(out + used, cap - used, "%c%s%c ", here ? pair[0] : ' ',
			     panel ? reader_panel_name(r->panel) : part_name(r, i),
			     here ? pair[1] : ' ');
		if (n < 0 || (size_t)n >= cap - used)
			break;
		used += (size_t)n;
	}
}

void reader_draw_tabs(const struct reader *r, int row, int cols)
{
	char tabs[2048], where[64];
	const char *end;
	unsigned lines = page_lines(r->page), first = 0;
	int width;

	/* How far one has got; with + when there is more than is known of. */
	(void)snprintf(where, sizeof(where), " %u/%u%s", r->top + 1, lines,
		       page_is_all(r->page) ? "" : "+");
	if (r->panel == PANEL_PAGES)
		where[0] = '\0';
	width = cols - (int)strlen(where);
	/* What is chosen must be among those that fit. */
	for (;; first++) {
		tabs_from(r, first, tabs, sizeof(tabs));
		if (first >= r->c->n_files + 1 ||
		    ((r->panel == PANEL_PART || r->wide) && first == r->part))
			break;
		end = strrchr(tabs, r->wide && r->panel == PANEL_FINDINGS ? ')' : ']');
		if (end != NULL && screen_fit(tabs, strlen(tabs), width) > (size_t)(end - tabs))
			break;
	}
	(void)screen_put(row, 0, width, LOOK_BOLD, tabs, strlen(tabs), true);
	(void)screen_puts(row, width, cols - width, LOOK_DIM, where);
}

void reader_draw(struct reader *r, int row, int rows, int cols)
{
	unsigned line;

	if (r->wide) {
		beside_draw(r, row, rows);
		return;
	}
	reader_draw_tabs(r, row, cols);
	if (r->panel == PANEL_PAGES) {
		panel_pages_draw(r, row + 1, rows - 1, cols);
		return;
	}
	page_draw(r->page, r->top, row + 1, rows - 1, 0, cols,
		  r->words[0] != '\0' ? r->words : NULL,
		  r->panel == PANEL_FINDINGS ? (int)r->chosen : -1);
	/* Not by colour alone. */
	if (r->panel == PANEL_FINDINGS && page_mark_line(r->page, (int)r->chosen, &line) &&
	    line >= r->top && line - r->top < (unsigned)rows - 1)
		(void)screen_puts(row + 1 + (int)(line - r->top), 0, 1, LOOK_SELECTED, ">");
}

/* ---- movement ---- */

/* The chosen finding, whole where it fits. */
void reader_show_chosen(struct reader *r, unsigned window)
{
	struct page *p = r->wide ? r->side : r->page;
	unsigned *top = r->wide ? &r->side_top : &r->top;
	unsigned at = 0, next = 0;

	if (!page_mark_line(p, (int)r->chosen, &at))
		return;
	if (!page_mark_line(p, (int)r->chosen + 1, &next))
		next = page_lines(p);
	if (r->chosen == 0)
		at = 0; /* with the name of the file above it */
	if (next > *top + window)
		*top = next - window;
	if (at < *top)
		*top = at;
}

static bool choose(struct reader *r, enum command cmd, unsigned window)
{
	unsigned n = panel_findings_count(r->c);

	if (cmd == COMMAND_UP || cmd == COMMAND_PREV_FINDING)
		r->chosen -= r->chosen > 0 ? 1 : 0;
	else if (cmd == COMMAND_DOWN || cmd == COMMAND_NEXT_FINDING)
		r->chosen += r->chosen + 1 < n ? 1 : 0;
	else if (cmd == COMMAND_HOME)
		r->chosen = 0;
	else if (cmd == COMMAND_END)
		r->chosen = n > 0 ? n - 1 : 0;
	else
		return false;
	reader_show_chosen(r, window);
	if (r->wide)
		beside_follow(r);
	return true;
}

bool reader_move(struct reader *r, enum command cmd, int rows)
{
	unsigned window = rows > 2 ? (unsigned)rows - 1 : 1, lines, last, line;

	if ((r->panel == PANEL_FINDINGS ||
	     (r->wide && (cmd == COMMAND_NEXT_FINDING || cmd == COMMAND_PREV_FINDING))) &&
	    choose(r, cmd, window))
		return true;
	/* One window beyond what is asked for, so that the end is known when it is near. */
	(void)page_need(r->page, cmd == COMMAND_END ? UINT32_MAX : r->top + 3 * window);
	lines = page_lines(r->page);
	last = lines > window ? lines - window : 0;
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
		r->top = last > r->top && last - r->top > window ? r->top + window : last;
		return true;
	case COMMAND_HOME:
		r->top = 0;
		return true;
	case COMMAND_END:
		r->top = last;
		return true;
	case COMMAND_NEXT_FINDING:
	case COMMAND_PREV_FINDING:
		if (page_next_mark(r->page, r->top, cmd == COMMAND_PREV_FINDING, &line))
			r->top = line;
		return true;
	default:
		return false;
	}
}

bool reader_find(struct reader *r, bool backwards)
{
	bool fresh = !r->searched;

	if (!page_find(r->page, r->words, backwards, fresh, r->top, &r->hit))
		return false;
	r->searched = true;
	/* A line above it, to see what it belongs to. */
	r->top = r->hit.line > 0 ? r->hit.line - 1 : 0;
	return true;
}

static bool place_of(const json_t *f, int64_t *ret_offset, int64_t *ret_length)
{
	return json_i64(f, "offset", ret_offset) && json_i64(f, "length", ret_length);
}

static bool same_word(const json_t *a, const json_t *b, const char *name)
{
	const char *x = json_str(a, name), *y = json_str(b, name);

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

/* A finding within a worse one has no mark of its own: the line of that one. */
static bool covered_line(struct reader *r, unsigned file, unsigned of_file, unsigned *ret_line)
{
	const json_t *list = json_arr(case_file_report(r->c, file), "findings"), *g;
	const json_t *f = json_array_get(list, of_file);
	int64_t at, len, g_at, g_len;
	size_t i;

	json_array_foreach(list, i, g)
	{
		if (i != of_file && same_word(f, g, "where") && same_word(f, g, "object") &&
		    place_of(f, &at, &len) && place_of(g, &g_at, &g_len) && at < g_at + g_len &&
		    g_at < at + len && page_mark_line(r->page, (int)i, ret_line))
			return true;
	}
	return false;
}

bool reader_line_of(struct reader *r, unsigned file, unsigned of_file, unsigned *ret_line)
{
	return page_mark_line(r->page, (int)of_file, ret_line) ||
	       covered_line(r, file, of_file, ret_line);
}

int reader_jump(struct reader *r, struct sl_why *why)
{
	unsigned file = 0, of_file = 0, line = 0;
	int e;

	if (r->panel != PANEL_FINDINGS ||
	    panel_finding_at(r->c, r->chosen, &file, &of_file) == NULL)
		return SL_E_USAGE;
	if (r->c->files[file].text_sha256[0] == '\0')
		return SL_E_NOTFOUND;
	e = reader_show(r, PANEL_PART, file + 1, r->rows, r->cols, why);
	if (e != SL_OK)
		return e;
	if (!reader_line_of(r, file, of_file, &line))
		return SL_E_NOTFOUND;
	r->top = line > 0 ? line - 1 : 0;
	return SL_OK;
}
