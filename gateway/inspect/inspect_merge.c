/* inspect_merge.c - the report of a draft: its files' reports, and what they add up to.
 *
 * The verdict is the worst of the files'.  The whole has to stay inside the
 * signed profile; when the files say more than fits, inspected objects are left
 * out file by file and the full report is named by its digest instead. */
#include "inspect/inspect.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "crypto/hash.h"

static const char *const severities[] = {"S0", "S1", "S2", "S3", "S4"};
enum { SEVERITIES = 5 };

struct merged {
	json_t *files;
	json_int_t counts[SEVERITIES];
	enum verdict worst;
	struct hash *contents; /* over the files' content digests, in order */
};

static int add_file(struct merged *m, const struct buf *report, bool shorten)
{
	json_t *j = NULL, *objects, *kept = NULL, *o;
	const char *content, *name;
	enum verdict v = VERDICT_HOLD;
	char hex[HASH_HEX + 1];
	size_t i;
	int r = json_parse_signed(buf_str(report), report->len, &j);

	if (r != SL_OK)
		return r;
	name = json_str(j, "verdict");
	content = json_str(j, "content_sha256");
	if (name == NULL || content == NULL || verdict_from_name(name, &v) != SL_OK) {
		r = SL_E_FORMAT;
		goto out;
	}
	m->worst = v > m->worst ? v : m->worst;
	hash_update(m->contents, content, strlen(content));
	for (i = 0; i < SEVERITIES; i++) {
		int64_t n = 0;

		(void)json_i64(json_obj(j, "counts"), severities[i], &n);
		m->counts[i] += n;
	}
	if (shorten) {
		kept = json_array();
		objects = json_object_get(j, "objects");
		json_array_foreach(objects, i, o)
		{
			const char *state = json_str(o, "state");

			if (i == 0 || (state != NULL && strcmp(state, "inspected") != 0))
				(void)json_array_append(kept, o);
		}
		hash_hex(report->data, report->len, hex);
		if (json_object_set(j, "objects", kept) != 0 ||
		    json_object_set_new(j, "report_sha256", json_string(hex)) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK && json_array_append(m->files, j) != 0)
		r = SL_E_NOMEM;
out:
	json_decref(kept);
	json_decref(j);
	return r;
}

static int render(struct merged *m, struct buf *out)
{
	json_t *counts = json_object(), *j = NULL;
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	struct buf whole;
	int r = SL_E_NOMEM;

	buf_init(&whole, JSON_SIGNED_MAX);
	for (unsigned i = 0; counts != NULL && i < SEVERITIES; i++)
		(void)json_object_set_new(counts, severities[i], json_integer(m->counts[i]));
	hash_final(m->contents, digest);
	text_hex(digest, sizeof(digest), hex);
	j = json_pack("{s:s, s:s, s:O, s:O, s:s}", "schema", "sluice-draft-report/1", "verdict",
		      verdict_name(m->worst), "files", m->files, "counts", counts,
		      "content_sha256", hex);
	if (j != NULL)
		r = json_canonical(j, &whole);
	if (r == SL_OK) {
		buf_put(out, whole.data, whole.len);
		r = buf_error(out) == SL_OK ? SL_OK
					    : SL_E_INTERNAL; /* the caller's room, not ours */
	}
	json_decref(j);
	json_decref(counts);
	buf_release(&whole);
	return r;
}

static int merge(const struct buf *reports, unsigned n, bool shorten, struct buf *out,
		 enum verdict *ret_verdict)
{
	struct merged m = {.files = json_array(), .worst = VERDICT_CLEAN};
	int r = m.files == NULL ? SL_E_NOMEM : hash_new(&m.contents);

	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = add_file(&m, &reports[i], shorten);
	if (r == SL_OK)
		r = render(&m, out);
	if (r == SL_OK)
		*ret_verdict = m.worst;
	hash_free(m.contents);
	json_decref(m.files);
	return r;
}

int inspect_merge(const struct buf *reports, unsigned n, struct buf *ret_report,
		  enum verdict *ret_verdict)
{
	int r;

	if (n == 0)
		return SL_E_FORMAT; /* a draft without files has no verdict, least of all a good
				       one */
	r = merge(reports, n, false, ret_report, ret_verdict);
	return r == SL_E_LIMIT ? merge(reports, n, true, ret_report, ret_verdict) : r;
}
