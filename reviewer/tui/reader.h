/* reader.h - one draft on the screen: summary first, then each file's text. */
#ifndef SL_REVIEWER_TUI_READER_H
#define SL_REVIEWER_TUI_READER_H

#include "case.h"
#include "seen.h"
#include "tui/command.h"
#include "recheck.h"
#include "tui/page.h"

struct reader {
	char differs[RECHECK_LINE]; /* what another inspection found here, or "" */
	struct review_case *c;
	struct seen *seen;
	struct page *page;
	unsigned part; /* 0: summary, 1..n: file part-1 */
	unsigned top;
	int cols; /* the page was wrapped for this width */
};
int reader_open(struct session *s, const char *draft, struct reader *r,
		struct sl_why *why) SL_MUST_USE;
void reader_close(struct reader *r);
/* Turn to a part: fetches its text, wraps it and, since it is on the screen now, notes it as
 * shown. */
int reader_turn(struct session *s, struct reader *r, unsigned part, int cols,
		struct sl_why *why) SL_MUST_USE;
void reader_draw(const struct reader *r, int row, int rows, int cols);
bool reader_move(struct reader *r, enum command cmd, int rows);

#endif
