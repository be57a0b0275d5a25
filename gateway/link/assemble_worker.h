/* assemble_worker.h - inside link/: a thread that proves and hands on whole objects.
 *
 * The digest of a gigabyte takes a second and its fsync longer; the socket must be read all
 * that time.  A part that was given belongs to the thread until it is taken back. */
#ifndef SL_LINK_ASSEMBLE_WORKER_H
#define SL_LINK_ASSEMBLE_WORKER_H

#include "link/assemble_part.h"
#include "link/quarantine.h"

struct assemble_worker;

/* `most` parts at a time.  The quarantine is borrowed; only its slow half is used here. */
int assemble_worker_new(const struct quarantine *q, unsigned most,
			struct assemble_worker **ret_w) SL_MUST_USE;
/* Finishes what it was given, then ends.  NULL is fine. */
void assemble_worker_free(struct assemble_worker *w);
void assemble_worker_give(struct assemble_worker *w, struct assemble_part *p);
/* One that is done, its p->result set as assemble_part_finish says; NULL: none.
 * wait: until there is one, if any was given. */
struct assemble_part *assemble_worker_take(struct assemble_worker *w, bool wait);

#endif
