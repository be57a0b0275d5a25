/* hostile_unit.h - transfer units that no honest gateway makes, for tests of the outlet.
 *
 * Some are signed by the key that the caller gives, as a gateway would sign them that was
 * taken over; the others are what anybody can make who reaches the link. */
#ifndef SL_TESTS_HOSTILE_UNIT_H
#define SL_TESTS_HOSTILE_UNIT_H

#include <stdbool.h>

#include "link/unit.h"

enum hostile_end {
	HOSTILE_OPEN, /* refused, and its serial still waits for the true unit */
	HOSTILE_DONE, /* refused, and its serial is dealt with: the gateway signed it */
	HOSTILE_VOID, /* proved, but nothing of it may be placed */
};
struct hostile_unit {
	const char *name;
	enum hostile_end end;
	const char *says; /* part of the reason; NULL for HOSTILE_VOID */
};

/* All of them, ended by one without a name. */
const struct hostile_unit *hostile_units(void);
/* Write the named one into out_fd under this serial; "bomb-256" is one of 256 MiB of zeros.
 * `link` is the outlet's public link key. */
int hostile_write(const char *name, int64_t serial, const struct key *signer,
		  const uint8_t link[KEY_PUBLIC], int out_fd, struct sl_why *why) SL_MUST_USE;

#endif
