/* killer.c - stands between a program and the C library; see killer.h.
 *
 * A point is a call and the path it changes, with numbers and digests taken out:
 * "renameat release/cases/N.building".  Works inside every sandbox of ours: what it needs
 * from the system is acquired before main(). */
#include "killer.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS = 1024, FRAMES = 40, HASHED = 32 };

/* Found by the linker before the C library's. */
#define SHOWN __attribute__((visibility("default")))

static struct killer_plan *plan;
static struct killer_program *mine;
static char root[256]; /* paths below it are told without it */
static char path_of[FDS][KILLER_POINT];
static uintptr_t base;
static atomic_long left = -1;

void killer_after(long calls)
{
	atomic_store(&left, calls);
}

static int see_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	base = info->dlpi_addr; /* the program is the first */
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *file = getenv("SLUICE_TEST_KILLER"), *below = getenv("SLUICE_TEST_BELOW");
	void *frames[2];
	void *at;
	int fd = file == NULL ? -1 : open(file, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (at == MAP_FAILED)
		return;
	(void)snprintf(root, sizeof(root), "%s/", below == NULL ? "" : below);
	(void)backtrace(frames, 2); /* loads its library now: later it may not */
	(void)dl_iterate_phdr(see_object, NULL);
	plan = at;
	for (int i = 0; i < KILLER_PROGRAMS && mine == NULL; i++) {
		if (strcmp(plan->program[i].name, program_invocation_short_name) == 0)
			mine = &plan->program[i];
	}
}

static void *next_of(const char *name)
{
	void *fn = dlsym(RTLD_NEXT, name);

	if (fn == NULL)
		abort();
	return fn;
}

/* ---- names of points ---- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool ends_with(const char *s, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n >= m && memcmp(s + n - m, end, m) == 0;
}

/* What differs from one release to the next becomes N (a number) or H (a digest). */
static void plainly(const char *path, char *out, size_t cap)
{
	size_t n = 0;

	for (const char *p = path; *p != '\0' && n + 1 < cap;) {
		size_t hex = 0, digits = 0;

		while (is_hex(p[hex]))
			hex++;
		while (is_digit(p[digits]))
			digits++;
		if (hex >= HASHED || (hex == 2 && (ends_with(out, n, "/blobs/") ||
						   ends_with(out, n, "/refs/")))) {
			out[n++] = 'H';
			p += hex;
		} else if (digits > 0) {
			out[n++] = 'N';
			p += digits;
		} else {
			out[n++] = *p++;
		}
	}
	out[n] = '\0';
}

static void join(int dirfd, const char *path, char *out, size_t cap)
{
	const char *dir = dirfd >= 0 && dirfd < FDS ? path_of[dirfd] : "";
	size_t skip = strlen(root);

	if (path[0] == '/' || dir[0] == '\0')
		(void)snprintf(out, cap, "%s", path);
	else if (strcmp(path, ".") == 0)
		(void)snprintf(out, cap, "%s", dir);
	else
		(void)snprintf(out, cap, "%s/%s", dir, path);
	if (skip > 1 && strncmp(out, root, skip) == 0)
		memmove(out, out + skip, strlen(out + skip) + 1);
}

static void remember(int fd, int dirfd, const char *path)
{
	char whole[KILLER_POINT];

	if (fd < 0 || fd >= FDS)
		return;
	join(dirfd, path, whole, sizeof(whole));
	memcpy(path_of[fd], whole, sizeof(whole));
}

/* ---- points ---- */

static void record(const char *point)
{
	char line[KILLER_POINT + 32 + FRAMES * 20];
	void *frames[FRAMES];
	int n = backtrace(frames, FRAMES);
	size_t len = (size_t)snprintf(line, sizeof(line), "%s %s",
				      program_invocation_short_name, point);
	unsigned at;

	for (int i = 1; i < n && len + 20 < sizeof(line); i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, " %lx",
					(unsigned long)((uintptr_t)frames[i] - base));
	line[len++] = '\n';
	at = atomic_fetch_add(&plan->log_len, (unsigned)len);
	if (at + len <= sizeof(plan->log))
		memcpy(plan->log + at, line, len);
}

static bool first_time(const char *text)
{
	for (int i = 0; i < mine->n; i++) {
		unsigned bit = 1u << i;

		if (strcmp(mine->point[i], text) == 0 &&
		    (atomic_fetch_or(&mine->died, bit) & bit) == 0)
			return true;
	}
	return false;
}

static void die(void)
{
	(void)syscall(SYS_kill, getpid(), SIGKILL);
	/* A sandbox that forbids even that has ended us for it. */
	for (;;)
		__builtin_trap();
}

/* "renameat release/cases/N"; the database's files are always the same, so their points are
 * told apart by what was written before. */
static void name_point(const char *call, int dirfd, const char *path, char text[KILLER_POINT])
{
	static char before[KILLER_POINT];
	char whole[KILLER_POINT], plain[KILLER_POINT];
	const char *last = "";

	join(dirfd, path, whole, sizeof(whole));
	plainly(whole, plain, sizeof(plain));
	if (strstr(plain, "/sluice.db") != NULL)
		last = before;
	else
		memcpy(before, plain, sizeof(before));
	(void)snprintf(text, KILLER_POINT, "%s %.120s%s%.90s", call, plain,
		       last[0] == '\0' ? "" : ",after:", last);
}

