/* again.c - one step at a time between two keys; what it says is recheck.h's to word. */
#include "tui/again.h"

#include <string.h>

#include "base/i18n.h"
#include "reinspect_run.h"
#include "vote.h"

enum { QUIET_MS = 400, WATCH_MS = 1000 };

static bool is_voter(const struct session *s, const struct review_case *c)
{
	const char *roles[ROSTER_SLOTS_MAX];

	return vote_roles(s, c, roles) > 0;
}

void again_open(struct again *a, struct session *s, struct review_case *c, bool may_vote)
{
	again_close(a);
	a->s = s;
	a->c = c;
	a->result = recheck_recall(s->config, c);
	a->state = a->result != NULL ? AGAIN_DONE : AGAIN_NONE;
	if (may_vote && recheck_wants(s->config, a->result, NULL, &a->options) &&
	    is_voter(s, c))
		a->state = AGAIN_WANTED;
}

void again_close(struct again *a)
{
	reinspect_free(a->x);
	json_decref(a->result);
	memset(a, 0, sizeof(*a));
}

static void fail(struct again *a, int r)
{
	if (a->why.text[0] == '\0')
		(void)why_set(&a->why, r, "%s", _(sl_strerror(r)));
	reinspect_free(a->x);
	a->x = NULL;
	a->state = AGAIN_FAILED;
}

void again_start(struct again *a, const struct reinspect_options *o)
{
	int r;

	reinspect_free(a->x);
	a->x = NULL;
	a->options = *o;
	a->files = 0;
	a->why.text[0] = '\0';
	r = reinspect_start(a->s, a->c, &a->options, &a->x);
	a->state = AGAIN_RUNS;
	if (r != SL_OK)
		fail(a, r);
}

static void finish(struct again *a)
{
	json_decref(a->result);
	a->result = json_incref((json_t *)(uintptr_t)reinspect_result(a->x));
	a->here = true;
	/* Without a place to keep it, it holds until the draft is left. */
	(void)!recheck_remember(a->s->config, a->c, a->result);
	reinspect_free(a->x);
	a->x = NULL;
	a->state = AGAIN_DONE;
}

bool again_turn(struct again *a)
{
	unsigned before = a->files;
	bool done = false;
	int r;

	if (a->state == AGAIN_WANTED) {
		again_start(a, &a->options);
		return true;
	}
	if (a->state != AGAIN_RUNS)
		return false;
	r = reinspect_step(a->x, &done, &a->files, &a->why);
	if (r != SL_OK)
		fail(a, r);
	else if (done)
		finish(a);
	return r != SL_OK || done || a->files != before;
}

int again_patience(const struct again *a)
{
	if (a->state == AGAIN_WANTED)
		return QUIET_MS;
	return a->state == AGAIN_RUNS && reinspect_fd(a->x) < 0 ? 0 : WATCH_MS;
}

int again_fd(const struct again *a)
{
	return a->state == AGAIN_RUNS ? reinspect_fd(a->x) : -1;
}

void again_reap(void)
{
	reinspect_run_reap();
}

bool again_differs(const struct again *a)
{
	return recheck_differs(a->result);
}

void again_words(const struct again *a, char *out, size_t cap)
{
	const char *is = json_str(a->result, "state");

	out[0] = '\0';
	if (a->state == AGAIN_RUNS)
		(void)snprintf(out, cap, _("re-inspecting %u/%u parts…"), a->files,
			       a->c->n_files);
	else if (a->state == AGAIN_FAILED)
		(void)snprintf(out, cap, "%s", _("not re-inspected (i: why)"));
	else if (a->state != AGAIN_DONE || is == NULL)
		return;
	else if (strcmp(is, reinspect_state_name(REINSPECT_SAME)) == 0)
		(void)snprintf(out, cap, "%s", _("re-inspected: same"));
	else if (strcmp(is, reinspect_state_name(REINSPECT_PARTLY)) == 0)
		(void)snprintf(out, cap, "%s", _("re-inspected in part: same"));
	else if (!again_differs(a))
		(void)snprintf(out, cap, "%s", _("not re-inspected (i: why)"));
}

void again_print(const struct again *a, FILE *f)
{
	static const struct cli plain = {0};

	if (a->state == AGAIN_RUNS)
		(void)fprintf(f, _("This machine inspects the draft again: %u of %u parts.\n"),
			      a->files, a->c->n_files);
	else if (a->state == AGAIN_FAILED)
		(void)fprintf(f, _("The files could not be fetched: %s\n"), a->why.text);
	else if (a->result == NULL)
		(void)fprintf(f, "%s\n", _("This machine has not inspected the draft again."));
	if (a->result != NULL)
		recheck_print(f, &plain, a->result);
	(void)fprintf(f, "\n%s\n%s\n",
		      _(":recheck again inspects once more; :recheck pictures reads pictures "
			"and scanned pages, too, which takes longer."),
		      _("What is compared is all that depends on the files and the rules "
			"alone: kinds, objects, texts and findings."));
}
