/* detect_mark.c - national classification marks (GB/T 9704, 保密法 art. 22). */
#include <string.h>

#include "policy/detect.h"
#include "policy/passage.h"

enum { NEIGHBOUR = 40, GRADE_LINE = 12 };

static const char *const grades[] = {"绝密", "机密", "秘密", NULL};

/* The period of secrecy behind a star belongs to the mark; it begins with a
 * number or 长期, so that other words behind an asterisk are none. */
static void take_period(struct match *m)
{
	static const char *const starts[] = {"一", "二", "三", "四", "五",   "六",
					     "七", "八", "九", "十", "长期", NULL};
	static const char *const units[] = {"年", "个月", "月", "天", "日", "长期", NULL};
	struct extent e = match_after(m, 14), head;
	size_t best = 0;

	for (head = e; head.len > 0 && (head.text[0] == ' ' || head.text[0] == '\t');
	     head.len--)
		head.text++;
	if (head.len == 0 || !((head.text[0] >= '0' && head.text[0] <= '9') ||
			       match_starts(head, starts) != NULL))
		return;
	for (const char *const *u = units; *u != NULL; u++) {
		const char *hit = memmem(e.text, e.len, *u, strlen(*u));
		size_t end = hit != NULL ? (size_t)(hit - e.text) + strlen(*u) : 0;

		if (hit != NULL && memchr(e.text, '\n', end) == NULL &&
		    (best == 0 || end < best))
			best = end;
	}
	if (best > 0) {
		m->to += best;
		match_evidence(m, "period");
	}
}

static bool is_star(const struct match *m)
{
	return m->view->text[m->to - 1] != '*';
}

/* An asterisk is also emphasis and a footnote: then a period must follow, or
 * nothing but the mark may stand on the line. */
static bool is_mark(struct match *m)
{
	size_t to = m->to;

	match_evidence(m, is_star(m) ? "grade,star" : "grade,asterisk");
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
	return is_mark(m) && disguises(m) == 0;
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
		m->severity = SEV_S0;
		return true;
	}
	if (match_line_number(m) <= 5 && !in_list(m)) {
		match_evidence(m, "first-lines");
		m->severity = SEV_S0;
		return true;
	}
	return !in_list(m);
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
	return true;
}

bool detect_mark_copy(struct match *m)
{
	static const char *const heads[] = {"绝密", "机密",  "秘密", "特急", "特 急",
					    "加急", "加 急", "特提", "平急", "文件\n",
					    "〔",   "★",     NULL};
	struct extent after = match_after(m, 60);

	if (match_line_number(m) > 3 || !match_alone(m))
		return false;
	if (match_any(after, heads) == NULL &&
	    !(match_any(after, (const char *const[]){"密", NULL}) && match_line_number(m) == 1))
		return false;
	match_evidence(m, "first-lines,above-heading");
	return true;
}
