/* appeal.c - the author asks once for the next level; what the lead group says of it.
 *
 *   OPEN ──┬──▶ UPHELD     the refusal is final
 *          └──▶ ADMITTED   the draft is inspected again and goes the strictest route; votes
 *                          given before are on record and count for nothing
 *
 * Nobody's silence changes anything. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "store/outcome.h"
#include "store/store_private.h"

#define COLUMNS                                                                                \
	"d.id, a.pid, a.reason, a.envelope, a.outcome, a.decided_by, a.grounds, a.decision,"   \
	" a.revision, a.asked, a.decided"
#define FROM " FROM appeal a JOIN draft d ON d.number = a.number AND d.revision = a.revision"

static const char *const names[] = {"open", "upheld", "admitted"};
enum { N_OUTCOMES = sizeof(names) / sizeof(names[0]) };

const char *appeal_outcome_name(enum appeal_outcome o)
{
	BUG((unsigned)o >= N_OUTCOMES);
	return names[o];
}

static int outcome_from(const char *name, enum appeal_outcome *ret_o)
{
	for (unsigned i = 0; i < N_OUTCOMES; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret_o = (enum appeal_outcome)i;
			return SL_OK;
		}
	}
	return SL_E_CORRUPT;
}

static int read_row(sqlite3_stmt *q, struct appeal *a)
{
	char outcome[16] = "";
	const struct {
		char *out;
		size_t cap;
	} texts[] = {
		{a->draft, sizeof(a->draft)},	  {a->pid, sizeof(a->pid)},
		{a->reason, sizeof(a->reason)},	  {a->envelope, sizeof(a->envelope)},
		{outcome, sizeof(outcome)},	  {a->decided_by, sizeof(a->decided_by)},
		{a->grounds, sizeof(a->grounds)}, {a->decision, sizeof(a->decision)},
	};
	int r = SL_OK;

	for (int i = 0; r == SL_OK && i < (int)(sizeof(texts) / sizeof(texts[0])); i++)
		r = db_copy(q, i, texts[i].out, texts[i].cap);
	a->revision = sqlite3_column_int64(q, 8);
	a->asked = sqlite3_column_int64(q, 9);
	a->decided = sqlite3_column_int64(q, 10);
	return r == SL_OK ? outcome_from(outcome, &a->outcome) : r;
}

int store_appeal_get(struct store *s, const char *id, struct appeal *ret_a)
{
	struct appeal a = {.revision = 0};
	sqlite3_stmt *q = NULL;
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_query(&s->db, "SELECT " COLUMNS FROM " WHERE a.number = ?", &q, "i",
			     number);
	if (r == SL_OK)
		r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0)
		r = read_row(q, &a);
	db_done(q);
	if (r == SL_OK)
		*ret_a = a;
	return r;
}

int store_appeal_admitted(struct store *s, const struct draft *d, bool *ret_yes)
{
	int64_t n = 0;
	int r = db_int(&s->db,
		       "SELECT count(*) FROM appeal WHERE number = ? AND outcome = 'admitted'",
		       &n, "i", d->number);

	if (r == SL_OK)
		*ret_yes = n > 0;
	return r;
}

int store_appeal_each_open(struct store *s, int (*fn)(const struct appeal *a, void *arg),
			   void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0, r = db_query(&s->db,
				   "SELECT " COLUMNS FROM
				   " WHERE a.outcome = 'open' ORDER BY a.asked, a.number",
				   &q, "");

	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct appeal a = {.revision = 0};

		r = read_row(q, &a);
		if (r == SL_OK)
			stop = fn(&a, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

static int add_within(struct store *s, const struct appeal *a, struct sl_why *why)
{
	struct draft d = {0};
	int r = store_draft_get(s, a->draft, a->revision, &d);

	if (r == SL_OK && d.state != DRAFT_REFUSED)
		r = why_set(why, SL_E_STATE,
			    _("%s is %s; only a refusal can be appealed against"), a->draft,
			    draft_state_name(d.state));
	if (r == SL_OK)
		r = db_run(&s->db,
			   "INSERT INTO appeal (number, revision, pid, reason, envelope, asked)"
			   " VALUES (?, ?, ?, ?, ?, ?)",
			   "iisssi", d.number, a->revision, a->pid, a->reason, a->envelope,
			   clock_now());
	draft_release(&d);
	if (r == SL_E_EXISTS)
		return why_set(why, r,
			       _("an appeal about %s was made before, and there is only one"),
			       a->draft);
	if (r == SL_OK)
		r = audit_take(s, "draft.appeal", a->pid, a->draft,
			       json_pack("{s:s,s:I,s:s,s:s}", "draft", a->draft, "revision",
					 (json_int_t)a->revision, "reason", a->reason,
					 "envelope", a->envelope));
	return r;
}

int store_appeal_add(struct store *s, const struct appeal *a, struct sl_why *why)
{
	int r = db_begin(&s->db);

	return r == SL_OK ? db_end(&s->db, add_within(s, a, why)) : r;
}

static int decide_within(struct store *s, const struct appeal *a, int64_t number,
			 struct sl_why *why)
{
	const struct draft_change c = {.actor = a->decided_by, .reason = a->grounds};
	int r = db_run(&s->db,
		       "UPDATE appeal SET outcome = ?, decided = ?, decided_by = ?,"
		       " grounds = ?, decision = ?, last_vote = (SELECT coalesce(max(seq), 0)"
		       " FROM vote WHERE vote.number = appeal.number AND"
		       " vote.revision = appeal.revision) WHERE number = ? AND outcome = "
		       "'open'",
		       "sisssi", appeal_outcome_name(a->outcome), clock_now(), a->decided_by,
		       a->grounds, a->decision, number);

	if (r == SL_OK && db_changed(&s->db) == 0)
		return why_set(why, SL_E_CONFLICT, _("no appeal about %s is open"), a->draft);
	if (r == SL_OK && a->outcome == APPEAL_ADMITTED)
		r = move_within(s, a->draft, a->revision, DRAFT_REFUSED, DRAFT_SUBMITTED, &c,
				why);
	if (r == SL_OK)
		r = audit_take(s, "appeal.decide", a->decided_by, a->draft,
			       json_pack("{s:s,s:I,s:s,s:s,s:s}", "draft", a->draft, "revision",
					 (json_int_t)a->revision, "outcome",
					 appeal_outcome_name(a->outcome), "reason", a->grounds,
					 "envelope", a->decision));
	return r;
}

int store_appeal_decide(struct store *s, const struct appeal *a, struct sl_why *why)
{
	int64_t number;
	int r = draft_number(a->draft, 'D', &number);

	BUG(a->outcome != APPEAL_UPHELD && a->outcome != APPEAL_ADMITTED);
	if (r == SL_OK)
		r = db_begin(&s->db);
	return r == SL_OK ? db_end(&s->db, decide_within(s, a, number, why)) : r;
}
