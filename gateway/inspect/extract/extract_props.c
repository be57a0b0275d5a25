/* extract_props.c - what a file says about its makers, word by word.
 *
 * Hostile: names and values alike; they only ever become lines of text. */
#include "inspect/extract/extract_props.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_packed.h"

enum { LONG_NUMBER = 11, LABEL_MAX = 120, VALUE_MAX = 64 << 10 };

/* Properties that name a person, an office or a machine. */
static const char *const revealing[] = {
	"creator",
	"lastModifiedBy",
	"author",
	"company",
	"manager",
	"template",
	"HyperlinkBase",
	"initial-creator",
	"printed-by",
	"last-saved-by",
	"producer-host",
	"generator-user",
	"custom",
	"checkedBy",
	"client",
	"editor",
	"owner",
	"recordedBy",
	"sender",
	"telephone",
	"e-mail",
	"printer",
	"Artist",
	"XPAuthor",
	"HostComputer",
	"CameraOwnerName",
	"OwnerName",
	"BodySerialNumber",
	"LensSerialNumber",
	"CameraSerialNumber",
	"SerialNumber",
	"By-line",
	"Writer",
	"Contact",
};

static bool starts(const char *s, size_t len, const char *head)
{
	size_t n = strlen(head);

	return len >= n && strncasecmp(s, head, n) == 0;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool extract_is_inner_path(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *p = s + i;
		size_t n = len - i;
		bool edge = i == 0 || !word_char(p[-1]);

		if (n >= 4 && p[0] == '\\' && p[1] == '\\' && word_char(p[2]))
			return true;
		if (edge && n >= 3 && isalpha((unsigned char)p[0]) && p[1] == ':' &&
		    p[2] == '\\')
			return true;
		if (edge && n >= 4 && isalpha((unsigned char)p[0]) && p[1] == ':' &&
		    p[2] == '/' && p[3] != '/')
			return true;
		if (edge && starts(p, n, "file:/"))
			return true;
		if (edge && (starts(p, n, "/home/") || starts(p, n, "/Users/") ||
			     starts(p, n, "/mnt/") || starts(p, n, "/tmp/")))
			return true;
	}
	return false;
}

static bool names_position(const char *name)
{
	return strncasecmp(name, "GPS", 3) == 0 || strcasestr(name, "latitude") != NULL ||
	       strcasestr(name, "longitude") != NULL;
}

static bool is_revealing(const char *name)
{
	for (size_t i = 0; i < sizeof(revealing) / sizeof(revealing[0]); i++)
		if (strcasecmp(name, revealing[i]) == 0)
			return true;
	return false;
}

/* The template every office program names when nobody chose one. */
static bool is_default_template(const char *name, const char *s, size_t len)
{
	return strcasecmp(name, "template") == 0 &&
	       ((len == 6 && starts(s, len, "Normal")) ||
		(len == 10 && (starts(s, len, "Normal.dot"))) ||
		(len == 11 &&
		 (starts(s, len, "Normal.dotm") || starts(s, len, "Normal.dotx"))));
}

void extract_property(struct extract_part *p, const char *name, const char *value, size_t len)
{
	size_t start = extract_stream_len(p, WHERE_PROPERTY);

	while (len > 0 && isspace((unsigned char)*value)) {
		value++;
		len--;
	}
	while (len > 0 && isspace((unsigned char)value[len - 1]))
		len--;
	if (len == 0)
		return;
	extract_line(p, WHERE_PROPERTY, name, value, len);
	if (extract_is_inner_path(value, len))
		extract_mark(p, "DH-004", SEV_S2, WHERE_PROPERTY, start, "internal-path");
	else if (names_position(name))
		extract_mark(p, "DH-004", SEV_S2, WHERE_PROPERTY, start, "position");
	else if (is_revealing(name) && !is_default_template(name, value, len))
		extract_mark(p, "DH-004", SEV_S4, WHERE_PROPERTY, start, name);
}

