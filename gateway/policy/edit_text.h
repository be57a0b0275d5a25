/* edit_text.h - a reviewer's exact words put into a text, the same way everywhere.
 *
 * The inspector makes a revision with it; a reviewer's machine makes it once more and
 * compares. */
#ifndef SL_POLICY_EDIT_TEXT_H
#define SL_POLICY_EDIT_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"

enum { EDIT_TEXT_MAX = 64 << 20 };
enum edit_outcome { EDIT_DONE, EDIT_ABSENT, EDIT_SEVERAL };

/* How often `text` stands in it, without overlapping itself. */
size_t edit_count(const char *s, size_t len, const char *text);
/* The same in the segments of a file. */
size_t edit_count_segments(const void *segments, size_t len, const char *text);
/* Put `edit` ({"from","occurrence","part","to"} of an approval/v1) into b.  nth: its
 * occurrence counts, else the text must stand there once. */
int edit_text(struct buf *b, const json_t *edit, bool nth,
	      enum edit_outcome *ret_outcome) SL_MUST_USE;
bool edit_is_of(const json_t *edit, const char *part);
/* Files of this type are changed byte by byte; *ret_nth: by occurrence. */
bool edit_is_plain(const char *type, bool *ret_nth);

#endif
