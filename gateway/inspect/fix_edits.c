/* fix_edits.c - a reviewer's exact words put into a copy of the draft.
 *
 * Hostile: the documents.  An edit is applied where its text stands exactly as often as the
 * reviewer meant, or not at all; the record says of each which it was.  Plain text is changed
 * byte by byte; of an office document only the member that has the words is written anew, every
 * other one stays as it is, and only when the text stands in it once. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "inspect/filter_types.h"
#include "inspect/fix_private.h"
#include "policy/edit_text.h"
#include "trust/statement.h"

enum { TEXT_MAX = 300 << 20 };

struct search { /* who signed the envelope */
	struct fixing *x;
	bool found;
};

static int see_vote(const struct vote *v, void *arg)
{
	struct search *s = arg;

	if (strcmp(v->envelope, s->x->edits_envelope) == 0) {
		(void)snprintf(s->x->edits_by, sizeof(s->x->edits_by), "%s", v->pid);
		s->found = true;
	}
	return SL_OK;
}

int fix_edits_load(struct fixing *x, const char *envelope, struct sl_why *why)
{
	struct search who = {.x = x};
	struct statement *s = NULL;
	struct approval_facts f;
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	(void)snprintf(x->edits_envelope, sizeof(x->edits_envelope), "%s", envelope);
	r = store_object_get(x->b->store, envelope, DSSE_MAX, &line);
	if (r == SL_OK)
		r = statement_parse(line.data, line.len, &s, why);
	if (r == SL_OK)
		r = approval_read(s, &f, why);
	if (r == SL_OK)
		r = store_vote_each(x->b->store, x->d.id, x->d.revision, see_vote, &who);
	if (r == SL_OK && (!who.found || f.edits == NULL || f.revision != x->d.revision))
		r = why_set(why, SL_E_CORRUPT, "%s: these edits are of another draft", x->d.id);
	if (r == SL_OK) {
		x->edits = json_deep_copy(f.edits);
		r = x->edits == NULL ? SL_E_NOMEM : SL_OK;
	}
	statement_free(s);
	buf_release(&line);
	return r;
}

/* Say of one edit what became of it; why NULL: applied. */
static int settle(json_t *edit, const char *why)
{
	int bad = json_object_set_new(edit, "applied", json_boolean(why == NULL));

	if (why != NULL)
		bad |= json_object_set_new(edit, "why", json_string(why));
	return bad == 0 ? SL_OK : SL_E_NOMEM;
}

static const char *const outcomes[] = {[EDIT_DONE] = NULL,
				       [EDIT_ABSENT] = "absent",
				       [EDIT_SEVERAL] = "several",
				       [EDIT_HIDDEN] = "hidden",
				       [EDIT_TRACKED] = "tracked"};

/* One edit in `b`, and what became of it. */
static int put_edit(struct buf *b, json_t *edit, bool nth)
{
	enum edit_outcome outcome;
	int r = edit_text(b, edit, nth, &outcome);

	return r == SL_OK ? settle(edit, outcomes[outcome]) : r;
}

int fix_edits_title(struct fixing *x)
{
	json_t *edit;
	struct buf b;
	size_t i;
	int r = SL_OK;

	buf_init(&b, EDIT_TEXT_MAX);
	buf_puts(&b, x->title);
	json_array_foreach(x->edits, i, edit)
	{
		if (r == SL_OK && edit_is_of(edit, "title"))
			r = put_edit(&b, edit, true);
	}
	if (r == SL_OK && b.len >= sizeof(x->title))
		r = SL_E_LIMIT;
	if (r == SL_OK)
		(void)snprintf(x->title, sizeof(x->title), "%s", buf_str(&b));
	buf_release(&b);
	return r;
}

/* All edits of this part get the same answer. */
static int refuse_all(struct fixing *x, const char *part, const char *why)
{
	json_t *edit;
	size_t i;
	int r = SL_OK;

	json_array_foreach(x->edits, i, edit)
	{
		if (r == SL_OK && edit_is_of(edit, part))
			r = settle(edit, why);
	}
	return r;
}

static json_t *edited(const char *to)
{
	char safe[FIX_USE_CAP];

	(void)text_safe(to, strlen(to), safe, sizeof(safe));
	return json_pack("{s:s,s:s,s:s,s:i}", "what", "edited", "where", "", "which", safe,
			 "count", 1);
}

static int edit_plain(struct fixing *x, unsigned i, const char *part, bool nth,
		      struct sl_why *why)
{
	const struct draft_file *f = &x->d.files[i];
	json_t *edit, *changes = json_array();
	char after[65] = "";
	struct buf b;
	size_t k;
	int r;

