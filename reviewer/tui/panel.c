/* panel.c - what the panels share. */
#include "tui/panel.h"

#include <stdlib.h>
#include <string.h>

#include "policy/segment.h"

void panel_words_open(struct panel_words *w)
{
	w->text = NULL;
	w->len = 0;
	w->f = open_memstream(&w->text, &w->len);
}

int panel_words_add(struct panel_words *w, struct page *p, enum screen_look first, int mark)
{
	size_t line;
	int r = w->f != NULL && fclose(w->f) == 0 ? SL_OK : SL_E_NOMEM;

	if (r == SL_OK && w->text != NULL && w->len > 0) {
		line = strcspn(w->text, "\n");
		page_end_line(p);
		r = page_run(p, first, w->text, line, mark);
		if (r == SL_OK)
			r = page_run(p, LOOK_PLAIN, w->text + line, w->len - line, -1);
		page_end_line(p);
	}
	free(w->text);
	w->text = NULL;
	return r;
}

enum screen_look panel_severity_look(int severity)
{
	if (severity < 0)
		return LOOK_PLAIN;
	return severity <= SEV_S1 ? LOOK_S1 : severity == SEV_S2 ? LOOK_S2 : LOOK_S3;
}

int panel_walk_start(struct reader *r, unsigned file, uint32_t places)
{
	show_walk_free(r->walk);
	r->walk = NULL;
	r->file = file;
	return show_walk_new(r->c, file, places, &r->walk);
}

int panel_walk_step(struct reader *r, struct page *p,
		    void (*label)(const struct show_segment *g, char *out, size_t cap))
{
	struct show_piece s;
	char text[160];
	int e = show_walk_next(r->walk, &s);

	while (e == SL_E_STATE) {
		e = case_text_more(r->s, r->c, r->file, &r->why);
		if (e == SL_OK)
			e = show_walk_next(r->walk, &s);
	}
	if (e != SL_OK)
		return e;
	if (s.begins) {
		page_end_line(p);
		label(&s.g, text, sizeof(text));
		e = page_run(p, LOOK_DIM, text, strlen(text), -1);
	}
	if (e == SL_OK)
		e = page_run(p, panel_severity_look(s.severity), s.text, s.len, s.finding);
	if (e != SL_OK || s.severity < 0 || s.rule == NULL)
		return e;
	/* The rule stands beside the text, so the mark means something without colour. */
	(void)snprintf(text, sizeof(text), "‹%.15s›", s.rule);
	return page_run(p, LOOK_DIM, text, strlen(text), -1);
}
