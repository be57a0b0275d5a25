/* link.c - our side of the cross-check of udp mode with link.py.
 *
 *   write DIR          the sender's own code sends units, heartbeats and probes into a file:
 *                      DIR/mac DIR/units/SERIAL.PRIORITY.unit DIR/capture
 *   read DIR CAPTURE   what a receiver does with each datagram of CAPTURE: whole units below
 *                      DIR/quarantine
 *   example            the example of docs/link-format.md
 * A capture is datagrams, each after its length in 2 bytes. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "link/assemble.h"
#include "link/repair.h"
#include "link/spray.h"
#include "link/window.h"

enum { CAPTURE_MAX = 64 << 20 };
static const int64_t epoch_ms = INT64_C(1794279310000);

static void need(int r, const char *what)
{
	if (r >= SL_OK)
		return;
	(void)fprintf(stderr, "link.c: %s: %s\n", what, sl_strerror(r));
	exit(1);
}

static struct key *fixed_key(void)
{
	uint8_t seed[32];
	struct key *k = NULL;

	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)i;
	need(key_generate(KEY_LINK_MAC, seed, &k), "key");
	return k;
}

static int directory(int parent, const char *name)
{
	int fd;

	if (mkdirat(parent, name, 0700) != 0)
		need(SL_E_IO, name);
	fd = file_open_dir(parent, name);
	need(fd, name);
	return fd;
}

/* The sender's wire, and its clock, which only waiting moves. */
struct wire {
	struct buf capture;
	int64_t ns;
	struct mac_key *key;
	struct session session;
	int units;
	struct spray *recall; /* sent once from within a unit that is on its way */
};

static void put(struct wire *w, const uint8_t *bytes, size_t len)
{
	buf_put_u16(&w->capture, (uint16_t)len);
	buf_put(&w->capture, bytes, len);
}

static int send(void *arg, const uint8_t *bytes, size_t len, unsigned n)
{
	struct wire *w = arg;

	for (unsigned i = 0; i < n; i++)
		put(w, bytes + i * len, len);
	return buf_error(&w->capture);
}

static int64_t now_ns(void *arg)
{
	const struct wire *w = arg;

	return w->ns;
}

static void wait_ns(void *arg, int64_t until_ns)
{
	struct wire *w = arg;

	w->ns = until_ns;
}

static int64_t unix_ms(void *arg)
{
	return epoch_ms + now_ns(arg) / 1000000;
}

static struct spray *spray_of(struct wire *w, uint32_t mtu, uint32_t loss)
{
	const struct spray_options o = {.rate_bits = 100000000,
					.mtu = mtu,
					.headers = DATAGRAM_IPV4,
					.loss_permille = loss,
					.interleave = 4,
					.key = w->key,
					.session = &w->session,
					.send = send,
					.now_ns = now_ns,
					.wait_ns = wait_ns,
					.unix_ms = unix_ms,
					.arg = w};
	struct spray *s = NULL;

	need(spray_new(&o, &s), "spray");
	return s;
}

/* A file of bytes that do not repeat. */
static int unit_file(int dir, const struct spool_entry *e, size_t len)
{
	char name[SPOOL_NAME + 1];
	uint64_t x = (uint64_t)e->serial * 7919 + 1;
	struct buf b;
	int fd;

	buf_init(&b, len);
	for (size_t i = 0; i < len; i++) {
		x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
		buf_put_u8(&b, (uint8_t)(x >> 56));
	}
	need(buf_error(&b), "unit");
	spool_name(e, name);
	need(file_write_durable(dir, name, b.data, b.len, 0600), name);
	buf_release(&b);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	need(fd < 0 ? SL_E_IO : SL_OK, name);
	return fd;
}

static int overtake(void *arg)
{
	static const struct spool_entry recall = {.serial = 99, .priority = SPOOL_RECALL};
	struct wire *w = arg;
	struct spray *s = w->recall;
	int fd;

	if (s == NULL)
		return SL_OK;
	w->recall = NULL;
	fd = unit_file(w->units, &recall, 2000);
	need(spray_unit(s, &recall, fd, NULL, NULL), "recall");
	file_close(fd);
	return SL_OK;
}

