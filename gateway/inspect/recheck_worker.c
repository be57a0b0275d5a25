/* recheck_worker.c - the background of the inspector. */
#include "inspect/recheck_worker.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/slot.h"
#include "sandbox/role.h"
#include "store/recheck.h"

enum { LOOK_MS = 60000, LATER_MS = 2000, SOON_MS = 200, EAGER_MS = 120000 };

void recheck_worker_init(struct recheck_worker *w, const char *data, int run)
{
	memset(w, 0, sizeof(*w));
	w->data = data;
	w->run = run;
}

static bool moved(struct timespec *seen, const char *data, const char *kind)
{
	struct timespec t = slot_changed(data, kind);
	bool yes = t.tv_sec != seen->tv_sec || t.tv_nsec != seen->tv_nsec;

	*seen = t;
	return yes;
}

/* For `sluiced status`, which opens no database. */
static void show(struct recheck_worker *w, const struct verdict_bench *b)
{
	struct recheck_progress p;
	uint64_t now;

	if (store_recheck_progress(b->store, &p) != SL_OK)
		return;
	now = p.left * 1000003 + p.alerts * 10007 + p.total * 101 + (uint64_t)p.since;
	if (w->once && now == w->shown)
		return;
	w->shown = now;
	w->once = true;
	role_status(w->run, "reinspection.json",
		    json_pack("{s:s,s:I,s:I,s:I,s:I}", "basis", p.basis, "since",
			      (json_int_t)p.since, "total", (json_int_t)p.total, "left",
			      (json_int_t)p.left, "alerts", (json_int_t)p.alerts));
}

/* The filters say themselves what they go by; a file that changed only says when to ask. */
static int look(struct recheck_worker *w, const struct verdict_bench *b)
{
	char basis[RECHECK_BASIS_MAX];
	uint64_t queued = 0;
	bool is_new = false;
	int64_t now = clock_mono_ms();
	bool changed = moved(&w->rules, w->data, "policies");
	int r;

	changed = moved(&w->signatures, w->data, "antivirus") || changed;
	if (!changed && now < w->next_look)
		return SL_OK;
	/* A filter may still be loading what came into force: then the old answer comes once
	 * more, so it is asked again soon. */
	if (changed)
		w->eager = now + EAGER_MS;
	w->next_look = now + (now < w->eager ? LATER_MS : LOOK_MS);
	r = again_case_basis(b, basis, sizeof(basis));
	if (r != SL_OK) {
		w->next_look = now + SOON_MS;
		return r;
	}
	r = store_recheck_begin(b->store, basis, "inspector", &is_new, &queued);
	if (r != SL_OK)
		log_warn("recheck.basis", "not recorded: %s", sl_errname(r));
	if (!is_new)
		return r;
	w->eager = 0;
	log_info("recheck.basis", "basis=%s queued=%llu", log_q(basis),
		 (unsigned long long)queued);
	return SL_OK;
}

static int again(struct recheck_worker *w, const struct verdict_bench *b)
{
	struct sl_why why = {""};
	struct draft d = {0};
	int r = store_recheck_next(b->store, &d);

	if (r != SL_OK)
		return r;
	r = again_case_run(b, &d, &why);
	if (r == SL_OK)
		r = store_recheck_done(b->store, &d);
	else if (r == SL_E_EXPIRED || r == SL_E_CANCELED || r == SL_E_UNREACHABLE)
		w->next_case = clock_mono_ms() + SOON_MS; /* stays in the queue */
	else {
		/* Whoever waits behind it must not wait for ever. */
		log_err("recheck", "draft=%s error=%s why=%s", d.id, sl_errname(r),
			log_q(why_text(&why, r)));
		w->next_case = clock_mono_ms() + LATER_MS;
		r = store_recheck_done(b->store, &d);
	}
	draft_release(&d);
	return r;
}

int recheck_worker_step(struct recheck_worker *w, const struct verdict_bench *b)
{
	int r = look(w, b);

	if (r != SL_OK)
		return r == SL_E_EXPIRED ? r : SL_E_NOTFOUND;
	r = SL_E_NOTFOUND;
	if (clock_mono_ms() >= w->next_case)
		r = again(w, b);
	show(w, b);
	return r;
}
