/* spill_case.c - seal first, remove second, tell third.
 *
 * Killed anywhere in between, the draft is still INSPECTING and is done again:
 * a sealed file that is complete is kept, bodies that are gone were sealed. */
#include "inspect/spill_case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/seal.h"
#include "inspect/fix_case.h"
#include "policy/reckon.h"
#include "policy/rules.h"

static int seal_object(const struct verdict_bench *b, const char *sha256, int dir,
		       const char *name)
{
	char tmp[96];
	uint64_t len = 0;
	int in = store_object_open(b->store, sha256, &len), out = -1, r;

	if (in < 0) /* removed by an earlier run, which had sealed it before */
		return in == SL_E_NOTFOUND && file_exists(dir, name) ? SL_OK : in;
	(void)snprintf(tmp, sizeof(tmp), ".%s", name);
	out = openat(dir, tmp, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	r = out < 0 ? sl_err_errno(errno) : seal_fd(in, out, b->officers, b->n_officers);
	if (r == SL_OK && fsync(out) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK && renameat(dir, tmp, dir, name) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = file_sync_dir(dir);
	file_close(in);
	file_close(out);
	return r;
}

static int seal_all(const struct verdict_bench *b, const struct draft *d)
{
	char path[4096], name[64];
	int dir, r = file_join(path, sizeof(path), b->data, "sealed");

	if (r != SL_OK)
		return r;
	dir = file_open_dir(AT_FDCWD, path);
	if (dir < 0)
		return dir;
	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		(void)snprintf(name, sizeof(name), "%s-%lld-%u.sealed", d->id,
			       (long long)d->revision, i);
		r = seal_object(b, d->files[i].sha256, dir, name);
	}
	file_close(dir);
	return r;
}

/* Rule of the first S0 finding in the reports, for the secrecy officers. */
static const char *spilling_rule(const struct inspect_report *reports, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (reports[i].spilling[0] != '\0')
			return reports[i].spilling;
	}
	return "S0";
}

static int64_t report_due(const struct verdict_bench *b, const struct draft *d, int64_t now)
{
	const struct reckon_what w = {.start = "spilled",
				      .end = "reported",
				      .content_type = d->content_type,
				      .category = "",
				      .started = now};
	int64_t due = b->policy != NULL ? reckon_first_due(b->policy->clocks, &w) : 0;

	return due > 0 ? due : now + SPILL_REPORT_SECONDS;
}

static int note(const struct verdict_bench *b, const struct draft *d, const char *rule,
		int64_t now, int64_t due)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		struct spill p = {.revision = d->revision, .found = now, .report_due = due};

		(void)snprintf(p.draft, sizeof(p.draft), "%s", d->id);
		(void)snprintf(p.rule, sizeof(p.rule), "%s", rule);
		(void)snprintf(p.sha256, sizeof(p.sha256), "%s", d->files[i].sha256);
		r = store_spill_add(b->store, &p);
		if (r == SL_E_EXISTS)
			r = SL_OK; /* noted by the run before the crash */
	}
	return r;
}

/* Bodies, and whatever an inspection of the other files or a fix has stored. */
static int remove_plaintext(const struct verdict_bench *b, const struct draft *d)
{
	int r = fix_case_forget(b->store, d);

	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++) {
		char report[65] = "", text[65] = "";

		r = store_file_results(b->store, d->id, d->revision, i, report, text);
		if (r == SL_OK && report[0] != '\0')
			r = store_object_remove(b->store, report);
		if (r == SL_OK && text[0] != '\0')
			r = store_object_remove(b->store, text);
		if (r == SL_OK)
			r = store_object_remove(b->store, d->files[i].sha256);
	}
	return r;
}

int spill_case_seal(const struct verdict_bench *b, const struct draft *d,
		    const struct inspect_report *reports, struct sl_why *why)
{
	struct draft_change c = {.actor = "inspector", .verdict = "spill"};
	int64_t now = clock_now();
	int r;

	if (b->n_officers == 0)
		return why_set(why, SL_E_CONFIG,
			       "%s spills and there is no secrecy officer's key to seal it to",
			       d->id);
	c.due = report_due(b, d, now);
	r = seal_all(b, d);
	if (r == SL_OK)
		r = note(b, d, spilling_rule(reports, d->n_files), now, c.due);
	if (r == SL_OK)
		r = remove_plaintext(b, d);
	if (r != SL_OK)
		return why_set(why, r, "%s spills and could not be sealed: %s", d->id,
			       sl_strerror(r));
	r = store_move(b->store, d->id, d->revision, DRAFT_INSPECTING, DRAFT_SPILL, &c, why);
	return r == SL_OK ? store_draft_conceal(b->store, d->id, d->revision, "inspector") : r;
}
