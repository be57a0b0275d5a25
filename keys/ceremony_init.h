/* ceremony_init.h - ceremony init: from what is in force to an unsigned change. */
#ifndef SL_KEYS_CEREMONY_INIT_H
#define SL_KEYS_CEREMONY_INIT_H

#include "keys/ceremony.h"

/* What is in force, read from a repository directory as the gateway has it. */
struct ceremony_base {
	struct tuf_meta *meta[CEREMONY_DOCS]; /* NULL: first ceremony */
	struct buf bytes[CEREMONY_DOCS];      /* exact files */
	struct buf policy;
	struct roster *roster;
};
void ceremony_base_init(struct ceremony_base *b);
void ceremony_base_release(struct ceremony_base *b);
/* The newest root, targets, policy and the approval policy of this repository.  With
 * `trusted` (a root.json, may be NULL) each root from that one on must be signed by the
 * one before; without, the person compares digests. */
int ceremony_base_read(const char *repository, const char *trusted, struct ceremony_base *b,
		       struct sl_why *why) SL_MUST_USE;
/* Write old/ and new/ into the folder, which must not hold a ceremony yet. */
int ceremony_base_write(const char *dir, const struct ceremony_base *b,
			json_t *const new[CEREMONY_DOCS], const struct buf *approval_policy,
			const struct ceremony_file *file, unsigned n_file,
			struct sl_why *why) SL_MUST_USE;
/* SUMMARY.txt, in both languages, for people. */
int ceremony_base_summary(const struct ceremony *c, struct sl_why *why) SL_MUST_USE;

#endif
