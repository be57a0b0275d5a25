/* columns.c - printf counts bytes; a Chinese character has three and takes two columns. */
#include "link/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void columns_right(const char *text, int cells)
{
	size_t len = strlen(text), used = 0;

	for (size_t at = 0; at < len; at += used)
		cells -= text_width(text_decode(text + at, len - at, &used));
	(void)printf("%*s%s", cells > 0 ? cells : 0, "", text);
}
