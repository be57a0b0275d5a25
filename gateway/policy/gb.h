/* gb.h - check characters and shapes of national numbers. */
#ifndef SL_POLICY_GB_H
#define SL_POLICY_GB_H

#include <stdbool.h>
#include <stddef.h>

/* First two digits of an administrative division code (GB/T 2260), Hong Kong,
 * Macao and Taiwan residents' 81..83 included. */
bool gb_province(const char *digits);
/* YYYYMMDD that exists, 1850 or later, not after `today` (days since 1970). */
bool gb_birth_date(const char *digits, long long today);
/* 18 characters, last may be X: GB 11643-1999 check character only. */
bool gb_id_check(const char *id);
/* Shape, province, date and check character. */
bool gb_id(const char *id, long long today);
enum { GB_OLD_ID = 15, GB_ID = 18 };
/* Fifteen digits become the eighteen of the same person, in place (room for GB_ID);
 * returns the length, which stays when they are no digits. */
size_t gb_id_expand(char *id);
/* Permanent residence card for foreigners, form of 2023: 9, province, three digits of
 * the nationality, date of birth, three digits, check character of GB 11643. */
bool gb_foreigner(const char *id, long long today);
/* n digits: Luhn (ISO/IEC 7812-1). */
bool gb_luhn(const char *digits, size_t n);
/* 18 characters of GB 32100-2015, organisation code inside included. */
bool gb_credit_code(const char *code);
/* 17 characters of GB 16735, check character at place 9. */
bool gb_vin(const char *vin);
/* n characters of a machine-readable zone and their check digit: ICAO 9303, part 3. */
bool gb_mrz(const char *s, size_t n, char check);
/* 9 characters, without hyphen: GB 11714-1997. */
bool gb_organisation(const char *code);

#endif
