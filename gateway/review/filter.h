/* filter.h - the words of a list's filter, as people type them.
 *
 *   state:IN_REVIEW,HELD   unit:u-12   rule:PI-003   type:CT05   route:B
 *   age>3d  age<2h         how long ago it was handed in (m h d w)
 *   due<1d  due>1w         how long until it is due; due<0 is overdue
 *   late:desk              its step is late and this role was told; late:any
 *   any other word         stands in the title; small letters find large ones too
 * Words are separated by blanks and all of them must hold. */
#ifndef SL_REVIEW_FILTER_H
#define SL_REVIEW_FILTER_H

#include "store/store.h"

enum { FILTER_MAX = 400 };

/* Untrusted words into *q, whose other fields stay; only a word state: replaces the states.
 * `now` is what ages are counted from.  SL_E_FORMAT or SL_E_LIMIT with a sentence. */
int filter_parse(const char *words, int64_t now, struct draft_query *q,
		 struct sl_why *why) SL_MUST_USE;
/* Smart case: a word with a large letter is meant as it is written. */
bool filter_is_exact(const char *word, size_t len);
/* "due", "risk", "age", "unit", "title", "number". */
int filter_order(const char *name, enum draft_order *ret_o) SL_MUST_USE;

#endif
