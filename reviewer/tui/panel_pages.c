/* panel_pages.c - pages and pictures as they look, in cells or as a picture of the terminal.
 *
 * This process holds a key and looks at no picture: sluice-draw does (drawn.h).  A file
 * counts as shown by its pages when each of them was on the screen. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "base/i18n.h"
#include "policy/present.h"
#include "tui/drawn.h"
#include "tui/panel.h"

enum { PAGES_MAX = 100000 };

bool panel_pages_can(const struct case_file *f)
{
	return strcmp(f->media_type, "application/pdf") == 0 ||
	       strncmp(f->media_type, "image/", 6) == 0;
}

void panel_pages_release(struct reader *r)
{
	drawn_free(r->drawn);
	r->drawn = NULL;
	file_close(r->drawn_fd);
	r->drawn_fd = -1;
	free(r->looked_at);
	r->looked_at = NULL;
	r->drawn_page = r->drawn_pages = 0;
}

/* Bytes in memory only: no copy of a draft is left on a disk. */
static int fetch(struct reader *r, unsigned i, struct sl_why *why)
{
	int fd, e;

	if (r->drawn_fd >= 0 && r->drawn_file == i)
		return SL_OK;
	panel_pages_release(r);
	fd = memfd_create("page", MFD_CLOEXEC);
	e = fd < 0 ? SL_E_IO : case_file_into(r->s, r->c, i, fd, NULL, why);
	if (e != SL_OK) {
		file_close(fd);
		return e;
	}
	r->drawn_fd = fd;
	r->drawn_file = i;
	r->drawn_page = 1;
	return SL_OK;
}

/* Each page that was on the screen; with the last one the file was shown. */
static int note_page(struct reader *r)
{
	const struct case_file *f = &r->c->files[r->drawn_file];
	unsigned n = r->drawn_pages, i;
	char part[32];

	if (n > PAGES_MAX)
		return SL_OK;
	if (r->looked_at == NULL)
		r->looked_at = calloc(n / 8 + 1, 1);
	if (r->looked_at == NULL)
		return SL_E_NOMEM;
	i = r->drawn_page - 1;
	r->looked_at[i / 8] |= (uint8_t)(1u << (i % 8));
	for (i = 0; i < n; i++) {
		if ((r->looked_at[i / 8] >> (i % 8) & 1u) == 0)
			return SL_OK;
	}
	(void)snprintf(part, sizeof(part), "file:%u", f->index);
	return seen_add(r->seen, part, f->sha256);
}

static int draw(struct reader *r, struct sl_why *why)
{
	const struct case_file *f = &r->c->files[r->drawn_file];
	struct drawn_wish w = {.fd = r->drawn_fd,
			       .type = f->media_type,
			       .page = r->drawn_page,
			       .cols = r->cols > 1 ? (unsigned)r->cols : 1,
			       .rows = r->rows > 3 ? (unsigned)r->rows - 2 : 1,
			       .as = r->draw_as,
			       .color = screen_colors()};
	struct drawn *d = NULL;
	int e;

	w.cols = w.cols < DRAWN_COLS_MAX ? w.cols : DRAWN_COLS_MAX;
	w.rows = w.rows < DRAWN_ROWS_MAX ? w.rows : DRAWN_ROWS_MAX;
	e = drawn_make(&w, &d, why);
	drawn_free(r->drawn);
	r->drawn = d;
	if (e != SL_OK)
		return e;
	/* The number of pages cannot change; a child that says so lies. */
	if (r->drawn_pages != 0 && r->drawn_pages != d->pages)
		return why_set(why, SL_E_FORMAT, "%s",
			       _("what was drawn cannot be understood"));
	r->drawn_pages = d->pages;
	return note_page(r);
}

static int first_file(const struct reader *r)
{
	if (r->part > 0)
		return (int)r->part - 1;
	for (unsigned i = 0; i < r->c->n_files; i++) {
		if (panel_pages_can(&r->c->files[i]))
			return (int)i;
	}
	return -1;
}

int panel_pages(struct reader *r, struct sl_why *why)
{
	int i = first_file(r);
	int e;

	page_begin(r->page, r->cols, NULL, NULL);
	drawn_free(r->drawn);
	r->drawn = NULL;
	if (i < 0 || !panel_pages_can(&r->c->files[i]))
		return page_line(r->page, LOOK_PLAIN,
				 _("There are no pages or pictures to draw here; s saves the "
				   "files."));
	e = fetch(r, (unsigned)i, why);
	if (e == SL_OK)
		e = draw(r, why);
	if (e != SL_OK) {
		int said = page_line(r->page, LOOK_ERROR, why_text(why, e));

		return said != SL_OK ? said : SL_OK;
	}
	return SL_OK;
}

bool panel_pages_turn(struct reader *r, int by)
{
	int64_t page = (int64_t)r->drawn_page + by;

	if (r->drawn_fd < 0 || page < 1 || page > (int64_t)r->drawn_pages)
		return false;
	r->drawn_page = (unsigned)page;
	return true;
}

void panel_pages_draw(struct reader *r, int row, int rows, int cols)
{
	const struct drawn *d = r->drawn;
	char line[400];

	if (d == NULL) {
		page_draw(r->page, 0, row, rows, 0, cols, NULL, -1);
		return;
	}
	(void)snprintf(line, sizeof(line), _(" %s  page %u of %u   Space the next, :pages N"),
		       present_text(r->c->files[r->drawn_file].name), r->drawn_page,
		       r->drawn_pages);
	for (int y = 0; y < rows; y++)
		(void)screen_puts(row + y, 0, cols, y == 0 ? LOOK_DIM : LOOK_PLAIN,
				  y == 0 ? line : "");
	for (int y = 0; y < d->rows && y < rows - 1 && d->kind == 's'; y++) {
		for (int x = 0; x < d->cols && x < cols; x++) {
			const struct drawn_cell *k = &d->cell[y * d->cols + x];

			screen_cell(row + 1 + y, x, k->cp, k->ink, k->ground);
		}
	}
	if (d->kind != 's')
		screen_codes(row + 1, 0, d->codes.data, d->codes.len);
}
