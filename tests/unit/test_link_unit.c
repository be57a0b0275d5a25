/* test_link_unit.c - units: what may be in them, and that not one byte can change. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "link/sealed.h"
#include "outlet_kit.h"

static void test_paths(void **state)
{
	static const struct {
		const char *path;
		bool want;
	} rows[] = {
		{"metadata/timestamp.json", true},
		{"metadata/12.rel-2026-0001.json", true},
		{"metadata/a/b.json", false},
		{"metadata", false},
		{"targets/rel/R-2026-000123/2/aa.manifest.json", true},
		{"targets/../metadata/timestamp.json", false},
		{"targets//x", false},
		{"targets/x/", false},
		{"targets/.x", false},
		{"targets/-x", false},
		{"targets/x y", false},
		{"/targets/x", false},
		{"targets\\x", false},
		{"blobs/aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 true},
		{"blobs/ab/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 false},
		{"blobs/aa/AAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 false},
		{"blobs/aa/x", false},
		{"log/checkpoint", true},
		{"index.html", true},
		{"feed.json", true},
		{"evil.html", false},
		{"", false},
		{".", false},
		{"..", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (unit_path_ok(rows[i].path) != rows[i].want)
			fail_msg("%s", rows[i].path);
	}
}

static void test_header(void **state)
{
	static const char sha[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	static const struct {
		const char *name, *files, *kind, *removes, *serial;
		int want;
	} rows[] = {
		{"good", "{\"length\":3,\"path\":\"index.html\",\"sha256\":\"%s\"}", "release",
		 "", "7", SL_OK},
		{"no files", "", "refresh", "\"targets/a/b\"", "1", SL_OK},
		{"unknown kind", "", "evil", "", "1", SL_E_FORMAT},
		{"serial 0", "", "refresh", "", "0", SL_E_FORMAT},
		{"negative serial", "", "refresh", "", "-1", SL_E_FORMAT},
		{"bad path", "{\"length\":3,\"path\":\"../x\",\"sha256\":\"%s\"}", "release",
		 "", "7", SL_E_FORMAT},
		{"bad remove", "", "notice", "\"/etc/passwd\"", "7", SL_E_FORMAT},
		{"negative length", "{\"length\":-3,\"path\":\"index.html\",\"sha256\":\"%s\"}",
		 "release", "", "7", SL_E_FORMAT},
		{"huge length",
		 "{\"length\":1099511627776,\"path\":\"index.html\",\"sha256\":\"%s\"}",
		 "release", "", "7", SL_E_LIMIT},
		{"one path twice",
		 "{\"length\":3,\"path\":\"index.html\",\"sha256\":\"%1$s\"},{\"length\":3,"
		 "\"path\":\"index.html\",\"sha256\":\"%1$s\"}",
		 "release", "", "7", SL_E_FORMAT},
		{"sum too large",
		 "{\"length\":1073741824,\"path\":\"index.html\",\"sha256\":\"%1$s\"},{"
		 "\"length\":1,\"path\":\"feed.json\",\"sha256\":\"%1$s\"}",
		 "release", "", "7", SL_E_LIMIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char files[1024], text[2048];
		struct unit u = {.files = NULL};
		int n, r;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
		(void)snprintf(files, sizeof(files), rows[i].files, sha);
#pragma GCC diagnostic pop
		n = snprintf(text, sizeof(text),
			     "{\"files\":[%s],\"kind\":\"%s\",\"removes\":[%s],\"serial\":%s}",
			     files, rows[i].kind, rows[i].removes, rows[i].serial);
		r = unit_header_parse(text, (size_t)n, &u, NULL);
		if (r != rows[i].want)
			fail_msg("%s: %s", rows[i].name, sl_errname(r));
		unit_release(&u);
	}
}

static int read_bytes(const struct okit *k, const char *bytes, size_t len,
		      const uint8_t *signer)
{
	struct unit u = {.files = NULL};
	FILE *f = tmpfile();
	char path[128];
	int into, r;

	assert_non_null(f);
	assert_int_equal(file_write_all(fileno(f), bytes, len), SL_OK);
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	(void)snprintf(path, sizeof(path), "%s/into", k->dir);
	assert_int_equal(file_remove_tree(AT_FDCWD, path), SL_OK);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	into = file_open_dir(AT_FDCWD, path);
	r = unit_read(fileno(f), signer, into, &u, NULL);
	unit_release(&u);
	file_close(into);
	(void)fclose(f);
	return r;
}

static char *small_unit(struct okit *k, size_t *ret_len)
{
	struct unit u = {.serial = 9, .kind = "release", .n_files = 2};
	struct unit_file files[2] = {{.path = "index.html"}, {.path = "feed.json"}};
	struct buf b;
	FILE *f = tmpfile();

	okit_write(k->tree, "index.html", "<p>x", 4);
	okit_write(k->tree, "feed.json", "", 0);
	u.files = files;
	assert_int_equal(unit_write(k->tree, &u, k->people[OKIT_GATEWAY], fileno(f), NULL),
			 SL_OK);
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read_fd(fileno(f), 1 << 20, &b), SL_OK);
	(void)fclose(f);
	return (char *)buf_take(&b, ret_len);
}

/* Every byte matters: change one, cut anywhere, add one. */
static void test_every_byte(void **state)
{
	struct okit k;
	size_t len;
	char *bytes;
	const uint8_t *signer;

	(void)state;
	okit_new(&k, 1780000000);
	signer = key_public(k.people[OKIT_GATEWAY]);
	bytes = small_unit(&k, &len);
	assert_int_equal(read_bytes(&k, bytes, len, signer), SL_OK);
	assert_int_equal(read_bytes(&k, bytes, len, key_public(k.people[OKIT_AUTHOR])),
			 SL_E_SIGNATURE);
	for (size_t i = 0; i < len; i++) {
		bytes[i] ^= 1;
		if (read_bytes(&k, bytes, len, signer) == SL_OK)
			fail_msg("a changed byte %zu was accepted", i);
		bytes[i] ^= 1;
		if (i % 7 == 0 && read_bytes(&k, bytes, i, signer) == SL_OK)
			fail_msg("a unit cut at %zu was accepted", i);
	}
	bytes = realloc(bytes, len + 1);
	bytes[len] = 'x';
	assert_int_equal(read_bytes(&k, bytes, len + 1, signer), SL_E_FORMAT);
	free(bytes);
	okit_free(&k);
}

