/* replay.c - two hash tables of nonces and a clock that only goes forward. */
#include "wire/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

struct slot {
	uint8_t nonce[WIRE_NONCE];
	bool used;
};
struct generation {
	struct slot *slot;
	unsigned used;
};
struct replay {
	struct generation young, old;
	unsigned slots, cap; /* cap: power of two, at least 2 * slots */
	int64_t start_ms;    /* nothing older is accepted */
	int64_t high_ms;     /* the latest time seen */
	int64_t born_ms;     /* when the young generation began */
};

void replay_free(struct replay *r)
{
	if (r == NULL)
		return;
	free(r->young.slot);
	free(r->old.slot);
	free(r);
}

int replay_new(unsigned slots, int64_t start_ms, struct replay **ret_r)
{
	struct replay *r;

	if (slots == 0 || slots > 1u << 24)
		return SL_E_LIMIT;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return SL_E_NOMEM;
	r->slots = slots;
	for (r->cap = 16; r->cap < 2 * slots; r->cap *= 2)
		continue;
	r->start_ms = r->high_ms = r->born_ms = start_ms;
	r->young.slot = calloc(r->cap, sizeof(struct slot));
	r->old.slot = calloc(r->cap, sizeof(struct slot));
	if (r->young.slot == NULL || r->old.slot == NULL) {
		replay_free(r);
		return SL_E_NOMEM;
	}
	*ret_r = r;
	return SL_OK;
}

static void clear(struct replay *r, struct generation *g)
{
	memset(g->slot, 0, r->cap * sizeof(struct slot));
	g->used = 0;
}

static void age(struct replay *r)
{
	struct generation oldest = r->old;

	if (r->high_ms - r->born_ms <= 2 * WIRE_SKEW_MS)
		return;
	r->old = r->young;
	r->young = oldest;
	clear(r, &r->young);
	if (r->high_ms - r->born_ms > 4 * WIRE_SKEW_MS)
		clear(r, &r->old);
	r->born_ms = r->high_ms;
}

int replay_fresh(struct replay *r, int64_t now_ms, int64_t time_ms, struct sl_why *why)
{
	if (now_ms > r->high_ms)
		r->high_ms = now_ms;
	if (r->high_ms - now_ms > WIRE_SKEW_MS)
		return why_set(
			why, SL_E_EXPIRED,
			_("the gateway's clock jumped back by %lld s; nothing is accepted "
			  "until an operator sets it right"),
			(long long)((r->high_ms - now_ms) / 1000));
	age(r);
	/* First: to send it again helps nobody whose clock is wrong. */
	if (time_ms < r->high_ms - WIRE_SKEW_MS)
		return why_set(why, SL_E_EXPIRED,
			       _("the request is %lld s old; check this computer's clock"),
			       (long long)((r->high_ms - time_ms) / 1000));
	if (time_ms < r->start_ms)
		return why_set(why, SL_E_EXPIRED,
			       _("the request is from before the desk started; send it again"));
	/* Compared by subtraction: time_ms comes from outside and may be huge. */
	if (time_ms - r->high_ms > WIRE_SKEW_MS)
		return why_set(
			why, SL_E_EXPIRED,
			_("the request is from the future; check this computer's clock"));
	return SL_OK;
}

/* Its slot, used or free; there is always a free one because cap >= 2 * slots. */
static struct slot *find(const struct replay *r, const struct generation *g,
			 const uint8_t nonce[WIRE_NONCE])
{
	uint64_t h;

	/* The client chooses nonces, but only signed ones get here: a person who
	 * makes them collide slows the desk by a bounded walk and is named in the audit. */
	memcpy(&h, nonce, sizeof(h));
	for (size_t i = h & (r->cap - 1);; i = (i + 1) & (r->cap - 1)) {
		struct slot *s = &g->slot[i];

		if (!s->used || memcmp(s->nonce, nonce, WIRE_NONCE) == 0)
			return s;
	}
}

int replay_remember(struct replay *r, const uint8_t nonce[WIRE_NONCE], struct sl_why *why)
{
	struct slot *s = find(r, &r->young, nonce);

	if (s->used || find(r, &r->old, nonce)->used)
		return why_set(why, SL_E_REPLAY, _("this request was already used once"));
	if (r->young.used >= r->slots)
		return why_set(why, SL_E_TIMEOUT,
			       _("the desk is busy; try again in four minutes"));
	memcpy(s->nonce, nonce, WIRE_NONCE);
	s->used = true;
	r->young.used++;
	return SL_OK;
}
