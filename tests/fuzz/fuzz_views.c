/* fuzz_views.c - two views of a page: the input up to its first NUL byte, and the rest. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/views.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	size_t first = strnlen(s, size), rest = first < size ? size - first - 1 : 0, at = 0;
	const char *asked = s + size - rest;
	struct views_page *p = NULL, *own = NULL;
	struct views_run run;
	size_t before = 0;

	BUG(views_page_new(&p) != SL_OK || views_page_new(&own) != SL_OK);
	BUG(views_page_add(p, s, first) != SL_OK || views_page_add(own, asked, rest) != SL_OK);
	while (views_missing(p, asked, rest, 3, &at, &run)) {
		/* Runs come in order, inside the text, and the walk goes on. */
		BUG(run.count < 3 || run.len > rest || run.start > rest - run.len);
		BUG(run.start < before || at < run.start + run.len);
		before = run.start + run.len;
	}
	BUG(at != rest);
	/* A text shows itself, unless it is too short for a neighbourhood. */
	at = 0;
	BUG(views_page_count(own) >= 4 && views_missing(own, asked, rest, 4, &at, &run));
	views_page_free(p);
	views_page_free(own);
	return 0;
}
