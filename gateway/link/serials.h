/* serials.h - sets of serials as people write them: "7", "9-12", lists of them, and what the
 * outlet's status says is missing. */
#ifndef SL_LINK_SERIALS_H
#define SL_LINK_SERIALS_H

#include <stdbool.h>

#include "base/json.h"

enum { SERIALS_RANGES_MAX = 65536, SERIALS_TEXT_MAX = 4 << 20 };

struct serials { /* zero is the empty set */
	struct serials_range {
		int64_t from, to;
	} * range;
	size_t n, room;
};
void serials_release(struct serials *s);
bool serials_has(const struct serials *s, int64_t serial);
/* Both included, from <= to.  SL_E_LIMIT for too many ranges, SL_E_NOMEM. */
int serials_add(struct serials *s, int64_t from, int64_t to) SL_MUST_USE;
/* One "7" or "9-12" of len bytes; SL_E_FORMAT. */
int serials_add_text(struct serials *s, const char *text, size_t len) SL_MUST_USE;
/* A list that somebody copied: such words between blanks, commas and line ends, or JSON, in
 * which every member "missing" counts: numbers, texts as above, or pairs [from, to]; a JSON
 * list without names counts whole.  SL_E_FORMAT with what cannot be read; SL_E_NOTFOUND when
 * it names nothing. */
int serials_read(struct serials *s, const void *bytes, size_t len,
		 struct sl_why *why) SL_MUST_USE;
/* [[from,to],…] and back (hostile: SL_E_FORMAT, SL_E_LIMIT). */
json_t *serials_json(const struct serials *s);
int serials_from_json(struct serials *s, const json_t *list) SL_MUST_USE;

#endif
