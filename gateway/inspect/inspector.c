/* inspector.c - the role that takes waiting drafts, has them inspected and signs the outcome.
 *
 * It reads reports, never documents; it holds the inspection key and no other.
 * Each worker has its own store and its own connections to the filters, so that
 * a large draft never delays a short one beyond its share of the machine. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "inspect/fix_case.h"
#include "inspect/verdict_case.h"
#include "sandbox/role.h"

enum { POLL_MS = 1000, WORKERS_MAX = 16, RETRY_MS = 2000 };

struct inspector {
	struct gateway_config *config;
	struct key *signer;
	struct policy *policy; /* texts, severities and digest; shared by the workers */
	char filters[3072], bell[3072];
	struct verdict_bench bench; /* store and inspect are per worker */
};

static int load_officers(struct inspector *in, struct sl_why *why)
{
	const struct config_list *l = &in->config->keys.seal;

	if (l->n > CASE_OFFICERS_MAX)
		return why_set(why, SL_E_LIMIT, "at most %d seal keys", CASE_OFFICERS_MAX);
	for (unsigned i = 0; i < l->n; i++) {
		enum key_use use;
		int r = key_read_public(l->item[i], in->bench.officers[i], &use, why);

		if (r == SL_OK && use != KEY_SEAL)
			r = why_set(why, SL_E_CONFIG, "%s is not a seal key", l->item[i]);
		if (r != SL_OK)
			return r;
	}
	in->bench.n_officers = l->n;
	return SL_OK;
}

static int load(struct inspector *in, const char *path, struct sl_why *why)
{
	int r = crypto_start();

	if (r == SL_OK)
		r = config_gateway_load(path, &in->config, why);
	if (r == SL_OK)
		r = key_load(in->config->keys.inspector, KEY_DSSE_INSPECTOR, NULL, &in->signer,
			     why);
	if (r == SL_OK)
		r = policy_load_texts(in->config->policies, &in->policy, why);
	if (r == SL_OK)
		r = load_officers(in, why);
	if (r == SL_OK)
		r = file_join(in->filters, sizeof(in->filters), in->config->data,
			      "run/filters");
	if (r == SL_OK)
		r = file_join(in->bell, sizeof(in->bell), in->config->data,
			      "run/wake/inspector");
	if (r == SL_OK)
		r = file_mkdirs(in->bell, 0700);
	in->bench.signer = in->signer;
	in->bench.data = in->config != NULL ? in->config->data : NULL;
	in->bench.escalate = "C";
	in->bench.rules = in->policy != NULL ? policy_digest(in->policy) : NULL;
	return r;
}

static int close_in(struct inspector *in, struct sl_why *why)
{
	struct role_paths paths = {.n = 0};

	role_path(&paths, in->config->data, true, false);
	role_path(&paths, in->config->policies, false, false);
	return role_sandbox("inspector", &paths, &in->config->sandbox.optional, why);
}

/* One draft, if there is one: `next` when one is claimed already, which is taken; another
 * may be claimed there with its outcome.  SL_E_NOTFOUND: nothing waits. */
static int take_one(const struct verdict_bench *b, struct draft *next)
{
	struct sl_why why = {""};
	struct draft d = *next;
	int r = SL_OK;

	*next = (struct draft){.number = 0}; /* moved */
	if (d.number == 0)
		r = store_draft_claim(b->store, "inspector", &d);
	if (r != SL_OK)
		return r;
	r = verdict_case_run(b, &d, next, &why);
	if (r != SL_OK && r != SL_E_CANCELED)
		log_err("inspection", "draft=%s error=%s why=%s", d.id, sl_errname(r),
			log_q(why.text));
	draft_release(&d);
	return r;
}

/* One cleaned copy that an author waits for, if there is one.  SL_E_NOTFOUND: none. */
static int fix_one(const struct inspector *in, const struct verdict_bench *b)
{
	const struct fix_bench f = {.store = b->store,
				    .socket_dir = in->filters,
				    .seconds = in->config->limits.inspect_seconds};
	struct sl_why why = {""};
	int r = fix_case_run(&f, &why);

	if (r != SL_OK && r != SL_E_NOTFOUND && r != SL_E_CANCELED)
		log_err("fix", "error=%s why=%s", sl_errname(r), log_q(why.text));
	return r;
}

static int open_worker(const struct inspector *in, struct verdict_bench *b, struct wake **ret_w,
		       struct sl_why *why)
{
	int r;

	*b = in->bench;
	r = store_open(in->config->data, STORE_INSPECTOR, &b->store, why);
	if (r == SL_OK)
		r = inspect_open(in->filters, in->policy, in->config->limits.inspect_seconds,
				 &b->inspect);
	if (r == SL_OK)
		r = wake_new(ret_w);
	if (r == SL_OK)
		r = wake_watch(*ret_w, in->bell);
	return r;
}

static void *worker(void *arg)
{
	const struct inspector *in = arg;
	struct verdict_bench b;
	struct sl_why why = {""};
	struct draft next = {.number = 0};
	struct wake *w = NULL;
	int r = open_worker(in, &b, &w, &why);

	if (r != SL_OK)
		log_err("worker", "error=%s why=%s", sl_errname(r), log_q(why.text));
	while (r == SL_OK && !role_stopping()) {
		int one = take_one(&b, &next), fixed = fix_one(in, &b);

		if (one == SL_E_CORRUPT && store_is_damaged(in->config->data)) {
			log_err("worker", "the database is damaged");
			r = one;
			break;
		}
		/* What could not be finished stays INSPECTING, is logged, and is taken up
		 * again at the next start; it must not block the drafts behind it. */
		if (one != SL_OK && fixed != SL_OK)
			(void)wake_wait(w, one == SL_E_NOTFOUND ? POLL_MS : RETRY_MS);
	}
	draft_release(&next); /* stays INSPECTING for the next start */
	wake_free(w);
	inspect_close(b.inspect);
	store_close(b.store);
	/* A worker that cannot work must not leave a process that looks alive. */
	if (r != SL_OK)
		exit(1);
	return NULL;
}

static int requeue(const struct inspector *in, struct sl_why *why)
{
	struct store *s = NULL;
	int r = store_open(in->config->data, STORE_INSPECTOR, &s, why);

	if (r == SL_OK)
		r = store_draft_requeue(s, "inspector");
	if (r == SL_OK)
		r = store_fix_requeue(s);
	store_close(s);
	return r;
}

static int run_workers(struct inspector *in)
{
	pthread_t thread[WORKERS_MAX];
	unsigned n = in->config->limits.workers, started = 0;

	n = n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : n;
	while (started < n && pthread_create(&thread[started], NULL, worker, in) == 0)
		started++;
	process_say_ready();
	log_info("ready", "workers=%u", started);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(thread[i], NULL);
	return started == n ? SL_OK : SL_E_NOMEM;
}

static int inspector_main(const char *config, struct sl_why *why)
{
	struct inspector in = {.config = NULL};
	int r;

	role_signals();
	r = load(&in, config, why);
	if (r == SL_OK)
		r = close_in(&in, why);
	if (r == SL_OK)
		r = requeue(&in, why);
	if (r == SL_OK)
		r = run_workers(&in);
	key_free(in.signer);
	policy_free(in.policy);
	config_gateway_free(in.config);
	return r;
}

static int run(const struct cli *c)
{
	return role_run(c, inspector_main, _("the inspector stopped"));
}

int main(int argc, char **argv)
{
	return role_main(
		"sluice-inspector",
		N_("Has waiting drafts inspected by the filters and signs the outcome."), run,
		argc, argv);
}
