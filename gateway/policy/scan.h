/* scan.h - what one scan holds; internal to policy/. */
#ifndef SL_POLICY_SCAN_H
#define SL_POLICY_SCAN_H

#include "policy/match.h"
#include "policy/passage.h"

enum {
	RAW_MAX = 4 * FINDINGS_MAX, /* confirmed hits of one passage before merging */
	TALLY_MAX = 32,
};

/* A confirmed hit, still in view and passage bytes. */
struct raw {
	const struct rule *rule;
	const struct entry *entry; /* NULL: made by the scan itself */
	const struct norm *view;
	size_t from, to;	   /* view */
	size_t orig_from, orig_to; /* passage */
	uint8_t severity, score;   /* enum score */
	bool gone;		   /* dropped by merging or yielding */
	unsigned kinds;		   /* 1u << enum fold_kind */
	bool spread;		   /* found in the dense or open view only */
	const char *replace;
	const char *exception;
	char evidence[MATCH_EVIDENCE_MAX];
};

struct tally { /* an entry that needs several hits in one view */
	const struct entry *entry;
	const struct norm *view;
	unsigned count;
	size_t first; /* index in raw */
};

struct pending { /* the hit of a pattern whose end may still move */
	size_t from, to;
	bool live;
};

struct scan {
	const struct policy *policy;
	const struct scan_context *ctx;
	hs_scratch_t *scratch;
	struct pending *pending; /* one per pattern of the largest database */
	unsigned *live;		 /* the patterns whose hit is pending, as many */
	unsigned n_live;
	/* of the present passage */
	const struct passage *passage;
	struct passage_facts facts;
	struct norm main_view, dense_view;
	struct norm joined_view, open_view, open_dense;
	struct norm carried_view; /* words in characters that nobody sees */
	bool carried;		  /* main_view is that one now */
	const struct database *database;
	const struct norm *view;
	size_t base; /* byte of the view where the stretch begins that is scanned */
	struct raw *raw;
	size_t n_raw, cap_raw;
	struct tally tally[TALLY_MAX];
	unsigned n_tally;
	/* result */
	struct finding *finding;
	unsigned n_finding, cap_finding;
	bool overflow, spill;
	int error;
};

/* confirm.c: decide about view bytes [from, to) of a pattern; adds to raw. */
void confirm_hit(struct scan *s, const struct pattern *p, size_t from, size_t to);
/* scan.c: append an empty hit, NULL when there is no room (error or overflow set). */
struct raw *scan_raw(struct scan *s);
/* merge.c: sort, join and drop hits of the present passage. */
void merge_raw(struct scan *s);
/* hygiene.c: invisible characters (DH-009). */
void hygiene_invisible(struct scan *s);
/* report.c: turn hits of the present passage into findings. */
void report_raw(struct scan *s);
/* What a finding's evidence says when only a second look shows it. */
#define REPORT_SECOND "second-pass"
/* report.c: a finding that stands for `n` different ones of one rule, at the first. */
void report_gathered(struct scan *s, const struct entry *e, unsigned first, unsigned n,
		     bool second);
/* gather.c: findings of entries that count those of other rules. */
void gather_findings(struct scan *s);
/* report.c: a finding about the draft as a whole (record.h), at its first segment. */
void report_record(struct scan *s, const struct entry *e, const struct segment *first,
		   const char *evidence, const char *excerpt);

#endif
