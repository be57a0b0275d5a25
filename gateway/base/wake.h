/* wake.h - "something may be new in this directory", without sockets.
 *
 * Stages of one host wake each other by creating or renaming a file in a
 * directory that the next stage watches.  The truth is in the store or in the
 * directory; a lost wake-up costs one poll interval, never a draft. */
#ifndef SL_BASE_WAKE_H
#define SL_BASE_WAKE_H

#include "base/err.h"

struct wake; /* an inotify descriptor and its watches */

int wake_new(struct wake **ret_w) SL_MUST_USE;
void wake_free(struct wake *w);
/* Watch a directory for files that appear, are closed after writing or vanish. */
int wake_watch(struct wake *w, const char *dir) SL_MUST_USE;
/* Descriptor for poll(). */
int wake_fd(const struct wake *w);
/* Wait at most timeout_ms; 1 when something happened (all pending events are
 * eaten), 0 on timeout or a signal, negative on error. */
int wake_wait(struct wake *w, int timeout_ms);
/* Ring the bell of another stage: touches DIR/.bell (created 0600).  Failure
 * only delays, so there is nothing to return. */
void wake_ring(const char *dir);

#endif
