/* normalise.c - one pass over hostile text; identical stretches are copied whole.
 *
 * Invariants: spans ascend in `at` and `from`; a view is valid UTF-8, which the
 * matcher demands; work and memory are linear in the source (a code point
 * becomes at most FOLD's longest entry). */
#include "policy/normalise.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/normalise_private.h"

enum { SOURCE_MAX = 1 << 30, FOLD_GROWTH = 9 };

static bool grow(void **p, size_t *cap, size_t need, size_t item)
{
	size_t want = *cap < 64 ? 64 : *cap;
	void *q;

	while (want < need)
		want += want / 2;
	q = realloc(*p, want * item);
	if (q == NULL)
		return false;
	*p = q;
	*cap = want;
	return true;
}

void normalise_put_span(struct norm_writer *w, size_t from, size_t step, size_t from_step,
			enum fold_kind kind)
{
	struct norm_span *last = w->n.n_span > 0 ? &w->n.span[w->n.n_span - 1] : NULL;

	if (last != NULL && last->step == step && last->from_step == from_step &&
	    last->kind == kind) {
		size_t done = w->n.len - last->at;

		/* The same kind of change again: full-width digits in a row are one span.
		 * Most change no length, and a division a character is felt. */
		if (last->from + (step == from_step ? done : done / step * from_step) == from)
			return;
	}
	if (w->n.n_span == w->cap_span) {
		void *p = w->n.span;

		if (!grow(&p, &w->cap_span, w->n.n_span + 1, sizeof(*w->n.span))) {
			w->error = SL_E_NOMEM;
			return;
		}
		w->n.span = p;
	}
	w->n.span[w->n.n_span++] = (struct norm_span){.at = (uint32_t)w->n.len,
						      .from = (uint32_t)from,
						      .step = (uint16_t)step,
						      .from_step = (uint16_t)from_step,
						      .kind = (uint8_t)kind};
}

void normalise_put_drop(struct norm_writer *w, size_t from, size_t len, uint32_t cp)
{
	struct norm_drop *last = w->n.n_drop > 0 ? &w->n.drop[w->n.n_drop - 1] : NULL;

	if (last != NULL && last->from + last->len == from) {
		last->len += (uint32_t)len;
		return;
	}
	if (w->n.n_drop == w->cap_drop) {
		void *p = w->n.drop;

		if (!grow(&p, &w->cap_drop, w->n.n_drop + 1, sizeof(*w->n.drop))) {
			w->error = SL_E_NOMEM;
			return;
		}
		w->n.drop = p;
	}
	w->n.drop[w->n.n_drop++] = (struct norm_drop){.from = (uint32_t)from,
						      .len = (uint32_t)len,
						      .at = (uint32_t)w->n.len,
						      .first = cp};
}

/* `units` source units of from_step bytes each become `len` bytes of text. */
void normalise_put_bytes(struct norm_writer *w, const char *text, size_t len)
{
	if (w->cap - w->n.len < len + 1) {
		void *p = w->n.text;

		if (!grow(&p, &w->cap, w->n.len + len + 1, 1)) {
			w->error = SL_E_NOMEM;
			return;
		}
		w->n.text = p;
	}
	memcpy(w->n.text + w->n.len, text, len);
	w->n.len += len;
}

void normalise_put_same(struct norm_writer *w, const char *s, size_t from, size_t to)
{
	if (to > from) {
		normalise_put_span(w, from, 1, 1, FOLD_PLAIN);
		normalise_put_bytes(w, s + from, to - from);
	}
}

