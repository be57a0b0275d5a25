/* dossier.c - the same proof for the installer, for sluice-pull and offline.
 *
 * Hostile: all bytes.  Invariant: nothing of a proof may be acted on before
 * dossier_judge returned SL_OK. */
#include "outlet/dossier.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "trust/log_entry.h"

static int find_release(struct dossier *p, struct sl_why *why)
{
	for (unsigned i = 0; i < p->n; i++) {
		const json_t *inputs = NULL;
		const char *policy = NULL;
		int r;

		if (p->statements[i]->kind != PRED_RELEASE)
			continue;
		r = release_read(p->statements[i], &inputs, &policy, &p->policy_version,
				 &p->serial, &p->time, why);
		if (r == SL_OK && !text_is_sha256(policy))
			r = why_set(why, SL_E_FORMAT, "the release names no policy");
		if (r == SL_OK)
			(void)snprintf(p->policy_sha256, sizeof(p->policy_sha256), "%s",
				       policy);
		return r;
	}
	return why_set(why, SL_E_DENIED, "no release statement");
}

int dossier_open(const struct buf *manifest, const struct buf *attest, struct dossier *ret_p,
		 struct sl_why *why)
{
	struct dossier p = {.manifest = NULL};
	int r = manifest_parse(manifest->data, manifest->len, &p.manifest, why);

	if (r == SL_OK)
		r = attest_split(attest->data, attest->len, p.statements, &p.n, why);
	if (r == SL_OK)
		r = find_release(&p, why);
	if (r != SL_OK) {
		dossier_release(&p);
		return r;
	}
	*ret_p = p; /* moved */
	return SL_OK;
}

int dossier_judge(struct dossier *p, const struct buf *policy, int64_t now, struct sl_why *why)
{
	struct approval_case c = {
		.manifest = p->manifest, .statements = p->statements, .n = p->n, .now = now};
	struct roster *roster = NULL;
	char hex[HASH_HEX + 1];
	int r;

	hash_hex(policy->data, policy->len, hex);
	if (strcmp(hex, p->policy_sha256) != 0)
		return why_set(why, SL_E_DENIED, "the release names another approval policy");
	r = roster_parse(policy->data, policy->len, &roster, why);
	if (r != SL_OK)
		return r;
	roster_free(p->roster);
	p->roster = roster; /* moved */
	c.roster = roster;
	return package_judge(&c, &p->result, why);
}

int dossier_logged(const struct dossier *p, const struct buf *manifest,
		   const struct buf *attest, const struct buf *proof,
		   const struct tlog_policy *witness, struct sl_why *why)
{
	struct log_entry e = {
		.kind = LOG_RELEASE, .version = p->manifest->version, .serial = p->serial};
	int r;

	(void)snprintf(e.id, sizeof(e.id), "%s", p->manifest->id);
	hash_hex(manifest->data, manifest->len, e.manifest_sha256);
	hash_hex(attest->data, attest->len, e.attest_sha256);
	r = log_entry_proved(&e, proof, witness, why);
	return r == SL_OK ? r : why_prefix(why, r, "log.tlog-proof");
}

void dossier_release(struct dossier *p)
{
	manifest_free(p->manifest);
	for (unsigned i = 0; i < p->n; i++)
		statement_free(p->statements[i]);
	roster_free(p->roster);
	*p = (struct dossier){.manifest = NULL};
}

void dossier_path(const char *id, int64_t version, const char *name, char out[DOSSIER_PATH_MAX])
{
	(void)snprintf(out, DOSSIER_PATH_MAX, "rel/%s/%" PRId64 "/%s", id, version, name);
}

bool dossier_policy_path(int64_t version, unsigned i, char out[DOSSIER_PATH_MAX])
{
	if (i == 0)
		(void)snprintf(out, DOSSIER_PATH_MAX, "policy/approval-policy.json");
	else
		(void)snprintf(out, DOSSIER_PATH_MAX, "policy/approval-policy-%" PRId64 ".json",
			       version);
	return i < 2;
}

void dossier_blob_path(const char *sha256, char out[DOSSIER_PATH_MAX])
{
	(void)snprintf(out, DOSSIER_PATH_MAX, "blobs/%.2s/%s", sha256, sha256);
}
