/* json.h - JSON in and out; the only include of jansson.h.
 *
 * Two levels.  json_parse reads ordinary bounded JSON (reports, requests).
 * json_parse_signed reads the profile of everything that is signed
 * (docs/trust: section "JSON profile"): UTF-8, no characters below 0x20 or
 * 0x7f inside strings, no duplicate names, names printable ASCII without '"'
 * and '\', integers only with |n| <= 2^53-1, no null, no reals, depth <= 16,
 * <= 1 MiB, and the bytes must already be canonical (names sorted by byte, no
 * spaces; OLPC canonical JSON and RFC 8785 agree inside this profile). */
#ifndef SL_BASE_JSON_H
#define SL_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	JSON_DEPTH_MAX = 16,
	JSON_SIGNED_MAX = 1 << 20,
};

/* Parse any one JSON document of at most `max` bytes, depth <= 64, duplicate
 * names refused. Caller owns *ret_j (json_decref). SL_E_FORMAT, SL_E_LIMIT. */
int json_parse(const void *bytes, size_t len, size_t max, json_t **ret_j) SL_MUST_USE;
/* Parse the signed profile; canonical bytes demanded. */
int json_parse_signed(const void *bytes, size_t len, json_t **ret_j) SL_MUST_USE;
/* Append canonical bytes of j; nothing is appended when it is not of the signed profile
 * (SL_E_FORMAT, SL_E_LIMIT) or there is no room. */
int json_canonical(const json_t *j, struct buf *out) SL_MUST_USE;
/* Append compact JSON with sorted names, no profile check (for results that
 * programs print). */
int json_compact(const json_t *j, struct buf *out) SL_MUST_USE;
/* The one document of --json: compact, and a line end, on standard output.  With
 * an error (NULL is SL_E_NOMEM) nothing is printed. */
int json_print(const json_t *j);
int json_print_take(json_t *j); /* takes j in every case */

/* Typed, borrowed access; NULL / false when absent or of another type. */
const char *json_str(const json_t *obj, const char *name);
bool json_i64(const json_t *obj, const char *name, int64_t *ret_v);
/* A text that is a time as clock.h writes them: unix seconds. */
bool json_time(const json_t *obj, const char *name, int64_t *ret_t);
const json_t *json_arr(const json_t *obj, const char *name);
const json_t *json_obj(const json_t *obj, const char *name);
bool json_bool(const json_t *obj, const char *name, bool *ret_v);
/* Object has exactly these names (NULL-terminated list of required, then of
 * optional names)?  Extra names in a signed object are refused by callers
 * that must not ignore what they do not understand. */
bool json_has_only(const json_t *obj, const char *const *required, const char *const *optional);

#endif
