/* test_reviewer_read.c - reading a draft: marks in long texts, pages that grow, searching,
 * differences, what another process drew, and the editor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/i18n.h"
#include "case.h"
#include "diff.h"
#include "policy/segment.h"
#include "show.h"
#include "tui/drawn.h"
#include "tui/editor.h"
#include "tui/match.h"
#include "tui/page.h"

/* ---- marks in the text of a file ---- */

static const char report[] =
	"{\"files\":[{\"objects\":[{\"id\":\"0\"},{\"id\":\"0/1\"}],\"findings\":["
	"{\"rule\":\"PI-004\",\"severity\":\"S2\",\"object\":\"0\",\"where\":\"body\","
	"\"offset\":3,"
	"\"length\":4},"
	"{\"rule\":\"DH-002\",\"severity\":\"S1\",\"object\":\"0\",\"where\":\"body\","
	"\"offset\":2,"
	"\"length\":6},"
	"{\"rule\":\"WS-004\",\"severity\":\"S3\",\"object\":\"0/"
	"1\",\"where\":\"body\",\"offset\":0,"
	"\"length\":2},"
	"{\"rule\":\"PI-001\",\"severity\":\"S2\",\"object\":\"0\",\"where\":\"comment\","
	"\"offset\":4,\"length\":9}]}]}";

struct reading {
	struct review_case c;
	struct case_file f;
	json_t *report;
};

static void reading_start(struct reading *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->f.text, 8 << 20);
	(void)snprintf(r->f.text_sha256, sizeof(r->f.text_sha256), "%064d", 1);
	assert_int_equal(json_parse(report, strlen(report), sizeof(report), &r->report), SL_OK);
	r->c.report = r->report;
	r->c.files = &r->f;
	r->c.n_files = 1;
}

static void reading_end(struct reading *r)
{
	json_decref(r->report);
	buf_release(&r->f.text);
}

static void add_segment(struct reading *r, uint32_t object, enum segment_where where,
			uint32_t offset, const char *text, size_t len)
{
	struct segment g = {.object = object,
			    .where = (uint8_t)where,
			    .line = 1,
			    .column = 1,
			    .offset = offset,
			    .text = text,
			    .len = (uint32_t)len};

	segment_put(&r->f.text, &g);
}

static void expect(struct show_walk *w, const char *text, const char *rule, bool begins)
{
	struct show_piece p;

	assert_int_equal(show_walk_next(w, &p), SL_OK);
	assert_int_equal(p.len, strlen(text));
	assert_memory_equal(p.text, text, p.len);
	assert_int_equal(p.begins, begins);
	if (rule == NULL)
		assert_null(p.rule);
	else
		assert_string_equal(p.rule, rule);
}

static void findings_stand_where_they_are(void **state)
{
	struct show_walk *w = NULL;
	struct show_piece p;
	struct reading r;

	(void)state;
	reading_start(&r);
	add_segment(&r, 0, WHERE_BODY, 0, "中文0123456789", 16);
	add_segment(&r, 1, WHERE_BODY, 0, "xyz", 3);
	add_segment(&r, 0, WHERE_COMMENT, 0, "abc", 3);
	assert_int_equal(show_walk_new(&r.c, 0, 0, &w), SL_OK);
	/* The worse one covers the other; offsets count code points of the object. */
	expect(w, "中文", NULL, true);
	expect(w, "012345", "DH-002", false);
	expect(w, "6789", NULL, false);
	expect(w, "xy", "WS-004", true);
	expect(w, "z", NULL, false);
	expect(w, "abc", NULL, true);
	/* The last piece may not be all: it waits instead of guessing. */
	assert_int_equal(show_walk_next(w, &p), SL_E_STATE);
	add_segment(&r, 0, WHERE_COMMENT, 3, "defg", 4);
	expect(w, "d", NULL, true);
	expect(w, "efg", "PI-001", false);
	r.f.have_text = true;
	assert_int_equal(show_walk_next(w, &p), SL_E_NOTFOUND);
	show_walk_free(w);
	/* Comments alone. */
	assert_int_equal(show_walk_new(&r.c, 0, 1u << WHERE_COMMENT, &w), SL_OK);
	expect(w, "abc", NULL, true);
	show_walk_free(w);
	reading_end(&r);
}

