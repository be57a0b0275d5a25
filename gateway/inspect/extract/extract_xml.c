/* extract_xml.c - libxml2's push parser without its network, its DTDs and its tree.
 *
 * Hostile: entity bombs (no declaration is accepted, so none exist), external
 * entities (the same), depth, attributes without number, encodings that would make
 * the parser load converters from files (declared encodings are ignored after a
 * check). */
#include "inspect/extract/extract_xml.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_attributes.h"

enum {
	STEP = 1 << 16,
	DECLARATION_MAX = 200,
	ATTRS_MAX = 5000,
};

struct extract_xml_attrs {
	const xmlChar **five; /* local name, prefix, URI, value, end */
	int n;
};

struct reader {
	const struct extract_xml_events *ev;
	void *arg;
	xmlParserCtxtPtr ctxt;
	int depth;
	int error;
};

static void stop(struct reader *rd, int error)
{
	if (rd->error == SL_OK)
		rd->error = error;
	xmlStopParser(rd->ctxt);
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int n_ns, const xmlChar **ns, int n_attrs, int n_default,
		     const xmlChar **attrs)
{
	struct reader *rd = arg;
	struct extract_xml_attrs a = {.five = attrs, .n = n_attrs};

	(void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
	if (rd->error != SL_OK)
		return;
	if (++rd->depth > EXTRACT_DEPTH_MAX) {
		stop(rd, SL_E_LIMIT);
		return;
	}
	rd->ev->start(rd->arg, (const char *)name, &a);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *rd = arg;

	(void)prefix, (void)uri;
	if (rd->error != SL_OK)
		return;
	rd->depth--;
	if (rd->ev->end != NULL)
		rd->ev->end(rd->arg, (const char *)name);
}

static void on_text(void *arg, const xmlChar *s, int len)
{
	struct reader *rd = arg;

	if (rd->error == SL_OK && rd->ev->text != NULL)
		rd->ev->text(rd->arg, (const char *)s, (size_t)len);
}

static void on_comment(void *arg, const xmlChar *s)
{
	struct reader *rd = arg;

	if (rd->error == SL_OK && rd->ev->note != NULL)
		rd->ev->note(rd->arg, (const char *)s);
}

static void on_instruction(void *arg, const xmlChar *target, const xmlChar *data)
{
	(void)target;
	if (data != NULL)
		on_comment(arg, data);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
	(void)name, (void)id, (void)system;
	stop(arg, SL_E_UNSUPPORTED);
}

static void quiet(void *arg, xmlErrorPtr e)
{
	(void)arg, (void)e; /* the parser's state says it too */
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.comment = on_comment,
	.processingInstruction = on_instruction,
	.internalSubset = on_doctype,
	.externalSubset = on_doctype,
	.serror = quiet,
};

void extract_xml_init(void)
{
	xmlInitParser();
}

/* Only what is certainly UTF-8 or UTF-16: other first bytes (UCS-4, EBCDIC) or
 * declared encodings could be read in another way by an office program. */
static bool encoding_known(const char *s, size_t len)
{
	static const char *const known[] = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii"};
	char head[DECLARATION_MAX + 1];
	size_t n = (len < DECLARATION_MAX) ? len : DECLARATION_MAX;
	char *p, *end;

	if (memcmp(s, "<\0\0\0", 4) == 0 || (s[0] == '\0' && s[1] == '\0') ||
	    (uint8_t)s[0] == 0x4c)
		return false;
	memcpy(head, s, n);
	head[n] = '\0';
	end = strstr(head, "?>");
	if (end == NULL || strncmp(head + ((uint8_t)head[0] == 0xef ? 3 : 0), "<?xml", 5) != 0)
		return true;
	*end = '\0';
	p = strstr(head, "encoding");
	if (p == NULL)
		return true;
	p += strcspn(p, "\"'");
	if (*p == '\0')
		return false;
	p[1 + strcspn(p + 1, "\"'")] = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(p + 1, known[i]) == 0)
			return true;
	return false;
}

static int verdict(const struct reader *rd)
{
	if (rd->error != SL_OK)
		return rd->error;
	if (rd->ctxt->errNo == XML_ERR_NO_MEMORY)
		return SL_E_NOMEM;
	return rd->ctxt->wellFormed ? SL_OK : SL_E_FORMAT;
}

