/* test_release_line.c - approved drafts become units, orders notices. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "link/unit.h"
#include "release_kit.h"

static void open_line(struct kit *k, struct line *l)
{
	struct sl_why why = {.text = ""};

	if (line_open(k->c, l, &why) != SL_OK)
		fail_msg("%s", why.text);
}

static bool carries(const struct unit *u, const char *part)
{
	for (unsigned i = 0; i < u->n_files; i++) {
		if (strstr(u->files[i].path, part) != NULL)
			return true;
	}
	return false;
}

static bool removes(const struct unit *u, const char *part)
{
	for (unsigned i = 0; i < u->n_removes; i++) {
		if (strstr(u->removes[i], part) != NULL)
			return true;
	}
	return false;
}

static void first_unit_is_the_repository(void **state)
{
	struct kit k;
	struct line l;
	struct unit u = {.files = NULL};

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_run(&k, &l);
	assert_int_equal(repo_number(l.repo), 1);
	assert_int_equal(kit_unit(&k, 1, 5, &u), SL_OK);
	assert_string_equal(u.kind, "initial");
	assert_true(carries(&u, "metadata/1.root.json") && carries(&u, "metadata/1.rel.json"));
	assert_true(carries(&u, ".approval-policy.json") &&
		    carries(&u, ".approval-policy-1.json"));
	assert_true(carries(&u, ".head.json") && carries(&u, "index.html"));
	assert_string_equal(u.files[0].path, "metadata/1.root.json");
	assert_string_equal(u.files[u.n_files - 1].path, "metadata/timestamp.json");
	unit_release(&u);
	line_close(&l);
	kit_close(&k);
}

static void releases_go_out_in_one_batch(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft d[3];
	struct unit u = {.files = NULL};
	char path[300];

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_run(&k, &l);
	for (unsigned i = 0; i < 3; i++)
		kit_approved(&k, NULL, &d[i]);
	kit_run(&k, &l);
	assert_int_equal(repo_number(l.repo), 2);
	assert_int_equal(kit_next_serial(&k), 4);
	assert_int_equal(kit_unit(&k, 2, 5, &u), SL_OK);
	assert_string_equal(u.kind, "release");
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(kit_state(&k, &d[i]), DRAFT_RELEASED);
		assert_true(carries(&u, d[i].blob) && carries(&u, d[i].manifest));
	}
	unit_release(&u);
	/* The sender passes it on. */
	(void)snprintf(path, sizeof(path), "%s/outbox/%020d.5.unit", k.c->data, 2);
	assert_int_equal(unlink(path), 0);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &d[0]), DRAFT_SENT);
	line_close(&l);
	kit_close(&k);
}

/* The newest entries of the head, oldest first: "site:2 blog:1 | blog:2 | …". */
static void numbered(struct kit *k, unsigned n, const char *want)
{
	struct feed_page *p = calloc(1, sizeof(*p));
	struct buf b;

	assert_non_null(p);
	kit_head(k, p);
	assert_true(p->n >= n);
	buf_init(&b, 4096);
	for (unsigned i = p->n - n; i < p->n; i++) {
		const struct feed_numbers *e = &p->entries[i].numbers;

		buf_puts(&b, i > p->n - n ? " |" : "");
		for (unsigned c = 0; c < e->n; c++)
			buf_putf(&b, " %s:%u", p->channels.name[e->channel[c]], e->serial[c]);
	}
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
	free(p);
}

/* Each channel has serials of its own, a notice in the channels of what it is about, and what
 * comes back gets new ones. */
