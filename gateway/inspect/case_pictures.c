/* case_pictures.c - what follows from pictures themselves: a paper that was scanned, text in
 * a document's picture, and that a person looks at every picture that is a file. */
#include <stdio.h>
#include <string.h>

#include "inspect/case.h"
#include "inspect/filter_types.h"
#include "inspect/views.h"

enum {
	LETTERS_PAPER = 20,   /* in a picture that is the file: a scanned paper */
	LETTERS_PICTURE = 12, /* in a picture in a document: not a logo */
};

/* Leaves and bricks read as letters, too: what see itself calls unreadable is no paper. */
static bool is_unreadable(const struct inspect_case *c, uint32_t object)
{
	for (uint32_t i = 0; i < c->n_findings; i++)
		if (c->findings[i].object == object &&
		    strcmp(c->findings[i].rule, "PI-012") == 0 &&
		    strstr(c->findings[i].evidence, "unreadable") != NULL)
			return true;
	return false;
}

static int one_picture(struct inspect_case *c, const struct case_source *source, uint32_t j)
{
	const struct filter_reply *s = &source->answer->reply;
	struct finding f = {.object = j, .where = WHERE_OCR, .line = 1, .column = 1};
	struct views_page *v = NULL;
	size_t n = 0;
	int r = views_page_new(&v);
	bool paper;

	for (uint32_t i = 0; r == SL_OK && i < s->n_segments; i++)
		if (s->segments[i].object == j && s->segments[i].where == WHERE_OCR)
			r = views_page_add(v, s->segments[i].text, s->segments[i].len);
	if (r == SL_OK)
		n = views_page_count(v);
	views_page_free(v);
	f = case_placed(source, &f);
	paper = f.object == 0;
	if (r != SL_OK || n < (paper ? LETTERS_PAPER : LETTERS_PICTURE) ||
	    is_unreadable(c, f.object))
		return r;
	(void)snprintf(f.rule, sizeof(f.rule), "DH-006");
	(void)snprintf(f.evidence, sizeof(f.evidence), "%s",
		       paper ? "no-text-layer" : "text-in-picture");
	(void)snprintf(f.fix_action, sizeof(f.fix_action), "return");
	f.severity = paper ? SEV_S2 : SEV_S3;
	return case_add_own(c, &f);
}

/* A picture as a file is looked at by a person, whatever see says of it. */
static int picture_file(struct inspect_case *c)
{
	struct finding f = {.where = WHERE_OCR, .line = 1, .column = 1};

	for (uint32_t i = 0; i < c->n_findings; i++)
		if (c->findings[i].object == 0 && strcmp(c->findings[i].rule, "PI-012") == 0)
			return SL_OK;
	(void)snprintf(f.rule, sizeof(f.rule), "PI-012");
	(void)snprintf(f.evidence, sizeof(f.evidence), "picture");
	f.severity = SEV_S3;
	return case_add_finding(c, &f);
}

/* The small picture of the first page that office programs put into their files. */
static bool is_thumbnail(const char *path)
{
	const char *name = strrchr(path, '/');

	return strstr(path, "/docProps/thumbnail.") != NULL ||
	       (name != NULL && strcmp(name, "/thumbnail.png") == 0 && name - path > 11 &&
		strncmp(name - 11, "/Thumbnails", 11) == 0);
}

/* Too small to be read by anybody, and no second text of the document: that it is not
 * readable is worth a notice.  Marks and words that can be read in it count in full. */
static void settle_thumbnails(struct inspect_case *c)
{
	for (uint32_t i = 0; i < c->n_findings; i++) {
		struct finding *f = &c->findings[i];

		if (strcmp(f->rule, "DH-006") == 0 && f->object < c->n_objects &&
		    is_thumbnail(c->objects[f->object].path))
			f->severity = SEV_S4;
	}
}

int case_pictures(struct inspect_case *c)
{
	int r = SL_OK;

	if (filter_type_is_picture(c->objects[0].type))
		r = picture_file(c);
	for (uint32_t k = 0; k < c->n_sources; k++) {
		const struct case_source *s = &c->sources[k];
		const struct filter_reply *x = &s->answer->reply;

		for (uint32_t j = 0; r == SL_OK && s->filter == FILTER_SEE && j < x->n_objects;
		     j++)
			if (filter_type_is_picture(x->objects[j].type))
				r = one_picture(c, s, j);
	}
	settle_thumbnails(c);
	return r;
}
