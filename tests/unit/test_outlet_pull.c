/* test_outlet_pull.c - sluice-pull against the built-in server and a real signed repository. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "outlet/pull_hook.h"
#include "outlet/pull_state.h"
#include "pull_kit.h"

enum { DAY = 86400 };

static void test_release_correct_recall(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	stage_pull(&s, 0, "\"event\":\"up-to-date\"");
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0,
		   "{\"channels\":{\"official-site\":1},\"event\":\"released\",\"id\":"
		   "\"R-2026-000001\",\"serial\":1,\"version\":1}");
	assert_true(stage_there(&s, "live/R-2026-000001/manifest.json"));
	assert_true(stage_there(&s, "live/R-2026-000002/attest.intoto.jsonl"));
	assert_true(stage_there(&s, "releases/R-2026-000001/1/files/body.html"));
	stage_verify(&s, "R-2026-000001/1", 0);
	stage_pull(&s, 0, "\"event\":\"up-to-date\"");
	okit_release(&s.k, "R-2026-000001", 2, "official-site", "<p>one, corrected</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0,
		   "{\"channels\":{\"official-site\":3},\"event\":\"corrected\",\"id\":"
		   "\"R-2026-000001\",\"serial\":3,\"version\":2}");
	assert_true(stage_there(&s, "releases/R-2026-000001/1/manifest.json"));
	stage_verify(&s, "R-2026-000001/2", 0);
	okit_recall(&s.k, "R-2026-000002", 1);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "\"event\":\"withdrawn\",\"id\":\"R-2026-000002\"");
	assert_false(stage_there(&s, "live/R-2026-000002"));
	assert_true(stage_there(&s, "live/R-2026-000001"));
	{
		char path[128];
		char *text;

		(void)snprintf(path, sizeof(path), "%s/tombstones/R-2026-000002.json", s.into);
		text = okit_read(AT_FDCWD, path);
		assert_non_null(strstr(text, "\"status\":\"canceled\""));
		assert_non_null(strstr(text, "\"channels\":{\"official-site\":4}"));
		assert_non_null(
			strstr(text, "\"reason_code\":\"error\"")); /* the notice, proved */
		free(text);
	}
	stage_pull(&s, 0, "\"event\":\"up-to-date\"");
	stage_free(&s);
}

static void test_channel(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_release(&s.k, "R-2026-000002", 1, "weibo", "<p>two</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull_with(&s, "--channel", "weibo", 0, "R-2026-000002");
	assert_false(stage_there(&s, "live/R-2026-000001"));
	stage_pull_with(&s, "--channel", "weibo", 0, "up-to-date");
	stage_free(&s);
}

/* "Number 3 of our channel", whatever else is published. */
static void test_numbers_of_a_channel(void **state)
{
	struct stage s;
	char *text;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site,weibo", "<p>one</p>", 0);
	okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_release(&s.k, "R-2026-000003", 1, "weibo", "<p>three</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull_with(&s, "--channel", "weibo", 0,
			"{\"channels\":{\"weibo\":2},\"event\":\"released\",\"id\":"
			"\"R-2026-000003\",\"serial\":3,\"version\":1}");
	okit_recall(&s.k, "R-2026-000001", 1);
	okit_commit(&s.k, DAY);
	stage_pull_with(&s, "--channel", "weibo", 0,
			"{\"channels\":{\"weibo\":3},\"event\":\"withdrawn\"");
	stage_pull_with(&s, "--channel", "weibo", 0,
			"{\"channels\":{\"weibo\":3},\"event\":\"up-to-date\",\"serial\":4}");
	{
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/tombstones/R-2026-000001.json", s.into);
		text = okit_read(AT_FDCWD, path);
		assert_non_null(strstr(text, "\"channels\":{\"official-site\":3,\"weibo\":3}"));
		free(text);
	}
	/* A newcomer who follows no channel is told of each. */
	assert_int_equal(file_remove_tree(AT_FDCWD, s.into), SL_OK);
	okit_release(&s.k, "R-2026-000004", 1, "weibo,official-site", "<p>four</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0,
		   "{\"channels\":{\"official-site\":4,\"weibo\":4},\"event\":\"released\"");
	stage_free(&s);
}

static unsigned table_at(const struct stage *s, const char *name)
{
	int at = feed_channels_find(&s->k.head.channels, name);

	assert_true(at >= 0);
	return (unsigned)at;
}

/* An entry is hidden from a channel: its number is named, and nothing is believed. */
static void test_number_missing(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site,weibo", "<p>one</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull_with(&s, "--channel", "weibo", 0, "released");
	s.k.head.channels.next[table_at(&s, "weibo")]++;
	okit_release(&s.k, "R-2026-000002", 1, "official-site,weibo", "<p>two</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull_with(&s, "--channel", "weibo", 1, "serial 2 of channel weibo is missing");
	assert_false(stage_there(&s, "live/R-2026-000002"));
	assert_true(stage_there(&s, "live/R-2026-000001"));
	stage_free(&s);
}

/* The present head is in order, but what this platform has seen was numbered otherwise. */
static void test_numbers_rewritten(void **state)
{
	struct feed_numbers *e;
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "weibo", "<p>one</p>", 0);
	okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "R-2026-000002");
	/* The first entry was never in the channel, and the third takes its number. */
	e = &s.k.head.entries[0].numbers;
	s.k.head.channels.next[e->channel[0]] = 1;
	e->channel[0] = (uint8_t)feed_channels_add(&s.k.head.channels, "elsewhere");
	s.k.head.channels.next[e->channel[0]] = 2;
	okit_release(&s.k, "R-2026-000003", 1, "weibo", "<p>three</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "serial 1 of channel weibo is there twice");
	assert_false(stage_there(&s, "live/R-2026-000003"));
	/* Without it the channel has gone back. */
	s.k.head.n--;
	s.k.head.next_serial--;
	s.k.head.channels.next[table_at(&s, "weibo")] = 1;
	okit_put_feed(&s.k);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "channel weibo went back from serial 1 to 0");
	stage_free(&s);
}

