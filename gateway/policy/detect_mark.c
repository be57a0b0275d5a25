/* detect_mark.c - national classification marks (GB/T 9704, 保密法 art. 22). */
#include <string.h>

#include "policy/detect.h"
#include "policy/passage.h"

enum { NEIGHBOUR = 40, GRADE_LINE = 12 };

static const char *const grades[] = {"绝密", "机密", "秘密", NULL};

static bool is_star(const struct match *m)
{
	return m->view->text[m->to - 1] != '*';
}

/* Characters of a period: digits, Chinese numerals, blanks. */
static size_t number_at(struct extent e, size_t at, unsigned *ret_value)
{
	static const char *const numerals[] = {"〇", "一", "二", "三", "四", "五",
					       "六", "七", "八", "九", "十", NULL};

	*ret_value = 0;
	for (;;) {
		struct extent rest = {e.text + at, e.len - at};

		if (rest.len > 0 && rest.text[0] >= '0' && rest.text[0] <= '9') {
			*ret_value = *ret_value * 10 + (unsigned)(rest.text[0] - '0');
			at++;
		} else if (rest.len > 0 && (rest.text[0] == ' ' || rest.text[0] == '\t')) {
			at++;
		} else if (match_starts(rest, numerals) != NULL) {
			at += 3;
		} else {
			return at;
		}
	}
}

/* A number and its unit at `at`: returns the end, 0: none. */
static size_t part_at(struct extent e, size_t at, const char *const *units, unsigned *ret_value)
{
	size_t end = number_at(e, at, ret_value);
	const char *unit;

	if (end == at)
		return 0;
	unit = match_starts((struct extent){e.text + end, e.len - end}, units);
	return unit != NULL ? end + strlen(unit) : 0;
}

/* "启用前", "考试结束后": an event ends the secrecy. */
static size_t event_at(struct extent e, size_t at)
{
	static const char *const ends[] = {"前", "后", NULL};

	for (int n = 0; n < 8; n++) {
		size_t from = at;

		if (!match_is_han(match_next(e, &at)))
			return 0;
		if (n > 0 &&
		    match_starts((struct extent){e.text + from, e.len - from}, ends) != NULL)
			return at;
	}
	return 0;
}

/* The longest period that the law allows for the grade, in years. */
static unsigned longest_years(const struct match *m)
{
	struct extent e = match_text(m);

	return match_starts(e, (const char *const[]){"绝", NULL}) != NULL   ? 30
	       : match_starts(e, (const char *const[]){"机", NULL}) != NULL ? 20
									    : 10;
}

/* The period of secrecy behind a star belongs to the mark; it begins with a number or
 * 长期 or ends with an event, so that other words behind an asterisk are none. */
static void take_period(struct match *m)
{
	static const char *const first[] = {"年", "个月", "月", "天", "日", NULL};
	static const char *const month[] = {"月", NULL}, *const day[] = {"日", NULL};
	struct extent e = match_after(m, 24);
	size_t start = 0, end, more;
	unsigned years = 0, ignored;

	while (start < e.len && (e.text[start] == ' ' || e.text[start] == '\t'))
		start++;
	end = part_at(e, start, first, &years);
	if (end > 0 && (more = part_at(e, end, month, &ignored)) > 0) {
		end = more; /* a date, not a length */
		years = 0;
		more = part_at(e, end, day, &ignored);
		end = more > 0 ? more : end;
	} else if (end == 0 &&
		   match_starts((struct extent){e.text + start, e.len - start},
				(const char *const[]){"长期", "长 期", NULL}) != NULL) {
		end = start + (e.text[start + 3] == ' ' ? 7 : 6);
	} else if (end == 0 && is_star(m)) {
		end = event_at(e, start);
	}
	if (end == 0)
		return;
	m->to += end;
	match_evidence(m,
		       years < 100 && years > longest_years(m) ? "period-too-long" : "period");
}

/* An asterisk is also emphasis and a footnote: then a period must follow, or
 * nothing but the mark may stand on the line. */
static bool is_mark(struct match *m)
{
	size_t to = m->to;

	match_evidence(m, is_star(m) ? "grade,star" : "grade,asterisk");
	m->score = is_star(m) ? SCORE_STRONG : SCORE_MEDIUM;
	take_period(m);
	return m->to > to || m->view->text[to - 1] != '*' || match_alone(m);
}

static unsigned disguises(const struct match *m)
{
	const unsigned odd = 1u << FOLD_RADICAL | 1u << FOLD_TRADITIONAL |
			     1u << FOLD_HOMOGLYPH | 1u << FOLD_ZERO_WIDTH | 1u << FOLD_COMPAT;
	const struct norm *main_view = m->view->source != NULL ? m->view->source : m->view;
	size_t from, to;

	normalise_main(m->view, m->from, m->to, &from, &to);
	return normalise_kinds(main_view, from, to) & odd;
}

bool detect_mark_plain(struct match *m)
{
	/* What only a second look shows is a disguise, whatever its characters. */
	return m->view->source == NULL && is_mark(m) && disguises(m) == 0;
}

