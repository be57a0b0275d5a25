/* show.h - a draft on paper: summary, findings, and the text with findings in place. */
#ifndef SL_REVIEWER_SHOW_H
#define SL_REVIEWER_SHOW_H

#include <stdio.h>

#include "base/cli.h"
#include "case.h"
#include "exact.h"

struct show_segment {
	uint32_t object, page, line, column;
	uint8_t where;
};
/* A piece of text between two changes of marking. */
struct show_piece {
	bool begins; /* the first of its segment */
	struct show_segment g;
	const char *text; /* borrowed until more of the text is fetched; len may be 0 */
	size_t len;
	int severity;	  /* enum severity of the worst finding here, or -1 */
	const char *rule; /* of that finding, or NULL */
	int finding;	  /* its index in the file's report, or -1 */
};
/* Where one stands in the text of a file, in reading order.  As much of it as is fetched can
 * be walked through. */
struct show_walk;
/* Only segments of these places (bits 1u << enum segment_where); 0: all. */
int show_walk_new(const struct review_case *c, unsigned file, uint32_t places,
		  struct show_walk **ret_w) SL_MUST_USE;
void show_walk_free(struct show_walk *w);
/* SL_E_NOTFOUND at the end; SL_E_STATE when more must be fetched first (case_text_more). */
int show_walk_next(struct show_walk *w, struct show_piece *ret_p) SL_MUST_USE;

void show_summary(FILE *out, const struct cli *cli, const struct review_case *c);
/* What was masked and removed, when this revision was made by a fix; else nothing. */
/* x: what this machine made of the gateway's claim; NULL: nobody looked. */
void show_fix(FILE *out, const struct cli *cli, const struct review_case *c,
	      const struct exact_result *x);
void show_votes(FILE *out, const struct cli *cli, const struct review_case *c);
int show_text(FILE *out, const struct cli *cli, const struct review_case *c,
	      unsigned file) SL_MUST_USE;

#endif
