/* deadlines.h - the clocks of a draft that is handed in. */
#ifndef SL_INTAKE_DEADLINES_H
#define SL_INTAKE_DEADLINES_H

#include "intake/intake.h"

/* Inside the change that submits it, before the move: give the draft the clocks of its classes,
 * content type and category.  Formed is when its first revision was prepared, or the start of
 * the day `created_on` when that was before; received the start of `received_on`, else the same
 * moment as formed. */
int deadlines_set(const struct intake *in, const struct draft *d) SL_MUST_USE;
/* After the move: the dates that are still to be counted. */
int deadlines_count(const struct intake *in) SL_MUST_USE;

#endif
