/* log_step.h - what one case adds to the release log (trust.md section 7).
 *
 * Releaser and checker compute it each for itself, one from the tiles on its disk, the
 * other from the frontier in its memory, and get the same checkpoint or do not agree.
 * Entries: the items in order, then new root, new approval policy and behind it the keys
 * that it ended, anchor. */
#ifndef SL_RELEASE_LOG_STEP_H
#define SL_RELEASE_LOG_STEP_H

#include "release/casefile.h"
#include "trust/log_entry.h"
#include "trust/tlog_proof.h"

/* A policy may end every key that there was. */
enum { LOG_STEP_MAX = DELTA_ITEMS_MAX + 3 + ROSTER_KEYS_MAX };

struct log_step {
	struct merkle_frontier before, after;
	unsigned n;
	struct buf entry[LOG_STEP_MAX];
	uint8_t leaf[LOG_STEP_MAX][HASH_LEN];
	struct buf text; /* of the checkpoint */
	struct buf note; /* the checkpoint, as far as it is signed */
};
void log_step_init(struct log_step *s);
void log_step_release(struct log_step *s);
/* Entries of the case into the log that `before` stands for: new tiles to `put`, new
 * frontier, text of the checkpoint.  `old` reads tiles as they were; lying ones are
 * SL_E_CORRUPT. */
int log_step_take(struct log_step *s, const struct casefile *c, const char *origin,
		  const struct merkle_frontier *before, const struct tlog_reader *old,
		  int (*put)(void *arg, const char *path, const void *bytes, size_t len),
		  void *arg) SL_MUST_USE;
/* Take a note of this very text, signed by the log (SL_E_SIGNATURE, SL_E_DENIED). */
int log_step_note(struct log_step *s, const struct buf *note, const struct note_key *log,
		  struct sl_why *why) SL_MUST_USE;
/* Add the witness's line ("— NAME BASE64", no line end). */
void log_step_cosigned(struct log_step *s, const char *line);
/* log.tlog-proof of item i, once the note is cosigned. */
int log_step_proof(const struct log_step *s, unsigned i, struct buf *out) SL_MUST_USE;
/* Digests of checkpoint and proofs, for casefile_expect. */
int log_step_proofs(const struct log_step *s, const struct casefile *c,
		    struct casefile_proofs *ret) SL_MUST_USE;

/* Files of a log below dirfd/"log/"; the struct must live as long as the reader. */
struct log_dir {
	int dirfd;
	int copy_fd; /* what is read is also written to copy_fd/"log/"; -1: not */
};
struct tlog_reader log_dir_reader(struct log_dir *d);

#endif
