/* gate.c - pages of the queue and the gateway's state, asked for between two keys. */
#include "tui/gate.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_role.h"
#include "tui/when.h"

enum {
	FRESH_MS = 5000,
	STATUS_MS = 60000,
	ANSWER_MS = 10000,
	FIRST_TRY_MS = 200,
	LAST_TRY_MS = 30000,
	SKEW_S = 60
};

int64_t gate_now(const struct gate *g)
{
	return clock_now() + g->offset;
}

static bool is_silence(int r)
{
	return r == SL_E_UNREACHABLE || r == SL_E_TIMEOUT || r == SL_E_IO;
}

static void heard(struct gate *g)
{
	g->gone = false;
	g->wait_ms = FIRST_TRY_MS;
}

/* Nobody answered: remember since when, and wait longer each time. */
static void unheard(struct gate *g)
{
	if (!g->gone)
		g->gone_since = clock_now();
	g->gone = true;
	g->wait_ms = g->wait_ms == 0 ? FIRST_TRY_MS : g->wait_ms * 2;
	if (g->wait_ms > LAST_TRY_MS)
		g->wait_ms = LAST_TRY_MS;
	g->next_try = clock_mono_ms() + g->wait_ms;
}

static void take_time(struct gate *g, const json_t *result)
{
	int64_t t = when_read(result, "time");

	if (t != 0)
		g->offset = t - clock_now();
}

static void take_whoami(struct gate *g, const json_t *result)
{
	const json_t *role;
	size_t i, used = 0;

	take_time(g, result);
	json_array_foreach(json_arr(result, "roles"), i, role)
	{
		int n = snprintf(g->roles + used, sizeof(g->roles) - used, "%s%s",
				 i > 0 ? "," : "", present_role(json_string_value(role)));

		if (n < 0 || (size_t)n >= sizeof(g->roles) - used)
			return;
		used += (size_t)n;
	}
}

static void take_status(struct gate *g, const json_t *result)
{
	const char *stopped = json_str(result, "stopped");

	take_time(g, result);
	(void)snprintf(g->stopped, sizeof(g->stopped), "%s",
		       stopped != NULL ? present_text(stopped) : "");
}

static int wait_for(struct gate *g, const char *op, json_t *args, struct wire_reply *ret,
		    struct sl_why *why)
{
	int r = args == NULL ? SL_E_NOMEM : wire_ask(g->s->wire, op, args, NULL, 0, ret, why);

	json_decref(args);
	if (r == SL_OK)
		heard(g);
	else if (is_silence(r))
		unheard(g);
	return r;
}

static int wait_for_page(struct gate *g, struct queue *q, unsigned page, struct sl_why *why)
{
	struct wire_reply reply = {0};
	int r = wait_for(g, "review.list", queue_args(q, page), &reply, why);

	if (r == SL_OK)
		queue_put(q, page, reply.result, clock_mono_ms());
	wire_reply_release(&reply);
	return r;
}

int gate_start(struct gate *g, struct session *s, struct queue *q, struct sl_why *why)
{
	struct wire_reply reply = {0};
	int r;

	*g = (struct gate){.s = s};
	r = wait_for_page(g, q, 0, why);
	if (r == SL_OK && wait_for(g, "whoami", json_object(), &reply, why) == SL_OK)
		take_whoami(g, reply.result);
	g->whoami = json_incref(reply.result);
	wire_reply_release(&reply);
	return is_silence(r) ? SL_OK : r;
}

void gate_go_ahead(struct gate *g)
{
	struct sl_why why;

	/* Without it questions are waited for, which is slower and no harm. */
	if (g->s->wire != NULL &&
	    wire_ahead_open(g->s->config, g->s->key, !g->gone, &g->ahead, &why) != SL_OK)
		g->ahead = NULL;
}

void gate_pause(struct gate *g)
{
	wire_ahead_close(g->ahead);
	g->ahead = NULL;
	g->asking = GATE_IDLE;
}

void gate_resume(struct gate *g)
{
	gate_go_ahead(g);
}

void gate_end(struct gate *g)
{
	wire_ahead_close(g->ahead);
	json_decref(g->whoami);
	memset(g, 0, sizeof(*g));
}

static bool next_question(const struct gate *g, const struct queue *q, int rows,
			  enum gate_ask *ret_ask, unsigned *ret_page)
{
	int64_t now = clock_mono_ms();

	if (now < g->next_try && (g->gone || g->refused == q->version + 1))
		return false;
	*ret_ask = GATE_PAGE;
	if (queue_wants(q, rows, now, FRESH_MS, ret_page))
		return true;
	*ret_ask = GATE_STATUS;
	return now >= g->next_status;
}

