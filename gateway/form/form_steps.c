/* form_steps.c - of the block 意见: opinions asked outside, and the appeal.
 *
 * Only what verifies is printed in words; of a line that does not, its name and what is wrong
 * with it. */
#include <string.h>

#include "form/form_build.h"

enum kind { OUTSIDE, APPEAL, UNPROVED };

static enum kind kind_of(const json_t *step)
{
	const char *action = form_str(step, "action");

	if (strcmp(form_str(step, "check"), "valid") != 0)
		return UNPROVED;
	return strcmp(action, "refer") == 0 || strcmp(action, "answer") == 0 ? OUTSIDE : APPEAL;
}

static void put_words(struct form_builder *b, const json_t *step, struct buf *text)
{
	const json_t *scan = json_obj(step, "scan");
	enum form_lang lang = b->form->lang;

	form_put_word(text, lang, "step", form_str(step, "action"));
	form_put_safe(text, form_str(step, "body"));
	if (json_is_true(json_object_get(step, "third_party")))
		buf_puts(text, form_word(lang, "step.third_party"));
	buf_puts(text, form_word(lang, "label.end"));
	form_put_safe(text, form_str(step, "text"));
	form_line_buf(b, FORM_PLAIN, text);
	if (scan == NULL)
		return;
	form_put_filled(text, lang, "step.scan", form_str(scan, "name"), NULL, NULL);
	form_put_safe(text, form_str(scan, "sha256"));
	form_line_buf(b, FORM_FINE, text);
}

static void put_step(struct form_builder *b, const json_t *step, struct buf *text)
{
	enum form_lang lang = b->form->lang;
	const char *check = form_str(step, "check");

	if (strcmp(check, "valid") != 0) {
		form_put_word(text, lang, "check", check);
		form_line_buf(b, FORM_WARN, text);
	} else {
		put_words(b, step, text);
		form_put_named(b, text, "names", form_str(step, "pid"));
		buf_puts(text, form_word(lang, "paren.open"));
		form_put_named(b, text, "units", form_str(step, "unit"));
		buf_puts(text, form_word(lang, "paren.close"));
		buf_puts(text, "　");
		form_put_time(text, lang, form_str(step, "time"), false);
		buf_puts(text, "　");
		buf_puts(text, form_word(lang, "check.valid"));
		form_line_buf(b, FORM_SIGN, text);
	}
	buf_puts(text, form_word(lang, "vote.digest"));
	form_put_safe(text, form_str(step, "envelope_sha256"));
	form_line_buf(b, FORM_FINE, text);
	if (strcmp(check, "valid") != 0)
		return;
	buf_puts(text, form_word(lang, "vote.key"));
	form_put_safe(text, form_str(step, "keyid"));
	form_line_buf(b, FORM_FINE, text);
}

/* One box for those of a kind; none when there are none. */
static void put_kind(struct form_builder *b, enum kind kind, const char *label)
{
	const json_t *step;
	struct buf text;
	unsigned n = 0;
	size_t i;

	form_buf(&text);
	json_array_foreach(json_arr(b->record, "steps"), i, step)
	{
		if (kind_of(step) != kind)
			continue;
		if (n++ == 0) {
			form_row(b, 0);
			form_label(b, label);
			form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
		}
		put_step(b, step, &text);
	}
	buf_release(&text);
}

void form_rows_steps(struct form_builder *b)
{
	put_kind(b, OUTSIDE, "role.outside");
	put_kind(b, APPEAL, "role.appeal");
	put_kind(b, UNPROVED, "role.unproved");
}
