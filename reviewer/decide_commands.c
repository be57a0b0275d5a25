/* decide_commands.c - approve, return, refuse without the terminal UI.
 *
 * `approve` signs only what `show` or `get` delivered to this person on this machine before;
 * what is missing is listed by name. */
#include "decide_commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "edits.h"
#include "policy/present.h"
#include "recheck.h"
#include "seen.h"
#include "vote.h"

int commands_split_ack(char *text, const char **ret_rule, const char **ret_reason)
{
	char *eq = strchr(text, '=');

	if (eq == NULL || eq == text || eq[1] == '\0')
		return SL_E_USAGE;
	*eq = '\0';
	*ret_rule = text;
	*ret_reason = eq + 1;
	return SL_OK;
}

/* Everything that must hold before an approval may be signed; says what does not. */
static int ready_to_approve(const struct review_case *k, const struct seen *seen,
			    const struct vote_choice *v)
{
	struct buf open;
	int r;

	buf_init(&open, 64 << 10);
	r = seen_complete(seen, k, &open);
	if (r == SL_E_DENIED) {
		(void)fprintf(stderr, _("Never shown to you, so it cannot be approved:\n%s"),
			      buf_str(&open));
		(void)fprintf(stderr,
			      _("  -> sluice-review show %s   (or: get %s --into DIR)\n"),
			      k->id, k->id);
	} else if (r == SL_OK) {
		r = vote_unacknowledged(k, v, &open);
		if (r == SL_E_DENIED)
			(void)fprintf(stderr,
				      _("These findings need your reason before you sign:\n%s"
					"  -> --ack RULE=REASON, once for each\n"),
				      buf_str(&open));
	}
	buf_release(&open);
	return r;
}

/* What comes after it, for who decides for the first time. */
static void print_next(const char *decision)
{
	if (decision != NULL && strcmp(decision, "return") == 0)
		printf("  %s\n",
		       _("Its author is told; what is handed in again comes back here as "
			 "the next revision."));
	else if (decision != NULL && strcmp(decision, "refuse") == 0)
		printf("  %s\n",
		       _("Its author is told, and may ask the lead group once whether that "
			 "stands."));
}

static void print_vote(const struct cli *c, const json_t *result)
{
	const json_t *missing = json_arr(result, "missing"), *m;
	size_t i;

	if (c->json) {
		(void)json_print(result);
		return;
	}
	printf(_("%s: %s as %s is recorded."), present_text(json_str(result, "draft")),
	       present_text(json_str(result, "decision")),
	       present_text(json_str(result, "role")));
	if (json_array_size(missing) > 0) {
		printf(" %s", _("Still missing:"));
		json_array_foreach(missing, i, m)
			printf(" %s", present_text(json_string_value(m)));
	}
	putchar('\n');
	print_next(json_str(result, "decision"));
}

static int collect_acks(const struct cli *c, struct vote_choice *v, char *copies[])
{
	for (int i = 0; cli_value_at(c, "ack", i) != NULL; i++) {
		if (v->n_acks == VOTE_ACKS_MAX)
			return SL_E_LIMIT;
		copies[v->n_acks] = strdup(cli_value_at(c, "ack", i));
		if (copies[v->n_acks] == NULL)
			return SL_E_NOMEM;
		int r = commands_split_ack(copies[v->n_acks], &v->ack[v->n_acks].rule,
					   &v->ack[v->n_acks].reason);

		v->n_acks++;
		if (r != SL_OK)
			return r;
	}
	return SL_OK;
}

static void show_inspection(uint64_t done, uint64_t total)
{
	cli_progress(_("inspecting"), done, total);
}

static int vote_on(const struct cli *c, struct session *s, struct vote_choice *v,
		   struct sl_why *why, json_t **ret_result)
{
	bool approve = strcmp(v->decision, "approve") == 0;
	char note[RECHECK_LINE];
	struct review_case *k = NULL;
	json_t *edits = NULL;
	struct seen *seen = NULL;
	int r = case_open(s, c->operands[0], 0, &k, why);

	if (r == SL_OK)
		r = seen_load(s->config, k->id, k->revision, &seen, why);
	if (r == SL_OK && v->role == NULL) {
		v->role = vote_only_role(s, k);
		if (v->role == NULL)
			r = why_set(why, SL_E_USAGE, "%s",
				    _("name the role you sign in: --role ROLE"));
	}
	if (r == SL_OK && approve) {
		r = ready_to_approve(k, seen, v);
		if (r != SL_OK)
			(void)why_set(why, r, "%s", _("not approved"));
	}
	if (r == SL_OK && cli_value(c, "edit") != NULL)
		r = edits_read(c, s, k, &edits, why);
	v->edits = edits;
	if (r == SL_OK && approve) {
		r = recheck_gate(s, k, show_inspection, note, why);
		if (r == SL_OK && note[0] != '\0')
			(void)fprintf(stderr, "%s\n", note);
	}
	if (r == SL_OK)
		r = vote_cast(s, k, seen, v, ret_result, why);
	v->edits = NULL;
	json_decref(edits);
	seen_free(seen);
	case_free(k);
	return r;
}

static int cast(const struct cli *c, const char *decision)
{
	struct vote_choice v = {.decision = decision,
				.role = cli_value(c, "role"),
				.code = cli_value(c, "code"),
				.reason = cli_value(c, "reason")};
	char *copies[VOTE_ACKS_MAX] = {NULL};
	struct sl_why why = {""};
	json_t *result = NULL;
	struct session s;
	int code = CLI_USAGE, r;

	r = collect_acks(c, &v, copies);
	if (r != SL_OK) {
		code = cli_fail(r, NULL,
				_("--ack takes RULE=REASON, for example --ack WS-004=\"...\""),
				NULL);
		goto free_copies;
	}
	if (strcmp(decision, "approve") != 0 && (v.code == NULL || v.reason == NULL)) {
		code = cli_fail(SL_E_USAGE, NULL,
				_("a code and a reason for the author are needed"),
				_("--code CODE --reason \"one sentence\""));
		goto free_copies;
	}
	if (commands_start(c, &s, &code) != SL_OK)
		goto free_copies;
	r = vote_on(c, &s, &v, &why, &result);
	if (r == SL_OK) {
		print_vote(c, result);
		code = CLI_DONE;
	} else {
		code = cli_fail(r, &why, c->operands[0], NULL);
	}
	json_decref(result);
	session_close(&s);
free_copies:
	for (unsigned i = 0; i < v.n_acks; i++)
		free(copies[i]);
	return code;
}

int decide_approve(const struct cli *c)
{
	return cast(c, "approve");
}
int decide_return(const struct cli *c)
{
	return cast(c, "return");
}
int decide_refuse(const struct cli *c)
{
	return cast(c, "refuse");
}
