/* verdict_case.c - the inspector's work on one draft.
 *
 * Invariants: a draft leaves INSPECTING only with a report for every file; the
 * signed inspection names the manifest that goes forward; a spill is sealed
 * before its plaintext is removed and before anyone is told. */
#include "inspect/verdict_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/wake.h"
#include "inspect/spill_case.h"
#include "policy/route_trigger.h"
#include "sandbox/role.h"
#include "store/sketch.h"
#include "trust/statement.h"

enum { TEXT_MAX = 300 << 20, OFFERS_MAX = 8, RETRIES = 2, RESTART_MS = 900 };
/* How long a filter that nobody hears may be at its start.  LibreOffice takes longest; who
 * waits for it (b->sees) keeps no text waiting. */
enum { ABSENT_MS = 30000, OFFICE_ABSENT_MS = 120000 };

static int same_bytes(int fd, const struct draft_file *f, uint8_t sha256[HASH_LEN])
{
	uint64_t len = 0;
	char hex[HASH_HEX + 1];
	int r = hash_fd(fd, sha256, &len);

	if (r != SL_OK)
		return r;
	text_hex(sha256, HASH_LEN, hex);
	return len == f->length && strcmp(hex, f->sha256) == 0 ? SL_OK : SL_E_CORRUPT;
}

static void context_of(const struct verdict_bench *b, const struct draft *d,
		       const char *channels[], struct scan_context *c)
{
	for (unsigned i = 0; i < d->n_channels; i++)
		channels[i] = d->channels[i];
	channels[d->n_channels] = NULL;
	*c = (struct scan_context){.content_type = d->content_type,
				   .column = d->column,
				   .channels = channels,
				   .disclosure = d->disclosure,
				   .today = policy_today(b->policy, clock_now())};
}

static bool held_by_failure(int r, const struct inspect_report *report)
{
	return r == SL_OK && report->verdict == VERDICT_HOLD && report->filter_died;
}

/* inspect_file, again when a filter died, at most three times in all: a restart of the
 * filter is no reason to hold a draft, and a document that kills filters does so every
 * time.  Where nobody listens no document is the cause: the filter loads its data, which
 * takes longer than our own start. */
static int inspect_patiently(const struct verdict_bench *b, const struct inspect_input *in,
			     struct inspect_report *report, struct buf *text)
{
	struct timespec pause = {.tv_sec = 0, .tv_nsec = RESTART_MS * 1000000L};
	int64_t begun = clock_mono_ms();
	int again = 0, r = inspect_file(b->inspect, in, report, text);

	while (held_by_failure(r, report) && !report->unfinished && !role_stopping()) {
		int64_t limit = report->office_absent ? OFFICE_ABSENT_MS : ABSENT_MS;

		if (report->filter_absent ? clock_mono_ms() - begun >= limit
					  : ++again > RETRIES)
			break;
		(void)nanosleep(&pause, NULL); /* the supervisor starts the filter again */
		inspect_report_release(report);
		buf_wipe(text);
		r = inspect_file(b->inspect, in, report, text);
	}
	/* When everything stops, the filters do too: that says nothing of the document. */
	return held_by_failure(r, report) && role_stopping() ? SL_E_CANCELED : r;
}

/* Report and text of file i. */
static int inspect_one(const struct verdict_bench *b, const struct draft *d, unsigned i,
		       struct verdict_work *w, struct inspect_report *report, struct buf *text,
		       struct sl_why *why)
{
	const struct draft_file *f = &d->files[i];
	struct similar similar = {.store = b->store,
				  .policy = b->policy,
				  .draft = d,
				  .position = i,
				  .look_only = w->look_only,
				  .kept = &w->kept[i]};
	struct inspect_input in = {.name = f->name,
				   .declared_type = f->media_type,
				   .length = f->length,
				   .title = i == 0 ? d->title : NULL,
				   .waivers = b->waivers,
				   .similar = similar_find,
				   .similar_arg = &similar};
	struct scan_record record = w->record.scan;
	const char *channels[17];
	uint64_t len = 0;
	int r;

