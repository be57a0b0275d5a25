/* inspect.c - ask the filters about one file, in the one order that makes sense.
 *
 *   type ─▶ av ∥ extract ─▶ see ─▶ parts ─▶ match ─▶ merge ─▶ report
 *                │           │        └ see or office, for what stands in another document
 *                │           └ only where there is something to see
 *                └ office, for formats before 2007
 *
 * The file is never read here, only its descriptor handed on.  Whatever goes
 * wrong on the way is an answer too: the filter failed, the verdict is HOLD. */
#include "inspect/inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "inspect/filter_types.h"
#include "inspect/inspect_private.h"

static const char *const verdict_names[] = {"clean", "review", "hold", "block", "spill"};

const char *verdict_name(enum verdict v)
{
	BUG((unsigned)v > VERDICT_SPILL);
	return verdict_names[v];
}

int inspect_open(const char *socket_dir, const struct policy *policy, uint32_t seconds,
		 struct inspect **ret_i)
{
	struct inspect *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return SL_E_NOMEM;
	i->seconds = i->see_seconds = seconds;
	i->policy = policy;
	policy_name(policy, i->rules);
	i->dir = strdup(socket_dir);
	if (i->dir == NULL) {
		inspect_close(i);
		return SL_E_NOMEM;
	}
	*ret_i = i;
	return SL_OK;
}

void inspect_set_see(struct inspect *i, enum inspect_see see, uint32_t seconds)
{
	i->see = see;
	if (seconds > 0)
		i->see_seconds = seconds;
}

void inspect_set_filters(struct inspect *i, struct filters *f)
{
	i->filters = f;
}

void inspect_close(struct inspect *i)
{
	if (i == NULL)
		return;
	free(i->dir);
	free(i);
}

static void ask(const struct inspect *i, struct inspect_case *c, enum which_filter w, int fd,
		const struct filter_request *rq)
{
	inspect_ask(i, &c->answer[w], case_program(c, w), fd, rq, inspect_deadline(i, w));
}

static void understand(struct inspect_case *c, enum which_filter w, uint32_t objects_elsewhere)
{
	inspect_understand(&c->answer[w], case_program(c, w), objects_elsewhere);
}

static void ask_type(const struct inspect *i, struct inspect_case *c)
{
	struct filter_call *calls[1] = {&c->answer[FILTER_TYPE].call};
	struct filter_request rq;

	inspect_request(c, &rq);
	ask(i, c, FILTER_TYPE, c->in->fd, &rq);
	filter_call_wait(calls, 1);
	understand(c, FILTER_TYPE, 0);
}

static void ask_av_and_extract(const struct inspect *i, struct inspect_case *c)
{
	struct filter_call *calls[2] = {&c->answer[FILTER_AV].call,
					&c->answer[FILTER_EXTRACT].call};
	struct filter_request rq;
	unsigned n = 1;

	inspect_request(c, &rq);
	(void)snprintf(rq.type, sizeof(rq.type), "%s", case_type(c));
	/* A program of its own: a slow conversion keeps no other text waiting. */
	c->office = filter_type_is_office(rq.type);
	ask(i, c, FILTER_AV, c->in->fd, &rq);
	/* Without a type no parser could be chosen; the file is held for that already. */
	if (rq.type[0] != '\0') {
		ask(i, c, FILTER_EXTRACT, c->in->fd, &rq);
		n = 2;
	}
	filter_call_wait(calls, n);
	understand(c, FILTER_AV, 0);
	if (n == 2)
		understand(c, FILTER_EXTRACT, 0);
}

static void ask_see(const struct inspect *i, struct inspect_case *c)
{
	struct filter_call *calls[1] = {&c->answer[FILTER_SEE].call};
	struct filter_request rq;

	c->wants_see = case_wants_see(c);
	if (!c->wants_see || i->see != INSPECT_SEE_NOW)
		return;
	inspect_request(c, &rq);
	(void)snprintf(rq.type, sizeof(rq.type), "%s", case_type(c));
	ask(i, c, FILTER_SEE, c->in->fd, &rq);
	filter_call_wait(calls, 1);
	understand(c, FILTER_SEE, 0);
}

