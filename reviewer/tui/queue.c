/* queue.c - draw only the rows that are on the screen, however long the queue is. */
#include "tui/queue.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "tui/screen.h"

int queue_load(struct session *s, struct queue *q, struct sl_why *why)
{
	struct wire_reply reply = {0};
	int r = wire_ask(s->wire, "review.list", NULL, NULL, 0, &reply, why);

	if (r == SL_OK) {
		json_decref(q->reply);
		q->reply = json_incref(reply.result);
		q->n = (unsigned)json_array_size(json_arr(q->reply, "drafts"));
		if (q->at >= q->n)
			q->at = q->n > 0 ? q->n - 1 : 0;
	}
	wire_reply_release(&reply);
	return r;
}

void queue_release(struct queue *q)
{
	json_decref(q->reply);
	memset(q, 0, sizeof(*q));
}

static const json_t *row_at(const struct queue *q, unsigned i)
{
	return json_array_get(json_arr(q->reply, "drafts"), i);
}

static void missing_words(const json_t *d, char *out, size_t cap)
{
	const json_t *m;
	size_t i, used = 0;

	out[0] = '\0';
	json_array_foreach(json_arr(d, "missing"), i, m)
	{
		int n = snprintf(out + used, cap - used, "%s%s", i > 0 ? " " : "",
				 present_text(json_string_value(m)));

		if (n < 0 || (size_t)n >= cap - used)
			return;
		used += (size_t)n;
	}
}

static void draw_row(const json_t *d, bool selected, int row, int cols)
{
	enum screen_look look = selected ? LOOK_SELECTED : LOOK_PLAIN;
	const char *worst = json_str(d, "worst");
	char line[256], missing[160];
	int64_t findings = 0, revision = 0;
	int at;

	(void)json_i64(d, "findings", &findings);
	(void)json_i64(d, "revision", &revision);
	missing_words(d, missing, sizeof(missing));
	(void)screen_puts(row, 0, cols, look, "");
	(void)snprintf(line, sizeof(line), "%c%-14s r%-2lld %-2s %-3s %3lld  ",
		       selected ? '>' : ' ', present_text(json_str(d, "draft")),
		       (long long)revision, present_text(json_str(d, "route")),
		       worst != NULL ? present_text(worst) : "-", (long long)findings);
	at = screen_put(row, 0, cols, look, line, strlen(line), false);
	(void)snprintf(line, sizeof(line), "%.10s  ", present_text(json_str(d, "due")));
	at += screen_put(row, at, cols - at, look, line, strlen(line), false);
	const char *title = present_text(json_str(d, "title"));
	int left = cols - at, wide = left > 60 ? left - 30 : left;
	at += screen_put(row, at, wide, look, title, strlen(title), true);
	if (cols - at > 4)
		(void)screen_put(row, at, cols - at, selected ? look : LOOK_DIM, missing,
				 strlen(missing), true);
}

void queue_draw(struct queue *q, int row, int rows, int cols)
{
	unsigned alerts = (unsigned)json_array_size(json_arr(q->reply, "alerts"));
	char line[160];

	if (alerts > 0 && rows > 2) {
		(void)snprintf(line, sizeof(line),
			       _("  %u new hits in published items: sluice-review list"),
			       alerts);
		(void)screen_puts(row++, 0, cols, LOOK_BOLD, line);
		rows--;
	}
	(void)screen_puts(
		row, 0, cols, LOOK_BOLD,
		_(" draft          rev rt worst  n   due         title and who is missing"));
	rows--;
	if (q->at < q->top)
		q->top = q->at;
	if (rows > 0 && q->at >= q->top + (unsigned)rows)
		q->top = q->at - (unsigned)rows + 1;
	for (int i = 0; i < rows; i++) {
		unsigned k = q->top + (unsigned)i;

		if (k < q->n)
			draw_row(row_at(q, k), k == q->at, row + 1 + i, cols);
		else
			(void)screen_puts(row + 1 + i, 0, cols, LOOK_DIM,
					  k == 0 ? _("  Nothing waits for review.") : "");
	}
}

bool queue_move(struct queue *q, enum command cmd, int rows)
{
	unsigned page = rows > 2 ? (unsigned)rows - 2 : 1, last = q->n > 0 ? q->n - 1 : 0;

	switch (cmd) {
	case COMMAND_UP:
		q->at -= q->at > 0 ? 1 : 0;
		return true;
	case COMMAND_DOWN:
		q->at += q->at < last ? 1 : 0;
		return true;
	case COMMAND_PAGE_UP:
		q->at -= q->at > page ? page : q->at;
		return true;
	case COMMAND_PAGE_DOWN:
		q->at = last - q->at > page ? q->at + page : last;
		return true;
	case COMMAND_HOME:
		q->at = 0;
		return true;
	case COMMAND_END:
		q->at = last;
		return true;
	default:
		return false;
	}
}

const char *queue_current(const struct queue *q)
{
	return q->n > 0 ? json_str(row_at(q, q->at), "draft") : NULL;
}
