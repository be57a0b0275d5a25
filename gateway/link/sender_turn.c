/* sender_turn.c - which unit goes next, and what may overtake it on its way.
 *
 *   recalls                at once, between two pieces of any other unit
 *   new units              three turns of four while a repetition is due; they also interrupt
 *                          a repetition that is on its way, for as long as that one then gets
 *                          a third of their bytes before the next of them
 *   repetitions            the rest
 *
 * So neither a backlog of new units nor one of repetitions ever holds up the other kind, and
 * a recall waits for the datagrams of a few milliseconds at most. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "link/resend.h"
#include "link/sender_private.h"
#include "link/sending.h"
#include "sandbox/role.h"

enum {
	LOOK_MS = 2000,	  /* at the outbox although no bell rang */
	REPEATS_MS = 100, /* how often due recalls are looked for within a unit */
	REPORT_MS = 5000, /* within a unit */
	SHARE = 3	  /* of what interrupts a repetition, one part is the repetition's */
};

static int send_new(struct sender *s, const struct spool_entry *e);
static int send_again(struct sender *s, const struct spool_entry *e);

struct kept_now sender_now(void)
{
	return (struct kept_now){.mono_ms = clock_mono_ms(), .unix_s = clock_now()};
}

int sender_beat(struct sender *s)
{
	int64_t now = clock_mono_ms();
	struct carousel_view v;
	struct heartbeat h;

	if (!push_beats(s->push) || now - s->beaten < SENDER_BEAT_MS)
		return SL_OK;
	s->beaten = now;
	carousel_view(&s->carousel, &v);
	h = (struct heartbeat){.highest = (uint32_t)s->last_serial,
			       .lowest_repeat = (uint32_t)v.lowest_repeating,
			       .waiting = (uint32_t)(s->waiting.n - s->waiting.at),
			       .repeating = (uint32_t)v.repeating};
	return push_heartbeat(s->push, &h);
}

static bool is_stuck(const struct sender *s, int64_t serial)
{
	for (unsigned i = 0; i < s->n_stuck; i++) {
		if (s->stuck[i] == serial)
			return true;
	}
	return false;
}

/* The first unit that waits, as of the last look. */
static const struct spool_entry *first_waiting(struct sender *s)
{
	while (s->waiting.at < s->waiting.n && is_stuck(s, s->waiting.e[s->waiting.at].serial))
		s->waiting.at++;
	return s->waiting.at < s->waiting.n ? &s->waiting.e[s->waiting.at] : NULL;
}

/* It is not in the outbox any more.  What was let in meanwhile may have changed the list. */
static void pass_over(struct sender *s, const struct spool_entry *e)
{
	const struct spool_entry *first = first_waiting(s);

	if (first != NULL && first->serial == e->serial)
		s->waiting.at++;
	else
		s->waiting.stale = true;
}

static int put_back(void *arg, bool all, const struct serials *serials)
{
	struct sender *s = arg;
	const struct kept_now now = sender_now();
	int64_t ended, serial;
	unsigned n = 0;
	/* Somebody may have brought files back from a backup before asking. */
	int r = kept_load(s->sent, false, &s->carousel, &now, &ended, &serial);

	if (r != SL_OK)
		return r;
	for (size_t i = 0; i < s->carousel.n; i++) {
		struct carousel_entry *e = &s->carousel.e[i];

		if (!all && !serials_has(serials, e->unit.serial))
			continue;
		(void)carousel_resend(&s->carousel, e->unit.serial, now.mono_ms);
		kept_mark(s->sent, e, &now);
		n++;
	}
	log_info("resend", "units=%u are sent again", n);
	s->changed = true;
	return SL_OK;
}

/* Trouble with one never holds up what is to be sent. */
static void take_requests(struct sender *s)
{
	unsigned bad = 0;
	int r = resend_take(s->resend, put_back, s, &bad);

	if (bad > 0)
		log_warn("resend", "requests=%u could not be read and were removed", bad);
	if (r != SL_OK)
		log_warn("resend", "error=%s", sl_errname(r));
}

int sender_look(struct sender *s)
{
	int64_t now = clock_mono_ms();
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r;

	if (wake_wait(s->wake, 0) > 0)
		s->waiting.stale = true;
	if (!s->waiting.stale && now - s->waiting.looked < LOOK_MS)
		return SL_OK;
	take_requests(s);
	r = spool_list(s->outbox, SPOOL_MAX, &list, &n);
	if (r != SL_OK)
		return r;
	if (n != s->waiting.n - s->waiting.at)
		s->changed = true;
	free(s->waiting.e);
	s->waiting.e = list;
	s->waiting.n = n;
	s->waiting.at = 0;
	s->waiting.looked = now;
	s->waiting.stale = false;
	return SL_OK;
}

/* Between two pieces of a unit.  Recalls let nothing in but heartbeats. */
static int let_in_recall(void *arg)
{
	struct sender *s = arg;
	int r = role_stopping() ? SL_E_CANCELED : sender_beat(s);

	if (r == SL_OK)
		sender_report(s, REPORT_MS);
	return r;
}

