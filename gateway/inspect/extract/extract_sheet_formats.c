/* extract_sheet_formats.c - which cell formats keep a person from seeing what is there.
 *
 * ECMA-376 part 1, 18.8.  Hostile: indices lead anywhere; what they do not find is taken
 * as an ordinary format. */
#include "inspect/extract/extract_sheet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"

enum { CODE_MAX = 512, CUSTOM_MAX = 2000 };

struct reader {
	struct sheet_book *book;
	struct extract_part *part;
	bool in_fonts, in_fills, in_formats, solid;
	struct buf white_fonts, white_fills; /* one byte for each: is it white? */
	struct {
		long id;
		uint8_t format;
	} custom[CUSTOM_MAX];
	size_t n_custom;
	int error;
};

/* What a number format makes of a value: text in quotes, colours and conditions aside. */
static uint8_t format_of_code(const char *code)
{
	uint8_t f = 0;
	bool quoted = false, date = false;

	for (const char *c = code; *c != '\0'; c++) {
		if (*c == '"')
			quoted = !quoted;
		else if (!quoted && *c == '[')
			c += strcspn(c, "]") - (strchr(c, ']') == NULL);
		else if (!quoted && *c == '\\' && c[1] != '\0')
			c++;
		else if (!quoted && strchr("ydmYDM", *c) != NULL)
			date = true;
	}
	if (code[strspn(code, "; ")] == '\0' && strchr(code, ';') != NULL)
		f |= SHEET_BLANK;
	return (uint8_t)(f | (date ? SHEET_DATE : 0));
}

/* Formats that have a number instead of a code; the Chinese ones are 27 to 36 and 50 to 58. */
static uint8_t format_of_number(const struct reader *rd, long id)
{
	for (size_t i = 0; i < rd->n_custom; i++)
		if (rd->custom[i].id == id)
			return rd->custom[i].format;
	return ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) ||
		(id >= 50 && id <= 58))
		       ? SHEET_DATE
		       : 0;
}

static bool is_white(const struct extract_xml_attrs *a)
{
	char value[16];

	if (extract_xml_attr(a, "rgb", value, sizeof(value)))
		return strcasecmp(value, "FFFFFFFF") == 0 ||
		       strcasecmp(value, "00FFFFFF") == 0 || strcasecmp(value, "FFFFFF") == 0;
	if (extract_xml_attr(a, "theme", value, sizeof(value)))
		return strcmp(value, "0") == 0 && !extract_xml_has(a, "tint");
	return extract_xml_attr(a, "indexed", value, sizeof(value)) &&
	       (strcmp(value, "1") == 0 || strcmp(value, "9") == 0);
}

static bool white_at(const struct buf *list, long i, bool missing)
{
	return (i >= 0 && (size_t)i < list->len) ? list->data[i] != 0 : missing;
}

static void add_format(struct reader *rd, const struct extract_xml_attrs *a)
{
	struct sheet_book *b = rd->book;
	void *list = b->formats;
	uint8_t f = format_of_number(rd, extract_xml_long(a, "numFmtId", -1));
	int r = extract_grow(&list, b->n_formats, &b->cap_formats, 1, SHEET_FORMATS_MAX);

	b->formats = list;
	if (r != SL_OK) {
		rd->error = r;
		return;
	}
	if (white_at(&rd->white_fonts, extract_xml_long(a, "fontId", -1), false) &&
	    white_at(&rd->white_fills, extract_xml_long(a, "fillId", -1), true))
		f |= SHEET_WHITE;
	b->formats[b->n_formats++] = f;
}

static void styles_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct reader *rd = arg;
	char code[CODE_MAX], kind[16];

	if (strcmp(name, "numFmt") == 0 && rd->n_custom < CUSTOM_MAX) {
		(void)extract_xml_attr(a, "formatCode", code, sizeof(code));
		rd->custom[rd->n_custom].id = extract_xml_long(a, "numFmtId", -1);
		rd->custom[rd->n_custom++].format = format_of_code(code);
	} else if (strcmp(name, "fonts") == 0) {
		rd->in_fonts = true;
	} else if (strcmp(name, "fills") == 0) {
		rd->in_fills = true;
	} else if (strcmp(name, "cellXfs") == 0) {
		rd->in_formats = true;
	} else if (strcmp(name, "font") == 0 && rd->in_fonts) {
		buf_put_u8(&rd->white_fonts, 0);
	} else if (strcmp(name, "fill") == 0 && rd->in_fills) {
		buf_put_u8(&rd->white_fills, 1); /* until a colour says otherwise */
	} else if (strcmp(name, "patternFill") == 0) {
		rd->solid = extract_xml_attr(a, "patternType", kind, sizeof(kind)) &&
			    strcmp(kind, "none") != 0;
	} else if (strcmp(name, "color") == 0 && rd->in_fonts && rd->white_fonts.len > 0) {
		rd->white_fonts.data[rd->white_fonts.len - 1] = is_white(a);
	} else if (strcmp(name, "fgColor") == 0 && rd->in_fills && rd->white_fills.len > 0) {
		rd->white_fills.data[rd->white_fills.len - 1] = !rd->solid || is_white(a);
	} else if (strcmp(name, "xf") == 0 && rd->in_formats) {
		add_format(rd, a);
	}
	extract_attrs(rd->part, a);
}

static void styles_end(void *arg, const char *name)
{
	struct reader *rd = arg;

	if (strcmp(name, "fonts") == 0)
		rd->in_fonts = false;
	else if (strcmp(name, "fills") == 0)
		rd->in_fills = false;
	else if (strcmp(name, "cellXfs") == 0)
		rd->in_formats = false;
}

int sheet_formats_read(struct sheet_book *b, const struct extract_member *m)
{
	static const struct extract_xml_events events = {.start = styles_start,
							 .end = styles_end};
	struct reader *rd = calloc(1, sizeof(*rd));
	int r;

	if (rd == NULL)
		return SL_E_NOMEM;
	rd->book = b;
	rd->part = m->part;
	buf_init(&rd->white_fonts, SHEET_FORMATS_MAX);
	buf_init(&rd->white_fills, SHEET_FORMATS_MAX);
	r = (m->data == NULL) ? SL_E_FORMAT : extract_xml_parse(m->data, m->len, &events, rd);
	if (r == SL_OK)
		r = rd->error;
	if (r == SL_OK &&
	    (buf_error(&rd->white_fonts) != SL_OK || buf_error(&rd->white_fills) != SL_OK))
		r = SL_E_LIMIT;
	buf_release(&rd->white_fonts);
	buf_release(&rd->white_fills);
	free(rd);
	return r;
}
