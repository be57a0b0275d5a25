/* The audit log: grows by rows, survives any kill, and never says two things (P19). */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "killer.h"
#include "release/audit_private.h"
#include "release/audit_verify.h"
#include "release/tree.h"
#include "tlog_kit.h"
#include "trust/audit_entry.h"
#include "trust/log_entry.h"

#define ORIGIN "outlet.example/audit-log"

struct world {
	char dir[64];
	int audit_fd, signed_fd, release_fd;
	struct store *desk;
	struct key *key;
	struct audit_log *log;
	int64_t now;
};

static void open_log(struct world *w)
{
	struct audit_log_options o = {.audit_fd = w->audit_fd,
				      .signed_fd = w->signed_fd,
				      .store = w->desk,
				      .key = w->key,
				      .origin = ORIGIN};
	struct sl_why why = {.text = ""};

	audit_log_free(w->log);
	w->log = NULL;
	assert_int_equal(audit_log_new(&o, &w->log, &why), SL_OK);
}

static void enter(struct world *w)
{
	struct sl_why why = {.text = ""};

	memset(w, 0, sizeof(*w));
	assert_int_equal(crypto_start(), SL_OK);
	kit_enter(w->dir);
	assert_int_equal(file_mkdirs("data/store", 0700), SL_OK);
	assert_int_equal(file_mkdirs("data/objects", 0700), SL_OK);
	assert_int_equal(file_mkdirs("data/uploads", 0700), SL_OK);
	assert_int_equal(file_mkdirs("data/audit", 0700), SL_OK);
	assert_int_equal(file_mkdirs("data/release", 0700), SL_OK);
	w->audit_fd = file_open_dir(AT_FDCWD, "data/audit");
	assert_int_equal(file_mkdirs("data/log-signed", 0700), SL_OK);
	w->signed_fd = file_open_dir(AT_FDCWD, "data/log-signed");
	w->release_fd = file_open_dir(AT_FDCWD, "data/release");
	if (store_open("data", STORE_DESK, &w->desk, &why) != SL_OK)
		fail_msg("%s", why.text);
	w->key = kit_key(KEY_LOG, 1);
	w->now = KIT_NOW;
	open_log(w);
}

static void leave(struct world *w)
{
	audit_log_free(w->log);
	key_free(w->key);
	store_close(w->desk);
	file_close(w->audit_fd);
	file_close(w->signed_fd);
	file_close(w->release_fd);
	kit_leave(w->dir);
}

static void events(struct world *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		json_t *record = json_pack("{s:i}", "n", (int)i);

		assert_int_equal(store_audit(w->desk, "review.show", "p-07", record), SL_OK);
		json_decref(record);
	}
}

static int step(struct world *w, struct sl_why *why)
{
	why->text[0] = '\0';
	w->now += AUDIT_LOG_INTERVAL_S;
	return audit_log_step(w->log, w->now, why);
}

static void good_step(struct world *w, uint64_t want)
{
	struct sl_why why = {.text = ""};
	uint8_t root[HASH_LEN];
	uint64_t size = 0;

	if (step(w, &why) != SL_OK)
		fail_msg("%s", why.text);
	audit_log_head(w->log, &size, root);
	assert_int_equal(size, want);
}

static int verify(struct world *w, struct audit_verify_result *v, struct sl_why *why)
{
	struct audit_verify_options o = {.store = w->desk,
					 .audit_fd = w->audit_fd,
					 .signed_fd = w->signed_fd,
					 .release_fd = w->release_fd,
					 .public_key = key_public(w->key)};

	why->text[0] = '\0';
	return audit_verify(&o, v, why);
}

