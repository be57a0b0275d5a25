/* Sealing: any two officers open it, one never does, and changed files do not open. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "crypto/seal.h"
#include "trust_kit.h"

enum { MOST = 5 };

struct office {
	struct key *keys[MOST];
	uint8_t publics[MOST][SEAL_PUBLIC];
};

static void office_init(struct office *o)
{
	for (uint8_t i = 0; i < MOST; i++) {
		o->keys[i] = kit_key(KEY_SEAL, (uint8_t)(20 + i));
		memcpy(o->publics[i], key_public(o->keys[i]), SEAL_PUBLIC);
	}
}

static void office_release(struct office *o)
{
	for (unsigned i = 0; i < MOST; i++)
		key_free(o->keys[i]);
}

static int open_rw(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

/* A sealed file of len bytes in "sealed"; returns its descriptor. */
static int seal_some(const struct office *o, unsigned n, size_t len)
{
	char *bytes = malloc(len + 1);
	int in, out;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i % 251);
	kit_write_file("plain", bytes, len);
	free(bytes);
	in = open("plain", O_RDONLY | O_CLOEXEC);
	out = open_rw("sealed");
	assert_int_equal(seal_fd(in, out, o->publics, n), SL_OK);
	(void)close(in);
	return out;
}

static int try_open(int fd, const struct key *a, const struct key *b)
{
	struct buf x, y, plain, got;
	int out = open_rw("opened"), r;

	buf_init(&x, 4096);
	buf_init(&y, 4096);
	buf_init(&plain, 1 << 20);
	buf_init(&got, 1 << 20);
	r = seal_share(fd, a, &x, NULL);
	if (r == SL_OK && b != NULL)
		r = seal_share(fd, b, &y, NULL);
	if (r == SL_OK)
		r = seal_open(fd, &x, b == NULL ? NULL : &y, out, NULL);
	if (r == SL_OK) {
		assert_int_equal(file_read(AT_FDCWD, "plain", 1 << 20, &plain), SL_OK);
		assert_int_equal(file_read(AT_FDCWD, "opened", 1 << 20, &got), SL_OK);
		assert_int_equal(plain.len, got.len);
		assert_true(plain.len == 0 || memcmp(plain.data, got.data, got.len) == 0);
	}
	(void)close(out);
	buf_wipe(&x);
	buf_wipe(&y);
	buf_release(&plain);
	buf_release(&got);
	return r;
}

static void any_two_open_it(void **state)
{
	static const size_t sizes[] = {
		0, 1, SEAL_CHUNK - 1, SEAL_CHUNK, SEAL_CHUNK + 1, 3 * SEAL_CHUNK + 7};
	struct office o;
	char dir[64];

	(void)state;
	kit_enter(dir);
	office_init(&o);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int fd = seal_some(&o, 2, sizes[i]);

		assert_int_equal(try_open(fd, o.keys[0], o.keys[1]), SL_OK);
		(void)close(fd);
	}
	for (unsigned n = 2; n <= MOST; n++) {
		int fd = seal_some(&o, n, 1000);

		for (unsigned a = 0; a < n; a++) {
			for (unsigned b = 0; b < n; b++)
				assert_int_equal(try_open(fd, o.keys[a], o.keys[b]),
						 a == b ? SL_E_DENIED : SL_OK);
			assert_int_equal(try_open(fd, o.keys[a], NULL), SL_E_DENIED);
		}
		if (n < MOST)
			assert_int_equal(try_open(fd, o.keys[n], o.keys[0]), SL_E_DENIED);
		(void)close(fd);
	}
	office_release(&o);
	kit_leave(dir);
}

static void one_officer_for_trials(void **state)
{
	struct office o;
	char dir[64];
	int fd;

	(void)state;
	kit_enter(dir);
	office_init(&o);
	fd = seal_some(&o, 1, 5000);
	assert_int_equal(try_open(fd, o.keys[0], NULL), SL_OK);
	assert_int_equal(try_open(fd, o.keys[1], NULL), SL_E_DENIED);
	(void)close(fd);
	office_release(&o);
	kit_leave(dir);
}

static int seal_for(int in, int out, const struct office *o, unsigned n)
{
	return seal_fd(in, out, o->publics, n);
}

static void bad_officers_are_refused(void **state)
{
	struct office o;
	char dir[64];
	int in, out;

	(void)state;
	kit_enter(dir);
	office_init(&o);
	kit_write_file("plain", "x", 1);
	in = open("plain", O_RDONLY);
	out = open_rw("sealed");
	assert_int_equal(seal_for(in, out, &o, 0), SL_E_LIMIT);
	assert_int_equal(seal_for(in, out, &o, SEAL_OFFICERS_MAX + 1), SL_E_LIMIT);
	memcpy(o.publics[1], o.publics[0], SEAL_PUBLIC);
	assert_int_equal(seal_for(in, out, &o, 2), SL_E_DENIED);
	memset(o.publics[1], 0, SEAL_PUBLIC);
	assert_int_equal(seal_for(in, out, &o, 2), SL_E_DENIED);
	(void)close(in);
	(void)close(out);
	office_release(&o);
	kit_leave(dir);
}

