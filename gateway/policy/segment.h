/* segment.h - text taken out of a document, and findings made on it.
 *
 * The extract filter produces segments; the match filter turns them into
 * findings.  Both cross a process boundary, so both have one byte form
 * (segment_put/segment_get, finding_put/finding_get) with hard limits. */
#ifndef SL_POLICY_SEGMENT_H
#define SL_POLICY_SEGMENT_H

#include <stdint.h>

#include "base/buf.h"

enum segment_where {
	WHERE_BODY,
	WHERE_HEADER,
	WHERE_FOOTER,
	WHERE_NOTE,
	WHERE_COMMENT,
	WHERE_DELETED,
	WHERE_INSERTED,
	WHERE_HIDDEN,
	WHERE_PROPERTY,
	WHERE_FILENAME,
	WHERE_ALT,
	WHERE_FIELD,
	WHERE_ANNOTATION,
	WHERE_ATTACHMENT,
	WHERE_OCR,
	WHERE_QR,
	WHERE_OLD_REVISION,
	WHERE_COVERED,
	WHERE_METADATA,
	WHERE_TITLE,
	WHERE_COUNT
};
/* "body" … "old-revision", "title"; as printed in reports. */
const char *where_name(enum segment_where w);
int where_from_name(const char *name, enum segment_where *ret_w) SL_MUST_USE;

enum {
	SEGMENT_TEXT_MAX = 64 << 20, /* bytes of UTF-8 in one segment */
	SEGMENT_COUNT_MAX = 200000,
	SEGMENT_TOTAL_MAX = 256 << 20,
};

struct segment {
	uint32_t object;  /* index of the object it came from */
	uint8_t where;	  /* enum segment_where */
	uint32_t page;	  /* 1-based, 0 unknown */
	uint32_t line;	  /* 1-based first line of this segment inside the object's text */
	uint32_t column;  /* 1-based column of its first code point */
	uint32_t offset;  /* 0-based code point offset of its first code point in the object's
			     text */
	const char *text; /* UTF-8, borrowed from the message or the arena */
	uint32_t len;	  /* bytes */
};

/* Severities of domain.md 5.1. */
enum severity { SEV_S0, SEV_S1, SEV_S2, SEV_S3, SEV_S4, SEV_COUNT };
const char *severity_name(enum severity s); /* "S0" … */

enum {
	FINDING_RULE_MAX = 16,
	FINDING_EXCERPT_MAX = 240,
	FINDING_EVIDENCE_MAX = 200,
	FINDINGS_MAX =
		5000 /* more is reported as one S2 "too many" finding and the verdict is hold */
};

struct finding {
	char rule[FINDING_RULE_MAX]; /* "PI-001" */
	uint8_t severity;
	uint32_t object;
	uint8_t where;
	uint32_t page, line, column, offset, length; /* code points of the object's text */
	char excerpt[FINDING_EXCERPT_MAX];	     /* masked, printable UTF-8 */
	char evidence[FINDING_EVIDENCE_MAX];	     /* comma separated:
							shape,date,check-digit,context:身份证 */
	char evasion[64];      /* comma separated: fullwidth,zero-width,traditional,spaced */
	uint8_t text_hmac[32]; /* keyed by the policy */
	char fix_action[16];   /* "mask", "delete", "replace", "return" or "" */
	char fix_text[FINDING_EXCERPT_MAX]; /* replacement text, e.g. 349*************** */
};

void segment_put(struct buf *b, const struct segment *s);
int segment_get(struct cur *c, struct segment *ret_s)
	SL_MUST_USE; /* text borrowed from c; validates UTF-8, where */
/* The head of a segment whose text may not be here yet: c then stands at the text, of s.len
 * bytes that nobody has validated; s.text is NULL. */
int segment_get_begun(struct cur *c, struct segment *ret_s) SL_MUST_USE;
void finding_put(struct buf *b, const struct finding *f);
int finding_get(struct cur *c, struct finding *ret_f) SL_MUST_USE; /* validates every field */

#endif
