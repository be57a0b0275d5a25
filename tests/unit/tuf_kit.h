/* tuf_kit.h - a TUF repository in memory that tests may bend at will. */
#ifndef SL_TESTS_TUF_KIT_H
#define SL_TESTS_TUF_KIT_H

#include "trust/tuf_client.h"
#include "trust/tuf_writer.h"
#include "trust_kit.h"

enum { REPO_FILES = 400, REPO_TARGETS = 16 };

enum repo_key {
	RK_ROOT1,
	RK_ROOT2,
	RK_ROOT3,
	RK_TARGETS,
	RK_SNAPSHOT,
	RK_TIMESTAMP,
	RK_POLICY,
	RK_FEED1,
	RK_FEED2,
	RK_REL1,
	RK_REL2,
	RK_OTHER,
	RK_COUNT
};

struct repo {
	struct {
		char name[200];
		uint8_t *bytes;
		size_t len;
	} files[REPO_FILES];
	unsigned n_files;
	struct {
		char path[200], bytes[64];
	} targets[REPO_TARGETS];
	unsigned n_targets;
	struct key *keys[RK_COUNT];
	int64_t root, targets_version, leaf, snapshot, timestamp; /* next versions to write */
	int64_t expires;
	unsigned fetched; /* files handed out */
	int fail;	  /* error that the next fetch of fail_name gives, or 0 */
	char fail_name[200];
};

void repo_init(struct repo *r);
void repo_release(struct repo *r);
void repo_put(struct repo *r, const char *name, const void *bytes, size_t len);
void repo_remove(struct repo *r, const char *name);
const char *repo_text(struct repo *r, const char *name);
/* Serialize (takes the envelope) and put under this name. */
void repo_put_json(struct repo *r, const char *name, json_t *envelope);
/* Body (taken) signed by the keys in the -1 terminated list. */
json_t *repo_sign(struct repo *r, json_t *body, const enum repo_key *who);

/* A root with root keys 1..3 threshold 2 and the given online keys. */
json_t *repo_root_body(struct repo *r, int64_t version, enum repo_key snapshot,
		       enum repo_key timestamp);
void repo_write_root(struct repo *r, enum repo_key snapshot, enum repo_key timestamp);
void repo_add_target(struct repo *r, const char *path, const char *bytes);
/* Write leaves, targets, snapshot, timestamp with the next versions. */
void repo_publish(struct repo *r, enum repo_key snapshot, enum repo_key timestamp);
void repo_write_timestamp(struct repo *r, int64_t version, int64_t snapshot_version,
			  enum repo_key by, int64_t expires);
/* Write snapshot (with the given meta, taken) and a timestamp that points to it. */
void repo_write_snapshot(struct repo *r, json_t *meta);
json_t *repo_meta(struct repo *r); /* of the present leaves and targets */

struct tuf_fetcher repo_fetcher(struct repo *r);
/* Open a client on state directory `dir` from the repository's 1.root.json. */
struct tuf_client *repo_client(struct repo *r, const char *dir);

#endif
