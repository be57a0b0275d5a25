/* feed_channels.c - the numbers of a channel's entries, forwards and backwards.
 *
 * Hostile: tables and numbers of pages, until they have been walked.  Invariant: names are
 * valid and different, and a place in a table never changes, so that numbers stay right
 * when it grows. */
#include "trust/feed_channels.h"

#include <string.h>

int feed_channels_find(const struct feed_channels *t, const char *name)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (strcmp(t->name[i], name) == 0)
			return (int)i;
	}
	return -1;
}

int feed_channels_add(struct feed_channels *t, const char *name)
{
	int at = feed_channels_find(t, name);

	if (at >= 0)
		return at;
	if (!manifest_channel_ok(name))
		return SL_E_FORMAT;
	if (t->n == FEED_CHANNELS_MAX)
		return SL_E_LIMIT;
	memcpy(t->name[t->n], name, strlen(name) + 1);
	t->next[t->n] = 1;
	return (int)t->n++;
}

/* In the order of the names, as JSON has them. */
static int put(const struct feed_channels *t, struct feed_numbers *e, unsigned channel,
	       uint32_t serial)
{
	unsigned at = 0;
	int c = 1;

	if (e->n == MANIFEST_CHANNELS_MAX)
		return SL_E_LIMIT;
	while (at < e->n && (c = strcmp(t->name[e->channel[at]], t->name[channel])) < 0)
		at++;
	if (at < e->n && c == 0)
		return SL_E_FORMAT;
	memmove(&e->channel[at + 1], &e->channel[at], (e->n - at) * sizeof(e->channel[0]));
	memmove(&e->serial[at + 1], &e->serial[at], (e->n - at) * sizeof(e->serial[0]));
	e->channel[at] = (uint8_t)channel;
	e->serial[at] = serial;
	e->n++;
	return SL_OK;
}

int feed_channels_next(struct feed_channels *t, const char *const *names, unsigned n,
		       struct feed_numbers *ret)
{
	struct feed_numbers e = {.n = 0};
	int r = n == 0 ? SL_E_FORMAT : SL_OK;

	for (unsigned i = 0; i < n && r == SL_OK; i++) {
		int at = feed_channels_add(t, names[i]);

		r = at < 0 ? at : put(t, &e, (unsigned)at, t->next[at]);
	}
	if (r == SL_OK)
		*ret = e;
	return r;
}

int feed_channels_count(struct feed_channels *t, const struct feed_numbers *e,
			struct sl_why *why)
{
	for (unsigned i = 0; i < e->n; i++) {
		unsigned at = e->channel[i];

		if (e->serial[i] != t->next[at])
			return why_set(why, SL_E_REPLAY,
				       "serial %u of channel %s instead of %u", e->serial[i],
				       t->name[at], t->next[at]);
	}
	for (unsigned i = 0; i < e->n; i++)
		t->next[e->channel[i]]++;
	return SL_OK;
}

static int missing(const char *name, uint32_t serial, struct sl_why *why)
{
	return why_set(why, SL_E_FORMAT, "serial %u of channel %s is missing", serial, name);
}

static int twice(const char *name, uint32_t serial, struct sl_why *why)
{
	return why_set(why, SL_E_FORMAT, "serial %u of channel %s is there twice", serial,
		       name);
}

int feed_channels_back(struct feed_channels *t, const struct feed_numbers *e,
		       struct sl_why *why)
{
	for (unsigned i = 0; i < e->n; i++) {
		const char *name = t->name[e->channel[i]];
		uint32_t expect = t->next[e->channel[i]] - 1;

		if (e->serial[i] < expect)
			return missing(name, expect, why);
		if (e->serial[i] > expect)
			return twice(name, e->serial[i], why);
		t->next[e->channel[i]] = expect;
	}
	return SL_OK;
}

int feed_channels_join(const struct feed_channels *t, const struct feed_channels *older,
		       struct sl_why *why)
{
	for (unsigned i = 0; i < t->n; i++) {
		int at = feed_channels_find(older, t->name[i]);
		uint32_t end = at < 0 ? 1 : older->next[at];

		if (t->next[i] > end)
			return missing(t->name[i], t->next[i] - 1, why);
		if (t->next[i] < end)
			return twice(t->name[i], t->next[i], why);
	}
	for (unsigned i = 0; i < older->n; i++) {
		if (older->next[i] > 1 && feed_channels_find(t, older->name[i]) < 0)
			return twice(older->name[i], 1, why);
	}
	return SL_OK;
}

