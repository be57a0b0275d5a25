/* draft.c - drafts and what belongs to a revision: reading, numbering, preparing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "store/draft_row.h"
#include "store/store_private.h"

enum { PER_YEAR = 1000000, FILES_MAX = 256 };

int draft_number(const char *id, char kind, int64_t *ret_number)
{
	uint64_t year, n;

	/* The running number may have leading zeros; a year has none. */
	if (id == NULL || strlen(id) != 13 || id[0] != kind || id[1] != '-' || id[6] != '-' ||
	    !text_to_u64(id + 2, 4, 9999, &year))
		return SL_E_FORMAT;
	n = 0;
	for (int i = 7; i < 13; i++) {
		if (id[i] < '0' || id[i] > '9')
			return SL_E_FORMAT;
		n = n * 10 + (uint64_t)(id[i] - '0');
	}
	if (n == 0)
		return SL_E_FORMAT;
	*ret_number = (int64_t)(year * PER_YEAR + n);
	return SL_OK;
}

static void name_draft(struct draft *d)
{
	unsigned year = (unsigned)(d->number / PER_YEAR) % 10000,
		 n = (unsigned)(d->number % PER_YEAR);

	(void)snprintf(d->id, sizeof(d->id), "D-%04u-%06u", year, n);
	(void)snprintf(d->release, sizeof(d->release), "R-%04u-%06u", year, n);
}

static int year_of(int64_t t)
{
	char text[CLOCK_TEXT + 1];

	clock_format(t, text);
	return (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
	       (text[3] - '0');
}

static int new_number(struct store *s, struct draft *d, struct sl_why *why)
{
	int64_t first = (int64_t)year_of(d->created) * PER_YEAR, last = 0;
	int r = db_int(&s->db,
		       "SELECT coalesce(max(number), ?1) FROM draft WHERE number >= ?1 AND "
		       "number < ?2",
		       &last, "ii", first, first + PER_YEAR);

	if (r == SL_OK && last + 1 >= first + PER_YEAR)
		r = why_set(why, SL_E_LIMIT, _("this year's draft numbers are used up"));
	if (r != SL_OK)
		return r;
	d->number = last + 1;
	d->revision = 1;
	return SL_OK;
}

static int new_revision(struct store *s, struct draft *d)
{
	int64_t last = 0;
	int r = db_int(&s->db, "SELECT max(revision) FROM draft WHERE number = ?", &last, "i",
		       d->number);

	if (r != SL_OK)
		return r;
	if (last == 0)
		return SL_E_NOTFOUND;
	d->revision = last + 1;
	return SL_OK;
}

static int check_files(struct store *s, const struct draft *d, struct sl_why *why)
{
	if (d->n_files == 0 || d->n_files > FILES_MAX)
		return why_set(why, SL_E_LIMIT, _("a draft has between 1 and %d files"),
			       FILES_MAX);
	for (unsigned i = 0; i < d->n_files; i++) {
		int r = store_upload_owned(s, d->submitter, d->files[i].sha256,
					   d->files[i].length);

		if (r != SL_OK)
			return why_set(
				why, r,
				_("the file \"%s\" was not uploaded by you; upload it first"),
				d->files[i].name);
	}
	return SL_OK;
}

static int insert_row(struct store *s, const struct draft *d, const char *token)
{
	char channels[sizeof(d->channels)];
	size_t n = 0;

	channels[0] = '\0';
	for (unsigned i = 0; i < d->n_channels; i++)
		n += (size_t)snprintf(channels + n, sizeof(channels) - n, "%s\n",
				      d->channels[i]);
	return db_run(
		&s->db,
		"INSERT INTO draft (number, revision, newest, id, release, state, author,"
		" submitter, unit, title, content_type, column_name, disclosure, channels, "
		"klass,"
		" corrects, created, changed, due, token)"
		" VALUES (?, ?, ?, ?, ?, 'PREPARED', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
		"iiissssssssssssiis", d->number, d->revision, (int64_t)(d->revision == 1),
		d->id, d->release, d->author, d->submitter, d->unit, d->title, d->content_type,
		d->column, d->disclosure, channels, d->klass, d->corrects, d->created,
		d->created, token);
}

static int insert_files(struct store *s, const struct draft *d)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++)
		r = db_run(&s->db,
			   "INSERT INTO file (number, revision, position, name, media_type, "
			   "sha256,"
			   " length) VALUES (?, ?, ?, ?, ?, ?, ?)",
			   "iiisssi", d->number, d->revision, (int64_t)i, d->files[i].name,
			   d->files[i].media_type, d->files[i].sha256,
			   (int64_t)d->files[i].length);
	return r;
}

