/* predicate_private.h - small typed readers shared by predicate.c and predicate_release.c. */
#ifndef SL_TRUST_PREDICATE_PRIVATE_H
#define SL_TRUST_PREDICATE_PRIVATE_H

#include "trust/statement.h"

json_t *predicate_time_new(int64_t t);
/* Borrowed, NULL when absent or malformed: a short name for machines, 64 hex digits, bounded
 * text. */
const char *predicate_word(const json_t *j, const char *name);
const char *predicate_sha256(const json_t *j, const char *name);
const char *predicate_text(const json_t *j, const char *name);
/* {"policy":{"sha256","version"}}. */
bool predicate_policy(const json_t *j, const char **ret_sha256, int64_t *ret_version);

#endif
