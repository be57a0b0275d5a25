/* fuzz_link_assemble.c - symbols with a good MAC and hostile numbers, one after another.
 *
 * Input: u16 length and that many bytes of a datagram without its MAC, again and again.
 * Invariants: parts and bytes stay bounded, nothing but parts and proved units is left. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/assemble.h"

enum { OBJECT_MAX = 64 << 10, DATAGRAMS_MAX = 512 };

static struct room {
	char dir[64];
	int quarantine, state;
} room = {.quarantine = -1};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void leave(void)
{
	file_close(room.quarantine);
	file_close(room.state);
	BUG(file_remove_tree(AT_FDCWD, room.dir) != SL_OK);
}

static int open_sub(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", room.dir, name);
	BUG(file_mkdirs(path, 0700) != SL_OK);
	return file_open_dir(AT_FDCWD, path);
}

static void enter(void)
{
	BUG(crypto_start() != SL_OK);
	(void)snprintf(room.dir, sizeof(room.dir), "/tmp/sluice-fuzz-XXXXXX");
	BUG(mkdtemp(room.dir) == NULL);
	room.quarantine = open_sub("quarantine");
	room.state = open_sub("state");
	BUG(room.quarantine < 0 || room.state < 0 || atexit(leave) != 0);
}

struct left {
	unsigned parts, units;
};

static int look(const char *name, void *arg)
{
	struct left *l = arg;
	struct spool_entry e;

	if (spool_parse(name, &e)) {
		l->units++;
		BUG(file_remove_tree(room.quarantine, name) != SL_OK);
	} else {
		BUG(strlen(name) < 5 || strcmp(name + strlen(name) - 5, ".part") != 0);
		l->parts++;
	}
	return SL_OK;
}

static unsigned feed(struct assemble *a, const uint8_t *data, size_t size)
{
	uint8_t bytes[2048];
	unsigned whole = 0;
	struct cur c;

	cur_init(&c, data, size);
	for (unsigned n = 0; n < DATAGRAMS_MAX && cur_left(&c) > 2; n++) {
		size_t len = cur_u16(&c);
		const uint8_t *one;
		struct datagram d;
		int r;

		if (len > cur_left(&c) || len > sizeof(bytes) - MAC_LEN)
			break;
		one = cur_bytes(&c, len);
		memcpy(bytes, one, len);
		memset(bytes + len, 0, MAC_LEN);
		if (datagram_parse(bytes, len + MAC_LEN, &d) != SL_OK ||
		    d.kind != DATAGRAM_SYMBOL || d.total > OBJECT_MAX)
			continue;
		assemble_time(a, (int64_t)n * 50);
		r = assemble_symbol(a, &d);
		whole += r == 1;
		BUG(r > 1 || r == SL_E_FULL || r == SL_E_NOMEM || r == SL_E_IO);
	}
	return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quarantine *q = NULL;
	struct assemble *a = NULL;
	struct left l = {.parts = 0};
	unsigned whole;

	if (room.quarantine < 0)
		enter();
	BUG(quarantine_open(room.quarantine, room.state, &q) != SL_OK);
	BUG(assemble_open(q, &a) != SL_OK);
	whole = feed(a, data, size);
	BUG(file_each(room.quarantine, SPOOL_MAX, look, &l) != SL_OK);
	BUG(l.parts > ASSEMBLE_PARTS || l.units != whole);
	assemble_close(a);
	l = (struct left){.parts = 0};
	BUG(file_each(room.quarantine, SPOOL_MAX, look, &l) != SL_OK || l.parts + l.units > 0);
	quarantine_close(q);
	return 0;
}
