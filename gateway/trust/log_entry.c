/* log_entry.c - entries of the release log, one spelling each.
 *
 * Hostile: entry bytes.  Invariant: what parses is written back byte for byte, so that
 * an entry and its hash mean one thing. */
#include "trust/log_entry.h"

#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "trust/tlog_proof.h"

static const char HEAD[] = "sluice-log/1";
static const char *const kinds[] = {"release", "notice", "policy", "root", "key", "anchor"};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), LINES = 5, WORDS = 3 };

static const char NOTHING[] =
	"0000000000000000000000000000000000000000000000000000000000000000";

const char *log_kind_name(enum log_kind k)
{
	BUG((unsigned)k >= KINDS);
	return kinds[k];
}

static bool id_ok(const char *s, size_t len)
{
	if (len == 0 || len >= sizeof(((struct log_entry *)NULL)->id))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!(s[i] >= '0' && s[i] <= '9') && !(s[i] >= 'a' && s[i] <= 'z') &&
		    !(s[i] >= 'A' && s[i] <= 'Z') && s[i] != '-')
			return false;
	}
	return true;
}

static bool key_id_ok(const char *s)
{
	return strlen(s) == LOG_KEY_ID && strspn(s, "0123456789abcdef") == LOG_KEY_ID;
}

/* What each kind must say and what it has nothing to say about. */
static bool meaning_ok(const struct log_entry *e)
{
	bool named = strcmp(e->id, "-") != 0, attested = strcmp(e->attest_sha256, NOTHING) != 0;

	switch (e->kind) {
	case LOG_RELEASE:
	case LOG_NOTICE:
		return named && attested && e->version > 0 && e->serial > 0;
	case LOG_KEY:
		return key_id_ok(e->id) && e->version > 0 && e->serial == 0 && !attested;
	case LOG_POLICY:
	case LOG_ROOT:
	case LOG_ANCHOR:
		break;
	}
	return !named && !attested;
}

static bool middle_ok(const char *s, size_t len, struct log_entry *e)
{
	const char *word[WORDS], *end = s + len;
	size_t n[WORDS];
	uint64_t version, serial;

	for (unsigned i = 0; i < WORDS; i++) {
		const char *space = memchr(s, ' ', (size_t)(end - s));

		if ((space == NULL) != (i == WORDS - 1))
			return false;
		word[i] = s;
		n[i] = (size_t)((space == NULL ? end : space) - s);
		s = space == NULL ? end : space + 1;
	}
	if (!id_ok(word[0], n[0]) || !text_to_u64(word[1], n[1], INT64_MAX, &version) ||
	    !text_to_u64(word[2], n[2], INT64_MAX, &serial))
		return false;
	memcpy(e->id, word[0], n[0]);
	e->version = (int64_t)version;
	e->serial = (int64_t)serial;
	return true;
}

static bool digest_ok(const char *s, size_t len, char out[65])
{
	if (len != HASH_HEX)
		return false;
	memcpy(out, s, len);
	return text_is_sha256(out);
}

int log_entry_parse(const void *bytes, size_t len, struct log_entry *ret_e)
{
	const char *s = bytes, *end = s + len, *line[LINES];
	struct log_entry e = {.version = 0};
	unsigned kind = 0;
	size_t n[LINES];

	if (len > LOG_ENTRY_MAX)
		return SL_E_LIMIT;
	for (unsigned i = 0; i < LINES; i++) {
		if (!text_next_line(&s, end, &line[i], &n[i]))
			return SL_E_FORMAT;
	}
	while (kind < KINDS &&
	       (n[1] != strlen(kinds[kind]) || memcmp(line[1], kinds[kind], n[1]) != 0))
		kind++;
	if (s != end || n[0] != sizeof(HEAD) - 1 || memcmp(line[0], HEAD, n[0]) != 0 ||
	    kind == KINDS || !middle_ok(line[2], n[2], &e) ||
	    !digest_ok(line[3], n[3], e.manifest_sha256) ||
	    !digest_ok(line[4], n[4], e.attest_sha256))
		return SL_E_FORMAT;
	e.kind = (enum log_kind)kind;
	if (!meaning_ok(&e))
		return SL_E_FORMAT;
	*ret_e = e;
	return SL_OK;
}

void log_entry_write(const struct log_entry *e, struct buf *out)
{
	buf_putf(out, "%s\n%s\n%s %lld %lld\n%s\n%s\n", HEAD, log_kind_name(e->kind), e->id,
		 (long long)e->version, (long long)e->serial, e->manifest_sha256,
		 e->attest_sha256);
}

void log_entry_key(const char *keyid, int64_t version, const char *policy_sha256,
		   struct log_entry *ret_e)
{
	*ret_e = (struct log_entry){.kind = LOG_KEY, .version = version};
	memcpy(ret_e->id, keyid, LOG_KEY_ID);
	memcpy(ret_e->manifest_sha256, policy_sha256, sizeof(ret_e->manifest_sha256));
	memcpy(ret_e->attest_sha256, NOTHING, sizeof(ret_e->attest_sha256));
}

int log_entry_proved(const struct log_entry *e, const struct buf *proof,
		     const struct tlog_policy *policy, struct sl_why *why)
{
	struct tlog_checkpoint c;
	struct buf entry;
	uint64_t index;
	int r;

	buf_init(&entry, LOG_ENTRY_MAX);
	log_entry_write(e, &entry);
	r = buf_error(&entry);
	if (r == SL_OK)
		r = tlog_proof_check(proof->data, proof->len, policy, entry.data, entry.len, &c,
				     &index, why);
	buf_release(&entry);
	return r;
}