/* The file's own answers into the ledger. */
static int take_in(struct inspect_case *c)
{
	static const enum which_filter order[] = {FILTER_EXTRACT, FILTER_SEE};
	int r = case_ledger(c);

	for (unsigned k = 0; r == SL_OK && k < 2; k++) {
		const struct filter_reply *x = case_believed(c, order[k]);

		if (x != NULL && x->n_objects > 0)
			r = case_source_add(c, order[k], &c->answer[order[k]], 0);
	}
	return r;
}

/* The segments are not longer than the answer they came in: one allocation for all, and
 * no text left behind in outgrown ones. */
static void reserve(struct buf *out, size_t len)
{
	size_t before = out->len, room = out->max - before;

	if (buf_extend(out, len < room ? len : room) != NULL)
		buf_cut(out, before);
}

static void put_source(const struct case_source *s, struct buf *out)
{
	reserve(out, s->answer->call.answer.len);
	for (uint32_t i = 0; i < s->answer->reply.n_segments; i++) {
		const struct segment g = case_segment(s, i);

		segment_put(out, &g);
	}
}

/* Everything the rules read: name, title, and the texts of believed answers. */
static int put_segments(const struct inspect_case *c, struct buf *out)
{
	struct segment s = {
		.where = WHERE_FILENAME, .line = 1, .column = 1, .text = c->in->name};

	s.len = (uint32_t)strlen(s.text);
	segment_put(out, &s);
	if (c->in->title != NULL) {
		s.where = WHERE_TITLE;
		s.text = c->in->title;
		s.len = (uint32_t)strlen(s.text);
		segment_put(out, &s);
	}
	for (uint32_t i = 0; i < c->n_sources; i++)
		put_source(&c->sources[i], out);
	return buf_error(out);
}

static void ask_match(const struct inspect *i, struct inspect_case *c, const struct buf *text)
{
	struct case_answer *a = &c->answer[FILTER_MATCH];
	struct filter_call *calls[1] = {&a->call};
	struct filter_request rq;
	const struct filter_piece all = {.bytes = text->data, .len = text->len};
	int fd = inspect_sealed(&all, 1);

	inspect_request(c, &rq);
	inspect_request_record(c, &rq);
	rq.length = text->len;
	ask(i, c, FILTER_MATCH, fd, &rq);
	filter_call_wait(calls, 1);
	file_close(fd);
	understand(c, FILTER_MATCH, c->n_objects);
	/* Loaded at another moment, other rules may have judged than those we sign for. */
	if (a->error == SL_OK && strcmp(a->reply.data, i->rules) != 0) {
		a->error = SL_E_FORMAT;
		a->why = "other-policy";
	}
}

int inspect_file(struct inspect *i, const struct inspect_input *in,
		 struct inspect_report *ret_report, struct buf *ret_text)
{
	struct inspect_case c = {
		.in = in, .policy = i->policy, .similar = {.severity = SEV_COUNT}};
	struct buf text;
	int r;

	buf_init(&text, FILTER_REPLY_MAX);
	for (unsigned w = 0; w < FILTER_COUNT; w++) {
		c.answer[w].call.fd = -1;
		c.answer[w].why = "";
	}
	if (!text_is_utf8(in->name, strlen(in->name)) || strlen(in->name) >= FILTER_PATH_MAX ||
	    (in->title != NULL && !text_is_utf8(in->title, strlen(in->title)))) {
		r = SL_E_FORMAT;
		goto out;
	}
	ask_type(i, &c);
	ask_av_and_extract(i, &c);
	ask_see(i, &c);
	r = take_in(&c);
	if (r == SL_OK)
		r = inspect_parts(i, &c);
	if (r == SL_OK)
		r = put_segments(&c, &text);
	if (r != SL_OK)
		goto out;
	ask_match(i, &c, &text);
	if (in->similar != NULL)
		r = in->similar(in->similar_arg, &text, &c.similar);
	if (r == SL_OK)
		r = case_merge(&c);
	if (r == SL_OK)
		r = case_report(&c, ret_report);
	ret_report->unfinished = i->see == INSPECT_SEE_LATER &&
				 (c.wants_see || case_parts_answer(&c, FILTER_SEE) != NULL ||
				  ret_report->office_absent || ret_report->timed_out);
	if (r == SL_OK && ret_text != NULL && c.verdict != VERDICT_SPILL) {
		buf_wipe(ret_text);
		*ret_text = text;
		buf_init(&text, FILTER_REPLY_MAX); /* moved */
	}
out:
	if (r != SL_OK)
		inspect_report_release(ret_report);
	buf_wipe(&text);
	case_release(&c);
	return r;
}
