/* form_command.h - `sluice-review form`, and what the terminal's command needs of it. */
#ifndef SL_REVIEWER_FORM_COMMAND_H
#define SL_REVIEWER_FORM_COMMAND_H

#include "base/cli.h"
#include "base/json.h"
#include "form/form.h"
#include "wire/session.h"

int form_command_run(const struct cli *c);

/* The checked record (sluice-form/1) of a draft's revision, 0 for the newest; caller owns. */
int form_fetch(struct session *s, const char *draft, int64_t revision, json_t **ret_record,
	       struct sl_why *why) SL_MUST_USE;
/* The form as a file: PDF when the path ends in ".pdf", text otherwise; durable, and only
 * the person may read it. */
int form_write(const json_t *record, enum form_lang lang, const char *path,
	       struct sl_why *why) SL_MUST_USE;

#endif
