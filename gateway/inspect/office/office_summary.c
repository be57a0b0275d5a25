/* office_summary.c - property sets, section by section.
 *
 * Hostile: every offset and length; all are tested against their section before use.
 * Numbers, dates and pictures of the first page are left out: they hold no words. */
#include "inspect/office/office_summary.h"

#include <stdio.h>
#include <string.h>
#include <unicode/ucnv.h>

#include "inspect/extract/extract_props.h"
#include "inspect/type/identify.h"

enum {
	SECTIONS_MAX = 2,
	PROPERTIES_MAX = 4096,
	TEXT_MAX = 64 << 10,
	ITEMS_MAX = 1024,
	NAME_MAX_BYTES = 256,
	CODEPAGE_UTF16 = 1200,
	CODEPAGE_UTF8 = 65001,
	CODEPAGE_MACINTOSH = 10000,
	CODEPAGE_WESTERN = 1252,
	ID_DICTIONARY = 0,
	ID_CODEPAGE = 1,
	VT_I2 = 2,
	VT_VARIANT = 12,
	VT_LPSTR = 30,
	VT_LPWSTR = 31,
	VT_VECTOR = 0x1000,
};

/* First bytes of the format identifiers, as they stand in the file. */
static const uint8_t summary_id[4] = {0xe0, 0x85, 0x9f, 0xf2};
static const uint8_t document_id[4] = {0x02, 0xd5, 0xcd, 0xd5};

static const char *const summary_names[] = {
	NULL,	    NULL,	"title",    "subject",	      "author",
	"keywords", "comments", "template", "lastModifiedBy", "revision",
};
static const char *const document_names[] = {
	NULL, NULL, "category", "presentation-format",
	NULL, NULL, NULL,	NULL,
	NULL, NULL, NULL,	NULL,
	NULL, NULL, "manager",	"company",
};

struct section {
	struct extract_part *part;
	const uint8_t *p;
	size_t len;
	unsigned codepage;
	const char *const *names;
	size_t n_names;
	bool custom;	   /* names come from its dictionary */
	size_t dictionary; /* offset, 0 none */
	bool broken;
};

static const char *converter(unsigned codepage, char name[16])
{
	if (codepage == CODEPAGE_UTF8)
		return "UTF-8";
	if (codepage == CODEPAGE_UTF16)
		return "UTF-16LE";
	if (codepage == 936 || codepage == 54936)
		return "gb18030";
	if (codepage == CODEPAGE_MACINTOSH)
		return "macintosh";
	(void)snprintf(name, 16, "cp%u", codepage);
	return name;
}

static size_t convert(const uint8_t *s, size_t len, unsigned codepage, char *out, size_t cap)
{
	UErrorCode err = U_ZERO_ERROR;
	char name[16];
	int32_t n = ucnv_convert("UTF-8", converter(codepage, name), out, (int32_t)cap,
				 (const char *)s, (int32_t)len, &err);

	/* An unknown code page is read as the one of Western systems, where no byte is lost. */
	if (U_FAILURE(err) && err != U_BUFFER_OVERFLOW_ERROR) {
		err = U_ZERO_ERROR;
		n = ucnv_convert("UTF-8", "cp1252", out, (int32_t)cap, (const char *)s,
				 (int32_t)len, &err);
	}
	return U_SUCCESS(err) && n > 0 ? (size_t)n : 0;
}

/* Without the zeros that end it, and those in it as blanks. */
static size_t tidy(char *s, size_t n)
{
	while (n > 0 && s[n - 1] == '\0')
		n--;
	for (size_t i = 0; i < n; i++)
		s[i] = (s[i] == '\0') ? ' ' : s[i];
	return n;
}

/* What programs write where nobody told them a name. */
static bool is_nobody(const char *name, const char *s, size_t n)
{
	static const char *const words[] = {"Calc", "Current User", "LibreOffice"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		/* Excel fills the name up with blanks. */
		if (strcmp(name, "last-saved-by") == 0 && n >= len &&
		    memcmp(s, words[i], len) == 0 && strspn(s + len, " ") == n - len)
			return true;
	}
	return false;
}

void office_summary_text(struct extract_part *p, const char *name, const uint8_t *s, size_t len,
			 unsigned codepage)
{
	char text[3 * TEXT_MAX];
	size_t n;

	if (len > TEXT_MAX) {
		extract_fail(p, "over-limit");
		return;
	}
	n = tidy(text, convert(s, len, codepage, text, sizeof(text) - 1));
	text[n] = '\0';
	if (!is_nobody(name, text, n))
		extract_property(p, name, text, n);
}

/* A counted string at `at`; *ret_next is behind it.  Strings of the code page count
 * bytes, wide ones characters. */
static bool string_at(const struct section *s, size_t at, bool wide, const uint8_t **ret_p,
		      size_t *ret_n, size_t *ret_next)
{
	size_t n;

	if (at > s->len || s->len - at < 4)
		return false;
	n = identify_le32(s->p + at);
	if (wide && n > SIZE_MAX / 2)
		return false;
	n = wide ? n * 2 : n;
	if (n > s->len - at - 4)
		return false;
	*ret_p = s->p + at + 4;
	*ret_n = n;
	*ret_next = at + 4 + (n + 3) / 4 * 4;
	return true;
}

static bool say_string(struct section *s, const char *name, size_t at, unsigned type,
		       size_t *ret_next)
{
	bool wide = type == VT_LPWSTR;
	const uint8_t *p;
	size_t n;

	if (!string_at(s, at, wide, &p, &n, ret_next))
		return false;
	office_summary_text(s->part, name, p, n, wide ? CODEPAGE_UTF16 : s->codepage);
	return true;
}