	buf_init(&b, EDIT_TEXT_MAX);
	r = changes == NULL ? SL_E_NOMEM
			    : store_object_get(x->b->store, f->sha256, EDIT_TEXT_MAX, &b);
	if (r == SL_OK && !text_is_utf8(buf_str(&b), b.len)) {
		r = refuse_all(x, part, "encoding");
		goto put;
	}
	json_array_foreach(x->edits, k, edit)
	{
		if (r != SL_OK || !edit_is_of(edit, part))
			continue;
		r = put_edit(&b, edit, nth);
		if (r == SL_OK && json_is_true(json_object_get(edit, "applied")) &&
		    json_array_append_new(changes, edited(json_str(edit, "to"))) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK && json_array_size(changes) > 0) {
		hash_hex(buf_str(&b), b.len, after);
		r = store_body_put(x->b->store, after, buf_str(&b), b.len, why);
	}
put:
	if (r == SL_OK)
		r = fix_case_put(x, f, after, b.len, json_incref(changes), NULL);
	json_decref(changes);
	buf_wipe(&b);
	return r;
}

/* How often the cleaner says that it put in these words. */
static uint64_t used(const struct filter_reply *r, const char *to)
{
	char safe[FIX_USE_CAP];
	uint64_t n = 0;

	(void)text_safe(to, strlen(to), safe, sizeof(safe));
	for (uint32_t i = 0; i < r->n_changes; i++) {
		if (strcmp(r->changes[i].what, "masked") == 0 &&
		    strcmp(r->changes[i].which, safe) == 0)
			n += r->changes[i].count;
	}
	return n;
}

static int plan_edits(struct fixing *x, const char *part, const struct buf *text,
		      struct fix_plan *plan)
{
	json_t *edit;
	size_t i;
	int r = SL_OK;

	json_array_foreach(x->edits, i, edit)
	{
		const char *from = json_str(edit, "from");
		enum edit_outcome outcome;

		if (r != SL_OK || !edit_is_of(edit, part))
			continue;
		outcome = edit_judge(buf_str(text), text->len, from);
		if (outcome == EDIT_DONE)
			r = fix_masks_add(&plan->masks, from, strlen(from),
					  json_str(edit, "to"), from, SEV_S4);
		else
			r = settle(edit, outcomes[outcome]);
	}
	return r;
}

/* What was planned was put in exactly as often as it was planned with these words. */
static int judge_edits(struct fixing *x, const char *part, const struct filter_reply *r,
		       bool copied)
{
	json_t *edit, *other;
	size_t i, k;
	int e = SL_OK;

	json_array_foreach(x->edits, i, edit)
	{
		const char *to = json_str(edit, "to");
		uint64_t planned = 0;

		if (e != SL_OK || !edit_is_of(edit, part) ||
		    json_object_get(edit, "why") != NULL)
			continue;
		json_array_foreach(x->edits, k, other)
		{
			planned += edit_is_of(other, part) &&
				   json_object_get(other, "why") == NULL &&
				   strcmp(json_str(other, "to"), to) == 0;
		}
		e = settle(edit, copied && used(r, to) == planned ? NULL : "place");
	}
	return e;
}

static int edit_office(struct fixing *x, unsigned i, const char *part, const char *type,
		       const struct buf *text, struct sl_why *why)
{
	struct fix_plan plan = {.rows = NULL};
	struct clean_answer answer = {.call = {.fd = -1}};
	const struct filter_reply *r = &answer.reply;
	const char *reason = NULL;
	char after[65] = "";
	uint64_t length = 0;
	int e = plan_edits(x, part, text, &plan);

	if (e == SL_OK && plan.masks.n > 0)
		e = fix_case_ask(x, i, type, &plan, &answer, why);
	if (e == SL_OK && plan.masks.n > 0 && r->objects[0].state == OBJECT_FAILED)
		reason = r->objects[0].reason;
	else if (e == SL_OK && plan.masks.n > 0)
		e = fix_case_keep(x, r, x->d.files[i].sha256, after, &length, why);
	if (e == SL_OK)
		e = judge_edits(x, part, r, after[0] != '\0');
	if (e == SL_OK)
		e = fix_case_put(x, &x->d.files[i], after, length,
				 after[0] != '\0' ? fix_case_changes(r) : NULL, reason);
	clean_answer_release(&answer);
	fix_plan_release(&plan);
	return e;
}

static bool concerns(const struct fixing *x, const char *part)
{
	const json_t *edit;
	size_t i;

	json_array_foreach(x->edits, i, edit)
	{
		if (edit_is_of(edit, part))
			return true;
	}
	return false;
}

int fix_edits_file(struct fixing *x, unsigned i, struct sl_why *why)
{
	json_t *report = NULL;
	char part[16];
	const char *type;
	struct buf text;
	bool nth = false;
	int r;

	(void)snprintf(part, sizeof(part), "file:%u", i);
	if (!concerns(x, part))
		return fix_case_put(x, &x->d.files[i], "", 0, NULL, NULL);
	buf_init(&text, TEXT_MAX);
	r = fix_case_load(x, i, &report, &text);
	type = json_str(json_array_get(json_arr(report, "objects"), 0), "type");
	if (r != SL_OK) {
		r = why_set(why, r, "%s: its report cannot be read again", x->d.files[i].name);
	} else if (type != NULL && edit_is_plain(type, &nth)) {
		r = edit_plain(x, i, part, nth, why);
	} else if (type != NULL && edit_is_office(type)) {
		r = edit_office(x, i, part, type, &text, why);
	} else {
		r = refuse_all(x, part, "source");
		if (r == SL_OK)
			r = fix_case_put(x, &x->d.files[i], "", 0, NULL, NULL);
	}
	json_decref(report);
	buf_wipe(&text);
	return r;
}
