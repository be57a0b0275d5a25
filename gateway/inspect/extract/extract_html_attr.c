/* extract_html_attr.c - what stands in the attributes of a page.
 *
 * Hostile: names and values.  Addresses are told as what a browser does with them, words as
 * what a reader may see of them, everything else as metadata. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_html_page.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_props.h"

enum { NAME_SHOWN = 80 };

size_t extract_html_beyond_ascii(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += (uint8_t)s[i] >= 0xc0;
	return n;
}

void extract_html_stop(struct html *h, int error)
{
	if (h->error == SL_OK)
		h->error = error;
	xmlStopParser(h->ctxt);
}

static bool any_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(name, *list) == 0)
			return true;
	return false;
}

/* A file inside the page: base64 pictures and the like. */
static void embedded_data(struct html *h, const char *value)
{
	char name[NAME_SHOWN];
	struct extract_part *p;
	struct buf bytes;
	const char *comma = strchr(value, ',');
	size_t n = strcspn(value, ",;");
	bool picture = strncasecmp(value, "data:image/", 11) == 0;
	int r = SL_OK;

	(void)snprintf(name, sizeof(name), "%.*s", (int)(n < 60 ? n : 60), value);
	p = extract_part_new(h->x, name, strlen(value));
	if (p == NULL)
		return;
	buf_init(&bytes, HTML_MAX);
	if (comma == NULL || memmem(value, (size_t)(comma - value), ";base64", 7) == NULL ||
	    !extract_base64(comma + 1, strlen(comma + 1), &bytes)) {
		extract_fail(p, picture ? "picture-not-read" : "unsupported");
	} else {
		p->object.bytes = bytes.len;
		r = picture ? extract_shown(h->x, p, "picture", &bytes, "picture-not-read")
			    : extract_nested(h->x, p, "data", &bytes);
	}
	if (r != SL_OK)
		extract_html_stop(h, r);
	buf_release(&bytes);
}

/* What a browser fetches from elsewhere before anybody clicks. */
static bool fetches(const char *element, const char *name, const char *value, html_attrs a)
{
	size_t len = strlen(value);

	if (!extract_html_fetches(element, name, extract_html_attr(a, "rel")))
		return false;
	return strcasestr(name, "srcset") != NULL ? extract_is_outside_list(value, len)
						  : extract_is_outside(value, len);
}

static void say_link(struct html *h, const char *element, const char *name, const char *value,
		     html_attrs a)
{
	static const char *const loads[] = {"script", "iframe", "frame", "object",
					    "embed",  "applet", NULL};
	size_t start = extract_stream_len(h->part, WHERE_FIELD);

	if (strncasecmp(value, "data:", 5) == 0) {
		embedded_data(h, value);
		return;
	}
	extract_line(h->part, WHERE_FIELD, name, value, strlen(value));
	if (any_of(element, loads) || strncasecmp(value, "javascript:", 11) == 0 ||
	    strncasecmp(value, "vbscript:", 9) == 0)
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_FIELD, start, element);
	else if (fetches(element, name, value, a))
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
	else if (extract_is_inner_path(value, strlen(value)))
		extract_mark(h->part, "DH-004", SEV_S2, WHERE_FIELD, start, "internal-path");
}

static void say_attr(struct html *h, const char *element, const char *name, const char *value,
		     html_attrs a)
{
	static const char *const alt[] = {"alt",   "title", "placeholder", "summary",
					  "label", "abbr",  NULL};
	static const char *const link[] = {
		"href",	   "src",	 "action",   "data",	    "poster",
		"cite",	   "background", "longdesc", "srcset",	    "formaction",
		"ping",	   "xlink:href", "codebase", "srcdoc",	    "manifest",
		"archive", "lowsrc",	 "dynsrc",   "imagesrcset", NULL};

	if (any_of(name, alt) || strncasecmp(name, "aria-", 5) == 0)
		extract_line(h->part, WHERE_ALT, NULL, value, strlen(value));
	else if (any_of(name, link))
		say_link(h, element, name, value, a);
	else if (strcasecmp(name, "value") == 0)
		extract_line(h->part, WHERE_FIELD, NULL, value, strlen(value));
	else if (strncasecmp(name, "on", 2) == 0 && strlen(name) > 3) {
		size_t start = extract_stream_len(h->part, WHERE_FIELD);

		extract_line(h->part, WHERE_FIELD, name, value, strlen(value));
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_FIELD, start, "script");
	} else if (extract_is_wordy(value, strlen(value)))
		extract_line(h->part, WHERE_METADATA, name, value, strlen(value));
}

void extract_html_say_attrs(struct html *h, const char *element, html_attrs a)
{
	for (size_t i = 0; a != NULL && a[i] != NULL; i += 2) {
		const char *name = (const char *)a[i], *value = (const char *)a[i + 1];

		h->seen += extract_html_beyond_ascii(name, strlen(name));
		if (extract_is_wordy(name, strlen(name)))
			extract_line(h->part, WHERE_METADATA, NULL, name, strlen(name));
		if (value == NULL || value[0] == '\0')
			continue;
		h->seen += extract_html_beyond_ascii(value, strlen(value));
		say_attr(h, element, name, value, a);
		if (strcasecmp(name, "style") == 0)
			extract_say_style(h->part, value, strlen(value));
	}
}
