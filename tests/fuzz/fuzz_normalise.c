/* fuzz_normalise.c - any bytes: views stay valid UTF-8 and lead back inside the text. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "policy/normalise.h"
#include "policy/runs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_map(const struct norm *n, size_t size)
{
	size_t last = 0;

	for (size_t i = 0; i < n->len; i++) {
		size_t from, to;

		normalise_original(n, i, i + 1, &from, &to);
		if (from >= to || to > size || from < last)
			abort();
		last = from;
	}
}

static void check_open(const struct norm *main_view, enum norm_open what, size_t size)
{
	struct norm open, dense;

	if (normalise_open(main_view, what, &open) != SL_OK)
		abort();
	if (open.len == 0)
		return; /* nothing was left out */
	if (open.n_drop == 0 || normalise_dense(&open, &dense) != SL_OK ||
	    !text_is_utf8(open.text, open.len) || !text_is_utf8(dense.text, dense.len))
		abort();
	for (size_t i = 0; i < open.n_drop; i++) {
		const struct norm_drop *d = &open.drop[i];

		if (d->len == 0 || d->first > SEAM_REPEAT || d->at > open.len ||
		    d->from + d->len > main_view->len || (i > 0 && d->at < open.drop[i - 1].at))
			abort();
	}
	check_map(&open, size);
	check_map(&dense, size);
	normalise_release(&dense);
	normalise_release(&open);
}

/* Runs come in order, are whole characters and hold nothing that the expression lacks. */
static void check_runs(const struct norm *n)
{
	struct runs r = {.least = 0};
	size_t from, to;

	if (!runs_add(&r, "[0-9]{10}[0-9×●]", false))
		abort();
	for (size_t at = 0; runs_next(&r, n->text, at, n->len, &from, &to); at = to) {
		if (from < at || to - from < r.least || to > n->len ||
		    !text_is_utf8(n->text + from, to - from))
			abort();
	}
}

/* What the drops carry is a view like any, and their count goes no further than they do. */
static void check_carried(const struct fold *f, const struct norm *n, const char *text,
			  size_t size)
{
	struct norm carried;
	struct norm_carriers c;

	for (size_t i = 0; i < n->n_drop; i++) {
		normalise_carriers(n, text, &n->drop[i], &c);
		if (c.spelling > c.n || c.n > n->drop[i].len || (c.flag && c.n > 0))
			abort();
	}
	if (normalise_carried(f, n, text, &carried) != SL_OK ||
	    !text_is_utf8(carried.text, carried.len))
		abort();
	check_map(&carried, size);
	normalise_release(&carried);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fold *fold;
	struct sl_why why;
	struct norm n, d;

	if (fold == NULL && fold_new(&fold, &why) != SL_OK)
		abort();
	if (normalise_text(fold, (const char *)data, size, &n) != SL_OK)
		return 0;
	if (normalise_dense(&n, &d) != SL_OK)
		abort();
	if (!text_is_utf8(n.text, n.len) || !text_is_utf8(d.text, d.len))
		abort();
	check_map(&n, size);
	check_map(&d, size);
	if (n.len > 0)
		(void)normalise_kinds(&n, 0, n.len);
	check_runs(&n);
	check_open(&n, OPEN_LINES, size);
	check_open(&n, OPEN_NOISE, size);
	check_carried(fold, &n, (const char *)data, size);
	normalise_release(&d);
	normalise_release(&n);
	return 0;
}
