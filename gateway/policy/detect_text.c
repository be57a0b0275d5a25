/* detect_text.c - statements that need their sentence or the whole text to be judged. */
#include <string.h>

#include "policy/detect.h"
#include "policy/passage.h"

enum {
	PREFIX_MAX = 4,
	FUTURE_BACK = 70,
	LIST_BYTES = 4000,
	LISTS_MAX = 16,
	ATTACHMENTS_MAX = 99
};

static bool has_digit_before(struct extent e, const char *unit)
{
	const char *at = e.text;
	size_t n = strlen(unit);

	while ((at = memmem(at, e.len - (size_t)(at - e.text), unit, n)) != NULL) {
		if (at > e.text && at[-1] >= '0' && at[-1] <= '9')
			return true;
		at += n;
	}
	return false;
}

/* Trigger: an operation word.  What was done already is news, what will be done
 * is a warning to those it is meant for. */
bool detect_text_future(struct match *m)
{
	static const char *const future[] = {
		"将于", "定于", "拟于",	  "计划于", "决定于", "准备于", "今晚",	  "明晚",
		"今夜", "明日", "明天",	  "后天",   "近日将", "即将",	"将开展", "将组织",
		"将在", "将对", "将统一", "拟对",   "近期将", NULL};
	static const char *const hours[] = {"时", "点", "日", "号", NULL};
	size_t from = match_back(m, m->from, FUTURE_BACK, true);
	struct extent e = {m->view->text + from, m->from - from};
	const char *last = NULL;

	for (const char *const *w = future; *w != NULL; w++) {
		struct extent rest = e;
		const char *hit;

		while ((hit = memmem(rest.text, rest.len, *w, strlen(*w))) != NULL) {
			if (last == NULL || hit > last)
				last = hit;
			rest.len -= (size_t)(hit + 1 - rest.text);
			rest.text = hit + 1;
		}
	}
	if (last == NULL)
		return false;
	m->from = (size_t)(last - m->view->text);
	e = (struct extent){last, m->to - m->from};
	match_evidence(m, "future,operation");
	if (m->entry->severity == SEV_UNSET) {
		bool dated = false;

		for (const char *const *h = hours; *h != NULL; h++)
			dated = dated || has_digit_before(e, *h);
		if (match_any(e, (const char *const[]){"今晚", "明晚", "今夜", "明日", "明天",
						       NULL}) != NULL)
			dated = true;
		m->severity = dated ? SEV_S1 : SEV_S2;
		if (dated)
			match_evidence(m, "day-or-hour");
	}
	return true;
}

/* Highest number in the list behind "附件:"; an unnumbered attachment counts one. */
static unsigned count_attachments(const struct match *m)
{
	const char *s = m->view->text, *at = s;
	size_t len = m->view->len;
	unsigned highest = 0, lists = 0;

	/* A text that repeats the word must not be read a thousand times over. */
	while (lists < LISTS_MAX &&
	       (at = memmem(at, len - (size_t)(at - s), "附件:", 7)) != NULL) {
		const char *stop;
		size_t left;

		at += 7;
		if (at - 7 > s && at[-8] != '\n' && at[-8] != ' ')
			continue;
		lists++;
		left = len - (size_t)(at - s);
		stop = at + (left < LIST_BYTES ? left : LIST_BYTES);
		if (highest == 0)
			highest = 1;
		for (const char *c = at; c < stop; c++) {
			unsigned n = 0;

			if (c[-1] >= '0' && c[-1] <= '9')
				continue;
			while (c < stop && *c >= '0' && *c <= '9' && n <= ATTACHMENTS_MAX)
				n = n * 10 + (unsigned)(*c++ - '0');
			if (c < stop && n == highest + 1 &&
			    (*c == '.' || strncmp(c, "、", 3) == 0))
				highest = n;
		}
	}
	return highest;
}

bool detect_text_attachment(struct match *m)
{
	struct extent e = match_text(m);
	unsigned n = 0;

	if (!m->facts->known) {
		m->facts->known = true;
		m->facts->attachments = count_attachments(m);
	}
	for (size_t i = 0; i < e.len; i++) {
		if (e.text[i] >= '0' && e.text[i] <= '9' && n < 1000)
			n = n * 10 + (unsigned)(e.text[i] - '0');
	}
	/* Without a list there is nothing to compare with. */
	if (!match_whole(m) || m->facts->attachments == 0 || n <= m->facts->attachments)
		return false;
	match_evidence(m, "listed:%u", m->facts->attachments);
	return true;
}

/* Trigger: a year in brackets and a number. */
bool detect_text_number(struct match *m)
{
	bool prefix = false;
	struct extent e = match_text(m);
	const char *open = memmem(e.text, e.len, "〔", 3);
	const char *close = memmem(e.text, e.len, "〕", 3);
	const char *serial = close != NULL ? close + 3 : memmem(e.text, e.len, "第", 3);
	bool ordinal = memmem(e.text, e.len, "第", 3) != NULL, zero;

	for (size_t i = e.len; serial == NULL && i > 0; i--) {
		if (strchr("])", e.text[i - 1]) != NULL)
			serial = e.text + i;
	}
	if (serial != NULL && strncmp(serial, "第", 3) == 0)
		serial += 3;
	zero = serial != NULL && serial[0] == '0';
	/* The prefix stands before the year; a number without one is a court's. */
	for (unsigned n = 0; n < PREFIX_MAX; n++) {
		size_t from = match_back(m, m->from, 1, true), at = 0;

		if (!match_is_han(match_next(
			    (struct extent){m->view->text + from, m->from - from}, &at)))
			break;
		m->from = from;
		prefix = true;
	}
	if (!prefix)
		return false;
	if (open != NULL && close != NULL && !ordinal && !zero)
		return false;
	if (open == NULL || close == NULL)
		match_evidence(m, "brackets");
	if (ordinal)
		match_evidence(m, "ordinal");
	if (zero)
		match_evidence(m, "leading-zero");
	return true;
}

/* Trigger: a name of the register; its present title is the right form.  A title of the
 * police right before or behind the name must be among it. */
bool detect_text_title(struct match *m)
{
	static const char *const titles[] = {
		"副局长", "局长",   "副政委", "政委",	  "副支队长", "支队长", "副大队长",
		"大队长", "副所长", "所长",   "教导员",	  "指导员",   "副主任", "主任",
		"副书记", "书记",   "督察长", "副总队长", "总队长",   "副厅长", "厅长",
		"副处长", "处长",   "副市长", NULL};
	const char *title = match_ends(match_before(m, 8), titles), *at;
	size_t n;

	if (title == NULL)
		title = match_starts(match_after(m, 8), titles);
	if (title == NULL || m->replace == NULL)
		return false;
	/* 局长 inside 副局长 is another title. */
	n = strlen("副");
	for (at = m->replace; (at = strstr(at, title)) != NULL; at++) {
		if (at < m->replace + n || memcmp(at - n, "副", n) != 0)
			return false;
	}
	match_evidence(m, "title:%s", title);
	return true;
}