static const char *op_of(enum gate_ask ask)
{
	return ask == GATE_PAGE ? "review.list" : "desk.status";
}

static bool finish(struct gate *g, struct queue *q, int r, const struct wire_reply *reply)
{
	enum gate_ask asked = g->asking;

	g->asking = GATE_IDLE;
	if (is_silence(r)) {
		unheard(g);
		return true;
	}
	heard(g);
	if (r != SL_OK) {
		/* A refusal is an answer; the same would be asked for at once again. */
		g->refused = g->version + 1;
		g->next_try = clock_mono_ms() + FRESH_MS;
		return true;
	}
	if (asked == GATE_STATUS)
		take_status(g, reply->result);
	/* An answer to another sort or filter is of no use any more. */
	else if (g->version == q->version)
		queue_put(q, g->page, reply->result, clock_mono_ms());
	return true;
}

static bool ask(struct gate *g, struct queue *q, int rows, struct sl_why *why)
{
	struct wire_reply reply = {0};
	json_t *args;
	bool changed = false;
	int r;

	if (!next_question(g, q, rows, &g->asking, &g->page)) {
		g->asking = GATE_IDLE;
		return false;
	}
	g->version = q->version;
	if (g->asking == GATE_STATUS)
		g->next_status = clock_mono_ms() + STATUS_MS;
	args = g->asking == GATE_PAGE ? queue_args(q, g->page) : json_object();
	if (args == NULL)
		return false;
	if (g->ahead == NULL)
		r = wire_ask(g->s->wire, op_of(g->asking), args, NULL, 0, &reply, why);
	else
		r = wire_ahead_ask(g->ahead, op_of(g->asking), args, ANSWER_MS, why);
	json_decref(args);
	if (g->ahead == NULL || r != SL_OK)
		changed = finish(g, q, r, &reply);
	wire_reply_release(&reply);
	return changed;
}

bool gate_turn(struct gate *g, struct queue *q, int rows, struct sl_why *why)
{
	struct wire_reply reply = {0};
	bool changed = false;
	int r;

	if (g->asking != GATE_IDLE) {
		r = wire_ahead_take(g->ahead, &reply, why);
		if (r == SL_E_STATE && wire_ahead_busy(g->ahead))
			return false;
		changed = finish(g, q, r, &reply);
		wire_reply_release(&reply);
	}
	return ask(g, q, rows, why) || changed;
}

int gate_patience(const struct gate *g, const struct queue *q, int rows)
{
	enum gate_ask what;
	unsigned page;

	if (g->asking != GATE_IDLE)
		return g->ahead != NULL && wire_ahead_fd(g->ahead) >= 0 ? 1000 : 20;
	if (next_question(g, q, rows, &what, &page))
		return 0;
	return g->gone ? FIRST_TRY_MS : 1000;
}

void gate_refresh(struct gate *g, struct queue *q)
{
	queue_stale(q);
	g->next_try = 0;
}

int gate_find(struct gate *g, const struct queue *q, const char *words, bool backwards,
	      unsigned *ret_row, struct sl_why *why)
{
	struct wire_reply reply = {0};
	json_t *args = queue_args(q, 0);
	int64_t found = -1;
	int r;

	if (args == NULL)
		return SL_E_NOMEM;
	(void)json_object_set_new(args, "offset", json_integer(q->at));
	(void)json_object_set_new(args, "find", json_string(words));
	(void)json_object_set_new(args, "backwards", json_boolean(backwards));
	r = wait_for(g, "review.list", args, &reply, why);
	if (r == SL_OK &&
	    (!json_i64(reply.result, "found", &found) || found < 0 || found > UINT32_MAX))
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		*ret_row = (unsigned)found;
	wire_reply_release(&reply);
	return r;
}

static void hour(int64_t t, char out[8])
{
	time_t tt = (time_t)t;
	struct tm tm;

	if (localtime_r(&tt, &tm) == NULL || strftime(out, 8, "%H:%M", &tm) == 0)
		(void)snprintf(out, 8, "--:--");
}

void gate_words(const struct gate *g, char *out, size_t cap)
{
	char at[8], since[8];

	hour(gate_now(g), at);
	hour(g->gone_since, since);
	if (g->gone)
		(void)snprintf(out, cap, _("no answer since %s, trying again"), since);
	else if (g->stopped[0] != '\0')
		(void)snprintf(out, cap, _("gateway %s, takes no drafts: %s"), at, g->stopped);
	else if (g->offset > SKEW_S || g->offset < -SKEW_S)
		(void)snprintf(out, cap, _("gateway %s; the clock here is another"), at);
	else
		(void)snprintf(out, cap, _("gateway %s"), at);
}