/* Three well-formed bytes of a character that folds to itself? */
static inline bool same3(const struct fold *f, const unsigned char *s)
{
	uint32_t cp =
		(uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);

	return (s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80 &&
	       cp >= 0x800 && (cp < 0xd800 || cp > 0xdfff) && f->entry[cp] == 0;
}

/* First byte at or after i that does not stay as it is. */
static size_t skip_same(const struct fold *f, const char *text, size_t i, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	while (i < len) {
		uint64_t eight;

		if (s[i] >= 0x80) {
			if (len - i < 3 || !same3(f, s + i))
				return i;
			i += 3;
			continue;
		}
		while (len - i >= 8) {
			memcpy(&eight, s + i, 8);
			if ((eight & UINT64_C(0x8080808080808080)) != 0)
				break;
			i += 8;
		}
		while (i < len && s[i] < 0x80)
			i++;
	}
	return i;
}

static size_t put_one(struct norm_writer *w, const struct fold *f, const char *text, size_t i,
		      size_t len)
{
	size_t used;
	uint32_t cp = text_decode(text + i, len - i, &used);
	int32_t at = cp == TEXT_BAD ? -1 : fold_index(cp);
	uint32_t e = at < 0 ? 0 : f->entry[at];

	if (cp == TEXT_BAD) {
		normalise_put_span(w, i, 3, 1, FOLD_PLAIN);
		normalise_put_bytes(w, "\xef\xbf\xbd", 3);
	} else if (fold_why(e) == FOLD_ZERO_WIDTH || (cp >= 0xe0000 && cp <= 0xe0fff)) {
		normalise_put_drop(w, i, used, cp);
	} else if (e == 0) {
		normalise_put_same(w, text, i, i + used);
	} else {
		normalise_put_span(w, i, fold_len(e), used, fold_why(e));
		normalise_put_bytes(w, fold_text(f, e), fold_len(e));
	}
	return i + used;
}

/* An escape, or the sign that only looked like one. */
static size_t put_escape(struct norm_writer *w, const struct fold *f,
			 struct norm_escapes *escapes, const char *text, size_t i, size_t len)
{
	uint32_t cp, e;
	size_t used = normalise_escape(escapes, text, i, len, &cp);
	int32_t at = used > 0 ? fold_index(cp) : -1;
	char utf8[4];

	if (used == 0) {
		normalise_put_same(w, text, i, i + 1);
		return i + 1;
	}
	e = at < 0 ? 0 : f->entry[at];
	if (fold_why(e) == FOLD_ZERO_WIDTH || (cp >= 0xe0000 && cp <= 0xe0fff)) {
		normalise_put_drop(w, i, used, cp);
	} else if (e != 0) {
		normalise_put_span(w, i, fold_len(e), used, FOLD_ESCAPE);
		normalise_put_bytes(w, fold_text(f, e), fold_len(e));
	} else {
		size_t n = text_encode(cp, utf8);

		normalise_put_span(w, i, n, used, FOLD_ESCAPE);
		normalise_put_bytes(w, utf8, n);
	}
	return i + used;
}

int normalise_finish(struct norm_writer *w, struct norm *ret_n)
{
	normalise_put_bytes(w, "", 0); /* room for the NUL */
	if (w->error != SL_OK) {
		normalise_release(&w->n);
		return w->error;
	}
	w->n.text[w->n.len] = '\0';
	*ret_n = w->n;
	return SL_OK;
}

int normalise_text(const struct fold *f, const char *text, size_t len, struct norm *ret_n)
{
	struct norm_writer w = {0};
	struct norm_escapes escapes = {0};
	size_t i = 0;

	if (len >= SOURCE_MAX / FOLD_GROWTH * 4)
		return SL_E_LIMIT;
	w.cap = len + len / 16 + 64;
	w.n.text = malloc(w.cap);
	if (w.n.text == NULL)
		return SL_E_NOMEM;
	while (i < len && w.error == SL_OK && w.n.len < SOURCE_MAX) {
		size_t sign = normalise_next_escape(&escapes, text, i, len);
		size_t stop = skip_same(f, text, i, sign);

		normalise_put_same(&w, text, i, stop);
		i = stop < sign	 ? put_one(&w, f, text, stop, len)
		    : stop < len ? put_escape(&w, f, &escapes, text, stop, len)
				 : stop;
	}
	normalise_escapes_release(&escapes);
	if (w.error == SL_OK && escapes.failed)
		w.error = SL_E_NOMEM;
	if (w.error == SL_OK && i < len)
		w.error = SL_E_LIMIT;
	return normalise_finish(&w, ret_n);
}

void normalise_release(struct norm *n)
{
	free(n->text);
	free(n->span);
	free(n->drop);
	memset(n, 0, sizeof(*n));
}
