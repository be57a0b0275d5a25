/* sluice_pull_log.c - anyone with the trust root checks the public log of a tree.
 *
 * Hostile: everything but the root file.  A directory is read as a directory, anything
 * with "://" in it through the one network client. */
#include "sluice_pull_log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "outlet/fetch.h"
#include "outlet/log_verify.h"
#include "sandbox/role.h"

const struct cli_option sluice_pull_log_options[] = {
	{"trust", "FILE", N_("root.json to prove against"), false},
	{"without", "LAYER", N_("accept that this isolation layer is missing on this host"),
	 true},
	{.name = NULL},
};

struct job {
	struct buf root;
	struct fetch *fetch; /* of an address */
	int dir;	     /* or of a directory */
	char state[32];	     /* made for this run, removed after it */
	json_t *keys;	     /* whose end the log tells */
};

static int read_file(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct job *j = arg;

	return file_read(j->dir, path, max, out);
}

/* Names of persons are the policy's pseudonyms. */
static void ended(void *arg, const struct log_keys_ended *e)
{
	const struct job *j = arg;
	char until[CLOCK_TEXT + 1] = "";
	json_t *o = json_pack("{s:I,s:s,s:s,s:I,s:s,s:s}", "entry", (json_int_t)e->index, "key",
			      e->what.key->keyid, "person", e->what.person->pid, "policy",
			      (json_int_t)e->version, "policy_sha256", e->policy_sha256, "use",
			      key_use_name(e->what.key->use));

	if (e->what.listed) {
		clock_format(e->what.until, until);
		(void)json_object_set_new(o, "until", json_string(until));
	}
	(void)json_array_append_new(j->keys, o);
}

static void progress(enum log_verify_stage stage, uint64_t done, uint64_t total)
{
	switch (stage) {
	case LOG_VERIFY_METADATA:
		printf("%s\n",
		       _("metadata and witness policy: signed by the keys of the root"));
		break;
	case LOG_VERIFY_FEED:
		printf(_("feed: %llu entries without a gap\n"), (unsigned long long)total);
		break;
	case LOG_VERIFY_CHECKPOINT:
		printf(_("checkpoint of %llu entries: signed by the log, cosigned by the "
			 "quorum\n"),
		       (unsigned long long)total);
		break;
	case LOG_VERIFY_ENTRIES:
		cli_progress(_("entries"), done, total);
		break;
	}
	(void)fflush(stdout);
}

static int confine(const struct cli *c, const struct job *j, struct sl_why *why)
{
	static char layers[CLI_MAX_VALUES][64];
	static char *list[CLI_MAX_VALUES];
	struct config_list without = {.item = list};
	struct role_paths paths = {.n = 0};
	const char *name;

	while ((name = cli_value_at(c, "without", (int)without.n)) != NULL) {
		(void)snprintf(layers[without.n], sizeof(layers[0]), "%s", name);
		list[without.n] = layers[without.n];
		without.n++;
	}
	role_path(&paths, j->state, true, false);
	if (j->dir >= 0)
		role_path(&paths, c->operands[1], false, false);
	else if (strncmp(c->operands[1], "file://", 7) == 0)
		role_path(&paths, c->operands[1] + 7, false, false);
	role_paths_network(&paths);
	return role_sandbox("pull", &paths, &without, why);
}

static int prepare(const struct cli *c, struct job *j, struct sl_why *why)
{
	const char *from = c->operands[1];
	int r = crypto_start();

	if (r == SL_OK && strstr(from, "://") == NULL) {
		j->dir = file_open_dir(AT_FDCWD, from);
		if (j->dir < 0)
			return why_set(why, j->dir, _("%s is no directory of a tree"), from);
	} else if (r == SL_OK) {
		r = fetch_start();
	}
	if (r == SL_OK)
		r = confine(c, j, why);
	if (r == SL_OK && j->dir < 0)
		r = fetch_open(from, &j->fetch, why);
	return r;
}

static int run(const struct cli *c, struct job *j, struct log_verify_result *ret,
	       struct sl_why *why)
{
	struct log_verify_options o = {.root = &j->root,
				       .state_dir = j->state,
				       .now = clock_now(),
				       .progress = c->json ? NULL : progress,
				       .ended = ended,
				       .ended_arg = j};
	int r = prepare(c, j, why);

	if (r != SL_OK)
		return r;
	o.source = j->fetch != NULL ? fetch_tuf(j->fetch)
				    : (struct tuf_fetcher){.get = read_file, .arg = j};
	return log_verify(&o, ret, why);
}

