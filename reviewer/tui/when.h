/* when.h - times as a person reads them in a list: how long ago, how long still. */
#ifndef SL_REVIEWER_TUI_WHEN_H
#define SL_REVIEWER_TUI_WHEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

/* How much of its time a draft has used: under 50 %, 50, 80, all of it. */
enum when_level { WHEN_CALM, WHEN_HALF, WHEN_LATE, WHEN_OVER };

/* "now", "12m", "5h", "3d", "8w", with a '-' before a span that is over. */
void when_span(int64_t seconds, char *out, size_t cap);
enum when_level when_level(int64_t created, int64_t due, int64_t now);
/* "", "!", "!!", "!!!": never only a colour. */
const char *when_mark(enum when_level level);
/* A member of the desk's JSON such as "2026-11-24T08:00:00Z"; 0 when it is not there. */
int64_t when_read(const json_t *j, const char *name);

#endif
