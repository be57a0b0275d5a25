/* assemble.h - udp mode: authentic symbols in, whole units in the quarantine out.
 *
 * Hostile: a gateway that was taken over, as far as numbers in datagrams go; strangers are
 * kept out by the MAC.  Bounded: at most ASSEMBLE_PARTS objects at a time and
 * ASSEMBLE_BYTES of their bytes on disk; the one that waited longest without a symbol
 * gives way.  Loss stays inside one object.  Only a whole whose BLAKE2b-256 is right is
 * handed on; what a wrong whole consisted of is thrown away.
 *
 * A part that nobody sends any more gives way as well when the disk is full.
 *
 *   symbol 1 -> SERIAL.SLOT.part (mmap) --k of each block, digest good--> quarantine_commit */
#ifndef SL_LINK_ASSEMBLE_H
#define SL_LINK_ASSEMBLE_H

#include "link/datagram.h"
#include "link/quarantine.h"

enum { ASSEMBLE_PARTS = 64 };
#define ASSEMBLE_BYTES (UINT64_C(2560) << 20) /* two objects of the largest size fit */

struct assemble;

int assemble_open(struct quarantine *q, struct assemble **ret_a) SL_MUST_USE;
void assemble_close(struct assemble *a); /* unfinished parts are removed */
/* What became of a whole object: 1, SL_E_SIGNATURE, SL_E_IO; called in the thread that calls
 * the functions here. */
typedef void (*assemble_told)(void *arg, int64_t serial, int r);
/* From now on a thread proves whole objects and hands them on, so that whoever receives never
 * waits for the disk while there is a free part.  assemble_symbol() then returns 0 where it
 * would have said what became of a whole; it and assemble_reap() tell that. */
int assemble_background(struct assemble *a, assemble_told told, void *arg) SL_MUST_USE;
void assemble_reap(struct assemble *a);
/* Monotonic ms: the time of the symbols that follow. */
void assemble_time(struct assemble *a, int64_t now_ms);
/* Take one symbol (MAC and replay already judged).  1 when it completed a unit, 0 when it
 * was taken or was not needed any more; SL_E_EXISTS: that unit is here; SL_E_REPLAY: too
 * far ahead; SL_E_SIGNATURE: the whole had a wrong digest; SL_E_STATE: another shape of
 * the same serial is being assembled (that one gives way when it is idle); SL_E_FULL: no
 * room on disk, nothing taken; SL_E_IO. */
int assemble_symbol(struct assemble *a, const struct datagram *d) SL_MUST_USE;
/* Units of which something but not everything has arrived: {"parts":[{"serial":n,
 * "blocks":n,"done":n,"idle_ms":n}…]} goes into the receiver's status. */
json_t *assemble_report(const struct assemble *a);

#endif
