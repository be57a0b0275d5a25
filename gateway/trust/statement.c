/* statement.c - in-toto statements in DSSE envelopes, and the file of them in a package.
 *
 * Hostile: every line.  Parsing does not verify; it only guarantees that a
 * statement has one spelling, one subject and a predicate of a known kind. */
#include "trust/statement.h"

#include <string.h>

#include "base/text.h"

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"

static const char *const types[PRED_COUNT] = {
	[PRED_SUBMISSION] = PREDICATE_BASE "submission/v1",
	[PRED_INSPECTION] = PREDICATE_BASE "inspection/v1",
	[PRED_APPROVAL] = PREDICATE_BASE "approval/v1",
	[PRED_RELEASE] = PREDICATE_BASE "release/v1",
	[PRED_NOTICE] = PREDICATE_BASE "notice/v1",
	[PRED_ORDER] = PREDICATE_BASE "order/v1",
	[PRED_SUPPRESSION] = PREDICATE_BASE "suppression/v1",
	[PRED_PROCEDURE] = PREDICATE_BASE "procedure/v1",
	[PRED_SPILL] = PREDICATE_BASE "spill/v1",
	[PRED_DELEGATION] = PREDICATE_BASE "delegation/v1",
};

const char *predicate_type(enum predicate p)
{
	BUG((unsigned)p >= PRED_COUNT);
	return types[p];
}

int statement_payload(enum predicate p, const char *manifest_sha256, const json_t *predicate,
		      struct buf *out)
{
	json_t *j;
	int r;

	if (predicate == NULL || !text_is_sha256(manifest_sha256))
		return SL_E_FORMAT;
	j = json_pack("{s:s,s:O,s:s,s:[{s:{s:s},s:s}]}", "_type", STATEMENT_TYPE, "predicate",
		      predicate, "predicateType", predicate_type(p), "subject", "digest",
		      "sha256", manifest_sha256, "name", "manifest.json");
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	return r;
}

int statement_sign(const struct key *k, enum predicate p, const char *manifest_sha256,
		   const json_t *predicate, struct buf *out)
{
	struct buf payload;
	int r;

	buf_init(&payload, DSSE_MAX);
	r = statement_payload(p, manifest_sha256, predicate, &payload);
	if (r == SL_OK)
		r = dsse_sign(k, DSSE_INTOTO, payload.data, payload.len, out);
	buf_release(&payload);
	return r;
}

static int read_subject(const json_t *list, struct statement *s)
{
	static const char *const names[] = {"digest", "name", NULL}, *const digests[] = {
									     "sha256", NULL};
	const json_t *one = json_array_get(list, 0), *digest = json_obj(one, "digest");
	const char *sha256 = json_str(digest, "sha256"), *name = json_str(one, "name");

	if (json_array_size(list) != 1 || !json_has_only(one, names, NULL) ||
	    !json_has_only(digest, digests, NULL) || name == NULL ||
	    strcmp(name, "manifest.json") != 0 || sha256 == NULL || !text_is_sha256(sha256))
		return SL_E_FORMAT;
	memcpy(s->subject, sha256, sizeof(s->subject));
	return SL_OK;
}

static int read_payload(struct statement *s, struct sl_why *why)
{
	static const char *const names[] = {"_type", "predicate", "predicateType", "subject",
					    NULL};
	const char *type, *predicate;
	json_t *j = NULL;
	int r = json_parse_signed(s->envelope.payload, s->envelope.payload_len, &j);

	if (r != SL_OK)
		return why_set(why, r,
			       "the payload is not canonical JSON of the signed profile");
	type = json_str(j, "_type");
	predicate = json_str(j, "predicateType");
	r = SL_E_FORMAT;
	if (!json_has_only(j, names, NULL) || type == NULL || predicate == NULL ||
	    json_obj(j, "predicate") == NULL) {
		(void)why_set(why, r, "missing or unknown member");
		goto out;
	}
	while (s->kind < PRED_COUNT && strcmp(types[s->kind], predicate) != 0)
		s->kind++;
	if (strcmp(type, STATEMENT_TYPE) != 0 || s->kind == PRED_COUNT) {
		(void)why_set(why, r, "unknown _type or predicateType");
		goto out;
	}
	if (read_subject(json_object_get(j, "subject"), s) != SL_OK) {
		(void)why_set(why, r, "malformed subject");
		goto out;
	}
	s->predicate = json_incref(json_object_get(j, "predicate"));
	r = SL_OK;
out:
	json_decref(j);
	return r;
}

