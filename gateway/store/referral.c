/* referral.c - an opinion asked outside the house: the question, who waits, the answer. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "store/outcome.h"
#include "store/store_private.h"

#define COLUMNS                                                                                \
	"d.id, r.revision, r.pid, r.role, r.body, r.question, r.envelope, r.answered_by,"      \
	" r.opinion, r.answer, r.scan_name, r.scan_sha256, r.asked, r.answered, "              \
	"r.third_party,"                                                                       \
	" r.id"
#define FROM " FROM referral r JOIN draft d ON d.number = r.number AND d.revision = r.revision"

static int read_row(sqlite3_stmt *q, struct referral *p)
{
	const struct {
		char *out;
		size_t cap;
	} texts[] = {
		{p->draft, sizeof(p->draft)},
		{NULL, 0},
		{p->pid, sizeof(p->pid)},
		{p->role, sizeof(p->role)},
		{p->body, sizeof(p->body)},
		{p->question, sizeof(p->question)},
		{p->envelope, sizeof(p->envelope)},
		{p->answered_by, sizeof(p->answered_by)},
		{p->opinion, sizeof(p->opinion)},
		{p->answer, sizeof(p->answer)},
		{p->scan_name, sizeof(p->scan_name)},
		{p->scan_sha256, sizeof(p->scan_sha256)},
	};
	int r = SL_OK;

	for (int i = 0; r == SL_OK && i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
		if (texts[i].out != NULL)
			r = db_copy(q, i, texts[i].out, texts[i].cap);
	}
	p->revision = sqlite3_column_int64(q, 1);
	p->asked = sqlite3_column_int64(q, 12);
	p->answered = sqlite3_column_int64(q, 13);
	p->third_party = sqlite3_column_int64(q, 14) != 0;
	p->id = sqlite3_column_int64(q, 15);
	return r;
}

int store_referral_open(struct store *s, const char *id, struct referral *ret_p)
{
	struct referral p = {.id = 0};
	sqlite3_stmt *q = NULL;
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_query(&s->db,
			     "SELECT " COLUMNS FROM " WHERE r.number = ? AND r.answered = 0"
			     " AND d.newest = 1",
			     &q, "i", number);
	if (r == SL_OK)
		r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0)
		r = read_row(q, &p);
	db_done(q);
	if (r == SL_OK)
		*ret_p = p;
	return r;
}

int store_referral_each(struct store *s, const char *id,
			int (*fn)(const struct referral *p, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int64_t number;
	int stop = 0, r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_query(&s->db, "SELECT " COLUMNS FROM " WHERE r.number = ? ORDER BY r.id",
			     &q, "i", number);
	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct referral p = {.id = 0};

		r = read_row(q, &p);
		if (r == SL_OK)
			stop = fn(&p, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

static int add_within(struct store *s, const struct referral *p, int64_t number,
		      struct sl_why *why)
{
	char reason[sizeof(((struct draft *)NULL)->state_reason)];
	struct draft_change c = {.actor = p->pid, .reason = reason};
	struct referral open;
	int r = store_referral_open(s, p->draft, &open);

	if (r == SL_OK)
		return why_set(why, SL_E_EXISTS, _("%s was referred to %s and waits for it"),
			       p->draft, open.body);
	if (r != SL_E_NOTFOUND)
		return r;
	/* The clocks know a third party, whose time does not count, by the first word. */
	if ((size_t)snprintf(reason, sizeof(reason), "%s%s: %s",
			     p->third_party ? "third-party: " : "", p->body,
			     p->question) >= sizeof(reason))
		return why_set(why, SL_E_LIMIT, _("the question is too long"));
	r = db_run(&s->db,
		   "INSERT INTO referral (number, revision, pid, role, body, question,"
		   " envelope, asked, third_party) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		   "iisssssii", number, p->revision, p->pid, p->role, p->body, p->question,
		   p->envelope, clock_now(), (int64_t)p->third_party);
	if (r == SL_OK)
		r = move_within(s, p->draft, p->revision, DRAFT_IN_REVIEW, DRAFT_REFERRED, &c,
				why);
	if (r == SL_OK)
		r = audit_take(s, "review.refer", p->pid, p->draft,
			       json_pack("{s:s,s:I,s:s,s:s,s:s,s:s}", "draft", p->draft,
					 "revision", (json_int_t)p->revision, "role", p->role,
					 "body", p->body, "question", p->question, "envelope",
					 p->envelope));
	return r;
}

int store_referral_add(struct store *s, const struct referral *p, struct sl_why *why)
{
	int64_t number;
	int r = draft_number(p->draft, 'D', &number);

	if (r == SL_OK)
		r = db_begin(&s->db);
	return r == SL_OK ? db_end(&s->db, add_within(s, p, number, why)) : r;
}

static int answer_within(struct store *s, const struct referral *p, struct sl_why *why)
{
	const struct draft_change c = {.actor = p->answered_by, .reason = ""};
	struct draft d = {0};
	int r = db_run(&s->db,
		       "UPDATE referral SET answered = ?, answered_by = ?, opinion = ?,"
		       " answer = ?, scan_name = ?, scan_sha256 = ? WHERE envelope = ?"
		       " AND answered = 0",
		       "issssss", clock_now(), p->answered_by, p->opinion, p->answer,
		       p->scan_name, p->scan_sha256, p->envelope);

	if (r == SL_OK && db_changed(&s->db) == 0)
		return why_set(why, SL_E_NOTFOUND, _("no opinion about %s is waited for"),
			       p->draft);
	if (r == SL_OK)
		r = store_draft_get(s, p->draft, p->revision, &d);
	/* New rules may have brought it back before the answer came. */
	if (r == SL_OK && d.state == DRAFT_REFERRED)
		r = move_within(s, p->draft, p->revision, DRAFT_REFERRED, DRAFT_IN_REVIEW, &c,
				why);
	draft_release(&d);
	if (r == SL_OK)
		r = audit_take(s, "review.answer", p->answered_by, p->draft,
			       json_pack("{s:s,s:I,s:s,s:s,s:s,s:s}", "draft", p->draft,
					 "revision", (json_int_t)p->revision, "opinion",
					 p->opinion, "scan_sha256", p->scan_sha256, "answers",
					 p->envelope, "envelope", p->answer));
	return r;
}

int store_referral_answer(struct store *s, const struct referral *p, struct sl_why *why)
{
	int r = db_begin(&s->db);

	return r == SL_OK ? db_end(&s->db, answer_within(s, p, why)) : r;
}
