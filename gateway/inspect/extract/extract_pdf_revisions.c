/* extract_pdf_revisions.c - what earlier savings of the file still hold.
 *
 * An incremental update appends; cutting the file at an earlier %%EOF gives the
 * file as it was.  A linearised file has one %%EOF more that is no revision.
 * Hostile: %%EOF may stand anywhere; a cut that is no document is failed. */
#include "inspect/extract/extract_pdf.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 1024, MARK_LEN = 5 };

struct line {
	const char *s;
	size_t len;
};

struct pdf_lines {
	struct line *list;
	size_t n;
};

static struct line trimmed(const char *s, size_t len)
{
	while (len > 0 && (uint8_t)*s <= ' ') {
		s++;
		len--;
	}
	while (len > 0 && (uint8_t)s[len - 1] <= ' ')
		len--;
	return (struct line){.s = s, .len = len};
}

static int by_bytes(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int d = memcmp(x->s, y->s, (x->len < y->len) ? x->len : y->len);

	return (d != 0) ? d : (x->len > y->len) - (x->len < y->len);
}

int extract_pdf_lines(const char *s, size_t len, struct pdf_lines **ret_l)
{
	struct pdf_lines *l = calloc(1, sizeof(*l));
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	if (l != NULL)
		l->list = calloc(n, sizeof(*l->list));
	if (l == NULL || l->list == NULL) {
		free(l);
		return SL_E_NOMEM;
	}
	for (size_t at = 0; at < len;) {
		const char *nl = memchr(s + at, '\n', len - at);
		size_t one = (nl != NULL) ? (size_t)(nl - (s + at)) : len - at;

		l->list[l->n++] = trimmed(s + at, one);
		at += one + 1;
	}
	qsort(l->list, l->n, sizeof(*l->list), by_bytes);
	*ret_l = l;
	return SL_OK;
}

void extract_pdf_lines_free(struct pdf_lines *l)
{
	if (l == NULL)
		return;
	free(l->list);
	free(l);
}

bool extract_pdf_lines_has(const struct pdf_lines *l, const char *s, size_t len)
{
	struct line key = trimmed(s, len);

	return key.len == 0 ||
	       (l->n > 0 && bsearch(&key, l->list, l->n, sizeof(*l->list), by_bytes) != NULL);
}

/* Ends of the earlier revisions, oldest first; SL_E_LIMIT when too many. */
static int find_ends(const uint8_t *s, size_t len, size_t ends[EXTRACT_REVISIONS_MAX + 2],
		     size_t *ret_n)
{
	const uint8_t *at = s, *end = s + len;
	size_t n = 0, head = (len < HEAD) ? len : HEAD;

	while ((at = memmem(at, (size_t)(end - at), "%%EOF", MARK_LEN)) != NULL) {
		bool at_line = at == s || at[-1] == '\n' || at[-1] == '\r';

		at += MARK_LEN;
		if (!at_line)
			continue;
		if (n == EXTRACT_REVISIONS_MAX + 2)
			return SL_E_LIMIT;
		ends[n++] = (size_t)(at - s);
	}
	/* The first end of a linearised file closes its first page section. */
	if (n > 0 && memmem(s, head, "/Linearized", 11) != NULL)
		memmove(ends, ends + 1, --n * sizeof(*ends));
	*ret_n = (n > 0) ? n - 1 : 0;
	return SL_OK;
}

/* Move the text of the old revision to its stream when it says more than the
 * present one; otherwise nothing of it is kept. */
static void compare(struct extract_part *p, const struct pdf_lines *present)
{
	const struct buf *body = &p->text[WHERE_BODY];
	const char *s = buf_str(body), *end = s + body->len;
	const char *first = NULL;

	while (s < end && first == NULL) {
		size_t n = strcspn(s, "\n");

		if (!extract_pdf_lines_has(present, s, n))
			first = s;
		s += n + 1;
	}
	if (first != NULL) {
		size_t start = (size_t)(first - buf_str(body));

		for (size_t i = 0; i < p->n_cuts; i++)
			p->cuts[i].where = WHERE_OLD_REVISION;
		extract_text(p, WHERE_OLD_REVISION, buf_str(body), body->len);
		extract_mark(p, "DH-007", SEV_S1, WHERE_OLD_REVISION, start,
			     "earlier-revision");
	} else {
		p->n_cuts = 0;
	}
	buf_clear(&p->text[WHERE_BODY]);
}

static int one_revision(struct pdf *pdf, size_t number, size_t end,
			const struct pdf_lines *present)
{
	char name[40];
	struct extract_part *p;
	struct pdf old;
	const char *problem;
	int r;

	(void)snprintf(name, sizeof(name), "revision-%zu", number);
	p = extract_part_new(pdf->x, name, end);
	if (p == NULL)
		return pdf->x->nomem ? SL_E_NOMEM : SL_E_LIMIT;
	r = extract_pdf_open(&old, pdf->x, p, pdf->x->bytes, end);
	if (r == SL_OK) {
		r = extract_pdf_pages(&old);
		if (r == SL_OK)
			r = extract_pdf_parts(&old);
		extract_pdf_close(&old);
	}
	if (r == SL_E_NOMEM)
		return r;
	compare(p, present);
	problem = extract_pdf_problem();
	if (r != SL_OK)
		extract_fail(p, extract_reason(r));
	else if (problem[0] != '\0')
		extract_fail(p, problem);
	else if (old.pictures > pdf->pictures)
		extract_fail(p, "picture-not-read");
	return SL_OK;
}

bool extract_pdf_was_updated(const struct pdf *pdf)
{
	size_t ends[EXTRACT_REVISIONS_MAX + 2], n = 0;

	return find_ends(pdf->x->bytes, pdf->x->len, ends, &n) != SL_OK || n > 0;
}

int extract_pdf_revisions(struct pdf *pdf)
{
	size_t ends[EXTRACT_REVISIONS_MAX + 2], n = 0;
	const struct buf *body = &pdf->part->text[WHERE_BODY];
	struct pdf_lines *present = NULL;
	int r = find_ends(pdf->x->bytes, pdf->x->len, ends, &n);

	extract_fact(pdf->x, "revisions", n + 1);
	if (r == SL_OK && n > EXTRACT_REVISIONS_MAX)
		r = SL_E_LIMIT;
	if (r == SL_OK && n > 0)
		r = extract_pdf_lines(buf_str(body), body->len, &present);
	for (size_t i = 0; r == SL_OK && i < n; i++)
		r = one_revision(pdf, i + 1, ends[i], present);
	extract_pdf_lines_free(present);
	return r;
}
