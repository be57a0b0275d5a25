/* inspect.h - drive the filters over one file and decide what may be said of it.
 *
 * The caller is the inspector role or `sluice-policy scan`.  Filters are
 * separate sandboxed programs that listen on sockets in a private directory;
 * every document is looked at by a fresh child of each.  Whatever a filter
 * does - crash, hang, print garbage, lie - the result is HOLD, never a pass. */
#ifndef SL_INSPECT_INSPECT_H
#define SL_INSPECT_INSPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/json.h"
#include "policy/policy.h"

/* Worst last, so that max() is the merge. */
enum verdict { VERDICT_CLEAN, VERDICT_REVIEW, VERDICT_HOLD, VERDICT_BLOCK, VERDICT_SPILL };
const char *verdict_name(enum verdict v); /* "clean" "review" "hold" "block" "spill" */

struct filters; /* filter programs started by us (sluice-policy, tests) */

struct filters_options {
	const char *libexec;	 /* directory of sluice-filter-* programs */
	const char *socket_dir;	 /* private directory, 0700 */
	const char *policies;	 /* policy directory for `match` */
	const char *av_database; /* ClamAV directory; NULL: no such filter, so that every
				    file is held for not having been looked at by it */
	uint32_t av_max_age_days;
	bool av_demo;
	unsigned sandbox_optional; /* enum sandbox_layer */
	uint64_t file_bytes;	   /* largest document */
	uint32_t seconds;	   /* per document and filter */
	uint32_t see_seconds;	   /* per document through `see`; 0: the same */
	const char *office;	   /* directory of LibreOffice; NULL: where it usually is */
	/* These are started by filters_need, when the first document needs them. */
	bool late_see, late_office;
};
/* Start all and wait until each says ready (or why not).  `see` may be missing, as where
 * no models are installed: then what needs seeing is held, and nothing else. */
int filters_start(const struct filters_options *o, struct filters **ret_f,
		  struct sl_why *why) SL_MUST_USE;
/* Start the filter of this name now if it was left for later, and wait for it.  The options
 * must still be there. */
void filters_need(struct filters *f, const char *name);
void filters_stop(struct filters *f);

struct inspect; /* where the filters listen, and the rules' texts; for one thread */
/* policy: borrowed, must outlive *ret_i; its texts suffice (policy_load_texts). */
int inspect_open(const char *socket_dir, const struct policy *policy, uint32_t seconds,
		 struct inspect **ret_i) SL_MUST_USE;
void inspect_close(struct inspect *i);

/* Drawing pages and reading pictures takes seconds where the rest takes milliseconds, and so
 * does a document that was made to take long. */
enum inspect_see {
	INSPECT_SEE_NOW, /* how an inspection begins its life */
	/* Not now, and no filter has more than a few seconds: the report of a file that
	 * needs more is no final one (->unfinished). */
	INSPECT_SEE_LATER,
};
/* seconds: of one document through `see`, unless 0. */
void inspect_set_see(struct inspect *i, enum inspect_see see, uint32_t seconds);
/* Before a filter is asked, filters_need(f). f: borrowed; NULL: they run already. */
void inspect_set_filters(struct inspect *i, struct filters *f);
/* A rule that need not count for one text (trust/suppression.h), already judged. */
struct inspect_waiver {
	char rule[FINDING_RULE_MAX];
	uint8_t text_hmac[32];
	const char *owner, *second, *reason;
	int64_t until;
};
struct inspect_waivers {
	const struct inspect_waiver *list; /* by rule, then hash */
	unsigned n;
	char sha256[65]; /* names the list in reports, "" for an empty one */
};

struct inspect_similar {
	uint8_t severity;   /* enum severity */
	char evidence[100]; /* "recalled,R-2026-000012,97%" */
	bool reply;	    /* it and the other one are replies, and that one is public */
};

struct inspect_input {
	const char *name; /* file name as submitted, UTF-8 */
	int fd;		  /* the object, read only, offset irrelevant */
	uint64_t length;
	uint8_t sha256[32];	   /* verified by the caller */
	const char *declared_type; /* media type or NULL */
	const char *title;	   /* draft title, scanned as WHERE_TITLE; NULL: none */
	struct scan_context context;
	const struct inspect_waivers *waivers; /* or NULL */
	/* Is the text (segment_put records) nearly that of something refused, recalled or
	 * published?  *ret_s is set then, its severity SEV_COUNT otherwise.  NULL: not asked.
	 */
	int (*similar)(void *arg, const struct buf *text, struct inspect_similar *ret_s);
	void *similar_arg;
};
/* What inspection says of one file. */
struct inspect_report {
	struct buf bytes; /* canonical JSON of inspection.md section 7; owned */
	json_t *filters;  /* the array "filters" in it; owned */
	enum verdict verdict;
	int64_t counts[SEV_COUNT];	 /* findings that count, by severity */
	char content_sha256[65];	 /* over what depends on bytes and policy only */
	char spilling[FINDING_RULE_MAX]; /* rule of the first S0 finding, or "" */
	bool filter_died; /* a filter's process failed, which may be the restart of a daemon */
	bool filter_absent; /* one of them did not even listen */
	bool office_absent; /* nor did the one that goes by way of LibreOffice */
	bool timed_out;	    /* one of them did not come to an end */
	bool unfinished;    /* INSPECT_SEE_LATER, and there is something to see, or one of the
			       last two: not final */
	bool other_rules;   /* the match filter has other rules than we: one of both is being
			       renewed */
};
void inspect_report_init(struct inspect_report *r);
void inspect_report_release(struct inspect_report *r); /* wipes; may be used again */

/* Inspect one file.  Returns 0 whenever a report could be made - also for HOLD;
 * *ret_report (initialised, empty) is set then.
 * *ret_text (may be NULL; replaced): the extracted text that reviewers will read, as
 * concatenated segment_put records (policy/segment.h); empty for SPILL.
 * Deterministic for the same bytes, policy and databases. */
int inspect_file(struct inspect *i, const struct inspect_input *in,
		 struct inspect_report *ret_report, struct buf *ret_text) SL_MUST_USE;

/* What inspection says of a draft. */
struct inspect_merged {
	struct buf bytes; /* canonical JSON, owned: release with buf_wipe */
	enum verdict verdict;
	int64_t counts[SEV_COUNT];
	bool shortened; /* files' reports are named by their digests and must be kept */
};
/* A draft's report: {"schema":"sluice-draft-report/1","verdict":…,"files":[report…],
 * "counts":{"S0":0,…},"content_sha256":…}; the object whose digest is signed. */
int inspect_merge(const struct inspect_report *reports, unsigned n,
		  struct inspect_merged *ret_m) SL_MUST_USE;

#endif
