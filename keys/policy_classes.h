/* policy_classes.h - classes A, B, C, D, H, R, S and U as a new approval policy begins with
 * them. */
#ifndef SL_KEYS_POLICY_CLASSES_H
#define SL_KEYS_POLICY_CLASSES_H

#include "base/json.h"

/* {"A":{…},…}; caller owns. */
json_t *policy_classes(void);

#endif
