/* verdict_case.c - the inspector's work on one draft.
 *
 * Invariants: a draft leaves INSPECTING only with a report for every file; the
 * signed inspection names the manifest that goes forward; a spill is sealed
 * before its plaintext is removed and before anyone is told. */
#include "inspect/verdict_case.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "inspect/spill_case.h"
#include "trust/statement.h"

enum {
	REPORT_MAX = 2 << 20,
	TEXT_MAX = 300 << 20,
	OFFERS_MAX = 8,
	RETRIES = 2,
	RESTART_MS = 900
};

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

static void context_of(const struct draft *d, const char *channels[], struct scan_context *c)
{
	for (unsigned i = 0; i < d->n_channels; i++)
		channels[i] = d->channels[i];
	channels[d->n_channels] = NULL;
	*c = (struct scan_context){.content_type = d->content_type,
				   .column = d->column,
				   .channels = channels,
				   .disclosure = d->disclosure,
				   .today = clock_now() / 86400};
}

/* Did a filter process die under this file? A restart of the filter is no reason to
 * hold a draft; a document that kills filters does so every time. */
static bool filter_died(const struct buf *report)
{
	json_t *j = NULL;
	const json_t *f;
	bool died = false;
	size_t i;

	if (json_parse(buf_str(report), report->len, REPORT_MAX, &j) != SL_OK)
		return false;
	json_array_foreach(json_arr(j, "filters"), i, f)
	{
		const char *why = json_str(f, "reason");

		died |= why != NULL &&
			(strcmp(why, "unreachable") == 0 || strcmp(why, "garbage") == 0 ||
			 strcmp(why, "crashed") == 0);
	}
	json_decref(j);
	return died;
}

/* inspect_file, again when a filter died, at most three times in all. */
static int inspect_patiently(const struct verdict_bench *b, const struct inspect_input *in,
			     struct buf *report, struct buf *text, enum verdict *ret_verdict)
{
	struct timespec pause = {.tv_sec = 0, .tv_nsec = RESTART_MS * 1000000L};
	int r = inspect_file(b->inspect, in, report, text, ret_verdict);

	for (int again = 0; r == SL_OK && again < RETRIES && *ret_verdict == VERDICT_HOLD &&
			    filter_died(report);
	     again++) {
		(void)nanosleep(&pause, NULL); /* the supervisor starts the filter again */
		buf_clear(report);
		buf_clear(text);
		r = inspect_file(b->inspect, in, report, text, ret_verdict);
	}
	return r;
}

/* Report and text of file i, stored unless the file spills. */
static int run_file(const struct verdict_bench *b, const struct draft *d, unsigned i,
		    struct buf *report, enum verdict *ret_verdict, struct sl_why *why)
{
	const struct draft_file *f = &d->files[i];
	struct inspect_input in = {.name = f->name,
				   .declared_type = f->media_type,
				   .length = f->length,
				   .title = i == 0 ? d->title : NULL};
	const char *channels[17];
	char report_sha[65] = "", text_sha[65] = "";
	struct buf text;
	uint64_t len = 0;
	int r;

	buf_init(&text, TEXT_MAX);
	context_of(d, channels, &in.context);
	in.fd = store_object_open(b->store, f->sha256, &len);
	if (in.fd < 0)
		return why_set(why, SL_E_CORRUPT, "%s file %u: the stored object is missing",
			       d->id, i);
	r = same_bytes(in.fd, f, in.sha256);
	if (r != SL_OK) {
		r = why_set(why, r, "%s file %u: the stored object is damaged", d->id, i);
		goto out;
	}
	r = inspect_patiently(b, &in, report, &text, ret_verdict);
	if (r != SL_OK) {
		r = why_set(why, r, "%s file %u: no report could be made", d->id, i);
		goto out;
	}
	if (*ret_verdict == VERDICT_SPILL)
		goto out; /* nothing of it is stored in the clear */
	r = store_object_put(b->store, report->data, report->len, report_sha);
	if (r == SL_OK && text.len > 0)
		r = store_object_put(b->store, text.data, text.len, text_sha);
	if (r == SL_OK)
		r = store_file_result(b->store, d->id, d->revision, i, report_sha, text_sha);
out:
	file_close(in.fd);
	buf_wipe(&text);
	return r;
}

