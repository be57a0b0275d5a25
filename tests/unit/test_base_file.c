/* Files: no surprises on opening, old or new content and nothing between. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static char dir[64];
static int fd = -1;

static int setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sluice-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	fd = file_open_dir(AT_FDCWD, dir);
	return fd >= 0 ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	file_close(fd);
	return file_remove_tree(AT_FDCWD, dir) == SL_OK && !file_exists(AT_FDCWD, dir) ? 0 : -1;
}

static int read_it(const char *name, size_t max, const char *want)
{
	struct buf b;
	int r;

	buf_init(&b, 1000);
	r = file_read(fd, name, max, &b);
	if (r == SL_OK)
		assert_string_equal(buf_str(&b), want);
	buf_release(&b);
	return r;
}

static void writes_and_reads(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(file_write_durable(fd, "a", "one", 3, 0640), SL_OK);
	assert_int_equal(fstatat(fd, "a", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777 & ~0640u, 0);
	assert_int_equal(read_it("a", 3, "one"), SL_OK);
	assert_int_equal(read_it("a", 2, ""), SL_E_LIMIT);
	assert_int_equal(file_write_durable(fd, "a", "two", 3, 0600), SL_OK);
	assert_int_equal(read_it("a", 3, "two"), SL_OK);
	assert_int_equal(file_create_durable(fd, "a", "three", 5, 0600), SL_E_EXISTS);
	assert_int_equal(file_create_durable(fd, "b", "three", 5, 0600), SL_OK);
	assert_int_equal(read_it("b", 5, "three"), SL_OK);
	assert_int_equal(read_it("c", 5, ""), SL_E_NOTFOUND);
	assert_int_equal(file_write_durable(fd, "no/such", "x", 1, 0600), SL_E_NOTFOUND);
	assert_int_equal(file_sync_dir(fd), SL_OK);
	assert_true(file_free_space(fd) > 0);
}

static void refuses_what_is_no_plain_file(void **state)
{
	(void)state;
	assert_int_equal(file_write_durable(fd, "a", "one", 3, 0600), SL_OK);
	assert_int_equal(symlinkat("a", fd, "link"), 0);
	assert_int_equal(mkfifoat(fd, "fifo", 0600), 0);
	assert_int_equal(mkdirat(fd, "sub", 0700), 0);
	assert_int_equal(read_it("link", 3, ""), SL_E_DENIED);
	assert_int_equal(read_it("fifo", 3, ""), SL_E_FORMAT);
	assert_int_equal(read_it("sub", 3, ""), SL_E_FORMAT);
	/* Writing replaces the link itself, never what it points to. */
	assert_int_equal(file_write_durable(fd, "link", "new", 3, 0600), SL_OK);
	assert_int_equal(read_it("a", 3, "one"), SL_OK);
}

static int note(const char *name, void *arg)
{
	char *list = arg;
	size_t at = strlen(list);

	(void)snprintf(list + at, 100 - at, "%s ", name);
	return strcmp(name, "stop") == 0 ? SL_E_CANCELED : SL_OK;
}

static void a_failed_write_leaves_the_old_content(void **state)
{
	char names[100] = "";
	struct rlimit old, small = {0, 0};
	char *big = calloc(1, 100000);

	(void)state;
	assert_int_equal(file_write_durable(fd, "a", "old", 3, 0600), SL_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	small.rlim_cur = 5000;
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(file_write_durable(fd, "a", big, 100000, 0600), SL_E_LIMIT);
	assert_int_equal(file_create_durable(fd, "b", big, 100000, 0600), SL_E_LIMIT);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(read_it("a", 3, "old"), SL_OK);
	assert_int_equal(file_each(fd, 10, note, names), SL_OK);
	assert_string_equal(names, "a ");
	free(big);
}

static void reads_descriptors_exactly(void **state)
{
	struct buf b;
	char three[3], four[4];
	int f;

	(void)state;
	assert_int_equal(file_write_durable(fd, "a", "abc", 3, 0600), SL_OK);
	f = openat(fd, "a", O_RDONLY);
	assert_int_equal(file_read_all(f, three, 3), SL_OK);
	assert_int_equal(lseek(f, 0, SEEK_SET), 0);
	assert_int_equal(file_read_all(f, four, 4), SL_E_FORMAT);
	assert_int_equal(lseek(f, 0, SEEK_SET), 0);
	buf_init(&b, 2);
	assert_int_equal(file_read_fd(f, 10, &b), SL_E_LIMIT);
	buf_release(&b);
	file_close(f);
	assert_true(file_read_all(f, three, 3) < 0);
	assert_true(file_write_all(f, three, 3) < 0);
	file_close(-1);
}

static void directories(void **state)
{
	char path[100], names[100] = "";
	int sub;

	(void)state;
	assert_int_equal(file_join(path, sizeof(path), dir, "x/y/z"), SL_OK);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	assert_true(file_exists(fd, "x/y/z"));
	assert_int_equal(file_write_durable(fd, "x/b", "", 0, 0600), SL_OK);
	assert_int_equal(file_write_durable(fd, "x/a", "", 0, 0600), SL_OK);
	assert_int_equal(file_write_durable(fd, "x/.hidden", "", 0, 0600), SL_OK);
	assert_int_equal(symlinkat("/etc", fd, "x/link"), 0);
	sub = file_open_dir(fd, "x");
	assert_true(sub >= 0);
	assert_int_equal(file_each(sub, 10, note, names), SL_OK);
	assert_string_equal(names, "a b link y ");
	assert_int_equal(file_each(sub, 2, note, names), SL_E_LIMIT);
	assert_int_equal(file_write_durable(sub, "stop", "", 0, 0600), SL_OK);
	assert_int_equal(file_each(sub, 10, note, names), SL_E_CANCELED);
	file_close(sub);
	assert_int_equal(file_remove_tree(fd, "x"), SL_OK);
	assert_false(file_exists(fd, "x"));
	assert_true(file_exists(AT_FDCWD, "/etc/passwd")); /* links are not followed */
	assert_int_equal(file_remove_tree(fd, "x"), SL_OK);
	assert_int_equal(file_open_dir(fd, "x"), SL_E_NOTFOUND);
	assert_int_equal(file_join(path, 5, "dir/", "name"), SL_E_LIMIT);
	assert_int_equal(file_join(path, sizeof(path), "dir/", "name"), SL_OK);
	assert_string_equal(path, "dir/name");
}

int main(void)
{
#define IN_DIR(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_DIR(writes_and_reads),
		IN_DIR(refuses_what_is_no_plain_file),
		IN_DIR(a_failed_write_leaves_the_old_content),
		IN_DIR(reads_descriptors_exactly),
		IN_DIR(directories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
