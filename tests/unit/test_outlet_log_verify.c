/* sluice-pull log verify: trees whose log is good, and every way in which it may lie. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "outlet/log_verify.h"
#include "outlet/site.h"
#include "outlet_kit.h"
#include "tlog_kit.h"
#include "trust/log_entry.h"

enum { DAY = 86400 };
#define ORIGIN "outlet.example/release-log"

struct stage {
	struct okit k;
	struct kit_log log;
	struct buf root;
	char state[96], root_path[128];
};

static void add(struct stage *s, const void *bytes, size_t len)
{
	struct tlog_entry e = {.bytes = bytes, .len = len};
	struct tlog_reader r = kit_log_reader(&s->log);
	struct merkle_frontier after;

	assert_int_equal(tlog_append(&r, &s->log.frontier, &e, 1, kit_log_put, &s->log, &after),
			 SL_OK);
	s->log.frontier = after;
}

static void add_entry(struct stage *s, const struct log_entry *e)
{
	struct buf b;

	buf_init(&b, LOG_ENTRY_MAX);
	log_entry_write(e, &b);
	add(s, b.data, b.len);
	buf_release(&b);
}

static void target_digest(const json_t *targets, const char *path, char out[65])
{
	const char *hex = json_str(json_obj(json_obj(targets, path), "hashes"), "sha256");

	if (hex == NULL)
		fail_msg("no target %s", path);
	else
		(void)snprintf(out, 65, "%s", hex);
}

static struct log_entry entry_of(struct stage *s, unsigned i)
{
	const struct feed_entry *f = &s->k.head.entries[i];
	struct log_entry e = {.kind = f->kind == FEED_NOTICE ? LOG_NOTICE : LOG_RELEASE,
			      .version = f->version,
			      .serial = f->serial};
	char role[LAYOUT_ROLE_MAX], path[160];

	(void)snprintf(e.id, sizeof(e.id), "%s", f->id);
	memcpy(e.manifest_sha256, f->manifest_sha256, 65);
	if (f->kind == FEED_NOTICE) {
		layout_notice_role(f->serial, role);
		(void)snprintf(path, sizeof(path), "%s", f->notice);
	} else {
		layout_release_role(f->id, role);
		(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/attest.intoto.jsonl",
			       f->id, f->version);
	}
	target_digest(okit_set(&s->k, role)->targets, path, e.attest_sha256);
	return e;
}

/* Log what the feed has gained; others' entries between. */
static void log_feed(struct stage *s, unsigned from)
{
	for (unsigned i = from; i < s->k.head.n; i++) {
		struct log_entry e = entry_of(s, i);

		add_entry(s, &e);
	}
}

static void log_root(struct stage *s)
{
	struct log_entry e = {.kind = LOG_ROOT, .id = "-", .version = 1};

	memset(e.manifest_sha256, 'a', 64);
	memset(e.attest_sha256, '0', 64);
	add_entry(s, &e);
}

static void put_files(struct stage *s)
{
	for (size_t i = 0; i < s->log.n; i++) {
		char path[TLOG_PATH_MAX + 8];

		(void)snprintf(path, sizeof(path), "log/%s", s->log.file[i].path);
		okit_put(&s->k, path, s->log.file[i].bytes, s->log.file[i].len);
	}
}

/* The checkpoint, pinned and loose, and metadata that is fresh. */
static void commit(struct stage *s, unsigned witnesses)
{
	struct buf note;

	buf_init(&note, NOTE_MAX);
	kit_log_note(&s->log, ORIGIN, witnesses, &note);
	put_files(s);
	okit_put(&s->k, "log/checkpoint", note.data, note.len);
	okit_put_target(&s->k, s->k.feed_targets, "log/checkpoint", &note);
	s->k.feed_dirty = true;
	s->k.n_logged = 0; /* the kit's own log, which is always good */
	okit_commit(&s->k, DAY);
	buf_release(&note);
}

static void stage_new(struct stage *s)
{
	struct buf policy;
	char *text;

	memset(s, 0, sizeof(*s));
	okit_new(&s->k, clock_now());
	kit_log_init(&s->log);
	buf_init(&policy, 4096);
	kit_policy_keys(ORIGIN, 2, &policy);
	buf_puts(&policy, "group both all w2 w3\nquorum both\n");
	okit_put_target(&s->k, s->k.policy_targets, "policy/witness-policy.txt", &policy);
	s->k.policy_dirty = true;
	buf_release(&policy);
	okit_root_path(&s->k, s->root_path);
	text = okit_read(AT_FDCWD, s->root_path);
	buf_init(&s->root, TUF_ROOT_MAX);
	buf_puts(&s->root, text);
	free(text);
	(void)snprintf(s->state, sizeof(s->state), "%s/state", s->k.dir);
}

static void stage_free(struct stage *s)
{
	buf_release(&s->root);
	kit_log_release(&s->log);
	okit_free(&s->k);
}

