/* detect_table.c - tables of people and of units: rows that pair a name with a number.
 *
 * A table may come with a row or a cell on each line, or with all of it on one, so rows
 * are counted by what they hold.  Each table is read once. */
#include <string.h>

#include "policy/detect.h"

enum { TABLE_BYTES = 6000, UNITS_MIN = 3, PEOPLE_MIN = 2, DIGITS_MIN = 7, DIGITS_STRENGTH = 4 };

struct counts {
	unsigned names, numbers, units, strengths;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The end of a unit's name right before byte `at`? */
static bool ends_unit(const char *s, size_t from, size_t at)
{
	static const char *const ends[] = {"支队", "大队",   "中队", "分局",   "县局", "总队",
					   "科室", "派出所", "警队", "看守所", NULL};
	struct extent e = {s + from, at - from};

	return match_ends(e, ends) != NULL;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == ',' || c == '|' || c == ':' ||
	       c == '\r';
}

/* Count names, long numbers, units and the short numbers behind units. */
static struct counts count(const struct match *m, size_t from, size_t to)
{
	const char *s = m->view->text;
	struct counts n = {0};
	bool unit = false;

	for (size_t i = from; i < to; i++) {
		bool begins = i == from || (unsigned char)s[i - 1] < 0x80;
		size_t digits = 0, name;

		while (i + digits < to && is_digit(s[i + digits]))
			digits++;
		if (digits > 0) {
			n.numbers += digits >= DIGITS_MIN;
			n.strengths += unit && digits <= DIGITS_STRENGTH;
			unit = false;
			i += digits - 1;
			continue;
		}
		if (is_gap(s[i]) && ends_unit(s, from, i)) {
			n.units++;
			unit = true;
		} else if (begins && (unsigned char)s[i] >= 0xe4) {
			name = detect_name_at(m, i, true);
			n.names += name > 0;
			i += name > 0 ? name - 1 : 0;
		}
	}
	return n;
}

static size_t table_end(const struct match *m)
{
	size_t left = m->view->len - m->to;
	const char *blank = memmem(m->view->text + m->to,
				   left < TABLE_BYTES ? left : TABLE_BYTES, "\n\n", 2);

	if (blank != NULL)
		return (size_t)(blank - m->view->text);
	return m->to + (left < TABLE_BYTES ? left : TABLE_BYTES);
}

/* Trigger: a table head with a name and a number or an address. */
bool detect_table_people(struct match *m)
{
	static const char *const addresses[] = {"住址", "地址", NULL};
	struct counts n;
	size_t end;
	unsigned rows;

	if (m->from < m->facts->table_to)
		return false; /* a head inside the table that was just read */
	end = table_end(m);
	n = count(m, m->to, end);
	rows = n.names < n.numbers ? n.names : n.numbers;
	/* Addresses need no number beside them. */
	if (match_any(match_text(m), addresses) != NULL && n.names > rows &&
	    match_any((struct extent){m->view->text + m->to, end - m->to},
		      (const char *const[]){"号", "室", "组", NULL}) != NULL)
		rows = n.names;
	if (rows < PEOPLE_MIN)
		return false;
	m->facts->table_to = end;
	match_evidence(m, "table-head,rows:%u", rows);
	match_score(m, false, NULL);
	return true;
}

/* Trigger: a word of strength in a table head that also names units. */
bool detect_table_units(struct match *m)
{
	static const char *const heads[] = {"单位", "部门", "分局", "派出所", NULL};
	struct extent line = match_line(m);
	struct counts n;
	size_t end;

	if (m->from < m->facts->table_to || match_any(line, heads) == NULL)
		return false;
	end = table_end(m);
	n = count(m, m->to, end);
	if (n.strengths < UNITS_MIN)
		return false;
	m->facts->table_to = end;
	match_evidence(m, "table-head,units:%u", n.strengths);
	return true;
}

/* Trigger: a mobile number.  A name stands before it, perhaps with the sex between. */
bool detect_table_pair(struct match *m)
{
	static const char *const between[] = {" ",  "\t", ",",	"|",  ":",
					      "、", "男", "女", "\n", NULL};
	size_t to = m->from, from = to;
	const char *w;

	if (!match_whole(m))
		return false;
	while ((w = match_ends(match_before(m, 3), between)) != NULL)
		m->from -= strlen(w);
	to = m->from;
	m->from = from; /* the number is what is found */
	if (to == from)
		return false;
	for (unsigned n = 2; n <= 4; n++) {
		size_t at = match_back(m, to, n, false);
		size_t name = detect_name_at(m, at, true);

		if (name > 0 && at + name == to) {
			match_evidence(m, "name,number");
			return true;
		}
	}
	return false;
}
