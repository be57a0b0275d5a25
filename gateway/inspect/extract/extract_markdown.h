/* extract_markdown.h - what a reader of Markdown does not see between two letters. */
#ifndef SL_INSPECT_EXTRACT_MARKDOWN_H
#define SL_INSPECT_EXTRACT_MARKDOWN_H

#include <stddef.h>

#include "base/buf.h"

/* The text without emphasis, comments, tags inside a line and backslashes that stand right
 * between two digits or two characters beyond ASCII, so that a number is one again; all else
 * stays as written.  Errors stick in `out`. */
void extract_markdown_seen(const char *s, size_t len, struct buf *out);

#endif
