/* extract_csv.h - the cells of a table in text (RFC 4180), for reading and for masking.
 *
 * Which character divides cells is not said in the file: comma, semicolon and tabulator
 * all do.  Hostile: quotes that do not end, which are then no quotes. */
#ifndef SL_INSPECT_EXTRACT_CSV_H
#define SL_INSPECT_EXTRACT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct extract_csv {
	const char *s; /* UTF-8 */
	size_t len, at;
};
struct extract_csv_cell {
	const char *raw; /* as written, with its quotes */
	size_t raw_len;
	const char *end; /* what divides it from the next one, or ends the row */
	size_t end_len;	 /* 0: the table ends */
	bool quoted;
};

/* The next cell; false at the end.  Its text is appended to `value`: without quotes, and
 * with a line break in it joined, as a reader of the table takes it (nothing between two
 * digits or two characters that are not ASCII, else a blank). */
bool extract_csv_next(struct extract_csv *c, struct buf *value,
		      struct extract_csv_cell *ret_cell);

#endif
