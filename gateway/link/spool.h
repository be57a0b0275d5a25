/* spool.h - directories of units that wait: names, order, upkeep.
 *
 * A waiting unit is the file SERIAL.PRIORITY.unit, 20 digits and one digit:
 * 00000000000000000042.5.unit.  Recalls have priority 0 and go first. */
#ifndef SL_LINK_SPOOL_H
#define SL_LINK_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { SPOOL_NAME = 20 + 1 + 1 + 5, SPOOL_MAX = 65536, SPOOL_RECALL = 0, SPOOL_NORMAL = 5 };

struct spool_entry {
	int64_t serial;
	uint8_t priority;
};
/* out gets SPOOL_NAME + 1 bytes. */
void spool_name(const struct spool_entry *e, char out[SPOOL_NAME + 1]);
/* Exactly such a name; false for everything else. */
bool spool_parse(const char *name, struct spool_entry *ret_e);
/* The waiting units of a directory, by priority and then serial, at most max
 * of them (the rest waits for the next look); caller frees *ret_list. */
int spool_list(int dir_fd, size_t max, struct spool_entry **ret_list,
	       size_t *ret_n) SL_MUST_USE;
/* Remove the lowest serials until at most `keep` units stay. */
int spool_prune(int dir_fd, size_t keep) SL_MUST_USE;

#endif
