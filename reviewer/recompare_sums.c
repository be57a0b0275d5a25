/* recompare_sums.c - counts, verdicts and digests, as case_report.c and inspect_merge.c make
 * them: whoever drops a finding has to change all of these, and whoever forgets one is
 * found here without any filter. */
#include "recompare_sums.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

enum { REPORT_MAX = 8 << 20, SEVERITIES = 5 };

static const char *const severities[SEVERITIES] = {"S0", "S1", "S2", "S3", "S4"};
/* Worst last. */
static const char *const verdicts[] = {"clean", "review", "hold", "block", "spill"};
enum { CLEAN, REVIEW, HOLD, BLOCK, SPILL, VERDICTS };

void recompare_text(const json_t *v, char *out, size_t cap)
{
	struct buf b;

	if (json_is_string(v)) {
		(void)text_safe(json_string_value(v), json_string_length(v), out, cap);
		return;
	}
	buf_init(&b, REPORT_MAX);
	if (v == NULL || json_compact(v, &b) != SL_OK)
		out[0] = '\0';
	else
		(void)text_safe(buf_str(&b), b.len, out, cap);
	buf_release(&b);
}

static int verdict_of(const char *name)
{
	int v = 0;

	while (v < VERDICTS && (name == NULL || strcmp(verdicts[v], name) != 0))
		v++;
	return v;
}

/* What the list of findings and objects amounts to, suppressed findings not counted. */
static int add_up(const json_t *report, int64_t n[SEVERITIES])
{
	int verdict = json_object_get(report, "omitted") != NULL ? HOLD : CLEAN;
	const json_t *o, *f;
	size_t i;

	json_array_foreach(json_arr(report, "objects"), i, o)
	{
		const char *state = json_str(o, "state");

		if (state == NULL || strcmp(state, "failed") == 0)
			verdict = HOLD;
	}
	json_array_foreach(json_arr(report, "findings"), i, f)
	{
		const char *severity = json_str(f, "severity");
		int s = 0, one;

		while (s < SEVERITIES &&
		       (severity == NULL || strcmp(severities[s], severity) != 0))
			s++;
		if (s < SEVERITIES && s > 0 && json_obj(f, "suppressed") != NULL)
			continue;
		one = s == 0 ? SPILL : s == 1 ? BLOCK : REVIEW;
		verdict = one > verdict ? one : verdict;
		if (s < SEVERITIES)
			n[s]++;
	}
	return verdict;
}

static int check_counts(struct recompare *c, const char *file, const json_t *report,
			const int64_t n[SEVERITIES])
{
	const json_t *counts = json_obj(report, "counts");
	int r = SL_OK;

	for (unsigned s = 0; r == SL_OK && s < SEVERITIES; s++) {
		char x[40], y[40];
		int64_t said = -1;

		(void)json_i64(counts, severities[s], &said);
		if (said == n[s])
			continue;
		(void)snprintf(x, sizeof(x), "%s %lld", severities[s], (long long)said);
		(void)snprintf(y, sizeof(y), "%s %lld", severities[s], (long long)n[s]);
		r = recompare_differs(c, file, "counts", x, y);
	}
	return r;
}

/* The digest is over the canonical bytes without itself and the filters' words.  Of a
 * shortened report it covers objects that are not there. */
static int check_digest(struct recompare *c, const char *file, const json_t *report)
{
	const char *said = json_str(report, "content_sha256");
	json_t *content = json_copy((json_t *)(uintptr_t)report);
	char hex[HASH_HEX + 1] = "";
	struct buf b;
	int r = content == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, REPORT_MAX);
	if (r == SL_OK) {
		(void)json_object_del(content, "content_sha256");
		(void)json_object_del(content, "filters");
		r = json_canonical(content, &b);
	}
	if (r == SL_OK)
		hash_hex(b.data, b.len, hex);
	/* What cannot be written as signed JSON was never made by an inspection. */
	if (r == SL_E_FORMAT || (r == SL_OK && (said == NULL || strcmp(said, hex) != 0)))
		r = recompare_differs(c, file, "digest", said != NULL ? said : "", hex);
	buf_release(&b);
	json_decref(content);
	return r;
}

/* Findings over the ceiling are counted and not listed; nothing can be added up then. */
static bool is_cut(const json_t *report)
{
	int64_t n = 0;

	return json_i64(json_obj(report, "omitted"), "findings", &n) && n > 0;
}

int recompare_sums(struct recompare *c, const char *file, const json_t *report)
{
	static const char *const required[] = {
		"content_sha256", "counts", "filters", "findings", "input",
		"objects",	  "policy", "schema",  "verdict",  NULL};
	static const char *const optional[] = {"omitted", "report_sha256", NULL};
	int64_t n[SEVERITIES] = {0};
	int verdict = add_up(report, n), r = SL_OK;

	if (!json_has_only(report, required, optional))
		r = recompare_differs(c, file, "members", "", "");
	if (r == SL_OK && !is_cut(report)) {
		r = check_counts(c, file, report, n);
		if (r == SL_OK && verdict_of(json_str(report, "verdict")) != verdict)
			r = recompare_differs(c, file, "verdict",
					      json_str(report, "verdict") != NULL
						      ? json_str(report, "verdict")
						      : "",
					      verdicts[verdict]);
	}
	if (r == SL_OK && json_object_get(report, "report_sha256") == NULL)
		r = check_digest(c, file, report);
	return r;
}

int recompare_draft(struct recompare *c, const json_t *report, unsigned n_files)
{
	const json_t *files = json_arr(report, "files"), *f;
	int64_t n[SEVERITIES] = {0};
	char hex[HASH_HEX + 1], x[24], y[24];
	uint8_t digest[HASH_LEN];
	struct hash *h = NULL;
	int verdict = CLEAN, r = hash_new(&h);
	size_t i;

	if (r != SL_OK)
		return r;
	json_array_foreach(files, i, f)
	{
		const char *part = json_str(f, "content_sha256");
		int v = verdict_of(json_str(f, "verdict"));

		verdict = v > verdict ? v : verdict;
		if (part != NULL)
			hash_update(h, part, strlen(part));
		for (unsigned s = 0; s < SEVERITIES; s++) {
			int64_t one = 0;

			(void)json_i64(json_obj(f, "counts"), severities[s], &one);
			n[s] += one;
		}
	}
	hash_final(h, digest);
	hash_free(h);
	text_hex(digest, sizeof(digest), hex);
	if (json_array_size(files) != n_files) {
		(void)snprintf(x, sizeof(x), "%zu", json_array_size(files));
		(void)snprintf(y, sizeof(y), "%u", n_files);
		r = recompare_differs(c, "", "files", x, y);
	}
	if (r == SL_OK)
		r = check_counts(c, "", report, n);
	if (r == SL_OK &&
	    (verdict >= VERDICTS || verdict_of(json_str(report, "verdict")) != verdict))
		r = recompare_differs(
			c, "", "verdict",
			json_str(report, "verdict") != NULL ? json_str(report, "verdict") : "",
			verdict < VERDICTS ? verdicts[verdict] : "");
	if (r == SL_OK && (json_str(report, "content_sha256") == NULL ||
			   strcmp(json_str(report, "content_sha256"), hex) != 0))
		r = recompare_differs(c, "", "digest",
				      json_str(report, "content_sha256") != NULL
					      ? json_str(report, "content_sha256")
					      : "",
				      hex);
	return r;
}
