/* extract_collect.c - a sink that remembers. */
#include "tests/support/extract_collect.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "inspect/extract/extract_package.h"

enum { FILE_MAX = 64 << 20 };

static void *more(void *list, size_t n, size_t size)
{
	void *p = reallocarray(list, n + 1, size);

	BUG(p == NULL);
	return p;
}

static int keep_object(void *arg, const struct filter_object *obj, uint32_t *ret_index)
{
	struct collected *c = arg;

	c->objects = more(c->objects, c->n_objects, sizeof(*c->objects));
	c->objects[c->n_objects] = *obj;
	*ret_index = (uint32_t)c->n_objects++;
	return SL_OK;
}

static int keep_segment(void *arg, const struct segment *s)
{
	struct collected *c = arg;
	char *copy = malloc((size_t)s->len + 1);

	BUG(copy == NULL || s->object >= c->n_objects || !text_is_utf8(s->text, s->len));
	memcpy(copy, s->text, s->len);
	copy[s->len] = '\0';
	c->segments = more(c->segments, c->n_segments, sizeof(*c->segments));
	c->segments[c->n_segments] = *s;
	c->segments[c->n_segments++].text = copy;
	return SL_OK;
}

static int keep_finding(void *arg, const struct finding *f)
{
	struct collected *c = arg;

	BUG(f->object >= c->n_objects || f->line == 0 || f->column == 0);
	c->findings = more(c->findings, c->n_findings, sizeof(*c->findings));
	c->findings[c->n_findings++] = *f;
	return SL_OK;
}

static int keep_fact(void *arg, const char *key, const char *value)
{
	struct collected *c = arg;
	size_t n = strlen(c->facts);

	(void)snprintf(c->facts + n, sizeof(c->facts) - n, "%s=%s;", key, value);
	return SL_OK;
}

static int keep_part(void *arg, uint32_t object, const uint8_t *bytes, size_t len)
{
	struct collected *c = arg;
	char *longer = NULL;

	BUG(object >= c->n_objects || bytes == NULL || len == 0);
	BUG(asprintf(&longer, "%s%s;", c->handed != NULL ? c->handed : "",
		     c->objects[object].path) < 0);
	free(c->handed);
	c->handed = longer;
	return SL_OK;
}

void collect_start(void)
{
	struct sl_why why = {{0}};

	BUG(extract_load(&why) != SL_OK);
}

struct collected *collect_bytes(const char *name, const char *type, const void *bytes,
				size_t len)
{
	struct collected *c = calloc(1, sizeof(*c));
	struct extract_sink sink = {.object = keep_object,
				    .segment = keep_segment,
				    .finding = keep_finding,
				    .fact = keep_fact,
				    .part = keep_part,
				    .arg = c};
	struct extract x;

	BUG(c == NULL);
	c->error = extract_init(&x, name, type, bytes, len);
	if (c->error == SL_OK)
		c->error = extract_document(&x);
	if (c->error == SL_OK)
		c->error = extract_emit(&x, &sink);
	extract_release(&x);
	return c;
}

struct collected *collect_file(const char *name, const char *type)
{
	char path[512];
	struct collected *c = NULL;
	struct buf b;

	buf_init(&b, FILE_MAX);
	(void)snprintf(path, sizeof(path), "%s/tests/corpus/documents/%s", SL_SOURCE_DIR, name);
	if (file_read(AT_FDCWD, path, FILE_MAX, &b) == SL_OK)
		c = collect_bytes(name, type, buf_str(&b), b.len);
	buf_release(&b);
	return c;
}

void collect_free(struct collected *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_segments; i++) {
		void *owned;

		memcpy(&owned, &c->segments[i].text,
		       sizeof(owned)); /* our copy, const for readers */
		free(owned);
	}
	free(c->objects);
	free(c->segments);
	free(c->findings);
	free(c->handed);
	free(c);
}

const struct filter_object *collect_object(const struct collected *c, const char *tail)
{
	for (size_t i = 0; i < c->n_objects; i++)
		if (extract_ends_with(c->objects[i].path, tail))
			return &c->objects[i];
	return NULL;
}

const struct segment *collect_segment(const struct collected *c, enum segment_where w,
				      const char *words)
{
	for (size_t i = 0; i < c->n_segments; i++)
		if (c->segments[i].where == w && strstr(c->segments[i].text, words) != NULL)
			return &c->segments[i];
	return NULL;
}

const struct finding *collect_finding(const struct collected *c, const char *rule,
				      enum segment_where w)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].rule, rule) == 0 && c->findings[i].where == w)
			return &c->findings[i];
	return NULL;
}

size_t collect_failed(const struct collected *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_objects; i++)
		n += c->objects[i].state == OBJECT_FAILED;
	return n;
}

void collect_print(const struct collected *c)
{
	static const char *const states[] = {"inspected", "skipped", "failed"};

	printf("error=%s facts=%s\n", sl_errname(c->error), c->facts);
	for (size_t i = 0; i < c->n_objects; i++)
		printf("object %zu %s %s %s text=%u %s\n", i, c->objects[i].id,
		       c->objects[i].path, states[c->objects[i].state], c->objects[i].text,
		       c->objects[i].reason);
	for (size_t i = 0; i < c->n_segments; i++)
		printf("segment object=%u where=%u page=%u at %u:%u+%u [%s]\n",
		       c->segments[i].object, c->segments[i].where, c->segments[i].page,
		       c->segments[i].line, c->segments[i].column, c->segments[i].offset,
		       c->segments[i].text);
	for (size_t i = 0; i < c->n_findings; i++)
		printf("finding %s S%u object=%u where=%u page=%u at %u:%u+%u len=%u {%s} "
		       "[%s]\n",
		       c->findings[i].rule, c->findings[i].severity, c->findings[i].object,
		       c->findings[i].where, c->findings[i].page, c->findings[i].line,
		       c->findings[i].column, c->findings[i].offset, c->findings[i].length,
		       c->findings[i].evidence, c->findings[i].excerpt);
}
