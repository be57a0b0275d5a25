/* fuzz_link_datagram.c - what anyone may send to the outlet's udp port.  What is accepted
 * has one spelling: it is written again as the same bytes, the MAC apart. */
#include <string.h>

#include "crypto/hash.h"
#include "link/datagram.h"
#include "link/geometry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mac_key *mac(void)
{
	static const uint8_t seed[32] = {1};
	static struct mac_key *kept;
	struct key *k = NULL;

	if (kept != NULL)
		return kept;
	BUG(crypto_start() != SL_OK || key_generate(KEY_LINK_MAC, seed, &k) != SL_OK ||
	    mac_key_of(k, &kept) != SL_OK);
	key_free(k);
	return kept;
}

static void check_symbol(const struct datagram *d)
{
	struct geometry g;
	unsigned k;

	BUG(d->serial < 1 || d->total <= DIGEST_LEN || d->total > DATAGRAM_OBJECT_MAX);
	BUG(geometry_of(d->total, (uint32_t)d->len, d->m, &g) != SL_OK || d->block >= g.blocks);
	k = geometry_k(&g, d->block);
	BUG(d->symbol >= k + d->m);
	if (d->symbol >= k)
		return;
	BUG((uint64_t)geometry_first(&g, d->block) * g.s + (uint64_t)d->symbol * g.s +
		    geometry_bytes(&g, d->block, d->symbol) >
	    d->total);
}

/* The bytes of a body and the zeros that follow them. */
static void same(const uint8_t *body, size_t len, const uint8_t *again, size_t n)
{
	BUG(len < n || memcmp(body, again, n) != 0);
	for (size_t i = n; i < len; i++)
		BUG(body[i] != 0);
}

static void check_bodies(const uint8_t *body, size_t len)
{
	uint8_t again[HEARTBEAT_BODY]; /* the longer of the two */
	struct heartbeat h;
	struct probe p;

	if (heartbeat_parse(body, len, &h) == SL_OK) {
		BUG(h.time_ms < 0);
		heartbeat_put(&h, again);
		same(body, len, again, HEARTBEAT_BODY);
	}
	if (probe_parse(body, len, &p) == SL_OK) {
		BUG(p.step >= p.steps || p.index >= p.of);
		probe_put(&p, again);
		same(body, len, again, PROBE_BODY);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[DATAGRAM_MAX];
	struct datagram d;

	(void)datagram_proved(data, size, mac());
	check_bodies(data, size);
	if (datagram_parse(data, size, &d) != SL_OK)
		return 0;
	if (d.kind == DATAGRAM_SYMBOL)
		check_symbol(&d);
	check_bodies(d.body, d.len);
	BUG(datagram_write(&d, mac(), again) != size);
	BUG(memcmp(again, data, size - MAC_LEN) != 0 || !datagram_proved(again, size, mac()));
	return 0;
}
