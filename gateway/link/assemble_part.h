/* assemble_part.h - inside link/: one object that is being put together.
 *
 * A file of the quarantine that is mapped, so that a symbol costs a copy and no system
 * call:
 *
 *   symbols * s      the object, every data symbol at its place
 *   blocks * keep * s  repair symbols as they came; no block can need more than keep
 *   blocks * keep    which ones they are
 *
 * All of it is allocated on disk before the first byte is written: a full disk is a
 * refusal at the start, never a SIGBUS later. */
#ifndef SL_LINK_ASSEMBLE_PART_H
#define SL_LINK_ASSEMBLE_PART_H

#include "link/datagram.h"
#include "link/geometry.h"
#include "link/quarantine.h"
#include "link/repair.h"

enum { ASSEMBLE_PART_NAME = 48 };

struct assemble_block;
struct assemble_part {
	int fd; /* -1: slot is free */
	char name[ASSEMBLE_PART_NAME];
	struct spool_entry unit;
	struct geometry g;
	unsigned keep;
	uint8_t *map;
	size_t mapped;
	struct assemble_block *block; /* g.blocks of them */
	uint32_t done;		      /* blocks that are whole */
	int64_t touched;	      /* monotonic ms */
	bool finishing;		      /* a worker has it: nobody else touches it */
	int result;		      /* of that */
};

/* Bytes on disk that an object of this shape takes while it is incomplete. */
uint64_t assemble_part_bytes(const struct geometry *g);
/* Make the file NAME below dir for the object that d is of.  SL_E_FULL when the disk has
 * no room; nothing stays then. */
int assemble_part_open(struct assemble_part *p, int dir, const char *name,
		       const struct datagram *d, const struct geometry *g) SL_MUST_USE;
/* Is d a symbol of an object of this very shape? */
bool assemble_part_shape(const struct assemble_part *p, const struct datagram *d);
/* 1: every block is whole now; 0; or an error of repair_decode. */
int assemble_part_take(struct assemble_part *p, const struct datagram *d,
		       struct repair *repair) SL_MUST_USE;
/* Every block is whole: prove it by its digest, cut the file to the unit's own bytes and put
 * it into the quarantine (quarantine_store); usable in another thread.  SL_E_SIGNATURE: it
 * is not what its digest says; SL_E_IO. */
int assemble_part_finish(struct assemble_part *p, const struct quarantine *q) SL_MUST_USE;
/* Free the slot; the file stays where it is. */
void assemble_part_close(struct assemble_part *p);
/* The same, and the file goes. */
void assemble_part_drop(struct assemble_part *p, int dir);

#endif
