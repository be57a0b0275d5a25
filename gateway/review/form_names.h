/* form_names.h - names beside the numbers on a form. */
#ifndef SL_REVIEW_FORM_NAMES_H
#define SL_REVIEW_FORM_NAMES_H

#include "review/review.h"

/* Add names{person: name} and units{unit: name} to the answer of review.form: of everybody and
 * every unit that it mentions and that accounts.yaml and units.yaml in force know.  Without
 * those, nothing. */
int form_names_put(const struct review *v, json_t *answer) SL_MUST_USE;

#endif
