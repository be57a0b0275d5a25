/* tlog.h - C2SP tlog-tiles and tlog-checkpoint: a log as static files.
 *
 *   PREFIX/checkpoint                    mutable, signed note
 *   PREFIX/tile/L/NNN[.p/W]              hashes of level 8*L, 256 to a full tile
 *   PREFIX/tile/entries/NNN[.p/W]        entries, each u16 length and bytes
 *
 * Tile numbers are written x001/x234/067.  Used by the release log (public) and the
 * audit log (private).  A reader takes files by name from a directory or a server;
 * whatever it gives is hostile until it hashes to a checkpoint's root. */
#ifndef SL_TRUST_TLOG_H
#define SL_TRUST_TLOG_H

#include "base/buf.h"
#include "crypto/merkle.h"
#include "crypto/note.h"

enum { TLOG_ENTRY_MAX = 4096, TLOG_TILE = 256, TLOG_PATH_MAX = 96 };

struct tlog_checkpoint {
	char origin[NOTE_NAME_MAX];
	uint64_t size;
	uint8_t root[HASH_LEN];
};
/* The text of a checkpoint: origin, size, root; extension lines are refused. */
int tlog_checkpoint_parse(const void *text, size_t len,
			  struct tlog_checkpoint *ret) SL_MUST_USE;
void tlog_checkpoint_write(const struct tlog_checkpoint *c, struct buf *out);

/* "tile/0/x001/067.p/12": level (TLOG_ENTRIES for bundles), number, width (256: full). */
enum { TLOG_ENTRIES = -1 };
void tlog_path(int level, uint64_t number, unsigned width, char out[TLOG_PATH_MAX]);

/* Gives the whole file of that name (relative to PREFIX), at most max bytes;
 * SL_E_NOTFOUND when there is none. */
struct tlog_reader {
	int (*read)(void *arg, const char *path, size_t max, struct buf *out);
	void *arg;
};
/* Frontier of the first `size` leaves, from tiles (not from entries). */
int tlog_frontier(const struct tlog_reader *r, uint64_t size,
		  struct merkle_frontier *ret_f) SL_MUST_USE;
/* Proofs within the tree of `size` leaves.  What the tiles say is checked against itself
 * (SL_E_SIGNATURE when the proof does not lead to the root that the same tiles have);
 * that this root is the signed one the caller checks with merkle_check_*. */
int tlog_prove_inclusion(const struct tlog_reader *r, uint64_t index, uint64_t size,
			 uint8_t out[MERKLE_PROOF_MAX][HASH_LEN], unsigned *ret_n) SL_MUST_USE;
int tlog_prove_consistency(const struct tlog_reader *r, uint64_t old_size, uint64_t size,
			   uint8_t out[MERKLE_PROOF_MAX][HASH_LEN],
			   unsigned *ret_n) SL_MUST_USE;
/* The next entry of a bundle under the cursor, borrowed. SL_E_FORMAT, SL_E_LIMIT. */
int tlog_bundle_next(struct cur *c, const uint8_t **ret_entry, size_t *ret_len) SL_MUST_USE;
/* Entry `index` of a tree of `size`: bytes appended to out. Not checked. */
int tlog_entry(const struct tlog_reader *r, uint64_t index, uint64_t size,
	       struct buf *out) SL_MUST_USE;
/* Everything: each entry hashes to its leaf, each tile follows from the one below, the
 * whole to the checkpoint.  `each` (may be NULL) sees the entries in order, before the
 * whole is proved; its error ends the walk. `why` names the first fault and where it lies:
 * SL_E_CORRUPT for a file that is missing or has not its form, SL_E_SIGNATURE for hashes. */
int tlog_verify_all(const struct tlog_reader *r, const struct tlog_checkpoint *c,
		    int (*each)(uint64_t index, const void *entry, size_t len, void *arg,
				struct sl_why *why),
		    void *arg, struct sl_why *why) SL_MUST_USE;

/* The same for what was added to `before` only, whose own tiles must lead to it: whoever is
 * about to sign reads again what it has written. */
int tlog_verify_growth(const struct tlog_reader *r, const struct merkle_frontier *before,
		       const struct tlog_checkpoint *c, struct sl_why *why) SL_MUST_USE;

/* The files that appending n entries to the tree of before->size leaves makes new:
 * tiles and entry bundles, partial where they are not full.  `old` reads the log as it
 * was (partial tiles to extend); `put` stores one file.  *ret_after: the new frontier.
 * A short or lying old tile is SL_E_CORRUPT: what it holds must hash to `before`. */
struct tlog_entry {
	const void *bytes;
	size_t len; /* at most TLOG_ENTRY_MAX */
};
int tlog_append(const struct tlog_reader *old, const struct merkle_frontier *before,
		const struct tlog_entry *entries, unsigned n,
		int (*put)(void *arg, const char *path, const void *bytes, size_t len),
		void *arg, struct merkle_frontier *ret_after) SL_MUST_USE;

#endif
