/* roster_command.c - sluice-keys roster: the arguments of a change, and what follows from it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "keys/ceremony.h"
#include "keys/commands.h"
#include "keys/roster_edit.h"
#include "trust/roster_ended.h"

enum { DAY_S = 24 * 3600, YEAR_DAYS = 365, DIFF_MAX = 1 << 20 };

const struct cli_option roster_options[] = {
	{"out", "FILE", N_("the next version is written here (a new file)"), false},
	{"draft", NULL, N_("FILE is not signed yet: change it in place, keep its version"),
	 false},
	{"person", "PID", N_("pseudonym of the person, such as p-21"), false},
	{"unit", "UNIT", N_("the person's unit, such as u-03"), false},
	{"role", "ROLE", N_("a role that the person gets"), true},
	{"drop-role", "ROLE", N_("a role that the person gives up"), true},
	{"key", "FILE.pub", N_("the new public key (new: those of gateway and inspector)"),
	 true},
	{"old", "KEYID", N_("the key that ends or is gone; its first 8 digits or more"), false},
	{"from", "YYYY-MM-DD", N_("first day of the new key (today)"), false},
	{"until", "YYYY-MM-DD", N_("last day of the new key (365 days); of a substitute"),
	 false},
	{"on", "YYYY-MM-DD", N_("leave: the day on which the person's keys end (at once)"),
	 false},
	{"after", "FILE", N_("substitute: the version after that, which ends the substitution"),
	 false},
	{.name = NULL},
};

static const struct {
	const char *name;
	enum roster_op op;
} words[] = {
	{"join", ROSTER_JOIN},	     {"leave", ROSTER_LEAVE}, {"role", ROSTER_ROLE},
	{"key", ROSTER_KEY},	     {"lost", ROSTER_LOST},   {"stolen", ROSTER_LOST},
	{"substitute", ROSTER_ROLE},
};
enum { WORDS = sizeof(words) / sizeof(words[0]) };

static int read_day(const struct cli *c, const char *name, int64_t usual, int64_t *ret_t,
		    struct sl_why *why)
{
	const char *day = cli_value(c, name);
	char text[CLOCK_TEXT + 8];

	*ret_t = usual;
	if (day == NULL)
		return SL_OK;
	(void)snprintf(text, sizeof(text), "%.10sT00:00:00Z", day);
	return strlen(day) == 10 && clock_parse(text, strlen(text), ret_t)
		       ? SL_OK
		       : why_set(why, SL_E_USAGE, _("\"%s\" is not a day YYYY-MM-DD"), day);
}

static int read_roles(const struct cli *c, const char *option, const char **out,
		      struct sl_why *why)
{
	for (int i = 0; cli_value_at(c, option, i) != NULL; i++) {
		if (i == ROSTER_ROLES_MAX)
			return why_set(why, SL_E_LIMIT, _("too many roles"));
		out[i] = cli_value_at(c, option, i);
		if (!roster_role_known(out[i]))
			return why_set(why, SL_E_USAGE, _("there is no role %s"), out[i]);
	}
	return SL_OK;
}

static int read_change(const struct cli *c, struct roster_change *x, uint8_t key[KEY_PUBLIC],
		       struct sl_why *why)
{
	int64_t now = clock_now(), today = now - now % DAY_S;
	int r = read_day(c, "from", today, &x->from, why);

	x->pid = cli_value(c, "person");
	x->unit = cli_value(c, "unit");
	x->old = cli_value(c, "old");
	x->draft = cli_has(c, "draft");
	if (r == SL_OK)
		r = read_day(c, "until", x->from + (int64_t)YEAR_DAYS * DAY_S, &x->until, why);
	if (r == SL_OK)
		r = read_day(c, "on", 0, &x->on, why);
	if (r == SL_OK)
		r = read_roles(c, "role", x->roles, why);
	if (r == SL_OK)
		r = read_roles(c, "drop-role", x->drop, why);
	if (r == SL_OK && cli_value(c, "key") != NULL) {
		r = key_read_public(cli_value(c, "key"), key, &x->use, why);
		x->key = key;
	}
	return r;
}

static int write_next(const struct cli *c, const char *path, const char *policy,
		      const struct buf *bytes, struct sl_why *why)
{
	bool in_place = cli_has(c, "draft") && path == NULL;
	int r;

	if (path == NULL && !in_place)
		return why_set(why, SL_E_USAGE, _("--out FILE is needed"));
	if (!in_place && file_exists(AT_FDCWD, path))
		return why_set(why, SL_E_EXISTS, _("%s is there already"), path);
	path = in_place ? policy : path;
	r = file_write_durable(AT_FDCWD, path, bytes->data, bytes->len, 0644);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
}

/* What a person at the table must know beside the difference. */
static void say_consequences(const char *what)
{
	printf("\n%s\n", _("Nothing is in force yet: the policy officers sign this version in "
			   "a ceremony (sluice-keys ceremony init … --approval-policy FILE). "
			   "From the moment it is installed, approvals given under an older "
			   "version do not count any more and must be given again; what is "
			   "published stays published."));
	if (strcmp(what, "stolen") == 0)
		printf("%s\n",
		       _("A stolen key: install this version the same day. Look in the audit "
			 "log for what the key signed since it was last seen, and have others "
			 "look again at every release it approved; recall what nobody else "
			 "would approve. If the key of the gateway (rel, feed, snapshot, "
			 "timestamp) was stolen, a new policy is not enough: change root.json "
			 "or targets.json with ceremony init --remove and --add. Platforms "
			 "then "
			 "drop the timestamp and snapshot they stored, so that a thief's high "
			 "version numbers cannot lock them out."));
	if (strcmp(what, "role") == 0 || strcmp(what, "substitute") == 0)
		printf("%s\n", _("Roles carry no date: install the version on the day on which "
				 "the change takes effect."));
}

