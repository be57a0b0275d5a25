/* judge.c - MAC, shape, replay; and what is missing in the numbers. */
#include "link/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { FILE_MAX = 16 << 10, TICK_MS = 5000, TICKS = 13 /* a minute and the present one */ };

struct span { /* of numbers: how many there were, and how many of them came */
	uint64_t sent, came;
};
struct remembered {
	char key[KEY_ID_HEX + 1];
	uint32_t session, highest;
};
struct judged {
	struct mac_key *key;
	struct window window;
	uint32_t first;		 /* number of the present session that was heard first */
	struct span now, before; /* the present session, and all earlier ones */
};
struct judge {
	int state; /* borrowed */
	struct judged by[JUDGE_KEYS_MAX];
	unsigned n, last; /* the key that proved the last one */
	uint64_t count[JUDGE_ANSWERS];
	struct remembered known[JUDGE_REMEMBERED_MAX]; /* as on disk; other keys' too */
	unsigned n_known;
	struct span tick[TICKS]; /* ring, one every TICK_MS */
	unsigned ticks;
	int64_t ticked;
};

static struct remembered *known_of(struct judge *j, const char *id)
{
	for (unsigned i = 0; i < j->n_known; i++) {
		if (strcmp(j->known[i].key, id) == 0)
			return &j->known[i];
	}
	return NULL;
}

static bool number_of(const json_t *o, const char *name, uint32_t *ret)
{
	int64_t v = 0;

	if (!json_i64(o, name, &v) || v < 0 || v > UINT32_MAX)
		return false;
	*ret = (uint32_t)v;
	return true;
}

static void read_known(struct judge *j)
{
	const json_t *list, *one;
	json_t *all = NULL;
	struct buf b;
	size_t i;

	buf_init(&b, FILE_MAX);
	if (file_read(j->state, JUDGE_FILE, FILE_MAX, &b) != SL_OK ||
	    json_parse(b.data, b.len, FILE_MAX, &all) != SL_OK)
		goto out;
	list = json_arr(all, "windows");
	json_array_foreach(list, i, one)
	{
		struct remembered k = {.session = 0};
		const char *id = json_str(one, "key");

		if (j->n_known == JUDGE_REMEMBERED_MAX || id == NULL ||
		    strlen(id) != KEY_ID_HEX || known_of(j, id) != NULL ||
		    !number_of(one, "session", &k.session) ||
		    !number_of(one, "highest", &k.highest))
			continue;
		memcpy(k.key, id, sizeof(k.key));
		j->known[j->n_known++] = k;
	}
out:
	json_decref(all);
	buf_release(&b);
}

int judge_open(struct mac_key *const keys[], unsigned n, int state_fd, struct judge **ret_j)
{
	struct judge *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return SL_E_NOMEM;
	BUG(n > JUDGE_KEYS_MAX);
	j->state = state_fd;
	read_known(j);
	for (unsigned i = 0; i < n; i++) {
		const struct remembered *k = known_of(j, mac_key_id(keys[i]));

		j->by[i].key = keys[i];
		window_start(&j->by[i].window, k != NULL ? k->session : 0,
			     k != NULL ? k->highest : 0);
	}
	j->n = n;
	*ret_j = j;
	return SL_OK;
}

void judge_close(struct judge *j)
{
	if (j == NULL)
		return;
	for (unsigned i = 0; i < j->n; i++)
		mac_key_free(j->by[i].key);
	free(j);
}

/* The key that proved the last one is tried first; others only matter during a change. */
void judge_prove(struct judge *j, const struct iovec *datagrams, unsigned n, int8_t ret_by[])
{
	struct iovec open[JUDGE_BATCH];
	unsigned place[JUDGE_BATCH], left = n, first = j->last;
	bool proved[JUDGE_BATCH];

	BUG(n > JUDGE_BATCH);
	for (unsigned i = 0; i < n; i++) {
		open[i] = datagrams[i];
		place[i] = i;
		ret_by[i] = JUDGE_NO_KEY;
	}
	for (unsigned k = 0; k < j->n && left > 0; k++) {
		unsigned at = (first + k) % j->n, still = 0;

		datagram_proved_each(open, left, j->by[at].key, proved);
		for (unsigned i = 0; i < left; i++) {
			if (proved[i]) {
				ret_by[place[i]] = (int8_t)at;
				j->last = at;
			} else {
				open[still] = open[i];
				place[still++] = place[i];
			}
		}
		left = still;
	}
}

static void note_number(struct judged *k, uint32_t session_before, const struct datagram *d)
{
	if (d->session != session_before || k->first == 0) {
		k->before.sent += k->now.sent;
		k->before.came += k->now.came;
		k->now = (struct span){.sent = 0};
		k->first = d->number;
	}
	/* Overtaken right at the beginning: it was sent before what we count from. */
	if (d->number < k->first)
		k->first = d->number;
	k->now.sent = (uint64_t)k->window.highest - k->first + 1;
	k->now.came++;
}

static enum judge_answer judge(struct judge *j, int8_t by, const uint8_t *bytes, size_t len,
			       struct datagram *ret_d)
{
	struct judged *k;
	uint32_t session;

	if (by == JUDGE_NO_KEY)
		return JUDGE_WRONG_MAC;
	k = &j->by[by];
	if (datagram_parse(bytes, len, ret_d) != SL_OK)
		return JUDGE_MALFORMED;
	/* A run of the doctor has a session of its own, newer than the sender's. */
	if (ret_d->kind == DATAGRAM_PROBE)
		return JUDGE_PROBE;
	session = k->window.session;
	switch (window_take(&k->window, ret_d->session, ret_d->number)) {
	case WINDOW_OLD_SESSION:
		return JUDGE_OLD_SESSION;
	case WINDOW_REPLAYED:
		return JUDGE_REPLAYED;
	case WINDOW_FRESH:
		break;
	}
	note_number(k, session, ret_d);
	return JUDGE_TAKEN;
}

