/* delegation.c - builds, reads and attributes delegation/v1.
 *
 * Hostile: the statement.  Invariant: nobody but an administrator of the unit that is named. */
#include "trust/delegation.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "trust/predicate_private.h"

enum { SKEW_S = 300 };

void delegation_subject(const struct delegation_facts *f, char ret_hex[65])
{
	char text[4 * ROSTER_NAME_MAX + 4];
	int n = snprintf(text, sizeof(text), "%.47s/%.47s/%.47s/%.47s", f->unit, f->person,
			 f->role, f->substitute);

	hash_hex(text, (size_t)n, ret_hex);
}

json_t *delegation_predicate(const struct delegation_facts *f)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s}", "action", f->action,
			 "begun", f->begun, "from", f->from, "person", f->person, "reason",
			 f->reason, "role", f->role, "substitute", f->substitute, "time",
			 predicate_time_new(f->time), "unit", f->unit, "until", f->until);
}

static bool is_day(const char *s)
{
	char text[CLOCK_TEXT + 1];
	int64_t t;

	if (strlen(s) != DELEGATION_DAY)
		return false;
	(void)snprintf(text, sizeof(text), "%sT00:00:00Z", s);
	return clock_parse(text, CLOCK_TEXT, &t);
}

/* A beginning begins nothing else, an end names what it ends. */
static bool action_ok(const struct delegation_facts *f)
{
	if (f->action == NULL || f->begun == NULL)
		return false;
	if (strcmp(f->action, "begin") == 0)
		return f->begun[0] == '\0';
	return strcmp(f->action, "end") == 0 && text_is_sha256(f->begun);
}

int delegation_read(const struct statement *s, struct delegation_facts *ret_f,
		    struct sl_why *why)
{
	static const char *const names[] = {"action", "begun", "from",	     "person",
					    "reason", "role",  "substitute", "time",
					    "unit",   "until", NULL};
	const json_t *j = s->predicate;
	struct delegation_facts f = {.action = json_str(j, "action"),
				     .begun = json_str(j, "begun"),
				     .unit = predicate_word(j, "unit"),
				     .person = predicate_word(j, "person"),
				     .role = predicate_word(j, "role"),
				     .substitute = predicate_word(j, "substitute"),
				     .from = predicate_text(j, "from"),
				     .until = predicate_text(j, "until"),
				     .reason = predicate_text(j, "reason")};
	char subject[65] = "";

	if (s->kind != PRED_DELEGATION || !json_has_only(j, names, NULL) || !action_ok(&f) ||
	    f.unit == NULL || f.person == NULL || f.role == NULL ||
	    !roster_role_known(f.role) || f.substitute == NULL || f.from == NULL ||
	    f.until == NULL || f.reason == NULL || strlen(f.reason) > DELEGATION_REASON_MAX ||
	    !json_time(j, "time", &f.time))
		return why_set(why, SL_E_FORMAT, "delegation is malformed");
	if (!is_day(f.from) || !is_day(f.until))
		return why_set(why, SL_E_FORMAT, _("\"%.20s\" is no day such as 2026-12-05"),
			       is_day(f.from) ? f.until : f.from);
	delegation_subject(&f, subject);
	if (strcmp(subject, s->subject) != 0)
		return why_set(why, SL_E_FORMAT, "delegation is about something else");
	*ret_f = f;
	return SL_OK;
}

const struct roster_person *delegation_signer(const struct statement *s, const struct roster *r,
					      int64_t now)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(r, s->envelope.keyid, &k);
	struct delegation_facts f;

	if (p == NULL || k->use != KEY_DSSE_REVIEWER || !roster_has_role(p, "unit-admin") ||
	    delegation_read(s, &f, NULL) != SL_OK || strcmp(p->unit, f.unit) != 0 ||
	    roster_verify(k, &s->envelope) != SL_OK || f.time < k->from || f.time > k->until ||
	    f.time > now + SKEW_S)
		return NULL;
	return p;
}