/* What is here of a segment is shown; never half a character, nor a text that ends too early.
 */
static void a_segment_is_shown_as_it_comes_and_a_broken_one_is_refused(void **state)
{
	static const char text[] = "ab中";
	struct show_walk *w = NULL;
	struct show_piece p;
	struct reading r;
	struct buf all;
	size_t head;

	(void)state;
	reading_start(&r);
	add_segment(&r, 0, WHERE_COMMENT, 0, text, strlen(text));
	all = r.f.text; /* moved */
	buf_init(&r.f.text, 8 << 20);
	head = all.len - strlen(text);
	assert_int_equal(show_walk_new(&r.c, 0, 0, &w), SL_OK);
	buf_put(&r.f.text, all.data, head - 1);
	assert_int_equal(show_walk_next(w, &p), SL_E_STATE);
	buf_put(&r.f.text, all.data + head - 1, 1);
	assert_int_equal(show_walk_next(w, &p), SL_E_STATE);
	for (size_t i = head; i < all.len; i++) {
		buf_put(&r.f.text, all.data + i, 1);
		if (i < head + 2)
			expect(w, i == head ? "a" : "b", NULL, i == head);
		else if (i + 1 < all.len)
			assert_int_equal(show_walk_next(w, &p), SL_E_STATE);
	}
	expect(w, "中", NULL, false);
	r.f.have_text = true;
	assert_int_equal(show_walk_next(w, &p), SL_E_NOTFOUND);
	show_walk_free(w);
	/* All is here, and the character is not. */
	buf_cut(&r.f.text, r.f.text.len - 1);
	for (uint32_t places = 0; places <= 1u << WHERE_BODY; places++) {
		assert_int_equal(show_walk_new(&r.c, 0, places, &w), SL_OK);
		assert_int_equal(show_walk_next(w, &p), SL_E_FORMAT);
		show_walk_free(w);
	}
	r.f.have_text = false;
	buf_put(&r.f.text, "\xff", 1);
	assert_int_equal(show_walk_new(&r.c, 0, 0, &w), SL_OK);
	assert_int_equal(show_walk_next(w, &p), SL_E_FORMAT);
	show_walk_free(w);
	buf_release(&all);
	reading_end(&r);
}

static void a_line_of_a_megabyte_comes_in_pieces(void **state)
{
	enum { MEGA = 1 << 20 };
	char *line = malloc(MEGA);
	struct show_walk *w = NULL;
	struct show_piece p;
	struct reading r;
	size_t sum = 0;
	unsigned n = 0;

	(void)state;
	assert_non_null(line);
	memset(line, 'a', MEGA);
	reading_start(&r);
	add_segment(&r, 0, WHERE_HEADER, 0, line, MEGA);
	r.f.have_text = true;
	assert_int_equal(show_walk_new(&r.c, 0, 0, &w), SL_OK);
	while (show_walk_next(w, &p) == SL_OK) {
		assert_true(p.len <= 16 << 10);
		sum += p.len;
		n++;
	}
	assert_int_equal(sum, MEGA);
	assert_true(n > 60);
	show_walk_free(w);
	free(line);
	reading_end(&r);
}

/* ---- pages ---- */

struct growing {
	unsigned added, max;
};

static int add_more(void *arg, struct page *p)
{
	struct growing *g = arg;

	if (g->added == g->max)
		return SL_E_NOTFOUND;
	g->added++;
	return page_linef(p, LOOK_PLAIN, "line %u %s", g->added,
			  g->added % 100 == 0 ? "Hundred" : "");
}