/* The feed may number a release only where its manifest, which reviewers signed, sends it. */
static void test_number_of_another_channel(void **state)
{
	struct feed_numbers *e;
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site,weibo", "<p>one</p>", 0);
	okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>two</p>", 0);
	e = &s.k.head.entries[1].numbers;
	s.k.head.channels.next[e->channel[0]]--;
	e->channel[0] = (uint8_t)table_at(&s, "weibo");
	e->serial[0] = s.k.head.channels.next[e->channel[0]]++;
	okit_put_feed(&s.k);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "the feed does not number it in channel official-site");
	assert_false(stage_there(&s, "live/R-2026-000002"));
	assert_true(stage_there(&s, "live/R-2026-000001"));
	stage_free(&s);
}

/* The quorum is proved here again, whatever the gateway's keys have signed. */
static void test_missing_approval(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>good</p>", 0);
	okit_release(&s.k, "R-2026-000002", 1, "official-site", "<p>bad</p>",
		     1u << OKIT_LIAISON | 1u << OKIT_DESK);
	okit_release(&s.k, "R-2026-000003", 1, "official-site", "<p>behind it</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "\"event\":\"refused\",\"id\":\"R-2026-000002\"");
	assert_true(stage_there(&s, "live/R-2026-000001"));
	assert_false(stage_there(&s, "live/R-2026-000002"));
	assert_false(stage_there(&s, "releases/R-2026-000002"));
	assert_false(stage_there(&s, "live/R-2026-000003"));
	/* A recall behind the refused serial is honoured all the same. */
	okit_recall(&s.k, "R-2026-000001", 1);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "\"event\":\"withdrawn\",\"id\":\"R-2026-000001\"");
	assert_false(stage_there(&s, "live/R-2026-000001"));
	/* When the bad one is recalled, the line goes on. */
	okit_recall(&s.k, "R-2026-000002", 1);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "\"event\":\"released\",\"id\":\"R-2026-000003\"");
	stage_free(&s);
}

static void test_stale(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, -60);
	stage_pull(&s, 1, "\"event\":\"stale\"");
	assert_false(stage_there(&s, "live/R-2026-000001"));
	stage_free(&s);
}

static void test_unreachable(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	site_close(s.site);
	s.site = NULL;
	stage_pull(&s, 3, "");
	stage_free(&s);
}

static void test_rollback(void **state)
{
	struct stage s;
	char *old;

	(void)state;
	stage_new(&s);
	old = okit_read(s.k.tree, "metadata/timestamp.json");
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "released");
	okit_write(s.k.tree, "metadata/timestamp.json", old, strlen(old));
	stage_pull(&s, 1, "\"event\":\"refused\"");
	assert_true(stage_there(&s, "live/R-2026-000001"));
	free(old);
	stage_free(&s);
}

