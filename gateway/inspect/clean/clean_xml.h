/* clean_xml.h - one XML member of an office package, as a tree that is changed. */
#ifndef SL_INSPECT_CLEAN_XML_H
#define SL_INSPECT_CLEAN_XML_H

#include <libxml/tree.h>

#include "inspect/clean/clean.h"

/* No document type declaration, no entities, bounded depth.  SL_E_FORMAT, SL_E_NOMEM. */
int clean_xml_parse(const char *bytes, size_t len, xmlDoc **ret_d) SL_MUST_USE;
int clean_xml_write(xmlDoc *d, struct buf *out) SL_MUST_USE;

/* Masks in every paragraph: text that runs over several elements is found as readers see
 * it; the replacement stands in the first of them.  Masks in attributes, too: targets of
 * links, alternative texts, prompts.  Names that other parts refer to stay, and so do
 * formulas but for the words in their quotes; a number of a cell becomes a word.
 * *ret_masked as clean_copy_text. */
int clean_xml_mask(xmlDoc *d, const struct clean_job *job, uint32_t *ret_masked,
		   uint32_t *ret_removed) SL_MUST_USE;
/* Elements of this local name go, with what is in them; how many there were. */
uint32_t clean_xml_drop(xmlDoc *d, const char *name);
/* Attributes whose local name begins so go. */
uint32_t clean_xml_drop_attrs(xmlDoc *d, const char *prefix);
/* The node after n in document order, inside root; down: into its children. */
xmlNode *clean_xml_next(xmlNode *n, const xmlNode *root, bool down);
/* Value of an attribute by local name, NULL none; borrowed. */
const char *clean_xml_attr(const xmlNode *n, const char *name);
/* Call `each` for every element; true removes it. */
uint32_t clean_xml_filter(xmlDoc *d, bool (*each)(void *arg, const xmlNode *n), void *arg);

#endif
