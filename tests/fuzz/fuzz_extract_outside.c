/* fuzz_extract_outside.c - any bytes as an address, a list of them and a style sheet. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/extract/extract_csv.h"
#include "inspect/extract/extract_outside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct extract_csv c = {.s = s, .len = size};
	struct extract_csv_cell cell;
	struct buf b;
	size_t seen = 0;

	if (size > 1 << 16)
		return 0;
	buf_init(&b, size + 1);
	BUG(extract_css_outside(s, size, &b) != (b.len > 0));
	BUG(extract_is_outside(s, size) && size == 0);
	BUG(extract_is_outside(s, size) && !extract_is_outside_list(s, size) &&
	    memchr(s, ',', size) == NULL);
	buf_clear(&b);
	/* The cells of a table and what divides them are the whole of it. */
	while (extract_csv_next(&c, &b, &cell)) {
		BUG(cell.raw != s + seen || cell.end != cell.raw + cell.raw_len);
		seen += cell.raw_len + cell.end_len;
		BUG(seen != c.at || (cell.end_len == 0 && c.at != size));
	}
	BUG(seen != size);
	buf_release(&b);
	return 0;
}
