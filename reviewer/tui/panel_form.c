/* panel_form.c - the review form 信息发布保密审查审批表, as text. */
#include "form/form_command.h"
#include "tui/panel.h"

enum { TEXT_MAX = 32 << 20 };

static int lay_out(struct reader *r, struct buf *text)
{
	struct form *f = NULL;
	int e = form_fields(r->form, r->form_english ? FORM_EN : FORM_ZH, &f);

	if (e == SL_OK)
		e = form_text(f, text);
	form_free(f);
	return e;
}

int panel_form(struct reader *r, struct sl_why *why)
{
	struct buf text;
	int e;

	/* Asked for again each time: what was just signed stands on it. */
	json_decref(r->form);
	r->form = NULL;
	page_begin(r->page, r->cols, NULL, NULL);
	buf_init(&text, TEXT_MAX);
	e = form_command_fetch(r->s, "review.form", r->c->id, r->c->revision, &r->form, why);
	if (e == SL_OK)
		e = lay_out(r, &text);
	if (e == SL_OK)
		e = page_run(r->page, LOOK_PLAIN, buf_str(&text), text.len, -1);
	buf_release(&text);
	return e;
}
