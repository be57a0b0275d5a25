/* link_kit.h - objects cut into symbols as a sender would, for tests of the receiving end. */
#ifndef SL_TEST_LINK_KIT_H
#define SL_TEST_LINK_KIT_H

#include "link/datagram.h"
#include "link/geometry.h"
#include "link/quarantine.h"

struct link_kit_object {
	uint32_t serial;
	struct geometry g;
	uint8_t *data;	 /* the padded object */
	uint8_t *repair; /* m symbols of each block */
	size_t unit;	 /* bytes of the unit itself */
};
/* A unit of `unit` bytes made from its serial and `seed`. */
void link_kit_object(struct link_kit_object *o, uint32_t serial, size_t unit, uint32_t s,
		     unsigned m, unsigned seed);
void link_kit_object_free(struct link_kit_object *o);
/* One symbol of it; session and number are for the caller. */
struct datagram link_kit_symbol(const struct link_kit_object *o, uint32_t block, unsigned i);
/* All symbols in the order a sender takes: symbol i of every block, then i + 1. */
unsigned link_kit_count(const struct link_kit_object *o);
struct datagram link_kit_nth(const struct link_kit_object *o, unsigned n);

struct link_kit_room { /* a quarantine of its own */
	char dir[64];
	int quarantine, state;
	struct quarantine *q;
};
void link_kit_room_open(struct link_kit_room *m);
void link_kit_room_close(struct link_kit_room *m);
/* The unit lies in the quarantine with exactly the bytes of o? */
bool link_kit_arrived(const struct link_kit_room *m, const struct link_kit_object *o);
/* How many files ending in `suffix` lie in the quarantine? */
unsigned link_kit_files(const struct link_kit_room *m, const char *suffix);

#endif
