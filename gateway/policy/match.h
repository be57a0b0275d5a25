/* match.h - one hit of one pattern while it is being confirmed; what detectors use.
 *
 * All offsets are bytes of the view.  Every helper looks at a bounded stretch
 * around the hit, so that confirming stays linear on hostile text. */
#ifndef SL_POLICY_MATCH_H
#define SL_POLICY_MATCH_H

#include "policy/normalise.h"
#include "policy/rules.h"

struct passage; /* passage.h */

/* What detectors may say; class, pass and exception must fit behind it. */
enum { MATCH_EVIDENCE_MAX = FINDING_EVIDENCE_MAX - 48 };

/* Facts about a passage that detectors look up once. */
struct passage_facts {
	bool known;	      /* attachments were counted */
	unsigned attachments; /* highest number in the list of attachments; 0: no list */
	size_t table_to;      /* view byte up to which tables were read */
	bool note_asked, note_missing; /* does the paper say whether it is public? */
};

/* How sure a finding is (inspection.md section 6). */
enum score {
	SCORE_WEAK,   /* a shape or a word, at best with words around it */
	SCORE_MEDIUM, /* a check digit, or a shape that means one thing only */
	SCORE_STRONG, /* a check digit and words around it; a mark with its star */
	SCORE_COUNT
};

struct match {
	const struct policy *policy;
	const struct scan_context *ctx;
	const struct entry *entry;
	const struct norm *view;
	const struct passage *passage;
	struct passage_facts *facts;
	size_t from, to;
	uint8_t severity; /* SEV_UNSET: as the entry or rule says */
	enum score score;
	const char *replace; /* right form, or NULL */
	const char *word;    /* the phrase that is spelled otherwise, or NULL */
	char evidence[MATCH_EVIDENCE_MAX];
};

enum { MATCH_LINE_MAX = 600 }; /* bytes looked at on either side of a hit for its line */

struct extent { /* a stretch of the view */
	const char *text;
	size_t len;
};

/* Add a word to the evidence; what does not fit is left out. */
void match_evidence(struct match *m, const char *fmt, ...) SL_PRINTF(2, 3);
/* How sure: a check passed, words found around (NULL: none; else they are evidence). */
void match_score(struct match *m, bool checked, const char *context);
/* Byte offset `n` code points before from / after to, not passing stop characters
 * when `sentence` (a line break or the end of a sentence). */
size_t match_back(const struct match *m, size_t from, unsigned n, bool sentence);
size_t match_ahead(const struct match *m, size_t to, unsigned n, bool sentence);
/* The n code points before, after, and both with the hit between. */
struct extent match_before(const struct match *m, unsigned n);
struct extent match_after(const struct match *m, unsigned n);
struct extent match_around(const struct match *m, unsigned before, unsigned after);
/* The sentence around the hit, at most n code points either way. */
struct extent match_sentence(const struct match *m, unsigned n);
/* First of the words found in e (list ends with NULL); NULL: none. */
const char *match_any(struct extent e, const char *const *list);
const char *match_words(struct extent e, const struct words *w);
/* Does the extent end / begin with one of the words? */
const char *match_ends(struct extent e, const char *const *list);
const char *match_starts(struct extent e, const char *const *list);
/* The hit is not a part of a longer ASCII word or number. */
bool match_whole(const struct match *m);
/* Only a few dots keep the digits of the hit apart in the main view: a decimal number or
 * an address on the network, not a number that somebody took apart. */
bool match_is_decimal(const struct match *m);
/* The hit stands alone on its line, apart from spaces and brackets. */
bool match_alone(const struct match *m);
/* Bytes of the hit's line, at most MATCH_LINE_MAX to either side. */
struct extent match_line(const struct match *m);
/* 1-based number of the hit's line among those that are not blank, counted from
 * the start of the object's text; UINT_MAX when it is far down. */
unsigned match_line_number(const struct match *m);
/* ASCII and Chinese digits of a stretch as '0'..'9', 'X' last; others skipped.
 * Returns the count, or 0 when there are more than cap. */
size_t match_digits(struct extent e, char *out, size_t cap);
struct extent match_text(const struct match *m);
/* Code point of the extent at offset *at, which moves on; 0 at the end. */
uint32_t match_next(struct extent e, size_t *at);
bool match_is_han(uint32_t cp);

#endif
