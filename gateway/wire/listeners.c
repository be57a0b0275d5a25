/* listeners.c - NNG's own counters tell when to look closer.
 *
 * A listener counts what it accepts and what fails.  One that is deaf counts
 * nothing at all, so every movement of a counter proves that it was well after
 * the look before.  Only when a failure was the last thing counted is there
 * something to find out, by connecting to it.  A peer that TLS refuses is the one
 * failure after which NNG always goes on listening. */
#include "wire/listeners.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <nng/protocol/reqrep0/req.h>

#include "base/file.h"
#include "wire/socket.h"

/* NNG gives up a greeting after ten seconds. */
enum { LOOK_MS = 1000, DEAF_MS = 5000, CROWDED_MS = 12000, REOPEN_MS = 10000 };

struct counted { /* by NNG, of one listener */
	uint64_t accepted, failed;
	uint64_t unproved; /* of the failed: TLS would not have him */
};

struct listener {
	char *url;
	nng_listener nng;
	struct counted counted; /* at the last look */
	int64_t moved;		/* when one of them last did */
	bool suspect;		/* it was a failure that may have made it deaf */
	nng_socket knock;	/* a connection of our own, tried while suspect */
	int64_t closed;		/* since when it is to be opened again; 0: it is open */
};

struct listeners {
	nng_socket socket;
	char *certificate, *ca; /* or NULL */
	struct wire_tls tls;	/* the same, borrowed */
	uint64_t refused;
	size_t max;
	void (*renewed)(void *arg, const char *url);
	void *arg;
	int64_t next, crowded; /* next look; since when descriptors are scarce, or 0 */
	unsigned n;
	struct listener item[];
};

static int keep_tls(struct listeners *l, const struct wire_tls *tls)
{
	l->certificate = tls->certificate == NULL ? NULL : strdup(tls->certificate);
	l->ca = tls->ca == NULL ? NULL : strdup(tls->ca);
	l->tls = (struct wire_tls){.certificate = l->certificate, .ca = l->ca};
	return (tls->certificate != NULL && l->certificate == NULL) ||
			       (tls->ca != NULL && l->ca == NULL)
		       ? SL_E_NOMEM
		       : SL_OK;
}

int listeners_open(nng_socket s, const char *const *urls, const struct wire_tls *tls,
		   size_t max, struct listeners **ret_l, struct sl_why *why)
{
	struct listeners *l;
	unsigned n = 0;
	int r = SL_OK;

	while (urls[n] != NULL)
		n++;
	l = calloc(1, sizeof(*l) + n * sizeof(l->item[0]));
	if (l == NULL)
		return SL_E_NOMEM;
	l->socket = s;
	l->max = max;
	if (tls != NULL)
		r = keep_tls(l, tls);
	for (; r == SL_OK && l->n < n; l->n++) {
		struct listener *o = &l->item[l->n];

		o->url = strdup(urls[l->n]);
		r = o->url == NULL ? SL_E_NOMEM
				   : socket_listen(s, o->url, &l->tls, max, &o->nng, why);
	}
	if (r != SL_OK) {
		listeners_close(l);
		return r;
	}
	*ret_l = l;
	return SL_OK;
}

void listeners_on_renewal(struct listeners *l, void (*renewed)(void *arg, const char *url),
			  void *arg)
{
	l->renewed = renewed;
	l->arg = arg;
}

static void stop_knocking(struct listener *o)
{
	if (nng_socket_id(o->knock) > 0)
		(void)nng_close(o->knock);
	o->knock = (nng_socket)NNG_SOCKET_INITIALIZER;
}

/* A knock that cannot be made leaves the listener suspect: it is renewed. */
static void knock(struct listener *o)
{
	if (nng_socket_id(o->knock) > 0 || nng_req0_open(&o->knock) != 0)
		return;
	if (socket_knock(o->knock, o->url) != SL_OK)
		stop_knocking(o);
}

void listeners_close(struct listeners *l)
{
	if (l == NULL)
		return;
	for (unsigned i = 0; i < l->n; i++) {
		stop_knocking(&l->item[i]);
		free(l->item[i].url);
	}
	free(l->certificate);
	free(l->ca);
	free(l);
}

