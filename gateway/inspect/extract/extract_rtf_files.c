/* extract_rtf_files.c - characters, fields, properties and embedded files of rich text.
 *
 * Hostile: all of it. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_rtf.h"
#include "inspect/type/identify.h"

enum {
	NAME_MAX_BYTES = 48,
	OLE_EMBEDDED = 2,
	CHARSET_GB = 134,
	CODEPAGE_GB = 936,
	CODEPAGE_GB18030 = 54936,
	CODEPAGE_UTF8 = 65001,
};

/* --- characters --- */

/* Windows-1252: what stands where Latin-1 has control characters. */
static uint32_t western(uint8_t c)
{
	static const uint16_t high[32] = {
		0x20ac, 0x20,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x20,	0x017d, 0x20,
		0x20,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x20,	0x017e, 0x0178};

	return (c >= 0x80 && c < 0xa0) ? high[c - 0x80] : c;
}

int extract_rtf_decode(const uint8_t *bytes, size_t len, unsigned codepage, struct buf *out)
{
	struct buf own;
	const char *s;
	size_t n;
	int r;

	if (codepage == 1252) {
		for (size_t i = 0; i < len; i++) {
			char c[4];

			buf_put(out, c, text_encode(western(bytes[i]), c));
		}
		return buf_error(out);
	}
	if (codepage != CODEPAGE_GB && codepage != CODEPAGE_GB18030 &&
	    codepage != CODEPAGE_UTF8)
		return SL_E_UNSUPPORTED;
	buf_init(&own, out->max);
	r = extract_decode(bytes, len,
			   codepage == CODEPAGE_UTF8 ? EXTRACT_UTF8 : EXTRACT_GB18030, &own, &s,
			   &n);
	if (r == SL_OK) {
		buf_put(out, s, n);
		r = buf_error(out);
	}
	buf_release(&own);
	return r;
}

unsigned extract_rtf_codepage(unsigned charset)
{
	static const struct {
		uint8_t charset;
		uint16_t codepage;
	} rows[] = {{128, 932},	 {129, 949},  {CHARSET_GB, CODEPAGE_GB},
		    {136, 950},	 {161, 1253}, {162, 1254},
		    {177, 1255}, {178, 1256}, {186, 1257},
		    {204, 1251}, {222, 874},  {238, 1250}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].charset == charset)
			return rows[i].codepage;
	return 0;
}

/* --- fields and properties --- */

static bool begins(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && strncasecmp(s, word, n) == 0;
}

void extract_rtf_field(struct extract_part *p, const char *s, size_t len)
{
	static const char *const loads[] = {"DDE",  "INCLUDETEXT", "INCLUDEPICTURE",
					    "LINK", "IMPORT",	   "DATABASE"};
	size_t start = extract_stream_len(p, WHERE_FIELD);
	bool active = false;

	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	if (len == 0)
		return;
	extract_line(p, WHERE_FIELD, NULL, s, len);
	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		active = active || begins(s, len, loads[i]);
	if (active)
		extract_mark(p, "DH-005", SEV_S1, WHERE_FIELD, start, "field");
	else if (extract_is_inner_path(s, len))
		extract_mark(p, "DH-004", SEV_S2, WHERE_FIELD, start, "internal-path");
}

void extract_rtf_property(struct extract_part *p, const char *word, const char *s, size_t len)
{
	static const char *const names[][2] = {
		{"atnauthor", "author"},       {"revtbl", "author"},
		{"protusertbl", "author"},     {"operator", "lastModifiedBy"},
		{"propname", "custom"},	       {"staticval", "custom"},
		{"hlinkbase", "HyperlinkBase"}};
	const char *name = word;

	while (len > 0 && (s[len - 1] == ';' || s[len - 1] == ' '))
		len--;
	if (strcmp(word, "revtbl") == 0 && len == 7 && memcmp(s, "Unknown", 7) == 0)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], word) == 0)
			name = names[i][1];
	extract_property(p, name, s, len);
	if (strcmp(word, "template") == 0 &&
	    (memmem(s, len, "://", 3) != NULL || begins(s, len, "\\\\")))
		extract_mark(p, "DH-005", SEV_S1, WHERE_PROPERTY, 0, "external-template");
}

/* --- files in the file --- */

/* A length and as many bytes, at *at; false: not inside. */
static bool sized(const uint8_t *s, size_t len, size_t *at, const char **ret, size_t *ret_len)
{
	size_t n;

	if (len - *at < 4)
		return false;
	n = identify_le32(s + *at);
	*at += 4;
	if (n > len - *at)
		return false;
	*ret = (const char *)s + *at;
	*ret_len = n;
	*at += n;
	return true;
}

/* The header that OLE 1 puts before the bytes; without one they are the file themselves. */
static void unwrap(struct extract_part *p, const uint8_t **s, size_t *len)
{
	const char *text[3], *data;
	size_t n[3], at = 8, data_len;

	if (*len < 8 || (identify_le32(*s) & 0xffff) > 0x0501)
		return;
	for (unsigned i = 0; i < 3; i++) {
		if (!sized(*s, *len, &at, &text[i], &n[i]))
			return;
		if (n[i] > 1 && text_is_utf8(text[i], n[i] - 1) &&
		    memchr(text[i], 0, n[i] - 1) == NULL)
			extract_line(p, WHERE_METADATA, "object", text[i], n[i] - 1);
	}
	if (identify_le32(*s + 4) != OLE_EMBEDDED) {
		extract_mark(p, "DH-005", SEV_S1, WHERE_METADATA, 0, "linked-object");
		return;
	}
	if (!sized(*s, *len, &at, &data, &data_len))
		return;
	*s = (const uint8_t *)data;
	*len = data_len;
}

/* Word keeps a theme as a package: that it is one is no finding. */
static void drop_mark(struct extract_part *p, const char *evidence)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_marks; i++)
		if (strcmp(p->marks[i].evidence, evidence) != 0)
			p->marks[n++] = p->marks[i];
	p->n_marks = n;
}

static int nested(struct extract *x, struct extract_part *p, enum rtf_action kind,
		  const char *name, struct buf *bytes)
{
	int r = kind == RTF_PICTURE ? extract_shown(x, p, name, bytes, "picture-not-read")
				    : extract_nested(x, p, name, bytes);

	if (kind == RTF_OBJECT)
		extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "embedded-object");
	else if (kind == RTF_DATA)
		drop_mark(p, "nested-archive");
	return r;
}

int extract_rtf_file(struct extract *x, enum rtf_action kind, const char *word, unsigned n,
		     const uint8_t *bytes, size_t len)
{
	char name[NAME_MAX_BYTES];
	struct extract_part *p;
	struct buf copy;
	int r;

	(void)snprintf(name, sizeof(name), "%s-%u", word, n);
	p = extract_part_new(x, name, len);
	if (p == NULL)
		return x->nomem ? SL_E_NOMEM : SL_OK;
	if (kind == RTF_OBJECT)
		unwrap(p, &bytes, &len);
	p->object.bytes = len;
	buf_init(&copy, len);
	buf_put(&copy, bytes, len);
	r = buf_error(&copy);
	if (r == SL_OK)
		r = nested(x, p, kind, name, &copy);
	buf_release(&copy);
	return r;
}
