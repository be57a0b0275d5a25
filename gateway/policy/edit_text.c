/* edit_text.c - find, count, replace. */
#include "policy/edit_text.h"

#include <string.h>

#include "policy/segment.h"

size_t edit_count(const char *s, size_t len, const char *text)
{
	size_t n = 0, k = strlen(text);
	const char *at = s;

	while ((at = memmem(at, len - (size_t)(at - s), text, k)) != NULL) {
		at += k;
		n++;
	}
	return n;
}

/* The draft's title and the file's name are inspected with it, but do not stand in it. */
static bool is_inside(const struct segment *g)
{
	return g->where != WHERE_FILENAME && g->where != WHERE_TITLE;
}

size_t edit_count_segments(const void *segments, size_t len, const char *text)
{
	struct cur c;
	size_t n = 0;

	cur_init(&c, segments, len);
	while (cur_left(&c) > 0) {
		struct segment g;

		if (segment_get(&c, &g) != SL_OK)
			return 0;
		if (is_inside(&g))
			n += edit_count(g.text, g.len, text);
	}
	return n;
}

bool edit_is_word(uint8_t where)
{
	return where == WHERE_BODY || where == WHERE_HEADER || where == WHERE_FOOTER ||
	       where == WHERE_NOTE || where == WHERE_ALT || where == WHERE_FIELD;
}

enum edit_outcome edit_judge(const void *segments, size_t len, const char *text)
{
	size_t words = 0, others = 0;
	bool tracked = false;
	struct cur c;

	cur_init(&c, segments, len);
	while (cur_left(&c) > 0) {
		struct segment g;
		size_t n;

		if (segment_get(&c, &g) != SL_OK)
			return EDIT_ABSENT;
		n = edit_count(g.text, g.len, text);
		tracked = tracked || g.where == WHERE_DELETED || g.where == WHERE_INSERTED;
		if (edit_is_word(g.where))
			words += n;
		else if (is_inside(&g))
			others += n;
	}
	if (tracked)
		return EDIT_TRACKED;
	if (words + others > 1)
		return EDIT_SEVERAL;
	return words == 1 ? EDIT_DONE : others == 1 ? EDIT_HIDDEN : EDIT_ABSENT;
}

int edit_text(struct buf *b, const json_t *edit, bool nth, enum edit_outcome *ret_outcome)
{
	const char *from = json_str(edit, "from"), *to = json_str(edit, "to"), *s = buf_str(b);
	size_t n = edit_count(s, b->len, from), k = strlen(from), before = 0;
	int64_t occurrence = 1;
	struct buf out;
	int r;

	(void)json_i64(edit, "occurrence", &occurrence);
	*ret_outcome = EDIT_ABSENT;
	if (n < (size_t)occurrence || n == 0)
		return SL_OK;
	*ret_outcome = EDIT_SEVERAL;
	if (n > 1 && !nth)
		return SL_OK;
	for (int64_t i = 0; i < occurrence; i++) {
		const char *at = memmem(s + before, b->len - before, from, k);

		before = (size_t)(at - s) + (i + 1 < occurrence ? k : 0);
	}
	buf_init(&out, EDIT_TEXT_MAX);
	buf_put(&out, s, before);
	buf_puts(&out, to);
	buf_put(&out, s + before + k, b->len - before - k);
	r = buf_error(&out);
	if (r != SL_OK) {
		buf_wipe(&out);
		return r;
	}
	buf_wipe(b);
	*b = out; /* moved */
	*ret_outcome = EDIT_DONE;
	return SL_OK;
}

bool edit_is_of(const json_t *edit, const char *part)
{
	const char *s = json_str(edit, "part");

	return s != NULL && strcmp(s, part) == 0;
}

bool edit_is_plain(const char *type, bool *ret_nth)
{
	*ret_nth = strcmp(type, "text/plain") == 0;
	return strncmp(type, "text/", 5) == 0 || strcmp(type, "application/json") == 0;
}

bool edit_is_office(const char *type)
{
	static const char *const kinds[] = {"application/vnd.openxmlformats-officedocument.",
					    "application/vnd.oasis.opendocument."};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strncmp(type, kinds[i], strlen(kinds[i])) == 0)
			return true;
	}
	return false;
}
