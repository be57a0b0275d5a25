/* get.h - a draft as files in a directory, and as one JSON document. */
#ifndef SL_REVIEWER_GET_H
#define SL_REVIEWER_GET_H

#include "case.h"
#include "seen.h"

/* DIR/manifest.json, DIR/report.json, DIR/text/<name>.txt, DIR/files/<name>;
 * every file checked against the manifest, then noted as shown. */
int get_into(struct session *s, struct review_case *c, struct seen *seen, const char *dir,
	     void (*progress)(uint64_t done, uint64_t total), struct sl_why *why) SL_MUST_USE;
/* The text alone, segments in reading order, those that are no body after their [place]. */
int get_plain_text(const struct case_file *f, struct buf *out) SL_MUST_USE;
/* What `show --json` prints: draft, manifest, report, votes and the texts. Caller owns. */
json_t *get_case_json(const struct review_case *c);

#endif
