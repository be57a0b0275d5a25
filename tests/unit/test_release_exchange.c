/* test_release_exchange.c - the custodians exchange the keys of releaser and checker while a
 * case is under way, wherever it was interrupted.
 *
 * What nobody has signed is built again under the new keys; what was signed is finished with
 * the old ones, which are there as `.old`, or the operator is told to put them back.  At every
 * instant all that is published verifies under the targets.json that is published with it. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "killer.h"
#include "link/unit.h"
#include "release_kit.h"
#include "trust/tuf_writer.h"

enum { CALLS_MAX = 4000, STEPS = 50, DAY = 86400 };

/* ---- the custodians and the operator ---- */

static const char *const holders[] = {"releaser", "checker"};
static const char *const uses[] = {"rel", "feed"};

static void in_keys(const struct kit *k, unsigned holder, unsigned use, const char *end,
		    char out[300])
{
	(void)snprintf(out, 300, "%s/keys/%s/%s%s", k->dir, holders[holder], uses[use], end);
}

/* 2.targets.json, in which only the keys for rel and feed are others. */
static void sign_targets(struct kit *k, struct key *fresh[2][2])
{
	struct tuf_role *role = calloc(3, sizeof(*role));
	struct tuf_role_spec spec[3];
	json_t *body, *envelope;
	char path[300];
	struct buf b;

	assert_non_null(role);
	for (unsigned u = 0; u < 2; u++) {
		assert_int_equal(
			tuf_role_of_targets(k->chain->targets, uses[u], &role[u], NULL), SL_OK);
		for (unsigned h = 0; h < 2; h++)
			memcpy(role[u].keys[h], key_public(fresh[h][u]), KEY_PUBLIC);
	}
	assert_int_equal(tuf_role_of_targets(k->chain->targets, "policy", &role[2], NULL),
			 SL_OK);
	for (unsigned i = 0; i < 3; i++) {
		const struct tuf_role *r = &role[i];

		spec[i] = (struct tuf_role_spec){.name = r->name,
						 .threshold = r->threshold,
						 .keys = r->keys,
						 .n_keys = r->n_keys};
	}
	body = tuf_targets_body(2, clock_now() + 300 * DAY, &spec[2], &spec[1], &spec[0]);
	envelope = tuf_envelope_new(body);
	for (unsigned i = 1; i <= 2; i++) {
		struct key *custodian = NULL;

		(void)snprintf(path, sizeof(path), "%s/keys/custodians/targets-%u", k->dir, i);
		assert_int_equal(key_load(path, KEY_TUF_TARGETS, NULL, &custodian, NULL),
				 SL_OK);
		assert_int_equal(tuf_add_signature(envelope, custodian), SL_OK);
		key_free(custodian);
	}
	buf_init(&b, TUF_TARGETS_MAX);
	assert_int_equal(json_canonical(envelope, &b), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/metadata/2.targets.json", k->c->repository);
	assert_int_equal(file_write_durable(AT_FDCWD, path, b.data, b.len, 0644), SL_OK);
	buf_release(&b);
	json_decref(envelope);
	json_decref(body);
	free(role);
}

static void rename_keys(struct kit *k, const char *from, const char *to)
{
	char a[300], b[300];

	for (unsigned h = 0; h < 2; h++) {
		for (unsigned u = 0; u < 2; u++) {
			in_keys(k, h, u, from, a);
			in_keys(k, h, u, to, b);
			assert_int_equal(rename(a, b), 0);
		}
	}
}

static void drop_public(struct kit *k)
{
	char path[300];

	for (unsigned h = 0; h < 2; h++) {
		for (unsigned u = 0; u < 2; u++) {
			in_keys(k, h, u, ".pub", path);
			assert_int_equal(unlink(path), 0);
		}
	}
}

/* New keys in rel and feed; what was there goes to rel`old` and feed`old`. */
static void exchange_files(struct kit *k, struct key *fresh[2][2], const char *old)
{
	char path[300];

	rename_keys(k, "", old);
	drop_public(k);
	for (unsigned h = 0; h < 2; h++) {
		for (unsigned u = 0; u < 2; u++) {
			in_keys(k, h, u, "", path);
			assert_int_equal(key_write(fresh[h][u], path, NULL), SL_OK);
		}
	}
}

static void make_keys(struct key *fresh[2][2])
{
	static const enum key_use use[] = {KEY_TUF_REL, KEY_TUF_FEED};

	for (unsigned h = 0; h < 2; h++) {
		for (unsigned u = 0; u < 2; u++)
			assert_int_equal(key_generate(use[u], NULL, &fresh[h][u]), SL_OK);
	}
}

static void free_keys(struct key *fresh[2][2])
{
	for (unsigned h = 0; h < 2; h++) {
		for (unsigned u = 0; u < 2; u++)
			key_free(fresh[h][u]);
	}
}

/* The checker's next start. */
static void reload(struct kit *k)
{
	struct sl_why why = {.text = ""};

	signers_release(&k->checker);
	if (signers_load(k->c->keys.checker, &k->checker, &why) != SL_OK)
		fail_msg("%s", why.text);
}

/* ---- the gateway ---- */

static void open_line(struct kit *k, struct line *l)
{
	struct sl_why why = {.text = ""};

	if (line_open(k->c, l, &why) != SL_OK)
		fail_msg("%s", why.text);
}

/* A release in a child that dies before its call number `calls`; false: it was finished. */
static bool killed(struct kit *k, long calls)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct line l;
		enum line_step step = LINE_DID;

		killer_after(calls);
		if (line_open(k->c, &l, NULL) != SL_OK)
			_exit(1);
		for (int i = 0; i < STEPS && step != LINE_IDLE; i++) {
			if (line_step(&l, clock_now(), &step, NULL) != SL_OK)
				_exit(2);
			if (step == LINE_WAITS)
				(void)kit_check(k);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
					: WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status);
}

