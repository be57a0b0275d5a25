/* test_extract_media.c - sound and film: what it is by structure, what its texts say, and
 * that a person always has to look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>

#include "base/file.h"
#include "inspect/type/identify.h"
#include "tests/support/extract_collect.h"

static bool found(const struct collected *c, const char *rule, const char *evidence)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].rule, rule) == 0 &&
		    strcasecmp(c->findings[i].evidence, evidence) == 0)
			return true;
	return false;
}

static const struct {
	const char *file, *type;
	const char *words[3];
	const char *evidence;
} films[] = {
	{"film.mp4",
	 "video/mp4",
	 {"Title: 现场", "Comment: 别公开", "GPSPosition: 31.230"},
	 "position"},
	{"film.mov", "video/quicktime", {"Title: 现场", "Comment: 别公开"}, "Artist"},
	{"film.mkv", "video/x-matroska", {"Title: 现场", "COMMENT: 别公开"}, NULL},
	{"film.avi", "video/x-msvideo", {"Title: 现场", "Comment: 别公开"}, NULL},
	{"sound.mp3",
	 "audio/mpeg",
	 {"Title: 内部会议", "手机15412345678", "Artist: 王录音"},
	 "Artist"},
	{"sound.ogg", "application/ogg", {"title: 内部会议", "手机15412345678"}, "artist"},
	{"sound.flac", "audio/flac", {"title: 内部会议", "手机15412345678"}, "artist"},
	{"sound.wav", "audio/x-wav", {"Title: 内部会议", "Comment: 手机15412345678"}, "Artist"},
};

static void texts_of_real_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(films) / sizeof(films[0]); i++) {
		char path[64];
		struct collected *c;

		(void)snprintf(path, sizeof(path), "media/%s", films[i].file);
		c = collect_file(path, films[i].type);
		print_message("%s\n", path);
		assert_non_null(c);
		assert_string_equal(c->objects[0].reason, "media-not-read");
		for (size_t k = 0; k < 3 && films[i].words[k] != NULL; k++)
			assert_non_null(collect_segment(c, WHERE_PROPERTY, films[i].words[k]));
		if (films[i].evidence != NULL)
			assert_true(found(c, "DH-004", films[i].evidence));
		collect_free(c);
	}
}

static void covers_are_pictures(void **state)
{
	struct collected *c = collect_file("media/sound.flac", "audio/flac");
	const struct filter_object *o;

	(void)state;
	assert_non_null(c);
	o = collect_object(c, "sound.flac/cover-1");
	assert_non_null(o);
	assert_string_equal(o->type, "image/jpeg");
	assert_string_equal(o->reason, "picture-not-read");
	collect_free(c);
}

static struct identity ask(const struct buf *b, const char *name)
{
	struct identity id;

	identify(&(struct identify_in){.p = b->data, .len = b->len, .name = name}, &id);
	return id;
}

static void kinds_by_structure(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(films) / sizeof(films[0]); i++) {
		char path[512];
		struct identity id;
		struct buf b;

		assert_true(snprintf(path, sizeof(path),
				     SL_SOURCE_DIR "/tests/corpus/documents/media/%s",
				     films[i].file) < (int)sizeof(path));
		buf_init(&b, 1 << 20);
		assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &b), SL_OK);
		print_message("%s\n", films[i].file);
		id = ask(&b, films[i].file);
		assert_string_equal(id.type, films[i].type);
		assert_string_equal(id.reason, "");
		assert_true(identify_name_agrees(films[i].file, id.type));
		/* Frames of FLAC have no length: its end cannot be told from noise. */
		if (strcmp(films[i].file, "sound.flac") != 0) {
			buf_puts(&b, "PASSWORD=hunter2, and more");
			id = ask(&b, films[i].file);
			assert_string_not_equal(id.reason, "");
		}
		buf_release(&b);
	}
}

static void tags_by_hand(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t len;
		const char *words;
	} rows[] = {
		{"GBK where Latin-1 is said",
		 "ID3\3\0\0\0\0\0\x0f"
		 "TIT2\0\0\0\5\0\0\0\xbb\xfa\xc3\xdc",
		 25, "Title: 机密"},
		{"UTF-16 with two values",
		 "ID3\3\0\0\0\0\0\x13"
		 "TIT2\0\0\0\x09\0\0\1\xff\xfe\x3a\x67\0\0\xc6\x5b",
		 29, "Title: 密"},
		{"the old three letters",
		 "ID3\2\0\0\0\0\0\x0a"
		 "TT2\0\0\4\0abc",
		 20, "Title: abc"},
		{"unsynchronised",
		 "ID3\3\0\x80\0\0\0\x12"
		 "TIT2\0\0\0\7\0\0\1\xff\0\xfe\x3a\x67\xc6\x5b",
		 28, "Title: 机密"},
		{"a longer frame than there is",
		 "ID3\3\0\0\0\0\0\x0f"
		 "TIT2\0\0\0\xff\0\0\0abcdef",
		 25, NULL},
		{"a tag that is cut", "ID3\3\0\0\0\0\x7f\x0f", 10, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c =
			collect_bytes("a.mp3", "audio/mpeg", rows[i].bytes, rows[i].len);
		bool said = rows[i].words == NULL;

		print_message("%s\n", rows[i].what);
		assert_string_equal(c->objects[0].reason, "media-not-read");
		for (size_t k = 0; k < c->n_segments; k++)
			said = said || strstr(c->segments[k].text, rows[i].words) != NULL;
		assert_true(said);
		collect_free(c);
	}
}

static void pictures_in_film_containers_are_held(void **state)
{
	static const char heic[] = "\0\0\0\x10"
				   "ftypheic\0\0\0";
	struct buf b;
	struct identity id;

	(void)state;
	buf_init(&b, 64);
	buf_put(&b, heic, 16);
	id = ask(&b, "a.heic");
	assert_string_equal(id.type, "image/heic");
	assert_string_equal(id.reason, "unsupported");
	assert_true(identify_name_agrees("a.heic", id.type));
	buf_release(&b);
}

static int start(void **state)
{
	(void)state;
	collect_start();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_of_real_files),
		cmocka_unit_test(covers_are_pictures),
		cmocka_unit_test(kinds_by_structure),
		cmocka_unit_test(tags_by_hand),
		cmocka_unit_test(pictures_in_film_containers_are_held),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
