/* routes_signed.c - from the directory in force to routes that two officers stand by.
 *
 * Hostile: the directory, until its digest is signed for. */
#include "release/routes_signed.h"

#include <string.h>

#include "base/slot.h"
#include "policy/policy.h"
#include "trust/vouch.h"

void routes_signed_release(struct routes_signed *s)
{
	routes_free(s->now);
	memset(s, 0, sizeof(*s));
}

static int load(const struct gateway_config *c, const struct roster *roster, int64_t now,
		struct routes_signed *ret_s, struct sl_why *why)
{
	struct vouch_result by = {.n = 0};
	uint8_t digest[HASH_LEN];
	char dir[SLOT_PATH];
	int r = slot_or(c->data, "policies", c->policies, dir);

	if (r == SL_OK)
		r = policy_digest_of(dir, digest, why);
	if (r == SL_OK)
		r = vouch_check(dir, digest, roster, now, &by, why);
	if (r == SL_OK)
		r = routes_load(dir, &ret_s->now, why);
	if (r != SL_OK)
		return r;
	ret_s->version = by.version;
	ret_s->since = by.time;
	memcpy(ret_s->roster, roster_digest(roster), HASH_LEN);
	return SL_OK;
}

int routes_signed_renew(struct routes_signed *s, const struct gateway_config *c,
			const struct roster *roster, int64_t now, struct sl_why *why)
{
	struct timespec t = slot_changed(c->data, "policies");
	bool judged = memcmp(s->roster, roster_digest(roster), HASH_LEN) == 0;
	struct routes_signed next = {.seen = t};
	int r;

	if (s->now != NULL && judged && t.tv_sec == s->seen.tv_sec &&
	    t.tv_nsec == s->seen.tv_nsec)
		return SL_OK;
	r = load(c, roster, now, &next, why);
	if (r == SL_OK && next.version < s->version) {
		r = why_set(why, SL_E_REPLAY,
			    "rules of version %lld are older than those of %lld",
			    (long long)next.version, (long long)s->version);
	}
	if (r != SL_OK) {
		routes_free(next.now);
		if (!judged) {
			routes_free(s->now);
			s->now = NULL;
		}
		return r;
	}
	routes_free(s->now);
	*s = next; /* moved */
	return SL_OK;
}
