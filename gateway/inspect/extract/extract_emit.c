/* extract_emit.c - from filled parts to objects, segments and findings with places.
 *
 * The text of an object is its streams one after the other; a stream that does
 * not begin a line gets one line break before it that belongs to no segment.
 * Long streams are cut into chunks that overlap, so that nothing can hide
 * across a cut.  Excerpts of findings never carry a whole number. */
#include "inspect/extract/extract.h"

#include <string.h>

#include "base/text.h"

enum { EXCERPT_BYTES = 120, DIGITS_SHOWN = 3, DIGITS_MASK_FROM = 6 };

struct place {
	uint32_t offset, line, column;
};

struct emitter {
	const struct extract_sink *sink;
	uint32_t object;
	struct place at;		/* where the next stream begins */
	struct place base[WHERE_COUNT]; /* where each stream began */
};

/* Code points that begin in these bytes: all but those of the form 10xxxxxx. */
static size_t code_points(const char *s, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t later = 0, i = 0;

	for (; len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t w;

		memcpy(&w, s + i, sizeof(w));
		later += (size_t)((((w >> 7) & ~(w >> 6) & ones) * ones) >> 56);
	}
	for (; i < len; i++)
		later += ((uint8_t)s[i] & 0xc0) == 0x80;
	return len - later;
}

