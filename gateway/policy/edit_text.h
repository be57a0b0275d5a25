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
enum edit_outcome {
	EDIT_DONE,
	EDIT_ABSENT,
	EDIT_SEVERAL,
	EDIT_HIDDEN, /* not among the words of the document: a comment, a property, hidden text
		      */
	EDIT_TRACKED /* the file has changes that nobody has accepted: what stands there is open
		      */
};

/* How often `text` stands in it, without overlapping itself. */
size_t edit_count(const char *s, size_t len, const char *text);
/* The same in the segments of a file, without its name and the draft's title. */
size_t edit_count_segments(const void *segments, size_t len, const char *text);
/* Put `edit` ({"from","occurrence","part","to"} of an approval/v1) into b.  nth: its
 * occurrence counts, else the text must stand there once. */
int edit_text(struct buf *b, const json_t *edit, bool nth,
	      enum edit_outcome *ret_outcome) SL_MUST_USE;
/* Can this text be replaced in an office file with these segments?  EDIT_DONE: it stands there
 * once, among its words. */
enum edit_outcome edit_judge(const void *segments, size_t len, const char *text);
/* What is a word of a document; what the cleaner takes out of every copy is none. */
bool edit_is_word(uint8_t where);
bool edit_is_of(const json_t *edit, const char *part);
/* Files of this type are changed byte by byte; *ret_nth: by occurrence. */
bool edit_is_plain(const char *type, bool *ret_nth);
/* Files of this type are changed word by word in a copy of their package. */
bool edit_is_office(const char *type);

#endif