static void print_json(const struct job *k, const struct log_verify_result *v, int r,
		       const struct sl_why *why)
{
	char root[HASH_HEX + 1];
	json_t *j;

	text_hex(v->root, HASH_LEN, root);
	j = json_pack("{s:O,s:I,s:s,s:I,s:I,s:b}", "keys", k->keys, "size", (json_int_t)v->size,
		      "root", root, "releases", (json_int_t)v->releases, "notices",
		      (json_int_t)v->notices, "ok", r == SL_OK);
	if (r != SL_OK && j != NULL) {
		char safe[2 * sizeof(why->text)];
		const char *text = why_text(why, r);

		(void)text_safe(text, strlen(text), safe, sizeof(safe));
		(void)json_object_set_new(j, "fault", json_string(safe));
	}
	(void)json_print_take(j);
}

static void print_keys(const struct job *j)
{
	const json_t *o;
	size_t i;

	json_array_foreach(j->keys, i, o)
	{
		const char *until = json_str(o, "until");
		int64_t policy = 0, entry = 0;

		if (!json_i64(o, "policy", &policy) || !json_i64(o, "entry", &entry))
			continue;
		if (until == NULL)
			printf(_("key %.16s… (%s of %s) is gone since approval policy version "
				 "%lld: entry %lld\n"),
			       json_str(o, "key"), json_str(o, "use"), json_str(o, "person"),
			       (long long)policy, (long long)entry);
		else
			printf(_("key %.16s… (%s of %s) ends on %s since approval policy "
				 "version %lld: entry %lld\n"),
			       json_str(o, "key"), json_str(o, "use"), json_str(o, "person"),
			       until, (long long)policy, (long long)entry);
	}
}

static int work(const struct cli *c, struct job *j)
{
	struct log_verify_result v = {.size = 0};
	struct sl_why why = {.text = ""};
	int r;

	j->keys = json_array();
	r = j->keys == NULL ? SL_E_NOMEM : run(c, j, &v, &why);

	fetch_close(j->fetch);
	file_close(j->dir);
	if (c->json) {
		print_json(j, &v, r, &why);
		json_decref(j->keys);
		return cli_exit_code(r);
	}
	print_keys(j);
	json_decref(j->keys);
	if (r != SL_OK)
		return cli_fail(
			r, &why, _("the release log is not proved"),
			_("Keep a copy of what you fetched and tell the publishing body "
			  "and its witnesses."));
	printf(_("%sgood%s: %llu entries; %llu releases and %llu notices, the same as in the "
		 "feed\n"),
	       cli_paint(c, CLI_GREEN), cli_paint(c, CLI_RESET), (unsigned long long)v.size,
	       (unsigned long long)v.releases, (unsigned long long)v.notices);
	return CLI_DONE;
}

/* Inside its sandbox the worker may not remove its own directory; whoever waits for it can. */
static int work_apart(const struct cli *c, struct job *j)
{
	int status = 0;
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		int code = work(c, j);

		_exit(fflush(stdout) == 0 ? code : CLI_REFUSED);
	}
	role_signals();
	while (pid > 0 && waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return CLI_REFUSED;
		if (role_stopping())
			(void)kill(pid, SIGTERM);
	}
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : CLI_REFUSED;
}

int sluice_pull_log(const struct cli *c)
{
	const char *trust = cli_value(c, "trust");
	struct job j = {.dir = -1, .state = "/tmp/sluice-log.XXXXXX"};
	struct sl_why why = {.text = ""};
	int r;

	if (strcmp(c->operands[0], "verify") != 0 || trust == NULL)
		return cli_fail(SL_E_USAGE, NULL,
				_("the command is: log verify DIR-or-URL --trust root.json"),
				NULL);
	buf_init(&j.root, TUF_ROOT_MAX);
	r = file_read(AT_FDCWD, trust, TUF_ROOT_MAX, &j.root);
	if (r != SL_OK)
		r = why_set(&why, r, _("%s cannot be read"), trust);
	else if (mkdtemp(j.state) == NULL)
		r = why_set(&why, sl_err_errno(errno), _("no directory can be made in /tmp"));
	if (r != SL_OK) {
		buf_release(&j.root);
		return cli_fail(r, &why, _("the release log is not proved"), NULL);
	}
	r = work_apart(c, &j);
	buf_release(&j.root);
	if (file_remove_tree(AT_FDCWD, j.state) != SL_OK)
		(void)fprintf(stderr, _("sluice-pull: %s could not be removed\n"), j.state);
	return r;
}
