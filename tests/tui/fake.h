/* fake.h - a gateway made of recorded answers, a clock that stands, and keys from a list.
 *
 * The linker puts __wrap_NAME in the place of wire_ask, wire_call, clock_now, clock_now_ms and
 * screen_key.  An answers file is JSON:
 *   {"answers": [{"op": "review.show", "args": {"draft": "D-2026-000001"}, "result": {…},
 *                 "data": "text" | "data_hex": "00ff" | "error": "denied", "why": "…"}, …]}
 * Anywhere {"repeat": "x", "times": 1000, "first": "…", "last": "…"} is a long text.
 * The first row whose op is the same and whose args are all among those asked answers; a row
 * with "times" answers that often and is then passed over.  Nothing fits: unreachable. */
#ifndef SL_TEST_TUI_FAKE_H
#define SL_TEST_TUI_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "wire/session.h"

/* Read the file; replaces what was there.  Exits when it cannot be read. */
void fake_answers(const char *path);
/* review.list now answers from n drafts made up by number. */
void fake_many(unsigned n);
/* Nobody answers any more, or answers again. */
void fake_gone(bool gone);
/* The moment that the clock shows. */
void fake_clock(int64_t t);
/* So much more time has passed, by the clock that cannot be set. */
void fake_later(int64_t seconds);
/* How many questions were asked so far. */
unsigned fake_asked(void);
/* A second inspection has looked at so many files; what it comes to at its next step. */
void fake_inspected(unsigned files);
void fake_found(const char *json);
void fake_again_release(void);
void fake_release(void);
/* With SL_TUI_KEY in the environment its key is in a file too, with the passphrase "open
 * sesame" unless it says "plain": that passphrase is slow on purpose; SL_TUI_RECHECK is the
 * configuration's `recheck`.
 * A session of p-07 with a key that is always the same, what was shown kept below `home`, and
 * no connection. */
void fake_session(struct session *ret_s, const char *home);

#endif