static void put_probe(struct wire *w)
{
	static const struct probe p = {
		.run = 77, .step = 1, .steps = 2, .index = 9, .of = 10, .rate_kbit = 5000};
	uint8_t out[256] = {0};
	struct datagram d = {.kind = DATAGRAM_PROBE,
			     .session = UINT32_MAX, /* of its own: the sender's stays good */
			     .number = 1,
			     .body = out + DATAGRAM_HEAD,
			     .len = sizeof(out) - DATAGRAM_FRAMING};

	probe_put(&p, out + DATAGRAM_HEAD);
	put(w, out, datagram_write(&d, w->key, out));
}

/* What a stranger on the wire can do: an old datagram again, and one with a bit changed. */
static void put_strange(struct wire *w)
{
	size_t len = (size_t)w->capture.data[0] << 8 | w->capture.data[1];
	uint8_t *bytes = malloc(len);

	need(bytes == NULL ? SL_E_NOMEM : SL_OK, "memory");
	memcpy(bytes, w->capture.data + 2, len);
	put(w, bytes, len);
	bytes[len / 2] ^= 4;
	put(w, bytes, len);
	free(bytes);
}

static void write_all(const char *path)
{
	static const struct {
		size_t len;
		uint32_t mtu, loss;
	} rows[] = {{1, 1500, 30},	 {40, 9000, 200},   {1000, 576, 10},
		    {4096, 1500, 30},	 {4096, 9000, 50},  {70000, 1500, 30},
		    {300000, 1500, 200}, {400000, 1500, 0}, {1500000, 576, 30},
		    {3000000, 1500, 30}};
	int dir = file_open_dir(AT_FDCWD, path), outbox;
	struct wire w = {.ns = 1};
	struct key *k = fixed_key();
	char name[4096];

	need(dir, path);
	need(file_join(name, sizeof(name), path, "mac"), path);
	need(key_write(k, name, NULL), name);
	need(mac_key_of(k, &w.key), "MAC key");
	buf_init(&w.capture, CAPTURE_MAX);
	w.units = directory(dir, "units");
	outbox = directory(dir, "outbox");
	need(session_begin(&w.session, outbox, epoch_ms / 1000), "session");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct spool_entry e = {.serial = (int64_t)i + 1,
					      .priority = (uint8_t)(i % 10)};
		const struct heartbeat h = {.highest = (uint32_t)e.serial};
		struct spray *s = spray_of(&w, rows[i].mtu, rows[i].loss);
		int fd = unit_file(w.units, &e, rows[i].len);

		w.recall = rows[i].len == 3000000 ? s : NULL;
		need(spray_unit(s, &e, fd, overtake, &w), "unit");
		need(spray_heartbeat(s, &h), "heartbeat");
		file_close(fd);
		spray_free(s);
		put_probe(&w);
	}
	put_strange(&w);
	need(file_write_durable(dir, "capture", w.capture.data, w.capture.len, 0600),
	     "capture");
	buf_release(&w.capture);
	mac_key_free(w.key);
	key_free(k);
	file_close(outbox);
	file_close(w.units);
	file_close(dir);
}

struct counts {
	unsigned units, heartbeats, refused, replayed;
};

static void take(struct assemble *a, const struct mac_key *key, struct window *w,
		 struct cur *bytes, struct counts *n)
{
	struct datagram d;
	struct heartbeat h;
	int r;

	if (!datagram_proved(bytes->p, cur_left(bytes), key) ||
	    datagram_parse(bytes->p, cur_left(bytes), &d) != SL_OK) {
		n->refused++;
	} else if (window_take(w, d.session, d.number) != WINDOW_FRESH) {
		n->replayed++;
	} else if (d.kind == DATAGRAM_HEARTBEAT) {
		need(heartbeat_parse(d.body, d.len, &h), "heartbeat");
		n->heartbeats += h.highest == d.serial;
	} else {
		r = assemble_symbol(a, &d);
		need(r == SL_E_EXISTS ? SL_OK : r, "symbol");
		n->units += r == 1;
	}
}