static int let_in(void *arg)
{
	struct sender *s = arg;
	const struct spool_entry *first;
	struct spool_entry e;
	int64_t now = clock_mono_ms();
	int r = let_in_recall(s);

	if (r == SL_OK)
		r = sender_look(s);
	while (r == SL_OK && (first = first_waiting(s)) != NULL &&
	       first->priority == SPOOL_RECALL) {
		e = *first;
		r = send_new(s, &e);
	}
	if (r == SL_OK && now - s->checked_repeats >= REPEATS_MS) {
		s->checked_repeats = now;
		if (!push_reaches_disk(s->push) && carousel_due(&s->carousel, true, now, &e))
			r = send_again(s, &e);
	}
	if (r != SL_OK || !s->repeating || s->depth > 1 || push_bytes(s->push) < s->owed ||
	    (first = first_waiting(s)) == NULL)
		return r;
	e = *first;
	s->owed = push_bytes(s->push);
	r = send_new(s, &e);
	s->owed = push_bytes(s->push) + (push_bytes(s->push) - s->owed) / SHARE;
	return r;
}

static int push_file(struct sender *s, int dir, const struct spool_entry *e,
		     uint64_t *ret_bytes)
{
	char name[SPOOL_NAME + 1];
	struct stat st;
	int fd, r;

	spool_name(e, name);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return sl_err_errno(errno);
	r = fstat(fd, &st) == 0 ? SL_OK : SL_E_IO;
	if (r == SL_OK) {
		*ret_bytes = (uint64_t)st.st_size;
		if (s->depth++ == 0)
			sending_begin(s->sending);
		r = push_unit(s->push, e, fd,
			      e->priority == SPOOL_RECALL ? let_in_recall : let_in, s);
		if (--s->depth == 0)
			sending_end(s->sending);
	}
	file_close(fd);
	return r;
}

static void prune(struct sender *s)
{
	struct spool_entry e;
	bool early = false;

	while (carousel_prune(&s->carousel, s->c->link.keep_bytes, CAROUSEL_UNITS_MAX, &e,
			      &early)) {
		kept_remove(s->sent, &e);
		if (!early)
			continue;
		s->early.serial = e.serial;
		s->early.at = clock_now();
		s->n_early++;
		log_warn("pruned",
			 "serial=%lld was still to be repeated, but link.keep_bytes (or %d "
			 "units) is too little for it",
			 (long long)e.serial, (int)CAROUSEL_UNITS_MAX);
	}
}

/* The schedule of this unit moved on. */
static void note_sent(struct sender *s, const struct carousel_entry *e,
		      const struct kept_now *now)
{
	s->changed = true;
	if (e->unit.serial > s->last_serial)
		s->last_serial = e->unit.serial;
	if (e->due != CAROUSEL_NEVER || push_reaches_disk(s->push))
		return;
	s->ended.serial = e->unit.serial;
	s->ended.at = now->unix_s;
	log_info("schedule.ended", "serial=%lld is not repeated any more",
		 (long long)e->unit.serial);
}

/* This link can never take it: what is behind it must not wait for that. */
static int set_aside(struct sender *s, const struct spool_entry *e, int r)
{
	if ((r != SL_E_LIMIT && r != SL_E_FORMAT) || s->n_stuck == SENDER_STUCK_MAX)
		return r;
	s->stuck[s->n_stuck++] = e->serial;
	s->changed = true;
	log_err("stuck",
		"serial=%lld error=%s this unit cannot be sent; it stays in the outbox",
		(long long)e->serial, sl_errname(r));
	return SL_OK;
}

static int send_new(struct sender *s, const struct spool_entry *e)
{
	const struct carousel_entry *at = NULL;
	struct kept_now now;
	uint64_t bytes = 0;
	int r = push_file(s, s->outbox, e, &bytes);

	if (r == SL_E_NOTFOUND) {
		pass_over(s, e);
		return SL_OK;
	}
	if (r != SL_OK)
		return set_aside(s, e, r);
	now = sender_now();
	r = carousel_sent(&s->carousel, e, bytes, now.mono_ms, &at);
	if (r == SL_OK)
		r = kept_take(s->outbox, s->sent, at, &now);
	if (r != SL_OK)
		return r;
	pass_over(s, e);
	note_sent(s, at, &now);
	log_info("sent", "serial=%lld priority=%u", (long long)e->serial,
		 (unsigned)e->priority);
	prune(s);
	return SL_OK;
}

static int send_again(struct sender *s, const struct spool_entry *e)
{
	const struct carousel_entry *at = NULL;
	struct kept_now now;
	uint64_t bytes = 0;
	int r = push_file(s, s->sent, e, &bytes);

	if (r == SL_E_NOTFOUND || r == SL_E_LIMIT || r == SL_E_FORMAT) {
		carousel_drop(&s->carousel, e->serial);
		return SL_OK;
	}
	if (r != SL_OK)
		return r;
	now = sender_now();
	r = carousel_sent(&s->carousel, e, bytes, now.mono_ms, &at);
	if (r != SL_OK)
		return r;
	kept_mark(s->sent, at, &now);
	s->n_repeated++;
	note_sent(s, at, &now);
	return SL_OK;
}

int sender_turn(struct sender *s)
{
	struct spool_entry e;
	enum carousel_turn turn;
	int r;

	turn = carousel_turn(&s->carousel, first_waiting(s), clock_mono_ms(), &e);
	if (turn == CAROUSEL_IDLE)
		return 0;
	s->repeating = turn == CAROUSEL_REPEAT;
	s->owed = 0;
	if (turn == CAROUSEL_NEW)
		e = *first_waiting(s);
	r = turn == CAROUSEL_NEW ? send_new(s, &e) : send_again(s, &e);
	s->repeating = false;
	return r == SL_OK ? 1 : r;
}
