/* clean_xml.c - masks across runs, and elements taken out.
 *
 * Hostile: structure and size; the parser's limits bound depth, loops are over trees. */
#include "inspect/clean/clean_xml.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract.h"

static void quiet(void *arg, const char *msg, ...)
{
	(void)arg, (void)msg;
}

int clean_xml_parse(const char *bytes, size_t len, xmlDoc **ret_d)
{
	xmlParserCtxt *c;
	xmlDoc *d;
	bool good;

	if (len > EXTRACT_XML_MAX)
		return SL_E_LIMIT;
	c = xmlNewParserCtxt();
	if (c == NULL)
		return SL_E_NOMEM;
	xmlSetGenericErrorFunc(NULL, quiet);
	d = xmlCtxtReadMemory(c, bytes, (int)len, NULL, NULL,
			      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	good = d != NULL && c->wellFormed && xmlGetIntSubset(d) == NULL;
	xmlFreeParserCtxt(c);
	if (good) {
		*ret_d = d;
		return SL_OK;
	}
	xmlFreeDoc(d);
	return SL_E_FORMAT;
}

int clean_xml_write(xmlDoc *d, struct buf *out)
{
	xmlChar *text = NULL;
	int len = 0;

	xmlDocDumpMemoryEnc(d, &text, &len, "UTF-8");
	if (text == NULL)
		return SL_E_NOMEM;
	buf_put(out, text, (size_t)len);
	xmlFree(text);
	return buf_error(out);
}

/* The element after n in document order, inside root; down: into its children. */
static xmlNode *next(xmlNode *n, const xmlNode *root, bool down)
{
	if (down && n->children != NULL)
		return n->children;
	while (n != root && n->next == NULL)
		n = n->parent;
	return (n == root) ? NULL : n->next;
}

static bool named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

/* What a reader takes for one paragraph, cell or line. */
static bool is_paragraph(const xmlNode *n)
{
	return named(n, "p") || named(n, "h") || named(n, "si") || named(n, "is") ||
	       named(n, "TextObject");
}

struct piece {
	xmlNode *node; /* text */
	size_t start, len;
};

struct paragraph {
	struct piece *pieces;
	size_t n, cap;
	struct buf text;
};

static int add_piece(struct paragraph *p, xmlNode *n)
{
	size_t len = strlen((const char *)n->content);

	if (p->n == p->cap) {
		size_t cap = (p->cap == 0) ? 16 : p->cap * 2;
		void *more = reallocarray(p->pieces, cap, sizeof(*p->pieces));

		if (more == NULL)
			return SL_E_NOMEM;
		p->pieces = more;
		p->cap = cap;
	}
	p->pieces[p->n++] = (struct piece){.node = n, .start = p->text.len, .len = len};
	buf_put(&p->text, n->content, len);
	return buf_error(&p->text);
}

/* Texts below root that belong to no paragraph inside it. */
static int collect(struct paragraph *p, xmlNode *root)
{
	xmlNode *n = root->children;
	int r = SL_OK;

	while (n != NULL && r == SL_OK) {
		if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
		    n->content != NULL)
			r = add_piece(p, n);
		n = next(n, root, !is_paragraph(n));
	}
	return r;
}

/* Longest mask at this byte of the paragraph. */
static size_t mask_at(const struct clean_job *job, const struct buf *text, size_t at,
		      size_t *ret_mask)
{
	size_t best = 0;

	for (size_t i = 0; i < job->n_masks; i++) {
		size_t n;

		if ((uint8_t)job->masks[i].text[0] != text->data[at])
			continue;
		n = strlen(job->masks[i].text);
		if (n > best && n <= text->len - at &&
		    memcmp(text->data + at, job->masks[i].text, n) == 0) {
			best = n;
			*ret_mask = i;
		}
	}
	return best;
}

/* Write the pieces again.  A mask's replacement goes to the piece in which it begins. */
static int rewrite(struct paragraph *p, const struct clean_job *job, uint32_t *masked,
		   uint32_t *removed)
{
	size_t hidden_until = 0, which = 0;
	bool any = false;
	struct buf out;
	int r = SL_OK;

	for (size_t i = 0; i < p->n && r == SL_OK; i++) {
		const struct piece *q = &p->pieces[i];
		size_t end = q->start + q->len, from = q->start;
		uint32_t before = *removed;

		buf_init(&out, EXTRACT_XML_MAX);
		any = hidden_until > q->start;
		for (size_t at = q->start; at < end;) {
			size_t n;

			if (at < hidden_until) {
				from = at = (hidden_until < end) ? hidden_until : end;
				continue;
			}
			n = mask_at(job, &p->text, at, &which);
			if (n == 0) {
				at++;
				continue;
			}
			any = true;
			r = clean_copy_text(&(struct clean_job){0},
					    (const char *)p->text.data + from, at - from, &out,
					    NULL, removed);
			buf_put(&out, job->masks[which].with, strlen(job->masks[which].with));
			masked[which]++;
			hidden_until = at + n;
		}
		if (r == SL_OK && from < end)
			r = clean_copy_text(&(struct clean_job){0},
					    (const char *)p->text.data + from, end - from, &out,
					    NULL, removed);
		if (r == SL_OK && (any || *removed != before))
			xmlNodeSetContentLen(q->node, NULL, 0);
		if (r == SL_OK && (any || *removed != before))
			xmlNodeAddContentLen(q->node, (const xmlChar *)buf_str(&out),
					     (int)out.len);
		buf_wipe(&out);
	}
	return r;
}

