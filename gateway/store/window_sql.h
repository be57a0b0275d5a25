/* window_sql.h - the one question that windows and searches of a long list ask.
 *
 * Each state is asked for by itself, in the order of an index that answers all of it, and the
 * answers are merged: nothing is sorted, so what is not wanted is not read. */
#ifndef SL_STORE_WINDOW_SQL_H
#define SL_STORE_WINDOW_SQL_H

#include "base/buf.h"
#include "store/store_private.h"

enum { WINDOW_BINDS_MAX = 24, WINDOW_LIKE_MAX = 2 * 64 + 3 };

struct window_sql {
	struct buf where, match; /* the same for each state */
	struct {
		const char *text; /* NULL: the number */
		int64_t number;
	} bind[WINDOW_BINDS_MAX];
	int n;
	char like[DRAFT_WORDS_MAX + 1][WINDOW_LIKE_MAX];
	unsigned n_like;
};

/* Borrows the words of `q` until it is released. */
void window_sql_init(struct window_sql *x, const struct draft_query *q);
/* Look for a text of at most 63 bytes, borrowed too; once. */
void window_sql_match(struct window_sql *x, const char *text, bool exact);
void window_sql_release(struct window_sql *x);
/* false: nothing but the states says what belongs to the list. */
bool window_sql_filters(const struct draft_query *q);
/* Is that state asked for, and may what the filter compares be compared in it? */
bool window_sql_admits(const struct draft_query *q, enum draft_state state);

struct window_part {
	bool reverse;
	uint64_t limit, offset;
};
/* A statement of rows in that order: the draft's number, and whether its title matches and may
 * be looked at (0 or 1).  The caller finalizes it before it releases `x`.  SL_E_NOTFOUND: no
 * state that is asked for may be compared so, and the list is empty. */
int window_sql_start(struct store *s, const struct window_sql *x, const struct draft_query *q,
		     const struct window_part *p, sqlite3_stmt **ret_st) SL_MUST_USE;
/* How many there are in all: kept by the store, or counted when a filter asks for more than
 * states. */
int window_count(struct store *s, const struct draft_query *q, uint64_t *ret_total) SL_MUST_USE;

#endif
