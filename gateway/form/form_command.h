/* form_command.h - `sluice-review form` and `sluice form`: fetch, verify, print or save. */
#ifndef SL_FORM_FORM_COMMAND_H
#define SL_FORM_FORM_COMMAND_H

#include "base/cli.h"
#include "form/form.h"
#include "wire/session.h"

/* Of any draft, for who reviews; exit codes as everywhere, 1 also when a signature on the form
 * does not verify. */
int form_command_run(const struct cli *c);
/* Of an own draft, for its author: without who ordered a freeze or a recall. */
int form_command_own(const struct cli *c);

/* What the terminal's command needs of it.  The checked record (sluice-form/1) of a draft's
 * revision, 0 for the newest, by "review.form" or its author's "draft.form"; caller owns. */
int form_command_fetch(struct session *s, const char *op, const char *draft, int64_t revision,
		       json_t **ret_record, struct sl_why *why) SL_MUST_USE;
/* The form as a file: PDF when the path ends in ".pdf", text otherwise; durable, and only
 * the person may read it. */
int form_command_write(const json_t *record, enum form_lang lang, const char *path,
		       struct sl_why *why) SL_MUST_USE;

#endif
