/* test_outlet_install.c - units into the tree: proved, in order, whole at every instant. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "killer.h"
#include "outlet/install.h"
#include "outlet_kit.h"

enum { DAY = 86400 };

struct host { /* an outlet beside a gateway's repository */
	struct okit k;
	struct install *in;
	struct buf root;
	char dir[96];
	int64_t serial; /* next unit */
};

static int sub(const struct host *h, const char *name)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	assert_int_equal(file_mkdirs(path, 0755), SL_OK);
	return file_open_dir(AT_FDCWD, path);
}

static void host_new(struct host *h)
{
	char path[128];

	memset(h, 0, sizeof(*h));
	log_init("test", LOG_LEVEL_ERR);
	okit_new(&h->k, clock_now());
	(void)snprintf(h->dir, sizeof(h->dir), "%s/outlet", h->k.dir);
	h->in = calloc(1, sizeof(*h->in));
	assert_non_null(h->in);
	buf_init(&h->root, TUF_ROOT_MAX);
	okit_root_path(&h->k, path);
	assert_int_equal(file_read(AT_FDCWD, path, TUF_ROOT_MAX, &h->root), SL_OK);
	h->in->quarantine = sub(h, "quarantine");
	h->in->refused = sub(h, "quarantine/refused");
	h->in->state = sub(h, "state");
	h->in->status = sub(h, "status");
	h->in->tree = sub(h, "tree");
	(void)snprintf(h->in->work, sizeof(h->in->work), "%s/state/work", h->dir);
	h->in->link = h->k.link;
	memcpy(h->in->signer, key_public(h->k.people[OKIT_GATEWAY]), KEY_PUBLIC);
	h->in->root = &h->root;
	progress_init(&h->in->progress);
	h->serial = 1;
}

static void host_free(struct host *h)
{
	file_close(h->in->quarantine);
	file_close(h->in->refused);
	file_close(h->in->state);
	file_close(h->in->status);
	file_close(h->in->tree);
	free(h->in);
	buf_release(&h->root);
	okit_free(&h->k);
}

/* Everything written since the last unit, into the quarantine (or elsewhere). */
static int64_t send_to(struct host *h, const char *kind, int priority, const char *folder)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s/%020" PRId64 ".%d.unit", h->dir, folder,
		       h->serial, priority);
	okit_unit(&h->k, h->serial, kind, path, NULL);
	return h->serial++;
}

static int64_t send_unit(struct host *h, const char *kind)
{
	return send_to(h, kind, strcmp(kind, "notice") == 0 ? 0 : 5, "quarantine");
}

static void want(struct host *h, enum install_end end)
{
	enum install_end got = INSTALL_IDLE;
	struct spool_entry unit = {.serial = 0};
	struct sl_why why = {.text = ""};
	int r = install_next(h->in, &got, &unit, &why);

	if (r != SL_OK || got != end)
		fail_msg("unit %lld: %s, end %d, not %d: %s (%s)", (long long)unit.serial,
			 sl_errname(r), (int)got, (int)end, why.text, h->in->last_refusal);
}

static bool in_tree(const struct host *h, const char *path)
{
	return file_exists(h->in->tree, path);
}

/* The two trees hold the same timestamp, and every file of `paths` is equal. */
static void same(const struct host *h, const char *path)
{
	char *a = okit_read(h->k.tree, path), *b = okit_read(h->in->tree, path);

	assert_string_equal(a, b);
	free(a);
	free(b);
}

static void blob_path(const char *body, char out[512])
{
	char hex[65];

	hash_hex(body, strlen(body), hex);
	(void)snprintf(out, 512, "blobs/%.2s/%s", hex, hex);
}

