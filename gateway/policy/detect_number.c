/* detect_number.c - telephone, card and plate numbers. */
#include <string.h>

#include "policy/detect.h"
#include "policy/gb.h"

enum { MOBILE = 11, CARD_MIN = 15, CARD_MAX = 19, LINE = 120 };

static bool is_public_line(const struct match *m, const char *digits, size_t n)
{
	const struct words *w = &m->policy->public_line;

	for (unsigned i = 0; i < w->n; i++) {
		if (strlen(w->item[i]) == n && memcmp(w->item[i], digits, n) == 0)
			return true;
	}
	return false;
}

static bool is_assigned(const struct match *m, const char *number)
{
	const struct words *w = &m->policy->mobile_prefix;

	for (unsigned i = 0; i < w->n; i++) {
		if (strncmp(number, w->item[i], strlen(w->item[i])) == 0)
			return true;
	}
	return false;
}

/* Is the line text[from, to) nothing but numbers? */
static bool is_numbers(const char *text, size_t from, size_t to)
{
	bool digit = false;

	for (size_t i = from; i < to; i++) {
		if (text[i] >= '0' && text[i] <= '9')
			digit = true;
		else if ((unsigned char)text[i] >= 0x80 ||
			 strchr(" \t\r.,-+%/", text[i]) == NULL)
			return false;
	}
	return digit;
}

static size_t line_start(const char *text, size_t at)
{
	size_t low = at;

	while (low > 0 && at - low < LINE && text[low - 1] != '\n')
		low--;
	return low;
}

static size_t line_end(const char *text, size_t at, size_t len)
{
	size_t high = at;

	while (high < len && high - at < LINE && text[high] != '\n')
		high++;
	return high;
}

/* Two numbers beside or below each other make a longer one by chance, when more of
 * them stand in the line before or behind. */
static bool in_column(const struct match *m)
{
	const struct norm *n = m->view;
	size_t from, to, low, high;
	bool apart = false;

	normalise_main(n, m->from, m->to, &from, &to);
	while (n->source != NULL)
		n = n->source;
	for (size_t i = from; i < to; i++)
		apart = apart || strchr(" \t\r\n", n->text[i]) != NULL;
	low = line_start(n->text, from);
	high = line_end(n->text, to, n->len);
	return apart &&
	       ((low > 1 && is_numbers(n->text, line_start(n->text, low - 1), low - 1)) ||
		(high + 1 < n->len &&
		 is_numbers(n->text, high + 1, line_end(n->text, high + 1, n->len))));
}

/* "1-800-998-9938", "+1 707 829 0515": the country code of North America. */
static bool is_foreign(const struct match *m)
{
	const struct norm *n = m->view;
	const char *s;
	size_t from, to;

	normalise_main(n, m->from, m->to, &from, &to);
	while (n->source != NULL)
		n = n->source;
	s = n->text;
	return to - from > 5 && s[from] == '1' && strchr("- .", s[from + 1]) != NULL &&
	       strspn(s + from + 2, "0123456789") == 3;
}

/* "154.0000.1234": three, four and four digits are no decimal number. */
static bool is_grouped(const struct match *m)
{
	struct extent e = match_text(m), after = match_after(m, 2);

	return e.len == MOBILE + 2 && e.text[3] == '.' && e.text[8] == '.' &&
	       !(after.len == 2 && after.text[0] == '.' && after.text[1] >= '0' &&
		 after.text[1] <= '9');
}

static bool has_letters(struct extent e)
{
	for (size_t i = 0; i < e.len; i++) {
		if (e.text[i] == 'O' || e.text[i] == 'o' || e.text[i] == 'l' ||
		    e.text[i] == 'I')
			return true;
	}
	return false;
}

bool detect_number_mobile(struct match *m)
{
	static const char *const words[] = {"手机", "电话", "联系", "号码",
					    "微信", "致电", "拨打", NULL};
	struct extent before = match_before(m, 1);
	char d[MOBILE + 4];
	size_t n = match_digits(match_text(m), d, sizeof(d));
	const char *number, *word;

	if (!match_whole(m) || n < MOBILE || memchr(d, 'X', n) != NULL)
		return false;
	number = d + n - MOBILE; /* without country code */
	if (number[0] != '1' || number[1] < '3' || is_public_line(m, number, MOBILE))
		return false;
	/* The decimals of a number, or a piece of something longer with hyphens. */
	if (before.len == 1 &&
	    (before.text[0] == '.' || before.text[0] == '-' || before.text[0] == '/'))
		return false;
	if (is_foreign(m) || (match_is_decimal(m) && !is_grouped(m)))
		return false;
	/* Letters for digits: a word must say that it is a number. */
	word = match_any(match_around(m, CONTEXT_DEFAULT, 10), words);
	if (word == NULL && has_letters(match_text(m)))
		return false;
	/* Digits from several cells or lines make numbers by chance. */
	if (m->view->source != NULL && word == NULL && in_column(m))
		return false;
	match_evidence(m, is_assigned(m, number) ? "shape,prefix" : "shape");
	match_score(m, false, word);
	return true;
}

