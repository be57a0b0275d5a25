/* normalise_map.c - from a view back to the bytes of the document. */
#include "policy/normalise.h"

#include <string.h>

/* Last span that starts at or before view byte `at`. */
static size_t span_at(const struct norm *n, size_t at)
{
	size_t low = 0, high = n->n_span;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (n->span[mid].at <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

size_t normalise_next_drop(const struct norm *n, size_t at)
{
	size_t low = 0, high = n->n_drop;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (n->drop[mid].at <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void to_source(const struct norm *n, size_t from, size_t to, size_t *ret_from,
		      size_t *ret_to)
{
	const struct norm_span *a = &n->span[span_at(n, from)];
	const struct norm_span *b = &n->span[span_at(n, to - 1)];

	*ret_from = a->from + (from - a->at) / a->step * a->from_step;
	*ret_to = b->from + ((to - 1 - b->at) / b->step + 1) * b->from_step;
}

void normalise_main(const struct norm *n, size_t from, size_t to, size_t *ret_from,
		    size_t *ret_to)
{
	for (; n->source != NULL; n = n->source)
		to_source(n, from, to, &from, &to);
	*ret_from = from;
	*ret_to = to;
}

void normalise_original(const struct norm *n, size_t from, size_t to, size_t *ret_from,
			size_t *ret_to)
{
	normalise_main(n, from, to, &from, &to);
	while (n->source != NULL)
		n = n->source;
	to_source(n, from, to, ret_from, ret_to);
}

unsigned normalise_kinds(const struct norm *n, size_t from, size_t to)
{
	unsigned kinds = 0;
	size_t d = normalise_next_drop(n, from);

	for (size_t i = span_at(n, from); i < n->n_span && n->span[i].at < to; i++)
		kinds |= 1u << n->span[i].kind;
	/* A drop before the first byte is outside, one before a later byte inside. */
	if (d < n->n_drop && n->drop[d].at < to)
		kinds |= 1u << FOLD_ZERO_WIDTH;
	return kinds;
}

int normalise_word(const struct fold *f, const char *word, char *out, size_t cap)
{
	struct norm n;
	int r = normalise_text(f, word, strlen(word), &n);

	if (r != SL_OK)
		return r;
	if (n.len >= cap)
		r = SL_E_LIMIT;
	else
		memcpy(out, n.text, n.len + 1);
	normalise_release(&n);
	return r;
}
