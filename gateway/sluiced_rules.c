/* sluiced_rules.c - a set of rules comes into force: copied aside, proved, named.
 *
 * Hostile: the directory, until two secrecy officers' signatures over its digest are found
 * good; what is proved is the copy, which nobody else writes to. */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "policy/calendar.h"
#include "policy/house.h"
#include "policy/pack.h"
#include "policy/policy.h"
#include "policy/routes.h"
#include "policy/trial.h"
#include "trust/vouch.h"

enum { FILES_MAX = 200, FILE_BYTES = 8 << 20, ROSTER_MAX = 1 << 20 };

struct proving {
	const struct gateway_config *c;
	struct slot slot;
	uint8_t digest[HASH_LEN];
	struct vouch_result by;
	struct policy *policy;
	struct trial_result tests;
	struct sl_why first; /* what the first failed test says */
	bool new_key;	     /* another hmac_key is what the operator wants */
};

static bool has_end(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static bool is_yaml(const char *name, const void *arg)
{
	(void)arg;
	return has_end(name, ".yaml");
}

static bool is_calendar(const char *name, const void *arg)
{
	(void)arg;
	return is_yaml(name, arg) || calendar_named(name);
}

static bool is_signature(const char *name, const void *arg)
{
	(void)arg;
	return has_end(name, ".json");
}

static int copy(const struct proving *p, const char *dir, struct sl_why *why)
{
	static const struct {
		const char *folder;
		bool (*wanted)(const char *name, const void *arg);
	} parts[] = {{"packs", is_yaml},
		     {"lists", is_yaml},
		     {CALENDAR_FOLDER, is_calendar},
		     {VOUCH_FOLDER, is_signature},
		     {"", is_yaml}};
	char from[SLUICED_PATH];
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct slot_copy c = {.from = from,
				      .folder = parts[i].folder,
				      .wanted = parts[i].wanted,
				      .files = FILES_MAX,
				      .bytes = FILE_BYTES};

		r = file_join(from, sizeof(from), dir, parts[i].folder);
		/* Whether signatures are missing is said by whoever counts them; a set
		 * without calendars knows no holidays and says that. */
		if (r == SL_OK && (parts[i].wanted == is_yaml || file_exists(AT_FDCWD, from)))
			r = slot_copy(&p->slot, &c, why);
	}
	return r;
}

static int load_roster(const struct gateway_config *c, struct roster **ret_r,
		       struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, ROSTER_MAX);
	r = file_read(AT_FDCWD, c->approval_policy, ROSTER_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", c->approval_policy, sl_strerror(r));
	else
		r = roster_parse(b.data, b.len, ret_r, why);
	buf_release(&b);
	return r;
}

/* Who stands by the bytes in this directory. */
static int count_signatures(const struct gateway_config *c, const char *dir,
			    uint8_t digest[HASH_LEN], struct vouch_result *by,
			    struct sl_why *why)
{
	struct roster *roster = NULL;
	int r = policy_digest_of(dir, digest, why);

	if (r == SL_OK)
		r = load_roster(c, &roster, why);
	if (r == SL_OK)
		r = vouch_check(dir, digest, roster, clock_now(), by, why);
	roster_free(roster);
	return r;
}

/* Units and accounts by themselves, and beside the approval policy in force. */
static int check_house(const struct proving *p, struct sl_why *why)
{
	struct house *h = NULL;
	struct roster *roster = NULL;
	int r = house_load(p->slot.incoming, &h, why);

	if (r == SL_OK)
		r = load_roster(p->c, &roster, why);
	if (r == SL_OK && h->accounts != NULL)
		r = accounts_same_unit(h->accounts, h->path, roster, why);
	house_free(h);
	roster_free(roster);
	return r;
}

/* Never back to older rules, however well they are signed. */
static int check_newer(const struct proving *p, bool *ret_same, struct sl_why *why)
{
	char path[SLOT_PATH], digest[HASH_HEX + 1];
	json_t *facts = NULL;
	int64_t version = 0;
	int r = slot_current(p->c->data, "policies", path, &facts);

	if (r == SL_E_NOTFOUND)
		return SL_OK;
	text_hex(p->digest, HASH_LEN, digest);
	if (r == SL_OK && !json_i64(facts, "version", &version))
		r = SL_E_CORRUPT;
	if (r == SL_OK && json_str(facts, "sha256") != NULL &&
	    strcmp(json_str(facts, "sha256"), digest) == 0)
		*ret_same = true;
	else if (r == SL_OK && p->by.version <= version)
		r = why_set(why, SL_E_REPLAY,
			    _("version %lld is not newer than version %lld, which is in force: "
			      "raise \"version\" in policy.yaml and have it signed again"),
			    (long long)p->by.version, (long long)version);
	json_decref(facts);
	return r;
}