/* The manifest that goes forward: the stricter route when S2 findings are open. */
static const struct draft_offer *choose(const struct draft_offer *o, unsigned n,
					int64_t open_s2, const char *escalate)
{
	for (unsigned i = 0; open_s2 > 0 && i < n; i++) {
		if (strcmp(o[i].klass, escalate) == 0)
			return &o[i];
	}
	/* No stricter offer: the route asked for is the strictest already. */
	return n > 0 ? &o[0] : NULL;
}

static int64_t count_of(const json_t *report, const char *severity)
{
	int64_t n = 0;

	return json_i64(json_obj(report, "counts"), severity, &n) ? n : 0;
}

static int sign(const struct verdict_bench *b, const struct draft_offer *o,
		const json_t *report, const char *report_sha, enum verdict v,
		char ret_envelope[65])
{
	const json_t *files = json_arr(report, "files");
	const json_t *filters = json_arr(json_array_get(files, 0), "filters");
	json_t *predicate = NULL;
	char rules[HASH_HEX + 1];
	struct buf line;
	int r = SL_E_FORMAT;

	buf_init(&line, DSSE_MAX);
	text_hex(b->rules, HASH_LEN, rules);
	if (filters != NULL)
		predicate = inspection_predicate(filters, verdict_name(v), report_sha, rules,
						 clock_now());
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

static int conclude(const struct verdict_bench *b, const struct draft *d,
		    const struct buf *merged, enum verdict v, struct sl_why *why)
{
	struct draft_offer offers[OFFERS_MAX];
	const struct draft_offer *o;
	struct draft_change c = {.actor = "inspector", .verdict = verdict_name(v)};
	char report_sha[65], envelope[65];
	json_t *report = NULL;
	unsigned n = 0, row = 0;
	int r = json_parse(buf_str(merged), merged->len, REPORT_MAX * 8, &report);

	if (r == SL_OK)
		r = store_draft_offers(b->store, d, offers, OFFERS_MAX, &n);
	if (r != SL_OK)
		goto out;
	o = choose(offers, n, count_of(report, "S2"), b->escalate);
	if (o == NULL) {
		r = why_set(why, SL_E_CORRUPT, "%s has no signed manifest", d->id);
		goto out;
	}
	r = store_object_put(b->store, merged->data, merged->len, report_sha);
	if (r == SL_OK)
		r = sign(b, o, report, report_sha, v, envelope);
	if (r != SL_OK)
		goto out;
	while (outcomes[row].verdict != v)
		row++;
	c.manifest = o->manifest;
	c.klass = o->klass;
	c.submission = o->submission;
	c.report = report_sha;
	c.inspection = envelope;
	c.reason = outcomes[row].reason;
	r = store_move(b->store, d->id, d->revision, DRAFT_INSPECTING, outcomes[row].to, &c,
		       why);
out:
	json_decref(report);
	return r;
}

static int hold(const struct verdict_bench *b, const struct draft *d, int error,
		const struct sl_why *why)
{
	struct draft_change c = {
		.actor = "inspector", .verdict = "hold", .reason = why_text(why, error)};

	return store_move(b->store, d->id, d->revision, DRAFT_INSPECTING, DRAFT_HELD, &c, NULL);
}

int verdict_case_run(const struct verdict_bench *b, const struct draft *d, struct sl_why *why)
{
	struct buf *reports = calloc(d->n_files > 0 ? d->n_files : 1, sizeof(*reports));
	enum verdict worst = VERDICT_CLEAN, v;
	struct buf merged;
	int r = reports == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&merged, REPORT_MAX * 8);
	for (unsigned i = 0; reports != NULL && i < d->n_files; i++)
		buf_init(&reports[i], REPORT_MAX);
	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		r = run_file(b, d, i, &reports[i], &v, why);
		if (r == SL_OK && v > worst)
			worst = v;
		if (worst == VERDICT_SPILL)
			break;
	}
	if (r == SL_OK && worst == VERDICT_SPILL) {
		r = spill_case_seal(b, d, reports, d->n_files, why);
		goto out;
	}
	if (r == SL_OK)
		r = inspect_merge(reports, d->n_files, &merged, &worst);
	if (r == SL_OK)
		r = conclude(b, d, &merged, worst, why);
	/* What cannot be judged waits for a person; it is never a pass. */
	if (r != SL_OK)
		r = hold(b, d, r, why);
out:
	for (unsigned i = 0; reports != NULL && i < d->n_files; i++)
		buf_wipe(&reports[i]);
	free(reports);
	buf_wipe(&merged);
	return r;
}
