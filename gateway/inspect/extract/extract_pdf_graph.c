/* extract_pdf_graph.c - what the things cost that the content of a PDF names.
 *
 * Each is looked at once and its cost remembered, so that the work is that of the file and not
 * that of drawing it.  Hostile: all of it.  What leads back to itself is no document and costs
 * without end, as do names nested deeper than the ceiling and content that qpdf cannot
 * unpack. */
#include "inspect/extract/extract_pdf_cost.h"

#include <math.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_pdf_tokens.h"

enum {
	PIXELS = 256,	  /* of a picture, for one operator */
	PATCH_POINT = 64, /* operators for a point of a mesh: a patch has eight or more */
	TRIANGLE_POINT = 8,
	SAMPLES = 64,		  /* of a function, for one operator */
	STEP_MIN_PARTS = 1000000, /* no tile is smaller than one part of a square point */
};

static const struct pdf_cost without_end = {.ops = INFINITY};

static qpdf_oh find(struct pdf_costs *c, struct pdf_scope *scope, const char *kind,
		    const char *name)
{
	char key[PDF_WORD_MAX + 1];
	qpdf_oh v = 0;

	(void)snprintf(key, sizeof(key), "/%s", name);
	for (struct pdf_scope *s = scope; s != NULL; s = s->up) {
		if (qpdf_oh_is_dictionary(c->q, s->resources)) {
			qpdf_oh all = qpdf_oh_get_key(c->q, s->resources, kind);

			v = qpdf_oh_is_dictionary(c->q, all) ? qpdf_oh_get_key(c->q, all, key)
							     : qpdf_oh_new_null(c->q);
			qpdf_oh_release(c->q, all);
			if (!qpdf_oh_is_null(c->q, v))
				return v;
			qpdf_oh_release(c->q, v);
		}
		s->open = true;
	}
	return qpdf_oh_new_null(c->q);
}

static bool numbers(struct pdf_costs *c, qpdf_oh dict, const char *key, double *out, int n)
{
	qpdf_oh array = qpdf_oh_get_key(c->q, dict, key);
	bool good =
		qpdf_oh_is_array(c->q, array) && qpdf_oh_get_array_n_items(c->q, array) >= n;

	for (int i = 0; good && i < n; i++) {
		qpdf_oh v = qpdf_oh_get_array_item(c->q, array, i);

		out[i] = qpdf_oh_is_number(c->q, v) ? qpdf_oh_get_numeric_value(c->q, v) : 0;
		qpdf_oh_release(c->q, v);
	}
	qpdf_oh_release(c->q, array);
	return good;
}

static double number(struct pdf_costs *c, qpdf_oh dict, const char *key)
{
	qpdf_oh v = qpdf_oh_get_key(c->q, dict, key);
	double d = qpdf_oh_is_number(c->q, v) ? qpdf_oh_get_numeric_value(c->q, v) : 0;

	qpdf_oh_release(c->q, v);
	return d;
}

struct pdf_box extract_pdf_graph_box(struct pdf_costs *c, qpdf_oh dict, const char *key)
{
	double v[4] = {0};

	(void)numbers(c, dict, key, v, 4);
	return (struct pdf_box){.x1 = fmin(v[0], v[2]),
				.y1 = fmin(v[1], v[3]),
				.x2 = fmax(v[0], v[2]),
				.y2 = fmax(v[1], v[3])};
}

static void matrix_of(struct pdf_costs *c, qpdf_oh dict, const char *key, double m[6])
{
	static const double same[6] = {1, 0, 0, 1, 0, 0};

	if (!numbers(c, dict, key, m, 6))
		memcpy(m, same, sizeof(same));
}

/* --- memory --- */

/* NULL: the object has no number of its own. */
static struct pdf_memo *memo_of(struct pdf_costs *c, qpdf_oh oh)
{
	int id = qpdf_oh_is_indirect(c->q, oh) ? qpdf_oh_get_object_id(c->q, oh) : 0;

	return id > 0 && id < c->n ? &c->memo[id] : NULL;
}

/* What was found with the help of a user's resources is found anew for the next user. */
static void remember(struct pdf_memo *m, const struct pdf_cost *cost, bool open)
{
	if (m == NULL)
		return;
	m->cost = *cost;
	m->state = open && isfinite(cost->ops) ? PDF_MEMO_NEW : PDF_MEMO_KNOWN;
}

static bool remembered(struct pdf_memo *m, struct pdf_cost *ret_cost)
{
	if (m == NULL || m->state == PDF_MEMO_NEW)
		return false;
	*ret_cost = m->state == PDF_MEMO_KNOWN ? m->cost : without_end;
	return true;
}

/* --- content --- */

