/* case_see.c - what extract left unread, and what see has read: one ledger.
 *
 * Either filter may have been taken over by the document.  So see can only answer for
 * objects that extract promised, by the same path and length, and what it names beside
 * them - other than the pages it draws - fails the file. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/case.h"

enum { PAGE_MAX = 100000, ID_NUMBER_MAX = 99999999 };

static bool is_unread(const struct filter_object *o)
{
	return o->state == OBJECT_FAILED && strcmp(o->reason, "picture-not-read") == 0;
}

static bool is_picture(const struct filter_object *o)
{
	return strncmp(o->type, "image/", 6) == 0;
}

bool case_wants_see(const struct inspect_case *c)
{
	const struct filter_reply *t = case_believed(c, FILTER_TYPE);
	const struct filter_reply *x = case_believed(c, FILTER_EXTRACT);

	if (t != NULL && t->n_objects > 0 &&
	    (is_picture(&t->objects[0]) || strcmp(t->objects[0].type, "application/pdf") == 0))
		return true;
	for (uint32_t i = 0; x != NULL && i < x->n_objects; i++)
		if (is_unread(&x->objects[i]))
			return true;
	return false;
}

/* --- which object is which --- */

struct index {
	const struct inspect_case *c;
	uint32_t *by_path; /* owned: numbers of ledger entries */
	uint32_t n;
};

static int compare_paths(const void *a, const void *b, void *arg)
{
	const struct inspect_case *c = arg;

	return strcmp(c->objects[*(const uint32_t *)a].path,
		      c->objects[*(const uint32_t *)b].path);
}

static int index_make(struct inspect_case *c, struct index *ret_i)
{
	struct index i = {.c = c, .n = c->n_objects};

	i.by_path = calloc(i.n, sizeof(*i.by_path));
	if (i.by_path == NULL)
		return SL_E_NOMEM;
	for (uint32_t k = 0; k < i.n; k++)
		i.by_path[k] = k;
	qsort_r(i.by_path, i.n, sizeof(*i.by_path), compare_paths, c);
	*ret_i = i;
	return SL_OK;
}

