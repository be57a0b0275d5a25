/* draft_row.c - rows to drafts: one by number, or many for a list. */
#include "store/draft_row.h"

#include <stdlib.h>
#include <string.h>

#include "store/store_private.h"

enum { LIST_MAX = 10000, FILES_MAX = 256 };

void draft_release(struct draft *d)
{
	free(d->files);
	d->files = NULL;
	d->n_files = 0;
}

static int split_channels(const char *text, struct draft *d)
{
	d->n_channels = 0;
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (d->n_channels == 16 || len >= sizeof(d->channels[0]) || text[len] == '\0')
			return SL_E_CORRUPT;
		memcpy(d->channels[d->n_channels], text, len);
		d->channels[d->n_channels++][len] = '\0';
		text += len + 1;
	}
	return SL_OK;
}

int row_read(sqlite3_stmt *q, struct draft *ret_d)
{
	char state[16], channels[sizeof(ret_d->channels)];
	struct draft d = {0};
	const struct {
		int column;
		char *out;
		size_t cap;
	} texts[] = {
		{2, d.id, sizeof(d.id)},
		{3, d.release, sizeof(d.release)},
		{4, state, sizeof(state)},
		{5, d.author, sizeof(d.author)},
		{6, d.submitter, sizeof(d.submitter)},
		{7, d.unit, sizeof(d.unit)},
		{8, d.title, sizeof(d.title)},
		{9, d.content_type, sizeof(d.content_type)},
		{10, d.column, sizeof(d.column)},
		{11, d.disclosure, sizeof(d.disclosure)},
		{12, channels, sizeof(channels)},
		{13, d.klass, sizeof(d.klass)},
		{14, d.verdict, sizeof(d.verdict)},
		{15, d.manifest, sizeof(d.manifest)},
		{16, d.report, sizeof(d.report)},
		{17, d.submission, sizeof(d.submission)},
		{18, d.inspection, sizeof(d.inspection)},
		{19, d.corrects, sizeof(d.corrects)},
		{20, d.state_reason, sizeof(d.state_reason)},
	};
	int r = SL_OK;

	d.number = sqlite3_column_int64(q, 0);
	d.revision = sqlite3_column_int64(q, 1);
	for (size_t i = 0; r == SL_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		r = db_copy(q, texts[i].column, texts[i].out, texts[i].cap);
	d.created = sqlite3_column_int64(q, 21);
	d.changed = sqlite3_column_int64(q, 22);
	d.due = sqlite3_column_int64(q, 23);
	d.serial = sqlite3_column_int64(q, 24);
	d.seeing = sqlite3_column_int64(q, 25) != 0;
	if (r == SL_OK)
		r = split_channels(channels, &d);
	if (r == SL_OK && draft_state_from_name(state, &d.state) != SL_OK)
		r = SL_E_CORRUPT;
	if (r == SL_OK)
		*ret_d = d;
	return r;
}

static int count_files(struct store *s, const struct draft *d, unsigned *ret_n)
{
	int64_t n = 0;
	int r = db_int(&s->db, "SELECT count(*) FROM file WHERE number = ? AND revision = ?",
		       &n, "ii", d->number, d->revision);

	if (r == SL_OK && (n < 0 || n > FILES_MAX))
		r = SL_E_CORRUPT;
	*ret_n = (unsigned)n;
	return r;
}

static int load_files(struct store *s, struct draft *d)
{
	sqlite3_stmt *q = NULL;
	unsigned n = 0;
	int r = count_files(s, d, &n);

	if (r != SL_OK)
		return r;
	d->files = calloc(n > 0 ? n : 1, sizeof(*d->files));
	if (d->files == NULL)
		return SL_E_NOMEM;
	r = db_query(&s->db,
		     "SELECT name, media_type, sha256, length FROM file WHERE number = ? AND"
		     " revision = ? ORDER BY position",
		     &q, "ii", d->number, d->revision);
	while (r == SL_OK && d->n_files < n && (r = db_step(q)) > 0) {
		struct draft_file *f = &d->files[d->n_files];

		r = db_copy(q, 0, f->name, sizeof(f->name));
		if (r == SL_OK)
			r = db_copy(q, 1, f->media_type, sizeof(f->media_type));
		if (r == SL_OK)
			r = db_copy(q, 2, f->sha256, sizeof(f->sha256));
		f->length = (uint64_t)sqlite3_column_int64(q, 3);
		d->n_files++;
	}
	db_done(q);
	return r;
}

/* The one row of a started query, with files. */
static int take_one(struct store *s, sqlite3_stmt *q, struct draft *ret_d)
{
	struct draft d = {0};
	int r = db_step(q);

	if (r > 0)
		r = row_read(q, &d);
	else if (r == 0)
		r = SL_E_NOTFOUND;
	db_done(q);
	if (r == SL_OK)
		r = load_files(s, &d);
	if (r != SL_OK) {
		draft_release(&d);
		return r;
	}
	*ret_d = d;
	return SL_OK;
}

int row_load(struct store *s, int64_t number, int64_t revision, struct draft *ret_d)
{
	sqlite3_stmt *q = NULL;
	int r;

	if (revision == 0)
		r = db_query(&s->db,
			     "SELECT " ROW_COLUMNS
			     " FROM draft WHERE number = ? AND newest = 1",
			     &q, "i", number);
	else
		r = db_query(&s->db,
			     "SELECT " ROW_COLUMNS
			     " FROM draft WHERE number = ? AND revision = ?",
			     &q, "ii", number, revision);
	return r == SL_OK ? take_one(s, q, ret_d) : r;
}

int store_draft_get(struct store *s, const char *id, int64_t revision, struct draft *ret_d)
{
	int64_t number;

	/* A number that cannot exist is simply not there. */
	if (draft_number(id, 'D', &number) != SL_OK || revision < 0)
		return SL_E_NOTFOUND;
	return row_load(s, number, revision, ret_d);
}

int store_draft_by_release(struct store *s, const char *release, struct draft *ret_d)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(
		&s->db,
		"SELECT " ROW_COLUMNS " FROM draft WHERE release = ? AND state IN ('RELEASED',"
		" 'SENT', 'CORRECTED', 'FROZEN', 'WITHDRAWN') ORDER BY revision DESC LIMIT 1",
		&q, "s", release);

	return r == SL_OK ? take_one(s, q, ret_d) : r;
}

