/* Killed writers, full disks, read-only and damaged stores. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "desk_fixture.h"

/* The child accepts drafts for ever and tells each number after it was promised. */
static void accept_drafts(struct fixture *f, int out)
{
	for (unsigned i = 0;; i++) {
		struct draft d;
		char token[32];

		(void)snprintf(token, sizeof(token), "kill-%d-%u", (int)getpid(), i);
		fixture_submit(f, token, &d);
		if (write(out, &d.number, sizeof(d.number)) != sizeof(d.number))
			_exit(1);
		draft_release(&d);
	}
}

static void killed_writer_loses_nothing(void **state)
{
	struct fixture f;
	int64_t promised[256];
	int n = 0;

	(void)state;
	fixture_open(&f);
	store_close(f.store);
	f.store = NULL;
	for (int round = 0; round < 5; round++) {
		int p[2], want = n + 3 + 5 * round, status;
		pid_t pid;

		assert_int_equal(pipe(p), 0);
		pid = fork();
		if (pid == 0) {
			(void)close(p[0]);
			fixture_reopen(&f);
			accept_drafts(&f, p[1]);
		}
		(void)close(p[1]);
		while (n < want)
			assert_int_equal(file_read_all(p[0], &promised[n++], sizeof(int64_t)),
					 SL_OK);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		while (read(p[0], &promised[n], sizeof(int64_t)) == sizeof(int64_t))
			n++; /* promised before it died */
		(void)close(p[0]);
	}
	fixture_reopen(&f);
	for (int i = 0; i < n; i++) {
		struct draft d;
		char id[24];
		struct buf b;

		(void)snprintf(id, sizeof(id), "D-%04d-%06d", (int)(promised[i] / 1000000),
			       (int)(promised[i] % 1000000));
		buf_init(&b, 100);
		assert_int_equal(store_draft_get(f.store, id, 0, &d), SL_OK);
		assert_int_equal(d.state, DRAFT_SUBMITTED);
		assert_int_equal(store_object_get(f.store, d.files[0].sha256, 100, &b), SL_OK);
		buf_release(&b);
		draft_release(&d);
	}
	fixture_close(&f);
}

static void full_disk(void **state)
{
	struct sl_why why = {0};
	struct fixture f;
	struct draft d;
	static char fill[1 << 20];
	char path[128], sha256[65];
	uint64_t offset = 0;
	int r = SL_OK, fd;

	(void)state;
	(void)snprintf(f.dir, sizeof(f.dir), "/tmp/sl-full-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	if (mount("tmpfs", f.dir, "tmpfs", MS_NOSUID | MS_NODEV, "size=6m,mode=0700") != 0) {
		(void)rmdir(f.dir);
		skip();
	}
	f.store = NULL;
	assert_int_equal(crypto_start(), SL_OK);
	fixture_reopen(&f);
	fixture_submit(&f, "before", &d);
	(void)snprintf(path, sizeof(path), "%s/filler", f.dir);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, fill, sizeof(fill)) > 0)
		continue;
	while (write(fd, fill, 1) > 0)
		continue;
	(void)close(fd);
	hash_hex(fill, sizeof(fill), sha256);
	r = store_upload_begin(f.store, "p-01", sha256, sizeof(fill), &offset, &why);
	if (r == SL_OK)
		r = store_upload_chunk(f.store, "p-01", sha256, 0, fill, sizeof(fill), &offset,
				       &why);
	assert_int_equal(r, SL_E_FULL);
	assert_int_equal(store_object_put(f.store, fill, sizeof(fill), sha256), SL_E_FULL);
	r = SL_OK;
	for (int i = 0; r == SL_OK && i < 1000; i++)
		r = store_move(f.store, d.id, 1,
			       i % 2 == 0 ? DRAFT_SUBMITTED : DRAFT_INSPECTING,
			       i % 2 == 0 ? DRAFT_INSPECTING : DRAFT_SUBMITTED,
			       &(struct draft_change){.actor = "test"}, &why);
	assert_true(r == SL_E_FULL || r == SL_E_IO);
	/* With room again everything goes on, nothing was half done. */
	assert_int_equal(unlink(path), 0);
	fixture_reopen(&f);
	(void)fixture_state(&f, d.id, 1);
	draft_release(&d);
	fixture_submit(&f, "after", &d);
	draft_release(&d);
	store_close(f.store);
	assert_int_equal(umount2(f.dir, MNT_DETACH), 0);
	(void)rmdir(f.dir);
}

