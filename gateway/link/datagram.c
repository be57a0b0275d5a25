/* datagram.c - the bytes of udp mode.
 *
 * Hostile on reading: whoever reaches the outlet's port, and a gateway that was taken over.
 * Invariant of a parsed datagram: there is one way to write it, and it is these bytes; a
 * symbol lies within the geometry that its own numbers describe. */
#include "link/datagram.h"

#include <string.h>

#include "link/geometry.h"

enum { PRIORITY_MAX = 9, SIDE_BY_SIDE = 16 };

static uint8_t *put(uint8_t *at, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(v >> 8 * (bytes - 1 - i));
	return at + bytes;
}

size_t datagram_put(const struct datagram *d, uint8_t *out)
{
	uint8_t *at = out;

	BUG(d->len < 1 || d->len > DATAGRAM_BODY_MAX || d->priority > PRIORITY_MAX);
	at = put(at, DATAGRAM_VERSION, 1);
	at = put(at, (unsigned)d->kind | (unsigned)d->priority << 4, 1);
	at = put(at, d->session, 4);
	at = put(at, d->number, 4);
	at = put(at, d->serial, 4);
	at = put(at, d->total, 4);
	at = put(at, d->block, 2);
	at = put(at, d->symbol, 1);
	(void)put(at, d->m, 1);
	return DATAGRAM_FRAMING + d->len;
}

size_t datagram_write(const struct datagram *d, const struct mac_key *key, uint8_t *out)
{
	size_t len;

	if (d->body != out + DATAGRAM_HEAD)
		memmove(out + DATAGRAM_HEAD, d->body, d->len);
	len = datagram_put(d, out);
	mac_put(key, out, len - MAC_LEN, out + len - MAC_LEN);
	return len;
}

void datagram_seal(const struct mac_key *key, uint8_t *datagrams, size_t len, unsigned n)
{
	const uint8_t *message[SIDE_BY_SIDE];
	uint8_t *mac[SIDE_BY_SIDE];

	for (unsigned done = 0, now; done < n; done += now) {
		now = n - done < SIDE_BY_SIDE ? n - done : SIDE_BY_SIDE;
		for (unsigned i = 0; i < now; i++) {
			message[i] = datagrams + (done + i) * len;
			mac[i] = datagrams + (done + i + 1) * len - MAC_LEN;
		}
		mac_put_each(key, message, len - MAC_LEN, now, mac);
	}
}

bool datagram_proved(const void *bytes, size_t len, const struct mac_key *key)
{
	const uint8_t *p = bytes;

	return len >= DATAGRAM_FRAMING && mac_proved(key, p, len - MAC_LEN, p + len - MAC_LEN);
}

void datagram_proved_each(const struct iovec *datagrams, unsigned n, const struct mac_key *key,
			  bool ret_proved[])
{
	const uint8_t *message[SIDE_BY_SIDE], *mac[SIDE_BY_SIDE];

	for (unsigned done = 0, now; done < n; done += now) {
		size_t len = datagrams[done].iov_len;

		now = 0;
		while (now < SIDE_BY_SIDE && done + now < n &&
		       datagrams[done + now].iov_len == len) {
			message[now] = datagrams[done + now].iov_base;
			ret_proved[done + now] = false;
			now++;
		}
		if (len < DATAGRAM_FRAMING)
			continue;
		for (unsigned i = 0; i < now; i++)
			mac[i] = message[i] + len - MAC_LEN;
		mac_proved_each(key, message, len - MAC_LEN, now, mac, ret_proved + done);
	}
}

static int check_symbol(const struct datagram *d)
{
	struct geometry g;
	int r;

	if (d->serial < 1)
		return SL_E_FORMAT;
	if (d->total <= DIGEST_LEN || d->total > DATAGRAM_OBJECT_MAX)
		return SL_E_LIMIT;
	r = geometry_of(d->total, (uint32_t)d->len, d->m, &g);
	if (r != SL_OK)
		return r;
	if (d->block >= g.blocks || d->symbol >= geometry_k(&g, d->block) + d->m)
		return SL_E_FORMAT;
	return SL_OK;
}

