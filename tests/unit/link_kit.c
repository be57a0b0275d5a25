/* link_kit.c - see link_kit.h. */
#include "link_kit.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/repair.h"

void link_kit_object(struct link_kit_object *o, uint32_t serial, size_t unit, uint32_t s,
		     unsigned m, unsigned seed)
{
	const uint8_t *data[GEOMETRY_BLOCK];
	uint8_t *out[GEOMETRY_BLOCK];
	struct repair *r = NULL;
	uint32_t x = seed * 2654435761u + serial;

	*o = (struct link_kit_object){.serial = serial, .unit = unit};
	assert_int_equal(geometry_of((uint32_t)unit + DIGEST_LEN, s, m, &o->g), SL_OK);
	o->data = calloc(o->g.symbols, s);
	o->repair = calloc((size_t)o->g.blocks * m + 1, s);
	assert_non_null(o->data);
	assert_non_null(o->repair);
	for (size_t i = 0; i < unit; i++) {
		x = x * 1664525u + 1013904223u;
		o->data[i] = (uint8_t)(x >> 24);
	}
	digest_bytes(o->data, unit, o->data + unit);
	assert_int_equal(repair_new(&r), SL_OK);
	for (uint32_t b = 0; b < o->g.blocks; b++) {
		unsigned k = geometry_k(&o->g, b);

		for (unsigned i = 0; i < k; i++)
			data[i] = o->data + ((size_t)geometry_first(&o->g, b) + i) * s;
		for (unsigned i = 0; i < m; i++)
			out[i] = o->repair + ((size_t)b * m + i) * s;
		assert_int_equal(repair_encode(r, k, m, s, data, out), SL_OK);
	}
	repair_free(r);
}

void link_kit_object_free(struct link_kit_object *o)
{
	free(o->data);
	free(o->repair);
}

struct datagram link_kit_symbol(const struct link_kit_object *o, uint32_t block, unsigned i)
{
	unsigned k = geometry_k(&o->g, block);
	size_t s = o->g.s;

	return (struct datagram){
		.kind = DATAGRAM_SYMBOL,
		.priority = 5,
		.session = 1,
		.number = 1,
		.serial = o->serial,
		.total = o->g.total,
		.block = (uint16_t)block,
		.symbol = (uint8_t)i,
		.m = (uint8_t)o->g.m,
		.body = i < k ? o->data + ((size_t)geometry_first(&o->g, block) + i) * s
			      : o->repair + ((size_t)block * o->g.m + (i - k)) * s,
		.len = s,
	};
}

unsigned link_kit_count(const struct link_kit_object *o)
{
	return o->g.symbols + o->g.blocks * o->g.m;
}

struct datagram link_kit_nth(const struct link_kit_object *o, unsigned n)
{
	/* Blocks differ by one symbol at most, and larger ones come first. */
	unsigned i = n / o->g.blocks, block = n % o->g.blocks;
	unsigned least = geometry_k(&o->g, o->g.blocks - 1) + o->g.m;

	if (i >= least) {
		block = n - least * o->g.blocks;
		i = least;
	}
	return link_kit_symbol(o, block, i);
}

static int sub(const struct link_kit_room *m, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", m->dir, name);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	return file_open_dir(AT_FDCWD, path);
}

void link_kit_room_open(struct link_kit_room *m)
{
	assert_int_equal(crypto_start(), SL_OK);
	(void)snprintf(m->dir, sizeof(m->dir), "/tmp/sluice-link-XXXXXX");
	assert_non_null(mkdtemp(m->dir));
	m->quarantine = sub(m, "quarantine");
	m->state = sub(m, "state");
	assert_int_equal(quarantine_open(m->quarantine, m->state, &m->q), SL_OK);
}

void link_kit_room_close(struct link_kit_room *m)
{
	quarantine_close(m->q);
	file_close(m->quarantine);
	file_close(m->state);
	assert_int_equal(file_remove_tree(AT_FDCWD, m->dir), SL_OK);
}

bool link_kit_arrived(const struct link_kit_room *m, const struct link_kit_object *o)
{
	struct spool_entry e = {.serial = o->serial, .priority = 5};
	char name[SPOOL_NAME + 1];
	struct buf b;
	bool same;

	spool_name(&e, name);
	buf_init(&b, o->unit + 1);
	same = file_read(m->quarantine, name, o->unit + 1, &b) == SL_OK && b.len == o->unit &&
	       memcmp(b.data, o->data, o->unit) == 0;
	buf_release(&b);
	return same;
}

struct count {
	const char *suffix;
	unsigned n;
};

static int count_one(const char *name, void *arg)
{
	struct count *c = arg;
	size_t n = strlen(name), s = strlen(c->suffix);

	if (n >= s && strcmp(name + n - s, c->suffix) == 0)
		c->n++;
	return SL_OK;
}

unsigned link_kit_files(const struct link_kit_room *m, const char *suffix)
{
	struct count c = {.suffix = suffix};

	assert_int_equal(file_each(m->quarantine, SPOOL_MAX, count_one, &c), SL_OK);
	return c.n;
}
