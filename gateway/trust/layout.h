/* layout.h - which delegated role lists which target (trust.md section 5).
 *
 *   targets.json ─┬─ policy               policy/...
 *                 ├─ feed                 feed/head.json, log/checkpoint
 *                 │    └─ notice-000001   notices N-001000 to N-001999   1,000 serials a set
 *                 └─ rel                  no targets
 *                      └─ rel-2026        no targets; everything of that year
 *                           └─ rel-2026-0001   R-2026-000100 to R-2026-000199, 100 numbers
 *
 * A set is as large after ten years as it was on its first day, so one more release
 * costs the same whatever came before.  Role names are file names, and never all
 * digits (JavaScript would reorder them). */
#ifndef SL_TRUST_LAYOUT_H
#define SL_TRUST_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

enum { LAYOUT_ROLE_MAX = 32, LAYOUT_PATTERN_MAX = 64 };

/* Role that lists the targets of this release; `id` is one (release_id_ok). */
void layout_release_role(const char *id, char out[LAYOUT_ROLE_MAX]);
/* Role that lists the notice with this serial (1 or more). */
void layout_notice_role(int64_t serial, char out[LAYOUT_ROLE_MAX]);
/* A role below "rel" or "feed", that is a year or a set, and its path pattern? */
bool layout_pattern(const char *role, char out[LAYOUT_PATTERN_MAX]);
/* "feed" or "rel": whose keys sign this role. */
const char *layout_keeper(const char *role);
/* The role that delegates to this year or set. */
void layout_parent(const char *role, char out[LAYOUT_ROLE_MAX]);
/* Does this role delegate to others: "rel", "feed", a year? */
bool layout_delegates(const char *role);

#endif