static void test_in_order(void **state)
{
	struct host h;
	char blob[512];

	(void)state;
	host_new(&h);
	want(&h, INSTALL_IDLE);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	same(&h, "metadata/timestamp.json");
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_write(h.k.tree, "index.html", "<h1>hints</h1>", 14);
	(void)snprintf(h.k.files[h.k.n_files++], 512, "index.html");
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "release");
	want(&h, INSTALL_DONE);
	want(&h, INSTALL_IDLE);
	same(&h, "metadata/timestamp.json");
	same(&h, "index.html");
	blob_path("<p>one</p>", blob);
	same(&h, blob);
	assert_int_equal(h.in->progress.next, 3);
	assert_int_equal(h.in->feed_serial, 1);
	{
		char *hint = okit_read(h.in->status, "announce.json");

		assert_string_equal(hint, "{\"serial\":1,\"timestamp_version\":2}");
		free(hint);
	}
	okit_recall(&h.k, "R-2026-000001", 1);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "notice");
	want(&h, INSTALL_DONE);
	assert_false(in_tree(&h, blob));
	same(&h, "metadata/timestamp.json");
	host_free(&h);
}

/* A blob that a second release shares stays when the first is recalled. */
static void test_shared_blob(void **state)
{
	struct host h;
	char blob[512];

	(void)state;
	host_new(&h);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>same</p>", 0);
	okit_release(&h.k, "R-2026-000002", 1, "official-site", "<p>same</p>", 0);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	okit_recall(&h.k, "R-2026-000001", 1);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "notice");
	want(&h, INSTALL_DONE);
	blob_path("<p>same</p>", blob);
	assert_true(in_tree(&h, blob));
	okit_recall(&h.k, "R-2026-000002", 1);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "notice");
	want(&h, INSTALL_DONE);
	assert_false(in_tree(&h, blob));
	host_free(&h);
}

static void test_gap_waits(void **state)
{
	struct host h;
	char from[256], to[256];
	int64_t held;

	(void)state;
	host_new(&h);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	held = send_to(&h, "release", 5, "status"); /* lost on the way */
	okit_release(&h.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "release");
	want(&h, INSTALL_IDLE);
	assert_int_equal(h.in->progress.next, 2);
	(void)snprintf(from, sizeof(from), "%s/status/%020" PRId64 ".5.unit", h.dir, held);
	(void)snprintf(to, sizeof(to), "%s/quarantine/%020" PRId64 ".5.unit", h.dir, held);
	assert_int_equal(rename(from, to), 0);
	want(&h, INSTALL_DONE);
	want(&h, INSTALL_DONE);
	same(&h, "metadata/timestamp.json");
	assert_int_equal(h.in->progress.next, 4);
	host_free(&h);
}

/* A recall that carries the metadata it needs does not wait; the late unit then
 * fills in only what is still listed. */
static void test_recall_overtakes(void **state)
{
	struct host h;
	char one[512], two[512];

	(void)state;
	host_new(&h);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	{
		/* The notice repeats every file of the release unit's metadata. */
		unsigned n = h.k.n_files;
		char(*files)[512] = malloc(sizeof(h.k.files));
		char late[256], now[256];

		memcpy(files, h.k.files, sizeof(h.k.files));
		(void)send_to(&h, "release", 5, "status");
		for (unsigned i = 0; i < n; i++) {
			if (strncmp(files[i], "metadata/", 9) == 0 ||
			    strncmp(files[i], "log/", 4) == 0 ||
			    strncmp(files[i], "targets/log/", 12) == 0 ||
			    strncmp(files[i], "targets/feed/", 13) == 0)
				(void)snprintf(h.k.files[h.k.n_files++], 512, "%s", files[i]);
		}
		free(files);
		okit_recall(&h.k, "R-2026-000001", 1);
		okit_commit(&h.k, DAY);
		(void)send_unit(&h, "notice");
		want(&h, INSTALL_DONE);
		blob_path("<p>one</p>", one);
		blob_path("<p>two</p>", two);
		assert_false(in_tree(&h, one));
		assert_false(in_tree(&h, two));
		same(&h, "metadata/timestamp.json");
		assert_int_equal(h.in->progress.next, 2);
		(void)snprintf(late, sizeof(late), "%s/status/%020d.5.unit", h.dir, 2);
		(void)snprintf(now, sizeof(now), "%s/quarantine/%020d.5.unit", h.dir, 2);
		assert_int_equal(rename(late, now), 0);
	}
	want(&h, INSTALL_DONE);
	assert_true(in_tree(&h, two));
	same(&h, "metadata/timestamp.json"); /* did not go back */
	assert_int_equal(h.in->progress.next, 4);
	host_free(&h);
}

