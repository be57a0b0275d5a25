/* spray_kit.c - see the header. */
#include "spray_kit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/repair.h"
#include "trust_kit.h"

static const int64_t unix_s = DATAGRAM_EPOCH + 1000;

static int keep(void *arg, const uint8_t *bytes, size_t len, unsigned n)
{
	struct spray_kit *k = arg;

	if (k->fail_after != 0 && k->batches == k->fail_after)
		return SL_E_UNREACHABLE;
	k->batches++;
	for (unsigned i = 0; i < n; i++) {
		struct spray_kit_datagram *g;

		if (k->n == k->cap) {
			k->cap = k->cap * 2 + 1024;
			k->got = realloc(k->got, k->cap * sizeof(*k->got));
			assert_non_null(k->got);
		}
		g = &k->got[k->n++];
		g->bytes = malloc(len);
		assert_non_null(g->bytes);
		memcpy(g->bytes, bytes + i * len, len);
		g->len = len;
		g->at_ns = k->now_ns;
		assert_true(datagram_proved(g->bytes, len, k->key));
		assert_int_equal(datagram_parse(g->bytes, len, &g->d), SL_OK);
	}
	return SL_OK;
}

static int64_t now_ns(void *arg)
{
	return ((struct spray_kit *)arg)->now_ns;
}

static void wait_ns(void *arg, int64_t until)
{
	struct spray_kit *k = arg;

	assert_true(until > k->now_ns);
	k->now_ns = until;
}

static int64_t unix_ms(void *arg)
{
	return unix_s * 1000 + ((struct spray_kit *)arg)->now_ns / 1000000;
}

void spray_kit_new(struct spray_kit *k, uint64_t rate, uint32_t mtu, uint32_t loss,
		   uint32_t interleave)
{
	struct spray_options o = {.rate_bits = rate,
				  .mtu = mtu,
				  .headers = DATAGRAM_IPV4,
				  .loss_permille = loss,
				  .interleave = interleave,
				  .session = &k->session,
				  .send = keep,
				  .now_ns = now_ns,
				  .wait_ns = wait_ns,
				  .unix_ms = unix_ms,
				  .arg = k};
	struct key *pair;

	memset(k, 0, sizeof(*k));
	assert_int_equal(crypto_start(), SL_OK);
	k->headers = o.headers;
	(void)snprintf(k->dir, sizeof(k->dir), "/tmp/sluice-spray-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	k->dir_fd = file_open_dir(AT_FDCWD, k->dir);
	assert_true(k->dir_fd >= 0);
	pair = kit_key(KEY_LINK_MAC, 1);
	assert_int_equal(mac_key_of(pair, &k->key), SL_OK);
	key_free(pair);
	assert_int_equal(session_begin(&k->session, k->dir_fd, unix_s), SL_OK);
	o.key = k->key;
	assert_int_equal(spray_new(&o, &k->spray), SL_OK);
}

void spray_kit_forget(struct spray_kit *k)
{
	for (unsigned i = 0; i < k->n; i++)
		free(k->got[i].bytes);
	k->n = 0;
	k->batches = 0;
}

void spray_kit_free(struct spray_kit *k)
{
	spray_kit_forget(k);
	free(k->got);
	spray_free(k->spray);
	mac_key_free(k->key);
	file_close(k->dir_fd);
	assert_int_equal(file_remove_tree(AT_FDCWD, k->dir), SL_OK);
}

int spray_kit_unit(size_t len, uint8_t seed)
{
	uint8_t *bytes = malloc(len + 1);
	uint32_t x = seed + 1u;
	int fd;

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(x >> 24);
	}
	fd = file_in_memory(bytes, len);
	assert_true(fd >= 0);
	free(bytes);
	return fd;
}

/* Restore block b from what was kept of it, without its first `most` symbols. */
static void restore(const struct spray_kit *k, uint32_t serial, const struct geometry *g,
		    uint32_t b, unsigned most, struct repair *repair, uint8_t *object)
{
	unsigned n = geometry_k(g, b) + g->m, lost = 0;
	uint8_t *symbol[GEOMETRY_BLOCK];
	bool have[GEOMETRY_BLOCK] = {false};

	for (unsigned i = 0; i < n; i++) {
		symbol[i] = calloc(1, g->s);
		assert_non_null(symbol[i]);
	}
	for (unsigned i = 0; i < k->n; i++) {
		const struct datagram *d = &k->got[i].d;

		if (d->kind != DATAGRAM_SYMBOL || d->serial != serial || d->block != b)
			continue;
		assert_true(d->symbol < n);
		assert_int_equal(d->len, g->s);
		assert_false(have[d->symbol]); /* each once */
		if (lost < most) {
			lost++;
			continue;
		}
		have[d->symbol] = true;
		memcpy(symbol[d->symbol], d->body, d->len);
	}
	assert_int_equal(repair_decode(repair, geometry_k(g, b), g->m, g->s, symbol, have),
			 SL_OK);
	for (unsigned i = 0; i < geometry_k(g, b); i++)
		memcpy(object + (size_t)(geometry_first(g, b) + i) * g->s, symbol[i], g->s);
	for (unsigned i = 0; i < n; i++)
		free(symbol[i]);
}

bool spray_kit_whole(const struct spray_kit *k, uint32_t serial, int fd)
{
	struct repair *repair = NULL;
	uint8_t *object, *want, digest[DIGEST_LEN];
	struct geometry g = {.total = 0};
	unsigned of_unit = 0;
	bool complete;
	struct stat st;
	size_t len;

	assert_int_equal(fstat(fd, &st), 0);
	len = (size_t)st.st_size;
	for (unsigned i = 0; i < k->n; i++) {
		const struct datagram *d = &k->got[i].d;

		if (d->kind != DATAGRAM_SYMBOL || d->serial != serial)
			continue;
		if (of_unit++ == 0)
			assert_int_equal(geometry_of(d->total, (uint32_t)d->len, d->m, &g),
					 SL_OK);
		assert_int_equal(d->total, len + DIGEST_LEN);
		assert_int_equal(d->m, g.m);
	}
	assert_int_equal(g.total, len + DIGEST_LEN);
	complete = of_unit == g.symbols + g.blocks * g.m;
	object = calloc(g.symbols, g.s);
	want = malloc(len);
	assert_true(object != NULL && want != NULL);
	assert_int_equal(pread(fd, want, len, 0), len);
	assert_int_equal(repair_new(&repair), SL_OK);
	for (uint32_t b = 0; b < g.blocks; b++)
		restore(k, serial, &g, b, complete ? g.m : 0, repair, object);
	assert_memory_equal(object, want, len);
	digest_bytes(want, len, digest);
	assert_memory_equal(object + len, digest, DIGEST_LEN);
	for (size_t i = len + DIGEST_LEN; i < (size_t)g.symbols * g.s; i++)
		assert_int_equal(object[i], 0);
	repair_free(repair);
	free(object);
	free(want);
	return complete;
}
