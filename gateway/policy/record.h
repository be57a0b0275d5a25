/* record.h - findings about a draft as a whole: what its metadata say or leave out.
 *
 * A `detect` item with `record: KIND` has no trigger in the text.  Internal to policy/. */
#ifndef SL_POLICY_RECORD_H
#define SL_POLICY_RECORD_H

#include "policy/scan.h"

enum { RECORD_EXCERPT_MAX = 200 };

struct record_look {
	struct scan *scan;
	const struct entry *entry;
	const struct segment *segments;
	unsigned n_segments;
	char evidence[MATCH_EVIDENCE_MAX]; /* how it was decided, comma separated */
	char excerpt[RECORD_EXCERPT_MAX];  /* what it is about, in a word or two */
};
/* True: there is something to say. scan->error may be set instead. */
typedef bool (*record_fn)(struct record_look *l);

/* Kind by the name used in packs, NULL: none. */
record_fn record_find(const char *kind);
/* One sentence for `explain`, NULL: none. */
const char *record_about(const char *kind);
/* Is this the name of a field that a draft may have? */
bool record_field_known(const char *name);
/* All entries with `record`, after the text has been read. */
void record_findings(struct scan *s, const struct segment *segments, unsigned n);

/* record_reply.c */
bool record_reply_due(struct record_look *l);
bool record_reply_missed(struct record_look *l);

#endif