static enum store_fitness look_at(const char *dir)
{
	enum store_fitness fitness = STORE_SOUND;
	struct sl_why why = {0};

	assert_int_equal(store_look(dir, &fitness, &why), SL_OK);
	assert_true((fitness == STORE_SOUND) == (why.text[0] == '\0'));
	return fitness;
}

static void read_only_store(void **state)
{
	struct store *reader = NULL;
	struct sl_why why = {0};
	struct fixture f;
	struct draft d, found;
	bool mounted;

	(void)state;
	fixture_open(&f);
	fixture_submit(&f, "read-only", &d);
	assert_int_equal(look_at(f.dir), STORE_SOUND);
	store_close(f.store);
	f.store = NULL;
	mounted = mount(f.dir, f.dir, NULL, MS_BIND, NULL) == 0 &&
		  mount(NULL, f.dir, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0;
	if (mounted) {
		assert_int_not_equal(store_open(f.dir, STORE_DESK, &f.store, &why), SL_OK);
		assert_int_equal(store_open(f.dir, STORE_READER, &reader, &why), SL_OK);
		assert_int_equal(store_draft_get(reader, d.id, 0, &found), SL_OK);
		assert_string_equal(found.title, d.title);
		assert_true(store_read_only(reader));
		assert_int_equal(look_at(f.dir), STORE_UNWRITABLE);
		draft_release(&found);
		store_close(reader);
		assert_int_equal(umount2(f.dir, MNT_DETACH), 0);
	}
	draft_release(&d);
	fixture_close(&f);
	if (!mounted)
		skip();
}

static void corrupt_database(void **state)
{
	struct store *s = NULL, *reader = NULL;
	struct sl_why why = {0};
	struct fixture f;
	struct draft d;
	static const char junk[4096];
	bool damaged = false;
	uint64_t rows = 0;
	char path[128];
	struct stat st;
	int fd;

	(void)state;
	fixture_open(&f);
	for (int i = 0; i < 150; i++) {
		char token[16];

		(void)snprintf(token, sizeof(token), "c%d", i);
		fixture_submit(&f, token, &d);
		draft_release(&d);
	}
	store_close(f.store);
	f.store = NULL;
	(void)snprintf(path, sizeof(path), "%s/store/sluice.db", f.dir);
	assert_int_equal(stat(path, &st), 0);
	/* Blank the last quarter of the pages; the schema at the front stays. */
	fd = open(path, O_WRONLY | O_CLOEXEC);
	for (off_t at = st.st_size / 16384 * 3 * 4096; at < st.st_size; at += 4096)
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at), sizeof(junk));
	(void)close(fd);
	assert_int_equal(store_open(f.dir, STORE_DESK, &s, &why), SL_E_CORRUPT);
	assert_non_null(strstr(why.text, "damaged"));
	assert_int_equal(look_at(f.dir), STORE_DAMAGED);
	assert_int_equal(store_open(f.dir, STORE_READER, &reader, &why), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/export.jsonl", f.dir);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(store_export(reader, fd, &rows, &damaged), SL_OK);
	assert_true(damaged);
	if (rows <= 100) /* the drafts are in the part that is left */
		fail_msg("only %llu rows", (unsigned long long)rows);
	(void)close(fd);
	store_close(reader);
	(void)snprintf(path, sizeof(path), "%s/store/sluice.db", f.dir);
	/* Not a database at all. */
	assert_int_equal(file_write_durable(AT_FDCWD, path, junk, sizeof(junk), 0600), SL_OK);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "something else", 14, 0), 14);
	(void)close(fd);
	assert_int_equal(store_open(f.dir, STORE_DESK, &s, &why), SL_E_CORRUPT);
	assert_int_equal(look_at(f.dir), STORE_DAMAGED);
	assert_int_equal(file_remove_tree(AT_FDCWD, f.dir), SL_OK);
}

static void nobody_made_it_yet(void **state)
{
	char dir[] = "/tmp/sl-none-XXXXXX";
	struct store *s = NULL;
	struct sl_why why = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(store_open(dir, STORE_INSPECTOR, &s, &why), SL_E_NOTFOUND);
	assert_null(s);
	assert_int_equal(look_at(dir), STORE_SOUND);
	(void)rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_writer_loses_nothing),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(read_only_store),
		cmocka_unit_test(corrupt_database),
		cmocka_unit_test(nobody_made_it_yet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