	context_of(b, d, channels, &in.context);
	record.first = i == 0;
	/* What is public was answered, in time or not; looking again makes it no later. */
	if (store_recheck_live(d->state))
		record.received = record.due = 0;
	in.context.record = &record;
	in.fd = store_object_open(b->store, f->sha256, &len);
	if (in.fd < 0)
		return why_set(why, SL_E_CORRUPT, "%s file %u: the stored object is missing",
			       d->id, i);
	r = same_bytes(in.fd, f, in.sha256);
	if (r != SL_OK) {
		r = why_set(why, r, "%s file %u: the stored object is damaged", d->id, i);
		goto out;
	}
	r = inspect_patiently(b, &in, report, text);
	if (r == SL_OK && similar.made)
		w->results[i].sketch = &w->kept[i].row;
	if (r != SL_OK)
		r = why_set(why, r, "%s file %u: no report could be made", d->id, i);
out:
	file_close(in.fd);
	return r;
}

static int put_text(const struct verdict_bench *b, struct verdict_work *w, unsigned i)
{
	if (w->text.len == 0)
		return SL_OK;
	return store_object_put(b->store, w->text.data, w->text.len, w->results[i].text);
}

/* Every file, until one spills.  The text of each but the last is stored and put on
 * record at once, so that a spill in a later file finds it; nothing can follow the last
 * one, whose text waits for the outcome. */
int verdict_case_look(const struct verdict_bench *b, const struct draft *d,
		      struct verdict_work *w, struct sl_why *why)
{
	int r = draft_record_load(b->store, d, &w->record, why);

	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		buf_wipe(&w->text);
		r = inspect_one(b, d, i, w, &w->reports[i], &w->text, why);
		if (r == SL_OK && b->patient && w->reports[i].other_rules)
			return SL_E_EXPIRED;
		if (r == SL_OK && w->reports[i].verdict == VERDICT_SPILL) {
			w->spill = true;
			break;
		}
		/* What has not been seen is read as a whole another time. */
		if (r == SL_OK && i + 1 < d->n_files && !w->look_only &&
		    !w->reports[i].unfinished) {
			r = put_text(b, w, i);
			if (r == SL_OK)
				r = store_file_result(b->store, d->id, d->revision, i, "",
						      w->results[i].text);
		}
	}
	return r;
}

/* Findings that lead to the stricter route: policy/route_trigger.h. */
static int is_raised(const struct draft *d, const struct verdict_work *w,
		     const struct inspect_merged *m, bool *ret_raised)
{
	int r = SL_OK;

	*ret_raised = m->counts[SEV_S2] > 0;
	for (unsigned i = 0;
	     r == SL_OK && !*ret_raised && m->counts[SEV_S3] > 0 && i < d->n_files; i++) {
		json_t *report = NULL;

		r = json_parse(w->reports[i].bytes.data, w->reports[i].bytes.len,
			       w->reports[i].bytes.len, &report);
		if (r == SL_OK)
			*ret_raised = route_raise(report);
		json_decref(report);
	}
	return r;
}

/* The manifest that goes forward: the route asked for, or the raised one, offered second.
 * Without such an offer the route asked for is the strictest already. */
static const struct draft_offer *choose(const struct draft_offer *o, unsigned n, bool raised)
{
	return n == 0 ? NULL : raised && n > 1 ? &o[1] : &o[0];
}

static int sign(const struct verdict_bench *b, const struct draft_offer *o,
		const json_t *filters, const char *report_sha, enum verdict v,
		char ret_envelope[65])
{
	json_t *predicate;
	char rules[HASH_HEX + 1];
	struct buf line;
	int r = SL_E_FORMAT;

	buf_init(&line, DSSE_MAX);
	text_hex(b->rules, HASH_LEN, rules);
	predicate =
		inspection_predicate(filters, verdict_name(v), report_sha, rules, clock_now());
	if (predicate != NULL)
		r = statement_sign(b->signer, PRED_INSPECTION, o->manifest, predicate, &line);
	if (r == SL_OK)
		r = store_object_put(b->store, line.data, line.len, ret_envelope);
	json_decref(predicate);
	buf_release(&line);
	return r;
}