void extract_pdf_graph_unread(struct pdf_costs *c)
{
	bool too_large = false;

	/* What does not fit into memory may be whole; qpdf only mentions it. */
	while (qpdf_more_warnings(c->q))
		too_large = strstr(qpdf_get_error_message_detail(c->q, qpdf_next_warning(c->q)),
				   "bad_alloc") != NULL ||
			    too_large;
	c->damaged = c->damaged || !too_large;
}

struct pdf_cost extract_pdf_graph_paint(struct pdf_costs *c, const uint8_t *bytes, size_t len,
					struct pdf_scope *scope, const struct pdf_box *box)
{
	struct pdf_cost cost = without_end;

	if (len <= EXTRACT_UNPACKED_MAX - c->work) {
		c->work += len;
		cost = extract_pdf_paint(c, bytes, len, scope, box);
	} else {
		c->work = EXTRACT_UNPACKED_MAX;
	}
	return cost;
}

/* A stream that draws. */
struct pdf_cost extract_pdf_graph_stream(struct pdf_costs *c, qpdf_oh stream,
					 struct pdf_scope *up, const struct pdf_box *box)
{
	struct pdf_memo *m = memo_of(c, stream);
	struct pdf_scope scope = {.up = up, .depth = up != NULL ? up->depth + 1 : 0};
	struct pdf_cost cost = without_end;
	unsigned char *bytes = NULL;
	QPDF_BOOL filtered = QPDF_FALSE;
	size_t len = 0;
	qpdf_oh dict;

	if (remembered(m, &cost))
		return cost;
	if (m == NULL || scope.depth > PDF_COST_NESTING_MAX)
		return without_end;
	m->state = PDF_MEMO_RUNNING;
	dict = qpdf_oh_get_dict(c->q, stream);
	scope.resources = qpdf_oh_get_key(c->q, dict, "/Resources");
	if ((qpdf_oh_get_stream_data(c->q, stream, qpdf_dl_all, &filtered, &bytes, &len) &
	     QPDF_ERRORS) != 0 ||
	    !filtered)
		extract_pdf_graph_unread(c);
	else
		cost = extract_pdf_graph_paint(c, bytes, len, &scope, box);
	remember(m, &cost, scope.open);
	free(bytes);
	qpdf_oh_release(c->q, scope.resources);
	qpdf_oh_release(c->q, dict);
	return cost;
}

/* --- what content names --- */

static double pixels(double width, double height)
{
	if (!(width <= EXTRACT_SIDE_MAX && height <= EXTRACT_SIDE_MAX &&
	      width * height <= EXTRACT_PIXELS_MAX))
		return INFINITY;
	return width > 0 && height > 0 ? 1 + width * height / PIXELS : 1;
}

double extract_pdf_graph_inline(struct pdf_costs *c, double width, double height)
{
	(void)c;
	return pixels(width, height);
}

/* A picture and its masks, which are pictures. */
static double picture_cost(struct pdf_costs *c, qpdf_oh stream)
{
	static const char *const masks[] = {"/SMask", "/Mask"};
	struct pdf_memo *m = memo_of(c, stream);
	struct pdf_cost cost = {0};
	double width, height;

	if (remembered(m, &cost))
		return cost.ops;
	extract_pdf_picture_size(c->q, stream, &width, &height);
	cost.ops = pixels(width, height);
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		qpdf_oh dict = qpdf_oh_get_dict(c->q, stream);
		qpdf_oh mask = qpdf_oh_get_key(c->q, dict, masks[i]);

		if (qpdf_oh_is_stream(c->q, mask)) {
			extract_pdf_picture_size(c->q, mask, &width, &height);
			cost.ops += pixels(width, height);
		}
		qpdf_oh_release(c->q, mask);
		qpdf_oh_release(c->q, dict);
	}
	remember(m, &cost, false);
	return cost.ops;
}

static void form_cost(struct pdf_costs *c, qpdf_oh stream, qpdf_oh dict, struct pdf_scope *up,
		      struct pdf_drawn *d)
{
	d->box = extract_pdf_graph_box(c, dict, "/BBox");
	matrix_of(c, dict, "/Matrix", d->matrix);
	d->group = qpdf_oh_has_key(c->q, dict, "/Group");
	d->cost = extract_pdf_graph_stream(c, stream, up, &d->box);
}

struct pdf_drawn extract_pdf_graph_drawn(struct pdf_costs *c, struct pdf_scope *scope,
					 const char *name)
{
	struct pdf_drawn d = {.box = {.x2 = 1, .y2 = 1}, .matrix = {1, 0, 0, 1, 0, 0}};
	qpdf_oh oh = find(c, scope, "/XObject", name);

	if (qpdf_oh_is_stream(c->q, oh)) {
		qpdf_oh dict = qpdf_oh_get_dict(c->q, oh);

		if (extract_pdf_is_name(c->q, dict, "/Subtype", "/Image"))
			d.cost = (struct pdf_cost){
				.ops = picture_cost(c, oh), .area = 1, .fills = 1};
		else
			form_cost(c, oh, dict, scope, &d);
		qpdf_oh_release(c->q, dict);
	}
	qpdf_oh_release(c->q, oh);
	return d;
}

