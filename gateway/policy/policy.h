/* policy.h - rule packs loaded from YAML, compiled once, run on segments.
 *
 * Thread-safe after loading (immutable); each scan uses its own scratch. */
#ifndef SL_POLICY_POLICY_H
#define SL_POLICY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/segment.h"

struct clocks; /* clocks.h */
struct policy; /* compiled packs, lists and routes; immutable */

/* What a draft says of itself beside its text, for rules about the draft as a whole. */
struct scan_record {
	const char *given;	 /* fields that are filled in: "created_on,publisher" */
	const char *source_type; /* 原创, 转载, 转发 …, or NULL */
	const char *question;	 /* of a reply: what was asked, or NULL */
	const char *category;	 /* of the question: 咨询, 投诉 …, or NULL */
	int64_t received, due;	 /* of a reply, days since 1970; 0: not told */
	uint64_t bytes;		 /* of the file */
	bool picture;		 /* the file is one */
	bool first; /* and the first of the draft: what concerns all is said once */
};
enum {
	SCAN_GIVEN_MAX = 512,
	SCAN_QUESTION_MAX = 2048,
	SCAN_SOURCE_MAX = 64,
	SCAN_CATEGORY_MAX = 64
};

/* What a scan may know about the draft beside its text. */
struct scan_context {
	const char *content_type;	  /* "CT05", or NULL */
	const char *column;		  /* column name, or NULL */
	const char *const *channels;	  /* NULL-terminated, or NULL */
	const char *disclosure;		  /* 公开属性, e.g. 主动公开, or NULL */
	bool offline;			  /* test mode: go on after an S0 finding */
	int64_t today;			  /* days since 1970 (civil date for date rules) */
	const struct scan_record *record; /* NULL: nothing but a text is known */
};

/* Load every *.yaml pack in DIR/packs, lists in DIR/lists; refuse with file,
 * line and reason (SL_E_CONFIG). */
int policy_load(const char *dir, struct policy **ret_p, struct sl_why *why) SL_MUST_USE;
/* The same rules, texts, severities and digest without the compiled matcher, in a small
 * part of the time and memory; policy_scan refuses such a policy (SL_E_STATE).  Refuses
 * what policy_load refuses, but for expressions that fail only when all are compiled
 * together: those stop the match filter. */
int policy_load_texts(const char *dir, struct policy **ret_p, struct sl_why *why) SL_MUST_USE;
void policy_free(struct policy *p);
/* "policy 7 <digest>": how reports and filters name a rule set. */
enum { POLICY_NAME = 96 };
void policy_name(const struct policy *p, char out[POLICY_NAME]);
uint32_t policy_version(const struct policy *p); /* from DIR/policy.yaml */
const uint8_t *
policy_digest(const struct policy *p); /* 32 bytes: SHA-256 over all files, sorted by name */
/* The digest that a policy loaded from there would have, and nothing parsed: whether the
 * bytes are signed is known before anything else is made of them. */
int policy_digest_of(const char *dir, uint8_t ret_digest[32], struct sl_why *why) SL_MUST_USE;
/* Its clocks and calendars; borrowed. */
const struct clocks *policy_clocks(const struct policy *p);
/* The civil day of a moment where the people are who publish. */
int64_t policy_today(const struct policy *p, int64_t now);
/* Has it a key of its own?  Else suppressions and what is remembered of refused texts end
 * with each new version. */
bool policy_has_key(const struct policy *p);
/* The key that texts are hashed with, 32 bytes; borrowed. */
const uint8_t *policy_key(const struct policy *p);
unsigned policy_rule_count(const struct policy *p);

/* Run all rules over all segments; findings are appended sorted by object,
 * offset, rule.  n_findings capped at FINDINGS_MAX, *ret_overflow tells.
 * Caller frees *ret_findings.  SL_E_STATE: the policy was loaded for its texts only. */
int policy_scan(const struct policy *p, const struct scan_context *ctx,
		const struct segment *segments, unsigned n_segments,
		struct finding **ret_findings, unsigned *ret_n, bool *ret_overflow) SL_MUST_USE;

/* Texts of a rule, for reports and `explain`; NULL when unknown. Borrowed. */
struct rule_text {
	const char *id, *pack, *title_en, *title_zh, *message_en, *message_zh, *basis, *fix_en,
		*fix_zh;
	enum severity severity;
};
bool policy_rule_text(const struct policy *p, const char *rule, struct rule_text *ret_t);
/* All rule ids in order: i in [0, policy_rule_count). */
const char *policy_rule_id(const struct policy *p, unsigned i);
/* Findings that other filters make (types, hidden text …) need a severity from
 * the packs too: fill severity of f->rule; SL_E_NOTFOUND when no pack has it. */
int policy_severity(const struct policy *p, const char *rule, const struct scan_context *ctx,
		    enum severity *ret_s) SL_MUST_USE;

#endif
