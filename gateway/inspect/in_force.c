/* in_force.c - which rules the inspector goes by.
 *
 * Hostile: the directory, until its digest is signed for.  A set that replaced another is kept
 * until the last worker has let go of it, so that a draft is judged by one set from its first
 * file to its last. */
#include "inspect/in_force.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/slot.h"
#include "crypto/hash.h"
#include "trust/vouch.h"

enum { SETS_MAX = 4, ROSTER_MAX = 1 << 20, AGAIN_MS = 5000 };

struct in_force {
	const struct gateway_config *config;
	pthread_mutex_t lock;
	struct {
		struct policy *policy; /* NULL: free */
		unsigned held;
	} set[SETS_MAX];
	unsigned now; /* index of the one in force */
	struct timespec seen;
	int complaint; /* error of the last try, said once */
	int64_t again; /* monotonic: not tried before */
};

static int read_roster(const struct gateway_config *c, struct roster **ret_r,
		       struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, ROSTER_MAX);
	r = file_read(AT_FDCWD, c->approval_policy, ROSTER_MAX, &b);
	if (r == SL_OK)
		r = roster_parse(b.data, b.len, ret_r, why);
	else
		(void)why_set(why, r, "%s: %s", c->approval_policy, sl_strerror(r));
	buf_release(&b);
	return r;
}

/* Digest, then signatures, and only then anything is made of the bytes. */
static int load(const struct gateway_config *c, struct policy **ret_p, struct sl_why *why)
{
	uint8_t digest[HASH_LEN];
	struct vouch_result by;
	struct roster *roster = NULL;
	struct policy *p = NULL;
	char dir[SLOT_PATH];
	int r = slot_or(c->data, "policies", c->policies, dir);

	if (r == SL_OK)
		r = policy_digest_of(dir, digest, why);
	if (r == SL_OK)
		r = read_roster(c, &roster, why);
	if (r == SL_OK)
		r = vouch_check(dir, digest, roster, clock_now(), &by, why);
	if (r == SL_OK)
		r = policy_load_texts(dir, &p, why);
	if (r == SL_OK && (memcmp(policy_digest(p), digest, HASH_LEN) != 0 ||
			   (int64_t)policy_version(p) != by.version))
		r = why_set(why, SL_E_SIGNATURE, "%s: not the rules that were signed", dir);
	if (r == SL_OK) {
		*ret_p = p;
		p = NULL; /* moved */
	}
	roster_free(roster);
	policy_free(p);
	return r;
}

int in_force_open(const struct gateway_config *c, struct in_force **ret_f, struct sl_why *why)
{
	struct in_force *f = calloc(1, sizeof(*f));
	int r;

	if (f == NULL)
		return SL_E_NOMEM;
	f->config = c;
	f->seen = slot_changed(c->data, "policies");
	if (pthread_mutex_init(&f->lock, NULL) != 0) {
		free(f);
		return SL_E_NOMEM;
	}
	r = load(c, &f->set[0].policy, why);
	if (r != SL_OK) {
		in_force_close(f);
		return r;
	}
	*ret_f = f;
	return SL_OK;
}

void in_force_close(struct in_force *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 0; i < SETS_MAX; i++)
		policy_free(f->set[i].policy);
	(void)pthread_mutex_destroy(&f->lock);
	free(f);
}

const struct policy *in_force_hold(struct in_force *f)
{
	const struct policy *p;

	(void)pthread_mutex_lock(&f->lock);
	f->set[f->now].held++;
	p = f->set[f->now].policy;
	(void)pthread_mutex_unlock(&f->lock);
	return p;
}

void in_force_drop(struct in_force *f, const struct policy *p)
{
	(void)pthread_mutex_lock(&f->lock);
	for (unsigned i = 0; p != NULL && i < SETS_MAX; i++) {
		if (f->set[i].policy != p)
			continue;
		BUG(f->set[i].held == 0);
		if (--f->set[i].held == 0 && i != f->now) {
			policy_free(f->set[i].policy);
			f->set[i].policy = NULL;
		}
	}
	(void)pthread_mutex_unlock(&f->lock);
}

/* Put it in force when it is another set and no older one; takes p in every case. */
static int take(struct in_force *f, struct policy *p, bool *ret_changed, struct sl_why *why)
{
	const struct policy *now = f->set[f->now].policy;
	unsigned at = 0;
	int r = SL_OK;

	if (memcmp(policy_digest(now), policy_digest(p), HASH_LEN) == 0)
		goto out;
	if (policy_version(p) < policy_version(now)) {
		r = why_set(why, SL_E_REPLAY, "rules of version %u are older than those of %u",
			    policy_version(p), policy_version(now));
		goto out;
	}
	while (at < SETS_MAX && f->set[at].policy != NULL)
		at++;
	if (at == SETS_MAX) { /* drafts in hand hold all the others: the next look will do */
		r = SL_E_LIMIT;
		goto out;
	}
	f->set[at].policy = p;
	p = NULL; /* moved */
	if (f->set[f->now].held == 0) {
		policy_free(f->set[f->now].policy);
		f->set[f->now].policy = NULL;
	}
	f->now = at;
	*ret_changed = true;
out:
	policy_free(p);
	return r;
}

int in_force_renew(struct in_force *f, bool *ret_changed, struct sl_why *why)
{
	struct timespec t = slot_changed(f->config->data, "policies");
	struct policy *p = NULL;
	int64_t now = clock_mono_ms();
	int r = SL_OK, told = SL_OK;

	*ret_changed = false;
	(void)pthread_mutex_lock(&f->lock);
	if ((t.tv_sec == f->seen.tv_sec && t.tv_nsec == f->seen.tv_nsec) || now < f->again)
		goto out;
	r = load(f->config, &p, why);
	if (r == SL_OK)
		r = take(f, p, ret_changed, why);
	if (r == SL_OK)
		f->seen = t;
	else
		f->again = now + AGAIN_MS;
	told = f->complaint;
	f->complaint = r;
out:
	(void)pthread_mutex_unlock(&f->lock);
	return r == told ? SL_OK : r;
}