/* A recall whose metadata is not there yet waits for its turn, and is not refused. */
static void test_recall_waits(void **state)
{
	struct host h;
	char late[256], now[256];

	(void)state;
	host_new(&h);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000102", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	(void)send_to(&h, "release", 5, "status");
	okit_recall(&h.k, "R-2026-000001", 1);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "notice");
	/* A set that only the release unit brought is not in this one. */
	want(&h, INSTALL_WAITS);
	want(&h, INSTALL_IDLE);
	(void)snprintf(late, sizeof(late), "%s/status/%020d.5.unit", h.dir, 2);
	(void)snprintf(now, sizeof(now), "%s/quarantine/%020d.5.unit", h.dir, 2);
	assert_int_equal(rename(late, now), 0);
	want(&h, INSTALL_DONE);
	want(&h, INSTALL_DONE);
	same(&h, "metadata/timestamp.json");
	host_free(&h);
}

static void test_unapproved(void **state)
{
	struct host h;
	char blob[512], *before, *after;

	(void)state;
	host_new(&h);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	before = okit_read(h.in->tree, "metadata/timestamp.json");
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>two persons</p>",
		     1u << OKIT_LIAISON | 1u << OKIT_LEADER);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "release");
	want(&h, INSTALL_REFUSED);
	after = okit_read(h.in->tree, "metadata/timestamp.json");
	assert_string_equal(before, after);
	blob_path("<p>two persons</p>", blob);
	assert_false(in_tree(&h, blob));
	assert_true(file_exists(h.in->refused, "00000000000000000002.5.unit"));
	assert_true(file_exists(h.in->refused, "00000000000000000002.5.unit.reason"));
	assert_int_equal(h.in->progress.next, 3); /* the gateway did send it */
	free(before);
	free(after);
	host_free(&h);
}

/* Garbage and strangers' units keep the serial open for the genuine one. */
static void test_not_genuine(void **state)
{
	struct host h;
	char path[256];

	(void)state;
	host_new(&h);
	(void)snprintf(path, sizeof(path), "%s/quarantine/%020d.5.unit", h.dir, 1);
	okit_write(AT_FDCWD, path, "garbage", 7);
	want(&h, INSTALL_REFUSED);
	assert_int_equal(h.in->progress.next, 1);
	{
		char(*files)[512] = malloc(sizeof(h.k.files));
		unsigned n = h.k.n_files;

		memcpy(files, h.k.files, sizeof(h.k.files));
		okit_unit(&h.k, 1, "initial", path, h.k.people[OKIT_INSPECTOR]);
		want(&h, INSTALL_REFUSED);
		assert_int_equal(h.in->progress.next, 1);
		memcpy(h.k.files, files, sizeof(h.k.files));
		h.k.n_files = n;
		free(files);
	}
	h.serial = 7; /* right unit under a wrong number */
	(void)send_to(&h, "initial", 5, "status");
	{
		char from[256];

		(void)snprintf(from, sizeof(from), "%s/status/%020d.5.unit", h.dir, 7);
		assert_int_equal(rename(from, path), 0);
	}
	want(&h, INSTALL_REFUSED);
	assert_int_equal(h.in->progress.next, 1);
	host_free(&h);
}

