/* test_clean_call.c - the cleaning may crash, hang, lie or be away: the answer is an error with
 * a sentence, and a copy is believed only from an answer that is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "inspect/clean_call.h"
#include "inspect/clean_wire.h"

enum { MAX = 4 << 20, LENGTH = 3 };

static char dir[64];

static void body(struct buf *b, enum filter_record kind, struct buf *of)
{
	assert_int_equal(buf_error(of), SL_OK);
	filter_record_put(b, kind, buf_str(of), of->len);
	buf_clear(of);
}

struct lie { /* what is wrong with an answer */
	const char *name, *id;
	uint64_t bytes;	 /* of object 0 */
	uint32_t pieces; /* of the copy, each "copy" */
	uint32_t changes, counted;
	uint64_t counted_bytes;
	uint32_t count; /* of a change */
	bool failed, short_end;
	uint8_t ending;
};
#define TRUE_ANSWER                                                                            \
	{                                                                                      \
		"clean", "0", LENGTH, 2, 1, 1, 8, 1, false, false, ENDING_CLEAN                \
	}

static void make_answer(const struct lie *l, struct buf *b)
{
	struct filter_object o = {.bytes = l->bytes,
				  .state = l->failed ? OBJECT_FAILED : OBJECT_INSPECTED};
	struct filter_change c = {.what = "masked", .which = "154****1234", .count = l->count};
	struct buf x;

	buf_init(&x, MAX);
	buf_put_str(&x, l->name);
	buf_put_str(&x, "1");
	buf_put_str(&x, "data");
	body(b, RECORD_HELLO, &x);
	(void)snprintf(o.id, sizeof(o.id), "%s", l->id);
	(void)snprintf(o.reason, sizeof(o.reason), "%s", l->failed ? "unsupported" : "");
	filter_object_put(&x, &o);
	body(b, RECORD_OBJECT, &x);
	for (uint32_t i = 0; i < l->changes; i++) {
		filter_change_put(&x, &c);
		body(b, RECORD_CHANGE, &x);
	}
	for (uint32_t i = 0; i < l->pieces; i++) {
		buf_puts(&x, "copy");
		body(b, RECORD_BYTES, &x);
	}
	buf_put_u32(&x, 1);
	buf_put_u32(&x, 0);
	buf_put_u32(&x, 0);
	buf_put_u32(&x, 0);
	if (!l->short_end) {
		buf_put_u32(&x, l->counted);
		buf_put_u64(&x, l->counted_bytes);
	}
	body(b, RECORD_END, &x);
	buf_put_u8(&x, l->ending);
	buf_put_u32(&x, 11);
	body(b, RECORD_TRAILER, &x);
	buf_release(&x);
}

