/* spray.c - one unit as datagrams: which symbol comes next, and when.
 *
 * Trusted input: sealed units that the releaser finished by rename; they do not change while
 * they are mapped.  Invariant: between two calls of between() the batch is empty, so that
 * whatever is sprayed from within it cannot mix with this unit's datagrams. */
#include "link/spray.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link/pace.h"
#include "link/repair.h"
#include "link/udp_out.h"

enum {
	BURST_NS = 2000000,   /* credit that may gather while we wait for the processor */
	BATCH_NS = 1000000,   /* at most so much of the rate goes out at once */
	BETWEEN_NS = 2000000, /* how often others are let in between */
	SLICE_NS = 50000000,
	HEARTBEAT_SHARE = 50 /* a padded heartbeat a second costs at most 1/50 of the rate */
};

struct spray {
	struct spray_options o;
	struct pace pace;
	struct repair *repair;
	uint8_t *batch; /* UDP_OUT_BATCH datagrams of the largest size */
	size_t symbol_max;
	struct spray_counts counts;
};

/* A unit on its way. */
struct object {
	struct spray *s;
	const struct spool_entry *e;
	struct geometry g;
	const uint8_t *map;
	size_t len; /* of the unit; then comes the digest */
	struct digest *digest;
	/* The symbols that hold the unit's end, its digest and padding. */
	uint8_t *tail;
	uint32_t tail_first;
	/* The group: its repair symbols, block after block. */
	uint8_t *repairs;
	uint32_t first, blocks; /* of the group */
	uint32_t encoded;	/* how many of them have their repair symbols */
	/* The next symbol. */
	unsigned round;
	uint32_t at; /* block of the group */
	int (*between)(void *arg);
	void *arg;
	int64_t let_in; /* when between() was called last */
};

static int64_t now_ns(const struct spray *s)
{
	return s->o.now_ns(s->o.arg);
}

int spray_new(const struct spray_options *o, struct spray **ret_s)
{
	struct spray *s = calloc(1, sizeof(*s));
	size_t payload = o->mtu - o->headers;
	int r;

	if (s == NULL)
		return SL_E_NOMEM;
	BUG(o->mtu < 2 * DATAGRAM_IPV6 + DATAGRAM_FRAMING || o->interleave == 0);
	s->o = *o;
	if (payload > DATAGRAM_MAX)
		payload = DATAGRAM_MAX;
	s->symbol_max = payload - DATAGRAM_FRAMING;
	s->batch = malloc(UDP_OUT_BATCH * payload);
	r = s->batch == NULL ? SL_E_NOMEM : repair_new(&s->repair);
	if (r != SL_OK) {
		spray_free(s);
		return r;
	}
	pace_start(&s->pace, o->rate_bits, BURST_NS, now_ns(s));
	*ret_s = s;
	return SL_OK;
}

void spray_free(struct spray *s)
{
	if (s == NULL)
		return;
	repair_free(s->repair);
	free(s->batch);
	free(s);
}

void spray_counts(const struct spray *s, struct spray_counts *ret_c)
{
	*ret_c = s->counts;
}

static int send_batch(struct spray *s, size_t len, unsigned n)
{
	int r;

	datagram_seal(s->o.key, s->batch, len, n);
	r = s->o.send(s->o.arg, s->batch, len, n);
	if (r == SL_OK) {
		s->counts.datagrams += n;
		s->counts.bytes += n * (len + s->o.headers);
	}
	return r;
}

/* All but the MAC of the datagram whose body already stands in its place of the batch. */
static int finish(struct spray *s, struct datagram *d, unsigned place)
{
	uint8_t *out = s->batch + place * (DATAGRAM_FRAMING + d->len);
	int r = session_next(s->o.session, s->o.unix_ms(s->o.arg) / 1000, &d->session,
			     &d->number);

	if (r != SL_OK)
		return r;
	(void)datagram_put(d, out);
	return SL_OK;
}

int spray_heartbeat(struct spray *s, const struct heartbeat *h)
{
	struct heartbeat full = *h;
	struct datagram d = {.kind = DATAGRAM_HEARTBEAT, .serial = h->highest};
	uint64_t most = s->o.rate_bits / 8 / HEARTBEAT_SHARE;
	uint8_t *body = s->batch + DATAGRAM_HEAD;
	int r;

	full.time_ms = s->o.unix_ms(s->o.arg);
	full.rate_kbit = s->o.rate_bits / 1000 > UINT32_MAX ? UINT32_MAX
							    : (uint32_t)(s->o.rate_bits / 1000);
	full.loss_permille = (uint16_t)s->o.loss_permille;
	full.size = (uint16_t)(s->symbol_max + DATAGRAM_FRAMING);
	d.len = s->symbol_max;
	if (d.len + DATAGRAM_FRAMING + s->o.headers > most)
		d.len = HEARTBEAT_BODY;
	memset(body, 0, d.len);
	heartbeat_put(&full, body);
	r = finish(s, &d, 0);
	if (r != SL_OK)
		return r;
	(void)pace_take(&s->pace, d.len + DATAGRAM_FRAMING + s->o.headers, now_ns(s));
	return send_batch(s, d.len + DATAGRAM_FRAMING, 1);
}