bool extract_is_wordy(const char *s, size_t len)
{
	size_t digits = 0;

	for (size_t i = 0; i < len; i++) {
		if ((uint8_t)s[i] >= 0x80)
			return true;
		digits = isdigit((unsigned char)s[i]) ? digits + 1 : 0;
		if (digits >= LONG_NUMBER || s[i] == '@')
			return true;
	}
	if (memmem(s, len, "://", 3) != NULL)
		return !starts(s, len, "http://schemas.") && !starts(s, len, "http://purl.o") &&
		       !starts(s, len, "http://docs.oasis-open.org/") &&
		       !starts(s, len, "http://www.w3.org/");
	return extract_is_inner_path(s, len);
}

void extract_attrs(struct extract_part *p, const struct extract_xml_attrs *a)
{
	const char *name, *value;
	size_t len;

	for (int i = 0; extract_xml_attr_at(a, i, &name, &value, &len); i++)
		if (extract_is_wordy(value, len) && strcmp(name, "author") != 0)
			extract_line(p, WHERE_METADATA, name, value, len);
}

struct words {
	struct extract_part *part;
	enum extract_xml_shape shape;
	enum segment_where where;
	char label[LABEL_MAX]; /* name for the next value */
	bool label_from_attr;  /* <property name="…"> names what is inside */
	struct buf value;
	enum extract_packed_kind packed; /* the open element is one of these */
	struct buf bytes;		 /* its text */
};

static void flush(struct words *w)
{
	if (w->value.len == 0)
		return;
	if (w->shape == EXTRACT_XML_PROPERTIES || w->shape == EXTRACT_XML_XMP)
		extract_property(w->part, w->label, buf_str(&w->value), w->value.len);
	else
		extract_line(w->part, w->where, NULL, buf_str(&w->value), w->value.len);
	buf_clear(&w->value);
}

/* Runs of a drawing's paragraph are one line; everything else stands alone. */
static bool joins(const struct words *w, const char *name)
{
	static const char *const inside[] = {"t",	"r",	     "rPr",    "latin",
					     "ea",	"cs",	     "sym",    "solidFill",
					     "srgbClr", "schemeClr", "lumMod", "lumOff"};

	for (size_t i = 0;
	     w->shape == EXTRACT_XML_TEXT && i < sizeof(inside) / sizeof(inside[0]); i++)
		if (strcmp(name, inside[i]) == 0)
			return true;
	return false;
}

/* RDF wraps values in lists: the property is the element around them. */
static bool is_list(const struct words *w, const char *name)
{
	return w->shape == EXTRACT_XML_XMP &&
	       (strcmp(name, "li") == 0 || strcmp(name, "Seq") == 0 ||
		strcmp(name, "Alt") == 0 || strcmp(name, "Bag") == 0);
}

/* XMP writes simple properties as attributes. */
static void attr_properties(struct words *w, const struct extract_xml_attrs *a)
{
	const char *name, *value;
	size_t len;

	for (int i = 0; extract_xml_attr_at(a, i, &name, &value, &len); i++) {
		char label[LABEL_MAX];

		(void)snprintf(label, sizeof(label), "%s", name);
		extract_property(w->part, label, value, len);
	}
}

/* Caches keep values in attributes, wordy or not. */
static void attr_values(struct words *w, const struct extract_xml_attrs *a)
{
	const char *name, *value;
	size_t len;

	for (int i = 0; extract_xml_attr_at(a, i, &name, &value, &len); i++)
		if ((strcmp(name, "v") == 0 || strcmp(name, "val") == 0) && len > 0)
			extract_line(w->part, w->where, NULL, value, len);
}

