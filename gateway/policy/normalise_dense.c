/* normalise_dense.c - the second view: what is left when padding is taken out.
 *
 * Spaces, single line breaks, symbols, one or two foreign characters between
 * Han characters, or before a star, go; long runs of Chinese numerals become digits. Only rules
 * that are exact enough by themselves are matched here. */
#include "policy/normalise_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { NUMERALS_MIN = 11, NUMERALS_MAX = 32, HAN = 3 };

/* What a view byte means for the dense view. */
enum cls { CLS_KEEP = 'k', CLS_HAN = 'h', CLS_SOFT = 's', CLS_GAP = 'g', CLS_LINE = 'l' };

/* clang-format off */
static const char ascii[] =
	"kkkkkkkkkglkkgkk" "kkkkkkkkkkkkkkkk" /* tab, line feed, carriage return */
	"gkgskkkgkksgkggg" "sssssssssskkkgkk" /*  !"#$%&'()*+,-./ 0123456789:;<=>? */
	"ksssssssssssssss" "ssssssssssskgkgg" /* @A…O P…Z[\]^_ */
	"gsssssssssssssss" "ssssssssssskgkgk"; /* `a…o p…z{|}~ */
/* clang-format on */

static inline enum cls class_of(const unsigned char *s, size_t left, size_t *ret_used)
{
	if (s[0] < 0x80) {
		*ret_used = 1;
		return (enum cls)ascii[s[0]];
	}
	if (s[0] >= 0xe4 && s[0] <= 0xe9) {
		*ret_used = 3;
		return CLS_HAN;
	}
	(void)text_decode((const char *)s, left, ret_used);
	/* U+00B7, U+2022, U+30FB, U+2027, U+2014 and the geometric shapes but the stars. */
	if (memcmp(s, "\xc2\xb7", 2) == 0 || memcmp(s, "\xe2\x80", 2) == 0 ||
	    memcmp(s, "\xe2\x96", 2) == 0 || memcmp(s, "\xe2\x97", 2) == 0 ||
	    memcmp(s, "\xe3\x83\xbb", 3) == 0)
		return CLS_GAP;
	return CLS_KEEP;
}

struct dense {
	struct norm_writer w;
	bool after_han;		   /* the last kept character is Han */
	unsigned soft;		   /* kept soft characters since then */
	size_t soft_at;		   /* length of the view before them */
	size_t soft_span;	   /* and its spans */
	size_t held[NUMERALS_MAX]; /* places of digits and numerals in a row */
	unsigned n_held, han_held; /* how many; how many of them are Han */
};

static void dense_one(struct dense *d, const char *text, size_t i, size_t used, enum cls c)
{
	bool closes = c == CLS_HAN || (used == HAN && memcmp(text + i, "★", HAN) == 0);

	if (closes && d->after_han && d->soft > 0 && d->soft <= 2) {
		/* One or two foreign characters between two Han characters: take them back. */
		d->w.n.len = d->soft_at;
		d->w.n.n_span = d->soft_span;
	}
	if (c == CLS_SOFT && d->after_han && d->soft == 0) {
		d->soft_at = d->w.n.len;
		d->soft_span = d->w.n.n_span;
	}
	normalise_put_same(&d->w, text, i, i + used);
	if (c == CLS_SOFT) {
		d->soft++;
	} else {
		d->after_han = c == CLS_HAN;
		d->soft = 0;
	}
}

/* 0..9 for a Chinese numeral of three bytes, else -1; 洞, 两, 拐 and 勾 are how the radio and
 * the police say 0, 2, 7 and 9. */
static inline int numeral(const char *text)
{
	/* Second bytes that numerals have behind each first byte: most characters differ. */
	static const uint64_t second[16] = {
		[3] = UINT64_C(0x1),
		[4] = UINT64_C(0x1700000000000000),
		[5] = UINT64_C(0x200000808008820),
		[6] = UINT64_C(0x10000080002800),
		[7] = UINT64_C(0x4000),
		[8] = UINT64_C(0x10000000000004),
		[9] = UINT64_C(0xa000000),
	};
	const unsigned char *s = (const unsigned char *)text;

	if ((second[s[0] & 0x0f] >> (s[1] & 0x3f) & 1) == 0)
		return -1;
	switch ((s[0] & 0x0f) << 12 | (s[1] & 0x3f) << 6 | (s[2] & 0x3f)) {
	case 0x3007:
	case 0x96f6:
	case 0x6d1e:
		return 0;
	case 0x4e00:
	case 0x58f9:
	case 0x5e7a:
		return 1;
	case 0x4e8c:
	case 0x8d30:
	case 0x4e24:
		return 2;
	case 0x4e09:
	case 0x53c1:
		return 3;
	case 0x56db:
	case 0x8086:
		return 4;
	case 0x4e94:
	case 0x4f0d:
		return 5;
	case 0x516d:
	case 0x9646:
		return 6;
	case 0x4e03:
	case 0x67d2:
	case 0x62d0:
		return 7;
	case 0x516b:
	case 0x634c:
		return 8;
	case 0x4e5d:
	case 0x7396:
	case 0x52fe:
		return 9;
	default:
		return -1;
	}
}