/* Every role that the snapshot lists counts by the targets.json that it lists. */
static void all_verifies(const struct line *l)
{
	struct delta_keys *keys = calloc(1, sizeof(*keys));
	struct tuf_meta *targets = NULL;
	struct sl_why why = {.text = ""};
	const char *file;
	json_t *entry;

	assert_non_null(keys);
	assert_int_equal(repo_role(l->repo, "targets", &targets, &why), SL_OK);
	assert_int_equal(delta_keys_load(targets, keys, &why), SL_OK);
	tuf_free(targets);
	json_object_foreach((json_t *)(uintptr_t)json_obj(l->repo->snapshot->body, "meta"),
			    file, entry)
	{
		struct tuf_meta *m = NULL;
		char role[64];

		if (strcmp(file, "targets.json") == 0 || strcmp(file, "policy.json") == 0)
			continue;
		(void)snprintf(role, sizeof(role), "%.*s", (int)strcspn(file, "."), file);
		assert_int_equal(repo_role(l->repo, role, &m, &why), SL_OK);
		if (tuf_verify(m, delta_keys_of(keys, role), &why) != SL_OK)
			fail_msg("case %lld: %s: %s", (long long)repo_number(l->repo), role,
				 why.text);
		tuf_free(m);
	}
	free(keys);
}

/* Until nothing is left to do; 0, or what the releaser or the checker says. */
static int work_on(struct kit *k, struct sl_why *why)
{
	enum line_step step = LINE_DID;
	struct line l;
	int r = SL_OK;

	open_line(k, &l);
	for (int i = 0; i < STEPS && step != LINE_IDLE && r == SL_OK; i++) {
		why->text[0] = '\0';
		r = line_step(&l, clock_now(), &step, why);
		if (r == SL_OK && l.repo != NULL)
			all_verifies(&l);
		if (r == SL_OK && step == LINE_WAITS && kit_check(k) == SL_E_CONFIG)
			r = SL_E_CONFIG;
	}
	line_close(&l);
	return r;
}

struct world {
	struct kit k;
	struct kit_draft d;
	struct key *fresh[2][2];
};

