/* author_meta.h - the metadata file of a draft (YAML) and what can be told from the files. */
#ifndef SL_INTAKE_AUTHOR_META_H
#define SL_INTAKE_AUTHOR_META_H

#include "base/json.h"
#include "intake/author.h"

/* The arguments of draft.prepare without files and token; options of the
 * command line win over the file. Caller owns *ret_args. SL_E_CONFIG names
 * file and line. */
int author_meta_args(const struct author_draft *d, json_t **ret_args,
		     struct sl_why *why) SL_MUST_USE;
/* Media type by file name, "application/octet-stream" when unknown. */
const char *author_media_type(const char *name);

#endif
