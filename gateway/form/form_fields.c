/* form_fields.c - the blocks 公开 and 自查, and what stands around the table.
 *
 * Hostile: the record, of which only the schema is taken for granted once it was read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "form/form_build.h"
#include "form/form_record.h"
#include "trust/statement.h"

enum { RECORD_MAX = 16 << 20, HALF = FORM_WIDTH / 2 };

static void put_term(struct form_builder *b, const json_t *m, struct buf *text)
{
	enum form_lang lang = b->form->lang;

	if (form_str(m, "effective_on")[0] != '\0') {
		buf_puts(text, form_word(lang, "term.from"));
		form_put_safe(text, form_str(m, "effective_on"));
		buf_puts(text, form_word(lang, "term.from_end"));
	}
	if (form_str(m, "expires_on")[0] != '\0') {
		buf_puts(text, form_word(lang, "term.until"));
		form_put_safe(text, form_str(m, "expires_on"));
	}
	buf_puts(text, text->len > 0 && form_str(m, "validity")[0] != '\0' ? "　" : "");
	form_put_safe(text, form_str(m, "validity"));
}

/* What goes to one person alone is no active disclosure, whatever the author left standing. */
static unsigned attribute_of(const json_t *m, const char *const *words)
{
	const char *channel = json_string_value(json_array_get(json_arr(m, "channels"), 0));

	return channel != NULL && strcmp(channel, MANIFEST_PRIVATE) == 0
		       ? 1u << 1
		       : form_named(form_str(m, "disclosure"), words);
}

void form_block_public(struct form_builder *b)
{
	static const char *const attributes[] = {"attribute.active", "attribute.request",
						 "attribute.closed", NULL};
	static const char *const words[] = {"主动公开", "依申请公开", "不予公开", NULL};
	const json_t *m = form_manifest(b), *channel;
	struct buf text;
	size_t i;

	form_buf(&text);
	form_block(b, "block.public");
	form_row(b, 0);
	form_put_boxes(&text, b->form->lang, attributes, attribute_of(m, words));
	form_field_buf(b, HALF + 7, "public.attribute", &text);
	form_field(b, HALF - 7, "public.column", form_str(m, "column"));
	form_row(b, 0);
	json_array_foreach(json_arr(m, "channels"), i, channel)
	{
		buf_puts(&text, i > 0 ? form_word(b->form->lang, "list.comma") : "");
		form_put_word(&text, b->form->lang, "channel",
			      json_string_value(channel) != NULL ? json_string_value(channel)
								 : "");
	}
	form_field_buf(b, FORM_WIDTH, "public.channels", &text);
	form_row(b, 0);
	form_put_time(&text, b->form->lang, form_str(m, "embargo"), false);
	form_field_buf(b, HALF, "public.when", &text);
	put_term(b, m, &text);
	form_field_buf(b, HALF, "public.term", &text);
	buf_release(&text);
}

void form_block_self(struct form_builder *b)
{
	static const char *const concerns[] = {"self.1", "self.2", "self.3", "self.4", "self.5",
					       "self.6", "self.7", "self.8", NULL};
	static const char *const ways[] = {"handling.delete", "handling.anonymise",
					   "handling.mask", NULL};
	const json_t *fix = json_obj(b->record, "fix");
	int64_t masked = form_num(fix, "masked"), removed = form_num(fix, "removed");
	char number[3][24];
	struct buf text;

	form_buf(&text);
	form_block(b, "block.self");
	form_row(b, 0);
	form_put_boxes(&text, b->form->lang, concerns, 0);
	form_field_buf(b, FORM_WIDTH, "self.concerns", &text);
	form_row(b, 0);
	form_put_boxes(&text, b->form->lang, ways,
		       (removed > 0 ? 1u : 0) | (masked > 0 ? 1u << 2 : 0));
	if (fix != NULL) {
		(void)snprintf(number[0], sizeof(number[0]), "%lld",
			       (long long)form_num(fix, "revision"));
		(void)snprintf(number[1], sizeof(number[1]), "%lld", (long long)masked);
		(void)snprintf(number[2], sizeof(number[2]), "%lld", (long long)removed);
		buf_puts(&text, "\n");
		form_put_filled(&text, b->form->lang, "handling.fix", number[0], number[1],
				number[2]);
	}
	form_field_buf(b, FORM_WIDTH, "self.handling", &text);
	buf_release(&text);
}

