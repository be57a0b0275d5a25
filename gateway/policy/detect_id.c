/* detect_id.c - resident identity numbers (GB 11643), whole, mislabelled and half masked. */
#include <string.h>

#include "policy/detect.h"
#include "policy/gb.h"

enum { ID = 18, OLD_ID = 15 };

static const char *const labels[] = {"身份证",	   "身份号码", "证件号码", "证件号",
				     "身份证号码", "公民身份", "ID",	   NULL};

/* "3499 0219…": digits of the hit without separators; exactly 18 or nothing. */
static bool digits18(const struct match *m, char out[ID + 1])
{
	if (match_digits(match_text(m), out, ID) != ID)
		return false;
	out[ID] = '\0';
	return memchr(out, 'X', ID - 1) == NULL;
}

bool detect_id_number(struct match *m)
{
	static const char *const credit[] = {"信用代码", "统一代码", NULL};
	char id[ID + 1];
	bool foreigner;

	/* The label is a part of some triggers. */
	m->from += strcspn(m->view->text + m->from, "123456789");
	if (!match_whole(m) || !digits18(m, id))
		return false;
	foreigner = gb_foreigner(id, m->ctx->today);
	if (!foreigner && !gb_id(id, m->ctx->today))
		return false;
	/* An all-digit credit code can pass both checks; its own label decides. */
	if (gb_credit_code(id) && match_any(match_before(m, 12), credit) != NULL)
		return false;
	match_evidence(m, foreigner ? "shape,foreigner,date,check-digit"
				    : "shape,province,date,check-digit");
	match_score(m, true, match_any(match_around(m, CONTEXT_DEFAULT, 10), labels));
	return true;
}

/* YYMMDD of a 15-digit number: the century is 19. */
static bool old_date(const char *d, int64_t today)
{
	char date[9] = "19";

	memcpy(date + 2, d, 6);
	return gb_birth_date(date, today);
}

bool detect_id_label(struct match *m)
{
	char id[ID + 1];
	size_t n;

	if (!match_whole(m))
		return false;
	n = match_digits(match_text(m), id, ID);
	id[n] = '\0';
	if (n == OLD_ID && memchr(id, 'X', n) == NULL) {
		if (!gb_province(id) || !old_date(id + 6, m->ctx->today))
			return false;
		match_evidence(m, "shape,province,date");
		return true;
	}
	if (n != ID || memchr(id, 'X', ID - 1) != NULL || gb_id(id, m->ctx->today))
		return false;
	match_evidence(m, "shape,check-digit-wrong");
	return true;
}

bool detect_id_masked(struct match *m)
{
	struct extent e = match_text(m);
	size_t at = 0, n = 0, shown = 0, birth = 0;
	uint32_t cp;
	bool hidden = false;

	if (!match_whole(m))
		return false;
	while ((cp = match_next(e, &at)) != 0) {
		bool digit =
			(cp >= '0' && cp <= '9') || (n == ID - 1 && (cp == 'X' || cp == 'x'));

		shown += digit;
		birth += digit && n >= 6 && n < 14;
		hidden |= !digit;
		n++;
	}
	if (!hidden || (n != ID && n != OLD_ID) || !gb_province(e.text))
		return false;
	if (shown <= 10 && birth == 0)
		return false;
	match_evidence(m, "shape,visible:%zu%s", shown, birth > 0 ? ",birth-date" : "");
	return true;
}
