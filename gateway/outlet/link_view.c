/* link_view.c - from the receiver's numbers to what they mean. */
#include "outlet/link_view.h"

#include <string.h>

#include "base/clock.h"

enum { COMING_MS = 5000 /* a part that got a symbol so lately is being sent */ };

static int64_t number_of(const json_t *o, const char *name)
{
	int64_t v = 0;

	return json_i64(o, name, &v) && v > 0 ? v : 0;
}

static const json_t *part_of(const json_t *receiver, int64_t serial)
{
	const json_t *part;
	size_t i;

	json_array_foreach(json_arr(receiver, "parts"), i, part)
	{
		if (number_of(part, "serial") == serial)
			return part;
	}
	return NULL;
}

static enum link_fate fate_of(const struct link_view *v, const json_t *receiver,
			      const json_t *part, int64_t serial)
{
	const json_t *sender = json_obj(receiver, "sender");
	int64_t lowest = number_of(sender, "lowest_repeat");

	if (!v->udp || sender == NULL)
		return LINK_FATE_UNSAID;
	if (!v->silent && part != NULL && number_of(part, "idle_ms") < COMING_MS)
		return LINK_FATE_COMING;
	if (!v->silent && serial > number_of(sender, "highest"))
		return LINK_FATE_COMING;
	return lowest > 0 && serial >= lowest ? LINK_FATE_REPEATED : LINK_FATE_ASK;
}

static void take_missing(struct link_view *v, const json_t *receiver)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_arr(receiver, "missing"), i, one)
	{
		struct link_missing m = {.serial = json_integer_value(one)};
		const json_t *part;

		if (m.serial <= 0 || v->n == LINK_VIEW_MISSING_MAX)
			continue;
		part = part_of(receiver, m.serial);
		m.blocks = number_of(part, "blocks");
		m.done = number_of(part, "done");
		m.fate = fate_of(v, receiver, part, m.serial);
		v->missing[v->n++] = m;
	}
	v->missing_count = number_of(receiver, "missing_count");
	if (v->missing_count < v->n)
		v->missing_count = v->n;
}

void link_view_of(const json_t *receiver, int64_t now, struct link_view *ret_v)
{
	const json_t *datagrams = json_obj(receiver, "datagrams"),
		     *buffer = json_obj(receiver, "buffer");
	const char *mode = json_str(receiver, "mode");
	int64_t heard_old = 0;

	*ret_v = (struct link_view){
		.udp = mode != NULL && strcmp(mode, "udp") == 0,
		.loss_permille = number_of(datagrams, "loss_permille"),
		.planned_permille = number_of(json_obj(receiver, "sender"), "loss_permille"),
		.wrong_mac = number_of(datagrams, "wrong_mac"),
		.malformed = number_of(datagrams, "malformed"),
		.replayed =
			number_of(datagrams, "replayed") + number_of(datagrams, "old_session"),
		.overflow = number_of(datagrams, "overflow"),
		.no_room = number_of(datagrams, "no_room"),
		.buffer_asked = number_of(buffer, "asked"),
		.buffer_got = number_of(buffer, "got"),
	};
	(void)json_time(receiver, "time", &ret_v->time);
	(void)json_time(receiver, "heard", &ret_v->heard);
	(void)json_time(receiver, "heard_old", &heard_old);
	ret_v->known = ret_v->time > 0 && now - ret_v->time <= LINK_VIEW_OLD_S;
	ret_v->silent = ret_v->udp && now - ret_v->heard > LINK_VIEW_SILENT_S;
	ret_v->outdated = ret_v->silent && now - heard_old <= LINK_VIEW_SILENT_S;
	(void)json_bool(receiver, "full", &ret_v->full);
	take_missing(ret_v, receiver);
}

unsigned link_view_count(const struct link_view *v, enum link_fate fate)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n; i++)
		n += v->missing[i].fate == fate;
	return n;
}

void link_view_ranges(const struct link_view *v, enum link_fate fate, const char *separator,
		      unsigned most, struct buf *out)
{
	unsigned ranges = 0;

	for (unsigned i = 0; i < v->n;) {
		unsigned end = i + 1;

		if (fate != LINK_FATES && v->missing[i].fate != fate) {
			i++;
			continue;
		}
		while (end < v->n && v->missing[end].serial == v->missing[end - 1].serial + 1 &&
		       (fate == LINK_FATES || v->missing[end].fate == fate))
			end++;
		if (ranges > 0)
			buf_puts(out, separator);
		if (ranges++ == most) {
			buf_puts(out, "...");
			return;
		}
		buf_putf(out, "%lld", (long long)v->missing[i].serial);
		if (end > i + 1)
			buf_putf(out, "-%lld", (long long)v->missing[end - 1].serial);
		i = end;
	}
}