static enum extract_packed_kind packed_kind(const char *name, const struct extract_xml_attrs *a)
{
	/* Properties of these types (ECMA-376 part 1, 22.4). */
	static const char *const types[] = {"blob",    "oblob",	  "stream",  "ostream",
					    "vstream", "storage", "ostorage"};
	char value[32];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(name, types[i]) == 0)
			return EXTRACT_PACKED_BYTES;
	if (strcmp(name, "config-item") != 0 ||
	    !extract_xml_attr(a, "type", value, sizeof(value)) ||
	    strcmp(value, "base64Binary") != 0)
		return EXTRACT_PACKED_NOT;
	(void)extract_xml_attr(a, "name", value, sizeof(value));
	return strcmp(value, "PrinterSetup") == 0 ? EXTRACT_PACKED_PRINTER
						  : EXTRACT_PACKED_BYTES;
}

static void packed_end(struct words *w)
{
	if (buf_error(&w->bytes) == SL_E_NOMEM)
		w->part->owner->nomem = true;
	else if (buf_error(&w->bytes) != SL_OK)
		extract_fail(w->part, "over-limit");
	else
		extract_packed(w->part,
			       w->packed == EXTRACT_PACKED_PRINTER ? "printer" : w->label,
			       w->packed, buf_str(&w->bytes), w->bytes.len);
	w->packed = EXTRACT_PACKED_NOT;
	buf_clear(&w->bytes);
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct words *w = arg;
	char author[LABEL_MAX];

	if (!joins(w, name))
		flush(w);
	if (extract_xml_attr(a, "author", author, sizeof(author)))
		extract_property(w->part, "author", author, strlen(author));
	if (strcmp(name, "property") == 0 || strcmp(name, "user-defined") == 0) {
		w->label_from_attr = extract_xml_attr(a, "name", w->label, sizeof(w->label));
		extract_property(w->part, "custom", w->label, strlen(w->label));
		return;
	}
	if (strcmp(name, "docVar") == 0) {
		char value[4096];

		(void)extract_xml_attr(a, "val", value, sizeof(value));
		(void)extract_xml_attr(a, "name", w->label, sizeof(w->label));
		extract_property(w->part, w->label, value, strlen(value));
	}
	if (w->packed == EXTRACT_PACKED_NOT)
		w->packed = packed_kind(name, a);
	if (!w->label_from_attr && !is_list(w, name))
		(void)snprintf(w->label, sizeof(w->label), "%s", name);
	if (w->shape == EXTRACT_XML_CACHE)
		attr_values(w, a);
	if (w->shape == EXTRACT_XML_XMP && strcmp(name, "Description") == 0)
		attr_properties(w, a);
	else
		extract_attrs(w->part, a);
}

static void on_end(void *arg, const char *name)
{
	struct words *w = arg;

	if (w->packed != EXTRACT_PACKED_NOT)
		packed_end(w);
	if (!joins(w, name))
		flush(w);
	if (strcmp(name, "property") == 0 || strcmp(name, "user-defined") == 0)
		w->label_from_attr = false;
}

static void on_text(void *arg, const char *s, size_t len)
{
	struct words *w = arg;

	if (w->packed != EXTRACT_PACKED_NOT) {
		buf_put(&w->bytes, s, len);
		return;
	}
	if (len > VALUE_MAX - w->value.len)
		flush(w);
	buf_put(&w->value, s, (len < VALUE_MAX) ? len : 0);
	if (len >= VALUE_MAX)
		extract_line(w->part, WHERE_METADATA, NULL, s, len);
}

int extract_xml_words(struct extract_part *p, const char *xml, size_t len,
		      enum extract_xml_shape shape, enum segment_where where)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
	struct words w = {.part = p, .shape = shape, .where = where};
	int r;

	buf_init(&w.value, VALUE_MAX);
	buf_init(&w.bytes, EXTRACT_XML_MAX);
	r = (len == 0) ? SL_OK : extract_xml_parse(xml, len, &events, &w);
	flush(&w);
	buf_release(&w.value);
	buf_release(&w.bytes);
	return r;
}