/* Digits and numerals in a row, held back until it is known whether they spell a number:
 * "三四九九〇…" does, so many numerals in a row are no prose. */
static void flush_number(struct dense *d, const char *text)
{
	bool spelled = d->n_held >= NUMERALS_MIN && d->han_held > 0;

	for (unsigned k = 0; k < d->n_held; k++) {
		size_t at = d->held[k];
		bool han = (unsigned char)text[at] >= 0x80;
		char digit = han ? (char)('0' + numeral(text + at)) : text[at];

		if (spelled && han) {
			normalise_put_span(&d->w, at, 1, HAN, FOLD_DIGIT);
			normalise_put_bytes(&d->w, &digit, 1);
		} else {
			dense_one(d, text, at, han ? HAN : 1, han ? CLS_HAN : CLS_SOFT);
		}
	}
	if (spelled) {
		d->after_han = false;
		d->soft = 0;
	}
	d->n_held = d->han_held = 0;
}

/* End of what may be copied whole behind a Han or kept character: Han characters that are
 * no numerals, and what is kept and stands most often between them. */
static size_t prose_end(const char *text, size_t i, size_t len, bool *after_han)
{
	const unsigned char *s = (const unsigned char *)text;

	while (i < len) {
		if (s[i] >= 0xe4 && s[i] <= 0xe9 && numeral(text + i) < 0) {
			*after_han = true;
			i += HAN;
		} else if (s[i] < 0x80 ? ascii[s[i]] == CLS_KEEP
				       : s[i] == 0xe3 && s[i + 1] == 0x80 &&
						 numeral(text + i) < 0) {
			*after_han = false;
			i += s[i] < 0x80 ? 1 : HAN;
		} else {
			break;
		}
	}
	return i;
}

/* Letters and the like in a row, digits apart. */
static size_t soft_end(const char *text, size_t i, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	while (i < len && s[i] < 0x80 && ascii[s[i]] == CLS_SOFT && (s[i] < '0' || s[i] > '9'))
		i++;
	return i;
}

/* One character, or a run of them; returns the bytes eaten. */
static size_t dense_step(struct dense *d, const char *s, size_t i, size_t len, size_t used,
			 enum cls c)
{
	bool han = used == HAN && ((unsigned char)s[i] & 0xf0) == 0xe0 && numeral(s + i) >= 0;
	size_t more = i + used;

	if (han || (s[i] >= '0' && s[i] <= '9')) {
		if (d->n_held == NUMERALS_MAX)
			flush_number(d, s);
		d->held[d->n_held++] = i;
		d->han_held += han;
		return used;
	}
	if (d->n_held > 0)
		flush_number(d, s);
	dense_one(d, s, i, used, c);
	if (c == CLS_SOFT) {
		more = soft_end(s, more, len);
		d->soft += (unsigned)(more - i - used);
	} else if (c != CLS_LINE) {
		more = prose_end(s, more, len, &d->after_han);
	}
	normalise_put_same(&d->w, s, i + used, more);
	return more - i;
}

int normalise_dense(const struct norm *view, struct norm *ret_n)
{
	struct dense d = {0};
	const char *s = view->text;
	size_t len = view->len, used;
	bool line = false;

	d.w.n.source = view;
	d.w.cap = len + 64;
	d.w.n.text = malloc(d.w.cap);
	if (d.w.n.text == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < len && d.w.error == SL_OK; i += used) {
		enum cls c = class_of((const unsigned char *)s + i, len - i, &used);

		if (c == CLS_GAP)
			continue;
		/* One line break may be a wrapped line, two are a new paragraph. */
		if (c == CLS_LINE && !line) {
			line = true;
			continue;
		}
		line = c == CLS_LINE;
		used = dense_step(&d, s, i, len, used, c);
	}
	flush_number(&d, s);
	return normalise_finish(&d.w, ret_n);
}
