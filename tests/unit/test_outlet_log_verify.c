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

enum { DAY = 86400, SHORTER_S = 10 * DAY };
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

static struct log_entry first_policy(struct stage *s)
{
	struct log_entry e = {.kind = LOG_POLICY, .id = "-", .version = 7};

	memcpy(e.manifest_sha256, s->k.policy_sha256, 65);
	memset(e.attest_sha256, '0', 64);
	return e;
}

/* The log begins with the policy in force, as every log does. */
static void stage_new(struct stage *s)
{
	struct log_entry first;
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
	first = first_policy(s);
	add_entry(s, &first);
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
	assert_int_equal(v.size, 1);
	stage_free(&s);
	stage_filled(&s);
	commit(&s, 2);
	if (verify(&s, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(v.size, 5);
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
		 "entry 5 logs release R-2026-000002 with serial 4, which the feed does "
		 "not have"},
		{"twice", "entry 5 logs serial 2 a second time"},
		{"version", "entry 4 is not what the feed says with serial 3"},
		{"kind", "entry 4 is not what the feed says with serial 3"},
		{"manifest", "entry 4 is not what the feed says with serial 3"},
		{"attest", "the log has another digest of the notice than is published with "
			   "serial 3"},
		{"rubbish", "entry 5 of the log has not the form of an entry"},
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
		{"log/tile/0/000.p/5", "entry 0 does not have the hash that tile/0/000.p/5"},
		{"log/tile/entries/000.p/5", "entry 0"},
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
	for (unsigned size = 5; size <= 6; size++) {
		kit_log_grow(&other, size - (unsigned)other.frontier.size);
		buf_clear(&note);
		kit_log_note(&other, ORIGIN, 2, &note);
		okit_write(s.k.tree, "log/checkpoint", note.data, note.len);
		refused(&s, SL_E_SIGNATURE, "does not continue the pinned one of 5");
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

/* ---- keys that came to their end ---- */

/* The next version without the keys of persons in `without` (a mask), those in `shorter`
 * ending earlier; listed by the custodians, not yet in the log. */
static struct log_entry next_policy(struct stage *s, unsigned without, unsigned shorter)
{
	struct log_entry e = {.kind = LOG_POLICY, .id = "-"};
	char name[64], until[CLOCK_TEXT + 1];
	json_t *j = NULL, *persons;

	clock_format(s->k.now + SHORTER_S, until);
	assert_int_equal(json_parse_signed(s->k.policy_bytes.data, s->k.policy_bytes.len, &j),
			 SL_OK);
	assert_true(json_i64(j, "version", &e.version));
	e.version++;
	persons = json_object_get(j, "persons");
	for (unsigned i = OKIT_PEOPLE; i-- > 0;) {
		json_t *keys = json_object_get(json_array_get(persons, i), "keys");

		if ((shorter >> i & 1u) != 0)
			assert_int_equal(json_object_set_new(json_array_get(keys, 0), "until",
							     json_string(until)),
					 0);
		if ((without >> i & 1u) != 0)
			assert_int_equal(json_array_remove(persons, i), 0);
	}
	assert_int_equal(json_object_set_new(j, "version", json_integer(e.version)), 0);
	buf_clear(&s->k.policy_bytes);
	assert_int_equal(json_canonical(j, &s->k.policy_bytes), SL_OK);
	json_decref(j);
	hash_hex(s->k.policy_bytes.data, s->k.policy_bytes.len, e.manifest_sha256);
	memset(e.attest_sha256, '0', 64);
	(void)snprintf(name, sizeof(name), "policy/approval-policy-%" PRId64 ".json",
		       e.version);
	okit_put_target(&s->k, s->k.policy_targets, name, &s->k.policy_bytes);
	okit_put_target(&s->k, s->k.policy_targets, "policy/approval-policy.json",
			&s->k.policy_bytes);
	s->k.policy_dirty = true;
	return e;
}

static struct log_entry key_entry(const struct stage *s, enum okit_person who,
				  const struct log_entry *policy)
{
	struct log_entry e;

	log_entry_key(key_id(s->k.people[who]), policy->version, policy->manifest_sha256, &e);
	return e;
}

static bool id_before(const struct stage *s, enum okit_person a, enum okit_person b)
{
	return strcmp(key_id(s->k.people[a]), key_id(s->k.people[b])) < 0;
}

enum { DESK = 1u << OKIT_DESK, LEADER = 1u << OKIT_LEADER };

/* Version 8: the editor's key is gone, the leader's ends earlier. */
static void stage_two_ended(struct stage *s, struct log_entry *ret_policy,
			    struct log_entry ret_key[2])
{
	bool desk_first;

	stage_new(s);
	*ret_policy = next_policy(s, DESK, LEADER);
	desk_first = id_before(s, OKIT_DESK, OKIT_LEADER);
	ret_key[desk_first ? 0 : 1] = key_entry(s, OKIT_DESK, ret_policy);
	ret_key[desk_first ? 1 : 0] = key_entry(s, OKIT_LEADER, ret_policy);
}

static void ended_keys_are_told(void **state)
{
	struct log_entry policy, key[2], next;
	struct log_verify_result v;
	struct sl_why why;
	struct stage s;
	char tree[128], want[200], until[CLOCK_TEXT + 1];

	(void)state;
	stage_two_ended(&s, &policy, key);
	add_entry(&s, &policy);
	add_entry(&s, &key[0]);
	add_entry(&s, &key[1]);
	add_entry(&s, &policy); /* listed again by new metadata: nothing ends twice */
	next = next_policy(&s, 0, 0);
	add_entry(&s, &next);
	commit(&s, 2);
	if (verify(&s, &v, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(v.keys, 2);
	assert_int_equal(v.size, 6);
	(void)snprintf(tree, sizeof(tree), "%s/tree", s.k.dir);
	(void)snprintf(want, sizeof(want),
		       "\"entry\":%d,\"key\":\"%s\",\"person\":\"%s\",\"policy\":8,",
		       id_before(&s, OKIT_DESK, OKIT_LEADER) ? 2 : 3,
		       key_id(s.k.people[OKIT_DESK]), okit_cast[OKIT_DESK].pid);
	says(&s, tree, "--json", 0, want);
	clock_format(s.k.now + SHORTER_S, until);
	(void)snprintf(want, sizeof(want), "\"until\":\"%s\"", until);
	says(&s, tree, "--json", 0, want);
	(void)snprintf(want, sizeof(want),
		       "key %.16s… (dsse-reviewer of %s) is gone since approval policy version "
		       "8: entry",
		       key_id(s.k.people[OKIT_DESK]), okit_cast[OKIT_DESK].pid);
	says(&s, tree, NULL, 0, want);
	(void)snprintf(want, sizeof(want), "ends on %s since approval policy version 8", until);
	says(&s, tree, NULL, 0, want);
	stage_free(&s);
}

/* A key's end that is hidden, and one that never was. */
static void wrong_key_entries_are_named(void **state)
{
	enum trial {
		NONE_AT_END,
		NONE_BEFORE_NEXT,
		SECOND_MISSING,
		FIRST_MISSING,
		ORDER,
		TWICE,
		STRANGER,
		STILL_THERE,
		TOO_EARLY,
		TOO_LATE,
		FIRST_POLICY,
		OTHER_VERSION,
		OTHER_POLICY,
		TRIALS
	};
	static const char *const says_so[TRIALS] = {
		[NONE_AT_END] = "ended with approval policy version 8, and entry 2 does not",
		[NONE_BEFORE_NEXT] =
			"ended with approval policy version 8, and entry 2 does not",
		[SECOND_MISSING] = "ended with approval policy version 8, and entry 3 does not",
		[FIRST_MISSING] = "ended with approval policy version 8, and entry 2 does not",
		[ORDER] = "ended with approval policy version 8, and entry 2 does not",
		[TWICE] = "entry 3 says that key ",
		[STRANGER] = "entry 2 says that key ffffffffffffffffffffffff ended with",
		[STILL_THERE] = "entry 4 says that key ",
		[TOO_EARLY] = "entry 1 says that key ",
		[TOO_LATE] = "entry 5 says that key ",
		[FIRST_POLICY] = "entry 1 says that key ",
		[OTHER_VERSION] = "ended with approval policy version 9, which is not so",
		[OTHER_POLICY] = "ended with approval policy version 8, which is not so",
	};

	(void)state;
	for (unsigned i = 0; i < TRIALS; i++) {
		struct log_entry policy, key[2], x;
		struct stage s;

		if (i == FIRST_POLICY) {
			stage_new(&s);
			x = first_policy(&s);
			x = key_entry(&s, OKIT_DESK, &x);
			add_entry(&s, &x);
			commit(&s, 2);
			refused(&s, SL_E_SIGNATURE, says_so[i]);
			stage_free(&s);
			continue;
		}
		stage_two_ended(&s, &policy, key);
		x = key[0];
		if (i == TOO_EARLY)
			add_entry(&s, &x);
		add_entry(&s, &policy);
		if (i == STRANGER)
			memset(x.id, 'f', LOG_KEY_ID);
		if (i == OTHER_VERSION)
			x.version = 9;
		if (i == OTHER_POLICY)
			memset(x.manifest_sha256, 'a', 64);
		if (i == NONE_BEFORE_NEXT)
			log_root(&s);
		if (i == ORDER || i == FIRST_MISSING)
			add_entry(&s, &key[1]);
		else if (i > NONE_BEFORE_NEXT)
			add_entry(&s, &x);
		if (i == ORDER || i == TWICE)
			add_entry(&s, &x);
		else if (i > FIRST_MISSING)
			add_entry(&s, &key[1]);
		if (i == STILL_THERE) {
			x = key_entry(&s, OKIT_LIAISON, &policy);
			add_entry(&s, &x);
		}
		if (i == TOO_LATE) {
			log_root(&s);
			add_entry(&s, &key[1]);
		}
		commit(&s, 2);
		refused(&s, SL_E_SIGNATURE, says_so[i]);
		stage_free(&s);
	}
}

static void p15_policies_are_the_custodians(void **state)
{
	struct log_entry other;
	struct stage s;

	(void)state;
	/* The gateway's keys can write a policy's entry, and no policy. */
	stage_new(&s);
	other = first_policy(&s);
	memset(other.manifest_sha256, 'a', 64);
	other.version = 8;
	add_entry(&s, &other);
	commit(&s, 2);
	refused(&s, SL_E_SIGNATURE,
		"entry 1 logs an approval policy version 8 that the custodians do not list");
	stage_free(&s);
	stage_new(&s);
	other = first_policy(&s);
	other.version = 9;
	add_entry(&s, &other);
	commit(&s, 2);
	refused(&s, SL_E_SIGNATURE,
		"entry 1 logs the approval policy with another version than its own");
	stage_free(&s);
	/* Who would hide the keys leaves out the policy that ended them. */
	stage_new(&s);
	(void)next_policy(&s, DESK, 0);
	commit(&s, 2);
	refused(&s, SL_E_SIGNATURE,
		"the approval policy in force is not the last one that the log has");
	stage_free(&s);
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
	says(&s, tree, NULL, 0, "good: 5 entries; 2 releases and 1 notices");
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
		cmocka_unit_test(ended_keys_are_told),
		cmocka_unit_test(wrong_key_entries_are_named),
		cmocka_unit_test(p15_policies_are_the_custodians),
		cmocka_unit_test(the_program_reads_directories_and_addresses),
	};

	return crypto_start() != SL_OK ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
