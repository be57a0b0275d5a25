/* panel_hidden.c - what a reader of the printed page would not see, by kind, in every file. */
#include "base/i18n.h"
#include "policy/present.h"
#include "policy/segment.h"
#include "tui/panel.h"

static const enum segment_where places[] = {
	WHERE_COMMENT, WHERE_DELETED,	 WHERE_INSERTED,     WHERE_HIDDEN,
	WHERE_COVERED, WHERE_ANNOTATION, WHERE_OLD_REVISION, WHERE_NOTE,
	WHERE_ALT,     WHERE_FIELD,	 WHERE_ATTACHMENT,
};
enum { N_PLACES = sizeof(places) / sizeof(places[0]) };

static void label(const struct show_segment *g, char *out, size_t cap)
{
	if (g->page > 0)
		(void)snprintf(out, cap, _("  page %u, line %u: "), g->page, g->line);
	else
		(void)snprintf(out, cap, _("  line %u: "), g->line);
}

/* The next kind of the file, or the next file. */
static bool next_place(struct reader *r)
{
	if (++r->place < N_PLACES)
		return true;
	r->place = 0;
	while (++r->file < r->c->n_files && r->c->files[r->file].text_sha256[0] == '\0')
		continue;
	return r->file < r->c->n_files;
}

/* Does anything stand there at all?  A heading only above something. */
static int heading(struct reader *r, struct page *p)
{
	struct show_walk *w = NULL;
	struct show_piece s;
	int e = case_text(r->s, r->c, r->file, &r->why);

	if (e == SL_OK)
		e = show_walk_new(r->c, r->file, 1u << places[r->place], &w);
	if (e == SL_OK)
		e = show_walk_next(w, &s);
	show_walk_free(w);
	if (e != SL_OK)
		return e;
	return page_linef(p, LOOK_BOLD, "%s: %s", present_text(r->c->files[r->file].name),
			  present_place(where_name(places[r->place])));
}

static int nothing(struct page *p)
{
	int e = page_lines(p) > 0
			? SL_OK
			: page_line(p, LOOK_GOOD,
				    _("No comments, tracked changes, hidden text, old "
				      "revisions or attachments were found."));

	return e == SL_OK ? SL_E_NOTFOUND : e;
}

static int more(void *arg, struct page *p)
{
	struct reader *r = arg;
	int e;

	if (r->file >= r->c->n_files)
		return nothing(p);
	if (r->walk == NULL) {
		e = heading(r, p);
		if (e == SL_OK)
			e = panel_walk_start(r, r->file, 1u << places[r->place]);
	} else {
		e = panel_walk_step(r, p, label);
	}
	if (e != SL_E_NOTFOUND)
		return e;
	show_walk_free(r->walk);
	r->walk = NULL;
	return next_place(r) ? SL_OK : nothing(p);
}

int panel_hidden(struct reader *r, struct sl_why *why)
{
	(void)why;
	page_begin(r->page, r->cols, more, r);
	show_walk_free(r->walk);
	r->walk = NULL;
	r->file = 0;
	r->place = 0;
	return SL_OK;
}
