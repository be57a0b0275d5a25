/* test_outlet_recall.c - what goes with a recall and what stays, whatever became of the index
 * of references; and what is looked at again when a snapshot lists it. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "install_kit.h"
#include "killer.h"

enum { DAY = 86400, STRIDE = 7 };

static const char one[] = "R-2026-000001", two[] = "R-2026-000002", same[] = "<p>same</p>";

static void release(struct host *h, const char *id)
{
	okit_release(&h->k, id, 1, "official-site", same, 0);
	okit_commit(&h->k, DAY);
}

static void recall(struct host *h, const char *id)
{
	okit_recall(&h->k, id, 1);
	okit_commit(&h->k, DAY);
	(void)host_send(h, "notice");
	host_want(h, INSTALL_DONE);
	host_same(h, "metadata/timestamp.json");
}

static bool blob(const struct host *h)
{
	char path[512];

	host_blob_path(same, path);
	return host_has(h, path);
}

/* Two releases of the same bytes. */
static void two_installed(struct host *h)
{
	host_new(h);
	okit_release(&h->k, one, 1, "official-site", same, 0);
	release(h, two);
	(void)host_send(h, "initial");
	host_want(h, INSTALL_DONE);
}

static void none(struct host *h)
{
	(void)h;
}
static void deleted(struct host *h)
{
	assert_int_equal(file_remove_tree(h->in->state, "refs"), SL_OK);
}
static void unnamed(struct host *h)
{
	assert_int_equal(unlinkat(h->in->state, "refs/of", 0), 0);
}
static void garbage(struct host *h)
{
	okit_write(h->in->state, "refs/of", "garbage", 7);
}
static void no_directory(struct host *h)
{
	deleted(h);
	okit_write(h->in->state, "refs", "", 0);
}
/* Begun and not ended: some references are missing, and no name stands in it. */
static void half_made(struct host *h)
{
	deleted(h);
	assert_int_equal(mkdirat(h->in->state, "refs", 0700), 0);
	okit_write(h->in->state, "refs/ab/x", "", 0);
}
/* A file that is no reference is nobody's use. */
static void stray(struct host *h)
{
	char hex[HASH_HEX + 1], path[128];

	hash_hex(same, sizeof(same) - 1, hex);
	(void)snprintf(path, sizeof(path), "refs/%.2s/%s/README", hex, hex);
	okit_write(h->in->state, path, "", 0);
}
static void restarted(struct host *h)
{
	deleted(h);
	install_forget(h->in);
	assert_int_equal(install_prepare(h->in, NULL), SL_OK);
	assert_true(file_exists(h->in->state, "refs/of"));
}
/* A manifest of something else that the disk has damaged holds nothing up. */
static void damaged(struct host *h)
{
	deleted(h);
	okit_write(h->in->tree, "targets/rel/R-2025-000001/1/x.manifest.json", "{\"a", 3);
}

/* A file that two releases share stays when one of them is recalled and goes with the
 * other, whatever happened to the index before either. */
static void test_shared(void **state)
{
	static void (*const rows[])(struct host *) = {none,	 deleted,      unnamed,
						      garbage,	 no_directory, half_made,
						      restarted, damaged,      stray};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct host h;

		two_installed(&h);
		rows[i](&h);
		recall(&h, i % 2 == 0 ? one : two);
		assert_true(blob(&h));
		rows[i](&h);
		recall(&h, i % 2 == 0 ? two : one);
		assert_false(blob(&h));
		host_free(&h);
	}
}

/* An index from before the second release (a backup that was put back) is of another tree. */
static void test_put_back(void **state)
{
	struct host h;

	(void)state;
	host_new(&h);
	release(&h, one);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	assert_int_equal(renameat(h.in->state, "refs", h.in->state, "old"), 0);
	release(&h, two);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	deleted(&h);
	assert_int_equal(renameat(h.in->state, "old", h.in->state, "refs"), 0);
	recall(&h, one);
	assert_true(blob(&h));
	recall(&h, two);
	assert_false(blob(&h));
	host_free(&h);
}

/* Killed before the n-th call of the next unit that changes a file? */
static bool killed_at(struct host *h, int n)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		enum install_end end;
		struct spool_entry unit;

		killer_after(n);
		_exit(install_next(h->in, &end, &unit, NULL) == SL_OK && end == INSTALL_DONE
			      ? 0
			      : 1);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status);
}

/* What was cut off is done again; a kill after the last change has left nothing to do. */
static void again(struct host *h)
{
	enum install_end end;
	struct spool_entry unit;

	assert_int_equal(progress_read(h->in->state, &h->in->progress), SL_OK);
	assert_int_equal(install_next(h->in, &end, &unit, NULL), SL_OK);
	assert_true(end == INSTALL_DONE || end == INSTALL_IDLE);
}

