/* package.c - the proof that a platform repeats: approvals, inspection and the
 * gateway's own statement fit together and cover exactly what is there.
 *
 * Hostile: everything but the roster. */
#include <string.h>

#include "trust/approval_private.h"

enum { SKEW_S = 300 };

/* Split off the one release statement. */
static int take_release(const struct approval_case *c, struct statement **rest, unsigned *ret_n,
			const struct statement **ret_release, struct sl_why *why)
{
	const struct statement *release = NULL;
	unsigned n = 0;

	if (c->n > ATTEST_LINES_MAX)
		return why_set(why, SL_E_LIMIT, "too many statements");
	for (unsigned i = 0; i < c->n; i++) {
		if (c->statements[i]->kind != PRED_RELEASE)
			rest[n++] = c->statements[i];
		else if (release == NULL)
			release = c->statements[i];
		else
			return why_set(why, SL_E_DENIED, "two release statements");
	}
	if (release == NULL)
		return why_set(why, SL_E_DENIED, "no release statement");
	*ret_n = n;
	*ret_release = release;
	return SL_OK;
}

/* inputs has no duplicates, so equal count and every one present is equality. */
static bool inputs_equal(const json_t *inputs, struct statement *const *rest, unsigned n)
{
	unsigned found = 0;
	const json_t *v;
	size_t i;

	json_array_foreach(inputs, i, v)
	{
		for (unsigned k = 0; k < n; k++) {
			if (strcmp(json_string_value(v), rest[k]->sha256) == 0) {
				found++;
				break;
			}
		}
	}
	return found == n && json_array_size(inputs) == n;
}

int package_judge(const struct approval_case *c, struct approval_result *ret,
		  struct sl_why *why)
{
	struct statement *rest[ATTEST_LINES_MAX];
	struct approval_case part = *c;
	const struct roster_person *p = NULL;
	const struct statement *release = NULL;
	struct approval_ground g;
	struct approval_result res;
	const char *policy;
	const json_t *inputs;
	int64_t policy_version, serial, time;
	int r = take_release(c, rest, &part.n, &release, why);

	if (r == SL_OK)
		r = release_read(release, &inputs, &policy, &policy_version, &serial, &time,
				 why);
	if (r != SL_OK)
		return r;
	if (time > c->now + SKEW_S)
		return why_set(why, SL_E_DENIED, "the release is dated in the future");
	/* An answer to one person, however well approved, is nobody else's to read. */
	for (unsigned i = 0; i < c->manifest->n_channels; i++) {
		if (strcmp(c->manifest->channels[i], MANIFEST_PRIVATE) == 0)
			return why_set(why, SL_E_DENIED,
				       "it is to be handed over privately and not published");
	}
	/* Approvals had to be valid when the release was made, not whenever it is read. */
	part.now = time;
	part.statements = rest;
	r = approval_ground(&part, &g, why);
	if (r == SL_OK)
		r = approval_signer(&g, release, KEY_DSSE_GATEWAY, time, &p, why);
	if (r != SL_OK)
		return r;
	if (strcmp(release->subject, g.subject) != 0)
		return why_set(why, SL_E_DENIED,
			       "the release statement is about another manifest");
	if (!roster_has_role(p, "gateway-service"))
		return why_set(why, SL_E_DENIED, "%s is no release service", p->pid);
	if (strcmp(policy, g.policy) != 0 || policy_version != roster_version(c->roster))
		return why_set(why, SL_E_DENIED, "the release names another policy version");
	if (!inputs_equal(inputs, rest, part.n))
		return why_set(why, SL_E_DENIED,
			       "the release does not name exactly the statements present");
	r = approval_judge(&part, &res, why);
	if (r != SL_OK)
		return r;
	if (!res.satisfied)
		return why_set(why, SL_E_DENIED, "the approval rule is not met: %s",
			       res.detail[0] != '\0' ? res.detail : res.missing[0]);
	*ret = res;
	return SL_OK;
}