/* Points of a mesh, each of which may be far from the last one. */
static double mesh_cost(struct pdf_costs *c, qpdf_oh shading, size_t len)
{
	qpdf_oh dict = qpdf_oh_get_dict(c->q, shading);
	double bits = number(c, dict, "/BitsPerCoordinate");
	bool patches = number(c, dict, "/ShadingType") >= 6;

	qpdf_oh_release(c->q, dict);
	return (double)len * 8 / (2 * fmax(bits, 1)) * (patches ? PATCH_POINT : TRIANGLE_POINT);
}

double extract_pdf_graph_samples(struct pdf_costs *c, qpdf_oh stream)
{
	qpdf_oh dict = qpdf_oh_get_dict(c->q, stream);
	qpdf_oh size = qpdf_oh_get_key(c->q, dict, "/Size");
	int n = qpdf_oh_is_array(c->q, size) ? qpdf_oh_get_array_n_items(c->q, size) : 0;
	double all = n > 0 && number(c, dict, "/FunctionType") == 0 ? 1 : 0;

	for (int i = 0; i < n; i++) {
		qpdf_oh v = qpdf_oh_get_array_item(c->q, size, i);

		all *= qpdf_oh_is_number(c->q, v) ? qpdf_oh_get_numeric_value(c->q, v) : 1;
		qpdf_oh_release(c->q, v);
	}
	qpdf_oh_release(c->q, size);
	qpdf_oh_release(c->q, dict);
	return all;
}

/* The table of a function is read each time that something is shaded with it. */
static double functions_cost(struct pdf_costs *c, qpdf_oh shading)
{
	qpdf_oh f = qpdf_oh_get_key(c->q, shading, "/Function");
	int n = qpdf_oh_is_array(c->q, f) ? qpdf_oh_get_array_n_items(c->q, f) : 0;
	double ops = qpdf_oh_is_stream(c->q, f) ? extract_pdf_graph_samples(c, f) / SAMPLES : 0;

	for (int i = 0; i < n; i++) {
		qpdf_oh one = qpdf_oh_get_array_item(c->q, f, i);

		if (qpdf_oh_is_stream(c->q, one))
			ops += extract_pdf_graph_samples(c, one) / SAMPLES;
		qpdf_oh_release(c->q, one);
	}
	qpdf_oh_release(c->q, f);
	return ops;
}

static double shading_cost(struct pdf_costs *c, qpdf_oh shading)
{
	struct pdf_memo *m = memo_of(c, shading);
	struct pdf_cost cost = {.ops = 1};
	unsigned char *bytes = NULL;
	QPDF_BOOL filtered = QPDF_FALSE;
	size_t len = 0;

	if (qpdf_oh_is_dictionary(c->q, shading))
		return 1 + functions_cost(c, shading);
	if (!qpdf_oh_is_stream(c->q, shading) || remembered(m, &cost))
		return cost.ops;
	cost = without_end;
	if ((qpdf_oh_get_stream_data(c->q, shading, qpdf_dl_all, &filtered, &bytes, &len) &
	     QPDF_ERRORS) != 0 ||
	    !filtered)
		extract_pdf_graph_unread(c);
	else
		cost.ops = 1 + mesh_cost(c, shading, len);
	free(bytes);
	remember(m, &cost, false);
	return cost.ops;
}

double extract_pdf_graph_shading(struct pdf_costs *c, struct pdf_scope *scope, const char *name)
{
	qpdf_oh oh = find(c, scope, "/Shading", name);
	double ops = shading_cost(c, oh);

	qpdf_oh_release(c->q, oh);
	return ops;
}

/* poppler draws a tile once when it leaves no gap and repeats what it got. */
static struct pdf_tile tiling(struct pdf_costs *c, struct pdf_scope *scope, qpdf_oh stream,
			      qpdf_oh dict)
{
	struct pdf_box box = extract_pdf_graph_box(c, dict, "/BBox");
	double x = fabs(number(c, dict, "/XStep")), y = fabs(number(c, dict, "/YStep")), m[6];
	struct pdf_tile t = {.ops = 1 + extract_pdf_graph_stream(c, stream, scope, &box).ops};

	matrix_of(c, dict, "/Matrix", m);
	if (x != box.x2 - box.x1 || y != box.y2 - box.y1)
		t.step = fmax(x * y * fabs(m[0] * m[3] - m[1] * m[2]), 1.0 / STEP_MIN_PARTS);
	return t;
}