/* The n-th change of a file by the release that shares the blob, by the first recall and by
 * the second is where the power fails; the same unit comes again. */
static void test_killed(void **state)
{
	bool killed = true;

	(void)state;
	for (int n = 0; killed; n += STRIDE) {
		struct host h;

		host_new(&h);
		release(&h, one);
		(void)host_send(&h, "initial");
		host_want(&h, INSTALL_DONE);
		release(&h, two);
		(void)host_send(&h, "release");
		killed = killed_at(&h, n);
		assert_true(n < 1000 && (killed || n > 50));
		if (killed)
			again(&h);
		assert_int_equal(progress_read(h.in->state, &h.in->progress), SL_OK);
		okit_recall(&h.k, one, 1);
		okit_commit(&h.k, DAY);
		(void)host_send(&h, "notice");
		if (killed_at(&h, n))
			again(&h);
		assert_int_equal(progress_read(h.in->state, &h.in->progress), SL_OK);
		assert_true(blob(&h));
		okit_recall(&h.k, two, 1);
		okit_commit(&h.k, DAY);
		(void)host_send(&h, "notice");
		if (killed_at(&h, n))
			again(&h);
		assert_false(blob(&h));
		host_free(&h);
	}
}

/* Between index and tree: the references of a release are there, nothing of it is.  A recall
 * that overtakes it takes the file away, and the release brings it again. */
static void test_reference_too_many(void **state)
{
	struct host h;
	char from[256], to[256];

	(void)state;
	host_new(&h);
	release(&h, one);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	release(&h, two);
	(void)host_send(&h, "release");
	assert_true(killed_at(&h, 0));
	(void)snprintf(from, sizeof(from), "%s/quarantine/%020d.5.unit", h.dir, 2);
	(void)snprintf(to, sizeof(to), "%s/status/%020d.5.unit", h.dir, 2);
	assert_int_equal(rename(from, to), 0);
	/* The notice repeats what its metadata builds on. */
	for (unsigned i = 0; i < 2; i++) {
		static const char *const again[] = {"log/tile/0/000.p/3",
						    "log/tile/entries/000.p/3"};

		(void)snprintf(h.k.files[h.k.n_files++], sizeof(h.k.files[0]), "%s", again[i]);
	}
	okit_recall(&h.k, one, 1);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "notice");
	host_want(&h, INSTALL_DONE);
	assert_false(blob(&h));
	assert_int_equal(rename(to, from), 0);
	host_want(&h, INSTALL_DONE);
	assert_true(blob(&h));
	recall(&h, two);
	assert_false(blob(&h));
	host_free(&h);
}

/* A listed file that has gone is found by the first look of a process; after that, a look
 * is for what has changed, and for all if the tree is not the one that was left. */
static void test_listed(void **state)
{
	static const char gone[] = "metadata/1.rel-2026-0001.json";
	struct host h;

	(void)state;
	host_new(&h);
	release(&h, "R-2026-000101");
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	assert_int_equal(unlinkat(h.in->tree, gone, 0), 0);
	release(&h, one);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	install_forget(h.in);
	release(&h, two);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	assert_non_null(strstr(h.in->last_refusal, "1.rel-2026-0001.json is missing"));
	host_free(&h);
}

/* Another tree in its place: what is remembered of the old one does not count. */
static void test_other_tree(void **state)
{
	static const char gone[] = "metadata/1.rel-2026-0001.json";
	struct host h;
	char *before;

	(void)state;
	host_new(&h);
	release(&h, "R-2026-000101");
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	before = okit_read(h.in->tree, "metadata/timestamp.json");
	release(&h, one);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	okit_write(h.in->tree, "metadata/timestamp.json", before, strlen(before));
	assert_int_equal(unlinkat(h.in->tree, gone, 0), 0);
	release(&h, two);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	assert_non_null(strstr(h.in->last_refusal, "1.rel-2026-0001.json is missing"));
	free(before);
	host_free(&h);
}

/* What the snapshot changes must come along or be there, also when the rest is known. */
static void test_changed_missing(void **state)
{
	struct host h;

	(void)state;
	host_new(&h);
	release(&h, one);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	release(&h, "R-2026-000201");
	for (unsigned i = 0; i < h.k.n_files; i++) {
		if (strcmp(h.k.files[i], "metadata/1.rel-2026-0002.json") == 0)
			memcpy(h.k.files[i], h.k.files[--h.k.n_files], sizeof(h.k.files[0]));
	}
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	assert_non_null(strstr(h.in->last_refusal, "1.rel-2026-0002.json is missing"));
	host_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_put_back),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_reference_too_many),
		cmocka_unit_test(test_other_tree),
		cmocka_unit_test(test_changed_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
