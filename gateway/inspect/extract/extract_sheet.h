/* extract_sheet.h - the inner parts of the spreadsheet reader. */
#ifndef SL_INSPECT_EXTRACT_SHEET_H
#define SL_INSPECT_EXTRACT_SHEET_H

#include "inspect/extract/extract_package.h"

enum { SHEET_NAME_MAX = 256, SHEETS_MAX = 5000, SHEET_FORMATS_MAX = 70000 };

/* How a cell's format changes what a person sees. */
enum sheet_format { SHEET_WHITE = 1, SHEET_BLANK = 2, SHEET_DATE = 4 };

struct sheet_entry {
	char name[SHEET_NAME_MAX], id[64];
	bool hidden, very_hidden;
};

/* What cells refer to. */
struct sheet_book {
	struct sheet_entry *sheets; /* owned, in the order of the tabs */
	size_t n_sheets, cap_sheets;
	bool since_1904;
	struct buf strings; /* shared strings one after the other */
	size_t *ends;	    /* owned: where each ends */
	bool *used;	    /* owned: by some cell */
	size_t n_strings, cap_strings;
	uint8_t *formats; /* owned: enum sheet_format by index of a cell's style */
	size_t n_formats, cap_formats;
};

void sheet_book_init(struct sheet_book *b);
void sheet_book_release(struct sheet_book *b);
/* xl/workbook.xml: sheets, and names into part p (hidden ones are DH-003). */
int sheet_book_read(struct sheet_book *b, struct extract_part *p,
		    const struct extract_member *m) SL_MUST_USE;
/* xl/sharedStrings.xml; phonetic guides go to ALT of m's own part. */
int sheet_strings_read(struct sheet_book *b, const struct extract_member *m) SL_MUST_USE;
/* xl/styles.xml */
int sheet_formats_read(struct sheet_book *b, const struct extract_member *m) SL_MUST_USE;

/* One worksheet into part p: a line a row, tabs between columns; hidden rows, columns,
 * cells nobody sees (white on white, format ";;;") and hidden sheets to HIDDEN with
 * DH-003; page headers, formulas, lists of allowed values to their places. */
int sheet_read(struct sheet_book *b, struct extract_part *p, const struct extract_member *m,
	       bool hidden) SL_MUST_USE;

#endif
