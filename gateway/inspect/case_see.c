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
#include "inspect/filter_types.h"

enum { PAGE_MAX = 100000 };

static bool is_unread(const struct filter_object *o)
{
	return o->state == OBJECT_FAILED && strcmp(o->reason, "picture-not-read") == 0;
}

static bool is_picture(const struct filter_object *o)
{
	return filter_type_is_picture(o->type);
}

bool case_wants_see(const struct inspect_case *c)
{
	const struct filter_reply *x = case_believed(c, FILTER_EXTRACT);
	const char *type = case_type(c);

	/* What takes all the time there is to read is held; drawing it would take more. */
	if (c->answer[FILTER_EXTRACT].error == SL_E_TIMEOUT)
		return false;
	if (filter_type_is_seen(type))
		return true;
	for (uint32_t i = 0; x != NULL && filter_type_is_package(type) && i < x->n_objects; i++)
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

/* "page-3" of a PDF: 3.  0: no page. */
static uint32_t page_number(const char *member)
{
	static const char mark[] = "page-";
	uint64_t n = 0;

	if (strncmp(member, mark, sizeof(mark) - 1) != 0)
		return 0;
	member += sizeof(mark) - 1;
	return text_to_u64(member, strlen(member), PAGE_MAX, &n) ? (uint32_t)n : 0;
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
static void read_page(struct inspect_case *c, const struct index *i, const char *page_path,
		      const struct filter_object *page)
{
	static const char *const parts[] = {"pictures", "drawing"};
	char path[FILTER_PATH_MAX + 16];
	uint32_t k;

	for (unsigned p = 0; p < 2; p++) {
		(void)snprintf(path, sizeof(path), "%s/%s", page_path, parts[p]);
		if (find(i, path, &k))
			read_by_see(&c->objects[k], page);
	}
}

/* A page as an object of its own; false: the ids go no deeper. */
static bool append(struct inspect_case *c, const struct filter_object *page, const char *path,
		   const char *above, uint32_t number)
{
	struct filter_object *o = &c->objects[c->n_objects];
	int n;

	*o = *page;
	memcpy(o->path, path, sizeof(o->path));
	n = snprintf(o->id, sizeof(o->id), "%s.%" PRIu32, above, number);
	if (n < 0 || (size_t)n >= sizeof(o->id))
		return false;
	c->n_objects++;
	return true;
}

/* An object of see that is neither promised nor a page, or is another one. */
static bool fits(const struct filter_object *o, const struct filter_object *s)
{
	return o->bytes == s->bytes &&
	       (!is_picture(s) || o->reason[0] != '\0' || o->text == OBJECT_TEXT_OCR);
}

/* The answer's own object: the file, or the part that see was given. */
static void place_first(struct inspect_case *c, const struct case_source *s)
{
	const struct filter_object *said = &s->answer->reply.objects[0];

	if (s->under == 0 && is_picture(said) && c->objects[0].text == OBJECT_TEXT_NONE)
		c->objects[0].text = OBJECT_TEXT_OCR;
}

static void place_all(struct inspect_case *c, struct case_source *s, const struct index *index)
{
	const struct filter_reply *r = &s->answer->reply;
	uint32_t number = case_last_below(c, s->under);
	const struct filter_object above = c->objects[s->under];
	char path[FILTER_PATH_MAX];
	uint64_t pages = 0;
	bool pdf = filter_reply_number(r, "pages", &pages);

	s->places[0].object = s->under;
	place_first(c, s);
	for (uint32_t j = 1; j < r->n_objects; j++) {
		const struct filter_object *o = &r->objects[j];
		const char *member = case_path_member(r, j);
		struct case_place *p = &s->places[j];
		uint32_t k = 0;

		p->object = s->under;
		p->page = pdf ? page_number(member) : 0;
		case_path_below(&above, member, path);
		if (p->page != 0) {
			p->of = s->under;
			if (append(c, o, path, above.id, ++number))
				p->object = c->n_objects - 1;
			else
				case_fail_object(c, s->under, "nested-too-deep");
			read_page(c, index, path, o);
		} else if (find(index, path, &k) && fits(&c->objects[k], o)) {
			p->object = k;
			if (is_picture(o))
				read_by_see(&c->objects[k], o);
		} else {
			case_fail_object(c, s->under, "see-other-object");
		}
	}
}

int case_see_place(struct inspect_case *c, struct case_source *s)
{
	struct index index = {.by_path = NULL};
	int r = index_make(c, &index);

	if (r == SL_OK)
		place_all(c, s, &index);
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

/* The last page that has text by the filters that extract. */
static uint32_t last_page(const struct inspect_case *c, uint32_t object)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < c->n_sources; i++) {
		const struct case_source *s = &c->sources[i];

		for (uint32_t k = 0;
		     s->filter == FILTER_EXTRACT && k < s->answer->reply.n_segments; k++) {
			const struct segment *g = &s->answer->reply.segments[k];

			if (s->places[g->object].object == object && g->page > last)
				last = g->page;
		}
	}
	return last;
}

/* Pages and pictures that an answer counts, and those it lists.  Of a PDF in another file
 * nobody else has counted the pages; those with text are the least there are. */
static void check_list(struct inspect_case *c, const struct case_source *s)
{
	const struct filter_reply *r = &s->answer->reply;
	bool pdf = strcmp(c->objects[s->under].type, "application/pdf") == 0;
	uint64_t said = 0, pictures = 0, pages = 0;

	if (r->objects[0].state != OBJECT_INSPECTED)
		return; /* held for that already */
	for (uint32_t j = 0; j < r->n_objects; j++) {
		pages += s->places[j].page != 0;
		pictures += is_picture(&r->objects[j]);
	}
	if (!pdf) {
		if (filter_reply_number(r, "pictures", &said) && said != pictures)
			case_fail_object(c, s->under,
					 "pictures-see-%" PRIu64 "-listed-%" PRIu64, said,
					 pictures);
		return;
	}
	if (!filter_reply_number(r, "pages", &said))
		case_fail_object(c, s->under, "see-without-pages");
	else if (pages != said || last_page(c, s->under) > said)
		case_fail_object(c, s->under, "pages-see-%" PRIu64 "-listed-%" PRIu64, said,
				 pages);
}

void case_see_check(struct inspect_case *c)
{
	const struct filter_reply *r = case_believed(c, FILTER_SEE);

	for (uint32_t i = 0; i < c->n_sources; i++)
		if (c->sources[i].filter == FILTER_SEE)
			check_list(c, &c->sources[i]);
	if (r == NULL || r->n_objects == 0)
		return;
	/* Of a PDF extract counts both; of a package its unread objects are the count, whatever
	 * pages its text has. */
	if (strcmp(c->objects[0].type, "application/pdf") != 0)
		return;
	check_number(c, "pages");
	check_number(c, "pictures");
}
