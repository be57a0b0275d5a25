/* gb.c - arithmetic of GB 11643, GB 32100, GB 11714, GB 16735, ICAO 9303 and Luhn. */
#include "policy/gb.h"

#include <string.h>

#include "base/clock.h"

bool gb_province(const char *d)
{
	static const char known[] =
		"11121314152122233132333435363741424344454650515253546162636465"
		"71818283";

	for (const char *p = known; *p != '\0'; p += 2) {
		if (p[0] == d[0] && p[1] == d[1])
			return true;
	}
	return false;
}

static int number(const char *d, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (d[i] < '0' || d[i] > '9')
			return -1;
		v = v * 10 + (d[i] - '0');
	}
	return v;
}

bool gb_birth_date(const char *d, long long today)
{
	int y = number(d, 4), m = number(d + 4, 2), day = number(d + 6, 2);

	return y >= 1850 && m >= 1 && day >= 1 && clock_date_exists(y, m, day) &&
	       clock_days(y, m, day) <= today;
}

/* Check character of 17 digits, '\0' when they are not. */
static char check_of(const char *id)
{
	static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	for (int i = 0; i < 17; i++) {
		if (id[i] < '0' || id[i] > '9')
			return '\0';
		sum += (id[i] - '0') * weight[i];
	}
	return "10X98765432"[sum % 11];
}

bool gb_id_check(const char *id)
{
	char check = check_of(id);

	return check != '\0' && id[17] == check;
}

size_t gb_id_expand(char *id)
{
	if (number(id, 9) < 0 || number(id + 9, 6) < 0)
		return GB_OLD_ID;
	memmove(id + 8, id + 6, 9);
	memcpy(id + 6, "19", 2); /* the old numbers end with the century */
	id[17] = check_of(id);
	return GB_ID;
}

bool gb_id(const char *id, long long today)
{
	return gb_id_check(id) && gb_province(id) && gb_birth_date(id + 6, today);
}

bool gb_foreigner(const char *id, long long today)
{
	return id[0] == '9' && gb_id_check(id) && gb_province(id + 1) &&
	       number(id + 3, 3) >= 0 && gb_birth_date(id + 6, today);
}

bool gb_luhn(const char *d, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int v = d[n - 1 - i] - '0';

		if (v < 0 || v > 9)
			return false;
		if (i % 2 == 1)
			v = v * 2 > 9 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return n > 0 && sum % 10 == 0;
}

bool gb_organisation(const char *c)
{
	static const int weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0, check;

	for (int i = 0; i < 8; i++) {
		int v = c[i] >= '0' && c[i] <= '9'   ? c[i] - '0'
			: c[i] >= 'A' && c[i] <= 'Z' ? c[i] - 'A' + 10
						     : -1;

		if (v < 0)
			return false;
		sum += v * weight[i];
	}
	check = 11 - sum % 11;
	return c[8] == (check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check));
}

bool gb_credit_code(const char *c)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	static const int weight[17] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
				       29, 25, 13, 8,  24, 10, 30, 28};
	int sum = 0;

	if (strchr("123456789ANY", c[0]) == NULL || c[0] == '\0')
		return false;
	for (int i = 0; i < 17; i++) {
		const char *at = c[i] != '\0' ? strchr(alphabet, c[i]) : NULL;

		if (at == NULL || (i >= 2 && i < 8 && (c[i] < '0' || c[i] > '9')))
			return false;
		sum += (int)(at - alphabet) * weight[i];
	}
	return c[17] == alphabet[(31 - sum % 31) % 31] && gb_organisation(c + 8);
}

bool gb_vin(const char *vin)
{
	static const int weight[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
	/* Values of A to Z; I, O and Q do not occur. */
	static const char value[] = "12345678.12345.7.923456789";
	int sum = 0;

	for (int i = 0; i < 17; i++) {
		char c = vin[i];
		int v = c >= '0' && c <= '9'				? c - '0'
			: c >= 'A' && c <= 'Z' && value[c - 'A'] != '.' ? value[c - 'A'] - '0'
									: -1;

		if (v < 0)
			return false;
		sum += v * weight[i];
	}
	return vin[8] == "0123456789X"[sum % 11];
}

bool gb_mrz(const char *s, size_t n, char check)
{
	static const int weight[3] = {7, 3, 1};
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int v = s[i] >= '0' && s[i] <= '9'   ? s[i] - '0'
			: s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 10
			: s[i] == '<'		     ? 0
						     : -1;

		if (v < 0)
			return false;
		sum += v * weight[i % 3];
	}
	return check == (char)('0' + sum % 10) || (check == '<' && sum == 0);
}
