/* form.h - the review form 信息发布保密审查审批表: fields, then paper.
 *
 * form_fields makes a list of blocks out of a record (form_record.h); form_text and form_pdf
 * put the same list on a terminal and on A4.  All three depend on their arguments only: no
 * clock, no locale, no time zone, so the same record gives the same bytes.  The record's words
 * are untrusted: they come out printable, with what would mislead an eye made visible. */
#ifndef SL_FORM_FORM_H
#define SL_FORM_FORM_H

#include "base/buf.h"
#include "base/json.h"

enum form_lang { FORM_ZH, FORM_EN };

enum form_style {
	FORM_LABEL, /* what the box is for, in the middle of its cell */
	FORM_HEAD,  /* head of a column of a list */
	FORM_PLAIN, /* content */
	FORM_FINE,  /* digests and other small print */
	FORM_WARN,  /* a signature that does not hold */
	FORM_SIGN   /* who and when, at the right */
};
struct form_line { /* a paragraph; it may have line ends */
	enum form_style style;
	char *text;
};
enum { FORM_CELLS_MAX = 6, FORM_WIDTH = 48, FORM_BYTES_MAX = 8 << 20 };
struct form_cell {
	unsigned width; /* of FORM_WIDTH for the whole row */
	struct form_line *lines;
	size_t n;
};
struct form_row {
	struct form_cell cell[FORM_CELLS_MAX];
	unsigned n;
	unsigned blank; /* at least so many lines high, for a hand that writes */
};
struct form_block {
	char *name; /* 信息 */
	struct form_row *rows;
	size_t n;
};
struct form {
	enum form_lang lang;
	char *title, *organisation;
	char *number, *index_no, *date; /* above the table: 审查编号, 索引号, 填表日期 */
	struct form_block *blocks;
	size_t n;
	char **notes; /* below the table */
	size_t n_notes;
	char *foot;	 /* what every page says of the record */
	char record[65]; /* digest of the record's canonical bytes: the form's identity */
	int64_t as_of;	 /* newest time in the record, seconds */
	size_t bytes;	 /* of all texts, against FORM_BYTES_MAX */
};

/* SL_E_FORMAT when it is no record, SL_E_LIMIT when it is too large for a form. */
int form_fields(const json_t *record, enum form_lang lang, struct form **ret_f) SL_MUST_USE;
void form_free(struct form *f); /* NULL is fine */

/* Plain text, appended; lines of at most 78 columns where words allow. */
int form_text(const struct form *f, struct buf *out) SL_MUST_USE;
/* The bytes of a PDF, appended: A4, its fonts embedded.  SL_E_NOTFOUND when this machine has
 * none of the fonts that the form can be set in; `why` names the package. */
int form_pdf(const struct form *f, struct buf *out, struct sl_why *why) SL_MUST_USE;

#endif
