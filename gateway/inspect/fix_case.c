/* fix_case.c - a wish becomes copies and a record, or a reason.
 *
 * Hostile: what the filter answers.  Nothing of it is trusted to be clean; a copy is only
 * stored under its digest and offered to the author.  Killed anywhere, the wish is done
 * again and comes to the same objects. */
#include "inspect/fix_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "inspect/fix_private.h"
#include "sandbox/role.h"

enum { TEXT_MAX = 300 << 20, RESTART_MS = 900, ABSENT_MS = 30000, ROWS_MAX = 300 };

static int load_object(const struct fixing *x, const char *sha256, size_t max, json_t **ret_j)
{
	struct buf b;
	int r;

	buf_init(&b, max);
	r = store_object_get(x->b->store, sha256, max, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, max, ret_j);
	buf_wipe(&b);
	return r;
}

int fix_case_load(const struct fixing *x, unsigned i, json_t **ret_report, struct buf *text)
{
	char report[65] = "", text_sha[65] = "";
	json_t *one = json_array_get(json_arr(x->report, "files"), i);
	int r = store_file_results(x->b->store, x->d.id, x->d.revision, i, report, text_sha);

	if (r == SL_OK && report[0] != '\0')
		r = load_object(x, report, FIX_RECORD_MAX, ret_report);
	else if (r == SL_OK && one != NULL)
		*ret_report = json_incref(one);
	else if (r == SL_OK)
		r = SL_E_CORRUPT;
	if (r == SL_OK && text_sha[0] != '\0')
		r = store_object_get(x->b->store, text_sha, TEXT_MAX, text);
	return r;
}

/* clean_call, patiently: where nobody listens the filter is being started. */
static int call_patiently(const struct clean_ask *a, struct clean_answer *answer,
			  struct sl_why *why)
{
	struct timespec pause = {.tv_sec = 0, .tv_nsec = RESTART_MS * 1000000L};
	int64_t deadline = clock_mono_ms() + ABSENT_MS;
	int r = clean_call(a, answer, why);

	while (r != SL_OK && answer->absent && !role_stopping() && clock_mono_ms() < deadline) {
		clean_answer_release(answer);
		(void)nanosleep(&pause, NULL); /* the supervisor starts the filter again */
		r = clean_call(a, answer, why);
	}
	/* When everything stops, the filters do too: that says nothing of the file. */
	return r != SL_OK && role_stopping() ? SL_E_CANCELED : r;
}

int fix_case_keep(const struct fixing *x, const struct filter_reply *r, const char *was,
		  char ret_sha256[65], uint64_t *ret_len, struct sl_why *why)
{
	struct buf all;
	int e;

	buf_init(&all, FILTER_COPY_MAX);
	for (uint32_t i = 0; i < r->n_pieces; i++)
		buf_put(&all, r->pieces[i].bytes, r->pieces[i].len);
	e = buf_error(&all);
	ret_sha256[0] = '\0';
	if (e == SL_OK) {
		hash_hex(buf_str(&all), all.len, ret_sha256);
		*ret_len = all.len;
		if (strcmp(ret_sha256, was) == 0)
			ret_sha256[0] = '\0';
		else if (r->n_changes == 0) /* nobody could look at what it did */
			e = why_set(why, SL_E_FORMAT,
				    "the cleaning changed a file and does not say what");
		else
			e = store_body_put(x->b->store, ret_sha256, buf_str(&all), all.len,
					   why);
	}
	buf_wipe(&all);
	return e;
}

json_t *fix_case_changes(const struct filter_reply *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; list != NULL && i < r->n_changes; i++) {
		const struct filter_change *c = &r->changes[i];

		if (strcmp(c->what, "left") == 0)
			continue; /* is said row by row */
		(void)json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:I}", "what", c->what, "where", c->where,
					"which", c->which, "count", (json_int_t)c->count));
	}
	return list;
}