static void condemn(struct listener *o, int64_t now)
{
	stop_knocking(o);
	(void)nng_listener_close(o->nng);
	o->closed = now;
}

static bool counters(nng_stat *one, int id, struct counted *ret)
{
	static const char *const faults[] = {"disconnect", "canceled", "other", "timeout",
					     "proto",	   "auth",     "oom"};
	bool found = false;

	*ret = (struct counted){.failed = 0};
	for (nng_stat *s = nng_stat_child(one); s != NULL; s = nng_stat_next(s)) {
		const char *name = nng_stat_name(s);

		if (strcmp(name, "id") == 0)
			found = nng_stat_value(s) == (uint64_t)id;
		else if (strcmp(name, "accept") == 0)
			ret->accepted = nng_stat_value(s);
		else if (strcmp(name, "auth") == 0)
			ret->unproved = nng_stat_value(s);
		for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
			if (strcmp(name, faults[i]) == 0)
				ret->failed += nng_stat_value(s);
		}
	}
	return found;
}

static void look(struct listeners *l, struct listener *o, nng_stat *all, int64_t now)
{
	for (nng_stat *s = nng_stat_child(all); s != NULL; s = nng_stat_next(s)) {
		struct counted c;
		uint64_t failed;

		if (strcmp(nng_stat_name(s), "listener") != 0 ||
		    !counters(s, nng_listener_id(o->nng), &c))
			continue;
		failed = c.failed - o->counted.failed;
		if (c.accepted == o->counted.accepted && failed == 0)
			break;
		/* A refusal by TLS never makes deaf, and a knock may be answered by one. */
		o->suspect = failed != c.unproved - o->counted.unproved;
		l->refused += failed;
		o->counted = c;
		o->moved = now;
		stop_knocking(o);
		return;
	}
	if (o->suspect && now - o->moved >= DEAF_MS)
		condemn(o, now);
	else if (o->suspect)
		knock(o);
}

/* Half of the descriptors are taken: the lowest free one tells. */
static bool is_crowded(void)
{
	struct rlimit limit;
	int fd = eventfd(0, EFD_CLOEXEC);
	bool crowded = fd < 0 && errno == EMFILE;

	if (fd >= 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0)
		crowded = (rlim_t)fd >= limit.rlim_cur / 2;
	file_close(fd);
	return crowded;
}

static void relieve(struct listeners *l, int64_t now)
{
	if (!is_crowded()) {
		l->crowded = 0;
	} else if (l->crowded == 0) {
		l->crowded = now;
	} else if (now - l->crowded >= CROWDED_MS) {
		for (unsigned i = 0; i < l->n; i++) {
			if (l->item[i].closed == 0 && socket_is_tls(l->item[i].url))
				condemn(&l->item[i], now);
		}
		l->crowded = 0;
	}
}

/* NNG lets go of the address some time after the listener was closed. */
static int reopen(struct listeners *l, struct listener *o, int64_t now)
{
	int r = socket_listen(l->socket, o->url, &l->tls, l->max, &o->nng, NULL);

	if (r != SL_OK)
		return now - o->closed < REOPEN_MS ? SL_OK : r;
	*o = (struct listener){.url = o->url, .nng = o->nng, .moved = now};
	if (l->renewed != NULL)
		l->renewed(l->arg, o->url);
	return SL_OK;
}

uint64_t listeners_refused(const struct listeners *l)
{
	return l->refused;
}

int listeners_check(struct listeners *l, int64_t now)
{
	nng_stat *all = NULL;
	int r = SL_OK;

	if (now < l->next)
		return SL_OK;
	l->next = now + LOOK_MS;
	relieve(l, now);
	/* Without memory for the counters the next look will do. */
	if (nng_stats_get(&all) != 0)
		return SL_OK;
	for (unsigned i = 0; i < l->n; i++) {
		if (l->item[i].closed == 0)
			look(l, &l->item[i], all, now);
	}
	nng_stats_free(all);
	for (unsigned i = 0; r == SL_OK && i < l->n; i++) {
		if (l->item[i].closed != 0)
			r = reopen(l, &l->item[i], now);
		if (l->item[i].closed != 0)
			l->next = now + LOOK_MS / 10;
	}
	return r;
}