/* Nobody has to write it there, and nobody can leave it out. */
static int say_ended(const struct roster *before, const struct roster *after)
{
	struct roster_ended *list = NULL;
	unsigned n = 0;
	int r = roster_ended(before, after, &list, &n);

	if (r == SL_OK && n > 0)
		printf("%s\n", _("Each key that this version ends gets an entry in the public "
				 "release log when it is installed; anyone sees it with "
				 "sluice-pull log verify."));
	free(list);
	return r;
}

static int report(const struct cli *c, const char *what, const struct buf *old,
		  const struct buf *next, struct sl_why *why)
{
	struct roster *a = NULL, *b = NULL;
	struct buf text;
	int r = old == NULL ? SL_OK : roster_parse(old->data, old->len, &a, why);

	if (r == SL_OK)
		r = roster_parse(next->data, next->len, &b, why);
	if (r != SL_OK)
		goto out;
	buf_init(&text, DIFF_MAX);
	if (c->json) {
		roster_diff(a, b, CEREMONY_EN, &text);
		(void)json_print_take(json_pack("{s:s,s:I}", "difference", buf_str(&text),
						"version", (json_int_t)roster_version(b)));
	} else {
		roster_diff(a, b, i18n_is_zh() ? CEREMONY_ZH : CEREMONY_EN, &text);
		printf("%s", buf_str(&text));
		buf_clear(&text);
		roster_edit_gaps(b, clock_now(), &text);
		if (text.len > 0)
			printf("\n%s%s%s\n%s", cli_paint(c, CLI_YELLOW),
			       _("These classes cannot be approved by anyone at present:"),
			       cli_paint(c, CLI_RESET), buf_str(&text));
		if (what != NULL) {
			say_consequences(what);
			r = say_ended(a, b);
		}
	}
	buf_release(&text);
out:
	roster_free(a);
	roster_free(b);
	return r;
}

static int read_file(const char *path, struct buf *b, struct sl_why *why)
{
	int r;

	buf_init(b, JSON_SIGNED_MAX);
	r = file_read(AT_FDCWD, path, JSON_SIGNED_MAX, b);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
}

/* The end of a substitution is signed together with its beginning, so that nobody has to
 * remember to call the officers together again. */
static int write_after(const struct cli *c, const struct roster_change *x,
		       const struct buf *next, struct sl_why *why)
{
	struct roster_change end = {.op = ROSTER_ROLE, .pid = x->pid};
	const char *path = cli_value(c, "after");
	struct buf b;
	int r;

	if (path == NULL || cli_value(c, "until") == NULL)
		return why_set(why, SL_E_USAGE,
			       _("a substitute needs --until YYYY-MM-DD and --after FILE"));
	memcpy(end.drop, x->roles, sizeof(end.drop));
	buf_init(&b, JSON_SIGNED_MAX);
	r = roster_edit(next, &end, &b, why);
	if (r == SL_OK && file_exists(AT_FDCWD, path))
		r = why_set(why, SL_E_EXISTS, _("%s is there already"), path);
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, path, b.data, b.len, 0644);
	buf_release(&b);
	return r;
}

