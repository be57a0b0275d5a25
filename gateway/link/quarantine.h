/* quarantine.h - the outlet's folder of whole units that wait for the installer.
 *
 * What has arrived is never remembered apart from what is true on disk: a unit is here
 * when it lies in the quarantine or when the installer has dealt with it (progress.h).
 * So a unit that the installer refused can arrive again.  Parts are files NAME.part that
 * belong to whoever assembles them (inbox.h for frames, assemble.h for datagrams); those
 * of an earlier run are removed at start. */
#ifndef SL_LINK_QUARANTINE_H
#define SL_LINK_QUARANTINE_H

#include "base/json.h"
#include "link/spool.h"

enum { QUARANTINE_WINDOW = 4096, QUARANTINE_UNITS_MAX = 4096 };
#define QUARANTINE_BYTES_MAX   (UINT64_C(4) << 30)
#define QUARANTINE_SPARE_BYTES (UINT64_C(64) << 20) /* stays free on the file system */

struct quarantine;

/* Directories are borrowed. */
int quarantine_open(int quarantine_fd, int state_fd, struct quarantine **ret_q) SL_MUST_USE;
void quarantine_close(struct quarantine *q);
int quarantine_fd(const struct quarantine *q);
/* Is there room for more units?  Looks at the disk: call it now and then, not per frame. */
bool quarantine_room(struct quarantine *q);
/* Is there room for a part of so many bytes?  SL_OK, SL_E_FULL. */
int quarantine_room_for(struct quarantine *q, uint64_t bytes) SL_MUST_USE;
/* Does the installer still need this unit?  SL_OK; SL_E_EXISTS: it is here already;
 * SL_E_REPLAY: too far ahead of what was installed.  Cheap enough for every datagram:
 * looks at the disk at most every 50 ms.  What is behind by so much is that the installer
 * has just dealt with a unit, or refused it. */
int quarantine_wants(struct quarantine *q, int64_t serial) SL_MUST_USE;
bool quarantine_finished(struct quarantine *q, int64_t serial); /* installer dealt with it */
/* The next answers are of now. */
void quarantine_look(struct quarantine *q);
/* The finished, checked part becomes the unit: fsync of fd, rename, fsync of the folder. */
int quarantine_commit(struct quarantine *q, const char *part, int fd,
		      const struct spool_entry *unit) SL_MUST_USE;
/* The two halves of it: the slow one, which may run in another thread, and the noting. */
int quarantine_store(const struct quarantine *q, const char *part, int fd,
		     const struct spool_entry *unit) SL_MUST_USE;
void quarantine_stored(struct quarantine *q, const struct spool_entry *unit);
/* A serial that the sender has named in a unit: what is between it and the installed ones is
 * missing. */
void quarantine_heard_of(struct quarantine *q, int64_t serial);
/* What the sender says itself is the highest serial it has sent.  Its newest word counts, also
 * when it is less than what was named before or even than what lies here, so that a lie does
 * not outlive the liar. */
void quarantine_told(struct quarantine *q, int64_t highest);
void quarantine_dropped(struct quarantine *q); /* counts */
/* {"arrived":n,"dropped":n,"full":bool,"highest":n,"missing":[…],"missing_count":n,
 * "next":n,"time":…}; also remembers the highest serial durably. */
json_t *quarantine_report(struct quarantine *q);

#endif