/* The one entry of that path; false when there is none, or two that look alike. */
static bool find(const struct index *i, const char *path, uint32_t *ret_k)
{
	uint32_t low = 0, high = i->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (strcmp(i->c->objects[i->by_path[middle]].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == i->n || strcmp(i->c->objects[i->by_path[low]].path, path) != 0)
		return false;
	if (low + 1 < i->n && strcmp(i->c->objects[i->by_path[low + 1]].path, path) == 0)
		return false;
	*ret_k = i->by_path[low];
	return true;
}

/* "x.pdf/page-3": entry of x.pdf and 3. */
static bool is_page(const struct index *i, const char *path, uint32_t *ret_of, uint32_t *ret_n)
{
	static const char mark[] = "/page-";
	const char *slash = strrchr(path, '/');
	char parent[FILTER_PATH_MAX];
	uint64_t n = 0;

	if (slash == NULL || strncmp(slash, mark, sizeof(mark) - 1) != 0)
		return false;
	slash += sizeof(mark) - 1;
	if (!text_to_u64(slash, strlen(slash), PAGE_MAX, &n) || n == 0)
		return false;
	(void)snprintf(parent, sizeof(parent), "%.*s",
		       (int)((size_t)(slash - path) - (sizeof(mark) - 1)), path);
	*ret_n = (uint32_t)n;
	return find(i, parent, ret_of);
}

/* --- states --- */

static void read_by_see(struct filter_object *o, const struct filter_object *s)
{
	if (!is_unread(o))
		return;
	if (s->state == OBJECT_INSPECTED) {
		o->state = OBJECT_INSPECTED;
		o->text = OBJECT_TEXT_OCR;
		o->reason[0] = '\0';
	} else if (s->state == OBJECT_FAILED) {
		memcpy(o->reason, s->reason, sizeof(o->reason));
	}
}

/* What extract calls the unread parts of a page. */
static void read_page(struct inspect_case *c, const struct index *i,
		      const struct filter_object *page)
{
	static const char *const parts[] = {"pictures", "drawing"};
	char path[FILTER_PATH_MAX + 16];
	uint32_t k;

	for (unsigned p = 0; p < 2; p++) {
		(void)snprintf(path, sizeof(path), "%s/%s", page->path, parts[p]);
		if (find(i, path, &k))
			read_by_see(&c->objects[k], page);
	}
}

/* The highest number in "0.N". */
static uint32_t last_number(const struct inspect_case *c)
{
	uint32_t last = 0;

	for (uint32_t k = 0; k < c->n_objects; k++) {
		const char *dot = strchr(c->objects[k].id, '.');
		uint64_t n = 0;

		if (dot != NULL &&
		    text_to_u64(dot + 1, strcspn(dot + 1, "."), ID_NUMBER_MAX, &n) && n > last)
			last = (uint32_t)n;
	}
	return last;
}

static void append(struct inspect_case *c, const struct filter_object *page, uint32_t number)
{
	struct filter_object *o = &c->objects[c->n_objects++];

	*o = *page;
	(void)snprintf(o->id, sizeof(o->id), "0.%" PRIu32, number);
}

/* An object of see that is neither promised nor a page, or is another one. */
static bool fits(const struct inspect_case *c, uint32_t k, const struct filter_object *s)
{
	const struct filter_object *o = &c->objects[k];

	return o->bytes == s->bytes &&
	       (!is_picture(s) || k == 0 || o->reason[0] != '\0' || o->text == OBJECT_TEXT_OCR);
}

static void place_all(struct inspect_case *c, const struct index *index)
{
	const struct filter_reply *s = &c->answer[FILTER_SEE].reply;
	uint32_t number = last_number(c);

	for (uint32_t j = 0; j < s->n_objects; j++) {
		const struct filter_object *o = &s->objects[j];
		struct case_seen *seen = &c->seen[j];
		uint32_t k = 0;

		if (j == 0 || find(index, o->path, &k)) {
			seen->object = k;
			if (j > 0 && !fits(c, k, o))
				case_fail(c, "see-other-object");
			else if (j == 0 && is_picture(o) &&
				 c->objects[0].text == OBJECT_TEXT_NONE)
				c->objects[0].text = OBJECT_TEXT_OCR;
			else if (j > 0 && is_picture(o))
				read_by_see(&c->objects[k], o);
		} else if (is_page(index, o->path, &seen->of, &seen->page)) {
			read_page(c, index, o);
			seen->object = c->n_objects;
			append(c, o, ++number);
		} else {
			case_fail(c, "see-other-object");
		}
	}
}

/* --- places --- */

/* Where the text of each object ends. */
static void find_ends(const struct filter_reply *x, struct case_seen *ends, uint32_t n)
{
	for (uint32_t i = 0; i < x->n_segments; i++) {
		const struct segment *g = &x->segments[i];
		uint32_t lines = 0, offset = g->offset + (uint32_t)text_count(g->text, g->len);
		struct case_seen *e = g->object < n ? &ends[g->object] : NULL;

		for (uint32_t b = 0; b < g->len; b++)
			lines += g->text[b] == '\n';
		/* A stream that does not end a line is ended by one break. */
		if (g->len > 0 && g->text[g->len - 1] != '\n') {
			offset++;
			lines++;
		}
		if (e != NULL && offset > e->offset)
			e->offset = offset;
		if (e != NULL && g->line + lines - 1 > e->line)
			e->line = g->line + lines - 1;
	}
}

/* Texts of see follow those of extract in the same object. */
static int shift_places(struct inspect_case *c)
{
	const struct filter_reply *x = case_believed(c, FILTER_EXTRACT);
	struct case_seen *ends;

	if (x == NULL || x->n_segments == 0)
		return SL_OK;
	ends = calloc(c->n_objects, sizeof(*ends));
	if (ends == NULL)
		return SL_E_NOMEM;
	find_ends(x, ends, c->n_objects);
	for (uint32_t j = 0; j < c->answer[FILTER_SEE].reply.n_objects; j++) {
		c->seen[j].offset = ends[c->seen[j].object].offset;
		c->seen[j].line = ends[c->seen[j].object].line;
	}
	free(ends);
	return SL_OK;
}

int case_see_place(struct inspect_case *c)
{
	const struct filter_reply *s = &c->answer[FILTER_SEE].reply;
	struct filter_object *room;
	struct index index = {.by_path = NULL};
	int r = SL_E_NOMEM;

	if (s->n_objects == 0)
		return SL_OK; /* told by whoever merges the answers */
	c->seen = calloc(s->n_objects, sizeof(*c->seen));
	room = reallocarray(c->objects, c->n_objects + s->n_objects, sizeof(*room));
	if (room != NULL)
		c->objects = room;
	if (c->seen != NULL && room != NULL)
		r = index_make(c, &index);
	if (r == SL_OK)
		place_all(c, &index);
	if (r == SL_OK)
		r = shift_places(c);
	free(index.by_path);
	return r;
}

/* --- counts --- */

static void check_number(struct inspect_case *c, const char *what)
{
	const struct filter_reply *x = case_believed(c, FILTER_EXTRACT);
	const struct filter_reply *s = case_believed(c, FILTER_SEE);
	uint64_t promised = 0, seen = 0;

	if (x == NULL || s == NULL || !filter_reply_number(x, what, &promised))
		return;
	if (!filter_reply_number(s, what, &seen) || seen != promised)
		case_fail(c, "%s-extract-%" PRIu64 "-see-%" PRIu64, what, promised, seen);
}

void case_see_check(struct inspect_case *c)
{
	const struct filter_reply *s = case_believed(c, FILTER_SEE);
	uint64_t said = 0, pictures = 0, pages = 0;

	if (s == NULL || s->n_objects == 0 || c->seen == NULL)
		return;
	/* Of a PDF extract counts both; of a package its unread objects are the count. */
	check_number(c, "pages");
	if (filter_reply_number(s, "pages", &said)) {
		check_number(c, "pictures");
		for (uint32_t j = 0; j < s->n_objects; j++)
			pages += c->seen[j].page != 0;
		if (pages != said && s->objects[0].state == OBJECT_INSPECTED)
			case_fail(c, "pages-see-%" PRIu64 "-listed-%" PRIu64, said, pages);
		return;
	}
	for (uint32_t j = 0; j < s->n_objects; j++)
		pictures += is_picture(&s->objects[j]);
	if (filter_reply_number(s, "pictures", &said) && said != pictures)
		case_fail(c, "pictures-see-%" PRIu64 "-listed-%" PRIu64, said, pictures);
}
