/* queue_draw.c - only the rows on the screen are drawn, however long the queue is.
 *
 * The pane says what the list knows and asks nothing: review.show would be noted as "shown",
 * and nobody has read a draft by passing over it. */
#include "tui/queue_draw.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_role.h"
#include "policy/present_route.h"
#include "tui/queue_notices.h"
#include "tui/screen.h"
#include "tui/when.h"

enum { PANE_RIGHT_COLS = 140, PANE_BELOW_ROWS = 40, PANE_BELOW = 12 };

/* Columns before the title, in cells; the title takes what is left. */
static const struct column {
	const char *head;
	int at, width, sort; /* sort: enum queue_sort, or -1 */
} columns[] = {
	{N_("draft"), 2, 13, SORT_NUMBER},
	{N_("rev"), 16, 3, -1},
	{N_("rt"), 20, 2, -1},
	{N_("risk"), 23, 5, SORT_RISK},
	{N_("age"), 29, 5, SORT_AGE},
	{N_("due"), 35, 8, SORT_DUE},
	{N_("unit"), 44, 5, SORT_UNIT},
};
enum { TITLE_AT = 50, N_COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void put_head(const struct queue *q, const char *head, int sort, int row, int at,
		     int width)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "%s%s", head,
		       sort != (int)q->sort ? ""
		       : q->reverse	    ? "▼"
					    : "▲");
	(void)screen_put(row, at, width, sort == (int)q->sort ? LOOK_HEAD_SORTED : LOOK_HEAD,
			 line, strlen(line), true);
}

static int missing_width(int cols)
{
	return cols - TITLE_AT > 60 ? 24 : 10;
}

static void draw_head(const struct queue *q, int row, int cols)
{
	int title = cols - TITLE_AT - missing_width(cols) - 1;

	(void)screen_puts(row, 0, cols, LOOK_HEAD, "");
	for (size_t i = 0; i < N_COLUMNS; i++)
		put_head(q, _(columns[i].head), columns[i].sort, row, columns[i].at,
			 columns[i].width);
	put_head(q, _("title"), SORT_TITLE, row, TITLE_AT, title);
	put_head(q, _("missing"), -1, row, TITLE_AT + title + 1, missing_width(cols));
}

static void missing_words(const json_t *d, char *out, size_t cap)
{
	const json_t *m;
	size_t i, used;

	/* Somebody was told that it takes too long. */
	used = json_obj(d, "escalated") != NULL ? (size_t)snprintf(out, cap, "↑") : 0;
	out[used] = '\0';
	json_array_foreach(json_arr(d, "missing"), i, m)
	{
		int n = snprintf(out + used, cap - used, "%s%s", i > 0 ? " " : "",
				 present_role(json_string_value(m)));

		if (n < 0 || (size_t)n >= cap - used)
			return;
		used += (size_t)n;
	}
}

static enum screen_look look_of_severity(const char *worst)
{
	if (worst == NULL || worst[0] != 'S')
		return LOOK_PLAIN;
	return worst[1] <= '1' ? LOOK_S1 : worst[1] == '2' ? LOOK_S2 : LOOK_S3;
}

static enum screen_look look_of_level(enum when_level level)
{
	static const enum screen_look looks[] = {LOOK_PLAIN, LOOK_S3, LOOK_S2, LOOK_S1};

	return looks[level];
}

struct row { /* one draft in words */
	const char *id, *route, *worst, *unit, *title;
	char revision[16], risk[40], findings[16], age[24], due[40], missing[200];
	enum when_level level;
};

static void read_row(const json_t *d, int64_t now, struct row *r)
{
	int64_t revision = 0, findings = 0, due = when_read(d, "due");
	int64_t created = when_read(d, "created");
	char span[24];

	(void)json_i64(d, "revision", &revision);
	(void)json_i64(d, "findings", &findings);
	r->id = json_str(d, "draft");
	r->route = json_str(d, "route");
	r->worst = json_str(d, "worst");
	r->unit = json_str(d, "unit");
	r->title = json_str(d, "title");
	r->level = when_level(created, due, now);
	(void)snprintf(r->revision, sizeof(r->revision), "r%lld", (long long)revision);
	(void)snprintf(r->findings, sizeof(r->findings), "%lld", (long long)findings);
	(void)snprintf(r->risk, sizeof(r->risk), "%.16s%s%s",
		       r->worst != NULL && r->worst[0] != '\0' ? r->worst : "-",
		       findings > 0 ? " " : "", findings > 0 ? r->findings : "");
	when_span(created != 0 ? now - created : 0, r->age, sizeof(r->age));
	if (created == 0)
		r->age[0] = '\0';
	when_span(due - now, span, sizeof(span));
	(void)snprintf(r->due, sizeof(r->due), "%s%s", when_mark(r->level),
		       due != 0 ? span : "-");
	missing_words(d, r->missing, sizeof(r->missing));
}

