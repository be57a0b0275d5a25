/* form_build.h - putting a form together, for form_fields*.c alone.
 *
 * Texts are copied, printable.  Errors stick: a builder that failed takes everything and does
 * nothing, and form_fields asks once at the end. */
#ifndef SL_FORM_FORM_BUILD_H
#define SL_FORM_FORM_BUILD_H

#include <locale.h>

#include "form/form.h"

enum { FORM_LABEL_WIDTH = 9 }; /* of a label cell, in FORM_WIDTH */

struct form_builder {
	struct form *form;
	const json_t *record;
	int error;
};

void form_block(struct form_builder *b, const char *word);
void form_row(struct form_builder *b, unsigned blank);
void form_cell(struct form_builder *b, unsigned width);
/* A paragraph in the newest cell; `text` is ours or went through form_safe. */
void form_line(struct form_builder *b, enum form_style style, const char *text);
/* The same from a buffer, which is cleared for the next one. */
void form_line_buf(struct form_builder *b, enum form_style style, struct buf *text);
/* A label cell and a cell of content in one go; `text` may be "" for a box to write in. */
void form_field(struct form_builder *b, unsigned width, const char *label, const char *text);
void form_field_buf(struct form_builder *b, unsigned width, const char *label,
		    struct buf *text);
void form_label(struct form_builder *b, const char *label);
/* "■a　□b": the words under these keys (NULL ends), ticked where `ticked` has their bit. */
void form_put_boxes(struct buf *out, enum form_lang lang, const char *const *options,
		    unsigned ticked);
void form_note(struct form_builder *b, struct buf *text);
/* Keep a copy of what is in the buffer, counted, and clear it. */
char *form_keep(struct form_builder *b, struct buf *text);

/* What the form says under this key; "" when there is no such word. */
const char *form_word(enum form_lang lang, const char *key);
bool form_has_word(const char *key);
/* The word with each "{}" replaced by the next value (untrusted, made printable). */
void form_put_filled(struct buf *out, enum form_lang lang, const char *key, const char *one,
		     const char *two, const char *three);
/* The word "GROUP.key"; the key itself, printable, when it is unknown. */
void form_put_word(struct buf *out, enum form_lang lang, const char *group, const char *key);
/* Untrusted text made printable: controls, what deceives and what combines become visible. */
void form_put_safe(struct buf *out, const char *text);
/* "2026年11月27日 23:44:36" in Asia/Shanghai; other text printable as it is. */
void form_put_time(struct buf *out, enum form_lang lang, const char *time, bool day_only);
/* How wide a character is depends on the locale in the C library: a form is made in one of
 * its own, of this thread.  Leave with both values that entering gave. */
locale_t form_locale_enter(locale_t *ret_before);
void form_locale_leave(locale_t own, locale_t before);
void form_put_num(struct buf *out, int64_t n);
/* Room for one paragraph. */
void form_buf(struct buf *b);
/* A member of an object as text, "" when it is not there. */
const char *form_str(const json_t *obj, const char *name);
int64_t form_num(const json_t *obj, const char *name);

const json_t *form_manifest(const struct form_builder *b); /* of the record; NULL: none */
/* Bits of those names (NULL ends) that stand in the text. */
unsigned form_named(const char *text, const char *const *names);
/* Do two acknowledgements say the same (about two texts)?  Has the k-th of a vote been said
 * by an earlier one of it? */
bool form_same_ack(const json_t *a, const json_t *b);
bool form_ack_repeats(const json_t *vote, size_t k);
/* "逐页阅读证明：" for what is no finding but a certificate; false and nothing else. */
bool form_put_certificate(struct buf *out, enum form_lang lang, const char *rule);

/* A number with the name that the rules have for it: "p-02 周明远"; what: "names" or "units".
 */
void form_put_named(const struct form_builder *b, struct buf *out, const char *what,
		    const char *id);

/* The blocks. */
void form_block_item(struct form_builder *b);
void form_block_author(struct form_builder *b);
void form_block_public(struct form_builder *b);
void form_block_self(struct form_builder *b);
void form_block_machine(struct form_builder *b);
void form_block_opinions(struct form_builder *b);
void form_block_result(struct form_builder *b);
/* Rows of the block of opinions: what was asked outside, and the appeal. */
void form_rows_steps(struct form_builder *b);

#endif
