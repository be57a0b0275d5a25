/* test_release_verify.c - every way in which the checker must say no.
 *
 * Each row changes one thing in an offered case, as somebody who owns the releaser
 * and its keys could, asks the checker, and puts the thing back. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "release/proof.h"
#include "release_kit.h"
#include "trust/statement.h"
#include "trust/tuf_writer.h"

enum { FILE_MAX = 1 << 20 };

#define CHANNEL "official-site"

static struct kit k;
static struct line line;
static struct kit_draft draft;
static int case_fd = -1, memory_fd = -1;

static void step_until(enum line_step want)
{
	enum line_step step = LINE_DID;
	struct sl_why why = {.text = ""};

	for (int i = 0; i < 20 && step != want; i++) {
		if (line_step(&line, clock_now(), &step, &why) != SL_OK)
			fail_msg("%s", why.text);
	}
	assert_int_equal(step, want);
}

static int setup(void **state)
{
	char path[200];
	struct sl_why why = {.text = ""};

	(void)state;
	if (crypto_start() != SL_OK)
		return -1;
	kit_open(&k);
	assert_int_equal(line_open(k.c, &line, &why), SL_OK);
	kit_run(&k, &line);
	kit_approved(&k, NULL, &draft);
	step_until(LINE_WAITS);
	(void)snprintf(path, sizeof(path), "%s/release/cases/%020d", k.c->data, 2);
	case_fd = file_open_dir(AT_FDCWD, path);
	(void)snprintf(path, sizeof(path), "%s/checker", k.c->data);
	memory_fd = file_open_dir(AT_FDCWD, path);
	return case_fd < 0 || memory_fd < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	file_close(case_fd);
	file_close(memory_fd);
	line_close(&line);
	kit_close(&k);
	return 0;
}

static int ask_at(int64_t now, const struct verify_state *state, const struct chain *chain,
		  struct verify_state *next, struct casefile_answer *a)
{
	const struct verify_keys keys = {.own = &k.checker, .witness = k.key[KIT_WITNESS]};
	struct sl_why why = {.text = ""};
	int r = verify_case(case_fd, chain, state, &keys, now, a, next, &why);

	/* A refusal always comes with a sentence for people. */
	assert_true(r == SL_OK || why.text[0] != '\0');
	return r;
}

static void load_state(struct verify_state *s)
{
	assert_int_equal(verify_state_load(memory_fd, s), SL_OK);
}

static int ask(void)
{
	struct verify_state state, next = {.n = 0};
	struct casefile_answer a = {.n = 0};
	int r;

	load_state(&state);
	r = ask_at(clock_now(), &state, k.chain, &next, &a);
	verify_state_release(&state);
	verify_state_release(&next);
	casefile_answer_release(&a);
	return r;
}

static void slurp(const char *path, struct buf *b)
{
	buf_init(b, FILE_MAX);
	assert_int_equal(file_read(case_fd, path, FILE_MAX, b), SL_OK);
}

static void write_back(const char *path, const void *bytes, size_t len)
{
	assert_int_equal(tree_put(case_fd, path, bytes, len), SL_OK);
}

/* The case's paths that depend on digests. */
static void path_of(const char *what, char out[700])
{
	struct casefile *c = calloc(1, sizeof(*c));
	char target[TUF_PATH_MAX], file[DELTA_FILE_MAX];
	struct buf b;

	slurp("case.json", &b);
	assert_int_equal(casefile_parse(b.data, b.len, c, NULL), SL_OK);
	buf_release(&b);
	if (strcmp(what, "blob") == 0) {
		(void)snprintf(out, 700, "tree/blobs/%.2s/%s", draft.blob, draft.blob);
	} else if (strcmp(what, "manifest") == 0) {
		delta_manifest_path(&c->items[0].delta, 1, target);
		delta_file_path(target, c->items[0].delta.manifest.sha256, file);
		(void)snprintf(out, 700, "tree/%s", file);
	} else if (strcmp(what, "attest") == 0) {
		delta_attest_path(&c->items[0].delta, 1, target);
		delta_file_path(target, c->items[0].delta.attest.sha256, file);
		(void)snprintf(out, 700, "tree/%s", file);
	} else {
		(void)snprintf(out, 700, "%s", what);
	}
	free(c);
}

/* ---- what an attacker changes ---- */
static void flip(struct buf *b)
{
	b->data[b->len / 2] ^= 1;
}
static void cut(struct buf *b)
{
	b->len--;
}

