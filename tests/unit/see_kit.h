/* see_kit.h - real filters that see, and what their reports say; for tests of seeing. */
#ifndef SL_TESTS_UNIT_SEE_KIT_H
#define SL_TESTS_UNIT_SEE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "inspect/inspect.h"

enum { SEE_KIT_MAX = 64 << 20 };

/* For one document; each test program says how many. */
extern const uint32_t see_kit_seconds;

/* For cmocka_run_group_tests. */
int see_kit_set_up(void **state);
int see_kit_tear_down(void **state);
/* Are models and a font there? Tests skip where not. */
bool see_kit_sees(void);
/* Inspect a document; *report and *ret_text (what reviewers would read) are the caller's. */
void see_kit_look(const struct buf *bytes, const char *name, struct inspect_report *report,
		  struct buf *ret_text);
/* The verdict, and words that stand in the report and that do not (NULL: no more). */
void see_kit_check(const char *name, const struct inspect_report *report, enum verdict want,
		   const char *const has[3], const char *const lacks[3]);

#endif
