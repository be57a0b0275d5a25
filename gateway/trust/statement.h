/* statement.h - manifests and in-toto statements (trust.md section 4).
 *
 * Everything is canonical JSON.  Parsing refuses unknown members, unknown
 * _type, payloadType and predicateType, and anything that is not canonical. */
#ifndef SL_TRUST_STATEMENT_H
#define SL_TRUST_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "crypto/dsse.h"
#include "crypto/hash.h"
#include "trust/roster.h"

enum {
	MANIFEST_MAX = 256 << 10,
	MANIFEST_BLOBS_MAX = 256,
	MANIFEST_CHANNELS_MAX = 16,
	MANIFEST_CHANNEL_MAX = 64, /* bytes of a name */
	ATTEST_LINES_MAX = 32,
	APPROVAL_EDITS_MAX = 64,
	APPROVAL_EDIT_TEXT_MAX = 200, /* bytes */
	ATTEST_MAX = 64 << 10
};

struct manifest_blob {
	char name[256];
	char media_type[128];
	char sha256[65];
	uint64_t length;
};
struct manifest { /* sluice-manifest/1; strings point into `json` */
	json_t *json;
	const char *id; /* "R-2026-000123" */
	int64_t version;
	const char *klass; /* "A" */
	const char *content_type, *title, *index_no, *language, *pubstatus, *created;
	const char *channels[MANIFEST_CHANNELS_MAX];
	unsigned n_channels;
	int64_t embargo; /* not to be shown before; 0: none */
	struct manifest_blob *blobs;
	unsigned n_blobs;
	uint8_t sha256[HASH_LEN]; /* of the exact bytes */
};
/* The channel of what is handed to one person and never published: package_judge refuses it,
 * and so does every platform. */
#define MANIFEST_PRIVATE "private"
/* Beside the members above it may have these and no others: embargo (20-byte
 * time), keywords and related (arrays of strings), and the strings in
 * `manifest_texts` (NULL-terminated): the public metadata of a release. */
extern const char *const manifest_texts[];
int manifest_parse(const void *bytes, size_t len, struct manifest **ret_m,
		   struct sl_why *why) SL_MUST_USE;
void manifest_free(struct manifest *m);
bool release_id_ok(const char *id);	    /* R-YYYY-NNNNNN, digits */
bool manifest_channel_ok(const char *name); /* letters, digits, '.', '_', '-' */

#define PREDICATE_BASE "https://sluice.invalid/attestation/"
enum predicate {
	PRED_SUBMISSION,
	PRED_INSPECTION,
	PRED_APPROVAL,
	PRED_RELEASE,
	PRED_NOTICE,
	PRED_ORDER,
	PRED_SUPPRESSION,
	PRED_PROCEDURE,
	PRED_SPILL,
	PRED_DELEGATION,
	PRED_COUNT
};
/* "https://…/submission/v1" etc. PRED_ORDER: a person's order to freeze, withdraw,
 * confirm or reinstate; the notice carries it whole.  PRED_SUPPRESSION: trust/suppression.h;
 * its subject is no manifest but the keyed hash of a matched text.  PRED_PROCEDURE:
 * trust/procedure.h.  PRED_SPILL: trust/spill_order.h, about a draft and revision.
 * PRED_DELEGATION: trust/delegation.h, about an office and who stands in for it. */
const char *predicate_type(enum predicate p);

/* Wrap a predicate object in a Statement v1 about this manifest and sign it:
 * appends the envelope line. Does not take `predicate`. */
int statement_sign(const struct key *k, enum predicate p, const char *manifest_sha256,
		   const json_t *predicate, struct buf *out) SL_MUST_USE;

/* The bytes of such a statement, for a signature that is made elsewhere. */
int statement_payload(enum predicate p, const char *manifest_sha256, const json_t *predicate,
		      struct buf *out) SL_MUST_USE;

struct statement { /* a parsed envelope with its typed predicate */
	struct dsse envelope;
	char sha256[65]; /* of the envelope line's bytes */
	enum predicate kind;
	char subject[65];  /* manifest sha256 */
	json_t *predicate; /* owned by this struct */
};
/* Parse one envelope line (not verified). */
int statement_parse(const void *line, size_t len, struct statement **ret_s,
		    struct sl_why *why) SL_MUST_USE;