/* Suppressions and sketches are bound to the key; losing them must be meant. */
static int check_key(const struct proving *p, struct sl_why *why)
{
	char current[SLOT_PATH], path[SLUICED_PATH];
	struct pack_policy *was = NULL, *is = NULL;
	int r = slot_current(p->c->data, "policies", current, NULL);

	if (r == SL_E_NOTFOUND || (r == SL_OK && p->new_key))
		return SL_OK;
	if (r == SL_OK)
		r = file_join(path, sizeof(path), current, "policy.yaml");
	if (r == SL_OK)
		r = pack_policy_load(path, &was, why);
	if (r == SL_OK)
		r = file_join(path, sizeof(path), p->slot.incoming, "policy.yaml");
	if (r == SL_OK)
		r = pack_policy_load(path, &is, why);
	/* Without a key of its own each version ends them; nobody expects otherwise. */
	if (r == SL_OK && was->hmac_key != NULL &&
	    (is->hmac_key == NULL || strcasecmp(was->hmac_key, is->hmac_key) != 0))
		r = why_set(why, SL_E_DENIED,
			    is->hmac_key == NULL
				    ? _("policy.yaml has no hmac_key, the version in force has "
					"one: suppressions would end. Copy that line from "
					"%s/policy.yaml, or give --new-key")
				    : _("policy.yaml has another hmac_key than the version in "
					"force: suppressions would end. Copy that line from "
					"%s/policy.yaml, or give --new-key"),
			    current);
	pack_policy_free(was);
	pack_policy_free(is);
	return r;
}

static int note_failure(const struct trial_failure *f, void *arg)
{
	struct proving *p = arg;

	if (p->first.text[0] == '\0')
		(void)why_set(&p->first, SL_OK, "%s%s%.120s", f->message,
			      f->text != NULL ? ": " : "", f->text != NULL ? f->text : "");
	return SL_OK;
}

static int check_rules(struct proving *p, struct sl_why *why)
{
	struct trial_watch watch = {.failed = note_failure, .arg = p};
	struct routes *routes = NULL;
	int r = policy_load(p->slot.incoming, &p->policy, why);

	if (r == SL_OK)
		r = check_house(p, why);
	if (r == SL_OK && (int64_t)policy_version(p->policy) != p->by.version)
		r = why_set(why, SL_E_SIGNATURE,
			    _("policy.yaml says version %u, the signatures say %lld"),
			    policy_version(p->policy), (long long)p->by.version);
	if (r == SL_OK)
		r = check_key(p, why);
	/* With routes that contradict themselves no desk would start again. */
	if (r == SL_OK)
		r = routes_load(p->slot.incoming, &routes, why);
	routes_free(routes);
	if (r == SL_OK)
		r = trial_run(p->policy, &watch, &p->tests);
	if (r == SL_OK && p->tests.failed > 0)
		r = why_set(why, SL_E_DENIED, _("%u of the packs' own tests fail: %.380s"),
			    p->tests.failed, p->first.text);
	return r;
}

static int put_in_force(struct proving *p, struct sluiced_installed *done, struct sl_why *why)
{
	char name[SLOT_NAME];
	json_t *signers = json_array(), *facts;
	int r;

	for (unsigned i = 0; i < p->by.n; i++)
		(void)json_array_append_new(signers, json_string(p->by.pid[i]));
	(void)snprintf(name, sizeof(name), "%lld-%.16s", (long long)p->by.version,
		       done->sha256);
	facts = json_pack("{s:s,s:I,s:o,s:I}", "sha256", done->sha256, "version",
			  (json_int_t)p->by.version, "signers", signers, "installed",
			  (json_int_t)clock_now());
	r = facts == NULL ? SL_E_NOMEM : slot_commit(&p->slot, name, facts, why);
	json_decref(facts);
	return r;
}

int sluiced_rules_install(const struct gateway_config *c, const char *dir, bool new_key,
			  struct sluiced_installed *ret, struct sl_why *why)
{
	struct proving p = {.c = c, .slot = {.root = -1, .lock = -1}, .new_key = new_key};
	struct sluiced_installed done = {.version = 0};
	int r = crypto_start();

	if (r == SL_OK)
		r = slot_begin(&p.slot, c->data, "policies", why);
	if (r == SL_OK)
		r = copy(&p, dir, why);
	if (r == SL_OK)
		r = count_signatures(c, p.slot.incoming, p.digest, &p.by, why);
	if (r == SL_OK)
		r = check_newer(&p, &done.same, why);
	if (r == SL_OK)
		r = check_rules(&p, why);
	if (r == SL_OK) {
		text_hex(p.digest, HASH_LEN, done.sha256);
		done.version = policy_version(p.policy);
		done.rules = policy_rule_count(p.policy);
		done.tests = p.tests.positives + p.tests.near_misses;
		done.no_key = !policy_has_key(p.policy);
		done.persons = p.by.n;
		for (unsigned i = 0; i < 2; i++)
			(void)snprintf(done.pid[i], sizeof(done.pid[i]), "%s", p.by.pid[i]);
	}
	if (r == SL_OK && !done.same)
		r = put_in_force(&p, &done, why);
	if (r == SL_OK)
		*ret = done;
	else
		slot_explain(&p.slot, dir, why);
	policy_free(p.policy);
	slot_end(&p.slot);
	return r;
}

