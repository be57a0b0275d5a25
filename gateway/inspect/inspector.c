/* inspector.c - the role that takes waiting drafts, has them inspected and signs the outcome.
 *
 * It reads reports, never documents; it holds the inspection key and no other.
 * Each worker has its own store and its own connections to the filters, so that
 * a large draft never delays a short one beyond its share of the machine.  Drafts with
 * pictures have workers and a queue of their own: to draw a page and to read it takes
 * seconds, and a text never waits for that.  One of these also inspects again what waits
 * or is public, when rules or signatures have changed. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "inspect/fix_case.h"
#include "inspect/in_force.h"
#include "inspect/recheck_worker.h"
#include "inspect/verdict_case.h"
#include "inspect/waivers.h"
#include "sandbox/role.h"

enum {
	POLL_MS = 1000,
	WORKERS_MAX = 16,
	RETRY_MS = 2000,
	RENEW_MS = 50,
	RENEW_MAX_MS = 30000,
	EVERY = 16
};

struct inspector {
	struct gateway_config *config;
	struct key *signer;
	struct in_force *rules; /* texts, severities and digest; shared by the workers */
	char filters[3072], bell[3072];
	int run;		/* DATA/run */
	atomic_flag recheck;	/* taken by the worker that also inspects again */
	pthread_mutex_t noting; /* one worker at a time writes run/pictures.json */
	char noted[64];
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
		r = in_force_open(in->config, &in->rules, why);
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
	if (r == SL_OK) {
		in->run = role_directory(in->config->data, "run", why);
		r = in->run < 0 ? in->run : SL_OK;
	}
	in->bench.signer = in->signer;
	in->bench.bell = in->bell;
	in->bench.data = in->config != NULL ? in->config->data : NULL;
	return r;
}

static int close_in(struct inspector *in, struct sl_why *why)
{
	struct role_paths paths = {.n = 0};

	role_path(&paths, in->config->data, true, false);
	role_path(&paths, in->config->policies, false, true);
	/* A newer approval policy says whose signatures under rules and suppressions count. */
	role_path(&paths, in->config->repository, false, true);
	role_path(&paths, in->config->approval_policy, false, true);
	return role_sandbox("inspector", &paths, &in->config->sandbox.optional, why);
}

/* For `sluiced status`, which has no store: how many drafts with pictures wait, and how
 * many are being read. */
static void note_queue(struct inspector *in, struct store *s)
{
	uint64_t waiting = 0, reading = 0;
	char text[sizeof(in->noted)];

	(void)pthread_mutex_lock(&in->noting);
	if (store_seeing_counts(s, &waiting, &reading) == SL_OK) {
		(void)snprintf(text, sizeof(text),
			       "{\"waiting\":%" PRIu64 ",\"reading\":%" PRIu64 "}\n", waiting,
			       reading);
		if (strcmp(text, in->noted) != 0 &&
		    file_write_durable(in->run, "pictures.json", text, strlen(text), 0600) ==
			    SL_OK)
			memcpy(in->noted, text, sizeof(text));
	}
	(void)pthread_mutex_unlock(&in->noting);
}

struct worker { /* one thread */
	struct inspector *in;
	bool sees; /* reads pages and pictures */
	pthread_t thread;
	struct verdict_bench bench;
	const struct policy *policy; /* held */
	struct waivers *waivers;
};

/* Go by the rules in force from now on. */
static int renew(struct worker *w)
{
	const struct policy *p = in_force_hold(w->in->rules);
	struct inspect *next = NULL;
	int r = SL_OK;

	if (p != w->policy)
		r = inspect_open(w->in->filters, p, w->in->config->limits.inspect_seconds,
				 &next);
	if (r != SL_OK || next == NULL) {
		in_force_drop(w->in->rules, p);
		return r;
	}
	inspect_set_see(next, w->sees ? INSPECT_SEE_NOW : INSPECT_SEE_LATER,
			w->in->config->limits.see_seconds);
	inspect_close(w->bench.inspect);
	w->bench.inspect = next; /* moved */
	in_force_drop(w->in->rules, w->policy);
	w->policy = p;
	w->bench.rules = policy_digest(p);
	w->bench.policy = p;
	return SL_OK;
}

/* What was put in force meanwhile, by this worker or another. */
static int follow(struct worker *w, struct sl_why *why)
{
	int r = renew(w);

	return r == SL_OK ? waivers_now(w->waivers, w->bench.store,
					w->in->config->approval_policy, &w->bench.waivers, why)
			  : r;
}

/* The match filter has other rules: it was renewed, and so are we.  Not before it was, so
 * that drafts go on under the old rules while the new ones are loaded. */
static int look_for_rules(struct worker *w)
{
	struct sl_why why = {""};
	bool changed = false;
	int r = in_force_renew(w->in->rules, &changed, &why);

	if (r != SL_OK)
		log_err("rules.refused", "error=%s why=%s", sl_errname(r),
			log_q(why_text(&why, r)));
	if (changed)
		log_info("rules.in-force", "previous=%u", policy_version(w->policy));
	return follow(w, &why);
}