int feed_channels_grew(const struct feed_channels *t, const struct feed_channels *older,
		       struct sl_why *why)
{
	for (unsigned i = 0; i < older->n; i++) {
		int at = feed_channels_find(t, older->name[i]);
		uint32_t next = at < 0 ? 1 : t->next[at];

		if (next < older->next[i])
			return why_set(why, SL_E_REPLAY,
				       "channel %s went back from serial %u to %u",
				       older->name[i], older->next[i] - 1, next - 1);
	}
	return SL_OK;
}

int feed_channels_move(const struct feed_channels *from, struct feed_channels *to,
		       struct feed_numbers *e)
{
	for (unsigned i = 0; i < e->n; i++) {
		int at = feed_channels_add(to, from->name[e->channel[i]]);

		if (at < 0)
			return at;
		e->channel[i] = (uint8_t)at;
	}
	return SL_OK;
}

int feed_channels_are(const struct feed_channels *t, const struct feed_numbers *e,
		      const struct manifest *m, struct sl_why *why)
{
	for (unsigned i = 0; i < m->n_channels; i++) {
		bool there = false;

		for (unsigned k = 0; k < e->n && !there; k++)
			there = strcmp(t->name[e->channel[k]], m->channels[i]) == 0;
		if (!there)
			return why_set(why, SL_E_DENIED,
				       "the feed does not number it in channel %s",
				       m->channels[i]);
	}
	/* Names differ on both sides, so one more is a channel that the manifest has not. */
	return e->n == m->n_channels ? SL_OK
				     : why_set(why, SL_E_DENIED,
					       "the feed numbers it in a channel that it is "
					       "not for");
}

json_t *feed_channels_entry_json(const struct feed_channels *t, const struct feed_numbers *e,
				 const char *only)
{
	json_t *j = json_object();

	for (unsigned i = 0; i < e->n && j != NULL; i++) {
		const char *name = t->name[e->channel[i]];

		if (only != NULL && strcmp(only, name) != 0)
			continue;
		if (json_object_set_new(j, name, json_integer(e->serial[i])) != 0) {
			json_decref(j);
			j = NULL;
		}
	}
	return j;
}

static bool read_serial(const json_t *j, const char *name, uint32_t *ret)
{
	int64_t v;

	if (!json_i64(j, name, &v) || v < 1 || v > UINT32_MAX)
		return false;
	*ret = (uint32_t)v;
	return true;
}

int feed_channels_entry_read(const json_t *j, struct feed_channels *t, struct feed_numbers *ret)
{
	struct feed_numbers e = {.n = 0};
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)j, name, v)
	{
		uint32_t serial = 0;
		int at = feed_channels_add(t, name), r;

		if (at < 0)
			return at;
		r = read_serial(j, name, &serial) ? put(t, &e, (unsigned)at, serial)
						  : SL_E_FORMAT;
		if (r != SL_OK)
			return r;
	}
	if (e.n == 0)
		return SL_E_FORMAT;
	*ret = e;
	return SL_OK;
}

json_t *feed_channels_json(const struct feed_channels *t)
{
	json_t *j = json_object();

	for (unsigned i = 0; i < t->n && j != NULL; i++) {
		if (t->next[i] > 1 &&
		    json_object_set_new(j, t->name[i], json_integer(t->next[i])) != 0) {
			json_decref(j);
			j = NULL;
		}
	}
	return j;
}

int feed_channels_read(const json_t *j, struct feed_channels *ret_t)
{
	const char *name;
	json_t *v;

	ret_t->n = 0;
	json_object_foreach((json_t *)(uintptr_t)j, name, v)
	{
		uint32_t next = 0;
		int at = feed_channels_add(ret_t, name);

		if (at < 0)
			return at;
		if (!read_serial(j, name, &next) || next < 2)
			return SL_E_FORMAT;
		ret_t->next[at] = next;
	}
	return json_is_object(j) ? SL_OK : SL_E_FORMAT;
}
