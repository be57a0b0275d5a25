/* What another process says it has drawn: nothing gets through that a terminal would obey. */
#include <string.h>

#include "tui/drawn.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct drawn *d = NULL;

	if (drawn_parse(data, size, &d) != SL_OK)
		return 0;
	BUG(d->pages == 0 || d->cols > DRAWN_COLS_MAX || d->rows > DRAWN_ROWS_MAX);
	for (size_t i = 0; d->kind == 's' && i < (size_t)d->cols * d->rows; i++) {
		BUG(d->cell[i].cp < 0x20 || (d->cell[i].cp > 0x7e && d->cell[i].cp < 0x2500));
		BUG(d->cell[i].ink > DRAWN_NO_COLOR || d->cell[i].ground > DRAWN_NO_COLOR);
	}
	if (d->kind != 's') {
		/* Every escape begins or ends a picture; no other control character is there.
		 */
		for (size_t i = 0; i < d->codes.len; i++) {
			unsigned char c = d->codes.data[i];

			BUG(c < 0x20 && c != 0x1b && c != '\n');
			BUG(c == 0x1b && (i + 1 == d->codes.len ||
					  strchr("P_\\", d->codes.data[i + 1]) == NULL));
		}
	}
	drawn_free(d);
	return 0;
}
