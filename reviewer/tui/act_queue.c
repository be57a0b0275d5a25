/* act_queue.c - what the commands do in the queue. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "tui/queue_draw.h"
#include "tui/state.h"

void act_refresh(struct tui *t)
{
	gate_refresh(&t->gate, &t->queue);
}

/* ---- open ---- */

/* The marked ones first, one after the other; each loses its mark when it is opened. */
static void open_next(struct tui *t, const char *arg)
{
	struct queue *q = &t->queue;
	const char *id = arg[0] != '\0' ? arg : queue_current(q);
	char chosen[QUEUE_ID], line[200];

	if (arg[0] == '\0' && q->n_marks > 0 && (id == NULL || !queue_marked(q, id)))
		id = q->marks[0];
	if (id == NULL) {
		tui_say(t, true, _("There is no draft to open here."));
		return;
	}
	(void)snprintf(chosen, sizeof(chosen), "%s", id);
	act_open(t, chosen);
	if (!t->reading)
		return;
	(void)queue_mark(q, chosen, false);
	if (q->n_marks > 0) {
		(void)snprintf(line, sizeof(line),
			       _("%u more are marked: back in the queue Enter opens the next."),
			       q->n_marks);
		tui_say(t, false, line);
	}
}

/* ---- filter and sort ---- */

static void say_filter(struct tui *t)
{
	tui_say(t, false,
		t->queue.filter[0] != '\0' ? _("Filtered; an empty filter shows all again.")
					   : _("All that waits is shown."));
}

/* "NAME = WORDS" keeps them under that name; false when the argument is no such thing. */
static bool save_filter(struct tui *t, const char *arg)
{
	const char *eq = strstr(arg, " = ");
	char name[SETTINGS_NAME];
	int r;

	if (eq == NULL || strchr(arg, ' ') != eq)
		return false;
	r = (size_t)(eq - arg) < sizeof(name) ? SL_OK : SL_E_LIMIT;
	if (r == SL_OK) {
		(void)snprintf(name, sizeof(name), "%.*s", (int)(eq - arg), arg);
		r = settings_set_filter(&t->settings, name, eq + 3);
	}
	if (r == SL_OK)
		r = settings_save(&t->settings);
	if (r != SL_OK) {
		tui_say(t, true, _("The filter cannot be kept under that name."));
		return true;
	}
	if (eq[3] == '\0') {
		tui_say(t, false, _("That name is forgotten."));
		return true;
	}
	queue_set_filter(&t->queue, eq + 3);
	tui_say(t, false, _("Kept; :filter and that name show it again."));
	return true;
}

static void filter(struct tui *t, const char *arg)
{
	const struct line_ask ask = {
		.prompt = "& ", .first = t->queue.filter, .history = &t->filters};
	char words[LINE_MAX_BYTES];
	const char *named;

	if (arg[0] != '\0') {
		if (save_filter(t, arg))
			return;
		(void)snprintf(words, sizeof(words), "%s", arg);
	} else if (!line_read(&ask, words)) {
		return;
	}
	named = settings_filter(&t->settings, words);
	queue_set_filter(&t->queue, named != NULL ? named : words);
	say_filter(t);
}

static void sort(struct tui *t, const char *arg)
{
	enum queue_sort s = (enum queue_sort)((t->queue.sort + 1) % SORT_COUNT);
	char line[120];

	if (arg[0] != '\0' && !queue_sort_from_name(arg, &s)) {
		tui_say(t, true, _("Columns: due, risk, age, unit, title, number."));
		return;
	}
	queue_set_sort(&t->queue, s, false);
	(void)snprintf(line, sizeof(line), _("Sorted by %s."), queue_sort_name(s));
	tui_say(t, false, line);
}

/* ---- search ---- */

static void find(struct tui *t, bool backwards)
{
	struct sl_why why = {""};
	unsigned row = 0, before = t->queue.at;
	int r;

	if (t->search[0] == '\0') {
		tui_say(t, true, _("Nothing was searched for yet: / searches."));
		return;
	}
	r = gate_find(&t->gate, &t->queue, t->search, backwards, &row, &why);
	if (r == SL_E_NOTFOUND) {
		tui_say(t, true, _("No title or number in this list has that."));
		return;
	}
	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return;
	}
	queue_go(&t->queue, row);
	if (backwards ? row >= before : row <= before)
		tui_say(t, false, _("Once around: searching went on from the other end."));
	else
		tui_say(t, false, _("Found; n and N go on."));
}

static void search(struct tui *t, const char *arg)
{
	const struct line_ask ask = {.prompt = "/", .history = &t->searches};

	if (arg[0] != '\0')
		(void)snprintf(t->search, sizeof(t->search), "%s", arg);
	else if (!line_read(&ask, t->search))
		return;
	find(t, false);
}

/* ---- marks ---- */

static void say_marks(struct tui *t)
{
	char line[200];

	(void)snprintf(
		line, sizeof(line),
		t->queue.n_marks > 0
			? _("%u marked: Enter opens them one after the other, r returns them.")
			: _("Nothing is marked."),
		t->queue.n_marks);
	tui_say(t, false, line);
}

static void mark(struct tui *t)
{
	const char *id = queue_current(&t->queue);

	if (id == NULL) {
		tui_say(t, true, _("There is no draft to mark here."));
		return;
	}
	if (!queue_mark(&t->queue, id, !queue_marked(&t->queue, id))) {
		tui_say(t, true, _("200 drafts can be marked, no more."));
		return;
	}
	(void)queue_move(&t->queue, COMMAND_DOWN, 0);
	say_marks(t);
}

static void mark_range(struct tui *t)
{
	if (queue_mark_range(&t->queue) < 0)
		tui_say(t, true,
			_("Mark one with the space key first, then go to the other end."));
	else
		say_marks(t);
}

void act_queue(struct tui *t, enum command cmd, const char *arg)
{
	struct queue *q = &t->queue;

	switch (cmd) {
	case COMMAND_OPEN:
		open_next(t, arg);
		return;
	case COMMAND_REFRESH:
		reasons_release(&t->reasons);
		act_refresh(t);
		tui_say(t, false, _("The gateway is asked again."));
		return;
	case COMMAND_FILTER:
		filter(t, arg);
		return;
	case COMMAND_SORT:
		sort(t, arg);
		return;
	case COMMAND_REVERSE:
		queue_set_sort(q, q->sort, !q->reverse);
		tui_say(t, false, _("Sorted the other way round."));
		return;
	case COMMAND_SEARCH:
		search(t, arg);
		return;
	case COMMAND_SEARCH_NEXT:
	case COMMAND_SEARCH_PREV:
		find(t, cmd == COMMAND_SEARCH_PREV);
		return;
	case COMMAND_MARK:
		mark(t);
		return;
	case COMMAND_MARK_RANGE:
		mark_range(t);
		return;
	case COMMAND_UNMARK:
		queue_unmark_all(q);
		say_marks(t);
		return;
	case COMMAND_RETURN:
		act_return_marked(t);
		return;
	default:
		if (!queue_move(q, cmd, queue_rows(q, tui_body(t), t->cols)))
			tui_say(t, true,
				_("This works in a draft: Enter opens the chosen one."));
	}
}
