/* tool_accounts.c - sluice-policy accounts: units, who holds what, what runs out. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/house.h"
#include "policy/present.h"
#include "policy/workdays.h"

enum { ROSTER_MAX = 1 << 20 };

static const char *state_of(int64_t left)
{
	if (left < 0)
		return "lapsed";
	return left <= ACCOUNTS_WARN ? "soon" : "good";
}

static json_t *account_row(const struct account *k, int64_t today)
{
	json_t *roles = json_array(), *stands = json_array();
	int64_t left = accounts_left(k, today, NULL);

	for (unsigned i = 0; i < k->roles.n; i++)
		(void)json_array_append_new(roles, json_string(k->roles.item[i]));
	for (unsigned i = 0; i < k->substitutes_count; i++) {
		const struct substitute *s = &k->substitutes[i];

		(void)json_array_append_new(
			stands, json_pack("{s:s,s:s,s:s,s:s}", "for", s->instead_of, "role",
					  s->role, "from", s->from, "until", s->until));
	}
	return json_pack("{s:s,s:s,s:s,s:o,s:s,s:s,s:I,s:s,s:o}", "pid", k->pid, "name",
			 k->name, "unit", k->unit, "roles", roles, "trained_on", k->trained_on,
			 "confirmed_on", k->confirmed_on, "days_left", (json_int_t)left,
			 "state", state_of(left), "substitutes", stands);
}

static int print_json(const struct house *h, int64_t today)
{
	json_t *units = json_array(), *accounts = json_array();

	for (unsigned i = 0; i < h->units->units_count; i++) {
		const struct unit *u = &h->units->units[i];

		(void)json_array_append_new(units, json_pack("{s:s,s:s,s:s,s:s?}", "id", u->id,
							     "name", u->name, "kind", u->kind,
							     "parent", u->parent));
	}
	for (unsigned i = 0; i < h->accounts->accounts_count; i++)
		(void)json_array_append_new(accounts,
					    account_row(&h->accounts->accounts[i], today));
	return tool_print(json_pack("{s:o,s:o}", "units", units, "accounts", accounts));
}

static void print_account(const struct account *k, int64_t today)
{
	const char *what;
	int64_t left = accounts_left(k, today, &what);

	printf("  %-8s %s  ", present_text(k->pid), present_text(k->name));
	for (unsigned i = 0; i < k->roles.n; i++)
		printf("%s%s", i > 0 ? ", " : "", present_text(k->roles.item[i]));
	for (unsigned i = 0; i < k->substitutes_count; i++) {
		const struct substitute *s = &k->substitutes[i];

		printf("\n             ");
		printf(_("stands in for %s as %s, %s to %s"), present_text(s->instead_of),
		       present_text(s->role), present_text(s->from), present_text(s->until));
	}
	putchar('\n');
	if (left < 0)
		printf(_("             lapsed: %s %s is more than a year old; decisions are "
			 "refused\n"),
		       what, strcmp(what, "trained_on") == 0 ? k->trained_on : k->confirmed_on);
	else if (left <= ACCOUNTS_WARN)
		printf(_("             %s runs out in %lld days\n"), what, (long long)left);
}

static int print(const struct cli *c, const struct house *h, int64_t today)
{
	if (c->json)
		return print_json(h, today);
	for (unsigned i = 0; i < h->units->units_count; i++) {
		const struct unit *u = &h->units->units[i];

		printf("%s  %s (%s)\n", present_text(u->id), present_text(u->name),
		       present_text(u->kind));
		for (unsigned n = 0; n < h->accounts->accounts_count; n++) {
			if (strcmp(h->accounts->accounts[n].unit, u->id) == 0)
				print_account(&h->accounts->accounts[n], today);
		}
	}
	printf(_("%u units, %u accounts\n"), h->units->units_count,
	       h->accounts->accounts_count);
	return SL_OK;
}

static int check_roster(const struct house *h, const char *path, struct sl_why *why)
{
	struct roster *roster = NULL;
	struct buf b;
	int r;

	buf_init(&b, ROSTER_MAX);
	r = file_read(AT_FDCWD, path, ROSTER_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	if (r == SL_OK)
		r = roster_parse(b.data, b.len, &roster, why);
	if (r == SL_OK)
		r = accounts_same_unit(h->accounts, h->path, roster, why);
	if (r == SL_OK)
		r = accounts_within(h->accounts, roster, why);
	roster_free(roster);
	buf_release(&b);
	return r;
}

/* Nobody may act on an account that has lapsed, so a set with one is not good. */
static int check_lapsed(const struct accounts *a, int64_t today, struct sl_why *why)
{
	unsigned n = 0;
	const char *first = "";

	for (unsigned i = 0; i < a->accounts_count; i++) {
		if (accounts_left(&a->accounts[i], today, NULL) >= 0)
			continue;
		first = n++ == 0 ? a->accounts[i].pid : first;
	}
	return n == 0 ? SL_OK
		      : why_set(why, SL_E_EXPIRED,
				_("%u accounts have lapsed, %s first: training and "
				  "confirmation "
				  "hold for a year"),
				n, first);
}

int tool_accounts_run(const struct cli *c)
{
	const char *roster = cli_value(c, "roster"), *on = cli_value(c, "on");
	int64_t today = accounts_day(clock_now());
	struct sl_why why = {.text = ""};
	struct house *h = NULL;
	char dir[TOOL_PATH];
	int r = tool_policy_dir(c, dir);

	if (r == SL_OK && on != NULL && !workdays_parse(on, &today))
		return cli_fail(SL_E_USAGE, NULL, _("--on takes a day such as 2026-11-27"),
				NULL);
	if (r == SL_OK)
		r = house_load(dir, &h, &why);
	if (r == SL_OK && (h->units == NULL || h->accounts == NULL)) {
		printf(_("%s has no accounts.yaml: everybody acts in all roles that the "
			 "approval "
			 "policy gives.\n"),
		       dir);
		house_free(h);
		return CLI_DONE;
	}
	if (r == SL_OK && roster != NULL)
		r = check_roster(h, roster, &why);
	if (r == SL_OK)
		r = print(c, h, today);
	if (r == SL_OK)
		r = check_lapsed(h->accounts, today, &why);
	house_free(h);
	return r == SL_OK
		       ? CLI_DONE
		       : cli_fail(r, &why, _("the accounts are not good"),
				  _("Correct accounts.yaml, and have the set signed again."));
}
