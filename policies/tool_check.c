/* tool_check.c - sluice-policy check: would the gateway take this policy directory? */
#include <stdio.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/house.h"

static int print(const struct cli *c, const struct policy *p, const char *dir)
{
	char digest[HASH_HEX + 1];

	text_hex(policy_digest(p), HASH_LEN, digest);
	if (c->json)
		return tool_print(json_pack("{s:s,s:I,s:s,s:I,s:b}", "directory", dir,
					    "version", (json_int_t)policy_version(p), "sha256",
					    digest, "rules", (json_int_t)policy_rule_count(p),
					    "own_key", policy_has_key(p)));
	printf(_("%s: good\n  version  %u\n  digest   %s\n  rules    %u\n"), dir,
	       policy_version(p), digest, policy_rule_count(p));
	if (!policy_has_key(p))
		printf(_("  no hmac_key: suppressions, and what is remembered of refused "
			 "texts, "
			 "end with each new version; \"sluice-policy key %s\" gives it one\n"),
		       dir);
	return SL_OK;
}

int tool_check_run(const struct cli *c)
{
	const char *dir = c->operands[0];
	struct sl_why why = {.text = ""};
	struct policy *p = NULL;
	struct house *house = NULL;
	int r = crypto_start();

	if (r == SL_OK)
		r = policy_load(dir, &p, &why);
	if (r == SL_OK)
		r = house_load(dir, &house, &why);
	if (r == SL_OK)
		r = print(c, p, dir);
	policy_free(p);
	house_free(house);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the gateway would refuse this policy"),
				_("Correct the file at that line and check again."));
	return CLI_DONE;
}
