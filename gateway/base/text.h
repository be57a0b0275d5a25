/* text.h - untrusted text made safe to print, and small UTF-8 helpers.
 *
 * Everything that came from outside passes text_safe before it reaches a
 * terminal or a log: C0, DEL, C1, bidi controls, zero-width characters, line
 * and paragraph separators and broken UTF-8 become visible "\u{...}". */
#ifndef SL_BASE_TEXT_H
#define SL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_BAD UINT32_C(0xffffffff) /* no code point: broken UTF-8 */

/* Decode one code point of s[0..len), len > 0.  *ret_used is 1..4.  Returns
 * TEXT_BAD (used = 1) for anything that is not shortest-form UTF-8 of a scalar
 * value (RFC 3629). */
uint32_t text_decode(const char *s, size_t len, size_t *ret_used);
/* Encode; returns 1..4 bytes written, or 0 for a value that is no scalar. */
size_t text_encode(uint32_t cp, char out[4]);
/* Whole string is valid UTF-8? */
bool text_is_utf8(const char *s, size_t len);
/* Number of code points; broken bytes count one each. */
size_t text_count(const char *s, size_t len);
/* Columns a code point takes in a terminal: 0, 1 or 2. */
int text_width(uint32_t cp);
/* The line at *s without its '\n', and *s behind it; false when no line ends before `end`. */
bool text_next_line(const char **s, const char *end, const char **ret_line, size_t *ret_len);
/* A character that nobody sees and no published text needs: zero width, direction, fillers,
 * tags.  The one table of them: they are taken out of published texts, do not count when rules
 * are matched, and deceive. */
bool text_is_invisible(uint32_t cp);
/* Would a terminal or an eye be misled by this code point? */
bool text_is_deceptive(uint32_t cp);
/* Copy s printable into out (always NUL-terminated, never cut inside a
 * character); returns the bytes written without NUL.  Newline and tab become
 * visible too. cap >= 16. */
size_t text_safe(const char *s, size_t len, char *out, size_t cap);
/* The same for text whose newlines and tabs are wanted (a document's body). */
size_t text_safe_lines(const char *s, size_t len, char *out, size_t cap);

/* Lower-case hex: out needs 2 * len + 1 bytes. */
void text_hex(const uint8_t *bytes, size_t len, char *out);
/* Exactly len bytes from exactly 2 * len lower-case digits; false otherwise. */
bool text_unhex(const char *hex, size_t hex_len, uint8_t *out, size_t len);
/* The same from digits of either case: only for what is read once and never compared as
 * text, named by or signed over. */
bool text_unhex_any_case(const char *hex, size_t hex_len, uint8_t *out, size_t len);
/* s is exactly 64 lower-case hex digits? */
bool text_is_sha256(const char *s);
/* A file or item name that is safe as one path component: 1..200 bytes, valid
 * UTF-8, no '/', no backslash, no control or deceptive characters, not "." or
 * "..", no leading '-' and no trailing dot or space. */
bool text_is_safe_name(const char *s, size_t len);
/* Strict decimal: digits only, no sign, no leading zero (except "0"), <= max. */
bool text_to_u64(const char *s, size_t len, uint64_t max, uint64_t *ret_value);

#endif