static int mask_paragraph(xmlNode *root, const struct clean_job *job, uint32_t *masked,
			  uint32_t *removed)
{
	struct paragraph p = {.n = 0};
	int r;

	buf_init(&p.text, EXTRACT_XML_MAX);
	r = collect(&p, root);
	if (r == SL_OK)
		r = rewrite(&p, job, masked, removed);
	free(p.pieces);
	buf_wipe(&p.text);
	return r;
}

/* Names by which the parts of a package find each other: a mask in them would break it.
 * What they say of people is said elsewhere, too, or is left to a person. */
static bool is_structure(const xmlNode *n, const xmlAttr *a, const char *value)
{
	static const char *const names[] = {"id",	 "r",		"s",	"t",
					    "ref",	 "sqref",	"spid", "PartName",
					    "full-path", "ContentType", "Type", "Extension"};
	const char *name = (const char *)a->name;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	if (strcmp(name, "Target") == 0) {
		const char *mode = clean_xml_attr(n, "TargetMode");

		return mode == NULL || strcmp(mode, "External") != 0;
	}
	/* A member of the package, or an address: that begins with its scheme. */
	if (strcmp(name, "href") == 0)
		return strchr(value, ':') == NULL && value[0] != '#';
	/* A star is no letter of a sheet's name, and formulas say it, too. */
	return strcmp(name, "name") == 0 &&
	       (named(n, "sheet") || named(n, "table") || named(n, "style"));
}

static int mask_attrs(xmlNode *n, const struct clean_job *job, uint32_t *masked,
		      uint32_t *removed)
{
	struct buf out;
	int r = SL_OK;

	buf_init(&out, EXTRACT_XML_MAX);
	for (xmlAttr *a = n->properties; r == SL_OK && a != NULL; a = a->next) {
		xmlNode *text = a->children;
		const char *value =
			text != NULL && text->next == NULL && text->type == XML_TEXT_NODE
				? (const char *)text->content
				: NULL;

		if (value == NULL || is_structure(n, a, value))
			continue;
		buf_clear(&out);
		r = clean_copy_text(job, value, strlen(value), &out, masked, removed);
		if (r == SL_OK && strcmp(buf_str(&out), value) != 0) {
			xmlNodeSetContentLen(text, NULL, 0);
			xmlNodeAddContentLen(text, (const xmlChar *)buf_str(&out),
					     (int)out.len);
		}
	}
	buf_wipe(&out);
	return r;
}

int clean_xml_mask(xmlDoc *d, const struct clean_job *job, uint32_t *ret_masked,
		   uint32_t *ret_removed)
{
	xmlNode *root = xmlDocGetRootElement(d);
	int r = SL_OK;

	for (xmlNode *n = root; n != NULL && r == SL_OK; n = next(n, root, true)) {
		if (n->type == XML_ELEMENT_NODE)
			r = mask_attrs(n, job, ret_masked, ret_removed);
		/* Text outside paragraphs - values of cells, properties - one by one. */
		if (r == SL_OK &&
		    (is_paragraph(n) ||
		     (n->type == XML_ELEMENT_NODE && n->children != NULL &&
		      n->children->type == XML_TEXT_NODE && n->children->next == NULL))) {
			bool inside = false;

			for (const xmlNode *up = n->parent; up != NULL && !is_paragraph(n);
			     up = up->parent)
				inside = inside || is_paragraph(up);
			if (!inside)
				r = mask_paragraph(n, job, ret_masked, ret_removed);
		}
	}
	return r;
}

const char *clean_xml_attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return (a->children != NULL && a->children->content != NULL)
				       ? (const char *)a->children->content
				       : "";
	return NULL;
}

uint32_t clean_xml_filter(xmlDoc *d, bool (*each)(void *arg, const xmlNode *n), void *arg)
{
	xmlNode *root = xmlDocGetRootElement(d), *n = root;
	uint32_t count = 0;

	while (n != NULL) {
		bool gone = n != root && n->type == XML_ELEMENT_NODE && each(arg, n);
		xmlNode *after = next(n, root, !gone);

		if (gone) {
			xmlUnlinkNode(n);
			xmlFreeNode(n);
			count++;
		}
		n = after;
	}
	return count;
}

static bool is_named(void *arg, const xmlNode *n)
{
	return strcmp((const char *)n->name, arg) == 0;
}

uint32_t clean_xml_drop(xmlDoc *d, const char *name)
{
	char copy[64];

	(void)snprintf(copy, sizeof(copy), "%s", name);
	return clean_xml_filter(d, is_named, copy);
}

uint32_t clean_xml_drop_attrs(xmlDoc *d, const char *prefix)
{
	xmlNode *root = xmlDocGetRootElement(d);
	size_t len = strlen(prefix);
	uint32_t count = 0;

	for (xmlNode *n = root; n != NULL; n = next(n, root, true)) {
		xmlAttr *a = (n->type == XML_ELEMENT_NODE) ? n->properties : NULL;

		while (a != NULL) {
			xmlAttr *after = a->next;

			if (strncmp((const char *)a->name, prefix, len) == 0) {
				(void)xmlRemoveProp(a);
				count++;
			}
			a = after;
		}
	}
	return count;
}
