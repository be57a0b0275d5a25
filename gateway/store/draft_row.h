/* draft_row.h - a draft out of its row; inside store/ only. */
#ifndef SL_STORE_DRAFT_ROW_H
#define SL_STORE_DRAFT_ROW_H

#include "store/db.h"
#include "store/store.h"

/* The columns that row_read expects, in order. */
#define ROW_COLUMNS                                                                            \
	"number, revision, id, release, state, author, submitter, unit, title, content_type,"  \
	" column_name, disclosure, channels, klass, verdict, manifest, report, submission,"    \
	" inspection, corrects, state_reason, created, changed, due, serial, seeing"

/* Everything but the files. */
int row_read(sqlite3_stmt *q, struct draft *ret_d) SL_MUST_USE;
/* One revision with its files. */
int row_load(struct store *s, int64_t number, int64_t revision,
	     struct draft *ret_d) SL_MUST_USE;

#endif
