/* trial_case.h - one positive or near-miss of a pack, tried on the loaded rules.
 *
 * The text is taken as the body of a document.  Another place, or circumstances,
 * stand in front of it between double brackets:
 *
 *   [[where=header severity=S0]]机密
 *
 *   where=PLACE        place of the text, as reports name it
 *   severity=S0..S4    a positive must be found with it; a near-miss must not
 *   type=CT05  column=NAME  channel=A,B  disclosure=ATTRIBUTE
 *   today=YYYY-MM-DD   else the date of policy.yaml, so that no test goes stale
 *   repeat=N           the text stands N times
 *   given=FIELD,FIELD  fields of the draft's metadata that are filled in; "none": no one is
 *   source=TYPE  question=TEXT  received=YYYY-MM-DD  due=YYYY-MM-DD
 *   picture=BYTES      the file is a picture of this size */
#ifndef SL_POLICY_TRIAL_CASE_H
#define SL_POLICY_TRIAL_CASE_H

#include "policy/policy.h"

enum { TRIAL_CASE_HEAD = 512, TRIAL_CASE_CHANNELS = 16, TRIAL_CASE_TEXT = 1 << 20 };

struct trial_case {
	struct scan_context context; /* points into head */
	struct segment segment;	     /* text borrowed from the pack, or `repeated` */
	struct scan_record record;   /* in context once one of its facts is given */
	char *repeated;		     /* owned */
	enum severity severity;	     /* SEV_COUNT: any */
	char head[TRIAL_CASE_HEAD];
	const char *channels[TRIAL_CASE_CHANNELS + 1];
};

/* SL_E_FORMAT with the word that is wrong.  Release in any case. `today` holds when the text
 * says nothing. */
int trial_case_parse(struct trial_case *k, const char *text, int64_t today,
		     struct sl_why *why) SL_MUST_USE;
void trial_case_release(struct trial_case *k);
/* Does the rule find something in it, with the severity asked for? */
int trial_case_run(const struct trial_case *k, const struct policy *p, const char *rule,
		   bool *ret_found) SL_MUST_USE;

#endif
