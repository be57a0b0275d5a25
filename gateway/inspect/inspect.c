/* inspect.c - ask the filters about one file, in the one order that makes sense.
 *
 *   type ─▶ av ∥ extract ─▶ see ─▶ match ─▶ merge ─▶ report
 *                │           └ only where there is something to see
 *                └ office, for formats before 2007
 *
 * The file is never read here, only its descriptor handed on.  Whatever goes
 * wrong on the way is an answer too: the filter failed, the verdict is HOLD. */
#include "inspect/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "inspect/case.h"

enum { QUEUE_SECONDS = 30 /* a filter may have others to finish first */ };

struct inspect {
	char *dir;
	const struct policy *policy; /* borrowed */
	uint32_t seconds, see_seconds;
	enum inspect_see see;
	struct filters *filters; /* borrowed, or NULL */
	char rules[POLICY_NAME]; /* what the match filter must have loaded */
};

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

static void copy(char *out, size_t cap, const char *text)
{
	(void)snprintf(out, cap, "%s", text != NULL ? text : "");
}

/* A longer name is cut from the front: the extension is what filters look at. */
static void copy_name(char *out, size_t cap, const char *name)
{
	size_t len = strlen(name), from = len >= cap ? len - cap + 1 : 0;

	while (((uint8_t)name[from] & 0xc0) == 0x80)
		from++;
	(void)snprintf(out, cap, "%s", name + from);
}

static void fill_request(const struct inspect_case *c, struct filter_request *rq)
{
	const struct inspect_input *in = c->in;

	memset(rq, 0, sizeof(*rq));
	copy_name(rq->name, sizeof(rq->name), in->name);
	copy(rq->declared, sizeof(rq->declared), in->declared_type);
	rq->length = in->length;
	copy(rq->content_type, sizeof(rq->content_type), in->context.content_type);
	copy(rq->column, sizeof(rq->column), in->context.column);
	copy(rq->disclosure, sizeof(rq->disclosure), in->context.disclosure);
	for (const char *const *ch = in->context.channels; ch != NULL && *ch != NULL; ch++) {
		size_t n = strlen(rq->channels);

		(void)snprintf(rq->channels + n, sizeof(rq->channels) - n, "%s%s",
			       n > 0 ? "," : "", *ch);
	}
	rq->offline = in->context.offline;
	rq->today = in->context.today;
}

static void ask(const struct inspect *i, struct inspect_case *c, enum which_filter w, int fd,
		const struct filter_request *rq)
{
	uint32_t seconds = w == FILTER_SEE ? i->see_seconds : i->seconds;
	char path[256];

	c->answer[w].asked = true;
	if (snprintf(path, sizeof(path), "%s/%s.sock", i->dir, case_program(c, w)) >=
	    (int)sizeof(path)) {
		c->answer[w].call.fd = -1;
		c->answer[w].call.error = SL_E_LIMIT;
		return;
	}
	filter_call_start(&c->answer[w].call, path, fd, rq,
			  clock_mono_ms() + ((int64_t)seconds + QUEUE_SECONDS) * 1000);
}

static const char *why_of(int error, const struct filter_reply *r)
{
	switch (error) {
	case SL_OK:
		return "";
	case SL_E_TIMEOUT:
		return "timeout";
	case SL_E_UNREACHABLE:
		return r->ending == ENDING_SIGNAL  ? "crashed"
		       : r->ending == ENDING_ERROR ? "gave-up"
						   : "unreachable";
	case SL_E_LIMIT:
		return "over-limit";
	default:
		return "garbage";
	}
}

static void understand(struct inspect_case *c, enum which_filter w, uint32_t objects_elsewhere)
{
	struct case_answer *a = &c->answer[w];
	int transport = a->call.error;

	a->error = transport;
	if (transport == SL_OK)
		a->error = filter_reply_parse(buf_str(&a->call.answer), a->call.answer.len,
					      objects_elsewhere, &a->reply);
	/* The greeting names the program: an answer by another one is garbage. */
	if (a->error == SL_OK && strcmp(a->reply.name, case_program(c, w)) != 0)
		a->error = SL_E_FORMAT;
	a->why = why_of(a->error, &a->reply);
}

