/* act_again.c - the second inspection: its command, its news, and what it lets pass. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/screen.h"
#include "tui/state.h"

static void show(struct tui *t)
{
	struct sl_why why = {""};
	int r = reader_show(&t->reader, PANEL_AGAIN, t->reader.part, tui_body(t), t->cols,
			    &why);

	if (r != SL_OK)
		tui_complain(t, r, &why);
}

void act_again(struct tui *t, const char *arg)
{
	struct again *a = &t->reader.again;
	bool pictures = strcmp(arg, "pictures") == 0;

	if (arg[0] != '\0' && !pictures && strcmp(arg, "again") != 0) {
		tui_say(t, true, _(":recheck again, or :recheck pictures."));
		return;
	}
	if (arg[0] != '\0' || a->state == AGAIN_NONE || a->state == AGAIN_WANTED ||
	    a->state == AGAIN_FAILED)
		again_start(a, &(struct reinspect_options){.see = pictures});
	show(t);
}

/* A difference is said whatever else was; other news only where nothing else stands. */
static void say(struct tui *t)
{
	struct again *a = &t->reader.again;
	char line[RECHECK_LINE];

	if (a->state != AGAIN_DONE && a->state != AGAIN_FAILED)
		return;
	recheck_line(a->result, line);
	if (a->state == AGAIN_FAILED)
		(void)snprintf(line, sizeof(line), _("not inspected again here: %s"),
			       a->why.text);
	if (again_differs(a) || a->asked || t->message[0] == '\0')
		tui_say(t, a->state == AGAIN_FAILED || again_differs(a), line);
	a->asked = false;
}

void act_again_turn(struct tui *t)
{
	if (!again_turn(&t->reader.again))
		return;
	if (t->reader.panel == PANEL_AGAIN)
		show(t);
	say(t);
}

/* Until it is there, or the person leaves it. */
static bool wait_for(struct tui *t)
{
	struct again *a = &t->reader.again;
	uint32_t key = SCREEN_NONE;
	char line[200];

	while (a->state == AGAIN_RUNS && key != SCREEN_ESCAPE) {
		(void)snprintf(line, sizeof(line),
			       _("This machine inspects it again before you approve: %u of %u "
				 "parts.  Esc leaves it."),
			       a->files, a->c->n_files);
		tui_say(t, false, line);
		tui_draw(t);
		screen_watch(again_fd(a));
		key = screen_key(again_patience(a));
		screen_watch(-1);
		if (key == SCREEN_RESIZE)
			act_resized(t);
		if (key == SCREEN_NONE || key == SCREEN_WAKE)
			(void)again_turn(a);
	}
	t->message[0] = '\0';
	if (a->state == AGAIN_RUNS)
		tui_say(t, false, _("Nothing was staged."));
	return a->state != AGAIN_RUNS;
}

/* Where it is required it reads pictures too, which nobody waits for. */
static bool come_to_an_end(struct tui *t, const struct reinspect_options *o)
{
	struct again *a = &t->reader.again;
	char line[300];

	if (a->state != AGAIN_RUNS)
		again_start(a, o);
	if (strcmp(t->s.config->recheck, "required") != 0)
		return wait_for(t);
	(void)again_turn(a);
	if (a->state != AGAIN_RUNS)
		return true;
	(void)snprintf(
		line, sizeof(line),
		_("Your configuration requires that this machine inspects it again before "
		  "you approve: %u of %u parts are done.  Read on, the title says when."),
		a->files, a->c->n_files);
	tui_say(t, true, line);
	a->asked = true;
	return false;
}

/* As the configuration wants it, and if that has not been done here before. */
static bool inspected(struct tui *t, const struct assurance *proved)
{
	struct again *a = &t->reader.again;
	struct reinspect_options o;

	if (!recheck_wants(t->s.config, a->result, proved, &o) || a->here)
		return true;
	if (!come_to_an_end(t, &o))
		return false;
	if (a->state == AGAIN_FAILED)
		tui_complain(t, SL_E_UNREACHABLE, &a->why);
	return a->state != AGAIN_FAILED;
}

bool act_again_allows(struct tui *t, char note[RECHECK_LINE])
{
	const struct again *a = &t->reader.again;
	struct assurance proved;
	struct sl_why why = {""};
	char line[640];
	int r = recheck_assure(&t->s, t->reader.c, &proved, &why);

	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return false;
	}
	if (!inspected(t, &proved))
		return false;
	r = recheck_judge(t->s.config, a->result, &proved, note, &why);
	if (r == SL_OK)
		return true;
	(void)snprintf(
		line, sizeof(line), "%s%s", why_text(&why, r),
		again_differs(a)
			? _("  Nobody approves it on this machine: i lists what differs; "
			    "tell the secrecy officers.")
			: _("  i says more, :recheck again tries again."));
	tui_say(t, true, line);
	return false;
}
