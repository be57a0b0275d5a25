/* av_database.h - is the signature database there, and is it young enough? */
#ifndef SL_INSPECT_AV_DATABASE_H
#define SL_INSPECT_AV_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct av_database {
	char identity[128]; /* for the report: "daily 27200/main 62 2026-11-20" or "demo sha256 …" */
	int64_t made;       /* newest build time, seconds since 1970; 0 for undated signatures */
};
/* Read the headers of *.cvd and *.cld below dir.  Without any, `demo` accepts undated
 * signature files (.hdb, .hsb, .ndb, .ldb) and identity says so.  SL_E_NOTFOUND when
 * there is nothing to scan with, SL_E_EXPIRED when older than max_age_days. */
int av_database_check(const char *dir, uint32_t max_age_days, bool demo, struct av_database *ret_d,
		      struct sl_why *why) SL_MUST_USE;

#endif
