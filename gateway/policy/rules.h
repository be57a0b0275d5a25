/* rules.h - a loaded policy: rules ready to run.  Internal to policy/. */
#ifndef SL_POLICY_RULES_H
#define SL_POLICY_RULES_H

#include <hs/hs.h>

#include "policy/channels.h"
#include "policy/fold.h"
#include "policy/pack.h"
#include "policy/policy.h"
#include "policy/runs.h"
#include "policy/clocks.h"

struct match;
/* Confirm a match and say how sure it is: may narrow or widen its span, set the
 * severity, add evidence.  False: it is nothing. */
typedef bool (*detector_fn)(struct match *m);

struct words { /* normalised */
	char **item;
	unsigned n;
	size_t longest; /* bytes */
};

enum {
	SEV_OFF = SEV_COUNT, /* a scope may switch a rule off */
	SEV_UNSET = SEV_COUNT + 1,
	WHERE_ALL = (1u << WHERE_COUNT) - 1,
	CONTEXT_DEFAULT = 40, /* code points, inspection.md section 6 */
	UNLESS_DEFAULT = 12,
	CONTEXT_MAX = 200,
};

struct rule;
struct entry { /* one `detect` item */
	const struct rule *rule;
	const struct pack_detect *from;
	detector_fn detector; /* may be NULL */
	uint8_t severity;     /* SEV_UNSET: the rule's */
	uint32_t where;	      /* bit set of enum segment_where */
	uint32_t within, unless_within;
	struct words near, before, after, unless;
};

struct scope {
	const struct pack_scope *from;
	uint8_t severity;
	uint32_t where;
	struct words unless;
};

enum mask {
	MASK_NONE,
	MASK_ID,
	MASK_PHONE,
	MASK_CARD,
	MASK_PLATE,
	MASK_NAME,
	MASK_ADDRESS,
	MASK_EMAIL,
	MASK_DATE,
	MASK_ALL,
	MASK_COUNT
};

struct rule {
	const struct pack_rule *from;
	const struct pack *pack;
	enum severity severity;
	enum mask mask;
	struct entry *entry;
	unsigned n_entry;
	struct scope *scope;
	unsigned n_scope;
	unsigned order; /* index in policy->rule */
};

/* What a pattern number of the matcher means. */
struct pattern {
	const struct entry *entry;
	uint32_t fixed_len;  /* bytes of every match, 0 when they vary */
	const char *replace; /* right form of the word, or NULL */
	const char *word;    /* the phrase that is spelled otherwise, or NULL */
};

/* Those before DATABASE_DENSE are for every view but the dense ones. */
enum database_kind {
	DATABASE_WORDS,
	DATABASE_RUNS,
	DATABASE_SHAPES_1,
	DATABASE_SHAPES_2,
	DATABASE_DENSE,
	DATABASE_COUNT
};

struct database {
	hs_database_t *db; /* NULL: no patterns */
	struct pattern *pattern;
	unsigned n_pattern;
};

struct policy {
	uint32_t version;
	uint8_t digest[32];
	uint8_t hmac_key[32];
	struct fold *fold;
	struct pack_policy *head;
	struct pack **pack;
	unsigned n_pack;
	struct pack_list **list;
	unsigned n_list;
	struct rule *rule; /* sorted by id */
	unsigned n_rule;
	bool compiled; /* false: texts only, nothing may be scanned with it */
	/* Words, runs and other shapes for the main and the open views; a part of all for
	 * the dense. */
	struct database database[DATABASE_COUNT];
	struct runs runs;	      /* what DATABASE_RUNS can match in */
	struct respell *respell;      /* NULL: no disguised words */
	hs_scratch_t *scratch;	      /* prototype, cloned by each scan */
	uint64_t surname[1024];	      /* bit set over the BMP: single-character surnames */
	uint64_t surname_first[1024]; /* first characters of two-character surnames */
	struct words surname_two;
	struct words not_name;	  /* words that begin like a name */
	struct words public_line; /* numbers that are public */
	struct words public_host;
	struct words mobile_prefix;   /* beginnings of mobile numbers in use */
	struct words sensitive_place; /* coordinates of these are worse */
	struct words common_word;     /* say nothing about the matter of a question */
	struct words source;	      /* sources that may be reposted */
	struct clocks *clocks;
	struct channels *channels; /* NULL: no channels.yaml */
};

const struct pack_list *rules_list(const struct policy *p, const char *name);
const struct rule *rules_find(const struct policy *p, const char *id);
/* Build rules from the packs that are loaded. */
int rules_build(struct policy *p, struct sl_why *why) SL_MUST_USE;
void rules_release(struct policy *p);
/* Normalised copy of words; "@name" is replaced by that list. */
int rules_words(const struct policy *p, const struct pack_words *from, struct words *ret_w,
		struct sl_why *why) SL_MUST_USE;
void rules_words_free(struct words *w);
int rules_severity(const char *name, bool off_ok, uint8_t *ret_s) SL_MUST_USE;
/* First scope of the rule that applies, NULL: none. near_text: [near, near + len). */
const struct scope *rules_scope(const struct rule *r, const struct scan_context *ctx,
				unsigned where, const char *near_text, size_t near_len);

/* compile.c: patterns of all rules into the databases. */
int compile_policy(struct policy *p, struct sl_why *why) SL_MUST_USE;
/* Every word and expression by itself, as compile_policy would take it. */
int compile_check(const struct policy *p, struct sl_why *why) SL_MUST_USE;
void compile_release(struct policy *p);

#endif