static void changed_or_cut_files_do_not_open(void **state)
{
	struct buf whole;
	struct office o;
	char dir[64];
	int fd;

	(void)state;
	kit_enter(dir);
	office_init(&o);
	buf_init(&whole, 1 << 20);
	fd = seal_some(&o, 3, SEAL_CHUNK + 100);
	(void)close(fd);
	assert_int_equal(file_read(AT_FDCWD, "sealed", 1 << 20, &whole), SL_OK);
	for (size_t at = 0; at < whole.len; at += whole.len / 40) {
		whole.data[at] ^= 0x20;
		kit_write_file("sealed", whole.data, whole.len);
		fd = open("sealed", O_RDONLY);
		/* Boxes of the third officer are not looked at but bound all the same. */
		if (try_open(fd, o.keys[0], o.keys[1]) == SL_OK)
			fail_msg("byte %zu", at);
		(void)close(fd);
		whole.data[at] ^= 0x20;
	}
	for (size_t len = 0; len < whole.len; len += whole.len / 30) {
		kit_write_file("sealed", whole.data, len);
		fd = open("sealed", O_RDONLY);
		assert_true(try_open(fd, o.keys[0], o.keys[1]) < 0);
		(void)close(fd);
	}
	buf_put(&whole, "x", 1);
	kit_write_file("sealed", whole.data, whole.len);
	fd = open("sealed", O_RDONLY);
	assert_int_equal(try_open(fd, o.keys[0], o.keys[1]), SL_E_SIGNATURE);
	(void)close(fd);
	buf_release(&whole);
	office_release(&o);
	kit_leave(dir);
}

static void shares_of_another_file_are_refused(void **state)
{
	struct buf a, b;
	struct office o;
	char dir[64];
	int one, two, out;

	(void)state;
	kit_enter(dir);
	office_init(&o);
	buf_init(&a, 4096);
	buf_init(&b, 4096);
	one = seal_some(&o, 2, 10);
	assert_int_equal(seal_share(one, o.keys[0], &a, NULL), SL_OK);
	two = seal_some(&o, 2, 10);
	assert_int_equal(seal_share(two, o.keys[1], &b, NULL), SL_OK);
	out = open_rw("opened");
	assert_int_equal(seal_open(two, &a, &b, out, NULL), SL_E_DENIED);
	b.len--;
	assert_int_equal(seal_open(two, &b, &b, out, NULL), SL_E_FORMAT);
	(void)close(one);
	(void)close(two);
	(void)close(out);
	buf_wipe(&a);
	buf_wipe(&b);
	office_release(&o);
	kit_leave(dir);
}

static void boxes(void **state)
{
	struct key *k = kit_key(KEY_LINK, 1), *other = kit_key(KEY_LINK, 2),
		   *ed = kit_key(KEY_DESK, 1);
	static const uint8_t zero[SEAL_PUBLIC];
	struct buf box, out;

	(void)state;
	buf_init(&box, 200);
	buf_init(&out, 100);
	assert_int_equal(seal_box(key_public(k), "unit", 4, &box), SL_OK);
	assert_int_equal(seal_box_open(k, box.data, box.len, &out), SL_OK);
	assert_string_equal(buf_str(&out), "unit");
	assert_int_equal(seal_box_open(other, box.data, box.len, &out), SL_E_SIGNATURE);
	assert_int_equal(seal_box_open(ed, box.data, box.len, &out), SL_E_DENIED);
	assert_int_equal(seal_box_open(k, box.data, 10, &out), SL_E_FORMAT);
	box.data[40] ^= 1;
	assert_int_equal(seal_box_open(k, box.data, box.len, &out), SL_E_SIGNATURE);
	assert_int_equal(out.len, 4);
	assert_int_equal(seal_box(zero, "unit", 4, &box), SL_E_DENIED);
	assert_int_equal(seal_box(key_public(k), zero, 200, &box), SL_E_LIMIT);
	buf_release(&box);
	buf_release(&out);
	key_free(k);
	key_free(other);
	key_free(ed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_two_open_it),
		cmocka_unit_test(one_officer_for_trials),
		cmocka_unit_test(bad_officers_are_refused),
		cmocka_unit_test(changed_or_cut_files_do_not_open),
		cmocka_unit_test(shares_of_another_file_are_refused),
		cmocka_unit_test(boxes),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