static void a_page_is_filled_as_far_as_one_looks(void **state)
{
	struct growing g = {.max = 100000};
	struct page_hit h = {0};
	struct page *p = NULL;

	(void)state;
	assert_int_equal(page_new(&p), SL_OK);
	page_begin(p, 80, add_more, &g);
	assert_int_equal(page_need(p, 24), SL_OK);
	assert_int_equal(g.added, 24);
	assert_false(page_is_all(p));
	assert_true(page_find(p, "hundred", false, true, 0, &h));
	assert_int_equal(h.line, 99);
	assert_true(g.added < 2000);
	assert_true(page_find(p, "Hundred", false, false, 0, &h));
	assert_int_equal(h.line, 199);
	assert_false(h.wrapped);
	/* A large letter is meant. */
	assert_false(page_find(p, "HUNDRED", false, true, 0, &h));
	assert_true(page_find(p, "hundred", true, false, 0, &h));
	assert_int_equal(h.line, 99);
	/* Backwards from the first goes on from the end. */
	assert_true(page_find(p, "hundred", true, false, 0, &h));
	assert_true(h.wrapped);
	assert_int_equal(h.line, 99999);
	assert_true(page_find(p, "hundred", false, false, 0, &h));
	assert_true(h.wrapped);
	assert_int_equal(h.line, 99);
	assert_false(page_find(p, "", false, true, 0, &h));
	page_free(p);
}

static void marks_are_found_across_lines(void **state)
{
	struct page *p = NULL;
	unsigned line = 0;

	(void)state;
	assert_int_equal(page_new(&p), SL_OK);
	page_begin(p, 10, NULL, NULL);
	assert_int_equal(page_run(p, LOOK_PLAIN, "one\ntwo\n", 8, -1), SL_OK);
	/* Over two lines: one mark. */
	assert_int_equal(page_run(p, LOOK_S2, "0123456789abc", 13, 5), SL_OK);
	assert_int_equal(page_run(p, LOOK_PLAIN, "\nlast ", 6, -1), SL_OK);
	assert_int_equal(page_run(p, LOOK_S3, "x", 1, 6), SL_OK);
	assert_true(page_next_mark(p, 0, false, &line));
	assert_int_equal(line, 2);
	assert_true(page_next_mark(p, 2, false, &line));
	assert_int_equal(line, 4);
	assert_false(page_next_mark(p, 4, false, &line));
	assert_true(page_next_mark(p, 4, true, &line));
	assert_int_equal(line, 2);
	assert_true(page_mark_line(p, 6, &line));
	assert_int_equal(line, 4);
	page_free(p);
}

static void words_are_found_over_a_wrapped_line(void **state)
{
	struct page_hit h = {0};
	struct page *p = NULL;

	(void)state;
	assert_int_equal(page_new(&p), SL_OK);
	page_begin(p, 10, NULL, NULL);
	assert_int_equal(page_run(p, LOOK_PLAIN, "一二三四五六七八", 24, -1), SL_OK);
	assert_int_equal(page_lines(p), 2);
	assert_true(page_find(p, "五六", false, true, 0, &h));
	assert_int_equal(h.line, 0);
	page_free(p);
}