static int change_run(const struct cli *c, const char *what, enum roster_op op)
{
	struct roster_change x = {.op = op};
	const char *policy = c->operands[1];
	struct sl_why why = {.text = ""};
	uint8_t key[KEY_PUBLIC];
	struct buf old, next;
	int r;

	buf_init(&next, JSON_SIGNED_MAX);
	r = read_file(policy, &old, &why);
	if (r == SL_OK)
		r = read_change(c, &x, key, &why);
	if (r == SL_OK)
		r = roster_edit(&old, &x, &next, &why);
	if (r == SL_OK && strcmp(what, "substitute") == 0)
		r = write_after(c, &x, &next, &why);
	if (r == SL_OK)
		r = write_next(c, cli_value(c, "out"), policy, &next, &why);
	if (r == SL_OK)
		r = report(c, what, &old, &next, &why);
	if (r == SL_OK && !c->json && strcmp(what, "substitute") == 0)
		printf(_("%s ends the substitution; have it signed now too, in a folder of its "
			 "own, and install it on %s.\n"),
		       cli_value(c, "after"), cli_value(c, "until"));
	buf_release(&old);
	buf_release(&next);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, _("no policy was written"), NULL);
}

static int new_run(const struct cli *c)
{
	int64_t now = clock_now(), from = now - now % DAY_S, until;
	uint8_t keys[2][KEY_PUBLIC];
	bool have[2] = {false, false};
	struct sl_why why = {.text = ""};
	enum key_use use;
	struct buf b;
	int r = read_day(c, "until", from + (int64_t)YEAR_DAYS * DAY_S, &until, &why);

	buf_init(&b, JSON_SIGNED_MAX);
	for (int i = 0; r == SL_OK && cli_value_at(c, "key", i) != NULL; i++) {
		uint8_t key[KEY_PUBLIC];

		r = key_read_public(cli_value_at(c, "key", i), key, &use, &why);
		if (r == SL_OK && (use == KEY_DSSE_GATEWAY || use == KEY_DSSE_INSPECTOR)) {
			memcpy(keys[use == KEY_DSSE_INSPECTOR], key, KEY_PUBLIC);
			have[use == KEY_DSSE_INSPECTOR] = true;
		}
	}
	if (r == SL_OK && (!have[0] || !have[1]))
		r = why_set(&why, SL_E_USAGE,
			    _("give the gateway's two public keys with --key: one for "
			      "dsse-gateway, one for dsse-inspector"));
	if (r == SL_OK)
		r = roster_edit_new(keys[0], keys[1], from, until, &b, &why);
	if (r == SL_OK)
		r = write_next(c, c->operands[1], NULL, &b, &why);
	if (r == SL_OK)
		r = report(c, NULL, NULL, &b, &why);
	buf_release(&b);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, _("no policy was written"), NULL);
}

static int diff_run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	struct buf a, b;
	int r = read_file(c->operands[1], &a, &why), other;

	other = read_file(c->operands[2], &b, &why);
	r = r == SL_OK ? other : r;
	if (r == SL_OK)
		r = report(c, NULL, &a, &b, &why);
	buf_release(&a);
	buf_release(&b);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("these policies cannot be compared"), NULL);
}

int roster_command_run(const struct cli *c)
{
	const char *what = c->operands[0];
	bool diff = strcmp(what, "diff") == 0;

	if (crypto_start() != SL_OK)
		return cli_fail(SL_E_INTERNAL, NULL, _("no policy was written"), NULL);
	if ((c->n_operands == 3) != diff)
		return cli_fail(SL_E_USAGE, NULL,
				_("roster takes one policy; diff takes the old and the new"),
				NULL);
	if (strcmp(what, "check") == 0 || strcmp(what, "show") == 0)
		return persons_run(c);
	if (diff)
		return diff_run(c);
	if (strcmp(what, "new") == 0)
		return new_run(c);
	for (unsigned i = 0; i < WORDS; i++) {
		if (strcmp(words[i].name, what) == 0)
			return change_run(c, what, words[i].op);
	}
	return cli_fail(SL_E_USAGE, NULL, _("roster does not know this word"),
			_("It knows check, show, diff, new, join, leave, role, key, lost, "
			  "stolen and substitute."));
}
