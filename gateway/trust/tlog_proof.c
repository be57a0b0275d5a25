/* tlog_proof.c - C2SP tlog-proof v1: an entry, its path, and the checkpoint it leads to.
 *
 * Hostile: proof files.  One spelling only: what parses and has no `extra` line is what
 * tlog_proof_write would have written. */
#include "trust/tlog_proof.h"

#include <string.h>

#include "base/text.h"

static const char HEAD[] = "c2sp.org/tlog-proof@v1\n";
enum { HEAD_SIZE = sizeof(HEAD) - 1, HASH_TEXT = 44 };

static int base64_ok(const char *s, size_t len, size_t max, struct buf *raw)
{
	buf_clear(raw);
	if (len == 0 || len > max || base64_get(s, len, raw) != SL_OK)
		return SL_E_FORMAT;
	return SL_OK;
}

static int parse(const char *s, size_t len, struct tlog_proof *p, struct buf *raw)
{
	const char *end = s + len, *line = NULL, *begin = s;
	size_t n = 0;

	if (len < HEAD_SIZE || memcmp(s, HEAD, HEAD_SIZE) != 0)
		return SL_E_FORMAT;
	s += HEAD_SIZE;
	if (!text_next_line(&s, end, &line, &n))
		return SL_E_FORMAT;
	if (n > 6 && memcmp(line, "extra ", 6) == 0 &&
	    (base64_ok(line + 6, n - 6, TLOG_PROOF_MAX, raw) != SL_OK ||
	     !text_next_line(&s, end, &line, &n)))
		return SL_E_FORMAT;
	if (n < 7 || memcmp(line, "index ", 6) != 0 ||
	    !text_to_u64(line + 6, n - 6, INT64_MAX, &p->index))
		return SL_E_FORMAT;
	for (;;) {
		if (!text_next_line(&s, end, &line, &n))
			return SL_E_FORMAT;
		if (n == 0)
			break;
		if (p->n == MERKLE_PROOF_MAX)
			return SL_E_LIMIT;
		if (base64_ok(line, n, HASH_TEXT, raw) != SL_OK || raw->len != HASH_LEN)
			return SL_E_FORMAT;
		memcpy(p->hash[p->n++], raw->data, HASH_LEN);
	}
	p->note_at = (size_t)(s - begin);
	return note_text(s, (size_t)(end - s), &n);
}

int tlog_proof_parse(const void *bytes, size_t len, struct tlog_proof *ret)
{
	struct tlog_proof p = {.n = 0};
	struct buf raw;
	int r;

	if (len > TLOG_PROOF_MAX)
		return SL_E_LIMIT;
	buf_init(&raw, TLOG_PROOF_MAX);
	r = parse(bytes, len, &p, &raw);
	buf_release(&raw);
	if (r == SL_OK)
		*ret = p;
	return r;
}

void tlog_proof_write(uint64_t index, const uint8_t (*hash)[HASH_LEN], unsigned n,
		      const void *note, size_t note_len, struct buf *out)
{
	buf_putf(out, "%sindex %llu\n", HEAD, (unsigned long long)index);
	for (unsigned i = 0; i < n; i++) {
		base64_put(out, hash[i], HASH_LEN);
		buf_puts(out, "\n");
	}
	buf_puts(out, "\n");
	buf_put(out, note, note_len);
}

int tlog_proof_check(const void *bytes, size_t len, const struct tlog_policy *p,
		     const void *entry, size_t entry_len, struct tlog_checkpoint *ret_c,
		     uint64_t *ret_index, struct sl_why *why)
{
	struct tlog_checkpoint c;
	struct tlog_proof proof;
	uint8_t leaf[HASH_LEN];
	int r = tlog_proof_parse(bytes, len, &proof);

	if (r != SL_OK)
		return why_set(why, r, "this is no log proof");
	r = tlog_policy_check(p, (const uint8_t *)bytes + proof.note_at, len - proof.note_at,
			      &c, why);
	if (r != SL_OK)
		return r;
	merkle_leaf(entry, entry_len, leaf);
	r = merkle_check_inclusion(leaf, proof.index, c.size,
				   (const uint8_t(*)[HASH_LEN])proof.hash, proof.n, c.root);
	if (r != SL_OK)
		return why_set(why, r, "the proof does not lead from this entry to the log");
	*ret_c = c;
	*ret_index = proof.index;
	return SL_OK;
}
