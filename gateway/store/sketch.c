/* sketch.c - sixteen index rows a text; a look-up reads sixteen short stretches of the index.
 */
#include "store/sketch.h"

#include <stdio.h>
#include <string.h>

#include "store/draft_row.h"
#include "store/store_private.h"

enum { A_BAND = 64, CANDIDATES_MAX = 256 };

static int drop_file(struct store *s, int64_t number, int64_t revision, unsigned position,
		     const int64_t *bands)
{
	int r = db_run(&s->db,
		       "DELETE FROM sketch WHERE number = ? AND revision = ? AND position = ?",
		       "iii", number, revision, (int64_t)position);

	for (unsigned b = 0; r == SL_OK && bands != NULL && b < STORE_SKETCH_BANDS; b++)
		r = db_run(&s->db,
			   "DELETE FROM band WHERE hash = ? AND number = ? AND revision = ?"
			   " AND position = ?",
			   "iiii", bands[b], number, revision, (int64_t)position);
	return r;
}

static int put_within(struct store *s, const struct sketch_row *row)
{
	int r = drop_file(s, row->number, row->revision, row->position, row->band);

	if (r == SL_OK)
		r = db_run(&s->db,
			   "INSERT INTO sketch (number, revision, position, key, words)"
			   " VALUES (?, ?, ?, ?, ?)",
			   "iiisb", row->number, row->revision, (int64_t)row->position,
			   row->key, row->bytes, row->len);
	for (unsigned b = 0; r == SL_OK && b < STORE_SKETCH_BANDS; b++)
		r = db_run(&s->db,
			   "INSERT INTO band (hash, number, revision, position)"
			   " VALUES (?, ?, ?, ?)",
			   "iiii", row->band[b], row->number, row->revision,
			   (int64_t)row->position);
	return r;
}

int store_sketch_put(struct store *s, const struct sketch_row *row)
{
	int r = db_begin(&s->db);

	return r != SL_OK ? r : db_end(&s->db, put_within(s, row));
}

int store_sketch_drop(struct store *s, int64_t number, int64_t revision)
{
	/* Index rows without their sketch lead nowhere and say nothing. */
	return db_run(&s->db, "DELETE FROM sketch WHERE number = ? AND revision = ?", "ii",
		      number, revision);
}

struct candidate {
	int64_t number, revision, position;
};

static bool known(const struct candidate *list, unsigned n, const struct candidate *c)
{
	for (unsigned i = 0; i < n; i++) {
		if (memcmp(&list[i], c, sizeof(*c)) == 0)
			return true;
	}
	return false;
}

static int collect(struct store *s, const struct sketch_row *row, int64_t before,
		   struct candidate *list, unsigned *ret_n)
{
	unsigned n = 0;
	int r = SL_OK;

	for (unsigned b = 0; r == SL_OK && b < STORE_SKETCH_BANDS; b++) {
		sqlite3_stmt *q = NULL;

		r = db_query(&s->db,
			     "SELECT number, revision, position FROM band WHERE hash = ?"
			     " AND number < ? ORDER BY number DESC LIMIT ?",
			     &q, "iii", row->band[b], before, (int64_t)A_BAND);
		while (r == SL_OK && (r = db_step(q)) > 0) {
			struct candidate c = {sqlite3_column_int64(q, 0),
					      sqlite3_column_int64(q, 1),
					      sqlite3_column_int64(q, 2)};

			r = SL_OK;
			if (n < CANDIDATES_MAX && c.number != row->number &&
			    !known(list, n, &c))
				list[n++] = c;
		}
		db_done(q);
	}
	*ret_n = n;
	return r;
}

static int look(struct store *s, const struct candidate *c, const struct sketch_row *row,
		const char *corrects, int (*fn)(const struct sketch_hit *h, void *arg),
		void *arg)
{
	sqlite3_stmt *q = NULL;
	struct sketch_hit h;
	char state[16], release[24];
	int r = db_query(&s->db,
			 "SELECT k.words, d.id, d.release, d.state, d.serial, d.content_type"
			 " FROM sketch k"
			 " JOIN draft d ON d.number = k.number AND d.revision = k.revision"
			 " WHERE k.number = ? AND k.revision = ? AND k.position = ?"
			 " AND k.key = ? AND d.state IN ('REFUSED','FROZEN','WITHDRAWN',"
			 "'RELEASED','SENT','CORRECTED')",
			 &q, "iiis", c->number, c->revision, c->position, row->key);

	if (r == SL_OK)
		r = db_step(q);
	if (r <= 0)
		goto out;
	h.bytes = sqlite3_column_blob(q, 0);
	h.len = (size_t)sqlite3_column_bytes(q, 0);
	r = db_copy(q, 1, h.id, sizeof(h.id));
	if (r == SL_OK)
		r = db_copy(q, 2, release, sizeof(release));
	if (r == SL_OK)
		r = db_copy(q, 3, state, sizeof(state));
	if (r == SL_OK)
		r = db_copy(q, 5, h.content_type, sizeof(h.content_type));
	if (r == SL_OK && draft_state_from_name(state, &h.state) != SL_OK)
		r = SL_E_CORRUPT;
	if (r == SL_OK && sqlite3_column_int64(q, 4) != 0)
		(void)snprintf(h.id, sizeof(h.id), "%s", release);
	if (r == SL_OK && (corrects[0] == '\0' || strcmp(corrects, release) != 0))
		r = fn(&h, arg);
out:
	db_done(q);
	return r;
}

int store_sketch_each(struct store *s, const struct sketch_row *row, int64_t before,
		      const char *corrects, int (*fn)(const struct sketch_hit *h, void *arg),
		      void *arg)
{
	struct candidate list[CANDIDATES_MAX];
	unsigned n = 0;
	int r = collect(s, row, before, list, &n);

	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = look(s, &list[i], row, corrects, fn, arg);
	return r;
}
