/* respell.h - phrases of a short list in pinyin, initials, split or like-sounding
 * characters.
 *
 * A phrase has so many spellings that they are looked for by hand, not by the matcher.
 * Only what prose does not produce by chance counts. */
#ifndef SL_POLICY_RESPELL_H
#define SL_POLICY_RESPELL_H

#include <stddef.h>

#include "base/err.h"

enum {
	RESPELL_UNITS = 16,   /* characters of a phrase at most */
	RESPELL_PHRASES = 64, /* bits of a mask */
};

struct policy;
struct entry;
struct respell; /* immutable; readings from ICU */

int respell_new(struct respell **ret_r, struct sl_why *why) SL_MUST_USE;
void respell_free(struct respell *r);
/* Look for `word` (normalised, at most RESPELL_UNITS characters); the parts of its characters
 * come from the list "split-characters" of p. SL_E_LIMIT: too many phrases, too long. */
int respell_add(struct respell *r, const struct policy *p, const struct entry *e,
		const char *word) SL_MUST_USE;
unsigned respell_count(const struct respell *r);
/* Call `hit` for each spelling in text[0, len), a view, that begins at a character in
 * [from, to) and is not the phrase itself; index is that of respell_add. */
void respell_scan(const struct respell *r, const char *text, size_t len, size_t from, size_t to,
		  void (*hit)(unsigned index, size_t from, size_t to, void *arg), void *arg);
/* Bytes that a spelling and the words around it that decide about it reach at most; at
 * least 1. */
size_t respell_reach(const struct respell *r);
const struct entry *respell_entry(const struct respell *r, unsigned index);
const char *respell_word(const struct respell *r, unsigned index);

#endif
