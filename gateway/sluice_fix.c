/* sluice_fix.c - `sluice fix`: what the gateway can mend of a draft, shown before it counts.
 *
 * The gateway makes the copies; the author looks, and hands them in as any other revision,
 * signed here over exactly these bytes.  Nothing is handed in that would be blocked again for
 * certain, unless a person says so. */
#include "sluice.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/author.h"
#include "intake/author_fix.h"
#include "policy/present.h"
#include "policy/present_fix.h"
#include "policy/present_outcome.h"

enum { WAIT_MS = 15 * 60 * 1000, PATH_CAP = 4096 };

/* A spill is known by its state alone: nothing of it is asked for. */
static int refuse_spill(struct session *s, const char *draft, bool *ret_spill,
			struct sl_why *why)
{
	json_t *args = json_pack("{s:s}", "draft", draft);
	struct wire_reply reply = {0};
	const char *state;
	int r = wire_ask(s->wire, "draft.state", args, NULL, 0, &reply, why);

	state = json_str(reply.result, "state");
	*ret_spill = r == SL_OK && state != NULL && strcmp(state, "SPILL") == 0;
	wire_reply_release(&reply);
	json_decref(args);
	return r;
}

/* A new private directory that the author alone can read. */
static int private_dir(char out[PATH_CAP], struct sl_why *why)
{
	const char *tmp = getenv("XDG_RUNTIME_DIR");

	if (tmp == NULL || access(tmp, W_OK) != 0)
		tmp = getenv("TMPDIR");
	if (snprintf(out, PATH_CAP, "%s/sluice-fix.XXXXXX", tmp != NULL ? tmp : "/tmp") >=
	    PATH_CAP)
		return why_set(why, SL_E_LIMIT, "TMPDIR is too long");
	if (mkdtemp(out) == NULL)
		return why_set(why, sl_err_errno(errno), "%s: %s", out, strerror(errno));
	return SL_OK;
}

static int fetch_into(struct session *s, const char *draft, const struct author_fix *f,
		      const char *path, struct sl_why *why)
{
	int dir = file_open_dir(AT_FDCWD, path), r;

	if (dir < 0)
		return why_set(why, dir, "%s: %s", path, _(sl_strerror(dir)));
	r = author_fix_files(s, draft, f, dir, why);
	file_close(dir);
	return r;
}

static unsigned take_channels(const json_t *manifest, const char *out[AUTHOR_CHANNELS_MAX])
{
	const json_t *v;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_arr(manifest, "channels"), i, v)
	{
		if (n < AUTHOR_CHANNELS_MAX && json_string_value(v) != NULL)
			out[n++] = json_string_value(v);
	}
	return n;
}

/* The next revision: the copies, everything else as it was. */
static int hand_in(struct session *s, const char *draft, const struct author_fix *f,
		   const char *dir, json_t **ret_result, struct sl_why *why)
{
	const json_t *rows = json_arr(f->record, "files"), *row;
	struct author_draft d = {.title = json_str(f->record, "title"),
				 .content_type = json_str(f->manifest, "content_type"),
				 .column = json_str(f->manifest, "column"),
				 .disclosure = json_str(f->manifest, "disclosure"),
				 .corrects = json_str(f->manifest, "supersedes"),
				 .revises = draft,
				 .like = f->manifest};
	char *paths[AUTHOR_FILES_MAX] = {NULL};
	size_t i;
	int r = SL_OK;

	d.n_channels = take_channels(f->manifest, d.channels);
	json_array_foreach(rows, i, row)
	{
		if (i >= AUTHOR_FILES_MAX) {
			r = SL_E_LIMIT;
			break;
		}
		if (asprintf(&paths[i], "%s/%s", dir, json_str(row, "name")) < 0) {
			paths[i] = NULL;
			r = SL_E_NOMEM;
			break;
		}
	}
	d.files = paths;
	d.n_files = (int)json_array_size(rows);
	if (r == SL_OK)
		r = author_submit(s, &d, NULL, ret_result, why);
	for (i = 0; i < AUTHOR_FILES_MAX; i++)
		free(paths[i]);
	return r;
}

static int submit_fix(const struct cli *c, struct session *s, const struct author_fix *f)
{
	const char *draft = c->operands[0];
	struct sl_why why = {""};
	char dir[PATH_CAP];
	json_t *result = NULL;
	int code, r = private_dir(dir, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("nothing was handed in"), NULL);
	r = fetch_into(s, draft, f, dir, &why);
	if (r == SL_OK)
		r = hand_in(s, draft, f, dir, &result, &why);
	if (file_remove_tree(AT_FDCWD, dir) != SL_OK)
		(void)fprintf(stderr, _("%s could not be removed; remove it yourself\n"), dir);
	code = r == SL_OK ? sluice_outcome(c, s, result, f->record)
			  : cli_fail(r, &why, _("nothing was handed in"), NULL);
	json_decref(result);
	return code;
}

