/* inspect_ask.c - one question to one filter, and what is believed of its answer. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspect/filter_types.h"
#include "inspect/inspect_private.h"

static void copy(char *out, size_t cap, const char *text)
{
	(void)snprintf(out, cap, "%s", text != NULL ? text : "");
}

void inspect_request_name(struct filter_request *rq, const char *name)
{
	size_t len = strlen(name);
	size_t from = len >= sizeof(rq->name) ? len - sizeof(rq->name) + 1 : 0;

	while (((uint8_t)name[from] & 0xc0) == 0x80)
		from++;
	(void)snprintf(rq->name, sizeof(rq->name), "%s", name + from);
}

void inspect_request(const struct inspect_case *c, struct filter_request *rq)
{
	const struct inspect_input *in = c->in;

	memset(rq, 0, sizeof(*rq));
	inspect_request_name(rq, in->name);
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

void inspect_request_record(const struct inspect_case *c, struct filter_request *rq)
{
	const struct scan_record *r = c->in->context.record;

	if (r == NULL)
		return;
	rq->has_record = true;
	copy(rq->given, sizeof(rq->given), r->given);
	copy(rq->source_type, sizeof(rq->source_type), r->source_type);
	copy(rq->question, sizeof(rq->question), r->question);
	copy(rq->category, sizeof(rq->category), r->category);
	rq->received = r->received;
	rq->due = r->due;
	rq->bytes = c->in->length;
	rq->picture = filter_type_is_picture(case_type(c));
	rq->first = r->first;
}

int64_t inspect_deadline(const struct inspect *i, enum which_filter w)
{
	int64_t seconds = w == FILTER_SEE ? i->see_seconds : i->seconds;

	if (i->see == INSPECT_SEE_LATER && seconds > INSPECT_QUICK_SECONDS)
		return clock_mono_ms() + INSPECT_QUICK_SECONDS * 1000;
	return clock_mono_ms() + (seconds + INSPECT_QUEUE_SECONDS) * 1000;
}

void inspect_ask(const struct inspect *i, struct case_answer *a, const char *program, int fd,
		 const struct filter_request *rq, int64_t deadline)
{
	char path[256];

	a->asked = true;
	if (i->filters != NULL) {
		int64_t before = clock_mono_ms();

		filters_need(i->filters, program);
		deadline += clock_mono_ms() - before;
	}
	if (snprintf(path, sizeof(path), "%s/%s.sock", i->dir, program) >= (int)sizeof(path)) {
		a->call.fd = -1;
		a->call.error = SL_E_LIMIT;
		return;
	}
	filter_call_start(&a->call, path, fd, rq, deadline);
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

void inspect_understand(struct case_answer *a, const char *program, uint32_t objects_elsewhere)
{
	a->error = a->call.error;
	if (a->error == SL_OK)
		a->error = filter_reply_parse(buf_str(&a->call.answer), a->call.answer.len,
					      objects_elsewhere, &a->reply);
	/* The greeting names the program: an answer by another one is garbage. */
	if (a->error == SL_OK && strcmp(a->reply.name, program) != 0)
		a->error = SL_E_FORMAT;
	a->why = why_of(a->error, &a->reply);
}

int inspect_sealed(const struct filter_piece *pieces, uint32_t n)
{
	int fd = memfd_create("part", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r = SL_OK;

	if (fd < 0)
		return sl_err_errno(errno);
	for (uint32_t i = 0; r == SL_OK && i < n; i++)
		r = file_write_all(fd, pieces[i].bytes, pieces[i].len);
	if (r == SL_OK && fcntl(fd, F_ADD_SEALS,
				F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		r = sl_err_errno(errno);
	if (r != SL_OK) {
		file_close(fd);
		return r;
	}
	return fd;
}
