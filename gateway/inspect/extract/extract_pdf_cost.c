/* extract_pdf_cost.c - pages that would take longer to draw than anybody waits are not drawn.
 *
 * A form may paint another one twice, and that one the next: thirty small forms are a billion
 * operators.  So what a page costs is added up before poppler sees it.  Hostile: all of it;
 * what follows the tree of pages with one call inside the next does so after we measured it. */
#include "inspect/extract/extract_pdf_cost.h"

#include <math.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_qpdf.h"

enum {
	SAMPLES_MAX = 1 << 20, /* of one function; four colours in 17 steps each are 83,521 */
	OBJECTS_MAX = 500000,
	NODES_MAX = 8 * EXTRACT_PAGES_MAX, /* of the tree of pages */
	ANNOTATION = 8,			   /* operators that each one counts, drawn or not */
	UNITS = 1000,			   /* square points painted, for one operator */
};

static double in_operators(const struct pdf_cost *cost)
{
	return cost->ops + cost->area / UNITS;
}

static double appearance_cost(struct pdf_costs *c, qpdf_oh note, struct pdf_scope *scope,
			      const struct pdf_box *page)
{
	qpdf_oh looks = qpdf_oh_get_key(c->q, note, "/AP"), normal = 0;
	struct pdf_cost cost = {0};

	if (qpdf_oh_is_dictionary(c->q, looks))
		normal = qpdf_oh_get_key(c->q, looks, "/N");
	if (normal != 0 && qpdf_oh_is_stream(c->q, normal))
		cost = extract_pdf_graph_stream(c, normal, scope, page);
	else if (normal != 0 && qpdf_oh_is_dictionary(c->q, normal))
		cost = extract_pdf_graph_dearest(c, normal, scope, page);
	qpdf_oh_release(c->q, normal);
	qpdf_oh_release(c->q, looks);
	return in_operators(&cost);
}

static double notes_cost(struct pdf_costs *c, qpdf_oh page, struct pdf_scope *scope,
			 const struct pdf_box *box)
{
	qpdf_oh notes = qpdf_oh_get_key(c->q, page, "/Annots");
	int n = qpdf_oh_is_array(c->q, notes) ? qpdf_oh_get_array_n_items(c->q, notes) : 0;
	double ops = (double)n * ANNOTATION;

	for (int i = 0; i < n && ops <= EXTRACT_OPERATORS_MAX; i++) {
		qpdf_oh note = qpdf_oh_get_array_item(c->q, notes, i);

		if (qpdf_oh_is_dictionary(c->q, note))
			ops += appearance_cost(c, note, scope, box);
		qpdf_oh_release(c->q, note);
	}
	qpdf_oh_release(c->q, notes);
	return ops;
}

static double page_cost(struct pdf_costs *c, size_t number)
{
	qpdf_oh page = qpdf_get_page_n(c->q, number);
	struct pdf_scope scope = {.resources = qpdf_oh_get_key(c->q, page, "/Resources")};
	struct pdf_box box = extract_pdf_graph_box(c, page, "/MediaBox");
	struct pdf_cost cost = {.ops = INFINITY};
	unsigned char *bytes = NULL;
	size_t len = 0;
	double ops;

	if ((qpdf_oh_get_page_content_data(c->q, page, &bytes, &len) & QPDF_ERRORS) != 0)
		extract_pdf_graph_unread(c);
	else
		cost = extract_pdf_graph_paint(c, bytes, len, &scope, &box);
	ops = in_operators(&cost);
	if (ops <= EXTRACT_OPERATORS_MAX)
		ops += notes_cost(c, page, &scope, &box);
	free(bytes);
	qpdf_oh_release(c->q, scope.resources);
	qpdf_oh_release(c->q, page);
	return ops;
}