/* Symbol `index` of the object, s bytes. */
static const uint8_t *data_symbol(const struct object *o, uint32_t index)
{
	if (index < o->tail_first)
		return o->map + (size_t)index * o->g.s;
	return o->tail + (size_t)(index - o->tail_first) * o->g.s;
}

/* Bytes of the object before block b, of which the unit's end is the most. */
static size_t before_block(const struct object *o, uint32_t b)
{
	size_t end =
		(b < o->g.blocks ? geometry_first(&o->g, b) : o->g.symbols) * (size_t)o->g.s;

	return end < o->len ? end : o->len;
}

/* Blocks are encoded in order, so the digest grows along and is there for the last. */
static int encode(struct object *o, uint32_t b)
{
	const uint8_t *data[GEOMETRY_BLOCK];
	uint8_t *out[GEOMETRY_BLOCK];
	unsigned k = geometry_k(&o->g, b);
	uint32_t first = geometry_first(&o->g, b);
	uint8_t *repairs = o->repairs + (size_t)(b - o->first) * o->g.m * o->g.s;
	size_t from = before_block(o, b), to = before_block(o, b + 1);

	digest_update(o->digest, o->map + from, to - from);
	if (b == o->g.blocks - 1)
		digest_final(o->digest, o->tail + (o->len - (size_t)o->tail_first * o->g.s));
	if (o->g.m == 0)
		return SL_OK;
	for (unsigned i = 0; i < k; i++)
		data[i] = data_symbol(o, first + i);
	for (unsigned i = 0; i < o->g.m; i++)
		out[i] = repairs + (size_t)i * o->g.s;
	return repair_encode(o->s->repair, k, o->g.m, o->g.s, data, out);
}

/* Encode the group's first n blocks. */
static int encode_up_to(struct object *o, uint32_t n)
{
	int r = SL_OK;

	if (n > o->blocks)
		n = o->blocks;
	for (; r == SL_OK && o->encoded < n; o->encoded++)
		r = encode(o, o->first + o->encoded);
	return r;
}

/* Encoding is spread over the rounds of data, so that it never holds up the wire for long;
 * *ret_bytes: the symbol, borrowed. */
static int symbol(struct object *o, uint32_t b, unsigned i, const uint8_t **ret_bytes)
{
	unsigned k = geometry_k(&o->g, b), most = geometry_k(&o->g, o->first);
	uint32_t index = geometry_first(&o->g, b) + i;
	uint64_t due = (uint64_t)o->blocks * (o->round + 1);
	int r = encode_up_to(o, (uint32_t)((due + most - 1) / most));

	/* What holds the digest needs all that comes before. */
	if (r == SL_OK && (i >= k || index >= o->tail_first))
		r = encode_up_to(o, o->blocks);
	if (r != SL_OK)
		return r;
	if (i < k)
		*ret_bytes = data_symbol(o, index);
	else
		*ret_bytes = o->repairs + ((size_t)(b - o->first) * o->g.m + (i - k)) * o->g.s;
	return SL_OK;
}

/* The next symbol's place; false when the group is through.  Blocks differ by one data
 * symbol at most, so the last round is one for some of them only. */
static bool next(struct object *o, uint32_t *ret_block, unsigned *ret_i)
{
	unsigned most = geometry_k(&o->g, o->first) + o->g.m;

	for (; o->round < most; o->round++, o->at = 0) {
		while (o->at < o->blocks) {
			uint32_t b = o->first + o->at++;

			if (o->round < geometry_k(&o->g, b) + o->g.m) {
				*ret_block = b;
				*ret_i = o->round;
				return true;
			}
		}
	}
	return false;
}

static int let_in(struct object *o)
{
	int64_t now = now_ns(o->s);

	if (o->between == NULL || now - o->let_in < BETWEEN_NS)
		return SL_OK;
	o->let_in = now;
	return o->between(o->arg);
}

/* Until so many datagrams may leave; others come in meanwhile. */
static int wait_for(struct object *o, unsigned n)
{
	struct spray *s = o->s;
	size_t wire = o->g.s + DATAGRAM_FRAMING + s->o.headers;
	int64_t now = now_ns(s), until = now + pace_take(&s->pace, n * wire, now);
	int r = let_in(o);

	while (r == SL_OK && (now = now_ns(s)) < until) {
		s->o.wait_ns(s->o.arg, until - now > SLICE_NS ? now + SLICE_NS : until);
		r = let_in(o);
	}
	return r;
}

/* How many datagrams make a batch: few at a low rate, so that nobody waits long behind. */
static unsigned batch_of(const struct object *o)
{
	uint64_t wire = o->g.s + DATAGRAM_FRAMING + o->s->o.headers;
	uint64_t n = o->s->o.rate_bits / 8 / (1000000000 / BATCH_NS) / wire;

	return n < 1 ? 1 : n > UDP_OUT_BATCH ? UDP_OUT_BATCH : (unsigned)n;
}

