/* route_template.h - is this text one that was approved beforehand, with its blanks filled in?
 */
#ifndef SL_POLICY_ROUTE_TEMPLATE_H
#define SL_POLICY_ROUTE_TEMPLATE_H

#include "policy/routes.h"

/* Characters that may stand in the place of "{}": a place, a time, a name; no sentence. */
enum { TEMPLATE_BLANK_MAX = 60, TEMPLATE_TEXT_MAX = 16 << 10 };

/* Hostile: title and text (UTF-8).  Spaces and empty lines do not matter, everything else
 * does; a blank takes 1 to TEMPLATE_BLANK_MAX characters without a line break, "。", "！",
 * "？" or "；".  False for a text above TEMPLATE_TEXT_MAX bytes. */
bool route_template_fits(const struct route_template *t, const char *title, const char *text,
			 size_t len);

#endif
