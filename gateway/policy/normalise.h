/* normalise.h - the text that rules are matched against, and the way back.
 *
 * Rules never see a document's own bytes: they see this view, in which the
 * usual disguises are undone.  Every byte of a view knows which bytes of the
 * original it stands for, so a finding is reported where the author can see
 * it.  A second, denser view has spaces, line breaks and up to two foreign
 * characters between Han characters taken out. */
#ifndef SL_POLICY_NORMALISE_H
#define SL_POLICY_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/fold.h"

/* From `at` on, every `step` bytes of the view stand for `from_step` bytes of
 * its source, starting at `from`; until the next span. */
struct norm_span {
	uint32_t at, from;
	uint16_t step, from_step;
	uint8_t kind; /* enum fold_kind */
};

/* Bytes of the original that the view left out because nobody sees them. */
struct norm_drop {
	uint32_t from, len; /* bytes of the original */
	uint32_t at;	    /* byte of the view it stood before */
	uint32_t first;	    /* code point */
};

struct norm {
	char *text; /* owned, valid UTF-8 */
	size_t len;
	struct norm_span *span; /* owned, ascending */
	size_t n_span;
	struct norm_drop *drop; /* owned, ascending; main view only */
	size_t n_drop;
	const struct norm *source; /* dense view: the main view it came from; else NULL */
};

/* The main view of `text`. Broken UTF-8 becomes U+FFFD. The source must be
 * shorter than 1 GiB. SL_E_NOMEM, SL_E_LIMIT. */
int normalise_text(const struct fold *f, const char *text, size_t len,
		   struct norm *ret_n) SL_MUST_USE;
/* The dense view of a main view, which must outlive it. */
int normalise_dense(const struct norm *main_view, struct norm *ret_n) SL_MUST_USE;
void normalise_release(struct norm *n);

/* Original bytes [*ret_from, *ret_to) behind view bytes [from, to), from < to. */
void normalise_original(const struct norm *n, size_t from, size_t to, size_t *ret_from,
			size_t *ret_to);
/* 1u << fold_kind of every change inside [from, to) of a main view, drops included. */
unsigned normalise_kinds(const struct norm *n, size_t from, size_t to);
/* Main-view bytes behind dense-view bytes [from, to). */
void normalise_main(const struct norm *dense, size_t from, size_t to, size_t *ret_from,
		    size_t *ret_to);
/* A short string (a word of a rule) in the form it would have in a view. */
int normalise_word(const struct fold *f, const char *word, char *out, size_t cap) SL_MUST_USE;

#endif