/* The repository is there, a draft is approved, and the custodians have signed new keys. */
static void enter(struct world *w)
{
	struct sl_why why = {.text = ""};

	memset(w, 0, sizeof(*w));
	kit_open_below(&w->k, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_int_equal(work_on(&w->k, &why), SL_OK);
	kit_approved(&w->k, NULL, &w->d);
	make_keys(w->fresh);
}

/* Released once, and all of it signed with the new keys, in two cases. */
static void leave(struct world *w)
{
	struct unit u = {.files = NULL};
	struct sl_why why = {.text = ""};
	enum line_step step;
	struct line l;

	open_line(&w->k, &l);
	assert_int_equal(line_step(&l, clock_now(), &step, &why), SL_OK);
	assert_int_equal(step, LINE_IDLE);
	assert_int_equal(l.repo->targets, 2);
	assert_int_equal(repo_number(l.repo), 3);
	all_verifies(&l);
	line_close(&l);
	assert_int_equal(kit_state(&w->k, &w->d), DRAFT_RELEASED);
	assert_int_equal(kit_next_serial(&w->k), 2);
	for (int64_t n = 1; n <= 3; n++) {
		assert_int_equal(kit_unit(&w->k, n, 5, &u), SL_OK);
		unit_release(&u);
	}
	free_keys(w->fresh);
	kit_close(&w->k);
}

/* The guide's way: the old files stay beside the new ones as `.old`. */
static void finds_its_own_way(void **state)
{
	bool more = true;

	(void)state;
	for (long n = 0; more; n += 3) {
		struct sl_why why = {.text = ""};
		struct world w;

		enter(&w);
		more = killed(&w.k, n);
		sign_targets(&w.k, w.fresh);
		exchange_files(&w.k, w.fresh, ".old");
		reload(&w.k);
		if (work_on(&w.k, &why) != SL_OK)
			fail_msg("killed before call %ld: %s", n, why.text);
		leave(&w);
		assert_true(n < CALLS_MAX && (more || n > 100));
	}
}

/* Without them nothing is published that does not verify, and the way back is told. */
static void asks_for_the_old_keys(void **state)
{
	unsigned alone = 0, asked = 0;
	bool more = true;

	(void)state;
	for (long n = 0; more; n += 7) {
		struct sl_why why = {.text = ""};
		struct world w;
		int r;

		enter(&w);
		more = killed(&w.k, n);
		sign_targets(&w.k, w.fresh);
		exchange_files(&w.k, w.fresh, ".safe");
		reload(&w.k);
		r = work_on(&w.k, &why);
		if (r == SL_OK) {
			alone++;
		} else {
			assert_int_equal(r, SL_E_CONFIG);
			/* Where the checker has the word, its log has it. */
			assert_true(why.text[0] == '\0' ||
				    strstr(why.text, "put it beside the new one as rel.old") !=
					    NULL);
			assert_int_equal(kit_state(&w.k, &w.d), DRAFT_APPROVED);
			rename_keys(&w.k, ".safe", ".old");
			reload(&w.k);
			if (work_on(&w.k, &why) != SL_OK)
				fail_msg("killed before call %ld: %s", n, why.text);
			asked++;
		}
		leave(&w);
		assert_true(n < CALLS_MAX && (more || n > 100));
	}
	assert_true(alone > 5 && asked > 5);
}

/* New targets.json while the old keys are at work: what was begun is finished, nothing else is
 * begun, and the operator is told. */
static void waits_for_the_new_keys(void **state)
{
	bool more = true;

	(void)state;
	for (long n = 0; more; n += 7) {
		struct sl_why why = {.text = ""};
		struct world w;

		enter(&w);
		more = killed(&w.k, n);
		sign_targets(&w.k, w.fresh);
		assert_int_equal(work_on(&w.k, &why), SL_E_CONFIG);
		if (strstr(why.text, "names no key of ours for rel") == NULL)
			fail_msg("killed before call %ld: %s", n, why.text);
		exchange_files(&w.k, w.fresh, ".old");
		reload(&w.k);
		if (work_on(&w.k, &why) != SL_OK)
			fail_msg("killed before call %ld: %s", n, why.text);
		leave(&w);
		assert_true(n < CALLS_MAX && (more || n > 100));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_its_own_way),
		cmocka_unit_test(asks_for_the_old_keys),
		cmocka_unit_test(waits_for_the_new_keys),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