/* Titles of parts, and of pairs the words. */
static bool say_vector(struct section *s, const char *name, size_t at, unsigned type)
{
	size_t count;

	if (at > s->len || s->len - at < 4)
		return false;
	count = identify_le32(s->p + at);
	at += 4;
	for (size_t i = 0; i < count && i < ITEMS_MAX; i++) {
		unsigned item = type;

		if (type == VT_VARIANT) {
			if (at > s->len || s->len - at < 8)
				return false;
			item = identify_le32(s->p + at);
			at += 4;
			if (item != VT_LPSTR && item != VT_LPWSTR) {
				at += 4; /* a number */
				continue;
			}
		}
		if (!say_string(s, name, at, item, &at))
			return false;
	}
	return count <= ITEMS_MAX;
}

/* The name that the dictionary gives to a custom property. */
static bool custom_name(const struct section *s, uint32_t id, char out[NAME_MAX_BYTES])
{
	size_t at = s->dictionary, count;

	(void)snprintf(out, NAME_MAX_BYTES, "custom");
	if (at == 0)
		return true;
	if (s->len - at < 4)
		return false;
	count = identify_le32(s->p + at);
	at += 4;
	for (size_t i = 0; i < count && i < PROPERTIES_MAX; i++) {
		bool wide = s->codepage == CODEPAGE_UTF16;
		uint32_t mine;
		size_t n;

		if (at > s->len || s->len - at < 8)
			return false;
		mine = identify_le32(s->p + at);
		n = identify_le32(s->p + at + 4);
		at += 8;
		if (n > (s->len - at) / (wide ? 2 : 1))
			return false;
		n = wide ? n * 2 : n;
		if (mine == id && n <= NAME_MAX_BYTES / 4) {
			size_t len = tidy(out, convert(s->p + at, n, s->codepage, out,
						       NAME_MAX_BYTES - 1));

			out[len] = '\0';
			return true;
		}
		at += wide ? (n + 3) / 4 * 4 : n;
	}
	return true;
}

static bool say_value(struct section *s, uint32_t id, size_t at)
{
	char custom[NAME_MAX_BYTES] = "property";
	const char *name = custom;
	uint32_t type;
	size_t next;

	if (at > s->len || s->len - at < 4)
		return false;
	type = identify_le32(s->p + at);
	if (id < s->n_names && s->names[id] != NULL)
		name = s->names[id];
	else if (s->custom && !custom_name(s, id, custom))
		return false;
	/* Its name says as much as its value. */
	if (s->custom && (type == VT_LPSTR || type == VT_LPWSTR))
		extract_property(s->part, "custom", custom, strlen(custom));
	if (type == VT_LPSTR || type == VT_LPWSTR)
		return say_string(s, name, at + 4, type, &next);
	if (type == (VT_VECTOR | VT_LPSTR) || type == (VT_VECTOR | VT_LPWSTR) ||
	    type == (VT_VECTOR | VT_VARIANT))
		return say_vector(s, name, at + 4, type & ~(unsigned)VT_VECTOR);
	return true;
}

static bool read_section(struct section *s)
{
	uint32_t count;

	if (s->len < 8)
		return false;
	count = identify_le32(s->p + 4);
	if (count > PROPERTIES_MAX || count > (s->len - 8) / 8)
		return false;
	s->codepage = CODEPAGE_WESTERN;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t id = identify_le32(s->p + 8 + 8 * (size_t)i);
		uint32_t at = identify_le32(s->p + 12 + 8 * (size_t)i);

		if (id == ID_CODEPAGE && at < s->len && s->len - at >= 8 &&
		    identify_le32(s->p + at) == VT_I2)
			s->codepage = identify_le16(s->p + at + 4);
		if (id == ID_DICTIONARY && at < s->len)
			s->dictionary = at;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t id = identify_le32(s->p + 8 + 8 * (size_t)i);

		if (id > ID_CODEPAGE && id < UINT32_C(0x80000000) &&
		    !say_value(s, id, identify_le32(s->p + 12 + 8 * (size_t)i)))
			s->broken = true;
	}
	return !s->broken;
}

static void choose_names(struct section *s, const uint8_t id[4])
{
	if (memcmp(id, summary_id, 4) == 0) {
		s->names = summary_names;
		s->n_names = sizeof(summary_names) / sizeof(summary_names[0]);
	} else if (memcmp(id, document_id, 4) == 0) {
		s->names = document_names;
		s->n_names = sizeof(document_names) / sizeof(document_names[0]);
	} else {
		s->custom = true;
	}
}

bool office_summary(struct extract_part *p, const uint8_t *bytes, size_t len)
{
	uint32_t sections;
	bool whole = true;

	if (len < 28 || identify_le16(bytes) != 0xfffe)
		return false;
	sections = identify_le32(bytes + 24);
	if (sections > SECTIONS_MAX || len - 28 < 20 * (size_t)sections)
		return false;
	for (uint32_t i = 0; i < sections; i++) {
		const uint8_t *head = bytes + 28 + 20 * (size_t)i;
		uint32_t at = identify_le32(head + 16);
		struct section s = {.part = p};

		if (at > len) {
			whole = false;
			continue;
		}
		s.p = bytes + at;
		s.len = len - at;
		choose_names(&s, head);
		whole = read_section(&s) && whole;
	}
	return whole;
}
