/* outcome.h - what else can become of a draft: an opinion asked outside, and one appeal.
 *
 * Envelopes are objects; these rows say what they said, for lists and for the record. */
#ifndef SL_STORE_OUTCOME_H
#define SL_STORE_OUTCOME_H

#include "store/store.h"

struct referral {
	int64_t id;
	char draft[24];
	int64_t revision;
	char pid[48], role[48], body[128], question[512], envelope[65];
	int64_t asked;
	bool third_party;
	int64_t answered; /* 0: still open */
	char answered_by[48], opinion[512], answer[65];
	char scan_name[256], scan_sha256[65]; /* "" without one */
};
/* IN_REVIEW becomes REFERRED; SL_E_EXISTS when an opinion is asked for already. */
int store_referral_add(struct store *s, const struct referral *p,
		       struct sl_why *why) SL_MUST_USE;
/* The open one becomes answered, and a REFERRED draft IN_REVIEW.  SL_E_NOTFOUND when none is
 * open.  `envelope` of p is that of the question, `answer` the new one. */
int store_referral_answer(struct store *s, const struct referral *p,
			  struct sl_why *why) SL_MUST_USE;
/* The open one of the newest revision; SL_E_NOTFOUND. */
int store_referral_open(struct store *s, const char *id, struct referral *ret_p) SL_MUST_USE;
/* All of a draft, the eldest first; fn returns non-zero to stop, and that is returned. */
int store_referral_each(struct store *s, const char *id,
			int (*fn)(const struct referral *p, void *arg), void *arg) SL_MUST_USE;

enum appeal_outcome { APPEAL_OPEN, APPEAL_UPHELD, APPEAL_ADMITTED };
struct appeal { /* one a draft, ever */
	char draft[24];
	int64_t revision; /* the refused one */
	char pid[48], reason[512], envelope[65];
	int64_t asked;
	enum appeal_outcome outcome; /* of the refusal upheld, of the appeal admitted */
	int64_t decided;
	char decided_by[48], grounds[512], decision[65];
};
const char *appeal_outcome_name(enum appeal_outcome o); /* "open" "upheld" "admitted" */
/* The draft must be REFUSED at this revision.  SL_E_EXISTS: there was one before. */
int store_appeal_add(struct store *s, const struct appeal *a, struct sl_why *why) SL_MUST_USE;
/* outcome, decided_by, grounds, decision of a.  Admitted: REFUSED becomes SUBMITTED, and the
 * votes that the revision has until now count for nothing any more.  SL_E_CONFLICT when it is
 * decided already. */
int store_appeal_decide(struct store *s, const struct appeal *a,
			struct sl_why *why) SL_MUST_USE;
int store_appeal_get(struct store *s, const char *id, struct appeal *ret_a) SL_MUST_USE;
/* Was an appeal about this draft admitted? */
int store_appeal_admitted(struct store *s, const struct draft *d, bool *ret_yes) SL_MUST_USE;
/* The open ones, the eldest first. */
int store_appeal_each_open(struct store *s, int (*fn)(const struct appeal *a, void *arg),
			   void *arg) SL_MUST_USE;

#endif
