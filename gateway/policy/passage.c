/* passage.c - rules read across runs, cells and lines; places come back per segment. */
#include "policy/passage.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Does b continue a without a break: the next run of the same line? */
static bool continues(const struct segment *a, const struct segment *b)
{
	return b->offset == a->offset + text_count(a->text, a->len);
}

static bool belongs(const struct segment *a, const struct segment *b, size_t total)
{
	return a->object == b->object && a->where == b->where &&
	       b->len < SEGMENT_TEXT_MAX - total;
}

static unsigned count(const struct segment *s, unsigned n)
{
	size_t total = s[0].len;
	unsigned i = 1;

	while (i < n && belongs(&s[0], &s[i], total)) {
		total += s[i].len + 1;
		i++;
	}
	return i;
}

int passage_init(struct passage *p, const struct segment *segments, unsigned n)
{
	memset(p, 0, sizeof(*p));
	buf_init(&p->joined, (size_t)SEGMENT_TEXT_MAX * 2);
	p->segment = segments;
	p->n = count(segments, n);
	p->start = calloc(p->n, sizeof(*p->start));
	if (p->start == NULL)
		return SL_E_NOMEM;
	if (p->n == 1) {
		p->text = segments[0].text;
		p->len = segments[0].len;
		return SL_OK;
	}
	for (unsigned i = 0; i < p->n; i++) {
		const struct segment *s = &segments[i];

		if (i > 0 && !continues(s - 1, s) &&
		    (s[-1].len == 0 || s[-1].text[s[-1].len - 1] != '\n'))
			buf_put_u8(&p->joined, '\n');
		p->start[i] = (uint32_t)p->joined.len;
		buf_put(&p->joined, s->text, s->len);
	}
	p->text = buf_str(&p->joined);
	p->len = p->joined.len;
	return buf_error(&p->joined);
}

void passage_release(struct passage *p)
{
	free(p->start);
	p->start = NULL;
	buf_release(&p->joined);
}

static void enter(struct passage_cursor *c, unsigned i)
{
	const struct segment *s = &c->p->segment[i];

	c->segment = i;
	c->at = c->p->start[i];
	c->line = s->line;
	c->column = s->column;
	c->offset = s->offset;
}

void passage_start(struct passage_cursor *c, const struct passage *p)
{
	c->p = p;
	enter(c, 0);
}

static void advance(struct passage_cursor *c, size_t to)
{
	const unsigned char *s = (const unsigned char *)c->p->text;

	for (; c->at < to; c->at++) {
		if ((s[c->at] & 0xc0) == 0x80)
			continue;
		c->offset++;
		c->column++;
		if (s[c->at] == '\n') {
			c->line++;
			c->column = 1;
		}
	}
}

static void seek(struct passage_cursor *c, size_t at)
{
	unsigned i = c->segment;

	while (i + 1 < c->p->n && c->p->start[i + 1] <= at)
		i++;
	if (i != c->segment)
		enter(c, i);
	advance(c, at);
}

void passage_find(struct passage_cursor *c, size_t from, size_t to, struct passage_place *ret_p)
{
	struct passage_cursor end;

	seek(c, from);
	ret_p->page = c->p->segment[c->segment].page;
	ret_p->line = c->line;
	ret_p->column = c->column;
	ret_p->offset = c->offset;
	/* A span is short, so its end is found from its start each time. */
	end = *c;
	seek(&end, to);
	ret_p->length = end.offset > c->offset ? end.offset - c->offset : 0;
}
