/* tree.h - files of a repository tree: written durably, copied with a check, listed, linked. */
#ifndef SL_RELEASE_TREE_H
#define SL_RELEASE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { TREE_PATH_MAX = 512, TREE_FILES_MAX = 4000 /* below UNIT_FILES_MAX */ };

/* Create or replace dirfd/path with its parent directories; content is on the
 * disk afterwards, names only after tree_sync. */
int tree_put(int dirfd, const char *path, const void *bytes, size_t len) SL_MUST_USE;
/* Copy exactly `length` bytes from fd into dirfd/path; SL_E_CORRUPT when length
 * or SHA-256 are not these. */
int tree_put_blob(int dirfd, const char *path, int fd, uint64_t length,
		  const char *sha256) SL_MUST_USE;
/* SHA-256 and length of dirfd/path are these: 0, else SL_E_NOTFOUND, SL_E_CORRUPT, SL_E_IO. */
int tree_check(int dirfd, const char *path, uint64_t length, const char *sha256) SL_MUST_USE;
/* Open dirfd/name, made if need be; fd or an error. */
int tree_subdir(int dirfd, const char *name) SL_MUST_USE;
/* fsync every directory below dirfd. */
int tree_sync(int dirfd) SL_MUST_USE;
/* from/path also as to/path, replacing what is there; copies where links are not possible. */
int tree_link(int from, int to, const char *path) SL_MUST_USE;

struct tree_list {
	char (*path)[TREE_PATH_MAX];
	unsigned n, cap;
};
/* Relative paths of all regular files below dirfd, in the order in which a tree
 * is written: roots, blobs, targets, role metadata, snapshot, log tiles, checkpoint, hints,
 * timestamp last.  SL_E_FORMAT when there is anything but files and directories. */
int tree_files(int dirfd, struct tree_list *ret) SL_MUST_USE;
int tree_list_add(struct tree_list *l, const char *path) SL_MUST_USE;
bool tree_list_has(const struct tree_list *l, const char *path);
void tree_list_release(struct tree_list *l);

#endif