static void channels_are_numbered(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft site, both, blog;

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_run(&k, &l);
	kit_approved(&k, &(struct kit_options){.channels = {"site"}}, &site);
	kit_approved(&k, &(struct kit_options){.channels = {"site", "blog"}}, &both);
	kit_approved(&k, &(struct kit_options){.channels = {"blog"}}, &blog);
	kit_run(&k, &l);
	numbered(&k, 3, " site:1 | blog:1 site:2 | blog:2");
	kit_order(&k, &both, "freeze");
	kit_run(&k, &l);
	kit_order(&k, &blog, "withdraw");
	kit_run(&k, &l);
	numbered(&k, 2, " blog:3 site:3 | blog:4");
	kit_order_by(&k, &both, "reinstate", KIT_DESK, 4);
	kit_order_by(&k, &both, "reinstate", KIT_LEADER, 4);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &both), DRAFT_SENT);
	numbered(&k, 1, " blog:5 site:4");
	/* A later case goes on where they are. */
	kit_approved(&k, &(struct kit_options){.channels = {"third", "site"}}, &site);
	kit_run(&k, &l);
	numbered(&k, 1, " site:5 third:1");
	line_close(&l);
	kit_close(&k);
}

/* A feed has room for so many channels for ever: a draft for one more stays inside, and nothing
 * else waits for it. */
static void one_channel_too_many(void **state)
{
	char name[FEED_CHANNELS_MAX][8];
	struct kit_draft full[4], more, next;
	struct kit k;
	struct line l;

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	for (unsigned i = 0; i < 4; i++) {
		struct kit_options o = {.skip = 0};

		for (unsigned c = 0; c < 16; c++) {
			(void)snprintf(name[16 * i + c], sizeof(name[0]), "c-%02u", 16 * i + c);
			o.channels[c] = name[16 * i + c];
		}
		kit_approved(&k, &o, &full[i]);
	}
	kit_approved(&k, &(struct kit_options){.channels = {"one-more", "c-00"}}, &more);
	kit_approved(&k, &(struct kit_options){.channels = {"c-00"}}, &next);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &full[3]), DRAFT_RELEASED);
	assert_int_equal(kit_state(&k, &more), DRAFT_HELD);
	assert_int_equal(kit_state(&k, &next), DRAFT_RELEASED);
	numbered(&k, 1, " c-00:2");
	line_close(&l);
	kit_close(&k);
}

static void recall_takes_everything_away(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft a, b;
	struct unit u = {.files = NULL};

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_approved(&k, &(struct kit_options){.body = "shared"}, &a);
	kit_approved(&k, &(struct kit_options){.body = "shared"}, &b);
	kit_run(&k, &l);
	kit_order(&k, &a, "freeze");
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_FROZEN);
	assert_int_equal(kit_unit(&k, 3, 0, &u), SL_OK);
	assert_string_equal(u.kind, "notice");
	assert_true(removes(&u, a.manifest) && removes(&u, ".attest.intoto.jsonl"));
	/* The other release still needs the bytes. */
	assert_false(removes(&u, a.blob));
	assert_true(carries(&u, ".N-000003.json"));
	/* It overtakes others, so all metadata that its snapshot lists is with it. */
	assert_true(carries(&u, ".rel.json") && carries(&u, ".rel-2026-0000.json") &&
		    carries(&u, ".notice-000000.json") && carries(&u, ".policy.json"));
	unit_release(&u);
	kit_order(&k, &b, "withdraw");
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &b), DRAFT_WITHDRAWN);
	assert_int_equal(kit_unit(&k, 4, 0, &u), SL_OK);
	assert_true(removes(&u, b.blob));
	unit_release(&u);
	assert_int_equal(kit_next_serial(&k), 5);
	line_close(&l);
	kit_close(&k);
}