static void good(struct world *w, uint64_t size, uint64_t unlogged)
{
	struct audit_verify_result v;
	struct sl_why why;

	if (verify(w, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(v.size, size);
	assert_int_equal(v.unlogged, unlogged);
	assert_int_equal(v.rows, size + unlogged);
}

static void bad(struct world *w, int want, const char *says)
{
	struct audit_verify_result v;
	struct sl_why why;
	int r = verify(w, &v, &why);

	if (r != want || strstr(why.text, says) == NULL)
		fail_msg("%d: %s", r, why.text);
}

static void refused(struct world *w, int want, const char *says)
{
	struct sl_why why;
	int r = step(w, &why);

	if (r != want || strstr(why.text, says) == NULL)
		fail_msg("%d: %s", r, why.text);
}

static void copy(const char *from, const char *to)
{
	const char *const argv[] = {"cp", "-a", from, to, NULL};
	const char *const clean[] = {"rm", "-rf", to, NULL};

	assert_int_equal(kit_run(clean), 0);
	assert_int_equal(kit_run(argv), 0);
}

/* After the directory was replaced. */
static void reopen(struct world *w)
{
	file_close(w->audit_fd);
	w->audit_fd = file_open_dir(AT_FDCWD, "data/audit");
	assert_true(w->audit_fd >= 0);
	open_log(w);
}

static void logs_at_most_once_a_minute(void **state)
{
	struct sl_why why = {.text = ""};
	uint8_t root[HASH_LEN];
	uint64_t size = 0;
	struct world w;

	(void)state;
	enter(&w);
	bad(&w, SL_E_NOTFOUND, "nothing of the audit was signed yet");
	good_step(&w, 0);
	events(&w, 3);
	good_step(&w, 4); /* three, and the row that says it is signed */
	good(&w, 4, 0);
	good_step(&w, 4); /* its own rows alone are no reason to sign */
	events(&w, 1);
	good(&w, 4, 1);
	good_step(&w, 6);
	events(&w, 1);
	assert_int_equal(audit_log_step(w.log, w.now + AUDIT_LOG_INTERVAL_S - 1, &why), SL_OK);
	audit_log_head(w.log, &size, root);
	assert_int_equal(size, 6);
	good_step(&w, 8);
	open_log(&w); /* another process */
	events(&w, 300);
	good_step(&w, 309);
	good(&w, 309, 0);
	events(&w, 500);
	good_step(&w, 810);
	good(&w, 810, 0);
	assert_false(file_exists(w.audit_fd, "tile/0/000.p"));
	assert_false(file_exists(w.audit_fd, "tile/entries/000.p"));
	assert_true(file_exists(w.audit_fd, "tile/0/003.p/42"));
	leave(&w);
}

static void open_store(struct world *w)
{
	struct sl_why why = {.text = ""};

	if (store_open("data", STORE_DESK, &w->desk, &why) != SL_OK)
		fail_msg("%s", why.text);
	open_log(w);
}

static void close_store(struct world *w)
{
	audit_log_free(w->log);
	w->log = NULL;
	store_close(w->desk);
	w->desk = NULL;
}

/* A process that dies before its call number `calls` that changes a file; false when it had
 * no more of them. */
static bool killed(struct world *w, long calls)
{
	pid_t child;
	int status = 0;

	close_store(w); /* SQLite does not survive a fork */
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sl_why why;

		killer_after(calls);
		open_store(w);
		_exit(step(w, &why) == SL_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
					: WEXITSTATUS(status) == 0);
	open_store(w);
	return WIFSIGNALED(status);
}

/* All rows are logged and proved, and what was signed before is the beginning of it. */
static void grew(struct world *w, uint64_t *size, uint8_t root[HASH_LEN])
{
	struct tlog_reader tiles = audit_reader(&w->audit_fd);
	struct merkle_frontier before;
	struct audit_verify_result v;
	uint8_t was[HASH_LEN];
	struct sl_why why;

	if (verify(w, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(v.unlogged, 0);
	assert_true(v.size > *size);
	if (*size > 0) {
		assert_int_equal(tlog_frontier(&tiles, *size, &before), SL_OK);
		merkle_root(&before, was);
		assert_memory_equal(was, root, HASH_LEN);
	}
	*size = v.size;
	memcpy(root, v.root, HASH_LEN);
}

/* Before the very first note, and with a log that is there; with tiles that become full. */
static void continues_after_any_kill(void **state)
{
	static const struct {
		unsigned events;
		bool again; /* each time with a new log */
		long calls; /* at least */
	} rows[] = {{3, true, 20}, {3, false, 10}, {256, false, 15}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t root[HASH_LEN];
		struct sl_why why;
		uint64_t size = 0;
		bool more = true;
		struct world w;

		enter(&w);
		for (long n = 0; more; n++) {
			assert_int_equal(store_begin(w.desk), SL_OK);
			events(&w, rows[i].events);
			assert_int_equal(store_end(w.desk, SL_OK), SL_OK);
			more = killed(&w, n);
			if (step(&w, &why) != SL_OK)
				fail_msg("%s", why.text);
			grew(&w, &size, root);
			assert_true(n < 500 && (more || n > rows[i].calls));
			if (rows[i].again && more) {
				leave(&w);
				enter(&w);
				size = 0;
			}
		}
		leave(&w);
	}
}

static void p19_old_backup_is_not_signed_again(void **state)
{
	struct world w;

	(void)state;
	enter(&w);
	events(&w, 10);
	good_step(&w, 11);
	copy("data/audit", "backup");
	events(&w, 10);
	good_step(&w, 22);
	copy("backup", "data/audit");
	reopen(&w);
	events(&w, 1);
	refused(&w, SL_E_REPLAY, "DATA/audit has 11 entries where 22 were signed");
	refused(&w, SL_E_REPLAY, "DATA/audit has 11 entries where 22 were signed");
	bad(&w, SL_E_REPLAY, "DATA/audit has 11 entries where 22 were signed");
	/* On a new machine without the note that no backup has. */
	assert_int_equal(unlink("data/log-signed/audit"), 0);
	open_log(&w);
	refused(&w, SL_E_REPLAY, "DATA/log-signed/audit is missing");
	bad(&w, SL_E_SIGNATURE, "DATA/log-signed/audit is missing");
	leave(&w);
}

/* Somebody with the log key has signed another history of the same size. */
static void p19_two_stories_are_refused(void **state)
{
	struct tlog_checkpoint c = {.size = 11, .origin = ORIGIN};
	struct buf text, note;
	struct world w;

	(void)state;
	enter(&w);
	events(&w, 10);
	good_step(&w, 11);
	buf_init(&text, 1024);
	buf_init(&note, NOTE_MAX);
	tlog_checkpoint_write(&c, &text);
	assert_int_equal(note_sign(w.key, ORIGIN, text.data, text.len, &note), SL_OK);
	assert_int_equal(file_write_durable(w.audit_fd, "signed", note.data, note.len, 0600),
			 SL_OK);
	open_log(&w);
	events(&w, 1);
	refused(&w, SL_E_CORRUPT, "two checkpoints were signed that tell different stories");
	bad(&w, SL_E_SIGNATURE, "DATA/audit/signed has another root for the first 11 entries");
	buf_release(&text);
	buf_release(&note);
	leave(&w);
}

static void p19_old_store_is_noticed(void **state)
{
	struct sl_why why;
	struct world w;

	(void)state;
	enter(&w);
	events(&w, 10);
	store_close(w.desk);
	copy("data/store", "backup");
	assert_int_equal(store_open("data", STORE_DESK, &w.desk, &why), SL_OK);
	open_log(&w);
	good_step(&w, 11);
	store_close(w.desk);
	copy("backup", "data/store");
	assert_int_equal(store_open("data", STORE_DESK, &w.desk, &why), SL_OK);
	open_log(&w);
	refused(&w, SL_E_REPLAY, "the store does not have row 11 as it was logged");
	bad(&w, SL_E_SIGNATURE, "the store has no row 11, which entry 10 tells of");
	leave(&w);
}

static void flip(const char *path, long at)
{
	FILE *f = fopen(path, "r+b");
	int c;

	assert_non_null(f);
	assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
	c = fgetc(f);
	assert_int_equal(fseek(f, -1, SEEK_CUR), 0);
	assert_int_equal(fputc(c ^ 1, f), c ^ 1);
	assert_int_equal(fclose(f), 0);
}

static void p19_flipped_bits_are_named(void **state)
{
	static const struct {
		const char *path;
		long at;
		const char *says;
	} rows[] = {
		{"data/audit/tile/0/000", 40, "entry 1 does not have the hash"},
		{"data/audit/tile/0/001.p/45", -5, "entry 300 does not have the hash"},
		{"data/audit/tile/1/000.p/1", 0, "hash 0 of tile/1/000.p/1"},
		{"data/audit/tile/entries/000", 30, "entry 0"},
		{"data/audit/signed", 40, "DATA/audit/signed is no checkpoint"},
		{"data/audit/checkpoint", -20, "DATA/audit/checkpoint is no checkpoint"},
		{"data/log-signed/audit", 40, "DATA/log-signed/audit is no checkpoint"},
	};
	struct sl_why why;
	struct world w;

	(void)state;
	enter(&w);
	events(&w, 300);
	good_step(&w, 301);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct audit_verify_result v;

		flip(rows[i].path, rows[i].at);
		assert_int_not_equal(verify(&w, &v, &why), SL_OK);
		if (strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].path, why.text);
		open_log(&w);
		events(&w, 1);
		assert_int_not_equal(step(&w, &why), SL_OK);
		flip(rows[i].path, rows[i].at);
	}
	open_log(&w);
	good_step(&w, 301 + 8);
	good(&w, 309, 0);
	leave(&w);
}

/* Someone who owns the host rewrites the store, past its triggers. */
static void p19_rewritten_rows_are_named(void **state)
{
	static const struct {
		const char *sql, *says;
	} rows[] = {
		{"UPDATE audit SET record = '{}' WHERE seq = 3",
		 "row 3 of the store has not the hash of its record"},
		{"UPDATE audit SET kind = 'review.hide' WHERE seq = 4",
		 "row 4 of the store is not the one that entry 3 tells of"},
		{"UPDATE audit SET ms = ms + 1 WHERE seq = 4",
		 "row 4 of the store is not the one that entry 3 tells of"},
		{"DELETE FROM audit WHERE seq = 5",
		 "the store has no row 5, which entry 4 tells of"},
		{"INSERT INTO audit SELECT 999, ms, kind, actor, draft, '[]', salt, hash FROM "
		 "audit WHERE seq = 5",
		 "row 999 of the store has not the hash of its record"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sqlite3 *db = NULL;
		struct world w;

		enter(&w);
		events(&w, 10);
		good_step(&w, 11);
		good(&w, 11, 0);
		assert_int_equal(sqlite3_open("data/store/sluice.db", &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db,
					      "DROP TRIGGER audit_no_update;"
					      "DROP TRIGGER audit_no_delete;",
					      NULL, NULL, NULL),
				 SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
		bad(&w, SL_E_SIGNATURE, rows[i].says);
		leave(&w);
	}
}

/* A row changed before it was logged never gets in. */
static void changed_rows_are_not_logged(void **state)
{
	sqlite3 *db = NULL;
	struct world w;

	(void)state;
	enter(&w);
	events(&w, 3);
	assert_int_equal(sqlite3_open("data/store/sluice.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "DROP TRIGGER audit_no_update;"
				      "UPDATE audit SET record = '{}' WHERE seq = 2;",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	refused(&w, SL_E_CORRUPT, "row 2 of the audit has not the hash of its record");
	assert_false(file_exists(w.audit_fd, "checkpoint"));
	leave(&w);
}

/* ---- anchors ---- */

static int put_in(void *arg, const char *path, const void *bytes, size_t len)
{
	char name[TLOG_PATH_MAX + 16];

	(void)arg;
	(void)snprintf(name, sizeof(name), "data/release/repo/log/%s", path);
	return tree_put(AT_FDCWD, name, bytes, len);
}

static void release_log(struct world *w, uint64_t size, const uint8_t root[HASH_LEN])
{
	struct log_entry e = {.kind = LOG_ANCHOR, .id = "-", .version = (int64_t)size};
	struct tlog_checkpoint c = {.size = 1, .origin = "outlet.example/release-log"};
	struct merkle_frontier f = {.size = 0};
	struct tlog_entry one;
	struct buf text, note;

	text_hex(root, HASH_LEN, e.manifest_sha256);
	memset(e.attest_sha256, '0', 64);
	buf_init(&text, 1024);
	buf_init(&note, NOTE_MAX);
	log_entry_write(&e, &text);
	one = (struct tlog_entry){.bytes = text.data, .len = text.len};
	assert_int_equal(
		tlog_append(&(struct tlog_reader){.read = NULL}, &f, &one, 1, put_in, NULL, &f),
		SL_OK);
	merkle_root(&f, c.root);
	buf_clear(&text);
	tlog_checkpoint_write(&c, &text);
	assert_int_equal(note_sign(w->key, c.origin, text.data, text.len, &note), SL_OK);
	assert_int_equal(put_in(NULL, "checkpoint", note.data, note.len), SL_OK);
	buf_release(&text);
	buf_release(&note);
}

static void p19_anchors_pin_the_audit(void **state)
{
	struct audit_verify_result v;
	uint8_t root[HASH_LEN];
	struct sl_why why;
	uint64_t size = 0;
	struct world w;

	(void)state;
	enter(&w);
	events(&w, 10);
	good_step(&w, 11);
	audit_log_head(w.log, &size, root);
	events(&w, 10);
	good_step(&w, 22);
	release_log(&w, size, root);
	assert_int_equal(verify(&w, &v, &why), SL_OK);
	assert_true(v.has_release_log);
	assert_int_equal(v.anchors, 1);
	root[0] ^= 1;
	release_log(&w, size, root);
	bad(&w, SL_E_SIGNATURE,
	    "anchor 0 of the release log has another root for the first 11 entries");
	root[0] ^= 1;
	release_log(&w, 23, root);
	bad(&w, SL_E_REPLAY,
	    "anchor 0 of the release log knows 23 entries, the audit log has 22");
	flip("data/release/repo/log/checkpoint", -20);
	bad(&w, SL_E_SIGNATURE, "the release log's checkpoint is not signed");
	leave(&w);
}

static void entries_have_one_spelling(void **state)
{
#define H "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{"sluice-audit/1\n1042\n1780000000123\ndraft.move\n" H "\n", SL_OK},
		{"sluice-audit/2\n1\n1\na\n" H "\n", SL_E_FORMAT},
		{"sluice-audit/1\n01\n1\na\n" H "\n", SL_E_FORMAT},
		{"sluice-audit/1\n1\n-1\na\n" H "\n", SL_E_FORMAT},
		{"sluice-audit/1\n1\n1\n\n" H "\n", SL_E_FORMAT},
		{"sluice-audit/1\n1\n1\na b\n" H "\n", SL_E_FORMAT},
		{"sluice-audit/1\n1\n1\na\n" H "a\n", SL_E_FORMAT},
		{"sluice-audit/1\n1\n1\na\n" H, SL_E_FORMAT},
		{"sluice-audit/1\n1\n1\na\n" H "\n\n", SL_E_FORMAT},
		{"", SL_E_FORMAT},
		{"sluice-audit/1\n1\n1\n" H H H H H H H H "\n" H "\n", SL_E_LIMIT},
	};
	struct audit_entry e;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;

		assert_int_equal(audit_entry_parse(rows[i].text, strlen(rows[i].text), &e),
				 rows[i].want);
		if (rows[i].want != SL_OK)
			continue;
		buf_init(&b, AUDIT_ENTRY_MAX);
		assert_int_equal(audit_entry_write(&e, &b), SL_OK);
		assert_string_equal(buf_str(&b), rows[i].text);
		(void)snprintf(e.kind, sizeof(e.kind), "two\nlines");
		assert_int_equal(audit_entry_write(&e, &b), SL_E_FORMAT);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_at_most_once_a_minute),
		cmocka_unit_test(continues_after_any_kill),
		cmocka_unit_test(p19_old_backup_is_not_signed_again),
		cmocka_unit_test(p19_two_stories_are_refused),
		cmocka_unit_test(p19_old_store_is_noticed),
		cmocka_unit_test(p19_flipped_bits_are_named),
		cmocka_unit_test(p19_rewritten_rows_are_named),
		cmocka_unit_test(changed_rows_are_not_logged),
		cmocka_unit_test(p19_anchors_pin_the_audit),
		cmocka_unit_test(entries_have_one_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
