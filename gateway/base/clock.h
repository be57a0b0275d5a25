/* clock.h - time as the project uses it: whole seconds UTC in 20-byte text. */
#ifndef SL_BASE_CLOCK_H
#define SL_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLOCK_TEXT = 20 }; /* "YYYY-MM-DDTHH:MM:SSZ" without NUL */

/* Now, seconds since 1970.  Test builds and the demo may fix it with
 * SLUICE_FIXED_TIME=YYYY-MM-DDTHH:MM:SSZ (only honoured when the program was
 * compiled with SL_TEST_CLOCK). */
int64_t clock_now(void);
int64_t clock_now_ms(void);
/* Monotonic milliseconds, for deadlines. */
int64_t clock_mono_ms(void);
/* Format; out gets CLOCK_TEXT + 1 bytes.  Years 0001..9999, else BUG. */
void clock_format(int64_t t, char out[CLOCK_TEXT + 1]);
/* Exactly 20 bytes, real calendar date, no leap second; false otherwise. */
bool clock_parse(const char *s, size_t len, int64_t *ret_t);
/* Civil date helpers (proleptic Gregorian): days since 1970-01-01. */
int64_t clock_days(int year, int month, int day);
bool clock_date_exists(int year, int month, int day);
/* 0 = Sunday .. 6 = Saturday. */
int clock_weekday(int year, int month, int day);

#endif
