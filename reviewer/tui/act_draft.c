/* act_draft.c - what the commands do with one draft: read, stage a decision, save. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "get.h"
#include "policy/present_role.h"
#include "tui/dialog.h"
#include "tui/panel.h"
#include "tui/role.h"
#include "tui/screen.h"
#include "tui/state.h"

static void show(struct tui *t, enum panel panel, unsigned part)
{
	struct sl_why why = {""};
	int r = reader_show(&t->reader, panel, part, tui_body(t), t->cols, &why);

	if (r != SL_OK)
		tui_complain(t, r, &why);
}

void act_open(struct tui *t, const char *id)
{
	struct sl_why why = {""};
	char copy[QUEUE_ID];
	int r;

	if (id == NULL)
		return;
	(void)snprintf(copy, sizeof(copy), "%s", id); /* it may be the reader's own */
	if (t->reading)
		reader_close(&t->reader);
	t->reading = false;
	r = reader_open(&t->s, copy, &t->reader, &why);
	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return;
	}
	again_open(&t->reader.again, &t->s, t->reader.c, !t->readonly);
	t->reading = true;
	show(t, PANEL_PART, 0);
}

void act_leave(struct tui *t)
{
	if (t->reading)
		reader_close(&t->reader);
	t->reading = false;
	act_refresh(t);
}

void act_resized(struct tui *t)
{
	if (t->reading)
		show(t, t->reader.panel, t->reader.part);
}

/* ---- decisions ---- */

/* Every part opened? Otherwise name what was not. */
static bool all_read(struct tui *t)
{
	struct sl_why why = {""};
	struct buf open;
	char line[600];
	int r;

	buf_init(&open, 64 << 10);
	r = reader_settle(&t->reader, &open, &why);
	if (r == SL_E_DENIED && open.len > 0) {
		for (size_t i = 0; i < open.len; i++)
			open.data[i] = open.data[i] == '\n' ? ' ' : open.data[i];
		(void)snprintf(line, sizeof(line),
			       _("Open these first (keys [ and ], P for pages, or s to save): "
				 "%.400s"),
			       buf_str(&open));
		tui_say(t, true, line);
	} else if (r != SL_OK) {
		tui_complain(t, r, &why);
	}
	buf_release(&open);
	return r == SL_OK;
}

/* Anything in the report that nobody may approve? */
static const char *blocking_rule(const struct review_case *c)
{
	for (unsigned i = 0; i < c->n_files; i++) {
		const json_t *list = json_arr(case_file_report(c, i), "findings"), *f;
		size_t k;

		json_array_foreach(list, k, f)
		{
			const char *sev = json_str(f, "severity");

			if (sev != NULL && (strcmp(sev, "S0") == 0 || strcmp(sev, "S1") == 0) &&
			    (json_obj(f, "suppressed") == NULL || sev[1] == '0'))
				return json_str(f, "rule");
		}
	}
	return NULL;
}

static bool may_approve(struct tui *t, char note[RECHECK_LINE])
{
	const char *rule = blocking_rule(t->reader.c);
	char line[200];

	if (rule != NULL) {
		(void)snprintf(line, sizeof(line),
			       _("%.20s cannot be approved by anyone: r returns the draft."),
			       rule);
		tui_say(t, true, line);
		return false;
	}
	return all_read(t) && act_again_allows(t, note);
}

static void decide(struct tui *t, const char *decision)
{
	static struct dialog_text text; /* 30 KiB: kept off the stack */
	struct sl_why why = {""};
	struct vote_choice v;
	char line[640], note[RECHECK_LINE] = "";
	int r = stage_key(&t->s, t->reader.c, &why);

	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return;
	}
	if (strcmp(decision, "approve") == 0 && !may_approve(t, note))
		return;
	if (!dialog_decision(&t->s, &t->reasons, t->reader.c, decision, &v, &text, &why)) {
		tui_say(t, why.text[0] != '\0',
			why.text[0] != '\0' ? why.text : _("Nothing was staged."));
		return;
	}
	r = stage_add(&t->stage, t->reader.c, t->s.config->person, &v);
	if (r != SL_OK) {
		tui_say(t, true, _("200 decisions can be staged, no more: sign them first."));
		return;
	}
	(void)snprintf(line, sizeof(line),
		       _("Staged: %s %s as %s.  $ signs, u takes it back.%s%s"),
		       present_decision(decision), t->reader.c->id, present_role(v.role),
		       note[0] != '\0' ? "  " : "", note);
	tui_say(t, false, line);
}

