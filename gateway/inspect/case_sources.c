/* case_sources.c - answers about the file and about parts of it, in one ledger.
 *
 * Every filter counts its own objects from 0 and its own lines from 1; here they get their
 * numbers, paths and places in the whole.  Hostile: each answer, and what it says of
 * others; all of them together have the ceilings of one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/case.h"

enum { ID_NUMBER_MAX = 99999999 };

int case_ledger(struct inspect_case *c)
{
	struct filter_object *o = calloc(1, sizeof(*o));

	c->objects = o;
	c->ends = calloc(1, sizeof(*c->ends));
	if (o == NULL || c->ends == NULL)
		return SL_E_NOMEM;
	c->n_objects = 1;
	/* As we know it ourselves; its state is put together when answers are merged, in the
	 * order in which people read reasons. */
	(void)snprintf(o->id, sizeof(o->id), "0");
	(void)text_safe(c->in->name, strlen(c->in->name), o->path, sizeof(o->path));
	text_hex(c->in->sha256, sizeof(c->in->sha256), o->sha256);
	o->bytes = c->in->length;
	return SL_OK;
}

/* --- names --- */

void case_path_below(const struct filter_object *above, const char *member,
		     char out[FILTER_PATH_MAX])
{
	size_t len = text_safe(above->path, strlen(above->path), out, FILTER_PATH_MAX / 2);

	out[len++] = '/';
	(void)text_safe(member, strlen(member), out + len, FILTER_PATH_MAX - len);
}