int fix_case_put(struct fixing *x, const struct draft_file *f, const char *after,
		 uint64_t length, json_t *changes, const char *reason)
{
	json_t *row = json_pack("{s:s,s:s,s:s,s:I}", "name", f->name, "before", f->sha256,
				"after", after[0] != '\0' ? after : f->sha256, "length",
				(json_int_t)(after[0] != '\0' ? length : f->length));

	changes = changes != NULL ? changes : json_array();
	if (json_object_set_new(row, "changes", changes) != 0 ||
	    (reason != NULL && json_object_set_new(row, "reason", json_string(reason)) != 0)) {
		json_decref(row);
		return SL_E_NOMEM;
	}
	x->changed += after[0] != '\0';
	return json_array_append_new(x->files, row) == 0 ? SL_OK : SL_E_NOMEM;
}

static void mark_rows(struct fixing *x, json_t *from, unsigned file, json_t *to)
{
	json_t *row;
	size_t i;

	json_array_foreach(from, i, row)
	{
		(void)json_object_set_new(row, "file", json_integer(file));
		if (json_array_size(to) < ROWS_MAX)
			(void)json_array_append(to, row);
		else
			x->omitted++;
	}
}

int fix_case_ask(struct fixing *x, unsigned i, const char *type, const struct fix_plan *plan,
		 struct clean_answer *answer, struct sl_why *why)
{
	const struct draft_file *f = &x->d.files[i];
	struct clean_ask ask = {.socket_dir = x->b->socket_dir,
				.seconds = x->b->seconds,
				.name = f->name,
				.type = type,
				.exact = x->edits != NULL};
	struct clean_mask *masks = calloc(plan->masks.n + 1, sizeof(*masks));
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	int r = masks == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && fix_plan_maskable(type)) {
		ask.masks = masks;
		ask.n_masks = plan->masks.n;
		for (size_t k = 0; k < plan->masks.n; k++)
			masks[k] = (struct clean_mask){.text = plan->masks.mask[k].text,
						       .with = plan->masks.mask[k].with};
	}
	ask.fd = store_object_open(x->b->store, f->sha256, &ask.length);
	if (r == SL_OK)
		r = ask.fd < 0 ? ask.fd : hash_fd(ask.fd, digest, &ask.length);
	if (r == SL_OK) {
		text_hex(digest, sizeof(digest), hex);
		if (strcmp(hex, f->sha256) != 0)
			r = why_set(why, SL_E_CORRUPT, "%s: the stored object is damaged",
				    f->name);
	}
	if (r == SL_OK) {
		r = call_patiently(&ask, answer, why);
		if (r != SL_OK && r != SL_E_CANCELED)
			r = why_prefix(why, r, "%s", f->name);
	}
	file_close(ask.fd);
	free(masks);
	return r;
}

/* Which planned masks were put in? */
static int settle(struct fix_plan *plan, const struct filter_reply *r, bool copied)
{
	const char **used = calloc((size_t)r->n_changes + 1, sizeof(*used));
	struct fix_left *left = calloc((size_t)r->n_changes + 1, sizeof(*left));
	struct fix_outcome o = {.used = used, .left = left, .copied = copied};
	int e = used == NULL || left == NULL ? SL_E_NOMEM : SL_OK;

	for (uint32_t i = 0; e == SL_OK && copied && i < r->n_changes; i++) {
		const struct filter_change *c = &r->changes[i];

		if (strcmp(c->what, "masked") == 0)
			used[o.n_used++] = c->which;
		else if (strcmp(c->what, "left") == 0)
			left[o.n_left++] =
				(struct fix_left){.where = c->where, .with = c->which};
	}
	if (e == SL_OK)
		e = fix_plan_settle(plan, &o);
	free(used);
	free(left);
	return e;
}

static int copy_file(struct fixing *x, unsigned i, const char *type, struct fix_plan *plan,
		     struct sl_why *why)
{
	struct clean_answer answer = {.call = {.fd = -1}};
	const struct filter_reply *r = &answer.reply;
	const char *reason = NULL;
	char after[65] = "";
	uint64_t length = 0;
	int e = fix_case_ask(x, i, type, plan, &answer, why);

