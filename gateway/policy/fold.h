/* fold.h - what each code point becomes before rules are matched.
 *
 * One table for the whole process, built once from ICU: compatibility forms
 * (NFKC), radicals, traditional to simplified, digits of other scripts, letters
 * of other scripts that look Latin, and what is dropped because nobody sees it. */
#ifndef SL_POLICY_FOLD_H
#define SL_POLICY_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Why a code point changes; more than FOLD_PLAIN counts as evasion when a
 * match stands on it. */
enum fold_kind {
	FOLD_PLAIN,	/* unchanged, or punctuation whose width does not matter */
	FOLD_FULLWIDTH, /* full-width letter or digit */
	FOLD_RADICAL,	/* Kangxi or supplement radical, compatibility ideograph */
	FOLD_COMPAT,	/* enclosed, superscript or mathematical form */
	FOLD_TRADITIONAL,
	FOLD_HOMOGLYPH,	 /* Cyrillic or Greek letter that looks Latin */
	FOLD_DIGIT,	 /* decimal digit of another script */
	FOLD_ZERO_WIDTH, /* default-ignorable: dropped */
	FOLD_ESCAPE,	 /* %E6%9C%BA, \u673a, &#26426; */
	FOLD_KIND_COUNT
};

enum {
	FOLD_BMP = 0x10000,
	FOLD_EXTRA = 0x400 + 0x100 + 0x220, /* the supplementary ranges that fold */
};

struct fold {
	/* 0: stays as it is.  Else offset into pool << 12 | bytes << 4 | kind. */
	uint32_t entry[FOLD_BMP + FOLD_EXTRA];
	char *pool;
};

int fold_new(struct fold **ret_f, struct sl_why *why) SL_MUST_USE;
void fold_free(struct fold *f);
/* Index of a code point in `entry`; -1 when it never folds. */
int32_t fold_index(uint32_t cp);

static inline const char *fold_text(const struct fold *f, uint32_t e)
{
	return f->pool + (e >> 12);
}
static inline size_t fold_len(uint32_t e)
{
	return (e >> 4) & 0xff;
}
static inline enum fold_kind fold_why(uint32_t e)
{
	return (enum fold_kind)(e & 0xf);
}

#endif
