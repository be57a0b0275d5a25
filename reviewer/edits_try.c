/* edits_try.c - every edit made once here, before the person signs it.
 *
 * What the inspector could not put in exactly would be known only after the return was signed
 * and the author asked for it.  Hostile: the documents, and what the gateway says of them. */
#include "edits.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "exact.h"
#include "policy/edit_text.h"
#include "policy/present.h"

static int refuse(const json_t *edit, const char *name, const char *what, struct sl_why *why)
{
	return why_set(why, SL_E_UNSUPPORTED, _("--edit \"%s\" in %s: %s"),
		       present_text(json_str(edit, "from")), present_text(name), what);
}

static const char *words_for(enum edit_outcome outcome)
{
	switch (outcome) {
	case EDIT_ABSENT:
		return _("it does not stand there (any more, after the edits before it)");
	case EDIT_SEVERAL:
		return _("it stands there more than once; give a longer text that stands there "
			 "once");
	case EDIT_HIDDEN:
		return _(
			"it stands only in a comment, a property or hidden text, which no edit "
			"reaches; return it without --edit and say so");
	case EDIT_TRACKED:
		return _("the file has tracked changes, so that nobody can say what it reads; "
			 "return it without --edit and have them accepted first");
	default:
		return NULL;
	}
}

static int try_one(struct buf *b, const json_t *edit, bool nth, const char *name,
		   struct sl_why *why)
{
	enum edit_outcome outcome = EDIT_DONE;
	int r = edit_text(b, edit, nth, &outcome);

	if (r == SL_OK && outcome != EDIT_DONE)
		r = refuse(edit, name, words_for(outcome), why);
	return r;
}

static int office(const struct case_file *f, const json_t *edit, struct buf *words,
		  struct sl_why *why)
{
	enum edit_outcome outcome =
		edit_judge(buf_str(&f->text), f->text.len, json_str(edit, "from"));
	int64_t occurrence = 1;

	if (outcome != EDIT_DONE)
		return refuse(edit, f->name, words_for(outcome), why);
	if (json_i64(edit, "occurrence", &occurrence) && occurrence != 1)
		return refuse(edit, f->name, words_for(EDIT_SEVERAL), why);
	return try_one(words, edit, false, f->name, why);
}

static int try_file(struct session *s, struct review_case *k, unsigned i, const json_t *edits,
		    struct sl_why *why)
{
	const json_t *edit, *report = case_file_report(k, i);
	const char *type = json_str(json_array_get(json_arr(report, "objects"), 0), "type");
	const struct case_file *f = &k->files[i];
	bool nth = false, plain = type != NULL && edit_is_plain(type, &nth), begun = false;
	char part[24];
	struct buf b;
	size_t n;
	int r = SL_OK;

	buf_init(&b, EDIT_TEXT_MAX);
	(void)snprintf(part, sizeof(part), "file:%u", f->index);
	json_array_foreach(edits, n, edit)
	{
		if (r != SL_OK || !edit_is_of(edit, part))
			continue;
		if (!plain && (type == NULL || !edit_is_office(type))) {
			r = refuse(
				edit, f->name,
				_("this kind of file takes no edits; return it without --edit "
				  "and have what it was made from changed"),
				why);
			continue;
		}
		if (!begun)
			r = plain ? exact_bytes(s, k, i, &b, why) : exact_words(f, &b);
		begun = true;
		if (r == SL_OK && plain && !text_is_utf8(buf_str(&b), b.len))
			r = refuse(edit, f->name, _("the file is no UTF-8"), why);
		if (r == SL_OK)
			r = plain ? try_one(&b, edit, nth, f->name, why)
				  : office(f, edit, &b, why);
	}
	buf_wipe(&b);
	return r;
}

static bool is_there(const struct review_case *k, const json_t *edit)
{
	char part[24];

	if (edit_is_of(edit, "title"))
		return true;
	for (unsigned i = 0; i < k->n_files; i++) {
		(void)snprintf(part, sizeof(part), "file:%u", k->files[i].index);
		if (edit_is_of(edit, part))
			return true;
	}
	return false;
}

int edits_try(struct session *s, struct review_case *k, const json_t *edits, struct sl_why *why)
{
	const json_t *edit;
	struct buf title;
	size_t n;
	int r = SL_OK;

	buf_init(&title, EDIT_TEXT_MAX);
	buf_puts(&title, k->manifest->title);
	json_array_foreach(edits, n, edit)
	{
		if (r == SL_OK && !is_there(k, edit))
			r = refuse(edit, json_str(edit, "part"), _("there is no such file"),
				   why);
		if (r == SL_OK && edit_is_of(edit, "title"))
			r = try_one(&title, edit, true, _("the title"), why);
	}
	for (unsigned i = 0; r == SL_OK && i < k->n_files; i++)
		r = try_file(s, k, i, edits, why);
	buf_release(&title);
	return r;
}