	if (e == SL_OK && r->objects[0].state == OBJECT_FAILED) {
		reason = filter_reply_fact(r, "why");
		reason = reason != NULL ? reason : r->objects[0].reason;
	} else if (e == SL_OK) {
		e = fix_case_keep(x, r, x->d.files[i].sha256, after, &length, why);
	}
	if (e == SL_OK)
		e = fix_case_put(x, &x->d.files[i], after, length,
				 after[0] != '\0' ? fix_case_changes(r) : NULL, reason);
	if (e == SL_OK)
		e = settle(plan, r, reason == NULL);
	clean_answer_release(&answer);
	return e;
}

/* The title often is the first line of the text. */
static int fix_title(struct fixing *x, const struct fix_plan *plan)
{
	struct buf title;
	int r;

	buf_init(&title, sizeof(x->title) - 1);
	r = fix_masks_apply(&plan->masks, x->title, strlen(x->title), false, &title, NULL);
	if (r == SL_OK)
		(void)snprintf(x->title, sizeof(x->title), "%s", buf_str(&title));
	buf_wipe(&title);
	return r == SL_E_LIMIT ? SL_OK : r; /* stays; the inspection will say so again */
}

static int fix_file(struct fixing *x, unsigned i, struct sl_why *why)
{
	struct fix_plan plan = {.rows = NULL};
	json_t *report = NULL;
	const char *type;
	struct buf text;
	int r;

	buf_init(&text, TEXT_MAX);
	r = fix_case_load(x, i, &report, &text);
	if (r == SL_OK)
		r = fix_plan_make(report, buf_str(&text), text.len, &plan);
	if (r != SL_OK) {
		r = why_set(why, r, "%s: its report cannot be read again", x->d.files[i].name);
		goto out;
	}
	type = json_str(json_array_get(json_arr(report, "objects"), 0), "type");
	if (type == NULL)
		r = fix_plan_settle(&plan, &(struct fix_outcome){.copied = false});
	if (r == SL_OK)
		r = type == NULL ? fix_case_put(x, &x->d.files[i], "", 0, NULL,
						"its kind is not known for certain")
				 : copy_file(x, i, type, &plan, why);
	if (r == SL_OK)
		r = fix_title(x, &plan);
	if (r == SL_OK) {
		mark_rows(x, plan.rows, i, x->rows);
		mark_rows(x, plan.by_hand, i, x->by_hand);
	}
out:
	fix_plan_release(&plan);
	json_decref(report);
	buf_wipe(&text);
	return r;
}

static int render(const struct fixing *x, struct buf *text)
{
	json_t *j =
		json_pack("{s:s,s:s,s:I,s:s,s:s,s:b,s:I,s:O,s:O,s:O}", "schema", "sluice-fix/1",
			  "draft", x->d.id, "revision", (json_int_t)x->d.revision,
			  "report_sha256", x->d.report, "title", x->title, "changed",
			  (int)(x->changed > 0), "omitted", (json_int_t)x->omitted, "files",
			  x->files, "masked", x->rows, "by_hand", x->by_hand);
	int bad = j == NULL ? -1 : 0, r;

	if (bad == 0 && x->edits != NULL) {
		bad |= json_object_set(j, "edits", x->edits);
		bad |= json_object_set_new(j, "edits_by", json_string(x->edits_by));
		bad |= json_object_set_new(j, "edits_envelope", json_string(x->edits_envelope));
	}
	r = bad != 0 ? SL_E_NOMEM : json_canonical(j, text);
	json_decref(j);
	return r;
}

static void drop(struct fixing *x, json_t *rows)
{
	x->omitted += (int64_t)json_array_size(rows);
	(void)json_array_clear(rows);
}

/* What is too much to be said one by one is counted. */
static int put_record(struct fixing *x, char ret_sha256[65])
{
	const json_t *file;
	struct buf text;
	size_t i;
	int r;

	buf_init(&text, FIX_RECORD_MAX);
	r = render(x, &text);
	if (r == SL_E_LIMIT) {
		json_array_foreach(x->files, i, file) drop(x, json_object_get(file, "changes"));
		drop(x, x->rows);
		buf_clear(&text);
		r = render(x, &text);
	}
	if (r == SL_OK)
		r = store_object_put(x->b->store, text.data, text.len, ret_sha256);
	buf_wipe(&text);
	return r;
}

