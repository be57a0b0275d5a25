/* role.h - moved: see sandbox/role.h. */
#ifndef SL_LINK_ROLE_H
#define SL_LINK_ROLE_H
#include "sandbox/role.h"
#endif
