/* extract_fuzz.c - a sink that believes nothing. */
#include "tests/fuzz/extract_fuzz.h"

#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract.h"

struct judge {
	uint32_t objects;
	uint32_t line; /* of the last segment of this object: places only grow */
	uint32_t offset;
};

static int judge_object(void *arg, const struct filter_object *obj, uint32_t *ret_index)
{
	struct judge *j = arg;

	BUG(strlen(obj->path) >= sizeof(obj->path) ||
	    !text_is_utf8(obj->path, strlen(obj->path)));
	BUG(obj->state != OBJECT_INSPECTED && obj->reason[0] == '\0');
	BUG(j->objects == 0 && strcmp(obj->id, "0") != 0);
	j->line = j->offset = 0;
	*ret_index = j->objects++;
	return SL_OK;
}

static int judge_segment(void *arg, const struct segment *s)
{
	struct judge *j = arg;

	BUG(s->object != j->objects - 1 || s->where >= WHERE_COUNT || s->len == 0);
	BUG(!text_is_utf8(s->text, s->len) || memchr(s->text, '\0', s->len) != NULL);
	BUG(s->line < j->line || s->offset < j->offset || s->column == 0);
	j->line = s->line;
	j->offset = s->offset;
	return SL_OK;
}

static int judge_finding(void *arg, const struct finding *f)
{
	const struct judge *j = arg;

	BUG(f->object != j->objects - 1 || f->where >= WHERE_COUNT || f->severity >= SEV_COUNT);
	BUG(f->line == 0 || f->column == 0 ||
	    (strncmp(f->rule, "DH-00", 5) != 0 && strcmp(f->rule, "UF-001") != 0 &&
	     strcmp(f->rule, "RO-001") != 0));
	BUG(!text_is_utf8(f->excerpt, strlen(f->excerpt)));
	return SL_OK;
}

static int judge_fact(void *arg, const char *key, const char *value)
{
	(void)arg;
	BUG(key[0] == '\0' || value[0] == '\0');
	return SL_OK;
}

static int judge_part(void *arg, uint32_t object, const uint8_t *bytes, size_t len)
{
	const struct judge *j = arg;

	BUG(object != j->objects - 1 || object == 0 || len == 0 || len > FILTER_HANDED_MAX);
	BUG(memchr(bytes, 0, len) == bytes + len);
	return SL_OK;
}

void extract_fuzz(const char *type, const uint8_t *data, size_t size)
{
	static bool loaded;
	struct judge j = {0};
	struct extract_sink sink = {.object = judge_object,
				    .segment = judge_segment,
				    .finding = judge_finding,
				    .fact = judge_fact,
				    .part = judge_part,
				    .arg = &j};
	struct sl_why why = {{0}};
	struct extract x;

	BUG(!loaded && extract_load(&why) != SL_OK);
	loaded = true;
	BUG(extract_init(&x, "input", type, data, size) != SL_OK);
	if (extract_document(&x) == SL_OK && extract_emit(&x, &sink) == SL_OK)
		BUG(j.objects == 0);
	extract_release(&x);
}