/* ---- files ---- */

static void save_files(struct tui *t, const char *arg)
{
	struct sl_why why = {""};
	char dir[512], line[640];
	int r;

	(void)snprintf(dir, sizeof(dir), "%s", arg);
	if (dir[0] == '\0' &&
	    (!dialog_ask(_("Save into directory"), dir, sizeof(dir)) || dir[0] == '\0'))
		return;
	r = get_into(&t->s, t->reader.c, t->reader.seen, dir, NULL, &why);
	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return;
	}
	(void)snprintf(line, sizeof(line), _("Saved in %s"), dir);
	tui_say(t, false, line);
}

/* ---- moving about ---- */

/* The next window of this part; at its end the next part. */
static void read_on(struct tui *t)
{
	struct reader *r = &t->reader;
	unsigned before = r->top;

	if (r->panel == PANEL_PAGES && panel_pages_turn(r, 1)) {
		show(t, PANEL_PAGES, r->part);
		return;
	}
	if (r->panel != PANEL_PAGES)
		(void)reader_move(r, COMMAND_PAGE_DOWN, tui_body(t));
	if (r->top == before && r->part < r->c->n_files)
		show(t, PANEL_PART, r->part + 1);
	else if (r->top == before)
		tui_say(t, false, _("That is the end of the last part."));
}

/* Another part; in the pages another page first. */
static void turn_part(struct tui *t, int by)
{
	struct reader *r = &t->reader;
	unsigned parts = r->c->n_files + 1;

	if (r->panel == PANEL_PAGES && panel_pages_turn(r, by))
		show(t, PANEL_PAGES, r->part);
	else
		show(t, PANEL_PART, (r->part + parts + (unsigned)by) % parts);
}

static void pages(struct tui *t, const char *arg)
{
	static const char *const ways[] = {"symbols", "sixel", "kitty"};
	struct reader *r = &t->reader;
	uint64_t page = 0;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(arg, ways[i]) != 0)
			continue;
		r->draw_as = ways[i];
		show(t, PANEL_PAGES, r->part);
		return;
	}
	if (arg[0] != '\0' && !text_to_u64(arg, strlen(arg), 1000000, &page)) {
		tui_say(t, true, _("A number of a page, or symbols, sixel or kitty."));
		return;
	}
	if (r->panel != PANEL_PAGES)
		show(t, PANEL_PAGES, r->part);
	if (page == 0)
		return;
	if (panel_pages_turn(r, (int)page - (int)r->drawn_page))
		show(t, PANEL_PAGES, r->part);
	else
		tui_say(t, true, _("There is no such page."));
}

static void changes(struct tui *t)
{
	struct reader *r = &t->reader;

	/* Again the key: since this person's own last decision, and back. */
	r->since_vote = r->panel == PANEL_CHANGES && !r->since_vote;
	r->top = 0;
	show(t, PANEL_CHANGES, r->part);
}

static void jump(struct tui *t)
{
	struct sl_why why = {""};
	int r = reader_jump(&t->reader, &why);

	if (r == SL_E_USAGE)
		tui_say(t, true, _("Enter goes from a finding to its place: f lists them."));
	else if (r == SL_E_NOTFOUND)
		tui_say(t, false, _("This finding is about the file as a whole."));
	else if (r != SL_OK)
		tui_complain(t, r, &why);
}

