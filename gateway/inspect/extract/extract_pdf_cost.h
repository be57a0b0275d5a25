/* extract_pdf_cost.h - what drawing a page would cost, before anybody draws it.
 *
 * Inner parts, shared by extract_pdf_cost.c (pages), extract_pdf_graph.c (what a page names:
 * forms, patterns, drawn letters, masks, shadings) and extract_pdf_paint.c (one content
 * stream).  A cost may be infinite, or no number when it is more than that. */
#ifndef SL_INSPECT_EXTRACT_PDF_COST_H
#define SL_INSPECT_EXTRACT_PDF_COST_H

#include "inspect/extract/extract_pdf.h"

enum { PDF_COST_NESTING_MAX = 64 /* things inside things, and nodes of the tree of pages */ };

struct pdf_cost {
	double ops;   /* operators, letters, and what pictures and tiles count in these */
	double area;  /* painted, in square units of where it is drawn */
	double fills; /* times that something is painted */
};

struct pdf_box {
	double x1, y1, x2, y2;
};

/* Resources by which names are looked up; what a form does not have, its users may have. */
struct pdf_scope {
	unsigned resources; /* qpdf_oh */
	struct pdf_scope *up;
	unsigned depth;
	bool open; /* it needed something of its users: its cost is not the same for all */
};

/* What "Do" draws: a form (box and matrix are its own) or a picture (the unit square). */
struct pdf_drawn {
	struct pdf_cost cost;
	struct pdf_box box;
	double matrix[6];
	bool group; /* drawn apart first, which costs as much as painting it again */
};

/* What "scn" paints with. */
struct pdf_tile {
	double ops;  /* of one tile, or each time */
	double step; /* square units that one tile covers, 0: drawn once and repeated */
};

enum pdf_memo_state { PDF_MEMO_NEW, PDF_MEMO_RUNNING, PDF_MEMO_KNOWN };

struct pdf_memo {
	struct pdf_cost cost;
	enum pdf_memo_state state;
};

struct pdf_costs {
	struct _qpdf_data *q;
	int n;		       /* objects 1 to n - 1 */
	struct pdf_memo *memo; /* owned: by object */
	size_t work;	       /* bytes of content read */
	bool damaged;
};

/* Cost of content; what is painted outside the box is not seen and costs no area. */
struct pdf_cost extract_pdf_paint(struct pdf_costs *c, const uint8_t *s, size_t len,
				  struct pdf_scope *scope, const struct pdf_box *box);

/* The box that holds a box after a transformation; the area of a box, never negative. */
struct pdf_box extract_pdf_paint_box(const struct pdf_box *box, const double m[6]);
struct pdf_box extract_pdf_paint_meet(const struct pdf_box *a, const struct pdf_box *b);
double extract_pdf_paint_area(const struct pdf_box *box);

/* Things by the names that content has for them; nothing known costs nothing. */
struct pdf_drawn extract_pdf_graph_drawn(struct pdf_costs *c, struct pdf_scope *scope,
					 const char *name);
struct pdf_tile extract_pdf_graph_tile(struct pdf_costs *c, struct pdf_scope *scope,
				       const char *name);
double extract_pdf_graph_letter(struct pdf_costs *c, struct pdf_scope *scope, const char *name);
double extract_pdf_graph_state(struct pdf_costs *c, struct pdf_scope *scope, const char *name);
double extract_pdf_graph_shading(struct pdf_costs *c, struct pdf_scope *scope,
				 const char *name);
/* Entries of a sampled function's table (qpdf_oh of a stream); 0: it is none. */
double extract_pdf_graph_samples(struct pdf_costs *c, unsigned stream);
/* A picture inside the content, which is judged as any other. */
double extract_pdf_graph_inline(struct pdf_costs *c, double width, double height);

/* Content that was unpacked, counted against the ceiling of unpacked bytes. */
struct pdf_cost extract_pdf_graph_paint(struct pdf_costs *c, const uint8_t *bytes, size_t len,
					struct pdf_scope *scope, const struct pdf_box *box);
/* After qpdf did not give content: is it damaged, or only too large? */
void extract_pdf_graph_unread(struct pdf_costs *c);
/* A stream that draws (qpdf_oh), and the dearest of all streams of a dictionary. */
struct pdf_cost extract_pdf_graph_stream(struct pdf_costs *c, unsigned stream,
					 struct pdf_scope *up, const struct pdf_box *box);
struct pdf_cost extract_pdf_graph_dearest(struct pdf_costs *c, unsigned dict,
					  struct pdf_scope *scope, const struct pdf_box *box);
/* Four numbers of a dictionary as a box; without them a box of no size. */
struct pdf_box extract_pdf_graph_box(struct pdf_costs *c, unsigned dict, const char *key);

#endif
