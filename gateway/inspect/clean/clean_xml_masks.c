/* clean_xml_masks.c - masks across runs, in attributes, and in what must stay a number, a name
 * or a formula.
 *
 * A mask that breaks a document mends nothing: names that other parts refer to stay as they
 * are, and so does a formula but for the words in it; a number becomes a word.  What stays is
 * found again by clean_left and said.  Hostile: structure and size; loops are over trees. */
#include <stdlib.h>
#include <string.h>

#include "inspect/clean/clean_xml.h"
#include "inspect/clean/clean_xml_names.h"
#include "inspect/extract/extract.h"

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
		n = clean_xml_next(n, root, !is_paragraph(n));
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

/* ECMA-376 part 3, 10.2.3: the same once more, for programs that do not know the new way. */
static bool is_fallback(const xmlNode *n)
{
	for (; n != NULL; n = n->parent) {
		if (named(n, "Fallback"))
			return true;
	}
	return false;
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
			r = clean_copy_text(&(struct clean_job){.exact = job->exact},
					    (const char *)p->text.data + from, at - from, &out,
					    NULL, removed);
			buf_put(&out, job->masks[which].with, strlen(job->masks[which].with));
			masked[which] += job->exact && is_fallback(q->node) ? 0 : 1;
			hidden_until = at + n;
		}
		if (r == SL_OK && from < end)
			r = clean_copy_text(&(struct clean_job){.exact = job->exact},
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

static void set_text(xmlNode *text, const struct buf *to)
{
	xmlNodeSetContentLen(text, NULL, 0);
	xmlNodeAddContentLen(text, (const xmlChar *)buf_str(to), (int)to->len);
}

/* The only child of an element or attribute, when it is text. */
static xmlNode *only_text(xmlNode *children)
{
	return children != NULL && children->next == NULL && children->type == XML_TEXT_NODE &&
			       children->content != NULL
		       ? children
		       : NULL;
}

/* Masks between the quotes of a formula; names and numbers outside of them stay. */
static int copy_formula(const struct clean_job *job, const char *s, struct buf *out,
			uint32_t *masked, uint32_t *removed)
{
	int r = SL_OK;

	while (r == SL_OK && *s != '\0') {
		size_t n = strcspn(s, "'\"");
		char quote = s[n];

		buf_put(out, s, n);
		s += n;
		if (quote == '\0')
			break;
		buf_put(out, s++, 1);
		n = strcspn(s, quote == '"' ? "\"" : "'");
		if (quote == '"')
			r = clean_copy_text(job, s, n, out, masked, removed);
		else
			buf_put(out, s, n);
		s += n;
		if (*s == quote)
			buf_put(out, s++, 1);
	}
	return r == SL_OK ? buf_error(out) : r;
}

/* Text of an attribute or element that stands alone; *ret_different. */
static int mask_text(xmlNode *text, const struct clean_job *job, bool formula, uint32_t *masked,
		     uint32_t *removed, bool *ret_different)
{
	const char *was = (const char *)text->content;
	struct buf out;
	int r;

	buf_init(&out, EXTRACT_XML_MAX);
	r = formula ? copy_formula(job, was, &out, masked, removed)
		    : clean_copy_text(job, was, strlen(was), &out, masked, removed);
	*ret_different = r == SL_OK && strcmp(buf_str(&out), was) != 0;
	if (*ret_different)
		set_text(text, &out);
	buf_wipe(&out);
	return r;
}

/* ODF 1.3 part 3, 19.385: a cell that is no number any more says what is in its paragraphs. */
static void make_word(xmlNode *cell)
{
	for (xmlAttr *a = cell->properties; a != NULL;) {
		xmlAttr *after = a->next;

		if (strcmp((const char *)a->name, "value-type") == 0) {
			xmlNodeSetContentLen(a->children, (const xmlChar *)"string", 6);
		} else if (strcmp((const char *)a->name, "value") == 0) {
			(void)xmlRemoveProp(a);
		}
		a = after;
	}
}

static int mask_attrs(xmlNode *n, const struct clean_job *job, uint32_t *masked,
		      uint32_t *removed)
{
	bool different = false, number = false;
	int r = SL_OK;

	for (xmlAttr *a = n->properties; r == SL_OK && a != NULL; a = a->next) {
		xmlNode *text = only_text(a->children);

		if (text == NULL ||
		    clean_xml_is_name(job->type, n, a, (const char *)text->content))
			continue;
		r = mask_text(text, job, clean_xml_is_formula(a), masked, removed, &different);
		number = number || (different && strcmp((const char *)a->name, "value") == 0);
	}
	if (number && clean_xml_attr(n, "value-type") != NULL)
		make_word(n);
	return r;
}

/* ECMA-376 part 1, 18.18.11: a number that is masked is a word. */
static int mask_value(xmlNode *v, const struct clean_job *job, uint32_t *masked,
		      uint32_t *removed)
{
	xmlNode *text = only_text(v->children);
	bool different = false;
	int r;

	if (text == NULL)
		return SL_OK;
	r = mask_text(text, job, false, masked, removed, &different);
	if (different)
		(void)xmlSetProp(v->parent, (const xmlChar *)"t", (const xmlChar *)"str");
	return r;
}

/* Text outside paragraphs - values of cells, properties - one by one. */
static bool stands_alone(const xmlNode *n)
{
	if (n->type != XML_ELEMENT_NODE || n->children == NULL ||
	    n->children->type != XML_TEXT_NODE || n->children->next != NULL)
		return false;
	for (const xmlNode *up = n->parent; up != NULL; up = up->parent)
		if (is_paragraph(up))
			return false;
	return true;
}

static int mask_element(xmlNode *n, const struct clean_job *job, uint32_t *masked,
			uint32_t *removed)
{
	bool different;

	if (is_paragraph(n))
		return mask_paragraph(n, job, masked, removed);
	if (!stands_alone(n))
		return SL_OK;
	switch (clean_xml_text_kind(n)) {
	case CLEAN_TEXT_NUMBER:
		return SL_OK;
	case CLEAN_TEXT_FORMULA:
		return mask_text(n->children, job, true, masked, removed, &different);
	case CLEAN_TEXT_VALUE:
		return mask_value(n, job, masked, removed);
	default:
		return mask_paragraph(n, job, masked, removed);
	}
}

int clean_xml_mask(xmlDoc *d, const struct clean_job *job, uint32_t *ret_masked,
		   uint32_t *ret_removed)
{
	xmlNode *root = xmlDocGetRootElement(d);
	int r = SL_OK;

	for (xmlNode *n = root; n != NULL && r == SL_OK; n = clean_xml_next(n, root, true)) {
		if (n->type == XML_ELEMENT_NODE)
			r = mask_attrs(n, job, ret_masked, ret_removed);
		if (r == SL_OK)
			r = mask_element(n, job, ret_masked, ret_removed);
	}
	return r;
}
