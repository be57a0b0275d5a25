/* database.h - a signature directory: is it there, is it fresh enough, what is it called. */
#ifndef SL_INSPECT_AV_DATABASE_H
#define SL_INSPECT_AV_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct database_options {
	const char *dir;
	uint32_t max_age_days;
	bool demo; /* accept undated signatures */
	int64_t now;
};
/* Name for reports: "daily 27200 main 62 2026-11-20", or for undated ones
 * "demo signatures <sha256>".  SL_E_NOTFOUND without a database, SL_E_EXPIRED
 * when the daily one is too old, SL_E_CONFIG for a date in the future. */
int database_check(const struct database_options *o, char *ret_name, size_t cap,
		   bool *ret_dated, struct sl_why *why) SL_MUST_USE;

#endif
