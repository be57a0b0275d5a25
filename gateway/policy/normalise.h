/* normalise.h - the text that rules are matched against, and the way back.
 *
 * Rules never see a document's own bytes: they see this view, in which the
 * usual disguises are undone.  Every byte of a view knows which bytes of the
 * original it stands for, so a finding is reported where the author can see
 * it.  A second, denser view has spaces, line breaks and up to two foreign
 * characters between Han characters taken out; in two open views wrapped lines run
 * on, or what was systematically put between characters is gone. */
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

/* Bytes that the view left out: in a main view because nobody sees them, in an
 * open view because they keep characters apart that belong together. */
struct norm_drop {
	uint32_t from, len; /* bytes of the original; open view: of the main view */
	uint32_t at;	    /* byte of the view it stood before */
	uint32_t first;	    /* code point; open view: enum norm_seam */
};
enum norm_seam { SEAM_WRAPPED, SEAM_NOISE, SEAM_REPEAT };

struct norm {
	char *text; /* owned, valid UTF-8 */
	size_t len;
	struct norm_span *span; /* owned, ascending */
	size_t n_span;
	struct norm_drop *drop; /* owned, ascending; none in a dense view */
	size_t n_drop;
	const struct norm *source; /* the view it came from; NULL: this is a main view */
};

/* The main view of `text`. Broken UTF-8 becomes U+FFFD. The source must be
 * shorter than 1 GiB. SL_E_NOMEM, SL_E_LIMIT. */
int normalise_text(const struct fold *f, const char *text, size_t len,
		   struct norm *ret_n) SL_MUST_USE;
/* The dense view of a main or open view, which must outlive it. */
int normalise_dense(const struct norm *view, struct norm *ret_n) SL_MUST_USE;
/* An open view of a main view, which must outlive it; empty when it would be the same. */
enum norm_open { OPEN_LINES, OPEN_NOISE };
int normalise_open(const struct norm *main_view, enum norm_open what,
		   struct norm *ret_n) SL_MUST_USE;
/* What is in one drop of the main view n of `text`. */
struct norm_carriers {
	unsigned n;	   /* tags and variation selectors, escaped or not */
	unsigned spelling; /* those of them that stand for a letter, digit or sign */
	bool flag;	   /* of England, Scotland or Wales: no such characters */
};
void normalise_carriers(const struct norm *n, const char *text, const struct norm_drop *d,
			struct norm_carriers *ret_c);
/* The text that all of them spell, as a main view by itself whose places are those of the
 * carriers in `text`; empty when there is none.  SL_E_NOMEM. */
int normalise_carried(const struct fold *f, const struct norm *n, const char *text,
		      struct norm *ret_n) SL_MUST_USE;
void normalise_release(struct norm *n);

/* Original bytes [*ret_from, *ret_to) behind view bytes [from, to), from < to. */
void normalise_original(const struct norm *n, size_t from, size_t to, size_t *ret_from,
			size_t *ret_to);
/* First drop that stands behind view byte `at`; n_drop: none. */
size_t normalise_next_drop(const struct norm *n, size_t at);
/* 1u << fold_kind of every change inside [from, to) of a main view, drops included. */
unsigned normalise_kinds(const struct norm *n, size_t from, size_t to);
/* Main-view bytes behind bytes [from, to) of any view. */
void normalise_main(const struct norm *n, size_t from, size_t to, size_t *ret_from,
		    size_t *ret_to);
/* Code point of a view at *at, which moves on. A view is valid UTF-8: no checks. */
static inline uint32_t normalise_next(const char *text, size_t *at)
{
	const unsigned char *s = (const unsigned char *)text + *at;

	if (s[0] < 0x80) {
		*at += 1;
		return s[0];
	}
	if (s[0] < 0xe0) {
		*at += 2;
		return (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
	}
	if (s[0] < 0xf0) {
		*at += 3;
		return (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 |
		       (s[2] & 0x3f);
	}
	*at += 4;
	return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 |
	       (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f);
}

/* A short string (a word of a rule) in the form it would have in a view. */
int normalise_word(const struct fold *f, const char *word, char *out, size_t cap) SL_MUST_USE;

#endif