/* May its author still hand in a next revision, and was it inspected? */
static bool can_be_fixed(const struct draft *d)
{
	return d->report[0] != '\0' && d->state != DRAFT_SUBMITTED &&
	       d->state != DRAFT_INSPECTING && draft_move_legal(d->state, DRAFT_REPLACED);
}

static int do_fix(struct fixing *x, const struct fix *f, char ret_record[65],
		  struct sl_why *why)
{
	int r = store_draft_get(x->b->store, f->draft, f->revision, &x->d);

	if (r == SL_OK && !can_be_fixed(&x->d))
		return why_set(why, SL_E_STATE, "%s is %s by now", f->draft,
			       draft_state_name(x->d.state));
	if (r == SL_OK)
		r = load_object(x, x->d.report, FIX_RECORD_MAX, &x->report);
	if (r != SL_OK)
		return why_set(why, r, "%s: its report cannot be read", f->draft);
	(void)snprintf(x->title, sizeof(x->title), "%s", x->d.title);
	x->files = json_array();
	x->rows = json_array();
	x->by_hand = json_array();
	if (f->edits[0] != '\0') {
		r = fix_edits_load(x, f->edits, why);
		if (r == SL_OK)
			r = fix_edits_title(x);
	}
	for (unsigned i = 0; r == SL_OK && i < x->d.n_files; i++)
		r = x->edits != NULL ? fix_edits_file(x, i, why) : fix_file(x, i, why);
	x->changed += strcmp(x->title, x->d.title) != 0;
	return r == SL_OK ? put_record(x, ret_record) : r;
}

static int remove_copies(struct store *s, const json_t *files)
{
	const json_t *row;
	size_t i;
	int r = SL_OK;

	json_array_foreach(files, i, row)
	{
		const char *before = json_str(row, "before"), *after = json_str(row, "after");

		if (r == SL_OK && before != NULL && after != NULL && strcmp(before, after) != 0)
			r = store_object_remove(s, after);
	}
	return r;
}

/* What came of it; the copies of a failed one are named too, for fix_case_forget. */
static int conclude(struct fixing *x, struct fix *f, int r, const struct sl_why *why)
{
	int e;

	f->state = r == SL_OK ? FIX_DONE : FIX_FAILED;
	if (r != SL_OK) {
		(void)snprintf(f->reason, sizeof(f->reason), "%s", why_text(why, r));
		f->record[0] = '\0';
		if (x->changed > 0 && put_record(x, f->record) != SL_OK)
			f->record[0] = '\0';
	}
	e = store_fix_end(x->b->store, f);
	/* Sealed as a spill meanwhile: nobody else knows of these copies any more. */
	if (e == SL_E_CONFLICT) {
		e = remove_copies(x->b->store, x->files);
		if (e == SL_OK && f->record[0] != '\0')
			e = store_object_remove(x->b->store, f->record);
	}
	return e;
}

int fix_case_run(const struct fix_bench *b, struct sl_why *why)
{
	struct fixing x = {.b = b};
	struct fix f;
	int r = store_fix_claim(b->store, &f);

	if (r != SL_OK)
		return r;
	r = do_fix(&x, &f, f.record, why);
	if (r != SL_E_CANCELED)
		r = conclude(&x, &f, r, why);
	json_decref(x.report);
	json_decref(x.files);
	json_decref(x.rows);
	json_decref(x.by_hand);
	json_decref(x.edits);
	draft_release(&x.d);
	return r;
}

int fix_case_forget(struct store *s, const struct draft *d)
{
	const struct fix_bench b = {.store = s};
	struct fixing x = {.b = &b};
	json_t *record = NULL;
	struct fix f;
	int r = store_fix_get(s, d->id, d->revision, &f);

	if (r == SL_E_NOTFOUND)
		return SL_OK;
	if (r == SL_OK && f.record[0] != '\0') {
		r = load_object(&x, f.record, FIX_RECORD_MAX, &record);
		if (r == SL_OK)
			r = remove_copies(s, json_arr(record, "files"));
		if (r == SL_OK || r == SL_E_NOTFOUND) /* gone since an earlier run */
			r = store_object_remove(s, f.record);
	}
	json_decref(record);
	return r == SL_OK ? store_fix_forget(s, d->id, d->revision) : r;
}