static void point(const char *call, int dirfd, const char *path)
{
	int saved = errno;

	if (atomic_load(&left) >= 0 && atomic_fetch_sub(&left, 1) == 0)
		die();
	if (plan != NULL && (mine != NULL || plan->recording)) {
		char text[KILLER_POINT];

		name_point(call, dirfd, path, text);
		if (plan->recording)
			record(text);
		if (mine != NULL &&
		    (first_time(text) || (atomic_load(&mine->calls) >= 0 &&
					  atomic_fetch_sub(&mine->calls, 1) == 0)))
			die();
	}
	errno = saved;
}

/* Files that it opened itself: what goes into a pipe, a socket or a log stays nowhere. */
static void point_fd(const char *call, int fd)
{
	int saved = errno;
	struct stat st;

	if (fd >= 0 && fd < FDS && path_of[fd][0] != '\0' && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && strncmp(path_of[fd], "/proc/", 6) != 0)
		point(call, -1, path_of[fd]);
	errno = saved;
}

/* A name that is there (or not yet): other calls change nothing. */
static void point_name(const char *call, int dirfd, const char *path, bool there)
{
	int saved = errno;
	struct stat st;

	if ((fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0) == there)
		point(call, dirfd, path);
	errno = saved;
}

/* ---- the calls ---- */

static int open_file(int dirfd, const char *path, int flags, mode_t mode)
{
	static int (*real)(int, const char *, int, ...);
	int fd;

	if (real == NULL)
		*(void **)&real = next_of("openat");
	if ((flags & O_CREAT) != 0)
		point_name("create", dirfd, path, false);
	if ((flags & O_TRUNC) != 0)
		point_name("empty", dirfd, path, true);
	fd = real(dirfd, path, flags, mode);
	remember(fd, dirfd, path);
	return fd;
}

static bool has_mode(int flags)
{
	return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

#define OPENS(name, fixed)                                                                     \
	int SHOWN name fixed                                                                   \
	{                                                                                      \
		mode_t mode = 0;                                                               \
		va_list args;                                                                  \
                                                                                               \
		va_start(args, flags);                                                         \
		if (has_mode(flags))                                                           \
			mode = va_arg(args, mode_t);                                           \
		va_end(args);                                                                  \
		return open_file(dirfd, path, flags, mode);                                    \
	}
#define dirfd AT_FDCWD
OPENS(open, (const char *path, int flags, ...))
OPENS(open64, (const char *path, int flags, ...))
#undef dirfd
OPENS(openat, (int dirfd, const char *path, int flags, ...))
OPENS(openat64, (int dirfd, const char *path, int flags, ...))

/* What the fortified headers call when there is no mode. */
int SHOWN __open_2(const char *path, int flags)
{
	return open_file(AT_FDCWD, path, flags, 0);
}
int SHOWN __openat_2(int dirfd, const char *path, int flags)
{
	return open_file(dirfd, path, flags, 0);
}

/* The call of that name, with a point before it. */
#define BEFORE(result, name, params, args, where)                                              \
	result SHOWN name params                                                               \
	{                                                                                      \
		static result(*real) params;                                                   \
                                                                                               \
		if (real == NULL)                                                              \
			*(void **)&real = next_of(#name);                                      \
		where;                                                                         \
		return real args;                                                              \
	}
BEFORE(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), point_fd("write", fd))
BEFORE(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t at), (fd, b, n, at),
       point_fd("write", fd))
BEFORE(ssize_t, pwrite64, (int fd, const void *b, size_t n, off_t at), (fd, b, n, at),
       point_fd("write", fd))
BEFORE(int, ftruncate, (int fd, off_t n), (fd, n), point_fd("ftruncate", fd))
BEFORE(int, ftruncate64, (int fd, off_t n), (fd, n), point_fd("ftruncate", fd))
BEFORE(int, rename, (const char *from, const char *to), (from, to),
       point("rename", AT_FDCWD, to))
BEFORE(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to),
       point("rename", b, to))
BEFORE(int, link, (const char *from, const char *to), (from, to), point("link", AT_FDCWD, to))
BEFORE(int, linkat, (int a, const char *from, int b, const char *to, int flags),
       (a, from, b, to, flags), point("link", b, to))
BEFORE(int, symlinkat, (const char *to, int dirfd, const char *path), (to, dirfd, path),
       point("symlink", dirfd, path))
BEFORE(int, unlink, (const char *path), (path), point_name("unlink", AT_FDCWD, path, true))
BEFORE(int, unlinkat, (int dirfd, const char *path, int flags), (dirfd, path, flags),
       point_name("unlink", dirfd, path, true))
BEFORE(int, mkdir, (const char *path, mode_t mode), (path, mode),
       point_name("mkdir", AT_FDCWD, path, false))
BEFORE(int, mkdirat, (int dirfd, const char *path, mode_t mode), (dirfd, path, mode),
       point_name("mkdir", dirfd, path, false))