static void matching_is_by_character(void **state)
{
	static const struct {
		const char *words, *text;
		bool found;
		size_t at;
	} rows[] = {
		{"abc", "xxABC", true, 2},   {"ABC", "abc", false, 0}, {"é", "É", true, 0},
		{"文", "中文", true, 3},     {"a", "", false, 0},      {"aab", "aaab", true, 1},
		{"x\xff", "x\xff", true, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t at = 99, end = 0;
		struct match m;

		assert_true(match_init(&m, rows[i].words));
		assert_int_equal(
			match_next(&m, rows[i].text, strlen(rows[i].text), 0, &at, &end),
			rows[i].found);
		if (rows[i].found)
			assert_int_equal(at, rows[i].at);
	}
}

/* ---- differences ---- */

static int write_line(void *arg, const struct diff_line *l)
{
	struct buf *out = arg;

	if (l->kind == DIFF_SKIPPED) {
		buf_putf(out, "(%u)\n", l->number);
		return buf_error(out);
	}
	buf_putf(out, "%c%u ", " -+"[l->kind], l -> number);
	for (unsigned i = 0; i < l->n; i++)
		buf_putf(out, l->piece[i].changed ? "[%.*s]" : "%.*s", (int)l->piece[i].len,
			 l->piece[i].text);
	buf_puts(out, "\n");
	return buf_error(out);
}

static void differences_by_line_and_word(void **state)
{
	static const struct {
		const char *a, *b, *want;
	} rows[] = {
		{"", "", ""},
		{"a\n", "a\n", ""},
		{"", "a\n", "+1 a\n"},
		{"a\n", "", "-1 a\n"},
		{"a\nb\nc\n", "a\nc\n", " 1 a\n-2 b\n 2 c\n"},
		{"a\nc\n", "a\nb\nc\n", " 1 a\n+2 b\n 3 c\n"},
		{"电话15400001234\n", "电话公开\n", "-1 电话[15400001234]\n+1 电话[公开]\n"},
		{"11月28日\n", "11月29日\n", "-1 11月[28]日\n+1 11月[29]日\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\nx\n", "1\n2\n3\n4\n5\n6\n7\n8\ny\n",
		 "(6)\n 7 7\n 8 8\n-9 [x]\n+9 [y]\n"},
		{"x\n1\n2\n3\n4\n5\n6\n7\ny\n", "1\n2\n3\n4\n5\n6\n7\n",
		 "-1 x\n 1 1\n 2 2\n(3)\n 6 6\n 7 7\n-9 y\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out;
		struct diff_to to = {.line = write_line, .arg = &out};

		buf_init(&out, 4096);
		assert_int_equal(diff_texts(rows[i].a, strlen(rows[i].a), rows[i].b,
					    strlen(rows[i].b), &to),
				 SL_OK);
		assert_string_equal(buf_str(&out), rows[i].want);
		buf_release(&out);
	}
}

/* Both sides of any two texts can be put together again from the difference. */
static int rebuild(void *arg, const struct diff_line *l)
{
	struct buf *sides = arg;

	assert_int_not_equal(l->kind, DIFF_SKIPPED);
	for (unsigned k = 0; k < 2; k++) {
		if (l->kind != (k == 0 ? DIFF_NEW : DIFF_OLD)) {
			for (unsigned i = 0; i < l->n; i++)
				buf_put(&sides[k], l->piece[i].text, l->piece[i].len);
			buf_puts(&sides[k], "\n");
		}
	}
	return SL_OK;
}

static void put_random(struct buf *b, unsigned *seed)
{
	/* No run of five lines that are the same: nothing is left out then. */
	for (unsigned i = 0; i < 40; i++) {
		*seed = *seed * 1103515245u + 12345u;
		buf_putf(b, "%u\n", *seed >> 16 & 3u);
	}
}

static void any_two_texts_can_be_rebuilt(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct buf a, b, sides[2];
		struct diff_to to = {.line = rebuild, .arg = sides};

		buf_init(&a, 4096);
		buf_init(&b, 4096);
		buf_init(&sides[0], 4096);
		buf_init(&sides[1], 4096);
		put_random(&a, &seed);
		put_random(&b, &seed);
		/* Alternate sides differ enough that no long run is skipped; else skip the
		 * round. */
		for (unsigned i = 0; i < b.len; i += 6)
			b.data[i] = b.data[i] == '\n' ? '\n' : 'z';
		assert_int_equal(diff_texts(buf_str(&a), a.len, buf_str(&b), b.len, &to),
				 SL_OK);
		assert_string_equal(buf_str(&sides[0]), buf_str(&a));
		assert_string_equal(buf_str(&sides[1]), buf_str(&b));
		buf_release(&a);
		buf_release(&b);
		buf_release(&sides[0]);
		buf_release(&sides[1]);
	}
}

static int count(void *arg, const struct diff_line *l)
{
	unsigned *n = arg;

	n[l->kind]++;
	return SL_OK;
}

static void what_differs_everywhere_is_bounded(void **state)
{
	unsigned n[4] = {0};
	struct diff_to to = {.line = count, .arg = n};
	struct buf a, b;

	(void)state;
	buf_init(&a, 8 << 20);
	buf_init(&b, 8 << 20);
	for (unsigned i = 0; i < 20000; i++) {
		buf_putf(&a, "old %u\n", i);
		buf_putf(&b, "new %u\n", i * 7);
	}
	assert_int_equal(diff_texts(buf_str(&a), a.len, buf_str(&b), b.len, &to), SL_OK);
	assert_int_equal(n[DIFF_OLD], 20000);
	assert_int_equal(n[DIFF_NEW], 20000);
	assert_int_equal(n[DIFF_SAME], 0);
	buf_release(&a);
	buf_release(&b);
}

/* ---- what another process drew ---- */

static void put_head(struct buf *b, uint32_t pages, uint16_t cols, uint16_t rows, char kind)
{
	buf_init(b, 1 << 20);
	buf_puts(b, "SLDRAWN1");
	buf_put_u32(b, pages);
	buf_put_u16(b, cols);
	buf_put_u16(b, rows);
	buf_put_u8(b, (uint8_t)kind);
}

static void put_cell(struct buf *b, uint32_t cp, uint16_t ink, uint16_t ground)
{
	buf_put_u32(b, cp);
	buf_put_u16(b, ink);
	buf_put_u16(b, ground);
}

static int parsed(struct buf *b)
{
	struct drawn *d = NULL;
	int r = drawn_parse(b->data, b->len, &d);

	if (r == SL_OK)
		assert_non_null(d);
	drawn_free(d);
	buf_release(b);
	return r;
}

static int parsed_codes(char kind, const char *codes)
{
	struct buf b;

	put_head(&b, 1, 0, 0, kind);
	buf_put_str(&b, codes);
	return parsed(&b);
}

static void a_hostile_drawing_is_refused(void **state)
{
	static const struct {
		uint32_t cp;
		uint16_t ink, ground;
		int want;
	} rows[] = {
		{0x2588, 256, 256, SL_OK},	  {'A', 0, 255, SL_OK},
		{0x1b, 1, 1, SL_E_FORMAT},	  {0x202e, 1, 1, SL_E_FORMAT},
		{0x4e00, 1, 1, SL_E_FORMAT},	  {0x2588, 257, 1, SL_E_FORMAT},
		{0x2588, 1, 0xffff, SL_E_FORMAT}, {0, 1, 1, SL_E_FORMAT},
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_head(&b, 1, 1, 1, 's');
		put_cell(&b, rows[i].cp, rows[i].ink, rows[i].ground);
		assert_int_equal(parsed(&b), rows[i].want);
	}
	put_head(&b, 1, 2, 1, 's'); /* a cell is missing */
	put_cell(&b, 'A', 1, 1);
	assert_int_not_equal(parsed(&b), SL_OK);
	put_head(&b, 1, 1, 1, 's'); /* bytes too many */
	put_cell(&b, 'A', 1, 1);
	buf_put_u8(&b, 0);
	assert_int_equal(parsed(&b), SL_E_FORMAT);
	put_head(&b, 0, 0, 0, 's'); /* of no pages */
	assert_int_equal(parsed(&b), SL_E_FORMAT);
	put_head(&b, 1, 65535, 65535, 's');
	assert_int_equal(parsed(&b), SL_E_LIMIT);
	put_head(&b, 1, 0, 0, 'z');
	assert_int_equal(parsed(&b), SL_E_FORMAT);
}

static void codes_are_of_their_kind_alone(void **state)
{
	(void)state;
	assert_int_equal(parsed_codes('x', "\033P0;1;0q\"1;1;6;6#0;2;0;0;0#0!6~-\033\\"),
			 SL_OK);
	/* Out of the picture and into the terminal. */
	assert_int_equal(parsed_codes('x', "\033P0q~\033\\\033]0;owned\007\033\\"),
			 SL_E_FORMAT);
	assert_int_equal(parsed_codes('x', "\033P0q~"), SL_E_FORMAT);
	assert_int_equal(parsed_codes('x', "\033P+q544e\033\\"), SL_E_FORMAT);
	assert_int_equal(parsed_codes('x', ""), SL_E_FORMAT);
	assert_int_equal(parsed_codes('k', "\033_Ga=T,f=32,s=1,v=1,m=0;AAAA\033\\"), SL_OK);
	assert_int_equal(parsed_codes('k', "\033_Ga=T,t=d,m=1;AA\033\\\033_Gm=0;AA==\033\\"),
			 SL_OK);
	/* The terminal would read a file of that name. */
	assert_int_equal(parsed_codes('k', "\033_Ga=T,t=f;L2V0Yy9wYXNzd2Q=\033\\"),
			 SL_E_FORMAT);
	assert_int_equal(parsed_codes('k', "\033_Ga=T;AAAA\033\\\033[2J"), SL_E_FORMAT);
	assert_int_equal(parsed_codes('k', "\033_Ga=T;AA\007A\033\\"), SL_E_FORMAT);
}

/* ---- the editor ---- */

/* body: a shell script that is the editor; NULL: $VISUAL names nothing that is there. */
static int edited(const char *body, char *out, size_t cap)
{
	char dir[] = "/tmp/sl-edit.XXXXXX", script[64] = "/no/such/editor", below[64];
	struct sl_why why = {""};
	int r;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(below, sizeof(below), "%s/below", dir);
	if (body != NULL) {
		(void)snprintf(script, sizeof(script), "%s/editor", dir);
		assert_int_equal(file_write_durable(AT_FDCWD, script, body, strlen(body), 0700),
				 SL_OK);
	}
	assert_int_equal(setenv("VISUAL", script, 1), 0);
	r = editor_run(below, out, cap, &why);
	if (r != SL_OK)
		assert_true(why.text[0] != '\0');
	assert_int_equal(rmdir(below), 0); /* empty: the file is gone, whatever happened */
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
	return r;
}

static void an_editor_that_fails_changes_nothing(void **state)
{
	static const struct {
		const char *body;
		int want;
		const char *text;
	} rows[] = {
		{"#!/bin/sh\nexit 0\n", SL_OK, "before"},
		{"#!/bin/sh\necho half >\"$1\"\nexit 3\n", SL_E_CANCELED, "before"},
		{NULL, SL_E_CANCELED, "before"},
		{"#!/bin/sh\nkill -9 $$\n", SL_E_CANCELED, "before"},
		{"#!/bin/sh\nhead -c 100 /dev/zero | tr '\\0' a >\"$1\"\n", SL_E_LIMIT,
		 "before"},
		{"#!/bin/sh\nprintf '\\377\\376' >\"$1\"\n", SL_E_FORMAT, "before"},
		{"#!/bin/sh\nprintf 'a\\0b' >\"$1\"\n", SL_E_FORMAT, "before"},
		{"#!/bin/sh\nrm \"$1\"\n", SL_E_NOTFOUND, "before"},
		{"#!/bin/sh\ncp \"$1\" \"$1~\"\nprintf 'one\\ntwo\\n\\n' >\"$1\"\n", SL_OK,
		 "one two"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[32] = "before";

		assert_int_equal(edited(rows[i].body, out, sizeof(out)), rows[i].want);
		assert_string_equal(out, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_stand_where_they_are),
		cmocka_unit_test(a_segment_is_shown_as_it_comes_and_a_broken_one_is_refused),
		cmocka_unit_test(a_line_of_a_megabyte_comes_in_pieces),
		cmocka_unit_test(a_page_is_filled_as_far_as_one_looks),
		cmocka_unit_test(marks_are_found_across_lines),
		cmocka_unit_test(words_are_found_over_a_wrapped_line),
		cmocka_unit_test(matching_is_by_character),
		cmocka_unit_test(differences_by_line_and_word),
		cmocka_unit_test(any_two_texts_can_be_rebuilt),
		cmocka_unit_test(what_differs_everywhere_is_bounded),
		cmocka_unit_test(a_hostile_drawing_is_refused),
		cmocka_unit_test(codes_are_of_their_kind_alone),
		cmocka_unit_test(an_editor_that_fails_changes_nothing),
	};

	i18n_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
