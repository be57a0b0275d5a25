/* tool_check.c - sluice-policy check: would the gateway take this policy directory? */
#include <fcntl.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "inspect/case.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/clocks.h"
#include "policy/house.h"
#include "policy/routes_check.h"

/* The year whose notice is missing, 0: none. */
static uint32_t missing_year(const struct policy *p)
{
	const struct clocks *c = policy_clocks(p);

	return workdays_missing(&c->workdays, clocks_day(c, clock_now()));
}

static int print(const struct cli *c, const struct policy *p, const char *dir)
{
	uint32_t missing = missing_year(p);
	char digest[HASH_HEX + 1];

	text_hex(policy_digest(p), HASH_LEN, digest);
	if (c->json)
		return tool_print(json_pack("{s:s,s:I,s:s,s:I,s:b,s:I,s:I}", "directory", dir,
					    "version", (json_int_t)policy_version(p), "sha256",
					    digest, "rules", (json_int_t)policy_rule_count(p),
					    "own_key", policy_has_key(p), "clocks",
					    (json_int_t)policy_clocks(p)->n, "missing_calendar",
					    (json_int_t)missing));
	printf(_("%s: good\n  version  %u\n  digest   %s\n  rules    %u\n"
		 "  clocks   %u\n"),
	       dir, policy_version(p), digest, policy_rule_count(p), policy_clocks(p)->n);
	if (missing != 0)
		printf(_("  warning: calendars/%u.json is missing; dates counted over it are "
			 "provisional. docs/clocks.md says how the year is added.\n"),
		       missing);
	if (!policy_has_key(p))
		printf(_("  no hmac_key: suppressions, and what is remembered of refused "
			 "texts, "
			 "end with each new version; \"sluice-policy key %s\" gives it one\n"),
		       dir);
	return SL_OK;
}

static bool knows(void *arg, const char *rule)
{
	struct rule_text t;

	return case_rule_text(arg, rule, &t) && t.severity != SEV_S0;
}

static int read_roster(const char *path, struct roster **ret_r, struct sl_why *why)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, JSON_SIGNED_MAX);
	r = file_read(AT_FDCWD, path, JSON_SIGNED_MAX, &bytes);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
	else
		r = roster_parse(bytes.data, bytes.len, ret_r, why);
	buf_release(&bytes);
	return r;
}

/* Routes by themselves, against the rules and, if one is given, an approval policy. */
static int check_routes(const char *dir, struct policy *p, const struct roster *roster,
			struct sl_why *why)
{
	struct routes *r = NULL;
	int res = routes_load(dir, &r, why);

	if (res == SL_OK)
		res = routes_check_rules(r, knows, p, why);
	if (res == SL_OK && roster != NULL)
		res = routes_check_roster(r, roster, why);
	routes_free(r);
	return res;
}

static int check_house(const char *dir, const struct roster *roster, struct sl_why *why)
{
	struct house *h = NULL;
	int r = house_load(dir, &h, why);

	if (r == SL_OK && roster != NULL && h->accounts != NULL)
		r = accounts_same_unit(h->accounts, h->path, roster, why);
	house_free(h);
	return r;
}

int tool_check_run(const struct cli *c)
{
	const char *dir = c->operands[0];
	struct sl_why why = {.text = ""};
	const char *approval = cli_value(c, "approval-policy");
	struct policy *p = NULL;
	struct roster *roster = NULL;
	int r = crypto_start();

	if (r == SL_OK)
		r = policy_load(dir, &p, &why);
	if (r == SL_OK)
		r = approval != NULL ? read_roster(approval, &roster, &why) : SL_OK;
	if (r == SL_OK)
		r = check_routes(dir, p, roster, &why);
	if (r == SL_OK)
		r = check_house(dir, roster, &why);
	if (r == SL_OK)
		r = print(c, p, dir);
	policy_free(p);
	roster_free(roster);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the gateway would refuse this policy"),
				_("Correct the file at that line and check again."));
	return CLI_DONE;
}
