/* again_case.c - one draft inspected once more, because rules or signatures changed.
 *
 * Invariants: a draft that waits loses its report only for one with more in it; a public item
 * is never touched, whatever is found: people decide, and are told.  Killed anywhere, the
 * draft is still in the queue, or INSPECTING and done again from the start. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "inspect/again_compare.h"
#include "inspect/verdict_private.h"

enum { REPORT_MAX = 2 << 20, NOTE = 480 };

static int read_report(const struct verdict_bench *b, const char *sha256, json_t **ret_j)
{
	struct buf text;
	int r;

	if (sha256[0] == '\0')
		return SL_OK;
	buf_init(&text, REPORT_MAX);
	r = store_object_get(b->store, sha256, REPORT_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, REPORT_MAX, ret_j);
	buf_wipe(&text);
	return r;
}

/* The last report that people were told of: of a public item that is the last alert's. */
static int old_report(const struct verdict_bench *b, const struct draft *d, json_t **ret_j)
{
	char sha256[65] = "";
	int r = SL_OK;

	if (store_recheck_live(d->state))
		r = store_alert_report(b->store, d, sha256);
	if (r == SL_OK)
		r = read_report(b, sha256[0] != '\0' ? sha256 : d->report, ret_j);
	return r;
}

struct again {
	const struct verdict_bench *b;
	const struct draft *d;
	struct inspect_merged merged; /* of all files, or up to the one that spills */
	struct again_hits hits;
	bool worse; /* it could be published by the old report and not by the new */
};

static int compare(struct again *a)
{
	json_t *old = NULL, *now = NULL;
	bool passed =
		strcmp(a->d->verdict, "clean") == 0 || strcmp(a->d->verdict, "review") == 0;
	int r = old_report(a->b, a->d, &old);

	if (r == SL_OK)
		r = json_parse(a->merged.bytes.data, a->merged.bytes.len, REPORT_MAX, &now);
	if (r == SL_OK)
		r = again_compare(old, now, &a->hits);
	a->worse = passed && a->merged.verdict >= VERDICT_HOLD;
	/* A public item whose last alert said so is no news. */
	if (r == SL_OK && old != NULL && store_recheck_live(a->d->state) &&
	    json_str(old, "verdict") != NULL &&
	    strcmp(json_str(old, "verdict"), verdict_name(a->merged.verdict)) == 0)
		a->worse = false;
	json_decref(old);
	json_decref(now);
	return r;
}

static int alert(const struct again *a)
{
	struct alert x = {.revision = a->d->revision, .time = clock_now()};
	int r = store_object_put(a->b->store, a->merged.bytes.data, a->merged.bytes.len,
				 x.report);

	(void)snprintf(x.draft, sizeof(x.draft), "%s", a->d->id);
	(void)snprintf(x.release, sizeof(x.release), "%s", a->d->release);
	(void)snprintf(x.worst, sizeof(x.worst), "%s", a->hits.worst);
	(void)snprintf(x.rules, sizeof(x.rules), "%s",
		       a->hits.rules[0] != '\0' ? a->hits.rules
						: verdict_name(a->merged.verdict));
	if (r == SL_OK)
		r = store_alert_add(a->b->store, &x);
	if (r == SL_OK)
		log_warn("release.hit", "release=%s worst=%s rules=%s", x.release, x.worst,
			 log_q(x.rules));
	return r;
}

/* Back to INSPECTING, and from there like any other draft. */
static int take_back(const struct again *a, struct sl_why *why)
{
	struct verdict_bench b = *a->b;
	struct draft next = {.number = 0};
	char note[NOTE];
	struct draft_change c = {.actor = "inspector", .reason = note};
	int r;

	(void)snprintf(note, sizeof(note),
		       "inspected again under new rules or signatures: %s%s; approvals given "
		       "before count no more",
		       a->hits.n > 0 ? "new " : "now ",
		       a->hits.n > 0 ? a->hits.rules : verdict_name(a->merged.verdict));
	r = store_move(b.store, a->d->id, a->d->revision, a->d->state, DRAFT_INSPECTING, &c,
		       why);
	if (r == SL_E_CONFLICT) /* a person or the releaser was faster: looked at once more */
		return SL_E_EXPIRED;
	b.note = note;
	b.patient = true;
	b.single = true;
	if (r == SL_OK)
		r = verdict_case_run(&b, a->d, &next, why);
	/* Not judged: it goes back to those that wait, for whoever is free. */
	if (r != SL_OK && r != SL_E_CANCELED) {
		r = store_move(b.store, a->d->id, a->d->revision, DRAFT_INSPECTING,
			       DRAFT_SUBMITTED, &c, why);
		return r == SL_E_CONFLICT ? SL_E_EXPIRED : r;
	}
	if (r == SL_OK)
		log_info("recheck.hit", "draft=%s rules=%s", a->d->id, log_q(a->hits.rules));
	return r;
}

static int conclude(struct again *a, const struct verdict_work *w, struct sl_why *why)
{
	unsigned n = 0;
	int r;

	while (n < a->d->n_files && w->reports[n].bytes.len > 0)
		n++;
	r = inspect_merge(w->reports, n, &a->merged);
	if (r == SL_OK)
		r = compare(a);
	if (r == SL_OK && (a->hits.n > 0 || a->worse))
		r = store_recheck_live(a->d->state) ? alert(a) : take_back(a, why);
	buf_wipe(&a->merged.bytes);
	return r;
}

static bool filter_is_away(const struct verdict_work *w, const struct draft *d)
{
	for (unsigned i = 0; i < d->n_files; i++) {
		if (w->reports[i].filter_absent)
			return true;
	}
	return false;
}

int again_case_run(const struct verdict_bench *b, const struct draft *d, struct sl_why *why)
{
	struct again a = {.b = b, .d = d};
	struct verdict_work w = {.look_only = true};
	int r = verdict_case_begin(d, &w);

	if (r == SL_OK)
		r = verdict_case_look(b, d, &w, why);
	if (r == SL_OK && filter_is_away(&w, d))
		r = SL_E_UNREACHABLE;
	/* Under a new key of the rules the old sketch compares with nothing. */
	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		if (w.results[i].sketch != NULL && w.reports[i].verdict != VERDICT_SPILL)
			r = store_sketch_put(b->store, w.results[i].sketch);
	}
	if (r == SL_OK)
		r = conclude(&a, &w, why);
	verdict_case_end(d, &w);
	return r;
}

int again_case_basis(const struct verdict_bench *b, char *out, size_t cap)
{
	static const char letters[] = "sluice\n";
	struct inspect_input in = {.name = "basis.txt",
				   .length = sizeof(letters) - 1,
				   .context = {.today = clock_now() / 86400}};
	char basis[RECHECK_BASIS_MAX];
	struct inspect_report report;
	int r;

	inspect_report_init(&report);
	hash_bytes(letters, sizeof(letters) - 1, in.sha256);
	in.fd = file_in_memory(letters, sizeof(letters) - 1);
	r = in.fd < 0 ? in.fd : SL_OK;
	if (r == SL_OK)
		r = inspect_file(b->inspect, &in, &report, NULL);
	if (r == SL_OK && report.other_rules)
		r = SL_E_EXPIRED;
	if (r == SL_OK && (report.filter_died || !verdict_case_basis(report.filters, basis)))
		r = SL_E_UNREACHABLE;
	if (r == SL_OK && (size_t)snprintf(out, cap, "%s", basis) >= cap)
		r = SL_E_LIMIT;
	file_close(in.fd);
	inspect_report_release(&report);
	return r;
}