int extract_xml_parse(const char *bytes, size_t len, const struct extract_xml_events *ev,
		      void *arg)
{
	struct reader rd = {.ev = ev, .arg = arg};
	xmlSAXHandler sax = handler;
	int r;

	if (len > EXTRACT_XML_MAX)
		return SL_E_LIMIT;
	r = extract_attributes_check(bytes, len, false, ATTRS_MAX);
	if (r != SL_OK)
		return r;
	if (len < 4)
		return SL_E_FORMAT;
	if (!encoding_known(bytes, len))
		return SL_E_UNSUPPORTED;
	rd.ctxt = xmlCreatePushParserCtxt(&sax, &rd, NULL, 0, NULL);
	if (rd.ctxt == NULL)
		return SL_E_NOMEM;
	/* There are no entities but the five of XML: a document type ends the reading.  NOENT
	 * gives an "&amp;" in an attribute as the "&" that it is. */
	(void)xmlCtxtUseOptions(rd.ctxt,
				XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT);
	for (size_t at = 0; at < len && rd.error == SL_OK && rd.ctxt->wellFormed; at += STEP) {
		size_t n = (len - at < STEP) ? len - at : STEP;

		(void)xmlParseChunk(rd.ctxt, bytes + at, (int)n, at + n == len);
	}
	r = verdict(&rd);
	if (rd.ctxt->myDoc != NULL)
		xmlFreeDoc(rd.ctxt->myDoc);
	xmlFreeParserCtxt(rd.ctxt);
	return r;
}

bool extract_xml_attr_at(const struct extract_xml_attrs *a, int i, const char **ret_name,
			 const char **ret_value, size_t *ret_len)
{
	const xmlChar **f;

	if (i >= a->n)
		return false;
	f = a->five + (size_t)i * 5;
	*ret_name = (const char *)f[0];
	*ret_value = (const char *)f[3];
	*ret_len = (size_t)(f[4] - f[3]);
	return true;
}

bool extract_xml_has(const struct extract_xml_attrs *a, const char *name)
{
	const char *n, *v;
	size_t len;

	for (int i = 0; extract_xml_attr_at(a, i, &n, &v, &len); i++)
		if (strcmp(n, name) == 0)
			return true;
	return false;
}

bool extract_xml_attr(const struct extract_xml_attrs *a, const char *name, char *out,
		      size_t cap)
{
	const char *n, *v;
	size_t len;

	out[0] = '\0';
	for (int i = 0; extract_xml_attr_at(a, i, &n, &v, &len); i++) {
		if (strcmp(n, name) != 0)
			continue;
		if (len > cap - 1) {
			len = cap - 1;
			while (len > 0 && ((uint8_t)v[len] & 0xc0) == 0x80)
				len--;
		}
		memcpy(out, v, len);
		out[len] = '\0';
		return true;
	}
	return false;
}

bool extract_xml_link_id(const struct extract_xml_attrs *a, char *out, size_t cap)
{
	out[0] = '\0';
	for (int i = 0; i < a->n; i++) {
		const xmlChar **f = a->five + (size_t)i * 5;
		const char *uri = (f[2] != NULL) ? (const char *)f[2] : "";
		size_t len = (size_t)(f[4] - f[3]), n = strlen(uri);
		static const char tail[] = "/relationships";

		if (strcmp((const char *)f[0], "id") != 0 || n < sizeof(tail) - 1 ||
		    strcmp(uri + n - (sizeof(tail) - 1), tail) != 0 || len >= cap)
			continue;
		memcpy(out, f[3], len);
		out[len] = '\0';
		return true;
	}
	return false;
}

long extract_xml_long(const struct extract_xml_attrs *a, const char *name, long missing)
{
	char v[24];

	return extract_xml_attr(a, name, v, sizeof(v)) ? strtol(v, NULL, 10) : missing;
}

bool extract_xml_true(const struct extract_xml_attrs *a, const char *name)
{
	char v[8];

	return extract_xml_attr(a, name, v, sizeof(v)) &&
	       (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
}
