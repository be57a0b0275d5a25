/* checker.c - sluice-checker: proves each case a second time, with its own keys and memory.
 *
 * Acquires three keys and its memory in DATA/checker; then it can read the custodians'
 * signed files and write into DATA/release/cases, nothing else: no store, no
 * network.  The releaser is a stranger to it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "release/verify.h"
#include "sandbox/role.h"

enum { IDLE_MS = 5000, CASES_MAX = 1000, PATH = 4096, REASON_MAX = 2048 };

struct checker {
	struct chain_source source;
	struct chain *chain;
	struct signers own;
	struct key *witness;
	struct verify_state state;
	int memory_fd, cases_fd;
	char bell[PATH];       /* of the releaser */
	struct sl_why trouble; /* said last; "" when there was none */
};

static int answer(struct checker *k, int case_fd, struct sl_why *why)
{
	const struct verify_keys keys = {.own = &k->own, .witness = k->witness};
	struct casefile_answer a = {.n = 0};
	struct verify_state next = {.n = 0};
	struct buf b;
	int r;

	buf_init(&b, CASEFILE_MAX);
	r = verify_case(case_fd, k->chain, &k->state, &keys, clock_now(), &a, &next, why);
	if (r == SL_OK)
		r = casefile_answer_write(next.number, &a, &b);
	/* Remember before anyone can see the signatures, or a crash could let us sign twice. */
	if (r == SL_OK)
		r = verify_state_save(&k->state, &next);
	if (r == SL_OK)
		r = file_write_durable(case_fd, "checked", b.data, b.len, 0644);
	verify_state_release(&next);
	casefile_answer_release(&a);
	buf_release(&b);
	return r;
}

static void refuse(int case_fd, const char *name, int said, const struct sl_why *why)
{
	json_t *j = json_pack("{s:s,s:s}", "error", sl_errname(said), "reason",
			      why_text(why, said));
	struct buf b;
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, REASON_MAX);
	if (r == SL_OK)
		r = json_compact(j, &b);
	if (r == SL_OK)
		r = file_write_durable(case_fd, "refused", b.data, b.len, 0644);
	log_err("refused", "case=%s error=%s reason=%s", name, sl_errname(said),
		log_q(why_text(why, said)));
	if (r != SL_OK)
		log_err("refused", "case=%s the reason cannot be written: %s", name,
			sl_errname(r));
	json_decref(j);
	buf_release(&b);
}

/* Trouble on this host is no judgement, and neither are files of the custodians that do not
 * fit together: they may be half way installed. */
static bool is_trouble(bool has_chain, int r)
{
	return !has_chain || r == SL_E_IO || r == SL_E_FULL || r == SL_E_NOMEM ||
	       r == SL_E_CONFIG;
}

/* The case waits. One line a cause: the releaser asks every second. */
static void say_trouble(struct checker *k, const char *name, int r, const struct sl_why *why)
{
	if (strcmp(k->trouble.text, why_text(why, r)) == 0)
		return;
	(void)why_set(&k->trouble, r, "%s", why_text(why, r));
	log_err("trouble", "case=%s error=%s reason=%s", name, sl_errname(r),
		log_q(why_text(why, r)));
}

static int see_case(const char *name, void *arg)
{
	struct sl_why why = {.text = ""};
	struct checker *k = arg;
	bool has_chain;
	int64_t number;
	int fd, r;

	if (!casefile_number(name, &number))
		return SL_OK;
	fd = file_open_dir(k->cases_fd, name);
	if (fd < 0)
		return SL_OK; /* finished meanwhile */
	if (!file_exists(fd, "checked") && !file_exists(fd, "refused") &&
	    !file_exists(fd, "ready")) {
		r = chain_renew(&k->source, clock_now(), &k->chain, &why);
		has_chain = r == SL_OK;
		if (has_chain)
			r = answer(k, fd, &why);
		if (r != SL_OK && is_trouble(has_chain, r)) {
			say_trouble(k, name, r, &why); /* look again later */
			goto out;
		}
		k->trouble.text[0] = '\0';
		if (r == SL_OK)
			log_info("checked", "case=%s", name);
		else
			refuse(fd, name, r, &why);
		wake_ring(k->bell);
	}
out:
	file_close(fd);
	return SL_OK;
}