/* Before anybody else asks for pages: others follow the tree with one call inside the next. */
static bool count_pages(struct pdf_costs *c, qpdf_oh node, unsigned depth, unsigned *nodes)
{
	qpdf_oh kids = qpdf_oh_get_key(c->q, node, "/Kids");
	int n = qpdf_oh_is_array(c->q, kids) ? qpdf_oh_get_array_n_items(c->q, kids) : 0;
	bool good = depth <= PDF_COST_NESTING_MAX && ++*nodes <= NODES_MAX;

	for (int i = 0; good && i < n; i++) {
		qpdf_oh kid = qpdf_oh_get_array_item(c->q, kids, i);

		good = !qpdf_oh_is_dictionary(c->q, kid) ||
		       count_pages(c, kid, depth + 1, nodes);
		qpdf_oh_release(c->q, kid);
	}
	qpdf_oh_release(c->q, kids);
	return good;
}

/* Tables of functions are read for colours, shadings and masks alike. */
static bool small_tables(struct pdf_costs *c)
{
	bool good = true;

	for (int id = 1; good && id < c->n; id++) {
		qpdf_oh oh = qpdf_get_object_by_id(c->q, id, 0);

		if (qpdf_oh_is_stream(c->q, oh))
			good = extract_pdf_graph_samples(c, oh) <= SAMPLES_MAX;
		qpdf_oh_release(c->q, oh);
	}
	return good;
}

static int open_costs(struct pdf_costs *c, const uint8_t *bytes, size_t len)
{
	qpdf_oh trailer, size, root, tree;
	unsigned nodes = 0;
	long long n;
	bool good;

	if ((qpdf_read_memory(c->q, "document", (const char *)bytes, len, NULL) &
	     QPDF_ERRORS) != 0)
		return qpdf_has_error(c->q) &&
				       qpdf_get_error_code(c->q, qpdf_get_error(c->q)) ==
					       qpdf_e_password
			       ? SL_E_DENIED
			       : SL_E_FORMAT;
	trailer = qpdf_get_trailer(c->q);
	size = qpdf_oh_get_key(c->q, trailer, "/Size");
	n = qpdf_oh_get_int_value(c->q, size);
	qpdf_oh_release(c->q, size);
	qpdf_oh_release(c->q, trailer);
	if (n <= 0)
		return SL_E_FORMAT;
	if (n > OBJECTS_MAX)
		return SL_E_LIMIT;
	c->n = (int)n;
	c->memo = calloc((size_t)n, sizeof(*c->memo));
	if (c->memo == NULL)
		return SL_E_NOMEM;
	root = qpdf_get_root(c->q);
	tree = qpdf_oh_get_key(c->q, root, "/Pages");
	good = count_pages(c, tree, 0, &nodes) && small_tables(c);
	qpdf_oh_release(c->q, tree);
	qpdf_oh_release(c->q, root);
	return good ? SL_OK : SL_E_LIMIT;
}

static int judge_pages(struct pdf_costs *c, struct pdf *pdf)
{
	int n = qpdf_get_num_pages(c->q);
	double sum = 0;

	if (n <= 0 || (qpdf_push_inherited_attributes_to_page(c->q) & QPDF_ERRORS) != 0)
		return SL_E_FORMAT;
	if (n > EXTRACT_PAGES_MAX)
		return SL_E_LIMIT;
	pdf->dear = calloc((size_t)n, sizeof(*pdf->dear));
	if (pdf->dear == NULL)
		return SL_E_NOMEM;
	pdf->pages = (unsigned)n;
	for (int i = 0; i < n; i++) {
		double ops;

		c->damaged = false;
		ops = sum <= EXTRACT_OPERATORS_ALL_MAX ? page_cost(c, (size_t)i) : INFINITY;
		if (ops <= EXTRACT_OPERATORS_MAX)
			sum += ops;
		/* Also when a cost is no number. */
		if (!(ops <= EXTRACT_OPERATORS_MAX && sum <= EXTRACT_OPERATORS_ALL_MAX))
			pdf->dear[i] = c->damaged ? "corrupt" : "over-limit";
	}
	return SL_OK;
}

int extract_pdf_cost(struct pdf *pdf, const uint8_t *bytes, size_t len)
{
	struct pdf_costs c = {.q = extract_qpdf_new()};
	int r = (c.q == NULL) ? SL_E_NOMEM : open_costs(&c, bytes, len);

	if (r == SL_OK)
		r = judge_pages(&c, pdf);
	free(c.memo);
	extract_qpdf_free(c.q);
	return r;
}