void statement_free(struct statement *s);

/* attest.intoto.jsonl: lines sorted by SHA-256 of the line, each ended by \n. */
int attest_join(const struct buf *lines, unsigned n, struct buf *out) SL_MUST_USE;
int attest_split(const void *bytes, size_t len, struct statement *ret[ATTEST_LINES_MAX],
		 unsigned *ret_n, struct sl_why *why) SL_MUST_USE;

/* Builders of predicates; caller owns the result (NULL: no memory, or a text that
 * is not UTF-8).  Texts with control characters, newlines too, are refused when
 * the statement is signed (SL_E_FORMAT), as the JSON profile has none. */
struct approval_facts {
	const char *decision; /* approve | return | refuse | reject */
	const char *role, *draft;
	int64_t revision;
	const char *inspection_sha256; /* of the draft report */
	const char *shown_sha256;      /* of what the reviewer's terminal showed */
	const char *policy_sha256;
	int64_t policy_version;
	const json_t *acknowledged; /* [{"rule","reason","text_hmac"}…] or NULL */
	const char *code, *reason;  /* for return and refuse; NULL else */
	/* return: [{"from","occurrence","part","to"}…], exact words to put in; NULL: none.
	 * part is "title" or "file:N"; occurrence counts from 1. */
	const json_t *edits;
	int64_t time, expires;
	char nonce[33];
};
json_t *approval_predicate(const struct approval_facts *f);
/* Read them back out of a parsed approval (strings borrowed from s). */
int approval_read(const struct statement *s, struct approval_facts *ret_f,
		  struct sl_why *why) SL_MUST_USE;
json_t *submission_predicate(const char *draft, int64_t revision, const char *author_pid,
			     const char *submitter_pid, int64_t time);
int submission_read(const struct statement *s, const char **ret_draft, int64_t *ret_revision,
		    const char **ret_author, const char **ret_submitter, int64_t *ret_time,
		    struct sl_why *why) SL_MUST_USE;
/* inspection/v1: filters array as in the report, limits, verdict, report digest. */
json_t *inspection_predicate(const json_t *filters, const char *verdict,
			     const char *report_sha256, const char *rules_sha256, int64_t time);
int inspection_read(const struct statement *s, const char **ret_verdict,
		    const char **ret_report_sha256, struct sl_why *why) SL_MUST_USE;
/* release/v1: every input envelope's sha256 (sorted), policy used, serial. */
json_t *release_predicate(const char *const *inputs, unsigned n, const char *policy_sha256,
			  int64_t policy_version, int64_t serial, int64_t time);
int release_read(const struct statement *s, const json_t **ret_inputs,
		 const char **ret_policy_sha256, int64_t *ret_policy_version,
		 int64_t *ret_serial, int64_t *ret_time, struct sl_why *why) SL_MUST_USE;
/* order/v1 and notice/v1: see trust/order.h for who may order what. */
struct notice_facts {
	const char *action, *release, *reason_code;
	const char *text_sha256; /* of the reason: the words themselves stay inside */
	int64_t version, time;
	int64_t freeze; /* order to confirm or reinstate: serial of the freeze it answers */
	/* Notice only: */
	int64_t serial, policy_version;
	const char *policy_sha256; /* policy that gives its persons their say */
	const json_t *orders;	   /* DSSE envelopes as objects, ascending by their SHA-256 */
	const char *successor;	   /* correct: the release that takes the place, else NULL */
	const char *successor_sha256;
	int64_t successor_version;
	/* Filled by notice_judge: who gave the orders. */
	char by[2][ROSTER_NAME_MAX];
};
json_t *order_predicate(const struct notice_facts *f);
json_t *notice_predicate(const struct notice_facts *f);
/* Strings are borrowed from the statement. */
int order_read(const struct statement *s, struct notice_facts *ret_f,
	       struct sl_why *why) SL_MUST_USE;
int notice_read(const struct statement *s, struct notice_facts *ret_f,
		struct sl_why *why) SL_MUST_USE;

#endif