enum judge_answer judge_proved(struct judge *j, int8_t by, const uint8_t *bytes, size_t len,
			       struct datagram *ret_d)
{
	enum judge_answer answer = judge(j, by, bytes, len, ret_d);

	j->count[answer]++;
	return answer;
}

enum judge_answer judge_datagram(struct judge *j, const uint8_t *bytes, size_t len,
				 struct datagram *ret_d)
{
	struct iovec one = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = len};
	int8_t by;

	judge_prove(j, &one, 1, &by);
	return judge_proved(j, by, bytes, len, ret_d);
}

uint64_t judge_count(const struct judge *j, enum judge_answer answer)
{
	return j->count[answer];
}

bool judge_unremembered(const struct judge *j)
{
	for (unsigned i = 0; i < j->n; i++) {
		const struct judged *k = &j->by[i];
		bool found = k->window.session == 0;

		for (unsigned n = 0; n < j->n_known; n++)
			found = found || (strcmp(j->known[n].key, mac_key_id(k->key)) == 0 &&
					  j->known[n].session == k->window.session);
		if (!found)
			return true;
	}
	return false;
}

/* The entry of a key, made when it is new; a key that is not in use any more leaves first. */
static struct remembered *entry_for(struct judge *j, const char *id)
{
	struct remembered *k = known_of(j, id);

	if (k != NULL)
		return k;
	for (unsigned i = 0; j->n_known == JUDGE_REMEMBERED_MAX && i < j->n_known; i++) {
		bool used = false;

		for (unsigned n = 0; n < j->n; n++)
			used = used || strcmp(mac_key_id(j->by[n].key), j->known[i].key) == 0;
		if (used)
			continue;
		j->n_known--;
		memmove(&j->known[i], &j->known[i + 1], (j->n_known - i) * sizeof(j->known[0]));
	}
	k = &j->known[j->n_known++];
	(void)snprintf(k->key, sizeof(k->key), "%s", id);
	return k;
}

int judge_remember(struct judge *j)
{
	struct remembered before[JUDGE_REMEMBERED_MAX];
	json_t *list = json_array(), *all = NULL;
	unsigned n_before = j->n_known;
	int r = SL_OK;
	struct buf b;

	buf_init(&b, FILE_MAX);
	memcpy(before, j->known, sizeof(before));
	for (unsigned i = 0; i < j->n; i++) {
		struct remembered *k;

		if (j->by[i].window.session == 0)
			continue; /* nothing came by this key yet */
		k = entry_for(j, mac_key_id(j->by[i].key));
		k->session = j->by[i].window.session;
		k->highest = j->by[i].window.highest;
	}
	if (n_before == j->n_known && memcmp(before, j->known, sizeof(before)) == 0)
		goto out; /* as on disk */
	for (unsigned i = 0; i < j->n_known; i++) {
		const struct remembered *k = &j->known[i];

		(void)json_array_append_new(
			list, json_pack("{s:I,s:s,s:I}", "highest", (json_int_t)k->highest,
					"key", k->key, "session", (json_int_t)k->session));
	}
	all = json_pack("{s:O}", "windows", list);
	r = all == NULL ? SL_E_NOMEM : json_compact(all, &b);
	if (r == SL_OK)
		r = file_write_durable(j->state, JUDGE_FILE, b.data, b.len, 0600);
	if (r != SL_OK) { /* tried again */
		memcpy(j->known, before, sizeof(before));
		j->n_known = n_before;
	}
out:
	json_decref(list);
	json_decref(all);
	buf_release(&b);
	return r;
}

static struct span total_of(const struct judge *j)
{
	struct span s = {.sent = 0};

	for (unsigned i = 0; i < j->n; i++) {
		s.sent += j->by[i].before.sent + j->by[i].now.sent;
		s.came += j->by[i].before.came + j->by[i].now.came;
	}
	return s;
}

void judge_tick(struct judge *j, int64_t now_ms)
{
	if (j->ticks > 0 && now_ms - j->ticked < TICK_MS)
		return;
	j->ticked = now_ms;
	j->tick[j->ticks++ % TICKS] = total_of(j);
	if (j->ticks == 2 * TICKS)
		j->ticks = TICKS;
}

static uint64_t lost_of(const struct span *s)
{
	return s->sent > s->came ? s->sent - s->came : 0;
}

json_t *judge_report(const struct judge *j)
{
	struct span all = total_of(j), minute = all;
	struct span oldest = {.sent = 0};
	uint64_t permille = 0;

	if (j->ticks > 0)
		oldest = j->tick[j->ticks < TICKS ? 0 : j->ticks % TICKS];
	minute.sent -= oldest.sent;
	minute.came -= oldest.came;
	if (minute.sent > 0)
		permille = lost_of(&minute) * 1000 / minute.sent;
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "loss_permille",
			 (json_int_t)permille, "lost", (json_int_t)lost_of(&all), "malformed",
			 (json_int_t)j->count[JUDGE_MALFORMED], "old_session",
			 (json_int_t)j->count[JUDGE_OLD_SESSION], "probes",
			 (json_int_t)j->count[JUDGE_PROBE], "replayed",
			 (json_int_t)j->count[JUDGE_REPLAYED], "taken",
			 (json_int_t)j->count[JUDGE_TAKEN], "wrong_mac",
			 (json_int_t)j->count[JUDGE_WRONG_MAC]);
}
