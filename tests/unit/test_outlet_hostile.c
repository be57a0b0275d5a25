/* test_outlet_hostile.c - every unit of tests/support/hostile_unit.h against the installer.
 *
 * Each is refused with its reason or has no effect; the tree stays as it was, to the byte; and
 * the true unit that follows is installed. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "install_kit.h"
#include "tests/support/hostile_unit.h"

enum { DAY = 86400, GROWTH_KIB = 8 << 10 };

/* A digest of every name, kind and byte below the tree. */
struct seen {
	struct hash *hash;
	int dir;
};

static int see(const char *name, void *arg)
{
	struct seen *s = arg, below = {.hash = s->hash};
	uint8_t digest[HASH_LEN];
	uint64_t size = 0;
	struct stat st;
	int fd;

	assert_int_equal(fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW), 0);
	hash_update(s->hash, name, strlen(name) + 1);
	hash_update(s->hash, &st.st_mode, sizeof(st.st_mode));
	fd = openat(s->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	assert_true(fd >= 0);
	if (S_ISDIR(st.st_mode)) {
		below.dir = fd;
		assert_int_equal(file_each(fd, 65536, see, &below), SL_OK);
	} else {
		assert_int_equal(hash_fd(fd, digest, &size), SL_OK);
		hash_update(s->hash, digest, sizeof(digest));
	}
	file_close(fd);
	return SL_OK;
}

static void picture(const struct host *h, uint8_t out[HASH_LEN])
{
	struct seen s = {.dir = h->in->tree};

	assert_int_equal(hash_new(&s.hash), SL_OK);
	assert_int_equal(file_each(h->in->tree, 65536, see, &s), SL_OK);
	hash_final(s.hash, out);
	hash_free(s.hash);
}

static void put_hostile(struct host *h, const struct hostile_unit *u)
{
	const struct spool_entry e = {.serial = h->serial, .priority = 5};
	char name[SPOOL_NAME + 1];
	struct sl_why why = {.text = ""};
	int fd;

	spool_name(&e, name);
	fd = openat(h->in->quarantine, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	if (hostile_write(u->name, h->serial, h->k.people[OKIT_GATEWAY], key_public(h->k.link),
			  fd, &why) != SL_OK)
		fail_msg("%s", why.text);
	file_close(fd);
}

static void true_unit(struct host *h)
{
	okit_commit(&h->k, DAY);
	(void)host_send(h, "refresh");
	host_want(h, INSTALL_DONE);
	host_same(h, "metadata/timestamp.json");
}

static void try_one(struct host *h, const struct hostile_unit *u)
{
	int64_t before = h->in->progress.next, refused = h->in->n_refused;
	uint8_t tree[HASH_LEN], after[HASH_LEN];

	picture(h, tree);
	put_hostile(h, u);
	host_want(h, u->end == HOSTILE_VOID ? INSTALL_DONE : INSTALL_REFUSED);
	picture(h, after);
	if (memcmp(tree, after, sizeof(tree)) != 0)
		fail_msg("%s changed the tree", u->name);
	if (h->in->n_refused != refused + (u->end != HOSTILE_VOID))
		fail_msg("%s: %lld refused", u->name, (long long)h->in->n_refused);
	if (u->says != NULL && strstr(h->in->last_refusal, u->says) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", u->name, h->in->last_refusal,
			 u->says);
	if (h->in->progress.next != before + (u->end != HOSTILE_OPEN))
		fail_msg("%s: next is %lld", u->name, (long long)h->in->progress.next);
	h->serial = h->in->progress.next;
}

struct kept {
	int dir;
	unsigned units, reasons;
};

static int count_kept(const char *name, void *arg)
{
	struct kept *k = arg;
	size_t len = strlen(name);

	k->units += len > 5 && strcmp(name + len - 5, ".unit") == 0;
	k->reasons += len > 7 && strcmp(name + len - 7, ".reason") == 0;
	return SL_OK;
}

static long peak_kib(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

static void all_of_them(void **state)
{
	struct kept kept = {.units = 0};
	struct host h;
	unsigned n = 0;

	(void)state;
	host_new(&h);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	for (const struct hostile_unit *u = hostile_units(); u->name != NULL; u++, n++) {
		long before = peak_kib();

		try_one(&h, u);
		/* Whatever is in a unit, it is never in memory: the bomb has 64 MiB. */
		assert_true(n == 0 || peak_kib() - before < GROWTH_KIB);
		/* The cuts are alike: the last of them is followed by a true one. */
		if (strncmp(u->name, "cut-", 4) != 0 || u[1].name == NULL)
			true_unit(&h);
	}
	assert_true(n > 120);
	/* Of refused units the last are kept, each with its reason. */
	kept.dir = h.in->refused;
	assert_int_equal(file_each(h.in->refused, 65536, count_kept, &kept), SL_OK);
	assert_int_equal(kept.units, INSTALL_REFUSED_KEPT);
	assert_int_equal(kept.reasons, INSTALL_REFUSED_KEPT);
	host_free(&h);
}

/* Somebody of this host has put other things where files belong: nothing is written through
 * them, and the unit waits until they are gone. */
static void other_kinds_in_the_tree(void **state)
{
	static const struct {
		const char *path;
		bool folder;
	} rows[] = {
		{"targets/feed", false},
		{"index.html", true},
		{"metadata/timestamp.json", true},
	};
	char outside[160], own[200], aside[220];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum install_end end = INSTALL_IDLE;
		struct spool_entry unit = {.serial = 0};
		struct sl_why why = {.text = ""};
		struct host h;

		host_new(&h);
		okit_write(h.k.tree, "index.html", "<h1>1</h1>", 10);
		(void)snprintf(h.k.files[h.k.n_files++], 512, "index.html");
		(void)host_send(&h, "initial");
		host_want(&h, INSTALL_DONE);
		(void)snprintf(outside, sizeof(outside), "%s/outside", h.k.dir);
		assert_int_equal(file_mkdirs(outside, 0755), SL_OK);
		(void)snprintf(own, sizeof(own), "%s/tree/%s", h.dir, rows[i].path);
		(void)snprintf(aside, sizeof(aside), "%s/aside", h.dir);
		assert_int_equal(rename(own, aside), 0);
		if (rows[i].folder)
			assert_int_equal(mkdir(own, 0755), 0);
		else
			assert_int_equal(symlink(outside, own), 0);
		okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
		okit_write(h.k.tree, "index.html", "<h1>2</h1>", 10);
		(void)snprintf(h.k.files[h.k.n_files++], 512, "index.html");
		okit_commit(&h.k, DAY);
		(void)host_send(&h, "release");
		if (install_next(h.in, &end, &unit, &why) == SL_OK && end == INSTALL_DONE)
			fail_msg("%s: installed through something else", rows[i].path);
		assert_int_equal(rmdir(outside), 0); /* it is empty */
		if (end == INSTALL_REFUSED)
			fail_msg("%s: refused for a fault of this host: %s", rows[i].path,
				 h.in->last_refusal);
		assert_int_equal(rows[i].folder ? rmdir(own) : unlink(own), 0);
		assert_int_equal(rename(aside, own), 0);
		host_want(&h, INSTALL_DONE);
		host_same(&h, "index.html");
		host_same(&h, "metadata/timestamp.json");
		host_free(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(other_kinds_in_the_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
