/* What the warm parent does to its memory before the first fork. */
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "inspect/filter_memory.h"

enum { PIECES = 4000, SIZES = 40 };

/* Holes of every size between pieces that stay, as loading rules leaves them. */
static void make_holes(uint8_t *kept[PIECES])
{
	void *freed[PIECES];

	for (unsigned i = 0; i < PIECES; i++) {
		size_t size = 16 + (i % SIZES) * 100;

		kept[i] = malloc(size);
		freed[i] = malloc(size);
		assert_non_null(kept[i]);
		assert_non_null(freed[i]);
		memset(kept[i], (int)(i & 0xff), size);
	}
	for (unsigned i = 0; i < PIECES; i++)
		free(freed[i]);
}

/* In the child: 0 when no allocation lies before `end`. */
static int allocate_after(uintptr_t end)
{
	for (size_t size = 16; size < 200000; size += size / 4) {
		for (unsigned i = 0; i < 3; i++) {
			if ((uintptr_t)malloc(size) < end)
				return 1;
		}
	}
	return 0;
}

static int status_of(pid_t pid)
{
	int status = -1;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void a_child_allocates_in_fresh_pages(void **state)
{
	static uint8_t *kept[PIECES];
	uintptr_t end;
	pid_t pid;

	(void)state;
#ifdef SL_NO_SANDBOX
	skip();
#endif
	make_holes(kept);
	end = (uintptr_t)kept[PIECES - 1];
	filter_memory_settle();
	pid = fork();
	if (pid == 0)
		_exit(allocate_after(end));
	assert_int_equal(status_of(pid), 0);
	for (unsigned i = 0; i < PIECES; i++) {
		assert_int_equal(kept[i][0], i & 0xff);
		free(kept[i]);
	}
}

static bool is_mapped(uintptr_t address)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	unsigned char there;

	return mincore((void *)(address & ~(page - 1)), 1, &there) == 0 || errno != ENOMEM;
}

static void a_child_lacks_what_is_left_behind(void **state)
{
	static const char *const none[] = {"libsod.", "ibsodium", NULL};
	static const char *const listed[] = {"libnothing.", "libsodium.", NULL};
	uintptr_t code = (uintptr_t)sodium_version_string();
	pid_t pid;

	(void)state;
#ifdef SL_NO_SANDBOX
	skip();
#endif
	filter_memory_leave(NULL);
	filter_memory_leave(none);
	pid = fork();
	if (pid == 0)
		_exit(is_mapped(code) ? 0 : 1);
	assert_int_equal(status_of(pid), 0);
	filter_memory_leave(listed);
	pid = fork();
	if (pid == 0)
		_exit(is_mapped(code) ? 1 : 0);
	assert_int_equal(status_of(pid), 0);
	assert_true(is_mapped(code)); /* only children lack it */
}

/* The test before this one has left libsodium behind. */
static void a_name_is_looked_for_past_what_is_left_behind(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(dlsym(RTLD_DEFAULT, "a name that no library has") == NULL &&
				      dlsym(RTLD_DEFAULT, "sodium_version_string") != NULL
			      ? 0
			      : 1);
	assert_int_equal(status_of(pid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_allocates_in_fresh_pages),
		cmocka_unit_test(a_child_lacks_what_is_left_behind),
		cmocka_unit_test(a_name_is_looked_for_past_what_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
