/* office_show_stream.c - PowerPoint: the records of the newest save, and of those before.
 *
 * MS-PPT 2.1.2: each quick save appends records and a directory that points at them; what
 * no directory points at any more is an earlier state of a slide. */
#include "inspect/office/office_streams.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/office/office_rest.h"
#include "inspect/office/office_summary.h"
#include "inspect/type/identify.h"

enum {
	HEAD = 8,
	CONTAINER = 0xf,
	USER_EDIT = 0x0ff5,
	DIRECTORY = 0x1772,
	VBA = 0x0400,
	OBJECT = 0x1011,
	EDITS_MAX = 10000,
	USER_EDIT_LEAST = 24,
	AT_EDIT = 16, /* in Current User: offset of the newest edit */
	AT_NAME_LEN = 20,
	AT_NAME = 28,
	AT_LAST = 16, /* in an edit, with its head: the one before */
	AT_DIRECTORY = 20,
	ID_BITS = 20,
	IDS = 1 << ID_BITS,
	WESTERN = 1252,
	USER_MAX = 4096,
};

/* What is alive in the stream. */
struct show {
	struct buf *stream;
	uint8_t *known; /* owned, IDS bits: objects that a newer directory has */
	uint8_t *live;	/* owned, one bit a byte of the stream */
};

static const uint8_t *record(const struct buf *s, size_t at, size_t *ret_len)
{
	if (at > s->len || s->len - at < HEAD)
		return NULL;
	*ret_len = identify_le32(s->data + at + 4);
	if (*ret_len > s->len - at - HEAD)
		return NULL;
	return s->data + at;
}

static bool set_live(struct show *w, size_t at)
{
	size_t len;

	if (record(w->stream, at, &len) == NULL)
		return false;
	for (size_t i = at; i < at + HEAD + len; i++)
		w->live[i / 8] |= (uint8_t)(1u << (i % 8));
	return true;
}

static bool read_directory(struct show *w, size_t at)
{
	size_t len, i = HEAD;
	const uint8_t *p = record(w->stream, at, &len);

	if (p == NULL || identify_le16(p + 2) != DIRECTORY || !set_live(w, at))
		return false;
	while (i + 4 <= HEAD + len) {
		uint32_t word = identify_le32(p + i), id = word & (IDS - 1);

		i += 4;
		for (uint32_t n = word >> ID_BITS; n > 0; n--, id++, i += 4) {
			if (i + 4 > HEAD + len || id >= IDS)
				return false;
			if ((w->known[id / 8] & (1u << (id % 8))) != 0)
				continue; /* a newer save has its own */
			w->known[id / 8] |= (uint8_t)(1u << (id % 8));
			if (!set_live(w, identify_le32(p + i)))
				return false;
		}
	}
	return true;
}

/* From the newest edit to the first. */
static bool read_edits(struct show *w, uint32_t at)
{
	for (unsigned n = 0; n < EDITS_MAX; n++) {
		size_t len;
		const uint8_t *p = record(w->stream, at, &len);

		if (p == NULL || identify_le16(p + 2) != USER_EDIT ||
		    len < USER_EDIT_LEAST - HEAD || !set_live(w, at) ||
		    !read_directory(w, identify_le32(p + AT_DIRECTORY)))
			return false;
		/* Each stands behind the one before it, so this ends. */
		if (identify_le32(p + AT_LAST) == 0)
			return true;
		if (identify_le32(p + AT_LAST) >= at)
			return false;
		at = identify_le32(p + AT_LAST);
	}
	return false;
}

static void take_dead(const struct show *w, struct buf *rest)
{
	size_t len = w->stream->len;

	for (size_t i = 0; i < len; i++) {
		size_t from = i;

		while (i < len && (w->live[i / 8] & (1u << (i % 8))) == 0)
			i++;
		if (i > from)
			office_rest_piece(rest, w->stream->data + from, i - from);
	}
}

/* Every record, dead or alive: a container is entered, an atom stepped over. */
static void say_carriers(struct extract_part *p, const struct buf *s)
{
	bool macro = false, object = false;
	const uint8_t *head;
	size_t len;

	for (size_t at = 0; (head = record(s, at, &len)) != NULL;) {
		uint32_t type = identify_le16(head + 2);

		macro |= type == VBA && len >= 8 && identify_le32(head + HEAD + 4) != 0;
		object |= type == OBJECT;
		at += HEAD + ((head[0] & 0xf) == CONTAINER ? 0 : len);
	}
	if (macro)
		extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "macro");
	if (object)
		extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "object");
}

static int current_user(struct extract_part *p, const struct ole *o, uint32_t *ret_edit)
{
	const struct ole_entry *e = ole_find(o, "Current User");
	struct buf b;
	size_t n;
	int r = SL_E_FORMAT;

	buf_init(&b, USER_MAX);
	if (e != NULL && e->kind == 2 && e->size <= USER_MAX)
		r = office_stream(o, e, &b);
	if (r == SL_OK && b.len < AT_NAME_LEN)
		r = SL_E_FORMAT;
	if (r == SL_OK) {
		*ret_edit = identify_le32(b.data + AT_EDIT);
		n = (b.len >= AT_NAME) ? identify_le16(b.data + AT_NAME_LEN) : 0;
		if (n > 0 && n <= b.len - AT_NAME)
			office_summary_text(p, "last-saved-by", b.data + AT_NAME, n, WESTERN);
	}
	buf_release(&b);
	return r;
}

int office_show_stream(struct extract_part *p, const struct ole *o, struct buf *stream,
		       struct buf *rest)
{
	struct show w = {.stream = stream,
			 .known = calloc(IDS / 8, 1),
			 .live = calloc(stream->len / 8 + 1, 1)};
	uint32_t edit = 0;
	int r = (w.known != NULL && w.live != NULL) ? SL_OK : SL_E_NOMEM;

	if (r == SL_OK)
		r = current_user(p, o, &edit);
	if (r == SL_OK && !read_edits(&w, edit))
		r = SL_E_FORMAT;
	if (r == SL_OK) {
		say_carriers(p, stream);
		take_dead(&w, rest);
	}
	free(w.known);
	free(w.live);
	return r;
}
