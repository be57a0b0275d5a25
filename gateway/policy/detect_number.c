/* detect_number.c - telephone, card and plate numbers. */
#include <string.h>

#include "policy/detect.h"
#include "policy/gb.h"

enum { MOBILE = 11, CARD_MIN = 15, CARD_MAX = 19 };

static bool is_public_line(const struct match *m, const char *digits, size_t n)
{
	const struct words *w = &m->policy->public_line;

	for (unsigned i = 0; i < w->n; i++) {
		if (strlen(w->item[i]) == n && memcmp(w->item[i], digits, n) == 0)
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
	word = match_any(match_around(m, CONTEXT_DEFAULT, 10), words);
	/* Digits from several cells or lines make numbers by chance. */
	if (m->view->source != NULL && word == NULL)
		return false;
	match_evidence(m, "shape");
	if (word != NULL)
		match_evidence(m, "context:%s", word);
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
	if (word != NULL)
		match_evidence(m, "context:%s", word);
	return true;
}

bool detect_number_plate(struct match *m)
{
	static const char *const words[] = {"车", "牌", "驾驶", "号码", "行驶", NULL};
	struct extent e = match_text(m);
	unsigned digits = 0, letters = 0, small = 0;

	if (!match_whole(m))
		return false;
	for (size_t i = 0; i < e.len; i++) {
		digits += e.text[i] >= '0' && e.text[i] <= '9';
		letters += (e.text[i] >= 'A' && e.text[i] <= 'Z') ||
			   (e.text[i] >= 'a' && e.text[i] <= 'z');
		small += e.text[i] >= 'a' && e.text[i] <= 'z';
	}
	if (digits < 2 || digits + letters > 7)
		return false;
	/* Lower-case or mostly letters may be a model or a file: then a word must help. */
	if ((small > 0 || digits < 3) && match_any(match_around(m, 20, 10), words) == NULL)
		return false;
	match_evidence(m, "shape");
	return true;
}

bool detect_number_inner_line(struct match *m)
{
	struct extent e = match_text(m);
	size_t n = 0;

	while (n < e.len && e.text[e.len - 1 - n] >= '0' && e.text[e.len - 1 - n] <= '9')
		n++;
	if (!match_whole(m) || n < 3 || is_public_line(m, e.text + e.len - n, n))
		return false;
	match_evidence(m, "number");
	return true;
}
