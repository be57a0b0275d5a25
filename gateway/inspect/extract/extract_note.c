/* extract_note.c - fields of binary files, and the two transfer encodings of mail.
 *
 * Hostile: all bytes.  What is no text and long is never passed over in silence. */
#include "inspect/extract/extract_note.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_props.h"
#include "inspect/filter_types.h"

enum {
	NOTE_MAX = 1 << 20,
	NAME_SHOWN = 80,
	UNREAD_MAX = 16, /* bytes of a field that may stay unread */
	RUN_ASCII = 6,	 /* letters that are hardly chance */
	RUN_WIDE = 3,
	NAMED_MAX = 200, /* runs of a field that are lines with its name */
};

static void say(struct extract_part *p, const char *name, const char *s, size_t len)
{
	char shown[NAME_SHOWN];

	(void)text_safe(name, strlen(name), shown, sizeof(shown));
	extract_property(p, shown, s, len);
}

static bool decoded(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len,
		    enum extract_charset cs)
{
	struct buf own;
	const char *s;
	size_t n;
	int r;

	buf_init(&own, NOTE_MAX * 2);
	r = extract_decode(bytes, len, cs, &own, &s, &n);
	if (r == SL_OK)
		say(p, name, s, n);
	else if (r == SL_E_NOMEM)
		p->owner->nomem = true;
	buf_release(&own);
	return r == SL_OK;
}

bool extract_note(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len)
{
	uint8_t *copy;
	bool marked = len >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) ||
				   (bytes[0] == 0xfe && bytes[1] == 0xff));
	bool ok;

	if (marked)
		return decoded(p, name, bytes, len, EXTRACT_DETECT);
	while (len > 0 && bytes[len - 1] == 0)
		len--;
	if (len == 0)
		return true;
	if (len > NOTE_MAX)
		return false;
	copy = malloc(len);
	if (copy == NULL) {
		p->owner->nomem = true;
		return false;
	}
	for (size_t i = 0; i < len; i++)
		copy[i] = (bytes[i] == 0) ? ' ' : bytes[i];
	ok = decoded(p, name, copy, len, EXTRACT_DETECT);
	free(copy);
	return ok;
}

bool extract_note_utf16(struct extract_part *p, const char *name, const uint8_t *bytes,
			size_t len, bool big)
{
	len -= len % 2;
	while (len >= 2 && bytes[len - 1] == 0 && bytes[len - 2] == 0)
		len -= 2;
	return len == 0 ||
	       (len <= NOTE_MAX &&
		decoded(p, name, bytes, len, big ? EXTRACT_UTF16BE : EXTRACT_UTF16LE));
}

void extract_note_latin1(struct extract_part *p, const char *name, const uint8_t *bytes,
			 size_t len)
{
	struct buf s;

	buf_init(&s, NOTE_MAX);
	for (size_t i = 0; i < len; i++) {
		char c[4];
		uint32_t cp = (bytes[i] < 0x20 || (bytes[i] >= 0x7f && bytes[i] < 0xa0))
				      ? ' '
				      : bytes[i];

		buf_put(&s, c, text_encode(cp, c));
	}
	if (buf_error(&s) == SL_OK)
		say(p, name, buf_str(&s), s.len);
	else if (buf_error(&s) == SL_E_NOMEM)
		p->owner->nomem = true;
	else
		extract_fail(p, "over-limit");
	buf_release(&s);
}

void extract_runs(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len)
{
	const char *s = (const char *)bytes;
	size_t start = 0, ascii = 0, wide = 0, lines = 0, used;
	char shown[NAME_SHOWN];

	(void)text_safe(name, strlen(name), shown, sizeof(shown));
	for (size_t i = 0; i <= len; i += used) {
		uint32_t cp = (i < len) ? text_decode(s + i, len - i, &used) : 0;
		bool good = i < len && cp >= 0x20 && cp != 0x7f && cp != TEXT_BAD &&
			    !(cp >= 0x80 && cp < 0xa0) && !text_is_deceptive(cp);

		if (i == len)
			used = 1;
		if (good) {
			ascii += cp < 0x80;
			wide += cp >= 0x2e80;
			continue;
		}
		/* All of them, so that none hides behind others, and no longer than the bytes.
		 */
		if (ascii + wide >= RUN_ASCII || wide >= RUN_WIDE)
			extract_line(p, WHERE_METADATA, lines++ < NAMED_MAX ? shown : NULL,
				     s + start, i - start);
		ascii = wide = 0;
		start = i + used;
	}
}

void extract_unread(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len)
{
	/* Programs fill up with zeros. */
	while (len > 0 && bytes[len - 1] == 0)
		len--;
	if (len == 0 || extract_note(p, name, bytes, len))
		return;
	extract_runs(p, name, bytes, len);
	if (len > UNREAD_MAX)
		extract_field_unread(p, name, len, NULL);
}

void extract_field_unread(struct extract_part *p, const char *name, size_t len,
			  const char *damage)
{
	char evidence[FINDING_EVIDENCE_MAX], shown[NAME_SHOWN];

	(void)text_safe(name, strlen(name), shown, sizeof(shown));
	for (char *c = shown; *c != '\0'; c++)
		*c = *c == ',' ? ' ' : *c; /* evidence is words with commas between */
	if (damage != NULL)
		(void)snprintf(evidence, sizeof(evidence), "field:%s,%s", shown, damage);
	else
		(void)snprintf(evidence, sizeof(evidence), "field:%s,bytes:%zu", shown, len);
	extract_mark(p, "UF-001", SEV_S2, WHERE_METADATA, extract_stream_len(p, WHERE_METADATA),
		     evidence);
	if (!filter_type_is_cleaned_picture(p->object.type))
		extract_fail(p, damage != NULL ? damage : "unknown-field");
}

/* --- transfer encodings --- */

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return (c == '+') ? 62 : (c == '/') ? 63 : -1;
}

bool extract_base64(const char *s, size_t len, struct buf *out)
{
	uint32_t bits = 0, have = 0;
	bool ended = false;

	for (size_t i = 0; i < len; i++) {
		int v = base64_value(s[i]);

		if (s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r'))
			continue;
		if (s[i] == '=') {
			ended = true;
			continue;
		}
		/* What follows the padding is read by some programs and not by others. */
		if (v < 0 || ended)
			return false;
		bits = (bits << 6 | (uint32_t)v) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_put_u8(out, (uint8_t)(bits >> have));
		}
	}
	return buf_error(out) == SL_OK;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}

void extract_quoted(const char *s, size_t len, bool header, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		size_t k = i + 1;

		if (s[i] == '_' && header) {
			buf_put_u8(out, ' ');
			continue;
		}
		if (s[i] != '=') {
			buf_put_u8(out, (uint8_t)s[i]);
			continue;
		}
		if (len - i > 2 && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
			buf_put_u8(out,
				   (uint8_t)(hex_value(s[i + 1]) << 4 | hex_value(s[i + 2])));
			i += 2;
			continue;
		}
		while (k < len && (s[k] == ' ' || s[k] == '\t' || s[k] == '\r'))
			k++;
		if (k == len || s[k] == '\n')
			i = k; /* a soft line break */
		else
			buf_put_u8(out, '=');
	}
}
