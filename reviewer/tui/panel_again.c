/* panel_again.c - what the second inspection on this machine came to, difference by
 * difference. */
#include "tui/panel.h"

int panel_again(struct reader *r, struct sl_why *why)
{
	struct panel_words w;

	(void)why;
	page_begin(r->page, r->cols, NULL, NULL);
	panel_words_open(&w);
	if (w.f != NULL)
		again_print(&r->again, w.f);
	return panel_words_add(&w, r->page, again_differs(&r->again) ? LOOK_ERROR : LOOK_BOLD,
			       -1);
}
