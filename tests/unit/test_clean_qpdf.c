/* test_clean_qpdf.c - a PDF that is broken is refused with a sentence, and qpdf, which likes to
 * talk, prints nothing: what it would print has words of the document in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "inspect/clean/clean.h"
#include "inspect/extract/extract_qpdf.h"
#include "tests/support/extract_collect.h"
#include "tests/support/raw_pdf.h"

#define PDF "application/pdf"

enum { SIZE = 1 << 20 };

struct hush { /* standard error goes into a file meanwhile */
	int was, file;
};

static void begin(struct hush *h)
{
	(void)fflush(stderr);
	h->was = dup(STDERR_FILENO);
	h->file = memfd_create("stderr", MFD_CLOEXEC);
	assert_true(h->was >= 0 && h->file >= 0);
	assert_int_equal(dup2(h->file, STDERR_FILENO), STDERR_FILENO);
}

/* Bytes that were printed. */
static long end(struct hush *h)
{
	long n;

	(void)fflush(stderr);
	n = (long)lseek(h->file, 0, SEEK_END);
	(void)dup2(h->was, STDERR_FILENO);
	file_close(h->was);
	file_close(h->file);
	return n;
}

static int clean(const struct buf *pdf, struct sl_why *why)
{
	const struct clean_job job = {
		.name = "a.pdf", .type = PDF, .bytes = pdf->data, .len = pdf->len};
	struct clean_result r;
	int e;

	clean_result_init(&r);
	e = clean_document(&job, &r, why);
	clean_result_release(&r);
	return e;
}

static void whole(struct buf *out)
{
	static const struct raw_page page = {.content = "BT /F1 14 Tf 60 600 Td (a) Tj ET"};

	buf_init(out, SIZE);
	raw_pdf(&page, 1, &page, 1, out);
}

/* The first `from` becomes `to`, of the same length, so that every offset stays true. */
static void replace(struct buf *b, const char *from, const char *to)
{
	uint8_t *at = memmem(b->data, b->len, from, strlen(from));

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
}

static void a_pdf_that_qpdf_does_not_begin_to_write(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{"/Root 1 0 R", "/Toor 1 0 R"}, /* no catalogue is named */
		{"/Root 1 0 R", "/Root 3 0 R"}, /* it is no dictionary */
		{"/Root 1 0 R", "/Root 1 7 R"}, /* it is not there */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {""};
		struct hush h;
		struct buf pdf;
		long said;
		int e;

		whole(&pdf);
		assert_int_equal(clean(&pdf, &why), SL_OK);
		replace(&pdf, rows[i].from, rows[i].to);
		begin(&h);
		e = clean(&pdf, &why);
		said = end(&h);
		assert_int_equal(e, SL_E_FORMAT);
		assert_string_equal(why.text, "the PDF cannot be written anew");
		assert_int_equal(said, 0);
		buf_release(&pdf);
	}
}

static void damage(struct buf *pdf, size_t row)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{"startxref\n", "startxxxx\n"},
		{"/Pages 2 0 R", "/Pages 2 0 X"},
		{"/Length ", "/Lehgnt "},
		{"trailer", "treiler"},
		{"endobj", "endxxx"},
		{"xref\n0", "xrxf\n0"},
		{"/Kids", "/Kidz"},
		{"/MediaBox[0 0", "/MediaBox[0 ("},
	};

	if (row < sizeof(rows) / sizeof(rows[0]))
		replace(pdf, rows[row].from, rows[row].to);
	else
		pdf->len = pdf->len * (row - sizeof(rows) / sizeof(rows[0]) + 1) / 8;
}

/* What the library does when nobody stops it; else the next test would hold nothing. */
static void qpdf_would_print(void **state)
{
	qpdf_data q;
	struct buf pdf;
	struct hush h;

	(void)state;
	whole(&pdf);
	damage(&pdf, 0);
	begin(&h);
	q = qpdf_init();
	(void)qpdf_read_memory(q, "a.pdf", (const char *)pdf.data, pdf.len, NULL);
	qpdf_cleanup(&q);
	assert_true(end(&h) > 0);
	buf_release(&pdf);
}

static void nothing_is_printed(void **state)
{
	enum { DAMAGES = 8 + 7 };
	unsigned refused = 0;

	(void)state;
	for (size_t i = 0; i < DAMAGES; i++) {
		struct sl_why why = {""};
		struct collected *c;
		struct buf pdf;
		struct hush h;
		qpdf_data q;
		long said;

		whole(&pdf);
		damage(&pdf, i);
		begin(&h);
		refused += clean(&pdf, &why) != SL_OK;
		c = collect_bytes("a.pdf", PDF, pdf.data, pdf.len);
		/* An error that nobody looks at. */
		q = extract_qpdf_new();
		(void)qpdf_read_memory(q, "a.pdf", (const char *)pdf.data, pdf.len, NULL);
		(void)qpdf_get_root(q);
		extract_qpdf_free(q);
		said = end(&h);
		if (said != 0)
			fail_msg("damage %zu: %ld bytes", i, said);
		collect_free(c);
		buf_release(&pdf);
	}
	assert_true(refused > 8);
	extract_qpdf_free(NULL);
}

static int start(void **state)
{
	(void)state;
	collect_start();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pdf_that_qpdf_does_not_begin_to_write),
		cmocka_unit_test(qpdf_would_print),
		cmocka_unit_test(nothing_is_printed),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