struct pdf_tile extract_pdf_graph_tile(struct pdf_costs *c, struct pdf_scope *scope,
				       const char *name)
{
	qpdf_oh oh = find(c, scope, "/Pattern", name);
	struct pdf_tile t = {0};
	qpdf_oh part;

	if (qpdf_oh_is_stream(c->q, oh)) {
		part = qpdf_oh_get_dict(c->q, oh);
		t = tiling(c, scope, oh, part);
		qpdf_oh_release(c->q, part);
	} else if (qpdf_oh_is_dictionary(c->q, oh)) {
		part = qpdf_oh_get_key(c->q, oh, "/Shading");
		t.ops = shading_cost(c, part);
		qpdf_oh_release(c->q, part);
	}
	qpdf_oh_release(c->q, oh);
	return t;
}

/* Each name of a dictionary, one after the other, each with its NUL: the iterator is the
 * document's only one. */
static void keys_of(struct pdf_costs *c, qpdf_oh dict, struct buf *keys)
{
	buf_init(keys, 1 << 20);
	qpdf_oh_begin_dict_key_iter(c->q, dict);
	while (qpdf_oh_dict_more_keys(c->q)) {
		const char *k = qpdf_oh_dict_next_key(c->q);

		buf_put(keys, k, strlen(k) + 1);
	}
}

/* The dearest of a dictionary's streams. */
struct pdf_cost extract_pdf_graph_dearest(struct pdf_costs *c, qpdf_oh dict,
					  struct pdf_scope *scope, const struct pdf_box *box)
{
	struct pdf_cost most = {0};
	struct buf keys;

	keys_of(c, dict, &keys);
	if (buf_error(&keys) != SL_OK)
		most = without_end;
	for (const char *k = buf_str(&keys);
	     isfinite(most.ops) && k < buf_str(&keys) + keys.len; k += strlen(k) + 1) {
		qpdf_oh v = qpdf_oh_get_key(c->q, dict, k);

		if (qpdf_oh_is_stream(c->q, v)) {
			struct pdf_cost one = extract_pdf_graph_stream(c, v, scope, box);

			most = one.ops >= most.ops ? one : most;
		}
		qpdf_oh_release(c->q, v);
	}
	buf_release(&keys);
	return most;
}

static struct pdf_cost drawn_letter(struct pdf_costs *c, qpdf_oh font, struct pdf_scope *up)
{
	static const struct pdf_box none = {0};
	struct pdf_memo *m = memo_of(c, font);
	struct pdf_scope scope = {.up = up, .depth = up->depth + 1};
	struct pdf_cost cost = without_end;
	qpdf_oh letters;

	if (remembered(m, &cost))
		return cost;
	if (scope.depth > PDF_COST_NESTING_MAX)
		return without_end;
	if (m != NULL)
		m->state = PDF_MEMO_RUNNING;
	scope.resources = qpdf_oh_get_key(c->q, font, "/Resources");
	letters = qpdf_oh_get_key(c->q, font, "/CharProcs");
	cost = (struct pdf_cost){0};
	if (qpdf_oh_is_dictionary(c->q, letters))
		cost = extract_pdf_graph_dearest(c, letters, &scope, &none);
	qpdf_oh_release(c->q, letters);
	qpdf_oh_release(c->q, scope.resources);
	remember(m, &cost, scope.open);
	return cost;
}

double extract_pdf_graph_letter(struct pdf_costs *c, struct pdf_scope *scope, const char *name)
{
	qpdf_oh font = find(c, scope, "/Font", name);
	double ops = 0;

	if (qpdf_oh_is_dictionary(c->q, font) &&
	    extract_pdf_is_name(c->q, font, "/Subtype", "/Type3"))
		ops = drawn_letter(c, font, scope).ops;
	qpdf_oh_release(c->q, font);
	return ops;
}

double extract_pdf_graph_state(struct pdf_costs *c, struct pdf_scope *scope, const char *name)
{
	qpdf_oh gs = find(c, scope, "/ExtGState", name), mask = 0, group = 0, dict;
	double ops = 0;

	if (qpdf_oh_is_dictionary(c->q, gs))
		mask = qpdf_oh_get_key(c->q, gs, "/SMask");
	if (mask != 0 && qpdf_oh_is_dictionary(c->q, mask))
		group = qpdf_oh_get_key(c->q, mask, "/G");
	if (group != 0 && qpdf_oh_is_stream(c->q, group)) {
		struct pdf_drawn d = {0};

		dict = qpdf_oh_get_dict(c->q, group);
		form_cost(c, group, dict, scope, &d);
		ops = d.cost.ops;
		qpdf_oh_release(c->q, dict);
	}
	qpdf_oh_release(c->q, group);
	qpdf_oh_release(c->q, mask);
	qpdf_oh_release(c->q, gs);
	return ops;
}