/* Metadata that says something else, properly signed by the releaser. */
static void resign(struct buf *b, void (*change)(json_t *body))
{
	json_t *j = NULL, *envelope;

	assert_int_equal(json_parse(b->data, b->len, FILE_MAX, &j), SL_OK);
	change(json_object_get(j, "signed"));
	envelope = tuf_envelope_new(json_object_get(j, "signed"));
	assert_int_equal(tuf_add_signature(envelope, line.keys.own.rel), SL_OK);
	buf_clear(b);
	assert_int_equal(json_canonical(envelope, b), SL_OK);
	json_decref(envelope);
	json_decref(j);
}
static void add_target(json_t *body)
{
	uint8_t digest[HASH_LEN] = {1};

	tuf_target_put(json_object_get(body, "targets"), "rel/R-2026-999999/1/manifest.json",
		       digest, 5);
}
static void extra_target(struct buf *b)
{
	resign(b, add_target);
}

/* case.json with one member of its item changed. */
static void edit_item(struct buf *b, const char *name, json_t *value)
{
	json_t *j = NULL;

	assert_int_equal(json_parse(b->data, b->len, FILE_MAX, &j), SL_OK);
	(void)json_object_set_new(json_array_get(json_object_get(j, "items"), 0), name, value);
	buf_clear(b);
	assert_int_equal(json_canonical(j, b), SL_OK);
	json_decref(j);
}
static void serial_gap(struct buf *b)
{
	edit_item(b, "serial", json_integer(2));
}
static void channel_leaps(struct buf *b)
{
	edit_item(b, "channels", json_pack("{s:i}", CHANNEL, 7));
}
static void other_channel(struct buf *b)
{
	edit_item(b, "channels", json_pack("{s:i}", "micro-blog", 1));
}
static void more_channels(struct buf *b)
{
	edit_item(b, "channels", json_pack("{s:i,s:i}", CHANNEL, 1, "micro-blog", 1));
}
static void no_channels(struct buf *b)
{
	edit_item(b, "channels", json_object());
}
static void bad_channel(struct buf *b)
{
	edit_item(b, "channels", json_pack("{s:i}", "../x", 1));
}
static void other_version(struct buf *b)
{
	edit_item(b, "version", json_integer(2));
}
static void other_status(struct buf *b)
{
	edit_item(b, "status", json_string("canceled"));
}
static void strange_member(struct buf *b)
{
	edit_item(b, "note", json_string("x"));
}
static void edit_case(struct buf *b, const char *name, json_t *value)
{
	json_t *j = NULL;

	assert_int_equal(json_parse(b->data, b->len, FILE_MAX, &j), SL_OK);
	(void)json_object_set_new(j, name, value);
	buf_clear(b);
	assert_int_equal(json_canonical(j, b), SL_OK);
	json_decref(j);
}
static void old_number(struct buf *b)
{
	edit_case(b, "number", json_integer(1));
}
static void live_longer(struct buf *b)
{
	edit_case(b, "time", json_integer(clock_now() + VERIFY_SKEW_S + 10));
}
static void old_time(struct buf *b)
{
	edit_case(b, "time", json_integer(clock_now() - VERIFY_SKEW_S - 10));
}
static void strange_role(struct buf *b)
{
	edit_case(b, "renew", json_pack("[s]", "rel-2026-0009"));
}
static void other_attest(struct buf *b)
{
	edit_item(b, "attest",
		  json_pack("{s:I,s:s}", "length", (json_int_t)5, "sha256", draft.blob));
}

/* Checkpoints that the log's own key signed, and one that it did not. */
static void sign_note(struct buf *b, const struct key *key, uint64_t size_more)
{
	struct tlog_checkpoint c;
	struct buf text;
	size_t len = 0;

	assert_int_equal(note_text(b->data, b->len, &len), SL_OK);
	assert_int_equal(tlog_checkpoint_parse(b->data, len, &c), SL_OK);
	c.size += size_more;
	buf_init(&text, NOTE_MAX);
	tlog_checkpoint_write(&c, &text);
	buf_clear(b);
	assert_int_equal(note_sign(key, c.origin, text.data, text.len, b), SL_OK);
	buf_release(&text);
}
static void larger_log(struct buf *b)
{
	sign_note(b, line.keys.log, 1);
}
static void strange_signer(struct buf *b)
{
	struct key *key = NULL;

	assert_int_equal(key_generate(KEY_LOG, NULL, &key), SL_OK);
	sign_note(b, key, 0);
	key_free(key);
}
static void edit_log(struct buf *b, const char *name, json_t *value)
{
	json_t *j = NULL, *log;

	assert_int_equal(json_parse(b->data, b->len, FILE_MAX, &j), SL_OK);
	log = json_incref(json_object_get(j, "log"));
	(void)json_object_set_new(log, name, value);
	json_decref(j);
	edit_case(b, "log", log);
}
static void other_log_size(struct buf *b)
{
	edit_log(b, "size", json_integer(1));
}
static void strange_policy(struct buf *b)
{
	edit_log(b, "policy",
		 json_pack("{s:s,s:I}", "sha256", draft.blob, "version", (json_int_t)9));
}