static void test_rollback(void **state)
{
	struct host h;
	char *old;

	(void)state;
	host_new(&h);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	old = okit_read(h.k.tree, "metadata/1.snapshot.json");
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "release");
	want(&h, INSTALL_DONE);
	/* A timestamp with a higher version that points at the older snapshot. */
	h.k.snapshot_version = 0;
	h.k.feed_dirty = true;
	h.k.feed_version = 0;
	okit_commit(&h.k, DAY);
	(void)send_unit(&h, "refresh");
	want(&h, INSTALL_REFUSED);
	free(old);
	host_free(&h);
}

/* A backlog that arrives after its own timestamps expired still goes in. */
static void test_backlog(void **state)
{
	struct host h;

	(void)state;
	host_new(&h);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, -5);
	(void)send_unit(&h, "release");
	want(&h, INSTALL_DONE);
	same(&h, "metadata/timestamp.json");
	host_free(&h);
}

static bool whole(const struct host *h)
{
	char path[64], *text = okit_read(h->in->tree, "metadata/timestamp.json");
	json_t *j = NULL, *s = NULL;
	int64_t version = 0;
	bool ok;

	assert_int_equal(json_parse(text, strlen(text), TUF_TIMESTAMP_MAX, &j), SL_OK);
	free(text);
	(void)json_i64(json_obj(json_obj(json_obj(j, "signed"), "meta"), "snapshot.json"),
		       "version", &version);
	json_decref(j);
	(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".snapshot.json", version);
	ok = in_tree(h, path);
	if (ok) {
		const char *name;
		json_t *value;

		text = okit_read(h->in->tree, path);
		assert_int_equal(json_parse(text, strlen(text), TUF_SNAPSHOT_MAX, &s), SL_OK);
		free(text);
		json_object_foreach(json_object_get(json_object_get(s, "signed"), "meta"), name,
				    value)
		{
			(void)json_i64(value, "version", &version);
			(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".%.40s",
				       version, name);
			ok = ok && in_tree(h, path);
		}
		json_decref(s);
	}
	return ok;
}

static int read_log(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct host *h = arg;
	char whole_path[TLOG_PATH_MAX + 8];

	(void)snprintf(whole_path, sizeof(whole_path), "log/%s", path);
	return file_read(h->in->tree, whole_path, max, out);
}

/* The checkpoint that lies there is proved by the tiles that lie there. */
static bool log_whole(struct host *h)
{
	const struct tlog_reader tiles = {.read = read_log, .arg = h};
	char *note = okit_read(h->in->tree, "log/checkpoint");
	struct sl_why why = {.text = ""};
	struct tlog_checkpoint c;
	size_t len = 0;
	int r;

	assert_int_equal(note_text(note, strlen(note), &len), SL_OK);
	assert_int_equal(tlog_checkpoint_parse(note, len, &c), SL_OK);
	r = tlog_verify_all(&tiles, &c, NULL, NULL, &why);
	free(note);
	if (r != SL_OK)
		fail_msg("%s", why.text);
	return r == SL_OK;
}

/* kill -9 before each single call that changes a file: the tree is whole, and the unit goes in
 * afterwards. */