/* Two releases, one of them recalled. */
static void stage_filled(struct stage *s)
{
	stage_new(s);
	okit_release(&s->k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_release(&s->k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	log_root(s);
	log_feed(s, 0);
	okit_recall(&s->k, "R-2026-000001", 1);
	log_feed(s, 2);
}

static int read_file(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct stage *s = arg;

	return file_read(s->k.tree, path, max, out);
}

static int verify(struct stage *s, struct log_verify_result *v, struct sl_why *why)
{
	struct log_verify_options o = {.root = &s->root,
				       .source = {.get = read_file, .arg = s},
				       .state_dir = s->state,
				       .now = s->k.now};

	why->text[0] = '\0';
	assert_int_equal(file_remove_tree(AT_FDCWD, s->state), SL_OK);
	assert_int_equal(file_mkdirs(s->state, 0700), SL_OK);
	return log_verify(&o, v, why);
}

static void refused(struct stage *s, int want, const char *says)
{
	struct log_verify_result v;
	struct sl_why why;
	int r = verify(s, &v, &why);

	if (r != want || strstr(why.text, says) == NULL)
		fail_msg("%d: %s", r, why.text);
}

static void good_logs(void **state)
{
	struct log_verify_result v;
	struct sl_why why;
	struct stage s;

	(void)state;
	stage_new(&s);
	commit(&s, 2);
	if (verify(&s, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(v.size, 0);
	stage_free(&s);
	stage_filled(&s);
	commit(&s, 2);
	if (verify(&s, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(v.size, 4);
	assert_int_equal(v.releases, 2);
	assert_int_equal(v.notices, 1);
	assert_memory_equal(v.root, kit_checkpoint(&s.log, ORIGIN).root, HASH_LEN);
	stage_free(&s);
}

static void p18_a_release_nobody_logged(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	log_feed(&s, 0);
	okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	commit(&s, 2);
	refused(&s, SL_E_SIGNATURE,
		"the release R-2026-000002 version 1, serial 2, is not in the log");
	stage_free(&s);
}

static void p18_a_recall_nobody_logged(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	log_feed(&s, 0);
	okit_recall(&s.k, "R-2026-000001", 1);
	commit(&s, 2);
	refused(&s, SL_E_SIGNATURE,
		"the notice about R-2026-000001 version 1, serial 2, is not in the log");
	stage_free(&s);
}

/* A log entry without its place in the feed: shown to somebody else, perhaps. */
static void p10_entries_that_the_feed_does_not_have(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{"serial",
		 "entry 4 logs release R-2026-000002 with serial 4, which the feed does "
		 "not have"},
		{"twice", "entry 4 logs serial 2 a second time"},
		{"version", "entry 3 is not what the feed says with serial 3"},
		{"kind", "entry 3 is not what the feed says with serial 3"},
		{"manifest", "entry 3 is not what the feed says with serial 3"},
		{"attest", "the log has another digest of the notice than is published with "
			   "serial 3"},
		{"rubbish", "entry 4 of the log has not the form of an entry"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct log_entry e;
		struct stage s;

		stage_new(&s);
		okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
		okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
		log_root(&s);
		log_feed(&s, 0);
		e = entry_of(&s, 1);
		okit_recall(&s.k, "R-2026-000001", 1);
		if (i >= 2 && i <= 5)
			e = entry_of(&s, 2);
		else
			log_feed(&s, 2);
		if (strcmp(rows[i].name, "serial") == 0)
			e.serial = 4;
		else if (strcmp(rows[i].name, "version") == 0)
			e.version = 2;
		else if (strcmp(rows[i].name, "kind") == 0)
			e.kind = LOG_RELEASE;
		else if (strcmp(rows[i].name, "manifest") == 0)
			e.manifest_sha256[0] = e.manifest_sha256[0] == '0' ? '1' : '0';
		else if (strcmp(rows[i].name, "attest") == 0)
			memset(e.attest_sha256, 'a', 64);
		if (strcmp(rows[i].name, "rubbish") == 0)
			add(&s, "rubbish", 7);
		else
			add_entry(&s, &e);
		commit(&s, 2);
		if (strcmp(rows[i].name, "rubbish") == 0)
			refused(&s, SL_E_FORMAT, rows[i].says);
		else
			refused(&s, SL_E_SIGNATURE, rows[i].says);
		stage_free(&s);
	}
}

static void checkpoints_need_their_quorum(void **state)
{
	struct stage s;

	(void)state;
	for (unsigned n = 0; n < 2; n++) {
		stage_filled(&s);
		commit(&s, n);
		refused(&s, SL_E_SIGNATURE, "which is not the quorum both");
		stage_free(&s);
	}
}

static void trees_without_a_log_are_said_to_be(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	assert_int_equal(json_object_del(s.k.feed_targets, "log/checkpoint"), 0);
	s.k.feed_dirty = true;
	okit_commit(&s.k, DAY);
	refused(&s, SL_E_NOTFOUND, "this tree has no release log");
	stage_free(&s);
}

static void p18_frozen_trees_are_no_proof(void **state)
{
	struct stage s;

	(void)state;
	stage_filled(&s);
	commit(&s, 2);
	s.k.now += 2 * DAY;
	refused(&s, SL_E_EXPIRED, "");
	stage_free(&s);
}

static void p19_changed_tiles_are_named(void **state)
{
	static const struct {
		const char *path, *says;
	} rows[] = {
		{"log/tile/0/000.p/4", "entry 0 does not have the hash that tile/0/000.p/4"},
		{"log/tile/entries/000.p/4", "entry 0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stage s;
		struct buf b;

		stage_filled(&s);
		commit(&s, 2);
		buf_init(&b, 1 << 16);
		assert_int_equal(file_read(s.k.tree, rows[i].path, 1 << 16, &b), SL_OK);
		b.data[20] ^= 1;
		okit_write(s.k.tree, rows[i].path, b.data, b.len);
		buf_release(&b);
		refused(&s, i == 0 ? SL_E_SIGNATURE : SL_E_FORMAT, rows[i].says);
		stage_free(&s);
	}
}

/* What monitors poll must continue what the metadata pins. */
static void p19_a_fork_of_the_newest_checkpoint(void **state)
{
	struct log_verify_result v;
	struct sl_why why;
	struct kit_log other;
	struct stage s;
	struct buf note;

	(void)state;
	stage_filled(&s);
	commit(&s, 2);
	buf_init(&note, NOTE_MAX);
	log_root(&s); /* one more, published but not pinned yet */
	put_files(&s);
	kit_log_note(&s.log, ORIGIN, 2, &note);
	okit_write(s.k.tree, "log/checkpoint", note.data, note.len);
	if (verify(&s, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	kit_log_init(&other);
	for (unsigned size = 4; size <= 5; size++) {
		kit_log_grow(&other, size - (unsigned)other.frontier.size);
		buf_clear(&note);
		kit_log_note(&other, ORIGIN, 2, &note);
		okit_write(s.k.tree, "log/checkpoint", note.data, note.len);
		refused(&s, SL_E_SIGNATURE, "does not continue the pinned one of 4");
	}
	kit_log_release(&other);
	buf_release(&note);
	stage_free(&s);
}

/* ---- the program ---- */

static char *run(struct stage *s, const char *from, const char *json, int *ret_exit)
{
	const char *argv[] = {SL_BUILD_DIR "/bin/sluice-pull",
			      "log",
			      "verify",
			      from,
			      "--trust",
			      s->root_path,
			      json,
			      NULL};
	FILE *out = tmpfile();
	struct buf b;
	size_t len;
	int status;
	pid_t pid;

	assert_non_null(out);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(fileno(out), 1);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	*ret_exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	buf_init(&b, 1 << 20);
	assert_int_equal(lseek(fileno(out), 0, SEEK_SET), 0);
	assert_int_equal(file_read_fd(fileno(out), 1 << 20, &b), SL_OK);
	(void)fclose(out);
	buf_puts(&b, "");
	return b.data == NULL ? strdup("") : (char *)buf_take(&b, &len);
}

static void says(struct stage *s, const char *from, const char *json, int want_code,
		 const char *want)
{
	int code = -1;
	char *text = run(s, from, json, &code);

	if (code != want_code || strstr(text, want) == NULL)
		fail_msg("exit %d: %s", code, text);
	free(text);
}

static void the_program_reads_directories_and_addresses(void **state)
{
	struct site_options o = {.address = "127.0.0.1",
				 .connections = 64,
				 .connections_per_ip = 64,
				 .timeout_seconds = 10,
				 .threads = 1};
	struct site *site = NULL;
	struct sl_why why;
	struct stage s;
	char tree[128], url[64];

	(void)state;
	stage_filled(&s);
	commit(&s, 2);
	o.tree_fd = s.k.tree;
	assert_int_equal(site_open(&o, &site, &why), SL_OK);
	(void)snprintf(tree, sizeof(tree), "%s/tree", s.k.dir);
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u", (unsigned)site_port(site));
	says(&s, tree, NULL, 0, "good: 4 entries; 2 releases and 1 notices");
	says(&s, url, "--json", 0, "\"notices\":1,\"ok\":true,\"releases\":2,\"root\":\"");
	log_root(&s);
	okit_release(&s.k, "R-2026-000003", 1, "official-site", "<p>three</p>", 0);
	commit(&s, 2);
	says(&s, url, "--json", 1,
	     "\"fault\":\"the release R-2026-000003 version 1, serial 4, is not in the log\"");
	site_close(site);
	says(&s, url, "--json", 3, "\"ok\":false");
	stage_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_logs),
		cmocka_unit_test(p18_a_release_nobody_logged),
		cmocka_unit_test(p18_a_recall_nobody_logged),
		cmocka_unit_test(p10_entries_that_the_feed_does_not_have),
		cmocka_unit_test(checkpoints_need_their_quorum),
		cmocka_unit_test(trees_without_a_log_are_said_to_be),
		cmocka_unit_test(p18_frozen_trees_are_no_proof),
		cmocka_unit_test(p19_changed_tiles_are_named),
		cmocka_unit_test(p19_a_fork_of_the_newest_checkpoint),
		cmocka_unit_test(the_program_reads_directories_and_addresses),
	};

	return crypto_start() != SL_OK ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
