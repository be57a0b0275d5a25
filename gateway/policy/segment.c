/* segment.c - the one byte form of segments and findings.
 *
 * Both are written by processes that have parsed hostile documents, so every
 * field is checked on the way in: a known place, valid UTF-8, a rule id that is
 * only letters, digits and '-', texts that a terminal can show as they are.
 * What segment_get and finding_get let through needs no second check. */
#include "policy/segment.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { SEGMENT_VERSION = 1, FINDING_VERSION = 1 };

static const char *const where_names[WHERE_COUNT] = {
	[WHERE_BODY] = "body",
	[WHERE_HEADER] = "header",
	[WHERE_FOOTER] = "footer",
	[WHERE_NOTE] = "note",
	[WHERE_COMMENT] = "comment",
	[WHERE_DELETED] = "deleted",
	[WHERE_INSERTED] = "inserted",
	[WHERE_HIDDEN] = "hidden",
	[WHERE_PROPERTY] = "property",
	[WHERE_FILENAME] = "filename",
	[WHERE_ALT] = "alt",
	[WHERE_FIELD] = "field",
	[WHERE_ANNOTATION] = "annotation",
	[WHERE_ATTACHMENT] = "attachment",
	[WHERE_OCR] = "ocr",
	[WHERE_QR] = "qr",
	[WHERE_OLD_REVISION] = "old-revision",
	[WHERE_COVERED] = "covered",
	[WHERE_METADATA] = "metadata",
	[WHERE_TITLE] = "title",
};

static const char *const fix_actions[] = {"", "mask", "delete", "replace", "return"};

const char *where_name(enum segment_where w)
{
	BUG((unsigned)w >= WHERE_COUNT);
	return where_names[w];
}

int where_from_name(const char *name, enum segment_where *ret_w)
{
	for (unsigned i = 0; i < WHERE_COUNT; i++) {
		if (strcmp(where_names[i], name) == 0) {
			*ret_w = (enum segment_where)i;
			return SL_OK;
		}
	}
	return SL_E_NOTFOUND;
}

const char *severity_name(enum severity s)
{
	static const char *const names[SEV_COUNT] = {"S0", "S1", "S2", "S3", "S4"};

	BUG((unsigned)s >= SEV_COUNT);
	return names[s];
}

void segment_put(struct buf *b, const struct segment *s)
{
	buf_put_u8(b, SEGMENT_VERSION);
	buf_put_u32(b, s->object);
	buf_put_u8(b, s->where);
	buf_put_u32(b, s->page);
	buf_put_u32(b, s->line);
	buf_put_u32(b, s->column);
	buf_put_u32(b, s->offset);
	buf_put_blob(b, s->text, s->len);
}

static int get_head(struct cur *c, struct segment *ret_s)
{
	if (cur_u8(c) != SEGMENT_VERSION)
		return SL_E_FORMAT;
	ret_s->object = cur_u32(c);
	ret_s->where = cur_u8(c);
	ret_s->page = cur_u32(c);
	ret_s->line = cur_u32(c);
	ret_s->column = cur_u32(c);
	ret_s->offset = cur_u32(c);
	return c->error;
}

/* A place past the end of 32 bits would wrap in every later addition. */
static bool is_placed(const struct segment *s, size_t len)
{
	return s->where < WHERE_COUNT && s->line != 0 && s->column != 0 &&
	       s->offset <= UINT32_MAX - len && s->line <= UINT32_MAX - len &&
	       s->column <= UINT32_MAX - len;
}

int segment_get_begun(struct cur *c, struct segment *ret_s)
{
	struct segment s = {0};
	uint32_t len;
	int r = get_head(c, &s);

	if (r != SL_OK)
		return r;
	len = cur_u32(c);
	if (c->error != SL_OK)
		return c->error;
	if (len > SEGMENT_TEXT_MAX)
		return SL_E_LIMIT;
	if (!is_placed(&s, len))
		return SL_E_FORMAT;
	s.len = len;
	*ret_s = s;
	return SL_OK;
}

int segment_get(struct cur *c, struct segment *ret_s)
{
	struct segment s = {0};
	const uint8_t *text;
	size_t len = 0;
	int r = get_head(c, &s);

	if (r != SL_OK)
		return r;
	text = cur_blob(c, SEGMENT_TEXT_MAX, &len);
	if (c->error != SL_OK)
		return c->error;
	if (text == NULL || !is_placed(&s, len) || !text_is_utf8((const char *)text, len))
		return SL_E_FORMAT;
	s.text = (const char *)text;
	s.len = (uint32_t)len;
	*ret_s = s;
	return SL_OK;
}

void finding_put(struct buf *b, const struct finding *f)
{
	buf_put_u8(b, FINDING_VERSION);
	buf_put_str(b, f->rule);
	buf_put_u8(b, f->severity);
	buf_put_u32(b, f->object);
	buf_put_u8(b, f->where);
	buf_put_u32(b, f->page);
	buf_put_u32(b, f->line);
	buf_put_u32(b, f->column);
	buf_put_u32(b, f->offset);
	buf_put_u32(b, f->length);
	buf_put_str(b, f->excerpt);
	buf_put_str(b, f->evidence);
	buf_put_str(b, f->evasion);
	buf_put(b, f->text_hmac, sizeof(f->text_hmac));
	buf_put_str(b, f->fix_action);
	buf_put_str(b, f->fix_text);
}

/* "PI-001": what may stand in a report, a file name or a command line. */
static bool rule_ok(const char *rule)
{
	size_t n = strspn(rule, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n > 0 && rule[n] == '\0' && rule[0] != '-';
}

static bool shown_ok(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		size_t used;
		uint32_t cp = text_decode(text + i, len - i, &used);

		if (cp == TEXT_BAD || text_is_deceptive(cp))
			return false;
		i += used;
	}
	return true;
}

static bool action_ok(const char *action)
{
	for (size_t i = 0; i < sizeof(fix_actions) / sizeof(fix_actions[0]); i++) {
		if (strcmp(action, fix_actions[i]) == 0)
			return true;
	}
	return false;
}

int finding_get(struct cur *c, struct finding *ret_f)
{
	struct finding f;
	const uint8_t *hmac;

	memset(&f, 0, sizeof(f));
	if (cur_u8(c) != FINDING_VERSION)
		return SL_E_FORMAT;
	cur_str(c, f.rule, sizeof(f.rule));
	f.severity = cur_u8(c);
	f.object = cur_u32(c);
	f.where = cur_u8(c);
	f.page = cur_u32(c);
	f.line = cur_u32(c);
	f.column = cur_u32(c);
	f.offset = cur_u32(c);
	f.length = cur_u32(c);
	cur_str(c, f.excerpt, sizeof(f.excerpt));
	cur_str(c, f.evidence, sizeof(f.evidence));
	cur_str(c, f.evasion, sizeof(f.evasion));
	hmac = cur_bytes(c, sizeof(f.text_hmac));
	cur_str(c, f.fix_action, sizeof(f.fix_action));
	cur_str(c, f.fix_text, sizeof(f.fix_text));
	if (c->error != SL_OK)
		return c->error;
	if (f.severity >= SEV_COUNT || f.where >= WHERE_COUNT || f.line == 0 || f.column == 0 ||
	    !rule_ok(f.rule) || !shown_ok(f.excerpt) || !shown_ok(f.evidence) ||
	    !shown_ok(f.evasion) || !shown_ok(f.fix_text) || !action_ok(f.fix_action))
		return SL_E_FORMAT;
	memcpy(f.text_hmac, hmac, sizeof(f.text_hmac));
	*ret_f = f;
	return SL_OK;
}
