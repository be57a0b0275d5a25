/* dialog_decision.c - role, reasons, code: what a decision needs before it is staged. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_role.h"
#include "tui/dialog.h"
#include "tui/reasons.h"
#include "tui/role.h"
#include "tui/screen.h"

/* ---- the role ---- */

/* Roles that are missing and this person holds; without one, to send a draft back, all that
 * this person holds. */
static unsigned my_roles(const struct session *s, const struct review_case *c, bool approve,
			 const char *roles[ROSTER_SLOTS_MAX])
{
	const struct roster_person *me = roster_person(c->roster, s->config->person);
	unsigned n = vote_roles(s, c, roles);

	for (unsigned i = 0;
	     n == 0 && !approve && me != NULL && i < me->n_roles && i < ROSTER_SLOTS_MAX; i++)
		roles[i] = me->roles[i];
	return n > 0 || approve || me == NULL	? n
	       : me->n_roles < ROSTER_SLOTS_MAX ? me->n_roles
						: ROSTER_SLOTS_MAX;
}

/* Only those in which it can be decided now: nobody reads and writes reasons in vain. */
static unsigned able_roles(const struct review_case *c, const char *decision,
			   const char *roles[ROSTER_SLOTS_MAX], unsigned n, struct sl_why *why)
{
	unsigned able = 0;

	for (unsigned i = 0; i < n; i++) {
		if (vote_may(c, roles[i], decision, why) == SL_OK)
			roles[able++] = roles[i];
	}
	if (able > 0)
		why->text[0] = '\0';
	else if (n == 0)
		(void)why_set(why, SL_E_DENIED, "%s",
			      _("No role of yours is missing here: v shows who signs."));
	return able;
}

static bool ask_role(const struct session *s, const struct review_case *c,
		     struct vote_choice *v, struct dialog_text *t, struct sl_why *why)
{
	const char *roles[ROSTER_SLOTS_MAX];
	struct dialog_item items[ROSTER_SLOTS_MAX];
	unsigned n = my_roles(s, c, strcmp(v->decision, "approve") == 0, roles);
	int chosen = 0;

	n = able_roles(c, v->decision, roles, n, why);
	if (n == 0)
		return false;
	for (unsigned i = 0; i < n; i++)
		items[i] = (struct dialog_item){.code = roles[i],
						.word = present_role_name(roles[i])};
	if (n > 1)
		chosen = dialog_pick(_(" Role you sign in"), items, n);
	if (chosen < 0)
		return false;
	(void)snprintf(t->role, sizeof(t->role), "%s", roles[chosen]);
	v->role = t->role;
	return true;
}

/* ---- a reason for each finding ---- */

struct acks {
	const struct session *s;
	const struct review_case *c;
	struct vote_choice *v;
	struct dialog_text *t;
	unsigned n, at;
	char severity[VOTE_ACKS_MAX][4];
	char example[VOTE_ACKS_MAX][120];
	unsigned count[VOTE_ACKS_MAX];
};

/* Rules of S2 and S3 in the report, each once, with its first place. */
static void collect(struct acks *a)
{
	for (unsigned k = 0; k < a->c->n_files; k++) {
		const json_t *list = json_arr(case_file_report(a->c, k), "findings"), *f;
		size_t i;

		json_array_foreach(list, i, f)
		{
			const char *rule = json_str(f, "rule"), *sev = json_str(f, "severity");
			unsigned n = 0;
			int64_t line = 0;

			if (rule == NULL || sev == NULL || strlen(rule) > 15 ||
			    json_obj(f, "suppressed") != NULL ||
			    (strcmp(sev, "S2") != 0 && strcmp(sev, "S3") != 0))
				continue;
			while (n < a->n && strcmp(a->t->rules[n], rule) != 0)
				n++;
			if (n == VOTE_ACKS_MAX)
				continue; /* vote_unacknowledged will refuse it */
			a->count[n]++;
			if (n < a->n)
				continue;
			a->n++;
			(void)json_i64(f, "line", &line);
			(void)snprintf(a->t->rules[n], sizeof(a->t->rules[n]), "%s", rule);
			(void)snprintf(a->severity[n], sizeof(a->severity[n]), "%s", sev);
			(void)snprintf(a->example[n], sizeof(a->example[n]), "%s:%lld %s",
				       present_text(a->c->files[k].name), (long long)line,
				       present_text(json_str(f, "excerpt")));
		}
	}
}

static unsigned open_acks(const struct acks *a)
{
	unsigned n = 0;

	for (unsigned i = 0; i < a->n; i++)
		n += a->t->reasons[i][0] == '\0';
	return n;
}