/* The draft in hand, again while filter and inspector go by different rules. */
static int judge(struct worker *w, const struct draft *d, struct draft *next,
		 struct sl_why *why)
{
	struct timespec pause = {.tv_nsec = RENEW_MS * 1000000L};
	int64_t deadline = clock_mono_ms() + RENEW_MAX_MS;
	int r;

	w->bench.note = NULL;
	for (;;) {
		w->bench.patient = clock_mono_ms() < deadline && !role_stopping();
		r = verdict_case_run(&w->bench, d, next, why);
		if (r != SL_E_EXPIRED || !w->bench.patient) {
			w->bench.patient = true;
			return r;
		}
		(void)nanosleep(&pause, NULL); /* the other one is about to be renewed */
		r = look_for_rules(w);
		if (r != SL_OK)
			return r;
	}
}

/* One draft, if there is one: `next` when one is claimed already, which is taken; another
 * may be claimed there with its outcome.  SL_E_NOTFOUND: nothing waits. */
static int take_one(struct worker *w, struct draft *next)
{
	struct sl_why why = {""};
	struct draft d = *next;
	int r = follow(w, &why);

	if (r != SL_OK)
		return r;
	*next = (struct draft){.number = 0}; /* moved */
	if (d.number == 0)
		r = store_draft_claim(w->bench.store, "inspector", w->sees, &d);
	if (r != SL_OK)
		return r;
	if (w->sees)
		note_queue(w->in, w->bench.store);
	r = judge(w, &d, next, &why);
	note_queue(w->in, w->bench.store);
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

static int open_worker(struct worker *k, struct wake **ret_w, struct sl_why *why)
{
	const struct inspector *in = k->in;
	int r;

	k->bench = in->bench;
	k->bench.sees = k->sees;
	r = store_open(in->config->data, STORE_INSPECTOR, &k->bench.store, why);
	if (r == SL_OK)
		r = renew(k);
	if (r == SL_OK)
		r = waivers_new(&k->waivers);
	if (r == SL_OK)
		r = wake_new(ret_w);
	if (r == SL_OK)
		r = wake_watch(*ret_w, in->bell);
	return r;
}

/* New drafts first; but where they never end, what was found in public must not wait for
 * ever. */
static int take_turn(struct worker *k, struct recheck_worker *again, struct draft *next,
		     unsigned *turn)
{
	int r = SL_E_NOTFOUND;

	if (again == NULL)
		return take_one(k, next);
	if (++*turn % EVERY != 0)
		r = take_one(k, next);
	if (r == SL_E_NOTFOUND)
		r = recheck_worker_step(again, &k->bench);
	if (r == SL_E_EXPIRED)
		r = look_for_rules(k);
	return r == SL_E_NOTFOUND && *turn % EVERY == 0 ? take_one(k, next) : r;
}

static void *worker(void *arg)
{
	struct worker *k = arg;
	struct inspector *in = k->in;
	struct recheck_worker again;
	bool rechecks = k->sees && !atomic_flag_test_and_set(&in->recheck);
	unsigned turn = 0;
	struct sl_why why = {""};
	struct draft next = {.number = 0};
	struct wake *w = NULL;
	int r = open_worker(k, &w, &why);

	if (r != SL_OK)
		log_err("worker", "error=%s why=%s", sl_errname(r), log_q(why.text));
	recheck_worker_init(&again, in->config->data, in->run);
	k->bench.patient = true;
	while (r == SL_OK && !role_stopping()) {
		int one = take_turn(k, rechecks ? &again : NULL, &next, &turn);
		int fixed = fix_one(in, &k->bench);

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
	inspect_close(k->bench.inspect);
	in_force_drop(in->rules, k->policy);
	waivers_free(k->waivers);
	store_close(k->bench.store);
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

static unsigned start_workers(struct inspector *in, bool sees, unsigned n,
			      struct worker *workers)
{
	unsigned started = 0;

	n = n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : n;
	for (; started < n; started++) {
		struct worker *k = &workers[started];

		*k = (struct worker){.in = in, .sees = sees};
		if (pthread_create(&k->thread, NULL, worker, k) != 0)
			break;
	}
	return started;
}

static int run_workers(struct inspector *in)
{
	struct worker workers[2 * WORKERS_MAX];
	unsigned n = start_workers(in, false, in->config->limits.workers, workers);
	unsigned seeing = start_workers(in, true, in->config->limits.see_workers, workers + n);

	process_say_ready();
	log_info("ready", "workers=%u see_workers=%u", n, seeing);
	for (unsigned i = 0; i < n + seeing; i++)
		(void)pthread_join(workers[i].thread, NULL);
	return n > 0 && seeing > 0 ? SL_OK : SL_E_NOMEM;
}

static int inspector_main(const char *config, struct sl_why *why)
{
	struct inspector in = {
		.run = -1, .recheck = ATOMIC_FLAG_INIT, .noting = PTHREAD_MUTEX_INITIALIZER};
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
	in_force_close(in.rules);
	file_close(in.run);
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
