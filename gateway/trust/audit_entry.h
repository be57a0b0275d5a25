/* audit_entry.h - what an entry of the audit log says; five lines, nothing else.
 *
 *   sluice-audit/1
 *   1042                          number of the row in the store
 *   1780000000123                 unix milliseconds
 *   draft.move                    kind of event
 *   <64 hex>                      SHA-256(32 bytes of salt || record)
 *
 * Record and salt stay in the store: erasing them keeps every proof. */
#ifndef SL_TRUST_AUDIT_ENTRY_H
#define SL_TRUST_AUDIT_ENTRY_H

#include "base/buf.h"

enum { AUDIT_ENTRY_MAX = 512, AUDIT_KIND_MAX = 64 };

struct audit_entry {
	int64_t seq, ms;
	char kind[AUDIT_KIND_MAX]; /* letters, digits, '.', '-', '_' */
	char sha256[65];
};
/* Strict, one spelling. SL_E_FORMAT, SL_E_LIMIT. */
int audit_entry_parse(const void *bytes, size_t len, struct audit_entry *ret_e) SL_MUST_USE;
/* SL_E_FORMAT for a kind that no entry may have. */
int audit_entry_write(const struct audit_entry *e, struct buf *out) SL_MUST_USE;

#endif