const char *case_path_member(const struct filter_reply *r, uint32_t i)
{
	const char *root = r->objects[0].path, *path = r->objects[i].path;
	char head[FILTER_PATH_MAX];
	size_t n = text_safe(root, strlen(root), head, FILTER_PATH_MAX / 2);

	return strncmp(path, head, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

/* The number after `n` bytes of an id that begin with those of an object. */
static uint32_t number_below(const char *id, const char *above, size_t n)
{
	uint64_t v = 0;

	if (strncmp(id, above, n) != 0 || id[n] != '.' ||
	    !text_to_u64(id + n + 1, strcspn(id + n + 1, "."), ID_NUMBER_MAX, &v))
		return 0;
	return (uint32_t)v;
}

uint32_t case_last_below(const struct inspect_case *c, uint32_t object)
{
	const char *above = c->objects[object].id;
	size_t n = strlen(above);
	uint32_t last = 0;

	for (uint32_t k = 0; k < c->n_objects; k++) {
		uint32_t v = number_below(c->objects[k].id, above, n);

		last = v > last ? v : last;
	}
	return last;
}

/* "0.2.1" below "0.7", which has three objects already, is "0.7.5.1". */
static bool id_below(const char *above, uint32_t last, const char *id, char *out, size_t cap)
{
	const char *rest = id[1] == '.' ? strchr(id + 2, '.') : NULL;
	int n = snprintf(out, cap, "%s.%" PRIu32 "%s", above, last + number_below(id, "0", 1),
			 rest != NULL ? rest : "");

	return n > 0 && (size_t)n < cap;
}

/* --- taking in --- */

/* Objects of extract or office: each is new. */
static bool place_new(struct inspect_case *c, struct case_source *s)
{
	const struct filter_reply *r = &s->answer->reply;
	const struct filter_object above = c->objects[s->under];
	uint32_t last = case_last_below(c, s->under);

	s->places[0].object = s->under;
	if (above.text == OBJECT_TEXT_NONE)
		c->objects[s->under].text = r->objects[0].text;
	for (uint32_t j = 1; j < r->n_objects; j++) {
		struct filter_object *o = &c->objects[c->n_objects];

		*o = r->objects[j];
		if (!id_below(above.id, last, r->objects[j].id, o->id, sizeof(o->id)))
			return false;
		case_path_below(&above, case_path_member(r, j), o->path);
		s->places[j].object = c->n_objects++;
	}
	return true;
}

/* Texts of a later source follow those of an earlier one in the same object. */
static void note_ends(struct inspect_case *c, const struct case_source *s)
{
	const struct filter_reply *r = &s->answer->reply;

	for (uint32_t i = 0; i < r->n_segments; i++) {
		const struct segment g = case_segment(s, i);
		uint32_t lines = 0, offset = g.offset + (uint32_t)text_count(g.text, g.len);
		struct case_place *e = &c->ends[g.object];

		for (uint32_t b = 0; b < g.len; b++)
			lines += g.text[b] == '\n';
		/* A stream that does not end a line is ended by one break. */
		if (g.len > 0 && g.text[g.len - 1] != '\n') {
			offset++;
			lines++;
		}
		e->offset = offset > e->offset ? offset : e->offset;
		e->line = g.line + lines - 1 > e->line ? g.line + lines - 1 : e->line;
	}
}

static bool has_room(const struct inspect_case *c, const struct filter_reply *r)
{
	uint64_t bytes = c->text_bytes;

	for (uint32_t i = 0; i < r->n_segments; i++)
		bytes += r->segments[i].len;
	return c->n_sources < CASE_SOURCES_MAX &&
	       r->n_objects <= FILTER_OBJECTS_MAX - c->n_objects + 1 &&
	       r->n_segments <= SEGMENT_COUNT_MAX - c->n_segments && bytes <= SEGMENT_TOTAL_MAX;
}

static int make_room(struct inspect_case *c, const struct filter_reply *r,
		     struct case_source *s)
{
	size_t n = (size_t)c->n_objects + r->n_objects;
	struct filter_object *objects = reallocarray(c->objects, n, sizeof(*objects));
	struct case_place *ends = reallocarray(c->ends, n, sizeof(*ends));

	if (objects != NULL)
		c->objects = objects;
	if (ends != NULL)
		c->ends = ends;
	s->places = calloc(r->n_objects, sizeof(*s->places));
	if (objects == NULL || ends == NULL || s->places == NULL)
		return SL_E_NOMEM;
	memset(ends + c->n_objects, 0, r->n_objects * sizeof(*ends));
	return SL_OK;
}

int case_source_add(struct inspect_case *c, enum which_filter w, const struct case_answer *a,
		    uint32_t under)
{
	const struct filter_reply *r = &a->reply;
	struct case_source *s = &c->sources[c->n_sources];
	uint32_t before = c->n_objects;
	int e;

	if (!has_room(c, r)) {
		case_fail_object(c, under, "over-limit");
		return SL_OK;
	}
	*s = (struct case_source){.filter = w, .answer = a, .under = under};
	e = make_room(c, r, s);
	if (e == SL_OK && w == FILTER_SEE) {
		e = case_see_place(c, s);
	} else if (e == SL_OK && !place_new(c, s)) {
		c->n_objects = before;
		free(s->places);
		case_fail_object(c, under, "nested-too-deep");
		return SL_OK;
	}
	if (e != SL_OK) {
		free(s->places);
		return e;
	}
	for (uint32_t j = 0; j < r->n_objects; j++) {
		s->places[j].line = c->ends[s->places[j].object].line;
		s->places[j].offset = c->ends[s->places[j].object].offset;
	}
	c->n_sources++;
	c->n_segments += r->n_segments;
	for (uint32_t i = 0; i < r->n_segments; i++)
		c->text_bytes += r->segments[i].len;
	note_ends(c, s);
	return case_parts_take(c, s);
}

struct segment case_segment(const struct case_source *s, uint32_t i)
{
	struct segment g = s->answer->reply.segments[i];
	const struct case_place *p = &s->places[g.object];

	g.object = p->object;
	g.line += p->line;
	g.offset += p->offset;
	return g;
}

struct finding case_placed(const struct case_source *s, const struct finding *f)
{
	const struct case_place *p = &s->places[f->object];
	struct finding g = *f;

	g.object = p->object;
	g.line += p->line;
	g.offset += p->offset;
	return g;
}
