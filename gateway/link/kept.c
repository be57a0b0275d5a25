/* kept.c - standing of a unit, to and from the time of its file. */
#include "link/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	STEP_NS = 1000000, /* coarse, since not every file system keeps nanoseconds */
	ENDED = 100,
	RECENT_S = 60
};

static int64_t schedule_s(const struct carousel *c)
{
	int64_t ms = 0;

	for (unsigned i = 0; i < c->n_pauses; i++)
		ms += c->pause_ms[i];
	return ms / 1000;
}

/* A step that was written by us, or -1. */
static int step_of(const struct timespec *t)
{
	int step = (int)(t->tv_nsec / STEP_NS);

	if (t->tv_nsec % STEP_NS != 0 || step < 1 ||
	    (step > CAROUSEL_PAUSES_MAX + 1 && step != ENDED))
		return -1;
	return step;
}

/* How does the unit stand, by the time of its file? */
static void standing(const struct carousel *c, const struct timespec *t, bool buffered,
		     const struct kept_now *now, struct carousel_entry *e)
{
	int step = step_of(t);
	int64_t since = now->unix_s - t->tv_sec;

	e->due = CAROUSEL_NEVER;
	e->next = c->n_pauses;
	if (step == ENDED || step < 0) {
		e->sent = now->mono_ms - since * 1000;
		/* Its last once more, or all of an unknown one that is young. */
		if (since < (step < 0 ? schedule_s(c) : buffered ? RECENT_S : 0))
			e->due = now->mono_ms;
		if (step < 0)
			e->next = 0;
		return;
	}
	e->next = (unsigned)step - 1;
	e->due = now->mono_ms - since * 1000;
	/* The clock was set back meanwhile: no pause is longer than the schedule. */
	if (e->due > now->mono_ms + schedule_s(c) * 1000)
		e->due = now->mono_ms;
	e->sent =
		e->due - (e->next > 0 && e->next <= c->n_pauses ? c->pause_ms[e->next - 1] : 0);
}

int kept_load(int sent, bool buffered, struct carousel *c, const struct kept_now *now,
	      int64_t *ret_ended, int64_t *ret_serial)
{
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r = spool_list(sent, SPOOL_MAX, &list, &n);

	*ret_ended = *ret_serial = 0;
	for (size_t i = 0; r == SL_OK && i < n; i++) {
		struct carousel_entry e = {.unit = list[i]};
		char name[SPOOL_NAME + 1];
		struct stat st;

		spool_name(&list[i], name);
		if (carousel_find(c, list[i].serial) != NULL ||
		    fstatat(sent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
			continue;
		e.bytes = (uint64_t)st.st_size;
		standing(c, &st.st_mtim, buffered, now, &e);
		if (step_of(&st.st_mtim) == ENDED && st.st_mtim.tv_sec > *ret_ended) {
			*ret_ended = st.st_mtim.tv_sec;
			*ret_serial = list[i].serial;
		}
		r = carousel_put(c, &e);
	}
	free(list);
	return r;
}

void kept_mark(int dir, const struct carousel_entry *e, const struct kept_now *now)
{
	bool ended = e->due == CAROUSEL_NEVER;
	int64_t at = ended ? e->sent : e->due;
	struct timespec t[2] = {{.tv_nsec = UTIME_OMIT},
				{.tv_sec = now->unix_s + (at - now->mono_ms) / 1000,
				 .tv_nsec = (long)(ended ? ENDED : e->next + 1) * STEP_NS}};
	char name[SPOOL_NAME + 1];

	spool_name(&e->unit, name);
	(void)utimensat(dir, name, t, AT_SYMLINK_NOFOLLOW);
}

int kept_take(int outbox, int sent, const struct carousel_entry *e, const struct kept_now *now)
{
	char name[SPOOL_NAME + 1];

	spool_name(&e->unit, name);
	kept_mark(outbox, e, now);
	/* Not synced: after a power cut the unit may lie in the outbox again, and is sent
	 * again, which the outlet takes for what it is. */
	return renameat(outbox, name, sent, name) == 0 ? SL_OK : sl_err_errno(errno);
}

void kept_remove(int sent, const struct spool_entry *unit)
{
	char name[SPOOL_NAME + 1];

	spool_name(unit, name);
	(void)unlinkat(sent, name, 0);
}
