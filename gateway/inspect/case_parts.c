/* case_parts.c - parts that one filter hands on to another: pictures and PDF inside documents,
 * and formats before 2007 in them.
 *
 * What is handed on is unread until somebody has read it: whatever goes wrong between
 * here and there, the part stays failed and the file is held. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/case.h"
#include "inspect/filter_types.h"

const char *case_part_program(const struct case_part *p)
{
	return p->filter == FILTER_EXTRACT ? case_office : case_filter_names[p->filter];
}

static bool is_left(const struct filter_object *o)
{
	return strcmp(o->reason, "picture-not-read") == 0 ||
	       strcmp(o->reason, "old-format-not-read") == 0;
}

void case_fail_object(struct inspect_case *c, uint32_t object, const char *fmt, ...)
{
	struct filter_object *o = &c->objects[object];
	va_list ap;

	if (o->state == OBJECT_FAILED && !is_left(o))
		return;
	o->state = OBJECT_FAILED;
	va_start(ap, fmt);
	(void)vsnprintf(o->reason, sizeof(o->reason), fmt, ap);
	va_end(ap);
}

/* By the type alone whom it is for; false: for nobody, it stays as it is. */
static bool for_whom(const struct filter_object *o, enum which_filter *ret_w)
{
	*ret_w = filter_type_is_office(o->type) ? FILTER_EXTRACT : FILTER_SEE;
	return *ret_w == FILTER_EXTRACT || filter_type_is_seen(o->type);
}

int case_parts_take(struct inspect_case *c, const struct case_source *s)
{
	const struct filter_reply *r = &s->answer->reply;

	if (r->n_parts > 0 && c->parts == NULL)
		c->parts = calloc(FILTER_PARTS_MAX, sizeof(*c->parts));
	if (r->n_parts > 0 && c->parts == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < r->n_parts; i++) {
		uint32_t object = s->places[r->parts[i].object].object;
		struct case_part *p = &c->parts[c->n_parts];
		enum which_filter w;

		if (!for_whom(&c->objects[object], &w))
			continue;
		if (c->n_parts == FILTER_PARTS_MAX ||
		    r->parts[i].bytes > FILTER_HANDED_MAX - c->handed) {
			case_fail_object(c, object, "over-limit");
			continue;
		}
		c->n_parts++;
		c->handed += r->parts[i].bytes;
		*p = (struct case_part){
			.object = object, .filter = w, .from = r, .bytes = &r->parts[i]};
		p->answer.call.fd = -1;
		p->answer.why = "";
	}
	return SL_OK;
}

/* The part's own entry, by what was said of it as a whole. */
static void settle(struct inspect_case *c, const struct case_part *p)
{
	const struct filter_object *said = &p->answer.reply.objects[0];
	struct filter_object *o = &c->objects[p->object];

	if (said->bytes != p->bytes->bytes) {
		case_fail_object(c, p->object, "%s-other-bytes", case_part_program(p));
	} else if (said->state != OBJECT_INSPECTED) { /* what is handed on is never skipped */
		case_fail_object(c, p->object, "%s", said->reason);
	} else if (o->state == OBJECT_FAILED && is_left(o)) {
		o->state = OBJECT_INSPECTED;
		o->reason[0] = '\0';
		o->text = o->text == OBJECT_TEXT_FULL || p->filter == FILTER_EXTRACT
				  ? OBJECT_TEXT_FULL
				  : OBJECT_TEXT_OCR;
	}
}

int case_part_answered(struct inspect_case *c, struct case_part *p)
{
	const struct case_answer *a = &p->answer;

	if (!a->asked)
		case_fail_object(c, p->object, "%s-not-asked", case_part_program(p));
	else if (a->error != SL_OK)
		case_fail_object(c, p->object, "%s-%s", case_part_program(p), a->why);
	else if (a->reply.n_objects == 0)
		case_fail_object(c, p->object, "%s-garbage", case_part_program(p));
	else {
		settle(c, p);
		return case_source_add(c, p->filter, a, p->object);
	}
	return SL_OK;
}

int case_parts_findings(struct inspect_case *c)
{
	int r = SL_OK;

	for (uint32_t i = 0; r == SL_OK && i < c->n_parts; i++) {
		const struct filter_object *o = &c->objects[c->parts[i].object];
		struct finding f = {.rule = "OF-001",
				    .severity = SEV_S2,
				    .where = WHERE_ATTACHMENT,
				    .line = 1,
				    .column = 1,
				    .fix_action = "return"};

		/* A password is DH-008's. */
		if (c->parts[i].filter != FILTER_EXTRACT || o->state != OBJECT_FAILED ||
		    strcmp(o->reason, "encrypted") == 0)
			continue;
		f.object = c->parts[i].object;
		(void)snprintf(f.evidence, sizeof(f.evidence), "%s", o->reason);
		r = case_add_finding(c, &f);
	}
	return r;
}

const struct case_answer *case_parts_answer(const struct inspect_case *c, enum which_filter w)
{
	const struct case_answer *first = NULL;

	for (uint32_t i = 0; i < c->n_parts; i++) {
		const struct case_answer *a = &c->parts[i].answer;

		if (c->parts[i].filter != w)
			continue;
		if (!a->asked || a->error != SL_OK)
			return a;
		first = first == NULL ? a : first;
	}
	return first;
}