/* The draft an earlier try with this token made; SL_E_NOTFOUND when this is the first. */
static int find_token(struct store *s, struct draft *d, const char *token, struct sl_why *why)
{
	struct draft old = {0};
	int64_t number = 0, revision = 0;
	int r = db_int(&s->db, "SELECT number FROM draft WHERE submitter = ? AND token = ?",
		       &number, "ss", d->submitter, token);

	if (r == SL_OK)
		r = db_int(&s->db,
			   "SELECT revision FROM draft WHERE submitter = ? AND token = ?",
			   &revision, "ss", d->submitter, token);
	if (r == SL_OK)
		r = row_load(s, number, revision, &old);
	if (r != SL_OK)
		return r;
	if (strcmp(old.title, d->title) != 0 || old.n_files != d->n_files)
		r = SL_E_CONFLICT;
	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		if (strcmp(old.files[i].sha256, d->files[i].sha256) != 0 ||
		    strcmp(old.files[i].name, d->files[i].name) != 0)
			r = SL_E_CONFLICT;
	}
	if (r != SL_OK) {
		draft_release(&old);
		return why_set(why, r, _("this token was used for another draft"));
	}
	draft_release(d);
	*d = old; /* moved */
	return SL_OK;
}

static int prepare_new(struct store *s, struct draft *d, const char *token, struct sl_why *why)
{
	int r = d->number == 0 ? new_number(s, d, why) : new_revision(s, d);

	if (r != SL_OK)
		return r;
	name_draft(d);
	r = check_files(s, d, why);
	if (r == SL_OK)
		r = insert_row(s, d, token);
	if (r == SL_OK)
		r = insert_files(s, d);
	if (r == SL_OK)
		r = audit_take(s, "draft.prepare", d->submitter, d->id,
			       json_pack("{s:s,s:I}", "draft", d->id, "revision",
					 (json_int_t)d->revision));
	d->state = DRAFT_PREPARED;
	return r;
}

int store_draft_prepare(struct store *s, struct draft *d, const char *token, struct sl_why *why)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	if (d->created == 0)
		d->created = clock_now();
	r = find_token(s, d, token, why);
	if (r == SL_E_NOTFOUND)
		r = prepare_new(s, d, token, why);
	return db_end(&s->db, r);
}

int store_draft_offers_set(struct store *s, const struct draft *d, const struct draft_offer *o,
			   unsigned n)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = db_run(
			&s->db,
			"INSERT INTO offer (number, revision, position, klass, manifest, "
			"submission)"
			" VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (number, revision, position)"
			" DO UPDATE SET klass = excluded.klass, manifest = excluded.manifest,"
			" submission = excluded.submission",
			"iiisss", d->number, d->revision, (int64_t)i, o[i].klass, o[i].manifest,
			o[i].submission);
	return db_end(&s->db, r);
}

int store_draft_offers(struct store *s, const struct draft *d, struct draft_offer *ret,
		       unsigned cap, unsigned *ret_n)
{
	sqlite3_stmt *q = NULL;
	unsigned n = 0;
	int r = db_query(&s->db,
			 "SELECT klass, manifest, submission FROM offer WHERE number = ? AND"
			 " revision = ? ORDER BY position",
			 &q, "ii", d->number, d->revision);

	while (r == SL_OK && (r = db_step(q)) > 0) {
		if (n == cap) {
			r = SL_E_LIMIT;
			break;
		}
		r = db_copy(q, 0, ret[n].klass, sizeof(ret[n].klass));
		if (r == SL_OK)
			r = db_copy(q, 1, ret[n].manifest, sizeof(ret[n].manifest));
		if (r == SL_OK)
			r = db_copy(q, 2, ret[n].submission, sizeof(ret[n].submission));
		n++;
	}
	db_done(q);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

int store_file_result(struct store *s, const char *id, int64_t revision, unsigned index,
		      const char *report_sha256, const char *text_sha256)
{
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_run(&s->db,
			   "UPDATE file SET report = ?, body = ? WHERE number = ? AND revision "
			   "= ? AND"
			   " position = ?",
			   "ssiii", report_sha256 != NULL ? report_sha256 : "",
			   text_sha256 != NULL ? text_sha256 : "", number, revision,
			   (int64_t)index);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_NOTFOUND;
	return r;
}

int store_file_results(struct store *s, const char *id, int64_t revision, unsigned index,
		       char ret_report[65], char ret_text[65])
{
	sqlite3_stmt *q = NULL;
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_query(
			&s->db,
			"SELECT report, body FROM file WHERE number = ? AND revision = ? AND"
			" position = ?",
			&q, "iii", number, revision, (int64_t)index);
	if (r == SL_OK)
		r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0)
		r = db_copy(q, 0, ret_report, 65);
	if (r == SL_OK)
		r = db_copy(q, 1, ret_text, 65);
	db_done(q);
	return r;
}

int store_draft_own(struct store *s, const char *pid, const char *id, int64_t revision,
		    struct draft *ret_d, struct sl_why *why)
{
	struct draft d = {0};
	int r = id == NULL ? SL_E_NOTFOUND : store_draft_get(s, id, revision, &d);

	if (r == SL_OK && strcmp(d.author, pid) != 0 && strcmp(d.submitter, pid) != 0)
		r = SL_E_NOTFOUND;
	if (r == SL_OK) {
		*ret_d = d; /* moved */
		return SL_OK;
	}
	draft_release(&d);
	return r == SL_E_NOTFOUND
		       ? why_set(why, r, _("you have no draft %s"), id != NULL ? id : "")
		       : r;
}