static const struct {
	enum verdict verdict;
	enum draft_state to;
	const char *reason;
} outcomes[] = {
	{VERDICT_CLEAN, DRAFT_IN_REVIEW, NULL},
	{VERDICT_REVIEW, DRAFT_IN_REVIEW, NULL},
	{VERDICT_HOLD, DRAFT_HELD, "some part could not be inspected; see the report"},
	{VERDICT_BLOCK, DRAFT_BLOCKED, "the report has findings that must not be published"},
};

/* Everything that the outcome will name; the last text at the very end, as it is the one
 * object that must not be left behind unnamed. */
static int put_all(const struct verdict_bench *b, const struct draft *d, struct verdict_work *w,
		   const struct inspect_merged *m, const struct draft_offer *o,
		   char ret_report[65], char ret_envelope[65])
{
	int r = store_object_put(b->store, m->bytes.data, m->bytes.len, ret_report);

	if (r == SL_OK)
		r = sign(b, o, w->reports[0].filters, ret_report, m->verdict, ret_envelope);
	for (unsigned i = 0; r == SL_OK && m->shortened && i < d->n_files; i++)
		r = store_object_put(b->store, w->reports[i].bytes.data,
				     w->reports[i].bytes.len, w->results[i].report);
	return r == SL_OK ? put_text(b, w, d->n_files - 1) : r;
}

static int conclude(const struct verdict_bench *b, const struct draft *d,
		    struct verdict_work *w, const struct inspect_merged *m,
		    struct draft *ret_next, struct sl_why *why)
{
	struct draft_offer offers[OFFERS_MAX];
	const struct draft_offer *o;
	struct draft_change c = {.actor = "inspector",
				 .verdict = verdict_name(m->verdict),
				 .results = w->results,
				 .n_results = d->n_files};
	char report_sha[65], envelope[65], basis[RECHECK_BASIS_MAX], rules[VERDICT_RULES_MAX];
	unsigned n = 0, row = 0;
	bool raised = false;
	int r = store_draft_offers(b->store, d, offers, OFFERS_MAX, &n);

	if (r != SL_OK)
		return r;
	r = is_raised(d, w, m, &raised);
	if (r != SL_OK)
		return r;
	o = choose(offers, n, raised);
	if (o == NULL)
		return why_set(why, SL_E_CORRUPT, "%s has no signed manifest", d->id);
	r = put_all(b, d, w, m, o, report_sha, envelope);
	if (r != SL_OK)
		return r;
	while (outcomes[row].verdict != m->verdict)
		row++;
	c.manifest = o->manifest;
	c.klass = o->klass;
	c.submission = o->submission;
	c.report = report_sha;
	c.inspection = envelope;
	c.reason = b->note != NULL ? b->note : outcomes[row].reason;
	c.worst = verdict_rules(w->reports, d->n_files, rules);
	c.rules = rules;
	if (role_stopping() || b->single)
		r = store_move(b->store, d->id, d->revision, DRAFT_INSPECTING, outcomes[row].to,
			       &c, why);
	else
		r = store_move_claim(b->store, d->id, d->revision, DRAFT_INSPECTING,
				     outcomes[row].to, &c, b->sees, ret_next, why);
	if (r == SL_OK && verdict_case_basis(w->reports[0].filters, basis) &&
	    store_recheck_note(b->store, d, basis) != SL_OK)
		log_warn("recheck", "draft=%s: not queued", d->id);
	return r;
}

/* "data" of a filter that answered. */
static const char *data_of(const json_t *filters, const char *name)
{
	const json_t *f;
	size_t i;

	json_array_foreach(filters, i, f)
	{
		const char *n = json_str(f, "name"), *state = json_str(f, "state");

		if (n != NULL && state != NULL && strcmp(n, name) == 0 &&
		    strcmp(state, "ok") == 0)
			return json_str(f, "data");
	}
	return NULL;
}

