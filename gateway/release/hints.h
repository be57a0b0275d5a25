/* hints.h - index.html, feed.json and atom.xml for people and feed readers.
 *
 * Unsigned, never trusted by a platform, and each says so: a newcomer's view of the
 * newest releases and of what was taken down (Atom: at:deleted-entry).  feed.json of the step
 * before is the memory for the next one. */
#ifndef SL_RELEASE_HINTS_H
#define SL_RELEASE_HINTS_H

#include "release/casefile.h"
#include "trust/statement.h"

enum { HINTS_MAX = 100 };

/* Write the three files below tree_fd, from feed.json below repo_fd (missing or
 * damaged: from nothing) and the items of the case, whose manifests lie below tree_fd. */
int hints_write(int repo_fd, int tree_fd, const struct casefile *c, int64_t now) SL_MUST_USE;

#endif