static void test_write_refuses(void **state)
{
	struct unit_file file = {
		.path = "index.html",
		.length = 4,
		.sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct unit u = {.serial = 1, .kind = "release", .files = &file, .n_files = 1};
	struct okit k;
	FILE *f = tmpfile();

	(void)state;
	okit_new(&k, 1780000000);
	okit_write(k.tree, "index.html", "<p>x", 4);
	assert_int_equal(unit_write(k.tree, &u, k.people[OKIT_GATEWAY], fileno(f), NULL),
			 SL_E_CORRUPT);
	file.sha256[0] = '\0';
	u.serial = 0;
	assert_int_equal(unit_write(k.tree, &u, k.people[OKIT_GATEWAY], fileno(f), NULL),
			 SL_E_LIMIT);
	u.serial = 1;
	(void)snprintf(file.path, sizeof(file.path), "feed.json");
	assert_int_equal(unit_write(k.tree, &u, k.people[OKIT_GATEWAY], fileno(f), NULL),
			 SL_E_NOTFOUND);
	(void)snprintf(file.path, sizeof(file.path), "../x");
	assert_int_equal(unit_write(k.tree, &u, k.people[OKIT_GATEWAY], fileno(f), NULL),
			 SL_E_FORMAT);
	(void)fclose(f);
	okit_free(&k);
}

static void test_sealed(void **state)
{
	struct okit k;
	struct key *other = NULL;
	struct sealed_keys theirs, both, none = {.n = 0};
	uint8_t seed[32] = {99}, two[2][SEAL_PUBLIC];
	char print[SEALED_PRINT + 1];
	struct sl_why why = {.text = ""};
	unsigned which = 99;
	FILE *in = tmpfile(), *sealed = tmpfile(), *out = tmpfile();

	(void)state;
	okit_new(&k, 1780000000);
	assert_int_equal(key_generate(KEY_LINK, seed, &other), SL_OK);
	theirs = (struct sealed_keys){.key = {other}, .n = 1};
	both = (struct sealed_keys){.key = {other, k.link}, .n = 2};
	assert_int_equal(file_write_all(fileno(in), "hello", 5), SL_OK);
	assert_int_equal(lseek(fileno(in), 0, SEEK_SET), 0);
	assert_int_equal(sealed_write(fileno(in), key_public(k.link), fileno(sealed)), SL_OK);
	assert_int_equal(lseek(fileno(sealed), 0, SEEK_SET), 0);
	sealed_fingerprint(key_public(k.link), print);
	assert_int_equal(sealed_read(fileno(sealed), &theirs, fileno(out), &which, &why),
			 SL_E_DENIED);
	assert_non_null(strstr(why.text, print));
	assert_int_equal(sealed_read(fileno(sealed), &none, fileno(out), &which, NULL),
			 SL_E_DENIED);
	assert_int_equal(lseek(fileno(out), 0, SEEK_END), 0);
	assert_int_equal(sealed_read(fileno(sealed), &both, fileno(out), &which, NULL), SL_OK);
	assert_int_equal(which, 1);
	assert_int_equal(lseek(fileno(out), 0, SEEK_END), 5);
	/* Officers may share a secret; an outlet shares nothing. */
	memcpy(two[0], key_public(k.link), SEAL_PUBLIC);
	memcpy(two[1], key_public(other), SEAL_PUBLIC);
	assert_int_equal(lseek(fileno(in), 0, SEEK_SET), 0);
	assert_int_equal(ftruncate(fileno(sealed), 0), 0);
	assert_int_equal(lseek(fileno(sealed), 0, SEEK_SET), 0);
	assert_int_equal(
		seal_fd(fileno(in), fileno(sealed), (const uint8_t(*)[SEAL_PUBLIC])two, 2),
		SL_OK);
	assert_int_equal(sealed_read(fileno(sealed), &both, fileno(out), &which, NULL),
			 SL_E_FORMAT);
	key_free(other);
	(void)fclose(in);
	(void)fclose(sealed);
	(void)fclose(out);
	okit_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),	   cmocka_unit_test(test_header),
		cmocka_unit_test(test_every_byte), cmocka_unit_test(test_write_refuses),
		cmocka_unit_test(test_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
