/* extract_pdf_bytes.c - the file as bytes: what stands where no object should be.
 *
 * Programs find objects by the cross-reference table; what the table does not list, or lists
 * as free, stays where it was.  Comments may stand between any two words.
 * Hostile: all of it.  Only what is certain is said - the inside of streams is not looked at,
 * since compressed bytes may look like anything. */
#include "inspect/extract/extract_pdf.h"

#include <ctype.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_props.h"

enum { BINARY_MARK = 8 /* bytes of the comment that says "not a text" */, NOTE_MAX = 1 << 16 };

struct bytes {
	struct pdf *pdf;
	qpdf_data q;
	const uint8_t *s;
	size_t len, at;
	uint8_t *seen; /* owned: bodies of each object; NULL: savings repeat them */
	int n;
	unsigned unlisted;
};

static bool word_at(const struct bytes *b, size_t at, const char *word)
{
	size_t n = strlen(word);

	return at <= b->len && b->len - at >= n && memcmp(b->s + at, word, n) == 0;
}

static bool blank(uint8_t c)
{
	return c == 0 || c == ' ' || (c >= '\t' && c <= '\r');
}

static void comment(struct bytes *b)
{
	size_t from = b->at + 1;
	struct buf own;
	const char *text;
	size_t len;

	while (b->at < b->len && b->s[b->at] != '\n' && b->s[b->at] != '\r')
		b->at++;
	len = b->at - from;
	if (len <= BINARY_MARK || len > NOTE_MAX ||
	    !extract_is_wordy((const char *)b->s + from, len))
		return;
	buf_init(&own, NOTE_MAX);
	if (extract_decode(b->s + from, len, EXTRACT_DETECT, &own, &text, &len) == SL_OK)
		extract_line(b->pdf->part, WHERE_COMMENT, NULL, text, len);
	buf_release(&own);
}

/* Over a literal string, whose brackets are balanced or escaped. */
static void string(struct bytes *b)
{
	int open = 0;

	for (; b->at < b->len; b->at++) {
		uint8_t c = b->s[b->at];

		if (c == '\\')
			b->at++;
		open += (c == '(') - (c == ')');
		if (open == 0)
			break;
	}
	b->at = (b->at < b->len) ? b->at + 1 : b->len;
}

static void stream(struct bytes *b)
{
	const uint8_t *end = memmem(b->s + b->at, b->len - b->at, "endstream", 9);

	b->at = (end != NULL) ? (size_t)(end - b->s) + 9 : b->len;
}

/* The whole number that ends before *at. */
static bool number_before(const struct bytes *b, size_t *at, int *ret_v)
{
	size_t end = *at, from;
	int v = 0;

	while (end > 0 && blank(b->s[end - 1]))
		end--;
	from = end;
	while (from > 0 && isdigit(b->s[from - 1]) && end - from < 9)
		from--;
	for (size_t i = from; i < end; i++)
		v = v * 10 + (b->s[i] - '0');
	*ret_v = v;
	*at = from;
	return end > from;
}

/* "ID GENERATION obj": does the table lead to it, and to it alone? */
static void object(struct bytes *b)
{
	size_t before = b->at, after = b->at + 3;
	int id, generation;
	qpdf_oh oh;
	bool listed;

	b->at = after;
	if (!number_before(b, &before, &generation) || !number_before(b, &before, &id))
		return;
	while (after < b->len && blank(b->s[after]))
		after++;
	if (word_at(b, after, "null"))
		return;
	oh = qpdf_get_object_by_id(b->q, id, generation);
	listed = !qpdf_oh_is_null(b->q, oh);
	qpdf_oh_release(b->q, oh);
	if (listed && b->seen != NULL && id < b->n)
		listed = b->seen[id]++ == 0;
	b->unlisted += !listed;
}

/* The first object without a place in the table says enough. */
static void walk(struct bytes *b)
{
	while (b->at < b->len && b->unlisted == 0) {
		uint8_t c = b->s[b->at];

		if (c == '%')
			comment(b);
		else if (c == '(')
			string(b);
		else if (c == 's' && word_at(b, b->at, "stream"))
			stream(b);
		else if (c == 'o' && word_at(b, b->at, "obj") && b->at > 0 &&
			 blank(b->s[b->at - 1]))
			object(b);
		else
			b->at++;
	}
}

int extract_pdf_bytes(struct pdf *pdf, struct _qpdf_data *q, int n, bool one_saving)
{
	struct bytes b = {.pdf = pdf, .q = q, .s = pdf->x->bytes, .len = pdf->x->len, .n = n};

	b.seen = one_saving ? calloc((size_t)n, 1) : NULL;
	if (one_saving && b.seen == NULL)
		return SL_E_NOMEM;
	walk(&b);
	if (b.unlisted > 0) {
		struct extract_part *p = extract_part_new(pdf->x, "unlisted", 0);

		if (p != NULL) {
			extract_fail(p, "unused-object");
			extract_mark(p, "DH-007", SEV_S1, WHERE_OLD_REVISION, 0,
				     "unlisted-object");
		}
	}
	free(b.seen);
	return SL_OK;
}
