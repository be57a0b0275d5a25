/* yaml.h - YAML files into structs with libcyaml; the only include of cyaml.h.
 *
 * Each reader describes its structure as a cyaml schema; what does not fit is
 * refused with file, line and what is wrong. */
#ifndef SL_BASE_YAML_H
#define SL_BASE_YAML_H

#include <cyaml/cyaml.h>

#include "base/err.h"

enum { YAML_FILE_MAX = 4 << 20 };

/* Load a file into a fresh structure (cyaml_free through yaml_free).
 * SL_E_NOTFOUND, SL_E_CONFIG with "FILE:LINE: reason" in why. */
int yaml_load(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
	      struct sl_why *why) SL_MUST_USE;
/* For sequences at top level: also the count. */
int yaml_load_list(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
		   unsigned *ret_n, struct sl_why *why) SL_MUST_USE;
/* The same for files that others make and may put more into: keys that the schema does not
 * name are passed over. */
int yaml_load_open(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
		   struct sl_why *why) SL_MUST_USE;
/* "PATH:LINE: what" for a complaint about what a loaded file means; the line is that of `text`
 * behind `anchor`, as a whole word if it stands so, else the anchor's, else 1.  Both may be
 * NULL.  Returns SL_E_CONFIG. */
int yaml_complain(const char *path, const char *anchor, const char *text, const char *what,
		  struct sl_why *why);
void yaml_free(const cyaml_schema_value_t *schema, void *data, unsigned n);

#endif