/* Flip one byte of each file of the outlet in turn: nothing wrong is ever shown. */
static void test_every_file(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, DAY);
	for (unsigned i = 0; i < s.k.n_files; i++) {
		const char *path = s.k.files[i];
		bool used = strncmp(path, "metadata/1.snapshot", 19) != 0 &&
			    strncmp(path, "metadata/1.root", 15) != 0 &&
			    strncmp(path, "metadata/1.feed", 15) != 0 &&
			    strcmp(path, "metadata/1.rel.json") != 0 &&
			    strstr(path, "approval-policy") == NULL;
		char *text = okit_read(s.k.tree, path);
		size_t len = strlen(text);
		int got;
		char *out;
		const char *args[] = {"--from", s.url,	"--trust", s.root,
				      "--into", s.into, "--json",  NULL};

		text[len / 2] ^= 1;
		okit_write(s.k.tree, path, text, len);
		out = stage_run(args, &got);
		text[len / 2] ^= 1;
		okit_write(s.k.tree, path, text, len);
		free(text);
		/* Superseded files, tiles (which only later pulls need) and those of other sets
		 * are not looked at, and the policy stands under two names: then what was shown
		 * must still be proved. */
		if (strncmp(path, "targets/feed/", 13) == 0 ||
		    strncmp(path, "targets/log/", 12) == 0 || strncmp(path, "log/", 4) == 0)
			used = false;
		if (got == 0 && used)
			fail_msg("a changed %s was not noticed: %s", path, out);
		if (got == 0)
			stage_verify(&s, "R-2026-000001/1", 0);
		else if (stage_there(&s, "live/R-2026-000001"))
			fail_msg("a changed %s was refused but shown: %s", path, out);
		free(out);
		assert_int_equal(file_remove_tree(AT_FDCWD, s.into), SL_OK);
	}
	stage_pull(&s, 0, "released");
	stage_free(&s);
}

/* And of each file of a package, offline. */
static void test_every_package_file(void **state)
{
	static const char *const files[] = {"manifest.json",   "attest.intoto.jsonl",
					    "files/body.html", "tuf/targets.json",
					    "tuf/policy.json", "tuf/approval-policy.json"};
	struct stage s;
	char path[256];

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "released");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *text;

		(void)snprintf(path, sizeof(path), "%s/releases/R-2026-000001/1/%s", s.into,
			       files[i]);
		text = okit_read(AT_FDCWD, path);
		for (size_t at = 0; at < strlen(text); at += 1 + strlen(text) / 4) {
			text[at] ^= 1;
			okit_write(AT_FDCWD, path, text, strlen(text));
			stage_verify(&s, "R-2026-000001/1", 1);
			text[at] ^= 1;
		}
		okit_write(AT_FDCWD, path, text, strlen(text));
		stage_verify(&s, "R-2026-000001/1", 0);
		free(text);
	}
	(void)snprintf(path, sizeof(path), "%s/releases/R-2026-000001/1/files/extra.html",
		       s.into);
	okit_write(AT_FDCWD, path, "x", 1);
	stage_verify(&s, "R-2026-000001/1", 1);
	stage_free(&s);
}

static void write_hook(struct stage *s, const char *last)
{
	char script[512];
	int n = snprintf(script, sizeof(script),
			 "#!/bin/sh\nprintf '%%s|' \"$@\" >> '%s'\n%s\n", s->hook_log, last);

	okit_write(AT_FDCWD, s->hook, script, (size_t)n);
	assert_int_equal(chmod(s->hook, 0755), 0);
}

static void test_hook(void **state)
{
	struct stage s;
	char *text;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, DAY);
	write_hook(&s, "exit 1");
	stage_pull_with(&s, "--exec", s.hook, 1, "released"); /* fails, is remembered */
	write_hook(&s, "exit 0");
	stage_pull_with(&s, "--exec", s.hook, 0,
			"up-to-date"); /* told again, and then no more */
	stage_pull_with(&s, "--exec", s.hook, 0, "up-to-date");
	text = okit_read(AT_FDCWD, s.hook_log);
	{
		char want[512];
		int n = snprintf(want, sizeof(want),
				 "released|R-2026-000001|1|%s/releases/R-2026-000001/1|",
				 s.into);

		assert_int_equal(strlen(text), 2 * (size_t)n);
		assert_memory_equal(text, want, (size_t)n);
	}
	free(text);
	stage_free(&s);
}

/* More entries than a page: older pages are walked by their hashes. */
static void test_pages(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s);
	okit_release(&s.k, "R-2026-000001", 1, "official-site", "<p>one</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "released");
	s.k.n_files = 0;
	for (int i = 0; i < 140; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "R-2026-%06d", 100 + i);
		okit_release(&s.k, id, 1, "weibo", "<p>same</p>", 0);
		okit_recall(&s.k, id, 1);
		s.k.n_files = s.k.n_removes = 0;
	}
	okit_release(&s.k, "R-2026-000900", 1, "official-site", "<p>last</p>", 0);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 0, "R-2026-000900");
	assert_int_equal(file_remove_tree(AT_FDCWD, s.into), SL_OK);
	stage_pull(&s, 0, "R-2026-000001"); /* a newcomer walks everything */
	stage_free(&s);
}