int sluiced_rules_look(const struct gateway_config *c, struct sluiced_installed *ret,
		       struct sl_why *why)
{
	struct sluiced_installed found = {.version = 0};
	struct vouch_result by;
	uint8_t digest[HASH_LEN];
	char dir[SLOT_PATH];
	int r = crypto_start();

	if (r == SL_OK)
		r = slot_or(c->data, "policies", c->policies, dir);
	if (r == SL_OK)
		r = count_signatures(c, dir, digest, &by, why);
	if (r != SL_OK)
		return r;
	text_hex(digest, HASH_LEN, found.sha256);
	found.version = (uint32_t)by.version;
	for (unsigned i = 0; i < 2; i++)
		(void)snprintf(found.pid[i], sizeof(found.pid[i]), "%s", by.pid[i]);
	*ret = found;
	return SL_OK;
}

/* The supervisor itself parses nothing that people wrote into packs. */
int sluiced_rules_first(const struct gateway_config *c, struct sl_why *why)
{
	struct sluiced_installed done;
	char path[SLOT_PATH];
	int ends[2] = {-1, -1}, status = 0, r;
	ssize_t n;
	pid_t pid;

	r = slot_current(c->data, "policies", path, NULL);
	if (r != SL_E_NOTFOUND)
		return r == SL_OK ? r
				  : why_set(why, r, "%s/policies/current: %s", c->data,
					    sl_strerror(r));
	if (pipe2(ends, O_CLOEXEC) != 0)
		return why_set(why, sl_err_errno(errno), "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		r = sluiced_rules_install(c, c->policies, false, &done, why);
		(void)!write(ends[1], why->text, strlen(why->text));
		_exit(r == SL_OK ? 0 : -r);
	}
	file_close(ends[1]);
	n = pid < 0 ? 0 : read(ends[0], why->text, sizeof(why->text) - 1);
	why->text[n > 0 ? n : 0] = '\0';
	file_close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return why_set(why, SL_E_IO, "fork: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return SL_OK;
	r = WIFEXITED(status) ? -WEXITSTATUS(status) : SL_E_INTERNAL;
	return why->text[0] != '\0' ? r
				    : why_set(why, r, "%s: %s", c->policies, sl_strerror(r));
}

static void print(const struct cli *c, const struct sluiced_installed *d, int64_t ms)
{
	if (c->json) {
		(void)json_print_take(json_pack(
			"{sI ss sI sI s[ss] sb sb sI}", "version", (json_int_t)d->version,
			"sha256", d->sha256, "rules", (json_int_t)d->rules, "tests",
			(json_int_t)d->tests, "signed_by", d->pid[0], d->pid[1], "same",
			d->same, "running", ms >= 0, "milliseconds", (json_int_t)ms));
		return;
	}
	printf(_("Version %u of the rules is in force.\n  digest     %s\n  signed by  %s, %s\n"
		 "  rules      %u, with %u tests that pass\n"),
	       d->version, d->sha256, d->pid[0], d->pid[1], d->rules, d->tests);
	if (d->same)
		printf("%s\n", _("It was in force before: nothing changed."));
	else if (ms >= 0)
		printf(_("The running gateway took it over in %lld ms; what waits for review "
			 "and what is public is inspected again.\n"),
		       (long long)ms);
	if (d->no_key)
		printf("%s\n", _("policy.yaml has no hmac_key: suppressions end with each new "
				 "version. \"sluice-policy key DIR\" gives it one."));
}

int sluiced_policy(const struct cli *c)
{
	struct sluiced_installed done = {.version = 0};
	struct sl_why why = {.text = ""};
	struct gateway_config *config;
	char name[SLOT_NAME];
	int64_t ms = -1;
	int code = CLI_DONE, r;

	if (strcmp(c->operands[0], "install") != 0)
		return cli_fail(SL_E_USAGE, NULL, _("policy knows \"install DIR\" only"), NULL);
	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	r = sluiced_rules_install(config, c->operands[1], cli_has(c, "new-key"), &done, &why);
	(void)snprintf(name, sizeof(name), "%u-%.16s", done.version, done.sha256);
	if (r != SL_OK)
		code = cli_fail(r, &why, _("the rules were not taken, those in force stay"),
				_("Correct it, test it with sluice-policy test, have it signed "
				  "and install it again."));
	else
		r = sluiced_wait_in_force(config, "policies", name, &ms, &why);
	if (code == CLI_DONE && r != SL_OK)
		code = cli_fail(r, &why, _("the running gateway has not taken the rules"),
				_("Look at its log; it tries again by itself."));
	if (code == CLI_DONE)
		print(c, &done, ms);
	config_gateway_free(config);
	return code;
}
