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
#include "install_kit.h"
#include "killer.h"

enum { DAY = 86400 };

static void test_in_order(void **state)
{
	struct host h;
	char blob[512];

	(void)state;
	host_new(&h);
	host_want(&h, INSTALL_IDLE);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	host_same(&h, "metadata/timestamp.json");
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_write(h.k.tree, "index.html", "<h1>hints</h1>", 14);
	(void)snprintf(h.k.files[h.k.n_files++], 512, "index.html");
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	host_want(&h, INSTALL_IDLE);
	host_same(&h, "metadata/timestamp.json");
	host_same(&h, "index.html");
	host_blob_path("<p>one</p>", blob);
	host_same(&h, blob);
	assert_int_equal(h.in->progress.next, 3);
	assert_int_equal(h.in->feed_serial, 1);
	{
		char *hint = okit_read(h.in->status, "announce.json");

		assert_string_equal(hint, "{\"serial\":1,\"timestamp_version\":2}");
		free(hint);
	}
	okit_recall(&h.k, "R-2026-000001", 1);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "notice");
	host_want(&h, INSTALL_DONE);
	assert_false(host_has(&h, blob));
	host_same(&h, "metadata/timestamp.json");
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
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_recall(&h.k, "R-2026-000001", 1);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "notice");
	host_want(&h, INSTALL_DONE);
	host_blob_path("<p>same</p>", blob);
	assert_true(host_has(&h, blob));
	okit_recall(&h.k, "R-2026-000002", 1);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "notice");
	host_want(&h, INSTALL_DONE);
	assert_false(host_has(&h, blob));
	host_free(&h);
}

static void test_gap_waits(void **state)
{
	struct host h;
	char from[256], to[256];
	int64_t held;

	(void)state;
	host_new(&h);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	held = host_send_to(&h, "release", 5, "status"); /* lost on the way */
	okit_release(&h.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_IDLE);
	assert_int_equal(h.in->progress.next, 2);
	(void)snprintf(from, sizeof(from), "%s/status/%020" PRId64 ".5.unit", h.dir, held);
	(void)snprintf(to, sizeof(to), "%s/quarantine/%020" PRId64 ".5.unit", h.dir, held);
	assert_int_equal(rename(from, to), 0);
	host_want(&h, INSTALL_DONE);
	host_want(&h, INSTALL_DONE);
	host_same(&h, "metadata/timestamp.json");
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
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	{
		/* The notice repeats every file of the release unit's metadata. */
		unsigned n = h.k.n_files;
		char(*files)[512] = malloc(sizeof(h.k.files));
		char late[256], now[256];

		memcpy(files, h.k.files, sizeof(h.k.files));
		(void)host_send_to(&h, "release", 5, "status");
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
		(void)host_send(&h, "notice");
		host_want(&h, INSTALL_DONE);
		host_blob_path("<p>one</p>", one);
		host_blob_path("<p>two</p>", two);
		assert_false(host_has(&h, one));
		assert_false(host_has(&h, two));
		host_same(&h, "metadata/timestamp.json");
		assert_int_equal(h.in->progress.next, 2);
		(void)snprintf(late, sizeof(late), "%s/status/%020d.5.unit", h.dir, 2);
		(void)snprintf(now, sizeof(now), "%s/quarantine/%020d.5.unit", h.dir, 2);
		assert_int_equal(rename(late, now), 0);
	}
	host_want(&h, INSTALL_DONE);
	assert_true(host_has(&h, two));
	host_same(&h, "metadata/timestamp.json"); /* did not go back */
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
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000102", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	(void)host_send_to(&h, "release", 5, "status");
	okit_recall(&h.k, "R-2026-000001", 1);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "notice");
	/* A set that only the release unit brought is not in this one. */
	host_want(&h, INSTALL_WAITS);
	host_want(&h, INSTALL_IDLE);
	(void)snprintf(late, sizeof(late), "%s/status/%020d.5.unit", h.dir, 2);
	(void)snprintf(now, sizeof(now), "%s/quarantine/%020d.5.unit", h.dir, 2);
	assert_int_equal(rename(late, now), 0);
	host_want(&h, INSTALL_DONE);
	host_want(&h, INSTALL_DONE);
	host_same(&h, "metadata/timestamp.json");
	host_free(&h);
}

static void test_unapproved(void **state)
{
	struct host h;
	char blob[512], *before, *after;

	(void)state;
	host_new(&h);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	before = okit_read(h.in->tree, "metadata/timestamp.json");
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>two persons</p>",
		     1u << OKIT_LIAISON | 1u << OKIT_LEADER);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	after = okit_read(h.in->tree, "metadata/timestamp.json");
	assert_string_equal(before, after);
	host_blob_path("<p>two persons</p>", blob);
	assert_false(host_has(&h, blob));
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
	host_want(&h, INSTALL_REFUSED);
	assert_int_equal(h.in->progress.next, 1);
	{
		char(*files)[512] = malloc(sizeof(h.k.files));
		unsigned n = h.k.n_files;

		memcpy(files, h.k.files, sizeof(h.k.files));
		okit_unit(&h.k, 1, "initial", path, h.k.people[OKIT_INSPECTOR]);
		host_want(&h, INSTALL_REFUSED);
		assert_int_equal(h.in->progress.next, 1);
		memcpy(h.k.files, files, sizeof(h.k.files));
		h.k.n_files = n;
		free(files);
	}
	h.serial = 7; /* right unit under a wrong number */
	(void)host_send_to(&h, "initial", 5, "status");
	{
		char from[256];

		(void)snprintf(from, sizeof(from), "%s/status/%020d.5.unit", h.dir, 7);
		assert_int_equal(rename(from, path), 0);
	}
	host_want(&h, INSTALL_REFUSED);
	assert_int_equal(h.in->progress.next, 1);
	host_free(&h);
}