/* A finding of the text; from other panels the list of them. */
static void to_finding(struct tui *t, enum command cmd)
{
	struct reader *r = &t->reader;
	unsigned before = r->top, chosen = r->chosen;

	(void)reader_move(r, cmd, tui_body(t));
	if (r->top == before && r->chosen == chosen)
		tui_say(t, false, _("No finding further on here; f lists them all."));
}

/* ---- searching ---- */

static void find(struct tui *t, bool backwards)
{
	struct reader *r = &t->reader;

	if (r->words[0] == '\0')
		tui_say(t, true, _("Nothing was searched for yet: / searches."));
	else if (!reader_find(r, backwards))
		tui_say(t, true, _("This part does not have that."));
	else if (r->hit.wrapped)
		tui_say(t, false, _("Once around: searching went on from the other end."));
	else
		tui_say(t, false, _("Found; n and N go on."));
}

static void search(struct tui *t, const char *arg)
{
	const struct line_ask ask = {.prompt = "/", .history = &t->searches};
	char words[LINE_MAX_BYTES];

	if (arg[0] != '\0')
		(void)snprintf(words, sizeof(words), "%s", arg);
	else if (!line_read(&ask, words))
		return;
	(void)snprintf(t->reader.words, sizeof(t->reader.words), "%.399s", words);
	t->reader.searched = false;
	if (words[0] != '\0')
		find(t, false);
}

/* Which panel a command shows; PANEL_COUNT: none. */
static enum panel panel_of(enum command cmd)
{
	switch (cmd) {
	case COMMAND_FINDINGS:
		return PANEL_FINDINGS;
	case COMMAND_PROPERTIES:
		return PANEL_PROPERTIES;
	case COMMAND_HIDDEN:
		return PANEL_HIDDEN;
	case COMMAND_VOTES:
		return PANEL_VOTES;
	case COMMAND_AUDIT:
		return PANEL_AUDIT;
	default:
		return PANEL_COUNT;
	}
}

void act_draft(struct tui *t, enum command cmd, const char *arg)
{
	struct reader *r = &t->reader;

	if (panel_of(cmd) != PANEL_COUNT) {
		show(t, panel_of(cmd), r->part);
		return;
	}
	switch (cmd) {
	case COMMAND_NEXT_PART:
	case COMMAND_PREV_PART:
		turn_part(t, cmd == COMMAND_NEXT_PART ? 1 : -1);
		return;
	case COMMAND_SUMMARY:
		show(t, PANEL_PART, 0);
		return;
	case COMMAND_READ_ON:
		read_on(t);
		return;
	case COMMAND_PAGES:
		pages(t, arg);
		return;
	case COMMAND_CHANGES:
		changes(t);
		return;
	case COMMAND_JUMP:
		jump(t);
		return;
	case COMMAND_NEXT_FINDING:
	case COMMAND_PREV_FINDING:
		to_finding(t, cmd);
		return;
	case COMMAND_SEARCH:
		search(t, arg);
		return;
	case COMMAND_SEARCH_NEXT:
	case COMMAND_SEARCH_PREV:
		find(t, cmd == COMMAND_SEARCH_PREV);
		return;
	case COMMAND_RECHECK:
		act_again(t, arg);
		return;
	case COMMAND_FORM:
		act_form(t, arg);
		return;
	case COMMAND_APPROVE:
		decide(t, "approve");
		return;
	case COMMAND_RETURN:
		decide(t, "return");
		return;
	case COMMAND_REFUSE:
		decide(t, "refuse");
		return;
	case COMMAND_DECIDE_APPEAL:
		act_decide_appeal(t);
		return;
	case COMMAND_GET:
		save_files(t, arg);
		return;
	case COMMAND_BACK:
		act_leave(t);
		return;
	case COMMAND_REFRESH:
		reasons_release(&t->reasons);
		act_open(t, r->c->id);
		return;
	case COMMAND_REDRAW:
		act_resized(t);
		return;
	default:
		(void)reader_move(r, cmd, tui_body(t));
	}
}
