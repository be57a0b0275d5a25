/* test_form.c - fields, text and PDF of the review form, from recorded records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "form/form.h"
#include "form/form_finish.h"

#define RECORDS SL_SOURCE_DIR "/tests/corpus/form/"
enum { FILE_MAX = 64 << 20 };

static json_t *record(const char *name)
{
	char path[256];
	struct buf b;
	json_t *j = NULL;

	(void)snprintf(path, sizeof(path), "%s%s.json", RECORDS, name);
	buf_init(&b, FILE_MAX);
	assert_int_equal(file_read(AT_FDCWD, path, FILE_MAX, &b), SL_OK);
	assert_int_equal(json_parse(b.data, b.len, FILE_MAX, &j), SL_OK);
	buf_release(&b);
	return j;
}

static struct form *fields(const json_t *j, enum form_lang lang)
{
	struct form *f = NULL;

	assert_int_equal(form_fields(j, lang, &f), SL_OK);
	return f;
}

static void pdf_of(const struct form *f, struct buf *out)
{
	struct sl_why why = {.text = ""};

	buf_init(out, FILE_MAX);
	if (form_pdf(f, out, &why) != SL_OK)
		fail_msg("%s", why.text);
}

static void text_is_the_golden_one(void **state)
{
	static const struct {
		const char *name, *golden;
		enum form_lang lang;
	} rows[] = {
		{"approved", "approved.zh.txt", FORM_ZH},
		{"approved", "approved.en.txt", FORM_EN},
		{"full", "full.zh.txt", FORM_ZH},
		{"full", "full.en.txt", FORM_EN},
		{"route-c", "route-c.zh.txt", FORM_ZH},
		{"refused", "refused.zh.txt", FORM_ZH},
		{"appeal", "appeal.zh.txt", FORM_ZH},
		{"appeal", "appeal.en.txt", FORM_EN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *j = record(rows[i].name);
		struct form *f = fields(j, rows[i].lang);
		struct buf text, golden;
		char path[256];

		(void)snprintf(path, sizeof(path), "%s%s", RECORDS, rows[i].golden);
		buf_init(&text, FILE_MAX);
		buf_init(&golden, FILE_MAX);
		assert_int_equal(form_text(f, &text), SL_OK);
		assert_int_equal(file_read(AT_FDCWD, path, FILE_MAX, &golden), SL_OK);
		if (strcmp(buf_str(&text), buf_str(&golden)) != 0)
			fail_msg("%s differs:\n%s", rows[i].golden, buf_str(&text));
		buf_release(&text);
		buf_release(&golden);
		form_free(f);
		json_decref(j);
	}
}

static void what_is_no_record_is_refused(void **state)
{
	json_t *j = record("approved"), *empty = json_object(), *list = json_array(), *votes;
	struct form *f = NULL;
	char *long_text = malloc((5 << 20) + 1);

	(void)state;
	assert_non_null(long_text);
	memset(long_text, 'x', 5 << 20);
	long_text[5 << 20] = '\0';
	assert_int_equal(form_fields(empty, FORM_ZH, &f), SL_E_FORMAT);
	assert_int_equal(form_fields(list, FORM_ZH, &f), SL_E_FORMAT);
	assert_int_equal(form_fields(NULL, FORM_ZH, &f), SL_E_FORMAT);
	/* One text that no paragraph holds. */
	votes = json_object_get(j, "votes");
	assert_int_equal(
		json_object_set_new(json_array_get(votes, 0), "reason", json_string(long_text)),
		0);
	assert_int_equal(form_fields(j, FORM_ZH, &f), SL_E_LIMIT);
	assert_null(f);
	/* A record of which only the schema is left is a form of empty boxes. */
	assert_int_equal(json_object_set_new(empty, "schema", json_string("sluice-form/1")), 0);
	f = fields(empty, FORM_EN);
	form_free(f);
	free(long_text);
	json_decref(j);
	json_decref(empty);
	json_decref(list);
}

/* ---- PDF ---- */