static void refuses_what_was_changed(void **state)
{
	static const struct {
		const char *name, *path;
		void (*change)(struct buf *b); /* NULL: the file is removed */
		int want;
	} rows[] = {
		{"blob changed", "blob", flip, SL_E_CORRUPT},
		{"blob cut", "blob", cut, SL_E_CORRUPT},
		{"blob missing", "blob", NULL, SL_E_NOTFOUND},
		{"manifest changed", "manifest", flip, SL_E_CORRUPT},
		{"manifest missing", "manifest", NULL, SL_E_NOTFOUND},
		{"attestations changed", "attest", flip, SL_E_CORRUPT},
		{"attestations missing", "attest", NULL, SL_E_NOTFOUND},
		{"would live too long", "case.json", live_longer, SL_E_EXPIRED},
		{"made long ago", "case.json", old_time, SL_E_EXPIRED},
		{"renews what is not there", "case.json", strange_role, SL_E_NOTFOUND},
		{"another past of the sets", "before/rel.json", extra_target, SL_E_REPLAY},
		{"another past of the feed", "before/feed.json", extra_target, SL_E_REPLAY},
		{"past missing", "before/feed.json", NULL, SL_E_NOTFOUND},
		{"another head", "before/head.json", flip, SL_E_REPLAY},
		{"the log says more", "checkpoint", larger_log, SL_E_DENIED},
		{"another log", "checkpoint", strange_signer, SL_E_SIGNATURE},
		{"no checkpoint", "checkpoint", NULL, SL_E_NOTFOUND},
		{"tile changed", "tree/log/tile/0/000.p/3", flip, SL_E_CORRUPT},
		{"tile missing", "tree/log/tile/0/000.p/3", NULL, SL_E_NOTFOUND},
		{"entries changed", "tree/log/tile/entries/000.p/3", flip, SL_E_CORRUPT},
		{"another past of the log", "before/log/tile/0/000.p/2", flip, SL_E_CORRUPT},
		{"other entries before", "before/log/tile/entries/000.p/2", flip, SL_E_CORRUPT},
		{"log rolled back", "case.json", other_log_size, SL_E_REPLAY},
		{"policy that is not in force", "case.json", strange_policy, SL_E_EXPIRED},
		{"serial leaps", "case.json", serial_gap, SL_E_DENIED},
		{"serial of a channel leaps", "case.json", channel_leaps, SL_E_REPLAY},
		{"another channel", "case.json", other_channel, SL_E_DENIED},
		{"one channel more", "case.json", more_channels, SL_E_DENIED},
		{"no channel", "case.json", no_channels, SL_E_FORMAT},
		{"no name of a channel", "case.json", bad_channel, SL_E_FORMAT},
		{"another version", "case.json", other_version, SL_E_NOTFOUND},
		{"release that is canceled", "case.json", other_status, SL_E_FORMAT},
		{"unknown member", "case.json", strange_member, SL_E_FORMAT},
		{"old number with other contents", "case.json", old_number, SL_E_REPLAY},
		{"no case.json", "case.json", NULL, SL_E_NOTFOUND},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[700];
		struct buf old, b;
		int r;

		path_of(rows[i].path, path);
		slurp(path, &old);
		slurp(path, &b);
		if (rows[i].change != NULL) {
			rows[i].change(&b);
			write_back(path, b.data, b.len);
		} else {
			assert_int_equal(unlinkat(case_fd, path, 0), 0);
		}
		r = ask();
		if (r != rows[i].want)
			fail_msg("%s: %s, not %s", rows[i].name, sl_errname(r),
				 sl_errname(rows[i].want));
		write_back(path, old.data, old.len);
		buf_release(&old);
		buf_release(&b);
	}
	assert_int_equal(ask(), SL_OK);
}