static void each_sql(const struct draft_filter *f, struct buf *sql)
{
	buf_puts(sql, "SELECT " ROW_COLUMNS " FROM draft WHERE newest = 1");
	if (f->n_states == 0)
		buf_puts(sql, " AND state <> 'PREPARED'");
	for (unsigned i = 0; i < f->n_states; i++) /* names of our own, nothing from outside */
		buf_putf(sql, "%s'%s'", i == 0 ? " AND state IN (" : ",",
			 draft_state_name(f->states[i]));
	if (f->n_states > 0)
		buf_puts(sql, ")");
	if (f->author != NULL)
		buf_puts(sql, " AND author = ?1");
	if (f->unit != NULL)
		buf_puts(sql, " AND unit = ?2");
	if (f->klass != NULL)
		buf_puts(sql, " AND klass = ?3");
	if (f->not_channel != NULL)
		buf_puts(sql, " AND channels <> ?4");
	if (f->after_number > 0)
		buf_putf(sql, " AND number > %lld", (long long)f->after_number);
	buf_putf(sql, " ORDER BY due, number LIMIT %u",
		 f->limit == 0 || f->limit > LIST_MAX ? (unsigned)LIST_MAX : f->limit);
}

int store_draft_each(struct store *s, const struct draft_filter *f,
		     int (*fn)(const struct draft *d, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	char one[sizeof(((struct draft *)NULL)->channels[0]) + 1];
	struct buf sql;
	int r, stop = 0;

	/* As the column has them: a line each. */
	(void)snprintf(one, sizeof(one), "%s\n", f->not_channel != NULL ? f->not_channel : "");
	buf_init(&sql, 4096);
	each_sql(f, &sql);
	r = buf_error(&sql);
	if (r == SL_OK)
		r = db_code(sqlite3_prepare_v2(s->db.handle, buf_str(&sql), -1, &q, NULL));
	if (r == SL_OK && f->author != NULL)
		r = db_code(sqlite3_bind_text(q, 1, f->author, -1, SQLITE_STATIC));
	if (r == SL_OK && f->unit != NULL)
		r = db_code(sqlite3_bind_text(q, 2, f->unit, -1, SQLITE_STATIC));
	if (r == SL_OK && f->klass != NULL)
		r = db_code(sqlite3_bind_text(q, 3, f->klass, -1, SQLITE_STATIC));
	if (r == SL_OK && f->not_channel != NULL)
		r = db_code(sqlite3_bind_text(q, 4, one, -1, SQLITE_STATIC));
	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct draft d = {0};

		r = row_read(q, &d);
		if (r == SL_OK)
			stop = fn(&d, arg);
	}
	(void)sqlite3_finalize(q);
	buf_release(&sql);
	return stop != 0 ? stop : r;
}

int store_draft_counts(struct store *s, uint64_t ret_counts[DRAFT_STATE_COUNT])
{
	uint64_t counts[DRAFT_STATE_COUNT] = {0};
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db, "SELECT state, n FROM draft_count", &q, "");

	while (r == SL_OK && (r = db_step(q)) > 0) {
		enum draft_state state;
		char name[16];

		r = db_copy(q, 0, name, sizeof(name));
		if (r == SL_OK && draft_state_from_name(name, &state) == SL_OK)
			counts[state] = (uint64_t)sqlite3_column_int64(q, 1);
	}
	db_done(q);
	if (r == SL_OK)
		memcpy(ret_counts, counts, sizeof(counts));
	return r;
}