static void read_all(const char *path, const char *capture)
{
	int dir = file_open_dir(AT_FDCWD, path), quarantine, state;
	struct window *window = malloc(sizeof(*window));
	struct counts n = {.units = 0};
	struct mac_key *key = NULL;
	struct quarantine *q = NULL;
	struct assemble *a = NULL;
	struct sl_why why = {.text = ""};
	char name[4096];
	struct buf b;
	struct cur c;

	need(window == NULL ? SL_E_NOMEM : dir, path);
	need(file_join(name, sizeof(name), path, "mac"), path);
	need(mac_key_load(name, &key, &why), name);
	quarantine = directory(dir, "quarantine");
	state = directory(dir, "state");
	need(quarantine_open(quarantine, state, &q), "quarantine");
	need(assemble_open(q, &a), "assemble");
	buf_init(&b, CAPTURE_MAX);
	need(file_read(AT_FDCWD, capture, CAPTURE_MAX, &b), capture);
	window_start(window, 0, 0);
	cur_init(&c, b.data, b.len);
	while (cur_left(&c) > 0) {
		uint16_t len = cur_u16(&c);
		const uint8_t *p = cur_bytes(&c, len);
		struct cur one;

		need(p == NULL ? SL_E_FORMAT : SL_OK, capture);
		cur_init(&one, p, len);
		take(a, key, window, &one, &n);
	}
	printf("%u units, %u heartbeats, %u replayed, %u refused\n", n.units, n.heartbeats,
	       n.replayed, n.refused);
	buf_release(&b);
	assemble_close(a);
	quarantine_close(q);
	mac_key_free(key);
	free(window);
	file_close(state);
	file_close(quarantine);
	file_close(dir);
}

static void show(const char *name, const uint8_t *bytes, size_t len)
{
	enum { LINE = 38 };
	char hex[2 * LINE + 1];

	for (size_t at = 0; at < len; at += LINE) {
		text_hex(bytes + at, len - at < LINE ? len - at : LINE, hex);
		printf("%-11s%s\n", at == 0 ? name : "", hex);
	}
}

static void example(void)
{
	enum { UNIT = 20, S = 16, K = 4, M = 2 };
	static const char unit[] = "twenty bytes of text";
	static const struct heartbeat h = {.time_ms = INT64_C(1794279310000),
					   .highest = 42,
					   .lowest_repeat = 40,
					   .repeating = 3,
					   .rate_kbit = 950000,
					   .loss_permille = 30,
					   .size = 1472};
	uint8_t object[(K + M) * S] = {0}, out[128], beat[HEARTBEAT_BODY];
	const uint8_t *data[K];
	uint8_t *repair[M];
	struct datagram d = {.kind = DATAGRAM_SYMBOL,
			     .priority = 5,
			     .session = 216442510,
			     .serial = 42,
			     .total = UNIT + DIGEST_LEN,
			     .m = M,
			     .len = S};
	struct key *k = fixed_key();
	struct mac_key *key = NULL;
	struct repair *r = NULL;
	char name[16];

	need(mac_key_of(k, &key), "MAC key");
	need(repair_new(&r), "repair");
	memcpy(object, unit, UNIT);
	digest_bytes(unit, UNIT, object + UNIT);
	for (unsigned i = 0; i < K; i++)
		data[i] = object + i * S;
	for (unsigned i = 0; i < M; i++)
		repair[i] = object + (K + i) * S;
	need(repair_encode(r, K, M, S, data, repair), "encode");
	show("unit", object, UNIT);
	show("digest", object + UNIT, DIGEST_LEN);
	for (unsigned i = 0; i < K + M; i++) {
		d.number++;
		d.symbol = (uint8_t)i;
		d.body = object + i * S;
		(void)snprintf(name, sizeof(name), "symbol %u", i);
		show(name, out, datagram_write(&d, key, out));
	}
	heartbeat_put(&h, beat);
	d = (struct datagram){.kind = DATAGRAM_HEARTBEAT,
			      .session = d.session,
			      .number = d.number + 1,
			      .serial = h.highest,
			      .body = beat,
			      .len = sizeof(beat)};
	show("heartbeat", out, datagram_write(&d, key, out));
	repair_free(r);
	mac_key_free(key);
	key_free(k);
}

int main(int argc, char **argv)
{
	need(crypto_start(), "libsodium");
	if (argc == 3 && strcmp(argv[1], "write") == 0)
		write_all(argv[2]);
	else if (argc == 4 && strcmp(argv[1], "read") == 0)
		read_all(argv[2], argv[3]);
	else if (argc == 2 && strcmp(argv[1], "example") == 0)
		example();
	else
		need(SL_E_USAGE, "write DIR, read DIR CAPTURE or example");
	return 0;
}