static void refuses_a_file_that_nobody_approved(void **state)
{
	static const char *const paths[] = {
		"tree/blobs/00/"
		"0000000000000000000000000000000000000000000000000000000000000000",
		"tree/index.html",
		"tree/metadata/timestamp.json",
		"tree/metadata/2.feed.json",
		"tree/metadata/1.rel-2026-0000.json",
		"tree/targets/rel/R-2026-000009/1/x"};

	(void)state;
	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		write_back(paths[i], "x", 1);
		assert_int_equal(ask(), SL_E_DENIED);
		assert_int_equal(unlinkat(case_fd, paths[i], 0), 0);
	}
	assert_int_equal(symlinkat("/etc/passwd", case_fd, "tree/index.html"), 0);
	assert_int_equal(ask(), SL_E_FORMAT);
	assert_int_equal(unlinkat(case_fd, "tree/index.html", 0), 0);
}

/* Everything agrees and is signed by the gateway, but one reviewer is missing. */
static void refuses_a_package_with_one_approval_less(void **state)
{
	struct statement *list[ATTEST_LINES_MAX];
	const char *inputs[ATTEST_LINES_MAX];
	struct buf lines[ATTEST_LINES_MAX], whole, old_case, edited;
	char path[700], policy[65], file[DELTA_FILE_MAX + 8], target[TUF_PATH_MAX], hex[65];
	json_t *predicate;
	unsigned n = 0, kept = 0;
	bool dropped = false;
	const char *at;

	(void)state;
	path_of("attest", path);
	slurp(path, &whole);
	assert_int_equal(attest_split(whole.data, whole.len, list, &n, NULL), SL_OK);
	at = buf_str(&whole);
	for (unsigned i = 0; i < n; i++) {
		const char *end = strchr(at, '\n');

		if (list[i]->kind == PRED_APPROVAL && !dropped) {
			dropped = true;
		} else if (list[i]->kind != PRED_RELEASE) {
			inputs[kept] = list[i]->sha256;
			buf_init(&lines[kept], DSSE_MAX);
			buf_put(&lines[kept++], at, (size_t)(end - at));
		}
		at = end + 1;
	}
	text_hex(roster_digest(k.chain->roster), HASH_LEN, policy);
	predicate = release_predicate(inputs, kept, policy, roster_version(k.chain->roster), 1,
				      clock_now());
	buf_init(&lines[kept], DSSE_MAX);
	assert_int_equal(statement_sign(line.keys.gateway, PRED_RELEASE, draft.manifest,
					predicate, &lines[kept]),
			 SL_OK);
	json_decref(predicate);
	buf_clear(&whole);
	assert_int_equal(attest_join(lines, kept + 1, &whole), SL_OK);
	hash_hex(whole.data, whole.len, hex);
	(void)snprintf(target, sizeof(target), "rel/%s/1/attest.intoto.jsonl", draft.release);
	(void)snprintf(file, sizeof(file), "tree/");
	delta_file_path(target, hex, file + 5);
	write_back(file, whole.data, whole.len);
	slurp("case.json", &old_case);
	slurp("case.json", &edited);
	edit_item(&edited, "attest",
		  json_pack("{s:I,s:s}", "length", (json_int_t)whole.len, "sha256", hex));
	write_back("case.json", edited.data, edited.len);
	assert_int_equal(ask(), SL_E_DENIED);
	write_back("case.json", old_case.data, old_case.len);
	assert_int_equal(unlinkat(case_fd, file, 0), 0);
	for (unsigned i = 0; i <= kept; i++)
		buf_release(&lines[i]);
	while (n > 0)
		statement_free(list[--n]);
	buf_release(&whole);
	buf_release(&old_case);
	buf_release(&edited);
}

static void refuses_another_policy_time_or_memory(void **state)
{
	struct verify_state good, empty = {.number = 0, .dirfd = -1}, next;
	struct chain other = *k.chain;
	struct casefile_answer a;
	struct kit *second = calloc(1, sizeof(*second));

	(void)state;
	load_state(&good);
	kit_open(second);
	other.roster = second->chain->roster;
	assert_int_equal(ask_at(clock_now(), &good, &other, &next, &a), SL_E_DENIED);
	kit_close(second);
	free(second);
	assert_int_equal(ask_at(clock_now() + PROOF_AGE_S + 1, &good, k.chain, &next, &a),
			 SL_E_EXPIRED);
	assert_int_equal(ask_at(clock_now() - 86400, &good, k.chain, &next, &a), SL_E_EXPIRED);
	/* A checker whose memory is gone signs nothing but the first case. */
	assert_int_equal(ask_at(clock_now(), &empty, k.chain, &next, &a), SL_E_STATE);
	verify_state_release(&good);
}

