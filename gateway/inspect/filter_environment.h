/* filter_environment.h - what a filter program lets in from the environment. */
#ifndef SL_INSPECT_FILTER_ENVIRONMENT_H
#define SL_INSPECT_FILTER_ENVIRONMENT_H

#include "base/err.h"

/* Makes the environment the filters' own: only language, the options of sanitizers and the
 * tests' clock are inherited, so no TMPDIR or MAGIC leads a library elsewhere.  Libraries
 * and allocator read theirs when a program begins, so the first call does not return: it
 * runs argv[0] again with the same arguments and open descriptors.  The second one finds
 * everything set and returns SL_OK.  For the first line of main, before threads. */
SL_MUST_USE int filter_environment(char **argv, struct sl_why *why);

#endif
