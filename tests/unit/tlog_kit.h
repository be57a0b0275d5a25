/* tlog_kit.h - a log in memory for the tests, with a naive RFC 6962 beside it. */
#ifndef SL_TESTS_TLOG_KIT_H
#define SL_TESTS_TLOG_KIT_H

#include "trust/tlog_proof.h"
#include "trust_kit.h"

struct kit_file {
	char path[TLOG_PATH_MAX];
	uint8_t *bytes;
	size_t len;
};
struct kit_log {
	struct kit_file *file;
	size_t n, cap;
	struct merkle_frontier frontier;
	uint8_t (*leaf)[HASH_LEN]; /* of every entry */
	unsigned reads;
};
void kit_log_init(struct kit_log *l);
void kit_log_release(struct kit_log *l);
struct tlog_reader kit_log_reader(struct kit_log *l);
int kit_log_put(void *arg, const char *path, const void *bytes, size_t len);
/* NULL when there is none. */
struct kit_file *kit_log_file(struct kit_log *l, const char *path);
void kit_log_remove(struct kit_log *l, const char *path);
/* Entry i is "entry I" padded by its number, so that lengths differ. */
size_t kit_entry(uint64_t i, char out[64]);
/* Append n entries in one call. */
void kit_log_grow(struct kit_log *l, unsigned n);
/* MTH(D[n]) of section 2.1, literally. */
void kit_naive_root(const uint8_t (*leaf)[HASH_LEN], uint64_t n, uint8_t out[HASH_LEN]);
struct tlog_checkpoint kit_checkpoint(const struct kit_log *l, const char *origin);
/* Signed by seed 1 as log and cosigned by seeds 2 … 1 + witnesses as w2, w3 …; caller frees. */
void kit_log_note(const struct kit_log *l, const char *origin, unsigned witnesses,
		  struct buf *out);
/* "log VKEY\n" of seed 1 and "witness wN VKEY\n" of these seeds. */
void kit_policy_keys(const char *origin, unsigned witnesses, struct buf *out);

#endif
