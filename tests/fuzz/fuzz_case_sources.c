/* fuzz_case_sources.c - answers about a file and about a part of it, in one ledger: whatever
 * they say, every object, place and part is one that there is. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct inspect_case *c)
{
	for (uint32_t i = 0; i < c->n_sources; i++) {
		const struct case_source *s = &c->sources[i];

		for (uint32_t k = 0; k < s->answer->reply.n_segments; k++)
			BUG(case_segment(s, k).object >= c->n_objects);
		for (uint32_t k = 0; k < s->answer->reply.n_findings; k++)
			BUG(case_placed(s, &s->answer->reply.findings[k]).object >=
			    c->n_objects);
	}
	for (uint32_t i = 0; i < c->n_parts; i++)
		BUG(c->parts[i].object >= c->n_objects ||
		    c->parts[i].bytes->first + c->parts[i].bytes->n >
			    c->parts[i].from->n_pieces);
	for (uint32_t i = 0; i < c->n_objects; i++)
		BUG((c->objects[i].state == OBJECT_INSPECTED) !=
			    (c->objects[i].reason[0] == '\0') ||
		    memchr(c->objects[i].path, '\0', FILTER_PATH_MAX) == NULL);
}

/* Two bytes say how long the first answer is; the rest is one about its first part. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct inspect_input in = {.name = "a.zip", .length = 9};
	struct inspect_case c = {.in = &in};
	struct case_answer *x = &c.answer[FILTER_EXTRACT];
	size_t first = size < 2 ? 0 : (size_t)data[0] << 8 | data[1];

	if (size < 2 || first > size - 2)
		return 0;
	for (unsigned w = 0; w < FILTER_COUNT; w++)
		c.answer[w].call.fd = -1;
	x->asked = true;
	x->error = filter_reply_parse(data + 2, first, 0, &x->reply);
	BUG(case_ledger(&c) != SL_OK);
	if (x->error == SL_OK && x->reply.n_objects > 0)
		BUG(case_source_add(&c, FILTER_EXTRACT, x, 0) != SL_OK);
	judge(&c);
	if (c.n_parts > 0) {
		struct case_answer *a = &c.parts[0].answer;

		a->asked = true;
		a->why = "garbage";
		a->error = filter_reply_parse(data + 2 + first, size - 2 - first, 0, &a->reply);
		BUG(case_part_answered(&c, &c.parts[0]) != SL_OK);
		/* Nobody else has answered: what is left stays held. */
		BUG(a->error != SL_OK && c.objects[c.parts[0].object].state != OBJECT_FAILED);
		judge(&c);
		case_see_check(&c);
	}
	case_release(&c);
	return 0;
}