static int check(const struct datagram *d)
{
	if (d->session < 1 || d->number < 1 || d->priority > PRIORITY_MAX)
		return SL_E_FORMAT;
	if (d->kind == DATAGRAM_SYMBOL)
		return check_symbol(d);
	if (d->kind != DATAGRAM_HEARTBEAT && d->kind != DATAGRAM_PROBE)
		return SL_E_FORMAT;
	if (d->priority != 0 || d->total != 0 || d->block != 0 || d->symbol != 0 || d->m != 0 ||
	    (d->kind == DATAGRAM_PROBE && d->serial != 0))
		return SL_E_FORMAT;
	return SL_OK;
}

int datagram_parse(const void *bytes, size_t len, struct datagram *ret_d)
{
	struct datagram d = {.body = NULL};
	struct cur c;
	uint8_t kind;
	int r;

	if (len > DATAGRAM_MAX)
		return SL_E_LIMIT;
	if (len <= DATAGRAM_FRAMING)
		return SL_E_FORMAT;
	cur_init(&c, bytes, len - MAC_LEN);
	if (cur_u8(&c) != DATAGRAM_VERSION)
		return SL_E_FORMAT;
	kind = cur_u8(&c);
	d.kind = (enum datagram_kind)(kind & 0x0f);
	d.priority = kind >> 4;
	d.session = cur_u32(&c);
	d.number = cur_u32(&c);
	d.serial = cur_u32(&c);
	d.total = cur_u32(&c);
	d.block = cur_u16(&c);
	d.symbol = cur_u8(&c);
	d.m = cur_u8(&c);
	d.len = cur_left(&c);
	d.body = cur_bytes(&c, d.len);
	r = cur_end(&c);
	if (r == SL_OK)
		r = check(&d);
	if (r == SL_OK)
		*ret_d = d;
	return r;
}

/* Bodies are padded with zeros: nothing else may hide there. */
static int end_of_body(struct cur *c)
{
	size_t n = cur_left(c);
	const uint8_t *p = cur_bytes(c, n);
	uint8_t all = 0;
	int r = cur_end(c);

	for (size_t i = 0; r == SL_OK && i < n; i++)
		all |= p[i];
	return r == SL_OK && all != 0 ? SL_E_FORMAT : r;
}

void heartbeat_put(const struct heartbeat *h, uint8_t out[HEARTBEAT_BODY])
{
	out = put(out, (uint64_t)h->time_ms, 8);
	out = put(out, h->highest, 4);
	out = put(out, h->lowest_repeat, 4);
	out = put(out, h->waiting, 4);
	out = put(out, h->repeating, 4);
	out = put(out, h->rate_kbit, 4);
	out = put(out, h->loss_permille, 2);
	(void)put(out, h->size, 2);
}

int heartbeat_parse(const void *body, size_t len, struct heartbeat *ret_h)
{
	struct heartbeat h = {.size = 0};
	uint64_t time_ms;
	struct cur c;
	int r;

	cur_init(&c, body, len);
	time_ms = cur_u64(&c);
	h.highest = cur_u32(&c);
	h.lowest_repeat = cur_u32(&c);
	h.waiting = cur_u32(&c);
	h.repeating = cur_u32(&c);
	h.rate_kbit = cur_u32(&c);
	h.loss_permille = cur_u16(&c);
	h.size = cur_u16(&c);
	r = end_of_body(&c);
	if (r != SL_OK)
		return r;
	if (time_ms > INT64_MAX)
		return SL_E_FORMAT;
	h.time_ms = (int64_t)time_ms;
	*ret_h = h;
	return SL_OK;
}

void probe_put(const struct probe *p, uint8_t out[PROBE_BODY])
{
	out = put(out, p->run, 4);
	out = put(out, p->step, 4);
	out = put(out, p->steps, 4);
	out = put(out, p->index, 4);
	out = put(out, p->of, 4);
	(void)put(out, p->rate_kbit, 4);
}

int probe_parse(const void *body, size_t len, struct probe *ret_p)
{
	struct probe p;
	struct cur c;
	int r;

	cur_init(&c, body, len);
	p.run = cur_u32(&c);
	p.step = cur_u32(&c);
	p.steps = cur_u32(&c);
	p.index = cur_u32(&c);
	p.of = cur_u32(&c);
	p.rate_kbit = cur_u32(&c);
	r = end_of_body(&c);
	if (r != SL_OK)
		return r;
	if (p.step >= p.steps || p.index >= p.of)
		return SL_E_FORMAT;
	*ret_p = p;
	return SL_OK;
}
