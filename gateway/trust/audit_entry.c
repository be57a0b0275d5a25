/* audit_entry.c - entries of the audit log, one spelling each.
 *
 * Hostile: entry bytes.  Invariant: what parses is written back byte for byte. */
#include "trust/audit_entry.h"

#include <string.h>

#include "base/text.h"

static const char HEAD[] = "sluice-audit/1";
enum { LINES = 5, HEX = 64 };

static bool kind_ok(const char *s, size_t len)
{
	if (len == 0 || len >= AUDIT_KIND_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!(s[i] >= '0' && s[i] <= '9') && !(s[i] >= 'a' && s[i] <= 'z') &&
		    !(s[i] >= 'A' && s[i] <= 'Z') && s[i] != '-' && s[i] != '.' && s[i] != '_')
			return false;
	}
	return true;
}

int audit_entry_parse(const void *bytes, size_t len, struct audit_entry *ret_e)
{
	const char *s = bytes, *end = s + len, *line[LINES];
	struct audit_entry e = {.seq = 0};
	uint64_t seq, ms;
	size_t n[LINES];

	if (len > AUDIT_ENTRY_MAX)
		return SL_E_LIMIT;
	for (unsigned i = 0; i < LINES; i++) {
		if (!text_next_line(&s, end, &line[i], &n[i]))
			return SL_E_FORMAT;
	}
	if (s != end || n[0] != sizeof(HEAD) - 1 || memcmp(line[0], HEAD, n[0]) != 0 ||
	    !text_to_u64(line[1], n[1], INT64_MAX, &seq) ||
	    !text_to_u64(line[2], n[2], INT64_MAX, &ms) || !kind_ok(line[3], n[3]) ||
	    n[4] != HEX)
		return SL_E_FORMAT;
	e.seq = (int64_t)seq;
	e.ms = (int64_t)ms;
	memcpy(e.kind, line[3], n[3]);
	memcpy(e.sha256, line[4], HEX);
	if (!text_is_sha256(e.sha256))
		return SL_E_FORMAT;
	*ret_e = e;
	return SL_OK;
}

int audit_entry_write(const struct audit_entry *e, struct buf *out)
{
	if (!kind_ok(e->kind, strlen(e->kind)) || e->seq < 0 || e->ms < 0)
		return SL_E_FORMAT;
	buf_putf(out, "%s\n%lld\n%lld\n%s\n%s\n", HEAD, (long long)e->seq, (long long)e->ms,
		 e->kind, e->sha256);
	return buf_error(out);
}