static void answers_the_same_case_the_same_way(void **state)
{
	struct verify_state before, after, again;
	struct casefile_answer a, b;
	struct buf old, changed;

	(void)state;
	load_state(&before);
	assert_int_equal(ask_at(clock_now(), &before, k.chain, &after, &a), SL_OK);
	/* However late: what was signed is signed. */
	assert_int_equal(ask_at(clock_now() + 86400, &after, k.chain, &again, &b), SL_OK);
	assert_int_equal(a.n, b.n);
	assert_int_equal(a.n, 4);
	assert_memory_equal(a.list, b.list, a.n * sizeof(*a.list));
	verify_state_release(&again);
	casefile_answer_release(&a);
	casefile_answer_release(&b);
	/* The same versions with other contents: never. */
	slurp("case.json", &old);
	slurp("case.json", &changed);
	other_attest(&changed);
	write_back("case.json", changed.data, changed.len);
	assert_int_equal(ask_at(clock_now(), &after, k.chain, &again, &b), SL_E_REPLAY);
	write_back("case.json", old.data, old.len);
	buf_release(&old);
	buf_release(&changed);
	verify_state_release(&before);
	verify_state_release(&after);
}

/* The memory is several files; whichever of them is lost or damaged, nothing is signed. */
static void a_memory_with_holes_signs_nothing(void **state)
{
	struct verify_state s, next, none;
	struct verify_signed e;
	struct casefile_answer a;
	struct buf b;
	char path[200];
	int copy;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/copy", k.dir);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	copy = file_open_dir(AT_FDCWD, path);
	buf_init(&b, FILE_MAX);
	assert_int_equal(file_read(memory_fd, "state.json", FILE_MAX, &b), SL_OK);
	assert_int_equal(file_write_durable(copy, "state.json", b.data, b.len, 0600), SL_OK);
	buf_release(&b);
	assert_int_equal(verify_state_load(copy, &s), SL_OK);
	assert_int_equal(s.number, 1);
	/* After the next case, what was signed for the first one lies in roles/. */
	assert_int_equal(ask_at(clock_now(), &s, k.chain, &next, &a), SL_OK);
	casefile_answer_release(&a);
	assert_int_equal(verify_state_save(&s, &next), SL_OK);
	assert_true(file_exists(copy, "roles/rel") && file_exists(copy, "roles/feed"));
	assert_false(file_exists(copy, "roles/rel-2026-0000"));
	assert_int_equal(verify_state_role(&s, "feed", false, &e), SL_OK);
	assert_int_equal(e.version, 2);
	assert_int_equal(verify_state_role(&s, "feed", true, &e), SL_OK);
	assert_int_equal(e.version, 1);
	assert_int_equal(verify_state_role(&s, "rel-2026-0000", true, &e), SL_E_NOTFOUND);
	/* Asked again out of the same memory, read from the disk. */
	verify_state_release(&s);
	assert_int_equal(verify_state_load(copy, &s), SL_OK);
	assert_int_equal(s.number, 2);
	assert_int_equal(ask_at(clock_now(), &s, k.chain, &next, &a), SL_OK);
	casefile_answer_release(&a);
	verify_state_release(&next);
	verify_state_release(&s);
	assert_int_equal(file_write_durable(copy, "roles/notice-000000", "x", 1, 0600), SL_OK);
	assert_int_equal(verify_state_role(&s, "notice-000000", false, &e), SL_E_CORRUPT);
	assert_int_equal(unlinkat(copy, "state.json", 0), 0);
	assert_int_equal(verify_state_load(copy, &none), SL_E_CORRUPT);
	file_close(copy);
}

/* The line survives a refusal: a held draft, and the next one goes out under the same serial.
 */
static void a_refused_draft_is_held_and_the_next_goes_out(void **state)
{
	struct kit_draft next;

	(void)state;
	write_back("tree/index.html", "x", 1);
	assert_int_equal(kit_check(&k), SL_E_DENIED);
	kit_run(&k, &line);
	assert_int_equal(kit_state(&k, &draft), DRAFT_HELD);
	assert_int_equal(kit_next_serial(&k), 1);
	kit_approved(&k, NULL, &next);
	kit_run(&k, &line);
	assert_int_equal(kit_state(&k, &next), DRAFT_RELEASED);
	assert_int_equal(kit_next_serial(&k), 2);
}

