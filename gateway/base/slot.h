/* slot.h - a directory that is put in place whole, and which one of them is in force.
 *
 *   DATA/KIND/current     {"name":"7-1f0c…", …}: the one in force, replaced by rename
 *   DATA/KIND/7-1f0c…/    never changed once it is named
 *   DATA/KIND/.incoming/  being filled and proved; means nothing
 *
 * Killed at any moment, `current` names the old directory or the new one, whole.  Rules and
 * virus signatures come to the gateway this way. */
#ifndef SL_BASE_SLOT_H
#define SL_BASE_SLOT_H

#include <sys/stat.h>

#include "base/err.h"
#include "base/json.h"

enum { SLOT_PATH = 4096, SLOT_NAME = 96 };

struct slot { /* one who fills; only one at a time */
	int root, lock;
	char incoming[SLOT_PATH]; /* empty directory to fill */
};

/* Absolute path of the directory in force; *ret_facts (may be NULL): what slot_commit was
 * given, owned by the caller.  SL_E_NOTFOUND when nothing was ever put in place. */
int slot_current(const char *data, const char *kind, char out[SLOT_PATH],
		 json_t **ret_facts) SL_MUST_USE;
/* The same, or `otherwise` when nothing was ever put in place. */
int slot_or(const char *data, const char *kind, const char *otherwise,
	    char out[SLOT_PATH]) SL_MUST_USE;
/* Moment of the last change, zero when there is none: for whoever looks now and then. */
struct timespec slot_changed(const char *data, const char *kind);

/* Take the lock and make an empty `incoming`.  SL_E_UNREACHABLE when another fills it. */
int slot_begin(struct slot *s, const char *data, const char *kind,
	       struct sl_why *why) SL_MUST_USE;
/* Copy regular files of `from` into incoming/`folder` ("" for itself): those that `wanted`
 * accepts, at most `files` of at most `bytes` each, made durable.  A link or another kind of
 * file that is wanted is refused. */
struct slot_copy {
	const char *from, *folder;
	bool (*wanted)(const char *name, const void *arg);
	const void *arg;
	size_t files;
	uint64_t bytes;
};
int slot_copy(const struct slot *s, const struct slot_copy *c, struct sl_why *why) SL_MUST_USE;
/* Give incoming its name and put it in force, with `facts` beside the name (borrowed).
 * What was in force before stays for those who still read it; older ones go. */
int slot_commit(struct slot *s, const char *name, const json_t *facts,
		struct sl_why *why) SL_MUST_USE;
/* Complaints about the copy name what it was made from. */
void slot_explain(const struct slot *s, const char *from, struct sl_why *why);
void slot_end(struct slot *s); /* in every case; drops what was not committed */

#endif