static void test_rollback(void **state)
{
	struct host h;
	char *old;

	(void)state;
	host_new(&h);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	old = okit_read(h.k.tree, "metadata/1.snapshot.json");
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	/* A timestamp with a higher version that points at the older snapshot. */
	h.k.snapshot_version = 0;
	h.k.feed_dirty = true;
	h.k.feed_version = 0;
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "refresh");
	host_want(&h, INSTALL_REFUSED);
	free(old);
	host_free(&h);
}

/* A refused unit of a gateway whose feed keys were stolen: serials of a channel with a hole,
 * with another past, or of a channel that the release is not for. */
static void test_channels(void **state)
{
	struct feed_page *before = malloc(sizeof(*before));
	struct feed_numbers *e;
	struct host h;

	(void)state;
	host_new(&h);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site,weibo", "<p>one</p>", 0);
	okit_release(&h.k, "R-2026-000002", 1, "weibo", "<p>two</p>", 0);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	*before = h.k.head;
	e = &h.k.head.entries[0].numbers;
	assert_int_equal(e->n, 2);
	/* A hole. */
	h.k.head.channels.next[e->channel[0]]++;
	okit_release(&h.k, "R-2026-000003", 1, "official-site", "<p>three</p>", 0);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	assert_non_null(
		strstr(h.in->last_refusal, "serial 2 of channel official-site is missing"));
	/* In order by itself, but number 1 was another entry when platforms saw it. */
	h.k.head = *before;
	e = &h.k.head.entries[0].numbers;
	h.k.head.channels.next[e->channel[0]] = 1;
	e->n = 1;
	e->channel[0] = e->channel[1];
	okit_release(&h.k, "R-2026-000003", 1, "official-site", "<p>three</p>", 0);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	assert_non_null(
		strstr(h.in->last_refusal, "serial 1 of channel official-site is there twice"));
	/* Not where the manifest sends it. */
	h.k.head = *before;
	okit_release(&h.k, "R-2026-000003", 1, "official-site", "<p>three</p>", 0);
	e = &h.k.head.entries[2].numbers;
	h.k.head.channels.next[e->channel[0]]--;
	e->channel[0] = h.k.head.entries[1].numbers.channel[0];
	e->serial[0] = h.k.head.channels.next[e->channel[0]]++;
	okit_put_feed(&h.k);
	okit_commit(&h.k, DAY);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_REFUSED);
	assert_non_null(strstr(h.in->last_refusal, "does not number it in channel official"));
	assert_int_equal(h.in->feed_serial, 2);
	free(before);
	host_free(&h);
}

/* A backlog that arrives after its own timestamps expired still goes in. */
static void test_backlog(void **state)
{
	struct host h;

	(void)state;
	host_new(&h);
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, -5);
	(void)host_send(&h, "release");
	host_want(&h, INSTALL_DONE);
	host_same(&h, "metadata/timestamp.json");
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
	ok = host_has(h, path);
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
			ok = ok && host_has(h, path);
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
	(void)host_send(&h, "initial");
	host_want(&h, INSTALL_DONE);
	okit_release(&h.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&h.k, DAY);
	(void)snprintf(h.k.removes[h.k.n_removes++], sizeof(h.k.removes[0]),
		       "log/tile/0/000.p/1");
	(void)snprintf(h.k.removes[h.k.n_removes++], sizeof(h.k.removes[0]),
		       "metadata/1.feed.json");
	(void)snprintf(h.k.removes[h.k.n_removes++], sizeof(h.k.removes[0]),
		       "metadata/1.root.json");
	(void)host_send(&h, "release");
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
	assert_false(host_has(&h, "log/tile/0/000.p/1") ||
		     host_has(&h, "metadata/1.feed.json"));
	assert_true(host_has(&h, "metadata/1.root.json"));
	assert_int_equal(progress_read(h.in->state, &h.in->progress), SL_OK);
	if (file_exists(h.in->quarantine, "00000000000000000002.5.unit")) {
		enum install_end end;
		struct spool_entry unit;

		assert_int_equal(install_next(h.in, &end, &unit, NULL), SL_OK);
	}
	host_same(&h, "metadata/timestamp.json");
	host_blob_path("<p>one</p>", blob);
	host_same(&h, blob);
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
		(void)host_send(&h, "initial");
		host_want(&h, INSTALL_DONE);
		host_same(&h, "log/checkpoint");
		host_same(&h, "log/tile/entries/000.p/3");
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
		(void)host_send(&h, "release");
		host_want(&h, INSTALL_REFUSED);
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
		cmocka_unit_test(test_channels),     cmocka_unit_test(test_killed),
		cmocka_unit_test(test_backlog),	     cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