/* Number, date and index number above, notes and digests below. */
static void surround(struct form_builder *b)
{
	static const char *const shown[] = {"RELEASED", "SENT",	     "CORRECTED",
					    "FROZEN",	"WITHDRAWN", NULL};
	enum form_lang lang = b->form->lang;
	const char *state = form_str(b->record, "state");
	const json_t *policy = json_obj(b->record, "policy");
	char number[24];
	struct buf t;

	form_buf(&t);
	buf_puts(&t, form_word(lang, "title"));
	b->form->title = form_keep(b, &t);
	form_put_safe(&t, form_str(form_manifest(b), "publisher"));
	b->form->organisation = form_keep(b, &t);
	buf_puts(&t, form_word(lang, "number"));
	form_put_safe(&t, form_str(b->record, "draft"));
	buf_puts(&t, " ");
	(void)snprintf(number, sizeof(number), "%lld",
		       (long long)form_num(b->record, "revision"));
	form_put_filled(&t, lang, "revision", number, NULL, NULL);
	b->form->number = form_keep(b, &t);
	buf_puts(&t, form_word(lang, "index"));
	/* It is given with the draft's number but says something only once published. */
	if (form_num(b->record, "serial") > 0 && form_named(state, shown) != 0)
		form_put_safe(&t, form_str(form_manifest(b), "index_no"));
	b->form->index_no = form_keep(b, &t);
	buf_puts(&t, form_word(lang, "date"));
	form_put_time(&t, lang, form_str(json_obj(b->record, "submission"), "time"), true);
	b->form->date = form_keep(b, &t);
	buf_puts(&t, form_word(lang, "note.hand"));
	form_note(b, &t);
	(void)snprintf(number, sizeof(number), "%lld", (long long)form_num(policy, "version"));
	form_put_filled(&t, lang, "note.checked", number, NULL, NULL);
	form_note(b, &t);
	if (json_obj(b->record, "names") != NULL) {
		buf_puts(&t, form_word(lang, "note.names"));
		form_note(b, &t);
	}
	buf_puts(&t, form_word(lang, "note.policy"));
	form_note(b, &t);
	buf_puts(&t, "SHA-256 ");
	form_put_safe(&t, form_str(policy, "sha256"));
	form_note(b, &t);
	buf_puts(&t, form_word(lang, "foot.manifest"));
	form_put_safe(&t, form_str(b->record, "manifest_sha256"));
	b->form->foot = form_keep(b, &t);
	buf_release(&t);
}

static int identify(struct form_builder *b)
{
	const char *as_of = form_str(b->record, "as_of");
	struct buf bytes;
	int r;

	buf_init(&bytes, RECORD_MAX);
	r = json_compact(b->record, &bytes);
	if (r == SL_OK)
		hash_hex(buf_str(&bytes), bytes.len, b->form->record);
	buf_release(&bytes);
	if (!clock_parse(as_of, strlen(as_of), &b->form->as_of))
		b->form->as_of = 0;
	return r;
}

int form_fields(const json_t *record, enum form_lang lang, struct form **ret_f)
{
	struct form_builder b = {.form = calloc(1, sizeof(struct form)), .record = record};
	locale_t before, own;
	int r = b.form == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	b.form->lang = lang;
	if (strcmp(form_str(record, "schema"), FORM_SCHEMA) != 0) {
		r = SL_E_FORMAT;
		goto out;
	}
	r = identify(&b);
	if (r != SL_OK)
		goto out;
	own = form_locale_enter(&before);
	surround(&b);
	form_block_item(&b);
	form_block_author(&b);
	form_block_public(&b);
	form_block_self(&b);
	form_block_machine(&b);
	form_block_opinions(&b);
	form_block_result(&b);
	form_locale_leave(own, before);
	r = b.error;
	if (r != SL_OK)
		goto out;
	*ret_f = b.form;
	b.form = NULL; /* moved */
out:
	form_free(b.form);
	return r;
}
