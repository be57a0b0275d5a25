/* desk_policy.c - which approval policy the desk goes by.
 *
 * Hostile: the repository's files.  Operators copy them one after the other, so a new
 * approval policy may be there before the metadata that vouches for it. */
#include "desk_policy.h"

#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "release/chain.h"

enum { LOOK_MS = 1000, POLICY_MAX = 1 << 20 };

static struct timespec changed(const struct desk_policy *p)
{
	struct stat st;

	if (stat(p->config->approval_policy, &st) != 0)
		return (struct timespec){.tv_sec = 0};
	return st.st_mtim;
}

void desk_policy_init(struct desk_policy *p, const struct gateway_config *config)
{
	memset(p, 0, sizeof(*p));
	p->config = config;
	p->seen = changed(p);
}

static int load(const struct desk_policy *p, struct roster **ret_r, struct buf *bytes,
		struct sl_why *why)
{
	struct chain_source s = {.trust_root = p->config->trust_root,
				 .repository = p->config->repository,
				 .approval_policy = p->config->approval_policy};
	struct chain *c = NULL;
	uint8_t digest[HASH_LEN];
	int r = chain_load(&s, clock_now(), &c, why);

	if (r != SL_OK)
		return r;
	buf_clear(bytes);
	r = file_read(AT_FDCWD, p->config->approval_policy, POLICY_MAX, bytes);
	if (r == SL_OK) {
		hash_bytes(bytes->data, bytes->len, digest);
		/* Changed again in between: the next look will see it. */
		if (memcmp(digest, roster_digest(c->roster), HASH_LEN) != 0)
			r = SL_E_CONFLICT;
	}
	if (r == SL_OK) {
		*ret_r = c->roster;
		c->roster = NULL; /* moved */
	}
	chain_free(c);
	return r;
}

bool desk_policy_poll(struct desk_policy *p, const struct roster *present,
		      struct roster **ret_r, struct buf *bytes, int *ret_error,
		      struct sl_why *why)
{
	int64_t now = clock_mono_ms();
	struct timespec t;
	struct roster *r = NULL;
	int e;

	*ret_error = SL_OK;
	if (now < p->next_ms)
		return false;
	p->next_ms = now + LOOK_MS;
	t = changed(p);
	if (t.tv_sec == p->seen.tv_sec && t.tv_nsec == p->seen.tv_nsec)
		return false;
	e = load(p, &r, bytes, why);
	if (e != SL_OK) {
		if (e != p->complaint)
			*ret_error = e;
		p->complaint = e;
		return false;
	}
	p->seen = t;
	p->complaint = SL_OK;
	if (memcmp(roster_digest(r), roster_digest(present), HASH_LEN) == 0) {
		roster_free(r);
		return false;
	}
	*ret_r = r;
	return true;
}
