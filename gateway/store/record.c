/* record.c - spills with their clock. */
#include "store/draft_row.h"
#include "store/store_private.h"

int store_spill_add(struct store *s, const struct spill *p)
{
	int64_t number;
	int r = draft_number(p->draft, 'D', &number);

	if (r != SL_OK)
		return r;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = db_run(
		&s->db,
		"INSERT INTO spill (number, revision, draft, rule, sha256, found, report_due)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		"iisssii", number, p->revision, p->draft, p->rule, p->sha256, p->found,
		p->report_due);
	if (r == SL_OK)
		r = audit_take(s, "draft.spill", "inspector", p->draft,
			       json_pack("{s:s,s:I,s:s,s:s}", "draft", p->draft, "revision",
					 (json_int_t)p->revision, "rule", p->rule, "sha256",
					 p->sha256));
	return db_end(&s->db, r);
}

int store_spill_each(struct store *s, int (*fn)(const struct spill *p, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0,
	    r = db_query(&s->db,
			 "SELECT draft, revision, rule, sha256, found, report_due FROM spill"
			 " ORDER BY report_due, number",
			 &q, "");

	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct spill p = {.revision = sqlite3_column_int64(q, 1),
				  .found = sqlite3_column_int64(q, 4),
				  .report_due = sqlite3_column_int64(q, 5)};

		r = db_copy(q, 0, p.draft, sizeof(p.draft));
		if (r == SL_OK)
			r = db_copy(q, 2, p.rule, sizeof(p.rule));
		if (r == SL_OK)
			r = db_copy(q, 3, p.sha256, sizeof(p.sha256));
		if (r == SL_OK)
			stop = fn(&p, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}