int statement_parse(const void *line, size_t len, struct statement **ret_s, struct sl_why *why)
{
	struct statement *s = calloc(1, sizeof(*s));
	int r = s == NULL ? SL_E_NOMEM : dsse_parse(line, len, &s->envelope);

	if (r != SL_OK) {
		(void)why_set(why, r, "not a DSSE envelope with one signature");
		goto out;
	}
	if (strcmp(s->envelope.payload_type, DSSE_INTOTO) != 0) {
		r = why_set(why, SL_E_FORMAT, "unknown payloadType");
		goto out;
	}
	r = read_payload(s, why);
	if (r != SL_OK)
		goto out;
	hash_hex(line, len, s->sha256);
	*ret_s = s;
	s = NULL; /* moved */
out:
	statement_free(s);
	return r == SL_OK ? r : why_prefix(why, r, "statement");
}

void statement_free(struct statement *s)
{
	if (s == NULL)
		return;
	dsse_release(&s->envelope);
	json_decref(s->predicate);
	free(s);
}

struct line {
	uint8_t digest[HASH_LEN];
	const struct buf *bytes;
};

static int by_digest(const void *a, const void *b)
{
	return memcmp(((const struct line *)a)->digest, ((const struct line *)b)->digest,
		      HASH_LEN);
}

int attest_join(const struct buf *lines, unsigned n, struct buf *out)
{
	struct line order[ATTEST_LINES_MAX];
	size_t start = out->len;

	if (n == 0 || n > ATTEST_LINES_MAX)
		return SL_E_LIMIT;
	for (unsigned i = 0; i < n; i++) {
		order[i].bytes = &lines[i];
		hash_bytes(lines[i].data, lines[i].len, order[i].digest);
	}
	qsort(order, n, sizeof(order[0]), by_digest);
	for (unsigned i = 0; i < n; i++) {
		if (order[i].bytes->len == 0 ||
		    memchr(order[i].bytes->data, '\n', order[i].bytes->len) != NULL)
			return SL_E_FORMAT;
		if (i > 0 && by_digest(&order[i - 1], &order[i]) == 0)
			return SL_E_EXISTS;
		buf_put(out, order[i].bytes->data, order[i].bytes->len);
		buf_puts(out, "\n");
	}
	if (buf_error(out) != SL_OK)
		return buf_error(out);
	return out->len - start > ATTEST_MAX ? SL_E_LIMIT : SL_OK;
}

int attest_split(const void *bytes, size_t len, struct statement *ret[ATTEST_LINES_MAX],
		 unsigned *ret_n, struct sl_why *why)
{
	const char *at = bytes, *end = at + len, *nl;
	struct statement *list[ATTEST_LINES_MAX];
	unsigned n = 0;
	int r = SL_OK;

	if (len == 0 || len > ATTEST_MAX)
		return why_set(why, SL_E_LIMIT, "attestations: size");
	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (nl == NULL)
			r = why_set(why, SL_E_FORMAT, "attestations: last line is not ended");
		else if (n == ATTEST_LINES_MAX)
			r = why_set(why, SL_E_LIMIT, "attestations: too many lines");
		else
			r = statement_parse(at, (size_t)(nl - at), &list[n], why);
		if (r != SL_OK)
			break;
		n++;
		/* Strictly ascending: also no line twice. */
		if (n > 1 && strcmp(list[n - 2]->sha256, list[n - 1]->sha256) >= 0) {
			r = why_set(why, SL_E_FORMAT, "attestations: lines are not in order");
			break;
		}
	}
	if (r != SL_OK) {
		while (n > 0)
			statement_free(list[--n]);
		return r;
	}
	memcpy(ret, list, n * sizeof(list[0]));
	*ret_n = n;
	return SL_OK;
}