static int send_group(struct object *o)
{
	const unsigned most = batch_of(o);
	const size_t len = DATAGRAM_FRAMING + o->g.s;
	uint64_t left = 0;
	int r = SL_OK;

	for (uint32_t b = o->first; b < o->first + o->blocks; b++)
		left += geometry_k(&o->g, b) + o->g.m;
	while (r == SL_OK && left > 0) {
		unsigned n = left < most ? (unsigned)left : most;

		r = wait_for(o, n);
		for (unsigned place = 0; r == SL_OK && place < n; place++) {
			struct datagram d = {.kind = DATAGRAM_SYMBOL,
					     .priority = o->e->priority,
					     .serial = (uint32_t)o->e->serial,
					     .total = o->g.total,
					     .m = (uint8_t)o->g.m,
					     .len = o->g.s};
			const uint8_t *bytes = NULL;
			uint32_t b = 0;
			unsigned i = 0;

			BUG(!next(o, &b, &i));
			d.block = (uint16_t)b;
			d.symbol = (uint8_t)i;
			r = symbol(o, b, i, &bytes);
			if (r != SL_OK)
				break;
			memcpy(o->s->batch + place * len + DATAGRAM_HEAD, bytes, o->g.s);
			r = finish(o->s, &d, place);
		}
		if (r == SL_OK)
			r = send_batch(o->s, len, n);
		left -= n;
	}
	return r;
}

/* Blocks of a group: as configured, as few as memory bounds, and all groups alike, since a
 * small last one would not withstand a burst. */
static uint32_t group_of(const struct object *o)
{
	uint64_t repairs = (uint64_t)o->g.m * o->g.s;
	uint64_t data = (uint64_t)geometry_k(&o->g, 0) * o->g.s;
	uint64_t depth = o->s->o.interleave, groups;

	if (depth * repairs > SPRAY_REPAIR_BYTES)
		depth = SPRAY_REPAIR_BYTES / repairs;
	if (depth * data > SPRAY_GROUP_BYTES)
		depth = SPRAY_GROUP_BYTES / data;
	if (depth < 1)
		depth = 1;
	groups = (o->g.blocks + depth - 1) / depth;
	return (uint32_t)((o->g.blocks + groups - 1) / groups);
}

/* The group's pages of the unit are not needed any more. */
static void forget(const struct object *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t from = before_block(o, o->first) / page * page;
	size_t to = before_block(o, o->first + o->blocks);

	if (to > from)
		(void)madvise((void *)(uintptr_t)(o->map + from), to - from, MADV_DONTNEED);
}

static int send_groups(struct object *o)
{
	const uint32_t depth = group_of(o);
	int r = SL_OK;

	o->repairs = malloc((size_t)depth * o->g.m * o->g.s + 1);
	if (o->repairs == NULL)
		return SL_E_NOMEM;
	for (o->first = 0; r == SL_OK && o->first < o->g.blocks; o->first += depth) {
		o->blocks = o->g.blocks - o->first < depth ? o->g.blocks - o->first : depth;
		o->encoded = 0;
		o->round = 0;
		o->at = 0;
		r = send_group(o);
		forget(o);
	}
	return r;
}

/* Map the unit and lay out its last symbols. */
static int object_open(struct object *o, int fd)
{
	struct stat st;
	size_t s;
	int r;

	if (fstat(fd, &st) != 0)
		return SL_E_IO;
	if (!S_ISREG(st.st_mode) || st.st_size < 1)
		return SL_E_FORMAT;
	if ((uint64_t)st.st_size > FRAME_UNIT_MAX || o->e->serial > UINT32_MAX)
		return SL_E_LIMIT;
	o->len = (size_t)st.st_size;
	r = geometry_plan((uint32_t)(o->len + DIGEST_LEN), (uint32_t)o->s->symbol_max,
			  o->s->o.loss_permille, &o->g);
	if (r != SL_OK)
		return r;
	s = o->g.s;
	o->tail_first = (uint32_t)(o->len / s);
	o->tail = calloc(o->g.symbols - o->tail_first, s);
	o->map = mmap(NULL, o->len, PROT_READ, MAP_SHARED, fd, 0);
	if (o->map == MAP_FAILED)
		o->map = NULL;
	if (o->tail == NULL || o->map == NULL)
		return SL_E_NOMEM;
	memcpy(o->tail, o->map + o->tail_first * s, o->len - o->tail_first * s);
	return digest_new(&o->digest);
}

static void object_close(struct object *o)
{
	if (o->map != NULL)
		(void)munmap((void *)(uintptr_t)o->map, o->len);
	digest_free(o->digest);
	free(o->tail);
	free(o->repairs);
}

int spray_unit(struct spray *s, const struct spool_entry *e, int fd, int (*between)(void *arg),
	       void *arg)
{
	struct object o = {.s = s, .e = e, .between = between, .arg = arg};
	int r = object_open(&o, fd);

	o.let_in = now_ns(s);
	if (r == SL_OK)
		r = send_groups(&o);
	object_close(&o);
	return r;
}
