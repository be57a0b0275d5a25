/* case.h - one draft as a reviewer's machine holds it: every digest checked on arrival.
 *
 * The desk is not trusted for content: the manifest's, report's and texts'
 * digests are recomputed here, so that what is signed is what was shown. */
#ifndef SL_REVIEWER_CASE_H
#define SL_REVIEWER_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "trust/roster.h"
#include "trust/statement.h"
#include "wire/session.h"

enum { CASE_FILES_MAX = 64, CASE_TEXT_MAX = 300 << 20 };

struct hash;

struct case_file {
	unsigned index;
	char name[256], media_type[128], sha256[65];
	char text_sha256[65]; /* "" when the file has no text */
	uint64_t length;
	struct buf text; /* segment_put records, as far as they are fetched */
	bool have_text;	 /* all of them, and their digest is the report's */
	bool have_file;	 /* its bytes were fetched, and are those of the manifest */
	bool opened;	 /* in this program: somebody turned to it */
};

struct review_case {
	json_t *shown;	     /* the whole result of review.show */
	const json_t *draft; /* borrowed from shown */
	const json_t *report;
	const json_t *votes;
	char id[24];
	int64_t revision;
	struct manifest *manifest;
	char manifest_sha256[65], report_sha256[65];
	struct case_file *files;
	unsigned n_files;
	struct roster *roster; /* the approval policy in force, proved by policy_trust.h */
	char policy_sha256[65];
};

/* Fetch manifest, report, votes and policy of a draft's revision (0: the newest). */
int case_open(struct session *s, const char *draft, int64_t revision,
	      struct review_case **ret_c, struct sl_why *why) SL_MUST_USE;
void case_free(struct review_case *c);
/* Fetch one more piece of the text of file i; have_text tells when it was the last.  What is
 * there before that may be looked at, and counts for nothing until the digest is right.
 * SL_E_NOTFOUND when it has none. */
int case_text_more(struct session *s, struct review_case *c, unsigned i,
		   struct sl_why *why) SL_MUST_USE;
/* Fetch the whole text of file i (once). SL_E_NOTFOUND when it has none. */
int case_text(struct session *s, struct review_case *c, unsigned i,
	      struct sl_why *why) SL_MUST_USE;
/* Fetch file i into fd, checked against the manifest. */
int case_file_into(struct session *s, struct review_case *c, unsigned i, int fd,
		   void (*progress)(uint64_t done, uint64_t total),
		   struct sl_why *why) SL_MUST_USE;
/* A file on its way, piece by piece; zeroed before the first. */
struct case_pieces {
	uint64_t offset;
	struct hash *hash; /* NULL before the first piece and after the last */
};
/* Fetch the next piece of file i into fd for this machine to inspect: it does not count as
 * shown to anybody.  *ret_all: that was the last, and the bytes are the manifest's. */
int case_file_unread_more(struct session *s, const struct review_case *c, unsigned i, int fd,
			  struct case_pieces *p, bool *ret_all, struct sl_why *why) SL_MUST_USE;
/* All of it. */
int case_file_unread(struct session *s, const struct review_case *c, unsigned i, int fd,
		     struct sl_why *why) SL_MUST_USE;
void case_pieces_release(struct case_pieces *p);
/* The report of file i inside the merged report, NULL when there is none. */
const json_t *case_file_report(const struct review_case *c, unsigned i);

#endif