static void test_killed(void **state)
{
	struct host h;
	char blob[512];
	bool killed = true;

	(void)state;
	host_new(&h);
	(void)send_unit(&h, "initial");
	want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	(void)snprintf(h.k.removes[h.k.n_removes++], sizeof(h.k.removes[0]),
		       "log/tile/0/000.p/1");
	(void)snprintf(h.k.removes[h.k.n_removes++], sizeof(h.k.removes[0]),
		       "metadata/1.feed.json");
	(void)snprintf(h.k.removes[h.k.n_removes++], sizeof(h.k.removes[0]),
		       "metadata/1.root.json");
	(void)send_unit(&h, "release");
	for (int i = 0; killed; i++) {
		pid_t pid = fork();
		int status;

		assert_true(pid >= 0 && i < 1000);
		if (pid == 0) {
			enum install_end end;
			struct spool_entry unit;

			killer_after(i);
			_exit(install_next(h.in, &end, &unit, NULL) == SL_OK ? 0 : 1);
		}
		assert_true(waitpid(pid, &status, 0) == pid);
		killed = WIFSIGNALED(status);
		assert_true(killed || WEXITSTATUS(status) == 0);
		assert_true(killed || i > 100);
		assert_true(whole(&h) && log_whole(&h));
	}
	/* Superseded files went, roots stay. */
	assert_false(in_tree(&h, "log/tile/0/000.p/1") || in_tree(&h, "metadata/1.feed.json"));
	assert_true(in_tree(&h, "metadata/1.root.json"));
	assert_int_equal(progress_read(h.in->state, &h.in->progress), SL_OK);
	if (file_exists(h.in->quarantine, "00000000000000000002.5.unit")) {
		enum install_end end;
		struct spool_entry unit;

		assert_int_equal(install_next(h.in, &end, &unit, NULL), SL_OK);
	}
	same(&h, "metadata/timestamp.json");
	blob_path("<p>one</p>", blob);
	same(&h, blob);
	assert_int_equal(h.in->progress.next, 3);
	host_free(&h);
}

/* The release log only grows: what was signed otherwise since, or does not hang together,
 * never reaches the tree. */
static void test_log(void **state)
{
	static const struct {
		const char *name, *says;
		bool back;	  /* begin again before the second release */
		unsigned entries; /* more than the release */
		const char *tile; /* overwritten */
		bool other_entry;
	} rows[] = {
		{"back", "went back or is another one", true, 0, NULL, false},
		{"fork", "do not lead from the tree's log", true, 3, NULL, false},
		{"tile", "do not lead from the tree's log", false, 0, "log/tile/0/000.p/4",
		 false},
		{"entries", "do not lead from the tree's log", false, 0,
		 "log/tile/entries/000.p/4", false},
		{"entry", "does not lead from this entry", false, 0, NULL, true},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct merkle_frontier past;
		char zero[65], *before, *after;
		struct host h;

		(void)snprintf(zero, sizeof(zero), "%064d", 1);
		host_new(&h);
		past = h.k.frontier;
		okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
		okit_release(&h.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
		okit_commit(&h.k, DAY);
		(void)send_unit(&h, "initial");
		want(&h, INSTALL_DONE);
		same(&h, "log/checkpoint");
		same(&h, "log/tile/entries/000.p/3");
		if (rows[i].back)
			h.k.frontier = past;
		okit_release(&h.k, "R-2026-000003", 1, "official-site", "<p>three</p>", 0);
		if (rows[i].other_entry)
			memcpy(h.k.logged[0].attest_sha256, zero, sizeof(zero));
		for (unsigned n = 0; n < rows[i].entries; n++)
			okit_log(&h.k, "-", 8 + n, LOG_POLICY, h.k.policy_sha256, zero);
		okit_commit(&h.k, DAY);
		if (rows[i].tile != NULL)
			okit_write(h.k.tree, rows[i].tile, zero, 64);
		before = okit_read(h.in->tree, "log/checkpoint");
		(void)send_unit(&h, "release");
		want(&h, INSTALL_REFUSED);
		after = okit_read(h.in->tree, "log/checkpoint");
		if (strstr(h.in->last_refusal, rows[i].says) == NULL ||
		    strcmp(before, after) != 0)
			fail_msg("%s: %s", rows[i].name, h.in->last_refusal);
		free(before);
		free(after);
		host_free(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),     cmocka_unit_test(test_shared_blob),
		cmocka_unit_test(test_gap_waits),    cmocka_unit_test(test_recall_overtakes),
		cmocka_unit_test(test_recall_waits), cmocka_unit_test(test_unapproved),
		cmocka_unit_test(test_not_genuine),  cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_backlog),	     cmocka_unit_test(test_killed),
		cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