static void refuses_a_notice_without_its_order(void **state)
{
	struct kit_draft d;
	enum line_step step;
	char name[200];

	(void)state;
	kit_approved(&k, NULL, &d);
	kit_run(&k, &line);
	kit_order(&k, &d, "withdraw");
	step_until(LINE_WAITS);
	/* The notice carries its orders. */
	(void)snprintf(name, sizeof(name), "%s/release/cases/%020lld/tree/targets/notice",
		       k.c->data, (long long)repo_number(line.repo) + 1);
	assert_int_equal(file_remove_tree(AT_FDCWD, name), SL_OK);
	assert_int_equal(kit_check(&k), SL_E_NOTFOUND);
	/* A recall is not forgotten for that: a little later it is made anew. */
	kit_run(&k, &line);
	assert_int_equal(kit_state(&k, &d), DRAFT_FROZEN);
	assert_int_equal(line_step(&line, clock_now() + LINE_BACKOFF_S + 1, &step, NULL),
			 SL_OK);
	assert_int_equal(kit_check(&k), SL_OK);
	kit_run(&k, &line);
	assert_int_equal(kit_state(&k, &d), DRAFT_WITHDRAWN);
}

/* Where a notice is numbered follows from the manifest that it is about, and from nothing
 * that the releaser says. */
static void refuses_a_notice_in_other_channels(void **state)
{
	static const struct {
		const char *name;
		void (*change)(struct buf *b); /* of case.json, or of the manifest */
		bool manifest;
		int want;
	} rows[] = {
		{"hidden from a channel", other_channel, false, SL_E_DENIED},
		{"in one channel more", more_channels, false, SL_E_DENIED},
		{"serial leaps", channel_leaps, false, SL_E_REPLAY},
		{"another manifest", flip, true, SL_E_CORRUPT},
		{"no manifest", NULL, true, SL_E_NOTFOUND},
	};
	char about[PROOF_ABOUT_PATH], path[200];
	struct kit_draft d;
	enum line_step step;
	int old_case = case_fd;

	(void)state;
	kit_approved(&k, &(struct kit_options){.channels = {CHANNEL}}, &d);
	kit_run(&k, &line);
	kit_order(&k, &d, "freeze");
	step_until(LINE_WAITS);
	(void)snprintf(path, sizeof(path), "%s/release/cases/%020lld", k.c->data,
		       (long long)repo_number(line.repo) + 1);
	case_fd = file_open_dir(AT_FDCWD, path);
	assert_true(case_fd >= 0);
	proof_about_path(d.manifest, about);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *file = rows[i].manifest ? about : "case.json";
		struct buf old, b;
		int r;

		slurp(file, &old);
		slurp(file, &b);
		if (rows[i].change == NULL)
			assert_int_equal(unlinkat(case_fd, file, 0), 0);
		else
			rows[i].change(&b);
		if (rows[i].change != NULL)
			write_back(file, b.data, b.len);
		r = ask();
		if (r != rows[i].want)
			fail_msg("%s: %s, not %s", rows[i].name, sl_errname(r),
				 sl_errname(rows[i].want));
		write_back(file, old.data, old.len);
		buf_release(&old);
		buf_release(&b);
	}
	assert_int_equal(ask(), SL_OK);
	file_close(case_fd);
	case_fd = old_case;
	assert_int_equal(kit_check(&k), SL_OK);
	assert_int_equal(line_step(&line, clock_now(), &step, NULL), SL_OK);
	kit_run(&k, &line);
	assert_int_equal(kit_state(&k, &d), DRAFT_FROZEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_was_changed),
		cmocka_unit_test(refuses_a_file_that_nobody_approved),
		cmocka_unit_test(refuses_a_package_with_one_approval_less),
		cmocka_unit_test(refuses_another_policy_time_or_memory),
		cmocka_unit_test(answers_the_same_case_the_same_way),
		cmocka_unit_test(a_memory_with_holes_signs_nothing),
		cmocka_unit_test(a_refused_draft_is_held_and_the_next_goes_out),
		cmocka_unit_test(refuses_a_notice_in_other_channels),
		cmocka_unit_test(refuses_a_notice_without_its_order),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
