/* extract_html_text.c - folding of white space, and which encoding a page is in.
 *
 * Hostile: a page may declare one encoding and be another; then a browser shows
 * other words than we read.  So the declared encoding is obeyed strictly, and
 * one we do not read is refused. */
#include "inspect/extract/extract_html.h"

#include <string.h>
#include <strings.h>

enum { PRESCAN = 1024, SEEN_MAX = 1 << 20 };

void extract_html_flow_init(struct html_flow *f, struct extract_part *p)
{
	*f = (struct html_flow){.part = p};
	buf_init(&f->seen, SEEN_MAX);
}

void extract_html_flow_release(struct html_flow *f)
{
	buf_release(&f->seen);
}

static bool at_line_start(const struct extract_part *p, enum segment_where w)
{
	const struct buf *b = &p->text[w];

	return b->len == 0 || b->data[b->len - 1] == '\n' || b->data[b->len - 1] == '\t';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void extract_html_flow_text(struct html_flow *f, enum segment_where w, bool preformatted,
			    const char *s, size_t len)
{
	size_t i = 0;

	if (w != f->last && w != WHERE_BODY && len > 0 && !is_space(s[0]))
		f->space[w] = true;
	f->last = w;
	if (w == WHERE_BODY)
		buf_put(&f->seen, s, len);
	if (preformatted) {
		extract_text(f->part, w, s, len);
		return;
	}
	while (i < len) {
		size_t from;

		while (i < len && is_space(s[i])) {
			f->space[w] = true;
			i++;
		}
		from = i;
		while (i < len && !is_space(s[i]))
			i++;
		if (i == from)
			continue;
		if (f->space[w] && !at_line_start(f->part, w))
			extract_text(f->part, w, " ", 1);
		f->space[w] = false;
		extract_text(f->part, w, s + from, i - from);
	}
}

/* Letters from `at` on in the opposite order. */
static void turn(struct buf *b, size_t at)
{
	uint8_t *s = b->data + at;
	size_t len = b->len - at;

	for (size_t i = 0; i < len / 2; i++) {
		uint8_t c = s[i];

		s[i] = s[len - 1 - i];
		s[len - 1 - i] = c;
	}
	/* The bytes of each letter stand the wrong way round now, its first one last. */
	for (size_t from = 0, i = 0; i < len; i++) {
		if ((s[i] & 0xc0) == 0x80)
			continue;
		for (size_t a = from, z = i; a < z; a++, z--) {
			uint8_t c = s[a];

			s[a] = s[z];
			s[z] = c;
		}
		from = i + 1;
	}
}

void extract_html_flow_turn(struct html_flow *f)
{
	if (f->turned++ == 0)
		f->turned_at = f->seen.len;
}

void extract_html_flow_turn_end(struct html_flow *f)
{
	if (--f->turned > 0 || f->seen.len <= f->turned_at)
		return;
	turn(&f->seen, f->turned_at);
	f->differs = true;
}

void extract_html_flow_line(struct html_flow *f)
{
	if (f->turned > 0 && f->seen.len > f->turned_at) {
		turn(&f->seen, f->turned_at);
		f->differs = true;
	}
	for (int w = 0; w < WHERE_COUNT; w++) {
		extract_line_end(f->part, (enum segment_where)w);
		f->space[w] = false;
	}
	if (f->differs && buf_error(&f->seen) == SL_OK)
		extract_line(f->part, WHERE_BODY, NULL, buf_str(&f->seen), f->seen.len);
	buf_clear(&f->seen);
	f->turned_at = 0;
	f->differs = false;
}

void extract_html_flow_tab(struct html_flow *f, enum segment_where w)
{
	if (!at_line_start(f->part, w))
		extract_text(f->part, w, "\t", 1);
	buf_put_u8(&f->seen, '\t');
	f->space[w] = false;
}

struct charset_name {
	const char *name;
	enum extract_charset cs;
};

static const struct charset_name charsets[] = {
	{"utf-8", EXTRACT_UTF8},	 {"utf8", EXTRACT_UTF8},
	{"utf-16", EXTRACT_UTF8}, /* HTML: a page that can say so in ASCII is UTF-8 */
	{"gb2312", EXTRACT_GB18030},	 {"gbk", EXTRACT_GB18030},
	{"gb18030", EXTRACT_GB18030},	 {"x-gbk", EXTRACT_GB18030},
	{"gb_2312-80", EXTRACT_GB18030}, {"cp936", EXTRACT_GB18030},
	{"us-ascii", EXTRACT_DETECT},	 {"ascii", EXTRACT_DETECT},
	{"iso-8859-1", EXTRACT_DETECT},	 {"windows-1252", EXTRACT_DETECT},
	{"latin1", EXTRACT_DETECT},
};

int extract_html_charset_named(const char *name, size_t len, enum extract_charset *ret_cs)
{
	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
		if (strlen(charsets[i].name) == len &&
		    strncasecmp(charsets[i].name, name, len) == 0) {
			*ret_cs = charsets[i].cs;
			return SL_OK;
		}
	}
	return SL_E_UNSUPPORTED;
}

/* The value after "charset=" inside the first <meta …> that has one. */
static bool declared(const char *s, size_t len, const char **ret_name, size_t *ret_len)
{
	size_t n = (len < PRESCAN) ? len : PRESCAN;
	bool in_meta = false;

	for (size_t i = 0; i + 8 < n; i++) {
		if (strncasecmp(s + i, "<meta", 5) == 0)
			in_meta = true;
		else if (s[i] == '>')
			in_meta = false;
		if (!in_meta || strncasecmp(s + i, "charset", 7) != 0)
			continue;
		for (i += 7; i < n && is_space(s[i]); i++)
			;
		if (i >= n || s[i] != '=')
			continue;
		for (i++; i < n && (is_space(s[i]) || s[i] == '"' || s[i] == '\''); i++)
			;
		*ret_name = s + i;
		*ret_len = 0;
		while (i + *ret_len < n && !is_space(s[i + *ret_len]) &&
		       strchr("\"';/>", s[i + *ret_len]) == NULL)
			(*ret_len)++;
		return true;
	}
	return false;
}

static bool is_ascii(const uint8_t *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] >= 0x80)
			return false;
	return true;
}

int extract_html_charset(const uint8_t *bytes, size_t len, enum extract_charset *ret_cs)
{
	const char *name;
	size_t n;
	enum extract_charset cs;
	int r;

	/* A byte order mark wins in every browser; pure ASCII is the same in all. */
	if ((len >= 2 &&
	     (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) ||
	    (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) ||
	    !declared((const char *)bytes, len, &name, &n)) {
		*ret_cs = EXTRACT_DETECT;
		return SL_OK;
	}
	r = extract_html_charset_named(name, n, &cs);
	if (r == SL_OK && cs == EXTRACT_DETECT && !is_ascii(bytes, len))
		r = SL_E_UNSUPPORTED;
	if (r == SL_OK)
		*ret_cs = cs;
	return r;
}
