/* mac.c - keyed BLAKE2b over libsodium.
 *
 * Hostile here: the bytes that are judged and the MAC they bring.  Invariants: what is
 * secret, the keyed state too, lives in guarded memory that nobody can write any more once
 * it is made; the copy that one MAC is computed in is wiped with it. */
#include "crypto/mac.h"

#include <string.h>

#include <sodium.h>

#include "crypto/key_private.h"
#include "crypto/lanes.h"

/* Hashed as the key of the derivation, so that the pair itself never authenticates. */
static const char label[] = "sluice-link-mac/1";

struct mac_key { /* always in sodium_malloc memory, whose end it must fill: aligned */
	crypto_generichash_state keyed; /* right after the key went in */
	struct lanes lanes;		/* the same */
	char id[KEY_ID_HEX + 1];
};

int mac_key_of(const struct key *k, struct mac_key **ret_k)
{
	uint8_t derived[crypto_generichash_KEYBYTES];
	struct mac_key *mac;

	BUG(key_get_use(k) != KEY_LINK_MAC);
	mac = sodium_malloc(sizeof(*mac));
	if (mac == NULL)
		return SL_E_NOMEM;
	memset(mac, 0, sizeof(*mac));
	(void)crypto_generichash(derived, sizeof(derived), k->secret, crypto_box_SECRETKEYBYTES,
				 (const uint8_t *)label, sizeof(label) - 1);
	(void)crypto_generichash_init(&mac->keyed, derived, sizeof(derived), MAC_LEN);
	lanes_begin(&mac->lanes, MAC_LEN, derived, sizeof(derived));
	sodium_memzero(derived, sizeof(derived));
	memcpy(mac->id, key_id(k), sizeof(mac->id));
	(void)sodium_mprotect_readonly(mac);
	*ret_k = mac;
	return SL_OK;
}

int mac_key_load(const char *path, struct mac_key **ret_k, struct sl_why *why)
{
	struct key *k = NULL;
	int r = key_load(path, KEY_LINK_MAC, NULL, &k, why);

	if (r == SL_OK)
		r = mac_key_of(k, ret_k);
	key_free(k);
	return r;
}

void mac_key_free(struct mac_key *k)
{
	sodium_free(k);
}

const char *mac_key_id(const struct mac_key *k)
{
	return k->id;
}

void mac_put(const struct mac_key *k, const void *bytes, size_t len, uint8_t out[MAC_LEN])
{
	crypto_generichash_state state = k->keyed;

	(void)crypto_generichash_update(&state, bytes, len);
	(void)crypto_generichash_final(&state, out, MAC_LEN);
	sodium_memzero(&state, sizeof(state));
}

bool mac_proved(const struct mac_key *k, const void *bytes, size_t len,
		const uint8_t mac[MAC_LEN])
{
	uint8_t want[MAC_LEN];

	mac_put(k, bytes, len, want);
	return sodium_memcmp(want, mac, MAC_LEN) == 0;
}

void mac_put_each(const struct mac_key *k, const uint8_t *const message[], size_t len,
		  unsigned n, uint8_t *const out[])
{
	const unsigned width = lanes_width();

	while (n > 0) {
		unsigned now = n < width ? n : width;

		/* Of a lone message, or an empty one, the other way is the faster. */
		if (now > 1 && len > 0) {
			lanes_hash(&k->lanes, message, len, now, out);
		} else {
			now = 1;
			mac_put(k, message[0], len, out[0]);
		}
		message += now;
		out += now;
		n -= now;
	}
}

void mac_proved_each(const struct mac_key *k, const uint8_t *const message[], size_t len,
		     unsigned n, const uint8_t *const mac[], bool ret_proved[])
{
	uint8_t want[LANES_MAX][MAC_LEN], *out[LANES_MAX];

	for (unsigned i = 0; i < LANES_MAX; i++)
		out[i] = want[i];
	for (unsigned done = 0, now; done < n; done += now) {
		now = n - done < LANES_MAX ? n - done : LANES_MAX;
		mac_put_each(k, message + done, len, now, out);
		for (unsigned i = 0; i < now; i++)
			ret_proved[done + i] =
				sodium_memcmp(want[i], mac[done + i], MAC_LEN) == 0;
	}
}
