/* extract_answer.c - from a descriptor over the extract library to the record stream. */
#include "inspect/extract_answer.h"

#include <sys/mman.h>

static int say_object(void *arg, const struct filter_object *obj, uint32_t *ret_index)
{
	return filter_out_object(arg, obj, ret_index);
}

static int say_segment(void *arg, const struct segment *s)
{
	return filter_out_segment(arg, s);
}

static int say_finding(void *arg, const struct finding *f)
{
	return filter_out_finding(arg, f);
}

static int say_fact(void *arg, const char *key, const char *value)
{
	return filter_out_fact(arg, key, value);
}

static int say_part(void *arg, uint32_t object, const uint8_t *bytes, size_t len)
{
	return filter_out_part(arg, object, bytes, len);
}

int extract_answer(int fd, const struct filter_request *rq, struct filter_out *out,
		   int (*read)(struct extract *x))
{
	const struct extract_sink sink = {.object = say_object,
					  .segment = say_segment,
					  .finding = say_finding,
					  .fact = say_fact,
					  .part = say_part,
					  .arg = out};
	size_t len = (size_t)rq->length;
	void *map = NULL;
	struct extract x;
	int r;

	if (len > 0)
		map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return SL_E_IO;
	r = extract_init(&x, rq->name, rq->type, (len > 0) ? map : (const uint8_t *)"", len);
	x.base = rq->depth;
	if (r == SL_OK)
		r = read(&x);
	return (r == SL_OK) ? extract_emit(&x, &sink) : r;
}