/* One freezes; two bring it back with the same bytes, or two make it final. */
static void two_decide_about_a_freeze(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft a;
	struct unit u = {.files = NULL};

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_approved(&k, NULL, &a);
	kit_run(&k, &l);
	kit_order(&k, &a, "freeze");
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_FROZEN);
	kit_order_by(&k, &a, "reinstate", KIT_LIAISON, 2);
	kit_run(&k, &l);
	assert_int_equal(kit_next_serial(&k), 3); /* one is not enough */
	kit_order_by(&k, &a, "reinstate", KIT_DESK, 2);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_SENT);
	assert_int_equal(kit_next_serial(&k), 4);
	/* It keeps its place behind what was sent before, and carries all of the release. */
	assert_int_equal(kit_unit(&k, 4, 5, &u), SL_OK);
	assert_true(carries(&u, ".manifest.json") && carries(&u, ".attest.intoto.jsonl") &&
		    carries(&u, a.blob) && carries(&u, ".N-000003.json"));
	assert_int_equal(u.n_removes, 0);
	unit_release(&u);

	kit_order_by(&k, &a, "freeze", KIT_LIAISON, 0);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_FROZEN);
	/* Two who answer the first freeze say nothing about the second one. */
	kit_order_by(&k, &a, "reinstate", KIT_LIAISON, 3);
	kit_order_by(&k, &a, "reinstate", KIT_DESK, 3);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_FROZEN);
	assert_int_equal(kit_next_serial(&k), 5);
	kit_order_by(&k, &a, "confirm", KIT_LEADER, 4);
	kit_order_by(&k, &a, "confirm", KIT_DESK, 4);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_WITHDRAWN);
	assert_int_equal(kit_next_serial(&k), 6);
	line_close(&l);
	kit_close(&k);
}

/* What a correction names must be a release that says so; else nothing is taken down, and
 * nothing else waits for it. */
static void a_correction_needs_its_release(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft a, other, unreleased, next;
	struct order o = {.version = 1, .action = "correct", .pid = "releaser"};

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_approved(&k, NULL, &a);
	kit_approved(&k, NULL, &other);
	kit_run(&k, &l);
	kit_approved(&k, &(struct kit_options){.skip = 4}, &unreleased);
	(void)snprintf(o.release, sizeof(o.release), "%s", a.release);
	(void)snprintf(o.envelope, sizeof(o.envelope), "%s", other.manifest);
	assert_int_equal(store_order_add(k.desk, &o, NULL), SL_OK);
	(void)snprintf(o.envelope, sizeof(o.envelope), "%s", unreleased.manifest);
	assert_int_equal(store_order_add(k.desk, &o, NULL), SL_OK);
	kit_approved(&k, NULL, &next);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &a), DRAFT_RELEASED);
	assert_int_equal(kit_state(&k, &next), DRAFT_RELEASED);
	assert_int_equal(kit_next_serial(&k), 4);
	line_close(&l);
	kit_close(&k);
}

static void what_is_not_approved_any_more_goes_back(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft expired, few, broken, good;
	char path[300];
	int fd;

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_approved(&k, &(struct kit_options){.approvals_end = clock_now() - 1}, &expired);
	kit_approved(&k, &(struct kit_options){.skip = 4}, &few);
	kit_approved(&k, NULL, &broken);
	kit_approved(&k, NULL, &good);
	(void)snprintf(path, sizeof(path), "%s/objects/%.2s/%s", k.c->data, broken.blob,
		       broken.blob);
	(void)chmod(path, 0600);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0 && pwrite(fd, "X", 1, 0) == 1);
	file_close(fd);
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &expired), DRAFT_IN_REVIEW);
	assert_int_equal(kit_state(&k, &few), DRAFT_IN_REVIEW);
	assert_int_equal(kit_state(&k, &broken), DRAFT_HELD);
	assert_int_equal(kit_state(&k, &good), DRAFT_RELEASED);
	assert_int_equal(kit_next_serial(&k), 2);
	line_close(&l);
	kit_close(&k);
}

