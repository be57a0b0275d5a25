/* tool_sign.c - sluice-policy sign: an officer answers for a policy directory with his own key.
 *
 * What is signed is the digest that reports name, so a report can be traced to the
 * person who put those rules in force.  Only a directory that loads can be signed.  The
 * statement goes beside the rules, where the gateway looks for those of two officers. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/dsse.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/routes.h"
#include "trust/vouch.h"

static int ask(const char *path, char *out, size_t cap)
{
	char prompt[512];

	(void)snprintf(prompt, sizeof(prompt), _("Passphrase of %.400s"), path);
	return cli_passphrase(prompt, out, cap);
}

static int sign(const struct policy *p, const char *dir, const struct key *k, const char *out,
		struct sl_why *why)
{
	struct vouch_facts f = {.version = policy_version(p), .time = clock_now()};
	struct buf body, envelope;
	int r;

	buf_init(&body, DSSE_MAX);
	buf_init(&envelope, DSSE_MAX);
	memcpy(f.digest, policy_digest(p), HASH_LEN);
	r = vouch_files(dir, &f.files);
	/* Too many to list: the digest covers them all the same. */
	if (r == SL_OK || r == SL_E_LIMIT)
		r = vouch_write(&f, &body);
	if (r == SL_OK)
		r = dsse_sign(k, VOUCH_TYPE, body.data, body.len, &envelope);
	if (r == SL_OK) {
		r = file_write_durable(AT_FDCWD, out, envelope.data, envelope.len, 0644);
		if (r != SL_OK)
			(void)why_set(why, r, "%s: %s", out, _(sl_strerror(r)));
	}
	vouch_release(&f);
	buf_release(&body);
	buf_release(&envelope);
	return r;
}

/* DIR/signatures/<start of the key's id>.json */
static int place(const char *dir, const struct key *k, char out[TOOL_PATH], struct sl_why *why)
{
	char folder[TOOL_PATH], name[32];
	int r = file_join(folder, sizeof(folder), dir, VOUCH_FOLDER);

	(void)snprintf(name, sizeof(name), "%.16s.json", key_id(k));
	if (r == SL_OK)
		r = file_mkdirs(folder, 0755);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", folder, _(sl_strerror(r)));
	return file_join(out, TOOL_PATH, folder, name);
}

static int print(const struct cli *c, const struct policy *p, const struct key *k,
		 const char *out)
{
	char digest[HASH_HEX + 1];

	text_hex(policy_digest(p), HASH_LEN, digest);
	if (c->json)
		return tool_print(json_pack("{s:s,s:s,s:s,s:I}", "file", out, "keyid",
					    key_id(k), "sha256", digest, "version",
					    (json_int_t)policy_version(p)));
	printf(_("Signed version %u of the policy in %s.\n  digest  %s\n  key     %s\n"),
	       policy_version(p), out, digest, key_id(k));
	return SL_OK;
}

int tool_sign_run(const struct cli *c)
{
	const char *key_file = cli_value(c, "key"), *out = cli_value(c, "out");
	char beside[TOOL_PATH];
	struct sl_why why = {.text = ""};
	struct policy *p = NULL;
	struct routes *routes = NULL;
	struct key *k = NULL;
	char dir[TOOL_PATH];
	int r;

	if (!cli_has(c, "policy") || key_file == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("what to sign is not clear"),
				_("Give --policy DIR and --key FILE."));
	r = tool_policy_dir(c, dir);
	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK)
		r = policy_load(dir, &p, &why);
	if (r == SL_OK)
		r = routes_load(dir, &routes, &why);
	routes_free(routes);
	if (r == SL_OK)
		r = key_load(key_file, KEY_DSSE_REVIEWER, ask, &k, &why);
	if (r == SL_OK && out == NULL) {
		r = place(dir, k, beside, &why);
		out = beside;
	}
	if (r == SL_OK)
		r = sign(p, dir, k, out, &why);
	if (r == SL_OK)
		r = print(c, p, k, out);
	key_free(k);
	policy_free(p);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, _("nothing was signed"), NULL);
}
