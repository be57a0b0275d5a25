/* strangers.c - what somebody on the wire could send; see strangers.h. */
#include "strangers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST = 65507,
	HEAD = 22,
	SEEN = 1024,
	SEEN_LEN = 9000,
	EARLIER_MAX = 256 << 20,
	SESSION = 2, /* where the session stands in the head */
	SERIAL = 10, /* from here on it is about the unit */
	AHEAD = 1000000
};

struct strangers {
	struct chance chance;
	struct mac_key *other; /* nobody's */
	struct mac_key *own;   /* the link's, or NULL */
	uint8_t bytes[MOST];
	struct {
		uint8_t bytes[SEEN_LEN];
		size_t len;
	} seen[SEEN]; /* ring */
	unsigned n_seen;
	uint8_t *earlier; /* whole record */
	size_t earlier_len;
	size_t *at; /* of each datagram in it */
	size_t n_earlier;
};

static size_t length_at(const struct strangers *s, size_t at)
{
	const uint8_t *p = s->earlier + at;

	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

/* Where each begins; a record that was cut off ends with its last whole one. */
static void index_earlier(struct strangers *s)
{
	for (size_t at = 0; s->earlier_len - at > 4;) {
		size_t len = length_at(s, at);

		if (len > MOST || len > s->earlier_len - at - 4)
			return;
		s->at[s->n_earlier++] = at;
		at += 4 + len;
	}
}

static bool read_earlier(struct strangers *s, const char *path)
{
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return false;
	s->earlier = malloc(EARLIER_MAX);
	if (s->earlier != NULL)
		s->earlier_len = fread(s->earlier, 1, EARLIER_MAX, f);
	(void)fclose(f);
	s->at = calloc(s->earlier_len / 4 + 1, sizeof(*s->at));
	if (s->earlier == NULL || s->at == NULL)
		return false;
	index_earlier(s);
	return s->n_earlier > 0;
}

struct strangers *strangers_new(uint64_t seed, const char *earlier, const char *key)
{
	struct strangers *s = calloc(1, sizeof(*s));
	uint8_t raw[32];
	struct key *k = NULL;

	if (s == NULL)
		return NULL;
	s->chance.state = ~seed;
	chance_fill(&s->chance, raw, sizeof(raw));
	if (key_generate(KEY_LINK_MAC, raw, &k) != 0 || mac_key_of(k, &s->other) != 0 ||
	    (earlier != NULL && !read_earlier(s, earlier)) ||
	    (key != NULL && mac_key_load(key, &s->own, NULL) != 0)) {
		strangers_free(s);
		s = NULL;
	}
	key_free(k);
	return s;
}

void strangers_free(struct strangers *s)
{
	if (s == NULL)
		return;
	mac_key_free(s->other);
	mac_key_free(s->own);
	free(s->earlier);
	free(s->at);
	free(s);
}

void strangers_seen(struct strangers *s, const uint8_t *bytes, size_t len)
{
	unsigned i = s->n_seen % SEEN;

	/* Every 8th: what is replayed should be from well before. */
	if (len > SEEN_LEN || !chance_hits(&s->chance, CHANCE_ALWAYS / 8))
		return;
	memcpy(s->seen[i].bytes, bytes, len);
	s->seen[i].len = len;
	s->n_seen++;
}

/* Lengths at which something begins or ends, and any other, short ones more often. */
static size_t any_length(struct strangers *s)
{
	static const size_t edges[] = {0,  1,  2,  21, 22,   23,   37,	  38,  39,
				       54, 63, 64, 65, 1472, 9000, 65506, MOST};

	if (chance_hits(&s->chance, CHANCE_ALWAYS / 2))
		return edges[chance_below(&s->chance, sizeof(edges) / sizeof(edges[0]))];
	return (size_t)exp2((double)chance_below(&s->chance, 1600) / 100.0) % MOST;
}

static enum stranger choose(struct strangers *s)
{
	for (;;) {
		enum stranger kind = (enum stranger)chance_below(&s->chance, STRANGERS);

		if ((kind == STRANGER_EARLIER && s->n_earlier == 0) ||
		    (kind == STRANGER_REPLAYED && s->n_seen == 0))
			continue;
		return kind;
	}
}

static size_t make_random(struct strangers *s)
{
	size_t len = any_length(s);

	chance_fill(&s->chance, s->bytes, len);
	return len;
}

static size_t make_head(struct strangers *s, const uint8_t *real, size_t real_len)
{
	size_t len = make_random(s), head = real_len < HEAD ? real_len : HEAD;

	memcpy(s->bytes, real, head < len ? head : len);
	return len;
}

static size_t make_foreign(struct strangers *s, const uint8_t *real, size_t len, uint32_t ahead)
{
	uint32_t session;

	memcpy(s->bytes, real, len);
	if (len < HEAD + MAC_LEN)
		return len;
	session = (uint32_t)real[SESSION] << 24 | (uint32_t)real[SESSION + 1] << 16 |
		  (uint32_t)real[SESSION + 2] << 8 | real[SESSION + 3];
	session += ahead;
	for (unsigned i = 0; i < 4; i++)
		s->bytes[SESSION + i] = (uint8_t)(session >> (24 - 8 * i));
	mac_put(s->other, s->bytes, len - MAC_LEN, s->bytes + len - MAC_LEN);
	return len;
}

enum stranger strangers_next(struct strangers *s, const uint8_t *real, size_t real_len,
			     const uint8_t **ret_bytes, size_t *ret_len)
{
	enum stranger kind = choose(s);
	size_t i;

	*ret_bytes = s->bytes;
	switch (kind) {
	case STRANGER_HEAD:
		*ret_len = make_head(s, real, real_len);
		break;
	case STRANGER_CUT:
		memcpy(s->bytes, real, real_len);
		*ret_len = real_len == 0 ? 0 : (size_t)chance_below(&s->chance, real_len);
		break;
	case STRANGER_FOREIGN:
		*ret_len = make_foreign(s, real, real_len, 0);
		break;
	case STRANGER_FUTURE:
		*ret_len = make_foreign(s, real, real_len, AHEAD);
		break;
	case STRANGER_REPLAYED:
		i = (size_t)chance_below(&s->chance, s->n_seen < SEEN ? s->n_seen : SEEN);
		*ret_bytes = s->seen[i].bytes;
		*ret_len = s->seen[i].len;
		break;
	case STRANGER_EARLIER:
		i = s->at[chance_below(&s->chance, s->n_earlier)];
		*ret_bytes = s->earlier + i + 4;
		*ret_len = length_at(s, i);
		break;
	case STRANGER_RANDOM:
	default:
		*ret_len = make_random(s);
		break;
	}
	return kind;
}

void strangers_lie(struct strangers *s, uint8_t *bytes, size_t len)
{
	uint64_t bit;

	if (s->own == NULL || len <= HEAD + MAC_LEN)
		return;
	bit = chance_below(&s->chance, (len - MAC_LEN - SERIAL) * 8);
	/* Every second one about the head, which is short. */
	if (chance_hits(&s->chance, CHANCE_ALWAYS / 2))
		bit %= (HEAD - SERIAL) * 8;
	bytes[SERIAL + bit / 8] ^= (uint8_t)(1u << (bit % 8));
	mac_put(s->own, bytes, len - MAC_LEN, bytes + len - MAC_LEN);
}

void strangers_record(FILE *record, const uint8_t *bytes, size_t len)
{
	const uint8_t head[4] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16),
				 (uint8_t)(len >> 8), (uint8_t)len};

	if (fwrite(head, 1, sizeof(head), record) != sizeof(head) ||
	    fwrite(bytes, 1, len, record) != len)
		perror("record");
}