bool verdict_case_basis(const json_t *filters, char out[RECHECK_BASIS_MAX])
{
	const char *rules = data_of(filters, "match"), *av = data_of(filters, "av");

	if (rules == NULL || av == NULL)
		return false;
	return snprintf(out, RECHECK_BASIS_MAX, "%s; %s", rules, av) < RECHECK_BASIS_MAX;
}

/* To those who read pictures; the work so far is cheap and is done again. */
static int pass_on(const struct verdict_bench *b, const struct draft *d, struct draft *ret_next,
		   struct sl_why *why)
{
	struct draft_change c = {.actor = "inspector", .seeing = true};
	int r = role_stopping()
			? store_move(b->store, d->id, d->revision, DRAFT_INSPECTING,
				     DRAFT_SUBMITTED, &c, why)
			: store_move_claim(b->store, d->id, d->revision, DRAFT_INSPECTING,
					   DRAFT_SUBMITTED, &c, b->sees, ret_next, why);

	if (r == SL_OK)
		wake_ring(b->bell);
	return r;
}

static bool is_unfinished(const struct draft *d, const struct verdict_work *w)
{
	for (unsigned i = 0; i < d->n_files; i++)
		if (w->reports[i].unfinished)
			return true;
	return false;
}

static int hold(const struct verdict_bench *b, const struct draft *d,
		const struct verdict_work *w, int error, const struct sl_why *why)
{
	struct draft_change c = {.actor = "inspector",
				 .verdict = "hold",
				 .reason = why_text(why, error),
				 .results = w->results,
				 .n_results = w->results != NULL ? d->n_files : 0};

	return store_move(b->store, d->id, d->revision, DRAFT_INSPECTING, DRAFT_HELD, &c, NULL);
}

int verdict_case_begin(const struct draft *d, struct verdict_work *w)
{
	size_t n = d->n_files > 0 ? d->n_files : 1;

	buf_init(&w->text, TEXT_MAX);
	w->results = calloc(n, sizeof(*w->results));
	w->reports = calloc(n, sizeof(*w->reports));
	w->kept = calloc(n, sizeof(*w->kept));
	for (unsigned i = 0; w->reports != NULL && i < d->n_files; i++)
		inspect_report_init(&w->reports[i]);
	return w->results == NULL || w->reports == NULL || w->kept == NULL ? SL_E_NOMEM : SL_OK;
}

void verdict_case_end(const struct draft *d, struct verdict_work *w)
{
	for (unsigned i = 0; w->reports != NULL && i < d->n_files; i++)
		inspect_report_release(&w->reports[i]);
	free(w->reports);
	free(w->results);
	free(w->kept);
	buf_wipe(&w->text);
}

int verdict_case_run(const struct verdict_bench *b, const struct draft *d,
		     struct draft *ret_next, struct sl_why *why)
{
	struct inspect_merged merged = {.verdict = VERDICT_HOLD};
	struct verdict_work w = {.spill = false};
	int r = verdict_case_begin(d, &w);

	if (r == SL_OK)
		r = verdict_case_look(b, d, &w, why);
	if (r == SL_OK && w.spill) {
		r = store_sketch_drop(b->store, d->number, d->revision);
		if (r == SL_OK)
			r = spill_case_seal(b, d, w.reports, why);
		goto out;
	}
	if (r == SL_OK && is_unfinished(d, &w)) {
		r = pass_on(b, d, ret_next, why);
		goto out;
	}
	if (r == SL_OK)
		r = inspect_merge(w.reports, d->n_files, &merged);
	if (r == SL_OK)
		r = conclude(b, d, &w, &merged, ret_next, why);
	/* What cannot be judged waits for a person; it is never a pass. */
	if (r != SL_OK && r != SL_E_CANCELED && r != SL_E_EXPIRED)
		r = hold(b, d, &w, r, why);
out:
	buf_wipe(&merged.bytes);
	verdict_case_end(d, &w);
	return r;
}