static int listen_here(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s/clean.sock", dir);
	(void)unlink(at.sun_path);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

/* Ask a stand-in that answers so. */
static int ask(const struct buf *answer, struct clean_answer *x, struct sl_why *why)
{
	static const struct clean_mask masks[] = {{"15400001234", "154****1234"}};
	int doc = memfd_create("doc", MFD_CLOEXEC), at = listen_here(), r;
	struct clean_ask a = {.socket_dir = dir,
			      .seconds = 1,
			      .name = "a.txt",
			      .type = "text/plain",
			      .fd = doc,
			      .length = LENGTH,
			      .masks = masks,
			      .n_masks = 1};
	pid_t pid;

	assert_int_equal(file_write_all(doc, "abc", LENGTH), SL_OK);
	pid = fork();
	if (pid == 0) {
		char request[4096];
		int conn = accept(at, NULL, NULL);

		(void)!read(conn, request, sizeof(request));
		_exit(file_write_all(conn, buf_str(answer), answer->len) == SL_OK ? 0 : 1);
	}
	file_close(at);
	r = clean_call(&a, x, why);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	file_close(doc);
	return r;
}

static void a_whole_answer_is_believed(void **state)
{
	static const struct lie truth = TRUE_ANSWER;
	struct clean_answer x;
	struct sl_why why = {""};
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	make_answer(&truth, &b);
	assert_int_equal(ask(&b, &x, &why), SL_OK);
	assert_int_equal(x.reply.n_pieces, 2);
	assert_int_equal(x.reply.n_bytes, 8);
	assert_memory_equal(x.reply.pieces[1].bytes, "copy", 4);
	assert_int_equal(x.reply.n_changes, 1);
	assert_string_equal(x.reply.changes[0].which, "154****1234");
	clean_answer_release(&x);
	buf_release(&b);
}

static void lies_are_not(void **state)
{
	static const struct {
		const char *what;
		struct lie lie;
		int want;
	} rows[] = {
		{"another filter",
		 {"match", "0", LENGTH, 2, 1, 1, 8, 1, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"another object",
		 {"clean", "1", LENGTH, 2, 1, 1, 8, 1, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"another length",
		 {"clean", "0", 4, 2, 1, 1, 8, 1, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"a piece less than said",
		 {"clean", "0", LENGTH, 1, 1, 1, 8, 1, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"a change more than said",
		 {"clean", "0", LENGTH, 2, 2, 1, 8, 1, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"a change of nothing",
		 {"clean", "0", LENGTH, 2, 1, 1, 8, 0, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"no word of the copy at the end",
		 {"clean", "0", LENGTH, 2, 1, 1, 8, 1, false, true, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"a copy of what failed",
		 {"clean", "0", LENGTH, 2, 1, 1, 8, 1, true, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"more changes than allowed",
		 {"clean", "0", LENGTH, 2, 2002, 2002, 8, 1, false, false, ENDING_CLEAN},
		 SL_E_LIMIT},
		{"a copy of nothing",
		 {"clean", "0", LENGTH, 0, 1, 1, 0, 1, false, false, ENDING_CLEAN},
		 SL_E_FORMAT},
		{"crashed",
		 {"clean", "0", LENGTH, 2, 1, 1, 8, 1, false, false, ENDING_SIGNAL},
		 SL_E_UNREACHABLE},
		{"hung",
		 {"clean", "0", LENGTH, 2, 1, 1, 8, 1, false, false, ENDING_TIMEOUT},
		 SL_E_TIMEOUT},
		{"gave up",
		 {"clean", "0", LENGTH, 2, 1, 1, 8, 1, false, false, ENDING_ERROR},
		 SL_E_UNREACHABLE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct clean_answer x;
		struct sl_why why = {""};
		struct buf b;

		print_message("%s\n", rows[i].what);
		buf_init(&b, MAX);
		make_answer(&rows[i].lie, &b);
		assert_int_equal(ask(&b, &x, &why), rows[i].want);
		assert_string_not_equal(why.text, "");
		assert_false(x.absent);
		clean_answer_release(&x);
		buf_release(&b);
	}
}

static void a_part_of_an_answer_is_none(void **state)
{
	static const struct lie truth = TRUE_ANSWER;
	struct filter_reply r;
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	make_answer(&truth, &b);
	for (size_t n = 0; n < b.len; n++) {
		assert_int_not_equal(filter_reply_parse(b.data, n, 0, &r), SL_OK);
		filter_reply_release(&r);
	}
	assert_int_equal(filter_reply_parse(b.data, b.len, 0, &r), SL_OK);
	filter_reply_release(&r);
	buf_release(&b);
}

static void nobody_there(void **state)
{
	struct clean_ask a = {.socket_dir = dir, .seconds = 1, .name = "a", .type = "t"};
	struct clean_answer x;
	struct sl_why why = {""};
	char path[96];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/clean.sock", dir);
	(void)unlink(path);
	a.fd = memfd_create("doc", MFD_CLOEXEC);
	assert_int_equal(clean_call(&a, &x, &why), SL_E_UNREACHABLE);
	assert_true(x.absent);
	clean_answer_release(&x);
	file_close(a.fd);
}

static void masks_as_bytes(void **state)
{
	static const struct clean_mask masks[] = {{"a", ""}, {"周若宁", "周某某"}};
	static const struct {
		const char *bytes;
		size_t len;
		int want;
	} bad[] = {
		{"\0\0\0\0"
		 "\0\0\0\1",
		 8, SL_E_FORMAT}, /* ends early */
		{"\0\0\0\0"
		 "\0\0\0\1\0\0\0\0\0\0\0\1x",
		 17, SL_E_FORMAT}, /* no text */
		{"\0\0\0\0"
		 "\0\0\0\1\0\0\0\1\xff\0\0\0\1x",
		 18, SL_E_FORMAT}, /* not UTF-8 */
		{"\0\0\0\0"
		 "\0\0\0\1\0\0\0\2a\0\0\0\0\1x",
		 19, SL_E_FORMAT}, /* NUL inside */
		{"\0\0\0\0"
		 "\0\0\xff\xff",
		 8, SL_E_LIMIT}, /* too many */
		{"\0\0\0\0"
		 "\0\0\0\1\0\0\xff\xff",
		 12, SL_E_LIMIT},		      /* too long */
		{"\0\0\0\2\0\0\0\0", 8, SL_E_FORMAT}, /* neither exact nor not */
	};
	struct clean_mask *got = NULL;
	size_t n = 0;
	bool exact = false;
	struct buf b;
	struct cur c;

	(void)state;
	buf_init(&b, MAX);
	clean_wire_put(&b, masks, 2, true);
	buf_puts(&b, "document");
	cur_init(&c, b.data, b.len);
	assert_int_equal(clean_wire_get(&c, &got, &n, &exact), SL_OK);
	assert_true(exact);
	assert_int_equal(n, 2);
	assert_string_equal(got[0].with, "");
	assert_string_equal(got[1].text, "周若宁");
	assert_int_equal(cur_left(&c), 8);
	clean_wire_free(got, n);
	buf_release(&b);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cur_init(&c, bad[i].bytes, bad[i].len);
		got = NULL;
		assert_int_not_equal(clean_wire_get(&c, &got, &n, &exact), SL_OK);
		assert_null(got);
	}
}

static int make_dir(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sl-clean.XXXXXX");
	return mkdtemp(dir) == NULL;
}

static int remove_dir(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_answer_is_believed),
		cmocka_unit_test(lies_are_not),
		cmocka_unit_test(a_part_of_an_answer_is_none),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(masks_as_bytes),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
