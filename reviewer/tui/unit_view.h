/* unit_view.h - the unit's people and who stands in, over whatever is on the screen. */
#ifndef SL_REVIEWER_TUI_UNIT_VIEW_H
#define SL_REVIEWER_TUI_UNIT_VIEW_H

#include "base/json.h"
#include "tui/command.h"
#include "tui/page.h"
#include "wire/session.h"

struct unit_view {
	json_t *answer; /* NULL: it is not shown */
	struct page *page;
	unsigned top;
};

/* Ask for the unit ("": the person's own) and show it. */
int unit_view_open(struct unit_view *u, struct session *s, const char *unit, int cols,
		   struct sl_why *why) SL_MUST_USE;
void unit_view_close(struct unit_view *u);
static inline bool unit_view_shown(const struct unit_view *u)
{
	return u->answer != NULL;
}
/* Wrapped anew for a window of another width. */
int unit_view_layout(struct unit_view *u, int cols) SL_MUST_USE;
void unit_view_draw(struct unit_view *u, int row, int rows, int cols);
/* Scroll; every other key closes it. */
void unit_view_move(struct unit_view *u, enum command cmd, int rows);

#endif
