/* pull_directory.c - directory mode: whole files that an exchange platform puts there.
 *
 * Hostile: every name and every byte.  Only units that the installer has dealt with are
 * removed. */
#include "link/pull.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "link/inbox.h"

enum { WAIT_MS = 500, FULL_WAIT_MS = 1000, SEEN_MAX = 1024 };

struct seen { /* a file that was taken once already */
	int64_t serial, mtime_ns, size;
};
struct directory {
	struct pull *p;
	struct inbox *inbox;
	int fd;
	struct seen seen[SEEN_MAX]; /* ring */
	unsigned n_seen;
};

static void directory_close(void *state)
{
	struct directory *d = state;

	if (d == NULL)
		return;
	inbox_close(d->inbox);
	file_close(d->fd);
	free(d);
}

static int directory_open(struct pull *p, void **ret_state, struct sl_why *why)
{
	const char *path = p->config->link.directory;
	struct directory *d = calloc(1, sizeof(*d));
	int r = d == NULL ? SL_E_NOMEM : inbox_open(p->quarantine, &d->inbox);

	if (r != SL_OK) {
		free(d);
		return why_set(why, r, "%s", sl_strerror(r));
	}
	d->p = p;
	d->fd = file_open_dir(AT_FDCWD, path);
	if (d->fd < 0 || wake_watch(p->wake, path) != SL_OK) {
		directory_close(d);
		return why_set(why, SL_E_CONFIG, "the link directory %s cannot be opened",
			       path);
	}
	*ret_state = d;
	return SL_OK;
}

static int directory_paths(const struct outlet_config *c, struct role_paths *paths, char *text,
			   size_t cap, struct sl_why *why)
{
	(void)text;
	(void)cap;
	(void)why;
	role_path(paths, c->link.directory, true, true);
	return SL_OK;
}

static int directory_start(void *state, struct sl_why *why)
{
	(void)state;
	(void)why;
	return SL_OK;
}

static bool seen_before(struct directory *d, const struct seen *now)
{
	unsigned n = d->n_seen < SEEN_MAX ? d->n_seen : SEEN_MAX;

	for (unsigned i = 0; i < n; i++) {
		if (memcmp(&d->seen[i], now, sizeof(*now)) == 0)
			return true;
	}
	d->seen[d->n_seen++ % SEEN_MAX] = *now;
	if (d->n_seen == 2 * SEEN_MAX)
		d->n_seen = SEEN_MAX;
	return false;
}

static void take_file(struct directory *d, const struct spool_entry *e)
{
	char name[SPOOL_NAME + 1];
	struct seen now = {.serial = e->serial};
	struct stat st;

	spool_name(e, name);
	if (quarantine_finished(d->p->quarantine, e->serial)) {
		/* May be read-only for us; then the platform cleans up by its own rules. */
		(void)unlinkat(d->fd, name, 0);
		return;
	}
	if (quarantine_wants(d->p->quarantine, e->serial) == SL_E_EXISTS ||
	    fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return;
	now.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	now.size = st.st_size;
	/* The installer refused exactly this file: taking it again would not help. */
	if (!seen_before(d, &now))
		pull_taken(d->p, e->serial, inbox_file(d->inbox, d->fd, e));
}

static int directory_step(void *state)
{
	struct directory *d = state;
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r = spool_list(d->fd, QUARANTINE_WINDOW, &list, &n);

	for (size_t i = 0; r == SL_OK && i < n && !role_stopping(); i++) {
		if (pull_room(d->p))
			take_file(d, &list[i]);
	}
	free(list);
	if (r == SL_OK && wake_wait(d->p->wake, d->p->full ? FULL_WAIT_MS : WAIT_MS) < 0)
		r = SL_E_IO;
	return r;
}

const struct pull_mode pull_directory_mode = {.name = "directory",
					      .profile = "receiver",
					      .open = directory_open,
					      .paths = directory_paths,
					      .start = directory_start,
					      .step = directory_step,
					      .close = directory_close};