static int write_out(const struct cli *c, struct session *s, const struct author_fix *f,
		     const char *dir)
{
	struct sl_why why = {""};
	int r = file_mkdirs(dir, 0700);

	if (r == SL_OK)
		r = fetch_into(s, c->operands[0], f, dir, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the files were not written"), NULL);
	if (c->json)
		(void)json_print_take(json_pack("{s:s,s:O,s:s,s:b}", "draft", c->operands[0],
						"fix", f->record, "into", dir, "submitted", 0));
	else
		printf(_("The cleaned files are in %s. Hand them in with: sluice revise %s "
			 "FILE...\n"),
		       present_text(dir), c->operands[0]);
	return CLI_DONE;
}

static bool yes_typed(void)
{
	char line[16] = "";

	printf("%s ",
	       _("Hand this in as the next revision? Approvals given so far are void. [y/N]"));
	(void)fflush(stdout);
	return fgets(line, sizeof(line), stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
}

static void show(const struct cli *c, const struct author_fix *f)
{
	const char *title = json_str(f->record, "title"), *was = json_str(f->manifest, "title");

	if (title != NULL && was != NULL && strcmp(title, was) != 0)
		printf("%s: %s\n", _("title"), present_text(title));
	present_fix_changes(stdout, c, f->record);
	present_fix_by_hand(stdout, c, f->record);
}

static int nothing_changes(const struct cli *c, const struct author_fix *f)
{
	bool left = present_fix_blocks(f->record);

	if (c->json)
		(void)json_print_take(json_pack("{s:s,s:O,s:b}", "draft", c->operands[0], "fix",
						f->record, "submitted", 0));
	else if (left)
		printf("%s\n", _("Nothing of this can be mended without you."));
	else
		printf(_("There is nothing to fix in %s.\n"), c->operands[0]);
	return left ? CLI_REFUSED : CLI_DONE;
}

/* The record is here; what is to happen with it? */
static int decide(const struct cli *c, struct session *s, const struct author_fix *f)
{
	const char *out = cli_value(c, "out");
	bool changed = false, blocked = present_fix_blocks(f->record);

	(void)json_bool(f->record, "changed", &changed);
	if (!c->json)
		show(c, f);
	if (!changed)
		return nothing_changes(c, f);
	if (out != NULL)
		return write_out(c, s, f, out);
	if (blocked && !c->json)
		printf("%s\n", _("With what is left to you the new revision is blocked again: "
				 "do that first."));
	if (cli_has(c, "yes") && !blocked)
		return submit_fix(c, s, f);
	if (!c->json && !cli_has(c, "yes") && yes_typed())
		return submit_fix(c, s, f);
	if (c->json)
		(void)json_print_take(json_pack("{s:s,s:O,s:b}", "draft", c->operands[0], "fix",
						f->record, "submitted", 0));
	else
		printf(_("Nothing was handed in. The cleaned files alone: sluice fix --out DIR "
			 "%s\n"),
		       c->operands[0]);
	return cli_has(c, "yes") ? CLI_REFUSED : CLI_DONE;
}

/* The reviewer's words, all of them or nothing: what was refused is said. */
static int decide_edits(const struct cli *c, struct session *s, const struct author_fix *f)
{
	bool exact = present_edits_exact(f->record);

	if (!c->json) {
		printf(_("Edits of %s:\n"), present_text(json_str(f->record, "edits_by")));
		present_edits_applied(stdout, c, f->record);
	}
	if (exact && (cli_has(c, "yes") || (!c->json && yes_typed())))
		return submit_fix(c, s, f);
	if (c->json)
		(void)json_print_take(json_pack("{s:s,s:O,s:b}", "draft", c->operands[0], "fix",
						f->record, "submitted", 0));
	else if (!exact)
		printf(_("Nothing was handed in: change the document yourself and hand it in "
			 "with \"sluice revise %s FILE\".\n"),
		       c->operands[0]);
	else
		printf("%s\n", _("Nothing was handed in."));
	return exact && !cli_has(c, "yes") ? CLI_DONE : CLI_REFUSED;
}

static int run(const struct cli *c, bool accept)
{
	const char *draft = c->operands[0];
	struct author_fix f = {.record = NULL};
	struct sl_why why = {""};
	struct session s;
	bool spill = false;
	int code, r = session_open(c->config, &s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = refuse_spill(&s, draft, &spill, &why);
	if (r == SL_OK && !spill)
		r = author_fix(&s, draft, accept, WAIT_MS, &f, &why);
	if (spill) {
		(void)fprintf(stderr, "%s: %s\n", draft,
			      _("sealed as a spill, so nothing of it is cleaned or handed out: "
				"removing a mark does not make a paper public. Do not copy or "
				"send the file any further; the secrecy officers will call "
				"you."));
		code = CLI_SPILL;
	} else if (r != SL_OK) {
		code = cli_fail(r, &why, draft,
				r == SL_E_UNSUPPORTED
					? _("The draft is as it was. Change the document and "
					    "hand it in: sluice revise ID FILE")
					: NULL);
	} else {
		code = accept ? decide_edits(c, &s, &f) : decide(c, &s, &f);
	}
	if (code != CLI_UNREACHABLE)
		session_remind(&s, c);
	author_fix_release(&f);
	session_close(&s);
	return code;
}

int sluice_fix(const struct cli *c)
{
	return run(c, false);
}

int sluice_accept(const struct cli *c)
{
	return run(c, true);
}