/* The same, and one entry of a channel has gone where two pages meet. */
static void test_number_missing_between_pages(void **state)
{
	struct feed_numbers *e;
	struct stage s;

	(void)state;
	stage_new(&s);
	for (int i = 0; i < FEED_PAGE_MAX / 2; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "R-2026-%06d", 100 + i);
		okit_release(&s.k, id, 1, "weibo", "<p>same</p>", 0);
		okit_recall(&s.k, id, 1);
		s.k.n_files = s.k.n_removes = 0;
	}
	okit_release(&s.k, "R-2026-000900", 1, "weibo", "<p>last</p>", 0);
	assert_int_equal(s.k.head.n, 1);
	e = &s.k.head.entries[0].numbers;
	e->serial[0]++;
	s.k.head.channels.next[e->channel[0]]++;
	okit_put_feed(&s.k);
	okit_commit(&s.k, DAY);
	stage_pull(&s, 1, "serial 257 of channel weibo is missing");
	stage_free(&s);
}

static void test_state_file(void **state)
{
	struct pull_state *s = calloc(1, sizeof(*s)), *back = calloc(1, sizeof(*back));
	struct feed_entry e = {
		.id = "R-2026-000001", .kind = FEED_RELEASE, .serial = 1, .version = 1};
	const char *channels[] = {"official-site", "micro-blog"};
	char dir[64] = "/tmp/sluice-state-XXXXXX";
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = file_open_dir(AT_FDCWD, dir);
	assert_int_equal(pull_state_load(fd, s), SL_OK);
	assert_int_equal(s->at.serial, 0);
	assert_int_equal(feed_channels_next(&s->at.channels, channels, 2, &e.numbers), SL_OK);
	memset(e.manifest_sha256, 'a', 64);
	pull_state_pass(s, &e);
	assert_int_equal(pull_state_wait(s, &e), SL_OK);
	assert_int_equal(pull_state_save(fd, s), SL_OK);
	assert_int_equal(pull_state_load(fd, back), SL_OK);
	assert_int_equal(back->at.serial, 1);
	assert_string_equal(back->at.digest, s->at.digest);
	assert_int_equal(back->at.channels.n, 2);
	assert_int_equal(back->at.channels.next[0], 2);
	assert_int_equal(back->n_waiting, 1);
	assert_string_equal(back->waiting[0].id, e.id);
	assert_int_equal(back->waiting[0].numbers.n, 2);
	assert_int_equal(back->waiting[0].numbers.serial[1], 1);
	pull_state_forget(back, e.id, 1);
	assert_int_equal(back->n_waiting, 1); /* itself is no reason to forget it */
	pull_state_forget(back, e.id, 2);
	assert_int_equal(back->n_waiting, 0);
	okit_write(fd, "pull.json", "{\"serial\":-1}", 13);
	assert_int_equal(pull_state_load(fd, back), SL_E_CORRUPT);
	file_close(fd);
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), SL_OK);
	free(s);
	free(back);
}

static void test_usage(void **state)
{
	static const struct {
		const char *args[8];
		int want;
	} rows[] = {
		{{"--from", "http://127.0.0.1:1", NULL}, 2},
		{{"--from", "gopher://x", "--trust", "/dev/null", "--into", "/tmp", NULL}, 1},
		{{"log", "verify", "/tmp", NULL}, 2},
		{{"log", "check", "/tmp", "--trust", "/dev/null", NULL}, 2},
		{{"log", "verify", "/tmp", "--trust", "/nonexistent", NULL}, 1},
		{{"log", "verify", "/nonexistent", "--trust", "/dev/null", NULL}, 1},
		{{"verify", "/nonexistent", "--trust", "/nonexistent", NULL}, 1},
		{{"verify", NULL}, 2},
		{{"--help", NULL}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int got;

		free(stage_run(rows[i].args, &got));
		if (got != rows[i].want)
			fail_msg("row %zu: exit %d", i, got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_release_correct_recall),
		cmocka_unit_test(test_channel),
		cmocka_unit_test(test_numbers_of_a_channel),
		cmocka_unit_test(test_number_missing),
		cmocka_unit_test(test_numbers_rewritten),
		cmocka_unit_test(test_number_of_another_channel),
		cmocka_unit_test(test_missing_approval),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_every_file),
		cmocka_unit_test(test_every_package_file),
		cmocka_unit_test(test_hook),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_number_missing_between_pages),
		cmocka_unit_test(test_state_file),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