static void advance(struct place *p, const char *s, size_t len)
{
	const char *at = s, *end = s + len, *nl;
	uint32_t n;

	while (at < end && (nl = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		p->line++;
		p->column = 1;
		p->offset += (uint32_t)code_points(at, (size_t)(nl + 1 - at));
		at = nl + 1;
	}
	n = (uint32_t)code_points(at, (size_t)(end - at));
	p->offset += n;
	p->column += n;
}

static const char *stream(const struct extract_part *p, int w, size_t *ret_len)
{
	if (w == WHERE_BODY && p->borrowed != NULL) {
		*ret_len = p->borrowed_len;
		return p->borrowed;
	}
	*ret_len = p->text[w].len;
	return buf_str(&p->text[w]);
}

/* A start for the next chunk that repeats the end of the one before: after a
 * line break when there is one, else at a character. */
static size_t overlap_start(const char *s, size_t end)
{
	size_t low = end - EXTRACT_OVERLAP;
	const char *nl = memchr(s + low, '\n', EXTRACT_OVERLAP / 2);
	size_t at = (nl != NULL) ? (size_t)(nl - s) + 1 : low;

	while (((uint8_t)s[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static int emit_chunks(struct emitter *e, enum segment_where w, uint32_t page, const char *s,
		       size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t n = len - at, next;
		struct segment g = {.object = e->object,
				    .where = (uint8_t)w,
				    .page = page,
				    .line = e->at.line,
				    .column = e->at.column,
				    .offset = e->at.offset,
				    .text = s + at};
		int r;

		if (n > EXTRACT_CHUNK) {
			n = EXTRACT_CHUNK;
			while (((uint8_t)s[at + n] & 0xc0) == 0x80)
				n--;
		}
		g.len = (uint32_t)n;
		r = e->sink->segment(e->sink->arg, &g);
		if (r != SL_OK)
			return r;
		next = (at + n == len) ? len : overlap_start(s, at + n);
		advance(&e->at, s + at, next - at);
		at = next;
	}
	return SL_OK;
}

/* One stream, cut where its pages begin. */
static int emit_stream(struct emitter *e, const struct extract_part *p, enum segment_where w)
{
	size_t len, at = 0;
	const char *s = stream(p, (int)w, &len);
	uint32_t page = 0;
	int r = SL_OK;

	if (len == 0)
		return SL_OK;
	if (e->at.column != 1) {
		e->at.offset++;
		e->at.line++;
		e->at.column = 1;
	}
	e->base[w] = e->at;
	for (size_t i = 0; r == SL_OK && i < p->n_cuts; i++) {
		if (p->cuts[i].where != w)
			continue;
		r = emit_chunks(e, w, page, s + at, p->cuts[i].start - at);
		at = p->cuts[i].start;
		page = p->cuts[i].page;
	}
	return (r == SL_OK) ? emit_chunks(e, w, page, s + at, len - at) : r;
}

static bool is_digit(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19);
}

/* Digits in a row from s on; what people put between groups does not end it. */
static size_t digits_ahead(const char *s, size_t len)
{
	size_t n = 0, used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (is_digit(cp))
			n++;
		else if (cp != ' ' && cp != '-' && cp != 'X' && cp != 'x')
			break;
	}
	return n;
}

/* Printable, bounded, and with every longer row of digits masked. */
static void excerpt(const char *s, size_t len, char out[FINDING_EXCERPT_MAX])
{
	char masked[EXCERPT_BYTES];
	size_t n = 0, used, in_row = 0, row = 0;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (n + used > sizeof(masked))
			break;
		if (!is_digit(cp)) {
			in_row = (cp == ' ' || cp == '-') ? in_row : 0;
			memcpy(masked + n, s + i, used);
			n += used;
			continue;
		}
		if (in_row++ == 0)
			row = digits_ahead(s + i, len - i);
		if (row >= DIGITS_MASK_FROM && in_row > DIGITS_SHOWN) {
			masked[n++] = '*';
		} else {
			memcpy(masked + n, s + i, used);
			n += used;
		}
	}
	(void)text_safe(masked, n, out, FINDING_EXCERPT_MAX);
}

static uint32_t page_at(const struct extract_part *p, const struct extract_mark *m)
{
	uint32_t page = 0;

	for (size_t i = 0; i < p->n_cuts; i++)
		if (p->cuts[i].where == m->where && p->cuts[i].start <= m->start)
			page = p->cuts[i].page;
	return page;
}

static int emit_mark(struct emitter *e, const struct extract_part *p,
		     const struct extract_mark *m)
{
	struct finding f = {.severity = m->severity, .object = e->object, .where = m->where};
	size_t len;
	const char *s = stream(p, m->where, &len);
	struct place at = e->base[m->where], end;

	BUG(m->start > len || m->len > len - m->start);
	/* A mark on an empty stream (a member that must not be there) stands at the start. */
	if (at.line == 0)
		at = (struct place){.offset = 0, .line = 1, .column = 1};
	advance(&at, s, m->start);
	end = at;
	advance(&end, s + m->start, m->len);
	f.line = at.line;
	f.column = at.column;
	f.offset = at.offset;
	f.length = end.offset - at.offset;
	f.page = page_at(p, m);
	(void)snprintf(f.rule, sizeof(f.rule), "%s", m->rule);
	(void)snprintf(f.evidence, sizeof(f.evidence), "%s", m->evidence);
	excerpt(s + m->start, m->len, f.excerpt);
	return e->sink->finding(e->sink->arg, &f);
}

/* Read off pixels only, or written in the document? */
static enum object_text kind_of_text(const struct extract_part *p)
{
	bool seen = p->text[WHERE_OCR].len > 0 || p->text[WHERE_QR].len > 0;

	if (p->borrowed_len > 0)
		return OBJECT_TEXT_FULL;
	for (int w = 0; w < WHERE_COUNT; w++)
		if (p->text[w].len > 0 && w != WHERE_OCR && w != WHERE_QR)
			return OBJECT_TEXT_FULL;
	return seen ? OBJECT_TEXT_OCR : OBJECT_TEXT_NONE;
}

static int emit_part(const struct extract_sink *sink, const struct extract_part *p)
{
	struct emitter e = {.sink = sink, .at = {.offset = 0, .line = 1, .column = 1}};
	struct filter_object obj = p->object;
	int r;

	obj.text = (uint8_t)kind_of_text(p);
	r = sink->object(sink->arg, &obj, &e.object);
	for (int w = 0; r == SL_OK && w < WHERE_COUNT; w++)
		r = emit_stream(&e, p, (enum segment_where)w);
	for (size_t i = 0; r == SL_OK && i < p->n_marks; i++)
		r = emit_mark(&e, p, &p->marks[i]);
	if (r == SL_OK && p->handed != NULL && sink->part != NULL)
		r = sink->part(sink->arg, e.object, p->handed, p->handed_len);
	return r;
}

static int emit_facts(const struct extract *x, const struct extract_sink *sink)
{
	const char *s = buf_str(&x->facts), *end = s + x->facts.len;
	int r = buf_error(&x->facts);

	while (r == SL_OK && s < end) {
		const char *value = s + strlen(s) + 1;

		r = sink->fact(sink->arg, s, value);
		s = value + strlen(value) + 1;
	}
	return r;
}

/* Segments that emitting everything would take, roughly from above. */
static size_t segments_wanted(const struct extract *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_parts; i++) {
		n += x->parts[i]->n_cuts + x->parts[i]->borrowed_len / (EXTRACT_CHUNK / 2) + 1;
		for (int w = 0; w < WHERE_COUNT; w++)
			n += (x->parts[i]->text[w].len > 0) +
			     x->parts[i]->text[w].len / (EXTRACT_CHUNK / 2);
	}
	return n;
}

static size_t marks_of_all(const struct extract *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_parts; i++)
		n += x->parts[i]->n_marks;
	return n;
}

int extract_emit(struct extract *x, const struct extract_sink *sink)
{
	int r = SL_OK;

	if (x->nomem)
		return SL_E_NOMEM;
	if (x->over || segments_wanted(x) > SEGMENT_COUNT_MAX ||
	    marks_of_all(x) > FINDINGS_MAX) {
		struct filter_object obj = x->parts[0]->object;
		uint32_t index;

		obj.state = OBJECT_FAILED;
		(void)snprintf(obj.reason, sizeof(obj.reason), "over-limit");
		return sink->object(sink->arg, &obj, &index);
	}
	for (size_t i = 0; r == SL_OK && i < x->n_parts; i++)
		r = emit_part(sink, x->parts[i]);
	return (r == SL_OK) ? emit_facts(x, sink) : r;
}