static void loop(struct checker *k, struct wake *w)
{
	while (!role_stopping()) {
		int r = file_each(k->cases_fd, CASES_MAX, see_case, k);

		if (r != SL_OK)
			log_err("cases", "error=%s", sl_errname(r));
		r = wake_wait(w, IDLE_MS);
		if (r < 0)
			log_warn("wake", "error=%s", sl_errname(r));
	}
}

static int load_keys(const struct gateway_config *c, struct checker *k, struct sl_why *why)
{
	char path[PATH];
	int r = signers_load(c->keys.checker, &k->own, why);

	if (r == SL_OK)
		r = file_join(path, sizeof(path), c->keys.checker, "witness");
	return r == SL_OK ? key_load(path, KEY_WITNESS, NULL, &k->witness, why) : r;
}

static int open_places(const struct gateway_config *c, struct checker *k, struct wake **ret_w,
		       struct sl_why *why)
{
	char mine[PATH];
	int r;

	k->memory_fd = role_directory(c->data, "checker", why);
	k->cases_fd = role_directory(c->data, "release/cases", why);
	if (k->memory_fd < 0 || k->cases_fd < 0)
		return SL_E_IO;
	r = verify_state_load(k->memory_fd, &k->state);
	if (r != SL_OK)
		return why_set(
			why, r,
			"%s/checker is damaged or incomplete; it must not be replaced by a "
			"guess",
			c->data);
	r = file_join(mine, sizeof(mine), c->data, "run/wake/checker");
	if (r == SL_OK)
		r = file_join(k->bell, sizeof(k->bell), c->data, "run/wake/releaser");
	if (r == SL_OK)
		r = file_mkdirs(mine, 0700);
	if (r == SL_OK)
		r = file_mkdirs(k->bell, 0700);
	if (r == SL_OK)
		r = wake_new(ret_w);
	return r == SL_OK ? wake_watch(*ret_w, mine) : r;
}

static int confine(const struct gateway_config *c, struct sl_why *why)
{
	struct role_paths paths = {.n = 0};
	char cases[PATH], memory[PATH], wake[PATH];
	int r = file_join(cases, sizeof(cases), c->data, "release/cases");

	if (r == SL_OK)
		r = file_join(memory, sizeof(memory), c->data, "checker");
	if (r == SL_OK)
		r = file_join(wake, sizeof(wake), c->data, "run/wake");
	if (r != SL_OK)
		return r;
	role_path(&paths, cases, true, false);
	role_path(&paths, memory, true, false);
	role_path(&paths, wake, true, false);
	role_path(&paths, c->repository, false, false);
	role_path(&paths, c->trust_root, false, false);
	role_path(&paths, c->approval_policy, false, false);
	return role_sandbox("checker", &paths, &c->sandbox.optional, why);
}

static int checker_main(const char *config, struct sl_why *why)
{
	struct checker k = {.memory_fd = -1, .cases_fd = -1, .trouble = {.text = ""}};
	struct gateway_config *c = NULL;
	struct wake *w = NULL;
	int r = config_gateway_load(config, &c, why);

	role_signals();
	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK)
		r = load_keys(c, &k, why);
	if (r == SL_OK)
		r = open_places(c, &k, &w, why);
	if (r == SL_OK)
		r = confine(c, why);
	if (r == SL_OK) {
		k.source = (struct chain_source){.trust_root = c->trust_root,
						 .repository = c->repository,
						 .approval_policy = c->approval_policy};
		process_say_ready();
		loop(&k, w);
	}
	chain_free(k.chain);
	verify_state_release(&k.state);
	signers_release(&k.own);
	key_free(k.witness);
	wake_free(w);
	file_close(k.memory_fd);
	file_close(k.cases_fd);
	config_gateway_free(c);
	return r;
}

static int run(const struct cli *c)
{
	return role_run(c, checker_main, _("the checker stopped"));
}

int main(int argc, char **argv)
{
	return role_main("sluice-checker",
			 N_("Proves each release a second time and signs beside the releaser, "
			    "or refuses."),
			 run, argc, argv);
}
