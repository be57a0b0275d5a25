/* show.h - a draft on paper: summary, findings, and the text with findings in place. */
#ifndef SL_REVIEWER_SHOW_H
#define SL_REVIEWER_SHOW_H

#include <stdio.h>

#include "base/cli.h"
#include "case.h"

/* One piece of text between two changes of marking. */
struct show_span {
	const char *text; /* borrowed */
	size_t len;
	int severity;	  /* enum severity of the worst finding here, or -1 */
	const char *rule; /* of that finding, or NULL */
};
struct show_segment {
	uint32_t object, page, line, column;
	uint8_t where;
};
/* Walk the fetched text of file i in reading order: `segment` once per segment,
 * then `span` for its pieces. */
struct show_walker {
	int (*segment)(void *arg, const struct show_segment *g);
	int (*span)(void *arg, const struct show_span *p);
	void *arg;
};
int show_walk(const struct review_case *c, unsigned file,
	      const struct show_walker *w) SL_MUST_USE;

void show_summary(FILE *out, const struct cli *cli, const struct review_case *c);
/* What was masked and removed, when this revision was made by a fix; else nothing. */
void show_fix(FILE *out, const struct cli *cli, const struct review_case *c);
void show_votes(FILE *out, const struct cli *cli, const struct review_case *c);
int show_text(FILE *out, const struct cli *cli, const struct review_case *c,
	      unsigned file) SL_MUST_USE;

#endif
