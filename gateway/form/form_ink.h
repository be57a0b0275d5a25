/* form_ink.h - the fonts of the form: found on this machine, and no others used.
 *
 * The font map knows exactly one family, so neither the person's font configuration nor the
 * locale changes how a form looks; characters that the family lacks are written out. */
#ifndef SL_FORM_FORM_INK_H
#define SL_FORM_FORM_INK_H

#include <pango/pangocairo.h>

#include "base/buf.h"

struct form_ink;

/* SL_E_NOTFOUND: none of the families is installed; `why` names the package. */
int form_ink_new(struct form_ink **ret_ink, struct sl_why *why) SL_MUST_USE;
void form_ink_free(struct form_ink *ink);
/* A context with the fonts, in the language (RFC 3066); g_object_unref it. */
PangoContext *form_ink_context(struct form_ink *ink, const char *language);
/* The family in `points`; pango_font_description_free it. */
PangoFontDescription *form_ink_font(const struct form_ink *ink, double points, bool bold);
/* Append the text with each character that the family lacks as "\u{…}". */
void form_ink_put(const struct form_ink *ink, const char *text, struct buf *out);

#endif
