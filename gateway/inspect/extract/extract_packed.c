/* extract_packed.c - bytes in base64 between the elements of an office document.
 *
 * Hostile: all of it.  Office programs keep what they alone understand here, and show none
 * of it, so that it is a good place for a word or a whole file. */
#include "inspect/extract/extract_packed.h"

#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_note.h"

enum {
	FIELD_USUAL = 4096, /* a form field or the target of a link; a file is longer */
	RUN_LETTERS = 6,    /* that are hardly chance */
	RUN_HAN = 3,
};

/* Letters of this kind are what a person would hide a sentence in. */
static bool is_letter(uint32_t cp)
{
	return (cp >= 0x20 && cp < 0x7f) || (cp >= 0x3000 && cp < 0xa000) ||
	       (cp >= 0xff00 && cp < 0xfff0);
}

/* UTF-16LE from this byte on: runs of letters as lines, all of them, so that none hides behind
 * many others; together they are no longer than a few times the bytes. */
static void runs_utf16(struct extract_part *p, const char *name, const uint8_t *b, size_t len)
{
	char utf8[4];
	size_t ascii = 0, han = 0;
	struct buf run;

	buf_init(&run, len * 2 + sizeof(utf8));
	for (size_t i = 0; i <= len - len % 2; i += 2) {
		uint32_t cp = (len - i >= 2) ? (uint32_t)(b[i] | b[i + 1] << 8) : 0;

		if (is_letter(cp)) {
			ascii += cp < 0x80;
			han += cp >= 0x80;
			buf_put(&run, utf8, text_encode(cp, utf8));
			continue;
		}
		if (ascii + han >= RUN_LETTERS || han >= RUN_HAN)
			extract_line(p, WHERE_METADATA, name, buf_str(&run), run.len);
		buf_clear(&run);
		ascii = han = 0;
	}
	if (buf_error(&run) == SL_E_NOMEM)
		p->owner->nomem = true;
	buf_release(&run);
}

static void say(struct extract_part *p, const char *name, enum extract_packed_kind kind,
		const uint8_t *bytes, size_t len)
{
	if (extract_note(p, name, bytes, len))
		return;
	if (kind == EXTRACT_PACKED_BYTES || (kind == EXTRACT_PACKED_FIELD && len > FIELD_USUAL))
		extract_unread(p, name, bytes, len);
	else
		extract_runs(p, name, bytes, len);
	/* A structure before it may be of odd length. */
	runs_utf16(p, name, bytes, len);
	if (len > 1)
		runs_utf16(p, name, bytes + 1, len - 1);
}

void extract_packed(struct extract_part *p, const char *name, enum extract_packed_kind kind,
		    const char *s, size_t len)
{
	struct buf bytes;

	if (strspn(s, " \t\r\n") == len)
		return;
	buf_init(&bytes, len);
	if (extract_base64(s, len, &bytes)) {
		say(p, name, kind, (const uint8_t *)buf_str(&bytes), bytes.len);
	} else if (buf_error(&bytes) == SL_E_NOMEM) {
		p->owner->nomem = true;
	} else {
		/* Some programs pass over what is no base64, and decode the rest. */
		extract_line(p, WHERE_METADATA, name, s, len);
		extract_field_unread(p, name, len, "corrupt");
	}
	buf_release(&bytes);
}
