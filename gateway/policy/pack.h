/* pack.h - a rule pack as it stands in its YAML file.
 *
 * Nothing here is interpreted yet: policies/README.md explains the fields to
 * the people who write packs; rules.h is what they become. */
#ifndef SL_POLICY_PACK_H
#define SL_POLICY_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct pack_words {
	char **item; /* "@name" stands for the words of a list */
	unsigned n;
};

struct pack_text {
	char *en, *zh;
};

struct pack_fix {
	char *action;  /* mask, delete, replace, return; NULL: none */
	char *mask;    /* how the replacement is made: id, phone, card, plate, name, … */
	char *text;    /* a fixed replacement */
	char *en, *zh; /* advice */
};

/* One way to find what the rule is about: a trigger and what must hold around it. */
struct pack_detect {
	struct pack_words words, regex;		       /* triggers, at least one of the two */
	char *detector;				       /* confirmation in code, NULL: none */
	char *severity;				       /* instead of the rule's */
	struct pack_words near, before, after, unless; /* words around the match */
	uint32_t within, unless_within;		       /* code points */
	struct pack_words where, not_where;
	struct pack_words gather; /* rules whose different findings are counted */
	char *record; /* about the draft as a whole (record.h), NULL: about a place in it */
	struct pack_words fields, types; /* of record: metadata fields, content types */
	bool alone, whole, dense, caseless, sentence, disguised;
	uint32_t first_lines, at_least, grow_before, grow_after;
};

/* Severity in special circumstances; the first that applies wins. */
struct pack_scope {
	struct pack_words types, columns, channels, where, unless;
	char *severity;	 /* "off" drops the finding */
	char *exception; /* EX-08 */
};

struct pack_rule {
	char *id, *severity;
	struct pack_text title, message;
	char *basis;
	struct pack_fix fix;
	char *made_by; /* filter that makes the finding, when it is not the matcher */
	struct pack_detect *detect;
	unsigned detect_count;
	struct pack_scope *scope;
	unsigned scope_count;
	struct pack_words yields_to, positives, near_misses;
};

struct pack {
	char *name;
	char *title;
	struct pack_rule *rules;
	unsigned rules_count;
	char *path; /* owned */
};

struct pack_replace {
	char *word, *fix;
};

/* Words that the bureau edits, used in packs as "@name" and by detectors. */
struct pack_list {
	char *name, *about;
	struct pack_words words;
	struct pack_replace *replace; /* words with their right form */
	unsigned replace_count;
	char *path; /* owned */
};

struct pack_policy {
	uint32_t version;
	char *name, *date;
	char *hmac_key; /* 64 hex digits, or NULL: derived from the digest */
};

/* Read one file; refused with file, line and reason (SL_E_CONFIG). */
int pack_load(const char *path, struct pack **ret_p, struct sl_why *why) SL_MUST_USE;
void pack_free(struct pack *p);
int pack_list_load(const char *path, struct pack_list **ret_l, struct sl_why *why) SL_MUST_USE;
void pack_list_free(struct pack_list *l);
int pack_policy_load(const char *path, struct pack_policy **ret_p,
		     struct sl_why *why) SL_MUST_USE;
void pack_policy_free(struct pack_policy *p);
/* Append a line with a new random hmac_key to the bytes of a policy.yaml; nothing when it has
 * one, commented lines aside. */
int pack_policy_new_key(struct buf *text) SL_MUST_USE;
/* Complain about `rule` of the pack: finds its line. `text`, if not NULL, is
 * looked for from there on. Returns SL_E_CONFIG. */
int pack_complain(const struct pack *p, const char *rule, const char *text, struct sl_why *why,
		  const char *fmt, ...) SL_PRINTF(5, 6);
/* The same with a sentence that was made without knowing the file; what it puts in quotes is
 * what is looked for. */
int pack_complain_of(const struct pack *p, const char *rule, const struct sl_why *detail,
		     struct sl_why *why);
int pack_list_complain(const struct pack_list *l, const struct sl_why *detail,
		       struct sl_why *why);

#endif