static void timestamps_are_renewed(void **state)
{
	struct kit k;
	struct line l;
	enum line_step step;
	int64_t now, before;

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_run(&k, &l);
	now = clock_now(); /* not before the timestamp that was just made */
	before = l.repo->snapshot->version;
	/* An hour later: a new timestamp on the same snapshot, without the checker. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(line_step(&l, now + 3601, &step, NULL), SL_OK);
	assert_int_equal(repo_number(l.repo), 2);
	assert_int_equal(l.repo->snapshot->version, before);
	line_close(&l);
	kit_close(&k);
}

/* What has lived half of its life is signed again, what is young stays. */
static void aging_roles_are_renewed(void **state)
{
	struct kit k;
	struct line l;
	struct kit_draft d;
	struct unit u = {.files = NULL};

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_approved(&k, NULL, &d);
	kit_run(&k, &l);
	k.ahead = DELTA_FEED_S / 2 + 60;
	kit_run(&k, &l);
	assert_int_equal(repo_version(l.repo, "feed"), 3);
	assert_int_equal(repo_version(l.repo, "rel-2026-0000"), 1);
	k.ahead = DELTA_SET_S / 2 + 60;
	kit_run(&k, &l);
	assert_int_equal(repo_version(l.repo, "feed"), 4);
	assert_int_equal(repo_version(l.repo, "rel"), 3);
	assert_int_equal(repo_version(l.repo, "rel-2026-0000"), 2);
	assert_int_equal(kit_unit(&k, repo_number(l.repo), 5, &u), SL_OK);
	assert_true(carries(&u, ".rel-2026-0000.json") && !carries(&u, ".manifest.json"));
	unit_release(&u);
	/* A recall long after carries what is new, and of the old only what is recent. */
	k.ahead += 2 * DELTA_FEED_S;
	kit_order(&k, &d, "withdraw");
	kit_run(&k, &l);
	assert_int_equal(kit_state(&k, &d), DRAFT_WITHDRAWN);
	line_close(&l);
	kit_close(&k);
}

static uint64_t log_size(const struct kit *k)
{
	struct tlog_checkpoint c;
	struct buf b;
	size_t len = 0;
	char path[300];

	(void)snprintf(path, sizeof(path), "%s/release/repo/log/checkpoint", k->c->data);
	buf_init(&b, NOTE_MAX);
	assert_int_equal(file_read(AT_FDCWD, path, NOTE_MAX, &b), SL_OK);
	assert_int_equal(tlog_policy_check(k->chain->witness, b.data, b.len, &c, NULL), SL_OK);
	assert_int_equal(note_text(b.data, b.len, &len), SL_OK);
	buf_release(&b);
	return c.size;
}

/* Each refresh anchors the audit log; one that shrank is refused, and time goes on. */
static void the_audit_log_is_anchored(void **state)
{
	struct kit k;
	struct line l;
	int64_t number;

	(void)state;
	kit_open(&k);
	open_line(&k, &l);
	kit_run(&k, &l);
	assert_int_equal(log_size(&k), 2);
	l.anchor.version = 40;
	hash_hex("x", 1, l.anchor.sha256);
	for (unsigned i = 1; i <= 2; i++) {
		k.ahead = i * 3700;
		kit_run(&k, &l);
		assert_int_equal(log_size(&k), 3);
	}
	l.anchored = 0;
	l.anchor.version = 39;
	number = repo_number(l.repo);
	k.ahead = 3 * 3700;
	kit_run(&k, &l);
	assert_true(l.no_anchor);
	k.ahead += LINE_BACKOFF_S + 1;
	kit_run(&k, &l);
	assert_int_equal(repo_number(l.repo), number + 1);
	assert_int_equal(log_size(&k), 3);
	line_close(&l);
	kit_close(&k);
}

/* ---- P19: a log that was signed is never signed otherwise ---- */

static int entry_copy(const char *from, const char *to)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		(void)execlp("cp", "cp", "-a", from, to, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void in_data(const struct kit *k, const char *name, char out[300])
{
	(void)snprintf(out, 300, "%s/%s", k->c->data, name);
}

static void release_one(struct kit *k, struct kit_draft *d)
{
	struct line l;

	open_line(k, &l);
	kit_approved(k, NULL, d);
	kit_run(k, &l);
	assert_int_equal(kit_state(k, d), DRAFT_RELEASED);
	line_close(&l);
}

/* The line stops at its next release with this sentence, and the draft stays approved. */
static void stops(struct kit *k, int want, const char *part)
{
	struct sl_why why = {.text = ""};
	struct kit_draft d;
	enum line_step step;
	struct line l;
	int r = SL_OK;

	kit_approved(k, NULL, &d);
	open_line(k, &l);
	for (int i = 0; i < 5 && r == SL_OK; i++)
		r = line_step(&l, clock_now(), &step, &why);
	if (r != want || strstr(why.text, part) == NULL)
		fail_msg("%s: %s", sl_errname(r), why.text);
	assert_int_equal(kit_state(k, &d), DRAFT_APPROVED);
	line_close(&l);
}

static void p19_restored_backup_signs_nothing(void **state)
{
	char release[300], checker[300], backup[300];
	struct kit k;
	struct kit_draft d;

	(void)state;
	kit_open(&k);
	release_one(&k, &d);
	in_data(&k, "release", release);
	in_data(&k, "checker", checker);
	in_data(&k, "backup", backup);
	assert_int_equal(file_mkdirs(backup, 0700), SL_OK);
	assert_int_equal(entry_copy(release, backup), 0);
	assert_int_equal(entry_copy(checker, backup), 0);
	release_one(&k, &d);
	/* Everything of releaser and checker as it was, but for what no backup has. */
	assert_int_equal(file_remove_tree(AT_FDCWD, release), SL_OK);
	assert_int_equal(file_remove_tree(AT_FDCWD, checker), SL_OK);
	in_data(&k, "backup/release", backup);
	assert_int_equal(entry_copy(backup, release), 0);
	in_data(&k, "backup/checker", backup);
	assert_int_equal(entry_copy(backup, checker), 0);
	stops(&k, SL_E_STATE, "this is an old copy");
	in_data(&k, "log-signed/checkpoint", release);
	assert_int_equal(unlink(release), 0);
	stops(&k, SL_E_STATE, "DATA/log-signed/checkpoint is missing");
	kit_close(&k);
}

static void p19_flipped_bit_signs_nothing(void **state)
{
	static const char *const paths[] = {"release/repo/log/tile/0/000.p/3",
					    "release/repo/log/tile/entries/000.p/3"};
	struct kit k;
	struct kit_draft d;
	char path[300];
	uint8_t byte;

	(void)state;
	kit_open(&k);
	release_one(&k, &d);
	for (unsigned i = 0; i < 2; i++) {
		int fd;

		in_data(&k, paths[i], path);
		fd = open(path, O_RDWR | O_CLOEXEC);
		assert_true(fd >= 0 && pread(fd, &byte, 1, 40) == 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, 40), 1);
		stops(&k, SL_E_CORRUPT, "not those of the last signed checkpoint");
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, 40), 1);
		file_close(fd);
	}
	/* Put right, it goes on. */
	release_one(&k, &d);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_unit_is_the_repository),
		cmocka_unit_test(releases_go_out_in_one_batch),
		cmocka_unit_test(channels_are_numbered),
		cmocka_unit_test(one_channel_too_many),
		cmocka_unit_test(recall_takes_everything_away),
		cmocka_unit_test(two_decide_about_a_freeze),
		cmocka_unit_test(a_correction_needs_its_release),
		cmocka_unit_test(what_is_not_approved_any_more_goes_back),
		cmocka_unit_test(timestamps_are_renewed),
		cmocka_unit_test(aging_roles_are_renewed),
		cmocka_unit_test(the_audit_log_is_anchored),
		cmocka_unit_test(p19_restored_backup_signs_nothing),
		cmocka_unit_test(p19_flipped_bit_signs_nothing),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
