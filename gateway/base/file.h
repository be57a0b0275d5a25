/* file.h - files opened without surprises and written so that power loss
 * leaves either the old or the new content.
 *
 * All paths are opened O_CLOEXEC|O_NOFOLLOW (last component).  A directory
 * descriptor of AT_FDCWD means the working directory. */
#ifndef SL_BASE_FILE_H
#define SL_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Read the whole regular file, at most max bytes, appended to out.
 * SL_E_LIMIT when larger, SL_E_NOTFOUND, SL_E_IO. */
int file_read(int dirfd, const char *path, size_t max, struct buf *out) SL_MUST_USE;
int file_read_fd(int fd, size_t max, struct buf *out) SL_MUST_USE;

/* Write a new file durably: temporary name in the same directory, fsync,
 * rename over `name`, fsync of the directory.  Old content stays on failure. */
int file_write_durable(int dirfd, const char *name, const void *bytes, size_t len,
		       mode_t mode) SL_MUST_USE;
/* The same but SL_E_EXISTS when `name` is there (link, not rename). */
int file_create_durable(int dirfd, const char *name, const void *bytes, size_t len,
			mode_t mode) SL_MUST_USE;
/* A file in memory that holds them, to be read from its beginning: no copy stays anywhere, and
 * whoever writes it waits for no reader.  Descriptor (closed on exec) or an error. */
int file_in_memory(const void *bytes, size_t len) SL_MUST_USE;
/* All bytes or an error. */
int file_write_all(int fd, const void *bytes, size_t len) SL_MUST_USE;
/* Exactly len bytes; SL_E_FORMAT at an early end. */
int file_read_all(int fd, void *bytes, size_t len) SL_MUST_USE;
int file_sync_dir(int dirfd) SL_MUST_USE;
/* mkdir -p with mode; existing directories are fine. */
int file_mkdirs(const char *path, mode_t mode) SL_MUST_USE;
/* Open a directory (O_DIRECTORY|O_CLOEXEC); returns fd >= 0 or an error. */
int file_open_dir(int dirfd, const char *path) SL_MUST_USE;
/* rm -r below dirfd; a missing name is fine. Does not follow links. */
int file_remove_tree(int dirfd, const char *name) SL_MUST_USE;
bool file_exists(int dirfd, const char *path);
/* close() that accepts -1 and keeps errno. */
void file_close(int fd);
/* Join with one '/', bounded; SL_E_LIMIT when it does not fit. */
int file_join(char *out, size_t cap, const char *dir, const char *name) SL_MUST_USE;
/* Free bytes of the file system that holds dirfd; 0 when unknown. */
uint64_t file_free_space(int dirfd);
/* Sorted names in a directory, without dot files.  Calls fn for each; stops at
 * the first non-zero and returns it. At most max names (SL_E_LIMIT). */
int file_each(int dirfd, size_t max, int (*fn)(const char *name, void *arg),
	      void *arg) SL_MUST_USE;

#endif
