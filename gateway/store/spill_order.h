/* spill_order.h - what secrecy officers asked for about a sealed spill, and the files
 * themselves. The signed statements are objects beside; a row is what was said in them, for
 * lists. */
#ifndef SL_STORE_SPILL_ORDER_H
#define SL_STORE_SPILL_ORDER_H

#include "store/store.h"

struct spill_order {
	int64_t number;
	char draft[24];
	int64_t revision;
	char action[12];
	char first_pid[48], second_pid[48]; /* second: "" while only one has signed */
	char first[65], second[65];	    /* sha256 of the envelopes */
	char reason[512];
	int64_t time, expires;
	char share[65]; /* object that the second left for the first, "" */
};
/* Number is set; SL_E_EXISTS when this envelope is already there. Desk, as all changes; each
 * with its audit entry, within the caller's transaction if there is one. */
int store_spill_order_add(struct store *s, struct spill_order *o) SL_MUST_USE;
/* The second person; SL_E_CONFLICT when there is one. */
int store_spill_order_confirm(struct store *s, int64_t number, const char *pid,
			      const char *envelope) SL_MUST_USE;
int store_spill_order_share(struct store *s, int64_t number, const char *pid,
			    const char *object) SL_MUST_USE;
int store_spill_order_get(struct store *s, int64_t number,
			  struct spill_order *ret_o) SL_MUST_USE;
/* Those of a draft, by number. */
int store_spill_order_each(struct store *s, const char *draft,
			   int (*fn)(const struct spill_order *o, void *arg),
			   void *arg) SL_MUST_USE;
/* Descriptor of a sealed body, read only, and its length; SL_E_NOTFOUND. Desk. */
int store_sealed_open(struct store *s, const char *draft, int64_t revision, unsigned file,
		      uint64_t *ret_len) SL_MUST_USE;

#endif