static void ask_type(const struct inspect *i, struct inspect_case *c)
{
	struct filter_call *calls[1] = {&c->answer[FILTER_TYPE].call};
	struct filter_request rq;

	fill_request(c, &rq);
	ask(i, c, FILTER_TYPE, c->in->fd, &rq);
	filter_call_wait(calls, 1);
	understand(c, FILTER_TYPE, 0);
}

/* What is read by way of LibreOffice, in a program of its own: a slow conversion keeps
 * no other text waiting. */
static bool is_office(const char *type)
{
	static const char *const types[] = {"application/msword", "application/vnd.ms-excel",
					    "application/vnd.ms-powerpoint"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

static void ask_av_and_extract(const struct inspect *i, struct inspect_case *c)
{
	const struct case_answer *t = &c->answer[FILTER_TYPE];
	struct filter_call *calls[2] = {&c->answer[FILTER_AV].call,
					&c->answer[FILTER_EXTRACT].call};
	struct filter_request rq;
	unsigned n = 1;

	fill_request(c, &rq);
	if (t->error == SL_OK && t->reply.n_objects > 0)
		copy(rq.type, sizeof(rq.type), t->reply.objects[0].type);
	c->office = is_office(rq.type);
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
	const struct case_answer *t = &c->answer[FILTER_TYPE];
	struct filter_call *calls[1] = {&c->answer[FILTER_SEE].call};
	struct filter_request rq;

	c->wants_see = case_wants_see(c);
	if (!c->wants_see || i->see != INSPECT_SEE_NOW)
		return;
	if (i->filters != NULL)
		filters_see(i->filters);
	fill_request(c, &rq);
	copy(rq.type, sizeof(rq.type), t->reply.objects[0].type);
	ask(i, c, FILTER_SEE, c->in->fd, &rq);
	filter_call_wait(calls, 1);
	understand(c, FILTER_SEE, 0);
}

/* The segments are not longer than the answer they came in: one allocation for all, and
 * no text left behind in outgrown ones. */
static void reserve(struct buf *out, size_t len)
{
	size_t before = out->len, room = out->max - before;

	if (buf_extend(out, len < room ? len : room) != NULL)
		buf_cut(out, before);
}

static void put_extracted(const struct inspect_case *c, struct buf *out)
{
	const struct filter_reply *x = case_believed(c, FILTER_EXTRACT);

	if (x == NULL)
		return;
	reserve(out, c->answer[FILTER_EXTRACT].call.answer.len);
	for (uint32_t i = 0; i < x->n_segments; i++)
		segment_put(out, &x->segments[i]);
}

/* In the objects of the ledger, behind what was extracted there. */
static void put_seen(const struct inspect_case *c, struct buf *out)
{
	const struct filter_reply *x = case_believed(c, FILTER_SEE);

	for (uint32_t i = 0; x != NULL && c->seen != NULL && i < x->n_segments; i++) {
		const struct case_seen *seen = &c->seen[x->segments[i].object];
		struct segment s = x->segments[i];

		s.object = seen->object;
		s.line += seen->line;
		s.offset += seen->offset;
		segment_put(out, &s);
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
	put_extracted(c, out);
	put_seen(c, out);
	return buf_error(out);
}

static int sealed_copy(const struct buf *b)
{
	int fd = memfd_create("segments", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd < 0)
		return sl_err_errno(errno);
	r = file_write_all(fd, buf_str(b), b->len);
	if (r == SL_OK && fcntl(fd, F_ADD_SEALS,
				F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		r = sl_err_errno(errno);
	if (r != SL_OK) {
		file_close(fd);
		return r;
	}
	return fd;
}

static void ask_match(const struct inspect *i, struct inspect_case *c, const struct buf *text)
{
	struct case_answer *a = &c->answer[FILTER_MATCH];
	struct filter_call *calls[1] = {&a->call};
	struct filter_request rq;
	int fd = sealed_copy(text);

	fill_request(c, &rq);
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
	r = case_ledger(&c);
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
	/* LibreOffice may still be at its start: who waits for that keeps texts waiting. */
	ret_report->office_absent = c.office && c.answer[FILTER_EXTRACT].call.absent;
	ret_report->unseen =
		i->see == INSPECT_SEE_LATER && (c.wants_see || ret_report->office_absent);
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
