/* panel_properties.c - what is declared of the draft, and what its files say of themselves. */
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/segment.h"
#include "tui/panel.h"

enum {
	OBJECTS_SHOWN = 200,
	PLACES = 1u << WHERE_PROPERTY | 1u << WHERE_METADATA | 1u << WHERE_FILENAME |
		 1u << WHERE_TITLE
};

static void label(const struct show_segment *g, char *out, size_t cap)
{
	(void)snprintf(out, cap, "  [%s] ", present_place(where_name(g->where)));
}

/* One name and what it is, lists in one line. */
static int add_value(struct page *p, const char *name, const json_t *value)
{
	struct buf b;
	int e;

	if (json_is_string(value))
		return page_linef(p, LOOK_PLAIN, "  %s: %s", present_text(name),
				  present_text(json_string_value(value)));
	buf_init(&b, 1 << 20);
	e = json_compact(value, &b);
	if (e == SL_OK)
		e = page_linef(p, LOOK_PLAIN, "  %s: %s", present_text(name),
			       present_text(buf_str(&b)));
	buf_release(&b);
	return e;
}

static int add_object(struct page *p, const json_t *values, const char *const *without)
{
	union {
		const json_t *in;
		json_t *out;
	} all = {.in = values};
	const char *name;
	json_t *value;
	int e = SL_OK;

	json_object_foreach(all.out, name, value)
	{
		size_t i = 0;

		while (without[i] != NULL && strcmp(without[i], name) != 0)
			i++;
		if (e == SL_OK && without[i] == NULL)
			e = add_value(p, name, value);
	}
	return e;
}

static int add_file(struct page *p, const struct review_case *c, unsigned i)
{
	static const char *const said[] = {"id",    "path", "sha256", "bytes",
					   "state", "text", "type",   NULL};
	const struct case_file *f = &c->files[i];
	const json_t *o;
	size_t k;
	int e = page_linef(p, LOOK_BOLD, "%s  %s  %llu %s", present_text(f->name),
			   present_text(f->media_type), (unsigned long long)f->length,
			   _("bytes"));

	if (e == SL_OK)
		e = page_linef(p, LOOK_PLAIN, "  sha256: %s", f->sha256);
	json_array_foreach(json_arr(case_file_report(c, i), "objects"), k, o)
	{
		int64_t bytes = 0;

		(void)json_i64(o, "bytes", &bytes);
		if (e == SL_OK && k < OBJECTS_SHOWN)
			e = page_linef(p, LOOK_PLAIN, "  · %s  %s  %lld %s  %s, %s %s",
				       present_text(json_str(o, "path")),
				       present_text(json_str(o, "type")), (long long)bytes,
				       _("bytes"), present_text(json_str(o, "state")),
				       _("text:"), present_text(json_str(o, "text")));
		if (e == SL_OK && k < OBJECTS_SHOWN)
			e = add_object(p, o, said);
	}
	return e;
}

static int more(void *arg, struct page *p)
{
	struct reader *r = arg;
	int e = SL_OK;

	if (r->file >= r->c->n_files)
		return SL_E_NOTFOUND;
	if (r->walk == NULL) {
		e = add_file(p, r->c, r->file);
		return e == SL_OK ? panel_walk_start(r, r->file, PLACES) : e;
	}
	e = panel_walk_step(r, p, label);
	if (e != SL_E_NOTFOUND)
		return e;
	show_walk_free(r->walk);
	r->walk = NULL;
	r->file++;
	page_end_line(p);
	return SL_OK;
}

int panel_properties(struct reader *r, struct sl_why *why)
{
	static const char *const below[] = {"files", "blobs", "schema", NULL};
	int e;

	(void)why;
	page_begin(r->page, r->cols, more, r);
	show_walk_free(r->walk);
	r->walk = NULL;
	r->file = 0;
	e = page_line(r->page, LOOK_BOLD, _("What the author declared:"));
	return e == SL_OK ? add_object(r->page, r->c->manifest->json, below) : e;
}