static void draw_acks(const struct acks *a)
{
	int rows, cols, height, row;
	unsigned first;
	char line[700];

	screen_size(&rows, &cols);
	height = rows - 4 < (int)a->n ? rows - 4 : (int)a->n;
	height = height < 1 ? 1 : height;
	row = rows - 3 - height > 0 ? rows - 3 - height : 0;
	first = a->at >= (unsigned)height ? a->at - (unsigned)height + 1 : 0;
	(void)screen_puts(row, 0, cols, LOOK_BAR,
			  _(" Each finding needs your reason why it may stand"));
	for (unsigned i = first; i < a->n && i < first + (unsigned)height; i++) {
		bool given = a->t->reasons[i][0] != '\0';

		(void)snprintf(line, sizeof(line), "%s%s %s %s ×%u  %s%s%s",
			       i == a->at ? ">" : " ", given ? "●" : "○", a->severity[i],
			       a->t->rules[i], a->count[i], given ? "" : a->example[i],
			       given ? "= " : "", a->t->reasons[i]);
		(void)screen_puts(row + 1 + (int)(i - first), 0, cols,
				  i == a->at ? LOOK_SELECTED
				  : given    ? LOOK_GOOD
					     : LOOK_PLAIN,
				  line);
	}
	(void)snprintf(
		line, sizeof(line),
		open_acks(a) > 0
			? _(" Enter writes the reason of the chosen one (%u to go), Esc gives "
			    "up")
			: _(" a takes them all as they are, Enter changes one, Esc gives "
			    "up"),
		open_acks(a));
	(void)screen_puts(row + 1 + height, 0, cols, LOOK_DIM, line);
	(void)screen_puts(row + 2 + height, 0, cols, LOOK_PLAIN, "");
	screen_cursor(-1, 0);
	screen_flush();
}

/* On to the next one without a reason. */
static void next_open(struct acks *a)
{
	for (unsigned k = 1; k <= a->n; k++) {
		unsigned i = (a->at + k) % a->n;

		if (a->t->reasons[i][0] == '\0') {
			a->at = i;
			return;
		}
	}
}

static void write_one(struct acks *a)
{
	char prompt[160], reason[sizeof(a->t->reasons[0])];
	unsigned i = a->at;

	(void)snprintf(prompt, sizeof(prompt), _("Why may %s stand (Tab: editor)"),
		       a->t->rules[i]);
	(void)snprintf(reason, sizeof(reason), "%s", a->t->reasons[i]);
	if (!dialog_write(prompt, a->s->config->cache, reason, sizeof(reason)))
		return;
	(void)snprintf(a->t->reasons[i], sizeof(a->t->reasons[i]), "%s", reason);
	if (reason[0] != '\0')
		next_open(a);
}

static bool ask_acks(const struct session *s, const struct review_case *c,
		     struct vote_choice *v, struct dialog_text *t)
{
	static struct acks a; /* 18 KiB: kept off the stack */

	memset(&a, 0, sizeof(a));
	a.s = s;
	a.c = c;
	a.v = v;
	a.t = t;
	collect(&a);
	while (a.n > 0) {
		uint32_t key;

		draw_acks(&a);
		key = dialog_key();
		if (key == SCREEN_ESCAPE)
			return false;
		if (key == 'a' && open_acks(&a) == 0)
			break;
		if (key == SCREEN_ENTER)
			write_one(&a);
		else if (key == SCREEN_UP || key == 'k')
			a.at = a.at > 0 ? a.at - 1 : a.n - 1;
		else if (key == SCREEN_DOWN || key == 'j')
			a.at = a.at + 1 < a.n ? a.at + 1 : 0;
	}
	for (v->n_acks = 0; v->n_acks < a.n; v->n_acks++) {
		v->ack[v->n_acks].rule = t->rules[v->n_acks];
		v->ack[v->n_acks].reason = t->reasons[v->n_acks];
	}
	return true;
}

/* ---- code and sentence ---- */

/* Rules without a list take any short word. */
static bool ask_code(const struct reasons *known, bool refusal, struct dialog_text *t)
{
	struct dialog_item items[REASONS_MAX];
	unsigned n = reasons_items(known, refusal, items);
	int chosen;

	if (n == 0)
		return dialog_ask(_("Code (the rules have no list: a short word)"), t->code,
				  sizeof(t->code)) &&
		       t->code[0] != '\0';
	chosen = dialog_pick(refusal ? _(" Reason for not publishing it")
				     : _(" What the author must change"),
			     items, n);
	if (chosen < 0)
		return false;
	(void)snprintf(t->code, sizeof(t->code), "%s", items[chosen].code);
	return true;
}

bool dialog_objection(struct session *s, struct reasons *known, bool refusal,
		      struct vote_choice *v, struct dialog_text *t, struct sl_why *why)
{
	int r = reasons_load(known, s, why);

	if (r != SL_OK) {
		if (why->text[0] == '\0')
			(void)why_set(why, r, "%s", _(sl_strerror(r)));
		return false;
	}
	if (!ask_code(known, refusal, t))
		return false;
	for (const char *prompt = _("One sentence to the author (Tab: editor)");
	     t->reason[0] == '\0';
	     prompt = _("It goes back only with a sentence to the author (Esc gives up)")) {
		if (!dialog_write(prompt, s->config->cache, t->reason, sizeof(t->reason)))
			return false;
	}
	v->code = t->code;
	v->reason = t->reason;
	return true;
}

bool dialog_decision(struct session *s, struct reasons *known, const struct review_case *c,
		     const char *decision, struct vote_choice *v, struct dialog_text *t,
		     struct sl_why *why)
{
	bool approve = strcmp(decision, "approve") == 0;

	memset(v, 0, sizeof(*v));
	memset(t, 0, sizeof(*t));
	v->decision = decision;
	if (!ask_role(s, c, v, t, why))
		return false;
	return approve ? ask_acks(s, c, v, t)
		       : dialog_objection(s, known, strcmp(decision, "refuse") == 0, v, t, why);
}
