/* clean_left.c - what was to be masked, and can still be read in the copy.
 *
 * Names that other parts of a document refer to, formulas, texts spelled with escapes: a mask
 * may be put in one place and not in another.  So the copy is read as it will be inspected,
 * and whatever can be read there is said; a fix that is half done never looks whole.
 *
 * Hostile: the copy, which is made of hostile bytes. */
#include <stdlib.h>
#include <string.h>

#include "inspect/clean/clean.h"
#include "inspect/extract/extract.h"

/* Bytes of the segment before, for what runs over an end: the longest mask fits. */
enum { TAIL = 4 << 10 };

struct left {
	const struct clean_job *job;
	uint32_t *count;    /* n_masks for each place */
	uint32_t n_objects; /* of the copy */
	uint32_t object;    /* of the segment before */
	uint8_t where;
	struct buf text; /* its end, and the segment */
};

/* A replacement says no secret, even where it holds a word that another mask is for. */
static bool is_said_by_a_mask(const struct clean_job *job, const char *text)
{
	for (size_t i = 0; i < job->n_masks; i++)
		if (strstr(job->masks[i].with, text) != NULL)
			return true;
	return false;
}

static int take_object(void *arg, const struct filter_object *o, uint32_t *ret_index)
{
	struct left *l = arg;

	(void)o;
	*ret_index = l->n_objects++;
	return SL_OK;
}

static int take_segment(void *arg, const struct segment *s)
{
	struct left *l = arg;

	if (s->object != l->object || s->where != l->where)
		buf_clear(&l->text);
	else if (l->text.len > TAIL) {
		memmove(l->text.data, l->text.data + l->text.len - TAIL, TAIL);
		l->text.len = TAIL;
	}
	l->object = s->object;
	l->where = s->where;
	buf_put(&l->text, s->text, s->len);
	for (size_t i = 0; i < l->job->n_masks; i++) {
		const char *mask = l->job->masks[i].text;

		if (memmem(l->text.data, l->text.len, mask, strlen(mask)) != NULL)
			l->count[s->where * l->job->n_masks + i]++;
	}
	return buf_error(&l->text);
}

static int pass_over_finding(void *arg, const struct finding *f)
{
	(void)arg, (void)f;
	return SL_OK;
}

static int pass_over_fact(void *arg, const char *key, const char *value)
{
	(void)arg, (void)key, (void)value;
	return SL_OK;
}

/* SL_E_LIMIT: not all of the copy could be read. */
static int read_copy(struct left *l, struct clean_result *r)
{
	const struct extract_sink sink = {.object = take_object,
					  .segment = take_segment,
					  .finding = pass_over_finding,
					  .fact = pass_over_fact,
					  .arg = l};
	struct extract x;
	int e = extract_init(&x, l->job->name, l->job->type, r->bytes.data, r->bytes.len);

	if (e != SL_OK)
		return e;
	e = extract_document(&x);
	if (e == SL_OK)
		e = x.over ? SL_E_LIMIT : extract_emit(&x, &sink);
	extract_release(&x);
	return e;
}

int clean_left(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	struct left l = {.job = job, .where = WHERE_COUNT};
	int e = SL_OK;

	if (job->n_masks == 0)
		return SL_OK;
	l.count = calloc(job->n_masks * WHERE_COUNT, sizeof(*l.count));
	if (l.count == NULL)
		return SL_E_NOMEM;
	buf_init(&l.text, SEGMENT_TEXT_MAX + TAIL);
	e = read_copy(&l, r);
	if (e == SL_E_LIMIT)
		e = why_set(why, e, "the copy is too large to be read again");
	for (size_t i = 0; e == SL_OK && i < job->n_masks; i++) {
		if (is_said_by_a_mask(job, job->masks[i].text))
			continue;
		for (size_t w = 0; w < WHERE_COUNT; w++)
			if (l.count[w * job->n_masks + i] > 0)
				clean_say_left(r, where_name((enum segment_where)w),
					       job->masks[i].with);
	}
	buf_wipe(&l.text);
	free(l.count);
	return e;
}
