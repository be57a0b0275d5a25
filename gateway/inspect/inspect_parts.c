/* inspect_parts.c - ask about what one filter handed on to another.
 *
 * A part is asked about as a file would be: a copy that nobody can change, by a fresh
 * child.  Its answer may hand on parts in turn; all of them together have the ceilings
 * of one file, and the time of one. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspect/inspect_private.h"

enum { AT_ONCE = 4 };

struct until { /* for all parts */
	int64_t see, office;
};

/* "0.3.1" stands in two documents: the file, and the third thing in it. */
static uint8_t depth_of(const struct filter_object *o)
{
	uint8_t n = 0;

	for (const char *p = o->id; *p != '\0'; p++)
		n = (uint8_t)(n + (*p == '.'));
	return n;
}

static void ask(const struct inspect *i, struct inspect_case *c, struct case_part *p,
		const struct until *until)
{
	const struct filter_object *o = &c->objects[p->object];
	const char *slash = strrchr(o->path, '/');
	bool sees = p->filter == FILTER_SEE;
	int64_t deadline = sees ? until->see : until->office;
	struct filter_request rq;
	int fd;

	if (sees && i->see != INSPECT_SEE_NOW)
		return;
	p->answer.asked = true;
	p->answer.call.error = SL_E_TIMEOUT; /* the others took all of it */
	if (clock_mono_ms() >= deadline)
		return;
	inspect_request(c, &rq);
	inspect_request_name(&rq, slash != NULL ? slash + 1 : o->path);
	memset(rq.declared, 0, sizeof(rq.declared));
	memcpy(rq.type, o->type, sizeof(rq.type));
	rq.length = p->bytes->bytes;
	rq.depth = depth_of(o);
	fd = inspect_sealed(p->from->pieces + p->bytes->first, p->bytes->n);
	p->answer.call.error = fd;
	if (fd < 0)
		return;
	inspect_ask(i, &p->answer, case_part_program(p), fd, &rq, deadline);
	file_close(fd);
}

static int ask_some(const struct inspect *i, struct inspect_case *c, struct case_part *parts,
		    uint32_t n, const struct until *until)
{
	struct filter_call *calls[AT_ONCE];
	int r = SL_OK;

	for (uint32_t k = 0; k < n; k++) {
		ask(i, c, &parts[k], until);
		calls[k] = &parts[k].answer.call;
	}
	filter_call_wait(calls, n);
	for (uint32_t k = 0; r == SL_OK && k < n; k++) {
		if (parts[k].answer.asked)
			inspect_understand(&parts[k].answer, case_part_program(&parts[k]), 0);
		r = case_part_answered(c, &parts[k]);
	}
	return r;
}

int inspect_parts(const struct inspect *i, struct inspect_case *c)
{
	const struct until until = {.see = inspect_deadline(i, FILTER_SEE),
				    .office = inspect_deadline(i, FILTER_EXTRACT)};
	int r = SL_OK;

	/* Answers add parts at the end, FILTER_PARTS_MAX in all. */
	for (uint32_t next = 0, n; r == SL_OK && next < c->n_parts; next += n) {
		n = c->n_parts - next < AT_ONCE ? c->n_parts - next : AT_ONCE;
		r = ask_some(i, c, c->parts + next, n, &until);
	}
	return r;
}