static bool has_prefix(const char *d, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strncmp(d, *list, strlen(*list)) == 0)
			return true;
	}
	return false;
}

bool detect_number_card(struct match *m)
{
	static const char *const union_pay[] = {"62", NULL};
	static const char *const others[] = {"4",  "51", "52", "53", "54", "55",
					     "35", "60", "65", "37", "34", NULL};
	static const char *const words[] = {"银行卡", "卡号",	"账号",	  "帐号",
					    "开户",   "信用卡", "储蓄卡", "借记卡",
					    "转账",   "汇款",	"收款",	  NULL};
	char d[CARD_MAX + 1];
	size_t n = match_digits(match_text(m), d, CARD_MAX);
	const char *word;

	d[n] = '\0';
	if (!match_whole(m) || n < CARD_MIN || memchr(d, 'X', n) != NULL || !gb_luhn(d, n))
		return false;
	word = match_any(match_around(m, CONTEXT_DEFAULT, 10), words);
	/* 10 of 100 numbers pass Luhn: outside the usual lengths of the union's
	 * cards a word must say that it is a card. */
	if (!(has_prefix(d, union_pay) && (n == 16 || n == 19)) &&
	    (word == NULL || !(has_prefix(d, others) || has_prefix(d, union_pay))))
		return false;
	match_evidence(m, "shape,issuer,luhn");
	match_score(m, true, word);
	return true;
}

/* The eight characters of a new-energy plate: a small car has its letter first, a large
 * one last (GA 36). */
static bool is_new_energy(const char *c, size_t n)
{
	static const char small[] = "DFABCEGHJK";
	unsigned digits = 0;

	for (size_t i = 2; i < n; i++)
		digits += c[i] >= '0' && c[i] <= '9';
	if (n != 6)
		return false;
	if (c[0] >= '0' && c[0] <= '9')
		return strchr("DF", c[5]) != NULL && c[1] >= '0' && c[1] <= '9' && digits == 3;
	return strchr(small, c[0]) != NULL && digits == 4;
}

bool detect_number_plate(struct match *m)
{
	static const char *const words[] = {"车", "牌", "驾驶", "号码", "行驶", NULL};
	struct extent e = match_text(m);
	unsigned digits = 0, small = 0;
	const char *word;
	char serial[8];
	size_t n = 0;
	bool letter = false, special = false;

	if (!match_whole(m))
		return false;
	for (size_t i = 0; i < e.len; i++) {
		char c = e.text[i];
		bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';

		small += lower;
		digits += c >= '0' && c <= '9';
		special = special || (i + 3 == e.len && (unsigned char)c >= 0xe4);
		if (!letter && (lower || upper))
			letter = true; /* the office's letter, not of the serial */
		else if ((lower || upper || (c >= '0' && c <= '9')) && n < sizeof(serial))
			serial[n++] = lower ? (char)(c - 'a' + 'A') : c;
	}
	if (digits < 2 || n > 6 || (n == 6 && !is_new_energy(serial, n)))
		return false;
	/* Lower-case or mostly letters may be a model or a file: then a word must help. */
	word = match_any(match_around(m, 20, 10), words);
	if ((small > 0 || digits < 3) && word == NULL && !special)
		return false;
	match_evidence(m, n == 6 ? "shape,new-energy" : "shape");
	match_score(m, false, word);
	return true;
}

/* "0551-6512345", "(010)6512 3456": an area code and seven or eight digits. */
bool detect_number_landline(struct match *m)
{
	char d[16];
	size_t n = match_digits(match_text(m), d, sizeof(d));
	size_t area = n > 1 && (d[1] == '1' || d[1] == '2') ? 3 : 4;

	if (!match_whole(m) || n < area + 7 || n > area + 8 || d[0] != '0' || d[area] < '2' ||
	    is_public_line(m, d, n) || is_public_line(m, d + area, n - area))
		return false;
	match_evidence(m, "shape,area-code");
	return true;
}

bool detect_number_inner_line(struct match *m)
{
	struct extent e = match_text(m);
	size_t from = 0, n;
	char d[12];

	while (from < e.len && (e.text[from] < '0' || e.text[from] > '9'))
		from++;
	if (from == e.len) /* 内线六三一七 */
		from = 0;
	n = match_digits((struct extent){e.text + from, e.len - from}, d, sizeof(d));
	if (!match_whole(m) || n < 3 || is_public_line(m, d, n))
		return false;
	match_evidence(m, "number");
	return true;
}
