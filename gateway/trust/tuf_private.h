/* tuf_private.h - shared by the tuf*.c files only. */
#ifndef SL_TRUST_TUF_PRIVATE_H
#define SL_TRUST_TUF_PRIVATE_H

#include "trust/tuf.h"
#include "trust/tuf_profile.h"

/* Size cap of a metadata type; 0 for an unknown type. */
size_t tuf_type_max(const char *type);

/* Form of the bodies, checked once by tuf_parse so that later readers may rely on it. */
int tuf_check_targets(const struct tuf_meta *m, struct sl_why *why) SL_MUST_USE;
int tuf_check_meta(const struct tuf_meta *m, struct sl_why *why) SL_MUST_USE;

/* What snapshot or timestamp say about a file ("targets.json"). */
struct tuf_file {
	int64_t version;
	bool has_length, has_digest;
	uint64_t length;
	struct tuf_digest digest;
};
bool tuf_file_of(const struct tuf_meta *m, const char *file, struct tuf_file *ret_f);
/* Do these bytes have the length and digest that were announced? 0 or SL_E_SIGNATURE. */
int tuf_file_check(const struct tuf_file *f, const struct buf *bytes) SL_MUST_USE;

/* A delegated role, borrowed from its delegating metadata. */
struct tuf_delegation {
	const char *name;
	bool terminating;
};
unsigned tuf_delegation_count(const struct tuf_meta *targets);
/* Is delegation i responsible for this path?  *ret_d is filled either way. */
bool tuf_delegation_covers(const struct tuf_meta *targets, unsigned i, const char *path,
			   struct tuf_delegation *ret_d);
/* Shell pattern where * and ? do not cross '/'. */
bool tuf_path_match(const char *pattern, const char *path);
struct tuf_target {
	uint64_t length;
	struct tuf_digest digest;
};
bool tuf_target_of(const struct tuf_meta *targets, const char *path, struct tuf_target *ret_t);
/* A target path a client may ask for: relative, no empty, "." or ".." part, no
 * control characters or backslash. */
bool tuf_target_path_ok(const char *path);

#endif
