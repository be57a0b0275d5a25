/* detect_paper.c - what an official paper says of its disclosure, its source and its maker. */
#include <string.h>

#include "base/text.h"
#include "policy/detect.h"

enum { LINE_CHARACTERS = 30 };

/* GB/T 9704 附注, or the attribute in a head of the text. */
static bool says_attribute(const struct norm *v)
{
	static const char *const notes[] = {
		"此件公开", "此件主动公开", "此件不",	"此件依申请", "主动公开",
		"公开属性", "公开方式",	    "公开形式", "公开选项",   "公开类别",
		"公开发布", "依申请公开",   "不予公开", NULL};

	return match_any((struct extent){v->text, v->len}, notes) != NULL;
}

/* Trigger: a document number alone on a line near the top. */
bool detect_paper_note(struct match *m)
{
	/* A text of many such lines must not be read once for each. */
	if (!m->facts->note_asked)
		m->facts->note_missing = !says_attribute(m->view);
	m->facts->note_asked = true;
	if (m->facts->note_missing)
		match_evidence(m, "document-number,no-note");
	return m->facts->note_missing;
}

/* Trigger: the word for source at the start of a line, with its colon. */
bool detect_paper_source(struct match *m)
{
	struct extent line = match_line(m);
	const char *text = m->view->text + m->to, *end = line.text + line.len;
	struct extent rest = {text, end > text ? (size_t)(end - text) : 0};

	while (rest.len > 0 && rest.text[0] == ' ') {
		rest.text++;
		rest.len--;
	}
	/* A longer line is a sentence that begins with the word. */
	if (text_count(rest.text, rest.len) > LINE_CHARACTERS ||
	    match_words(rest, &m->policy->source) != NULL)
		return false;
	match_evidence(m, rest.len > 0 ? "not-listed" : "empty");
	m->to += rest.len > 0 ? (size_t)(rest.text - text) + rest.len : 0;
	return true;
}

static bool has(const char *given, const char *field)
{
	return given != NULL && strstr(given, field) != NULL;
}

/* Trigger: 转发 and the like.  Where only a text is known, nobody could have said more. */
bool detect_paper_foreign(struct match *m)
{
	const struct scan_record *r = m->ctx->record;

	if (r == NULL || has(r->given, "consent") || has(r->given, "source_url"))
		return false;
	match_evidence(m, "missing:consent");
	return true;
}
