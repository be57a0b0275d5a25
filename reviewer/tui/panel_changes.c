/* panel_changes.c - this revision against the one before, or the one this person judged. */
#include <string.h>

#include "base/i18n.h"
#include "compare.h"
#include "policy/present.h"
#include "tui/panel.h"

static int which(struct reader *r, int64_t *ret_revision, struct sl_why *why)
{
	int e;

	*ret_revision = r->c->revision - 1;
	if (!r->since_vote)
		return SL_OK;
	e = r->audit != NULL ? SL_OK : compare_audit(r->s, r->c->id, &r->audit, why);
	if (e == SL_OK)
		*ret_revision = compare_last_vote(r->audit, r->c, r->s->config->person);
	return e;
}

static int compare_with(struct reader *r, int64_t revision, struct sl_why *why)
{
	struct review_case *before = NULL;
	json_t *changes = NULL;
	int e;

	if (r->changes != NULL && r->compared_with == revision)
		return SL_OK;
	e = case_open(r->s, r->c->id, revision, &before, why);
	if (e == SL_OK)
		e = compare_cases(r->s, before, r->c, &changes, why);
	if (e == SL_OK) {
		json_decref(r->changes);
		r->changes = changes;
		r->compared_with = revision;
	}
	case_free(before);
	return e;
}

static int add_line(struct page *p, const json_t *line)
{
	const char *kind = json_str(line, "kind"), *text;
	bool old = kind != NULL && strcmp(kind, "old") == 0;
	bool now = kind != NULL && strcmp(kind, "new") == 0;
	enum screen_look look = old ? LOOK_S1 : now ? LOOK_GOOD : LOOK_PLAIN;
	int64_t number = 0;
	const json_t *piece;
	char head[32];
	size_t i;
	int e;

	(void)json_i64(line, "number", &number);
	if (kind != NULL && strcmp(kind, "skipped") == 0)
		return page_linef(p, LOOK_DIM, _("  … %lld lines are the same"),
				  (long long)number);
	page_end_line(p);
	(void)snprintf(head, sizeof(head), "%c %5lld ",
		       old   ? '-'
		       : now ? '+'
			     : ' ',
		       (long long)number);
	e = page_run(p, old || now ? look : LOOK_DIM, head, strlen(head), -1);
	json_array_foreach(json_arr(line, "pieces"), i, piece)
	{
		bool changed = false;

		(void)json_bool(piece, "changed", &changed);
		text = json_str(piece, "text");
		if (e == SL_OK && text != NULL)
			e = page_run(p,
				     changed	  ? LOOK_CHANGED
				     : old || now ? LOOK_DIM
						  : look,
				     text, strlen(text), changed ? (int)number : -1);
	}
	page_end_line(p);
	return e;
}

static const char *word_of(const json_t *file)
{
	const char *change = json_str(file, "change");

	if (change == NULL)
		return "";
	return strcmp(change, "added") == 0	? _("added")
	       : strcmp(change, "removed") == 0 ? _("removed")
	       : strcmp(change, "same") == 0	? _("the same bytes")
						: _("changed");
}

/* What there is to say of a file beside its lines. */
static int add_remark(struct page *p, const json_t *file)
{
	const char *text = json_str(file, "text");
	bool truncated = false;

	(void)json_bool(file, "truncated", &truncated);
	if (truncated)
		return page_line(p, LOOK_ERROR, _("  … and more; this is as much as is shown"));
	if (text == NULL)
		return SL_OK;
	if (strcmp(text, "none") == 0)
		return page_line(p, LOOK_S2,
				 _("  no text to compare: look at the pages of both"));
	if (strcmp(text, "too-large") == 0)
		return page_line(p, LOOK_ERROR, _("  too long to be compared: read all of it"));
	return json_array_size(json_arr(file, "lines")) == 0
		       ? page_line(p, LOOK_S3, _("  the text is the same; the bytes are not"))
		       : SL_OK;
}

/* One line of one file at a time. */
static int more(void *arg, struct page *p)
{
	struct reader *r = arg;
	const json_t *file = json_array_get(json_arr(r->changes, "files"), r->file), *line;
	int e = SL_OK;

	if (file == NULL)
		return SL_E_NOTFOUND;
	if (r->item == 0)
		e = page_linef(p, LOOK_BOLD, "%s: %s", present_text(json_str(file, "name")),
			       word_of(file));
	line = json_array_get(json_arr(file, "lines"), r->item++);
	if (e == SL_OK && line != NULL)
		return add_line(p, line);
	if (e == SL_OK)
		e = add_remark(p, file);
	r->file++;
	r->item = 0;
	return e;
}

static int add_declared(struct page *p, const json_t *row, const char *which_one)
{
	json_t *v = json_object_get(row, which_one);
	bool before = strcmp(which_one, "before") == 0;
	struct buf b;
	int e = SL_OK;

	if (v == NULL)
		return SL_OK;
	buf_init(&b, 1 << 20);
	if (json_is_string(v))
		buf_puts(&b, json_string_value(v));
	else
		e = json_compact(v, &b);
	if (e == SL_OK)
		e = page_linef(p, before ? LOOK_S1 : LOOK_GOOD, "%c %s: %s", before ? '-' : '+',
			       present_text(json_str(row, "name")), present_text(buf_str(&b)));
	buf_release(&b);
	return e;
}

int panel_changes(struct reader *r, struct sl_why *why)
{
	struct page *p = r->page;
	int64_t revision = 0;
	const json_t *row;
	size_t i;
	int e = which(r, &revision, why);

	page_begin(p, r->cols, NULL, NULL);
	if (e != SL_OK)
		return e;
	if (revision < 1)
		return page_line(
			p, LOOK_PLAIN,
			r->since_vote ? _("You have not decided about an earlier revision; d "
					  "compares with the one before.")
				      : _("This is the first revision: there is nothing to "
					  "compare it with."));
	e = compare_with(r, revision, why);
	if (e != SL_OK)
		return e;
	page_begin(p, r->cols, more, r);
	r->file = 0;
	r->item = 0;
	e = page_linef(p, LOOK_BOLD,
		       r->since_vote
			       ? _("Changed since revision %lld, which you decided about:")
			       : _("Changed since revision %lld (d: since your last vote):"),
		       (long long)revision);
	json_array_foreach(json_arr(r->changes, "declared"), i, row)
	{
		if (e == SL_OK)
			e = add_declared(p, row, "before");
		if (e == SL_OK)
			e = add_declared(p, row, "after");
	}
	return e;
}