bool detect_mark_variant(struct match *m)
{
	bool dense = m->view->source != NULL;

	if (!is_mark(m) || (!dense && disguises(m) == 0))
		return false;
	match_evidence(m, "disguised");
	return true;
}

static bool is_grade_line(const char *s, size_t n)
{
	struct extent e = {s, n};

	return n <= GRADE_LINE && match_any(e, grades) != NULL;
}

/* Does the line before the hit's line, or the one after it, hold a grade alone?
 * Looked at for NEIGHBOUR bytes: such a line is short. */
static bool grade_before(const char *text, size_t line)
{
	size_t low = line > NEIGHBOUR ? line - NEIGHBOUR : 0;
	const char *nl;

	if (line < 2)
		return false;
	nl = memrchr(text + low, '\n', line - 1 - low);
	low = nl != NULL ? (size_t)(nl + 1 - text) : low;
	return is_grade_line(text + low, line - 1 - low);
}

static bool grade_after(const char *text, size_t len, size_t end)
{
	size_t left, stop;
	const char *nl;

	if (len - end < 2)
		return false;
	left = len - end - 1;
	stop = left < NEIGHBOUR ? left : NEIGHBOUR;
	nl = memchr(text + end + 1, '\n', stop);
	return is_grade_line(text + end + 1, nl != NULL ? (size_t)(nl - text) - end - 1 : stop);
}

/* Grades under each other are a list, not a mark. */
static bool in_list(const struct match *m)
{
	struct extent line = match_line(m);
	size_t from = (size_t)(line.text - m->view->text);

	return grade_before(m->view->text, from) ||
	       grade_after(m->view->text, m->view->len, from + line.len);
}

bool detect_mark_grade(struct match *m)
{
	enum {
		OUTSIDE = 1u << WHERE_HEADER | 1u << WHERE_FOOTER | 1u << WHERE_TITLE |
			  1u << WHERE_HIDDEN | 1u << WHERE_DELETED | 1u << WHERE_COVERED |
			  1u << WHERE_ANNOTATION | 1u << WHERE_OLD_REVISION
	};

	if (!match_alone(m))
		return false;
	match_evidence(m, "alone");
	if ((OUTSIDE & 1u << m->passage->segment->where) != 0) {
		m->score = SCORE_STRONG;
		m->severity = SEV_S0;
		return true;
	}
	if (match_line_number(m) <= 5 && !in_list(m)) {
		match_evidence(m, "first-lines");
		m->score = SCORE_STRONG;
		m->severity = SEV_S0;
		return true;
	}
	return !in_list(m);
}

/* Trigger: 【机密】 and the words behind it.  Before the title of a paper it is a mark; a list
 * of terms has many such lines. */
bool detect_mark_title(struct match *m)
{
	struct extent line = match_line(m);
	size_t from = (size_t)(line.text - m->view->text);

	if (match_line_number(m) > 5 || in_list(m))
		return false;
	/* A sentence that goes on is an explanation of the word. */
	if (from != m->from || memmem(line.text, line.len, "。", 3) != NULL ||
	    memmem(line.text, line.len, "是指", 6) != NULL)
		return false;
	match_evidence(m, "before-title");
	m->score = SCORE_STRONG;
	return true;
}

bool detect_mark_level(struct match *m)
{
	static const char *const choice[] = {"、", "/", "或", "和", ",", "|", "□", NULL};
	static const char *const boxes[] = {"□", NULL};

	/* A form that lists the grades to choose from is no mark; one grade is. */
	if (match_starts(match_after(m, 1), choice) != NULL &&
	    match_any(match_after(m, 8), grades) != NULL)
		return false;
	if (match_any(match_text(m), boxes) != NULL)
		return false;
	match_evidence(m, "label");
	m->score = SCORE_STRONG;
	return true;
}

bool detect_mark_copy(struct match *m)
{
	static const char *const heads[] = {
		"绝密", "机密",	  "秘密",   "特急",   "特 急",	"加急", "加 急", "特提",
		"平急", "文件\n", "局文件", "厅文件", "府文件", "〔",	"★",	 NULL};
	struct extent after = match_after(m, 60);

	if (match_line_number(m) > 3 || !match_alone(m))
		return false;
	if (match_any(after, heads) == NULL &&
	    !(match_any(after, (const char *const[]){"密", NULL}) && match_line_number(m) == 1))
		return false;
	match_evidence(m, "first-lines,above-heading");
	return true;
}

/* A copy number is given to classified papers only: without a grade below it, the grade may
 * have been taken away. */
bool detect_mark_bare_copy(struct match *m)
{
	enum { HEAD = 120 }; /* code points: the lines above the heading */

	if (!detect_mark_copy(m))
		return false;
	if (match_any(match_after(m, HEAD), (const char *const[]){"密", "★", NULL}) != NULL)
		return false;
	match_evidence(m, "no-grade");
	return true;
}
