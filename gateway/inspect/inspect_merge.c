/* inspect_merge.c - the report of a draft: its files' reports, and what they add up to.
 *
 * The verdict is the worst of the files'.  The whole has to stay inside the
 * signed profile; when the files say more than fits, inspected objects are left
 * out file by file and the full report is named by its digest instead. */
#include "inspect/inspect.h"

#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

/* A file's report without the objects that nothing is to be said about. */
static int put_short(const struct buf *report, struct buf *out)
{
	json_t *j = NULL, *objects, *kept = json_array(), *o;
	char hex[HASH_HEX + 1];
	size_t i;
	int r = kept == NULL ? SL_E_NOMEM : json_parse_signed(buf_str(report), report->len, &j);

	if (r != SL_OK)
		goto out;
	objects = json_object_get(j, "objects");
	json_array_foreach(objects, i, o)
	{
		const char *state = json_str(o, "state");

		if ((i == 0 || (state != NULL && strcmp(state, "inspected") != 0)) &&
		    json_array_append(kept, o) != 0)
			r = SL_E_NOMEM;
	}
	hash_hex(report->data, report->len, hex);
	if (r == SL_OK && (json_object_set(j, "objects", kept) != 0 ||
			   json_object_set_new(j, "report_sha256", json_string(hex)) != 0))
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = json_canonical(j, out);
out:
	json_decref(kept);
	json_decref(j);
	return r;
}

static int put_files(const struct inspect_report *reports, unsigned n, bool shorten,
		     struct buf *out)
{
	int r = SL_OK;

	buf_puts(out, "\"files\":[");
	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		if (i > 0)
			buf_puts(out, ",");
		/* Canonical values in canonical places make a canonical whole. */
		if (shorten)
			r = put_short(&reports[i].bytes, out);
		else
			buf_put(out, reports[i].bytes.data, reports[i].bytes.len);
	}
	buf_puts(out, "],");
	return r;
}

/* The files' content digests, in order. */
static int digest_contents(const struct inspect_report *reports, unsigned n, char hex[65])
{
	struct hash *h = NULL;
	uint8_t digest[HASH_LEN];
	int r = hash_new(&h);

	if (r != SL_OK)
		return r;
	for (unsigned i = 0; i < n; i++)
		hash_update(h, reports[i].content_sha256, strlen(reports[i].content_sha256));
	hash_final(h, digest);
	hash_free(h);
	text_hex(digest, sizeof(digest), hex);
	return SL_OK;
}

/* Names in order, as canonical JSON has them. */
static int render(const struct inspect_report *reports, unsigned n, struct inspect_merged *m)
{
	struct buf *out = &m->bytes;
	char hex[HASH_HEX + 1];
	int r = digest_contents(reports, n, hex);

	if (r != SL_OK)
		return r;
	buf_clear(out);
	buf_putf(out, "{\"content_sha256\":\"%s\",\"counts\":{", hex);
	for (unsigned s = 0; s < SEV_COUNT; s++)
		buf_putf(out, "%s\"%s\":%lld", s > 0 ? "," : "",
			 severity_name((enum severity)s), (long long)m->counts[s]);
	buf_puts(out, "},");
	r = put_files(reports, n, m->shortened, out);
	buf_putf(out, "\"schema\":\"sluice-draft-report/1\",\"verdict\":\"%s\"}",
		 verdict_name(m->verdict));
	return r != SL_OK ? r : buf_error(out);
}

int inspect_merge(const struct inspect_report *reports, unsigned n,
		  struct inspect_merged *ret_m)
{
	struct inspect_merged m = {.verdict = VERDICT_CLEAN};
	int r;

	if (n == 0)
		return SL_E_FORMAT; /* a draft without files has no verdict, least of all a good
				       one */
	for (unsigned i = 0; i < n; i++) {
		if (reports[i].bytes.len == 0)
			return SL_E_FORMAT; /* a file without a report neither */
		if (reports[i].verdict > m.verdict)
			m.verdict = reports[i].verdict;
		for (unsigned s = 0; s < SEV_COUNT; s++)
			m.counts[s] += reports[i].counts[s];
	}
	buf_init(&m.bytes, JSON_SIGNED_MAX);
	r = render(reports, n, &m);
	if (r == SL_E_LIMIT) {
		m.shortened = true;
		r = render(reports, n, &m);
	}
	if (r != SL_OK) {
		buf_wipe(&m.bytes);
		return r;
	}
	*ret_m = m;
	return SL_OK;
}
