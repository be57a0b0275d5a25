/* releases.c - units that an installer takes: a small signed repository and N releases of it.
 *
 *   releases DIR SEED COUNT
 *
 * DIR/units/SERIAL.5.unit, sealed and signed; DIR/root.json, DIR/link, DIR/signer.pub for the
 * outlet; DIR/tree as it must be in the end; DIR/allowed with a line "SERIAL SHA256 PATH" for
 * each file that a unit brings. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "chance.h"
#include "crypto/hash.h"
#include "outlet_kit.h"

enum { DAY = 86400, BODY_LEAST = 256, OCTAVES = 8 };

/* Instead of the C library's: what is made here need not outlive the machine, and waiting for
 * the disk is most of what it would cost. */
int fsync(int fd)
{
	(void)fd;
	return 0;
}

static void join(char out[4096], const char *dir, const char *name)
{
	assert_int_equal(file_join(out, 4096, dir, name), SL_OK);
}

/* What the next unit brings, as it is now. */
static void allow(const struct okit *k, int64_t serial, FILE *out)
{
	for (unsigned i = 0; i < k->n_files; i++) {
		struct buf b;
		char hex[HASH_HEX + 1];

		buf_init(&b, SIZE_MAX / 2);
		assert_int_equal(file_read(k->tree, k->files[i], SIZE_MAX / 2, &b), SL_OK);
		hash_hex(b.data, b.len, hex);
		assert_true(fprintf(out, "%" PRId64 " %s %s\n", serial, hex, k->files[i]) > 0);
		buf_release(&b);
	}
}

static void put_unit(struct okit *k, int64_t serial, const char *dir, FILE *allowed)
{
	char name[64], path[4096];

	(void)snprintf(name, sizeof(name), "units/%020" PRId64 ".5.unit", serial);
	join(path, dir, name);
	allow(k, serial, allowed);
	okit_unit(k, serial, serial == 1 ? "initial" : "release", path, NULL);
}

static void put_release(struct okit *k, int64_t number, struct chance *c)
{
	size_t len = (size_t)BODY_LEAST << chance_below(c, OCTAVES);
	char id[32], *body;

	len += (size_t)chance_below(c, len);
	body = malloc(len + 1);
	assert_non_null(body);
	for (size_t i = 0; i < len; i++)
		body[i] = (char)('a' + chance_below(c, 26));
	body[len] = '\0';
	(void)snprintf(id, sizeof(id), "R-2026-%06" PRId64, number);
	okit_release(k, id, 1, "official-site", body, 0);
	okit_commit(k, DAY);
	free(body);
}

static void put_keys(const struct okit *k, const char *dir)
{
	char from[128], to[4096], signer[4096];
	struct buf root;

	buf_init(&root, 1 << 20);
	okit_root_path(k, from);
	assert_int_equal(file_read(AT_FDCWD, from, 1 << 20, &root), SL_OK);
	join(to, dir, "root.json");
	okit_write(AT_FDCWD, to, root.data, root.len);
	buf_release(&root);
	join(to, dir, "link");
	assert_int_equal(key_write(k->link, to, NULL), SL_OK);
	join(signer, dir, "signer");
	assert_int_equal(key_write(k->people[OKIT_GATEWAY], signer, NULL), SL_OK);
	assert_int_equal(unlink(signer), 0); /* the outlet has the public half only */
}

int main(int argc, char **argv)
{
	char path[4096], tree[128];
	struct chance chance;
	struct okit *k = calloc(1, sizeof(*k));
	int64_t count;
	FILE *allowed;

	if (argc != 4 || k == NULL || crypto_start() != SL_OK) {
		(void)fprintf(stderr, "usage: releases DIR SEED COUNT\n");
		return 2;
	}
	chance.state = strtoull(argv[2], NULL, 10);
	count = strtoll(argv[3], NULL, 10);
	join(path, argv[1], "units");
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	join(path, argv[1], "allowed");
	allowed = fopen(path, "we");
	assert_non_null(allowed);
	okit_new(k, clock_now());
	put_keys(k, argv[1]);
	put_unit(k, 1, argv[1], allowed);
	for (int64_t i = 2; i <= count; i++) {
		put_release(k, i - 1, &chance);
		put_unit(k, i, argv[1], allowed);
	}
	assert_int_equal(fclose(allowed), 0);
	(void)snprintf(tree, sizeof(tree), "%s/tree", k->dir);
	join(path, argv[1], "tree");
	/* Moved where it stays; okit_free removes the rest. */
	if (rename(tree, path) != 0) {
		perror(path);
		return 2;
	}
	okit_free(k);
	free(k);
	return 0;
}
