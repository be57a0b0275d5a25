/* verify_private.h - shared by the verify*.c files only. */
#ifndef SL_RELEASE_VERIFY_PRIVATE_H
#define SL_RELEASE_VERIFY_PRIVATE_H

#include "release/tree.h"
#include "release/verify.h"

struct verify_log_case { /* borrowed */
	int case_fd, tree_fd;
	const struct casefile *c;
	const struct chain *chain;
	const struct key *witness;
};
/* The case's entries into the log that `log` remembers: tiles and checkpoint are exactly
 * what follows (their names are added to `files`); the cosignature to `line` and to the
 * note of `s`, which was initialised.  `again`: as of a case signed before. */
int verify_log(const struct verify_log_case *v, const struct verify_log *log, bool again,
	       struct tree_list *files, struct log_step *s, char line[CASEFILE_LINE_MAX],
	       struct sl_why *why) SL_MUST_USE;

#endif