static void put_cell(int row, int column, bool selected, enum screen_look look,
		     const char *text)
{
	text = text != NULL && text[0] != '\0' ? text : "-";
	(void)screen_put(row, columns[column].at, columns[column].width,
			 selected ? LOOK_SELECTED : look, text, strlen(text), true);
}

static void draw_row(const struct queue *q, const json_t *d, int64_t now, bool selected,
		     int row, int cols)
{
	enum screen_look look = selected ? LOOK_SELECTED : LOOK_PLAIN;
	int title = cols - TITLE_AT - missing_width(cols) - 1;
	char mark[8];
	struct row r;

	(void)screen_puts(row, 0, cols, look, "");
	if (d == NULL) { /* the gateway was asked for it */
		(void)screen_put(row, 2, 10, look, "…", strlen("…"), false);
		return;
	}
	read_row(d, now, &r);
	(void)snprintf(mark, sizeof(mark), "%c%c", selected ? '>' : ' ',
		       r.id != NULL && queue_marked(q, r.id) ? '*' : ' ');
	(void)screen_put(row, 0, 2, look, mark, 2, false);
	put_cell(row, 0, selected, LOOK_PLAIN, r.id);
	put_cell(row, 1, selected, LOOK_PLAIN, r.revision);
	put_cell(row, 2, selected, LOOK_PLAIN, r.route);
	put_cell(row, 3, selected, look_of_severity(r.worst), r.risk);
	put_cell(row, 4, selected, LOOK_PLAIN, r.age);
	put_cell(row, 5, selected, look_of_level(r.level), r.due);
	put_cell(row, 6, selected, LOOK_PLAIN, r.unit);
	if (title > 0 && r.title != NULL)
		(void)screen_put(row, TITLE_AT, title, look, r.title, strlen(r.title), false);
	(void)screen_put(row, TITLE_AT + title + 1, missing_width(cols),
			 selected ? look : LOOK_DIM, r.missing, strlen(r.missing), false);
}

/* ---- the pane ---- */

struct pane {
	int row, end, col, width;
};

/* One line, wrapped into as many rows as it needs, at most `most`. */
static void pane_put(struct pane *p, enum screen_look look, const char *text, int most)
{
	size_t len = strlen(text), used;

	for (int i = 0; p->row < p->end && i < most && (len > 0 || i == 0); i++) {
		used = screen_fit(text, len, p->width);
		(void)screen_put(p->row++, p->col, p->width, look, text, used, false);
		if (used == 0)
			return;
		text += used;
		len -= used;
	}
}

static void pane_field(struct pane *p, const char *name, const char *value)
{
	char line[1200];

	if (value == NULL || value[0] == '\0')
		return;
	(void)snprintf(line, sizeof(line), "%s: %s", name, present_text(value));
	pane_put(p, LOOK_PLAIN, line, 3);
}

static void pane_due(struct pane *p, const json_t *d, const struct row *r)
{
	const char *due = json_str(d, "due");
	char line[120];

	if (due == NULL)
		return;
	(void)snprintf(line, sizeof(line), "%s: %s  %s", _("due"), r->due, present_text(due));
	pane_put(p, look_of_level(r->level), line, 2);
}

static void pane_findings(struct pane *p, const json_t *d, const struct row *r)
{
	int64_t outdated = 0;
	char line[200];

	(void)snprintf(line, sizeof(line), "%s: %s  (%s %s)", _("findings"), r->findings,
		       _("worst"), r->worst != NULL && r->worst[0] != '\0' ? r->worst : "-");
	pane_put(p, look_of_severity(r->worst), line, 2);
	if (json_i64(d, "outdated", &outdated) && outdated > 0) {
		(void)snprintf(line, sizeof(line),
			       _("%lld approvals do not count any more: see the votes"),
			       (long long)outdated);
		pane_put(p, LOOK_S2, line, 2);
	}
}