static void write_pdf(const struct buf *pdf, char path[64])
{
	int fd;

	(void)snprintf(path, 64, "/tmp/sl-form.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, pdf->data, pdf->len), SL_OK);
	file_close(fd);
}

/* What a program prints about the file; its exit code must be 0. */
static void run(const char *const *argv, struct buf *out)
{
	int ends[2], status = 0;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(ends[1], 1);
		(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	file_close(ends[1]);
	buf_init(out, FILE_MAX);
	while (true) {
		char bytes[65536];
		ssize_t n = read(ends[0], bytes, sizeof(bytes));

		if (n <= 0)
			break;
		buf_put(out, bytes, (size_t)n);
	}
	file_close(ends[0]);
	assert_true(waitpid(pid, &status, 0) == pid);
	if (status != 0)
		fail_msg("%s: status %d: %s", argv[0], status, buf_str(out));
}

/* Without spaces and line ends: where lines break is the page's affair. */
static void squeeze(const char *s, struct buf *out)
{
	for (; *s != '\0'; s++) {
		if (strncmp(s, "\xe3\x80\x80", 3) == 0) /* ideographic space */
			s += 2;
		else if ((unsigned char)*s > ' ')
			buf_put(out, s, 1);
	}
}

static void expect_in(const struct buf *page, const char *text, const char *name)
{
	struct buf want;

	buf_init(&want, FILE_MAX);
	squeeze(text, &want);
	if (strstr(buf_str(page), buf_str(&want)) == NULL)
		fail_msg("%s: not on paper: %.300s", name, text);
	buf_release(&want);
}

static void extract(const struct buf *pdf, struct buf *squeezed)
{
	struct buf raw;
	char path[64];

	write_pdf(pdf, path);
	run((const char *const[]){"pdftotext", "-raw", "-nopgbrk", path, "-", NULL}, &raw);
	buf_init(squeezed, FILE_MAX);
	squeeze(buf_str(&raw), squeezed);
	buf_release(&raw);
	assert_int_equal(unlink(path), 0);
}

static void everything_is_on_paper(const struct form *f, const char *name)
{
	struct buf pdf, page;

	pdf_of(f, &pdf);
	extract(&pdf, &page);
	expect_in(&page, f->title, name);
	expect_in(&page, f->number, name);
	expect_in(&page, f->index_no, name);
	expect_in(&page, f->date, name);
	expect_in(&page, f->foot, name);
	expect_in(&page, f->record, name);
	for (size_t i = 0; i < f->n_notes; i++)
		expect_in(&page, f->notes[i], name);
	for (size_t i = 0; i < f->n; i++) {
		for (size_t r = 0; r < f->blocks[i].n; r++) {
			const struct form_row *row = &f->blocks[i].rows[r];

			for (unsigned c = 0; c < row->n; c++) {
				for (size_t l = 0; l < row->cell[c].n; l++)
					expect_in(&page, row->cell[c].lines[l].text, name);
			}
		}
	}
	buf_release(&page);
	buf_release(&pdf);
}

static void all_fields_are_on_paper(void **state)
{
	static const char *const names[] = {"approved", "full",	      "route-c",
					    "refused",	"many-files", "appeal"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (int lang = FORM_ZH; lang <= FORM_EN; lang++) {
			json_t *j = record(names[i]);
			struct form *f = fields(j, (enum form_lang)lang);

			everything_is_on_paper(f, names[i]);
			form_free(f);
			json_decref(j);
		}
	}
}

static void same_record_same_bytes(void **state)
{
	json_t *j = record("route-c");
	struct form *f = fields(j, FORM_ZH);
	struct buf a, b, text, again;

	(void)state;
	pdf_of(f, &a);
	buf_init(&text, FILE_MAX);
	buf_init(&again, FILE_MAX);
	assert_int_equal(form_text(f, &text), SL_OK);
	form_free(f);
	/* Another zone, another locale, another place among the fonts of the machine. */
	assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
	assert_int_equal(setenv("LANG", "ja_JP.UTF-8", 1), 0);
	assert_int_equal(setenv("LC_ALL", "de_DE.UTF-8", 1), 0);
	tzset();
	assert_non_null(setlocale(LC_ALL, ""));
	f = fields(j, FORM_ZH);
	pdf_of(f, &b);
	assert_int_equal(form_text(f, &again), SL_OK);
	assert_non_null(setlocale(LC_ALL, "C"));
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	assert_string_equal(buf_str(&text), buf_str(&again));
	buf_release(&a);
	buf_release(&b);
	buf_release(&text);
	buf_release(&again);
	form_free(f);
	json_decref(j);
}

static void another_record_another_identity(void **state)
{
	json_t *j = record("route-c");
	struct form *f = fields(j, FORM_ZH), *g;

	(void)state;
	assert_int_equal(json_object_set_new(j, "unit", json_string("u-99")), 0);
	g = fields(j, FORM_ZH);
	assert_string_not_equal(f->record, g->record);
	form_free(f);
	form_free(g);
	json_decref(j);
}

/* The profile: its length, its signature, and every row of its table inside it. */
static void profile_is_whole(const struct buf *pdf)
{
	static const char head[] = "<< /N 3 /Length ";
	const char *at = memmem(pdf->data, pdf->len, head, sizeof(head) - 1), *end;
	const uint8_t *p;
	unsigned long len;

	assert_non_null(at);
	len = strtoul(at + sizeof(head) - 1, NULL, 10);
	end = memmem(at, 64, "stream\n", 7);
	assert_non_null(end);
	p = (const uint8_t *)end + 7;
	assert_true(len < (size_t)(buf_str(pdf) + pdf->len - (const char *)p));
	assert_int_equal((p[0] << 24) + (p[1] << 16) + (p[2] << 8) + p[3], len);
	assert_memory_equal(p + 12, "mntrRGB XYZ ", 12);
	assert_memory_equal(p + 36, "acsp", 4);
	assert_int_equal(p[131], 9);
	for (unsigned i = 0; i < p[131]; i++) {
		const uint8_t *row = p + 132 + 12 * i;
		unsigned offset = (unsigned)((row[6] << 8) + row[7]),
			 size = (unsigned)((row[10] << 8) + row[11]);

		assert_true(offset % 4 == 0 && offset >= 132 + 12 * 9 && offset + size <= len);
		assert_memory_equal(p + offset,
				    i == 0   ? "desc"
				    : i == 1 ? "text"
				    : i < 6  ? "XYZ "
					     : "curv",
				    4);
	}
}

static void an_archive_can_keep_it(void **state)
{
	json_t *j = record("full");
	struct form *f = fields(j, FORM_ZH);
	struct buf pdf, said;
	char path[64], *line, *save = NULL;
	unsigned fonts = 0;

	(void)state;
	pdf_of(f, &pdf);
	write_pdf(&pdf, path);
	run((const char *const[]){"qpdf", "--check", path, NULL}, &said);
	buf_release(&said);
	run((const char *const[]){"pdffonts", path, NULL}, &said);
	line = strtok_r((char *)said.data, "\n", &save);
	for (unsigned i = 0; line != NULL; i++, line = strtok_r(NULL, "\n", &save)) {
		if (i < 2) /* head and rule */
			continue;
		/* embedded, a subset, with a map to Unicode */
		assert_non_null(strstr(line, "yes yes yes"));
		fonts++;
	}
	assert_true(fonts >= 1);
	buf_release(&said);
	run((const char *const[]){"pdfinfo", path, NULL}, &said);
	assert_non_null(strstr(buf_str(&said), "信息发布保密审查审批表"));
	assert_non_null(strstr(buf_str(&said), "A4"));
	assert_non_null(strstr(buf_str(&said), "Metadata Stream: yes"));
	buf_release(&said);
	assert_int_equal(unlink(path), 0);
	assert_non_null(memmem(pdf.data, pdf.len, "/Lang (zh-CN)", 13));
	assert_non_null(memmem(pdf.data, pdf.len, "/ID [ <", 7));
	assert_non_null(memmem(pdf.data, pdf.len, f->record, 64));
	assert_null(memmem(pdf.data, pdf.len, "/Transparency", 13));
	/* PDF/A-2b: it says so, and what its colours mean. */
	assert_non_null(memmem(pdf.data, pdf.len, "<pdfaid:part>2</pdfaid:part>", 28));
	assert_non_null(memmem(pdf.data, pdf.len, "<pdfaid:conformance>B<", 22));
	assert_non_null(memmem(pdf.data, pdf.len, "/OutputIntents [", 16));
	assert_non_null(memmem(pdf.data, pdf.len, "/S /GTS_PDFA1", 13));
	profile_is_whole(&pdf);
	buf_release(&pdf);
	form_free(f);
	json_decref(j);
}

/* Controls, directions, ten thousand combining marks, an emoji that no song font has. */
static void hostile_words_are_visible(void **state)
{
	json_t *j = record("approved"), *m = json_object_get(j, "manifest");
	struct buf title, text, pdf, page;
	struct form *f;

	(void)state;
	buf_init(&title, FILE_MAX);
	buf_puts(&title, "\x1b[2J通告\xe2\x80\xae"
			 "倒\xf0\x9f\x98\x80\x01\n<b>&");
	for (unsigned i = 0; i < 10000; i++)
		buf_puts(&title, "\xcc\x81");
	assert_int_equal(json_object_set_new(m, "title", json_string(buf_str(&title))), 0);
	f = fields(j, FORM_ZH);
	buf_init(&text, FILE_MAX);
	assert_int_equal(form_text(f, &text), SL_OK);
	assert_non_null(strstr(buf_str(&text), "\\u{1b}[2J通告\\u{202e}倒"));
	assert_null(memchr(text.data, 0x1b, text.len));
	assert_null(strstr(buf_str(&text), "\xe2\x80\xae"));
	assert_null(strstr(buf_str(&text), "\xcc\x81"));
	pdf_of(f, &pdf);
	extract(&pdf, &page);
	assert_non_null(
		strstr(buf_str(&page), "\\u{1b}[2J通告\\u{202e}倒\\u{1f600}\\u{1}\\u{a}<b>&"));
	assert_non_null(strstr(buf_str(&page), "\\u{301}\\u{301}\\u{301}"));
	buf_release(&title);
	buf_release(&text);
	buf_release(&pdf);
	buf_release(&page);
	form_free(f);
	json_decref(j);
}

/* Take out what stands between the last line of one page and the first of the next: the
 * block's name, foot, head, and the row's label again.  How many times it stood there. */
static unsigned join_pages(const struct form *f, const char *block, const char *label,
			   const struct buf *page, struct buf *joined)
{
	const char *at = buf_str(page);
	unsigned n = 0, pages = 1;

	while (strstr(at, "共1页") == NULL && pages < 1000) {
		char total[32];

		(void)snprintf(total, sizeof(total), "共%u页", pages);
		if (strstr(at, total) != NULL)
			break;
		pages++;
	}
	for (unsigned i = 1; i < pages; i++) {
		struct buf between, want;
		const char *found;

		buf_init(&between, FILE_MAX);
		buf_init(&want, FILE_MAX);
		buf_putf(&between, "%s%s记录摘要%s第%u页共%u页%s%s%s%s%s", block, f->foot,
			 f->record, i, pages, f->title, f->number, f->date, f->index_no, label);
		squeeze(buf_str(&between), &want);
		found = strstr(at, buf_str(&want));
		if (found != NULL) {
			buf_put(joined, at, (size_t)(found - at));
			at = found + want.len;
			n++;
		}
		buf_release(&between);
		buf_release(&want);
	}
	buf_puts(joined, at);
	return n;
}

/* A reason of many pages is all there, in its order, with its label on every page. */
static void long_texts_go_on_over_pages(void **state)
{
	json_t *j = record("approved"), *vote = json_array_get(json_object_get(j, "votes"), 0);
	struct buf reason, pdf, page, joined;
	struct form *f;

	(void)state;
	buf_init(&reason, FILE_MAX);
	for (unsigned i = 0; i < 4000; i++)
		buf_putf(&reason, "第%u条理由充分；", i);
	assert_int_equal(json_object_set_new(vote, "reason", json_string(buf_str(&reason))), 0);
	f = fields(j, FORM_ZH);
	pdf_of(f, &pdf);
	extract(&pdf, &page);
	buf_init(&joined, FILE_MAX);
	assert_true(join_pages(f, "意见", "联络员初审意见", &page, &joined) > 20);
	expect_in(&joined, buf_str(&reason), "a long reason");
	buf_release(&reason);
	buf_release(&joined);
	buf_release(&pdf);
	buf_release(&page);
	form_free(f);
	json_decref(j);
}

static void other_bytes_are_not_finished(void **state)
{
	static const char *const rows[] = {"", "startxref\n", "xref\n0 1\nstartxref\n0\n",
					   "startxref\n99999999999999999999\n"};
	struct form f = {.lang = FORM_ZH, .title = NULL};
	char title[] = "t", number[] = "n";

	(void)state;
	f.title = title;
	f.number = number;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf raw, out;

		buf_init(&raw, 4096);
		buf_init(&out, 4096);
		buf_puts(&raw, rows[i]);
		assert_int_equal(form_finish(&f, &raw, &out), SL_E_INTERNAL);
		buf_release(&raw);
		buf_release(&out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_the_golden_one),
		cmocka_unit_test(what_is_no_record_is_refused),
		cmocka_unit_test(all_fields_are_on_paper),
		cmocka_unit_test(same_record_same_bytes),
		cmocka_unit_test(another_record_another_identity),
		cmocka_unit_test(an_archive_can_keep_it),
		cmocka_unit_test(hostile_words_are_visible),
		cmocka_unit_test(long_texts_go_on_over_pages),
		cmocka_unit_test(other_bytes_are_not_finished),
	};

	if (crypto_start() != SL_OK)
		return EXIT_FAILURE;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