static void draw_pane(const struct queue *q, int64_t now, struct pane p)
{
	const json_t *d = q->at < q->total ? queue_row(q, q->at) : NULL;
	char late[PRESENT_ESCALATED];
	struct row r;

	if (d == NULL || p.width < 8)
		return;
	read_row(d, now, &r);
	pane_put(&p, LOOK_BOLD,
		 r.title != NULL && r.title[0] != '\0' ? r.title : _("(no title)"), 4);
	pane_field(&p, _("draft"), r.id);
	pane_field(&p, _("state"), present_state(json_str(d, "state")));
	pane_field(&p, _("route"), r.route);
	pane_field(&p, _("type"), json_str(d, "type"));
	pane_field(&p, _("unit"), r.unit);
	pane_field(&p, _("author"), json_str(d, "author"));
	pane_due(&p, d, &r);
	pane_field(&p, _("handed in"), json_str(d, "created"));
	pane_findings(&p, d, &r);
	pane_field(&p, _("still missing"), r.missing);
	present_escalated(json_obj(d, "escalated"), late);
	pane_field(&p, _("escalated"), late);
	pane_field(&p, _("reason"), json_str(d, "reason"));
}

/* ---- all of it ---- */

static void draw_empty(const struct queue *q, int row, int rows, int cols)
{
	static const char *const nothing[] = {
		N_("No draft waits for review."),
		"",
		N_("A draft comes here when it was handed in and inspected."),
		N_(":filter state:HELD,BLOCKED shows what the inspection stopped;"),
		N_(":filter state:RETURNED what waits for its author.  ? lists every key."),
		NULL};
	static const char *const filtered[] = {
		N_("No draft is like the filter above."), "",
		N_("& changes the filter; an empty one shows all that waits again."),
		N_("Words: state: unit: rule: type: route: late: age>3d due<1d, others are of "
		   "the "
		   "title."),
		NULL};
	const char *const *lines = q->filter[0] != '\0' ? filtered : nothing;

	for (int i = 0; i < rows; i++)
		(void)screen_puts(row + i, 0, cols, LOOK_PLAIN, "");
	if (!q->loaded) {
		(void)screen_puts(row, 2, cols - 2, LOOK_DIM, _("Asking the gateway …"));
		return;
	}
	for (int i = 0; lines[i] != NULL && i < rows; i++)
		(void)screen_puts(row + i, 2, cols - 2, i == 0 ? LOOK_BOLD : LOOK_PLAIN,
				  lines[i][0] != '\0' ? _(lines[i]) : "");
}

static int draw_filter(const struct queue *q, int row, int cols)
{
	char line[QUEUE_FILTER + 80];

	if (q->filter[0] == '\0')
		return 0;
	(void)snprintf(line, sizeof(line), _(" only: %s   (& changes it)"), q->filter);
	(void)screen_puts(row, 0, cols, LOOK_S3, line);
	return 1;
}

/* Rows above the first draft. */
static int top_rows(const struct queue *q)
{
	return queue_notices_rows(q->notices) + (q->filter[0] != '\0') + 1;
}

int queue_rows(const struct queue *q, int rows, int cols)
{
	int left = rows - top_rows(q);

	if (cols < PANE_RIGHT_COLS && rows >= PANE_BELOW_ROWS)
		left -= PANE_BELOW + 1;
	return left > 0 ? left : 1;
}

static void draw_list(struct queue *q, int64_t now, int row, int rows, int cols)
{
	if (q->at < q->top)
		q->top = q->at;
	if (q->at >= q->top + (unsigned)rows)
		q->top = q->at - (unsigned)rows + 1;
	if (q->total == 0) {
		draw_empty(q, row, rows, cols);
		return;
	}
	for (int i = 0; i < rows; i++) {
		unsigned k = q->top + (unsigned)i;

		if (k < q->total)
			draw_row(q, queue_row(q, k), now, k == q->at, row + i, cols);
		else
			(void)screen_puts(row + i, 0, cols, LOOK_PLAIN, "");
	}
}

void queue_draw(struct queue *q, int64_t now, int row, int rows, int cols)
{
	bool right = cols >= PANE_RIGHT_COLS;
	bool below = !right && rows >= PANE_BELOW_ROWS;
	int list = right ? cols * 5 / 8 : cols, height = queue_rows(q, rows, cols), at = row;

	at += queue_notices_draw(q->notices, q->me, at, cols);
	at += draw_filter(q, at, cols);
	draw_head(q, at++, list);
	draw_list(q, now, at, height, list);
	if (right) {
		for (int i = row; i < row + rows; i++)
			(void)screen_puts(i < at - 1 ? at - 1 : i, list, cols - list,
					  LOOK_PLAIN, " │");
		draw_pane(q, now,
			  (struct pane){.row = at - 1,
					.end = row + rows,
					.col = list + 3,
					.width = cols - list - 4});
	}
	if (below) {
		(void)screen_rule(at + height, 0, cols);
		for (int i = at + height + 1; i < row + rows; i++)
			(void)screen_puts(i, 0, cols, LOOK_PLAIN, "");
		draw_pane(q, now,
			  (struct pane){.row = at + height + 1,
					.end = row + rows,
					.col = 1,
					.width = cols - 2});
	}
}
