/* office_legacy.c - from the container to its properties, macros, objects and remains. */
#include "inspect/office/office_legacy.h"

#include <string.h>

#include "inspect/office/office_rest.h"
#include "inspect/office/office_runs.h"
#include "inspect/office/office_streams.h"
#include "inspect/office/office_summary.h"
#include "inspect/type/identify.h"
#include "inspect/type/ole.h"

enum { SUMMARY_MAX = 16 << 20, KIND_STORAGE = 1, KIND_STREAM = 2 };

static const struct {
	const char *stream;
	int (*read)(struct extract_part *p, const struct ole *o, struct buf *stream,
		    struct buf *rest);
} mains[] = {
	{"WordDocument", office_word_stream},
	{"Workbook", office_book_stream},
	{"Book", office_book_stream},
	{"PowerPoint Document", office_show_stream},
};

static const struct {
	const char *name; /* a storage or stream; with '*' at its end: a beginning */
	const char *evidence;
} carriers[] = {
	{"VBA", "macro"},	  {"_VBA_PROJECT", "macro"},
	{"Macros", "macro"},	  {"_VBA_PROJECT_CUR", "macro"},
	{"ObjectPool", "object"}, {"\001Ole10Native", "object"},
	{"MBD*", "object"},	  {"Package", "object"},
	{"CONTENTS", "object"},
};

static bool named(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	return (pattern[n - 1] == '*') ? strncmp(pattern, name, n - 1) == 0
				       : strcmp(pattern, name) == 0;
}

/* An empty pool of objects is what some programs always write. */
static bool has_objects(const struct ole *o)
{
	for (uint32_t i = 0; i < o->n; i++) {
		if (o->entries[i].kind == KIND_STORAGE && o->entries[i].name[0] == '_' &&
		    o->entries[i].name[1] >= '0' && o->entries[i].name[1] <= '9')
			return true;
	}
	return false;
}

/* One mark for each kind of thing that is carried. */
static void say_carriers(struct extract_part *p, const struct ole *o)
{
	for (size_t k = 0; k < sizeof(carriers) / sizeof(carriers[0]); k++) {
		const char *what = carriers[k].evidence;

		for (uint32_t i = 0; i < o->n; i++) {
			const struct ole_entry *e = &o->entries[i];

			if (e->kind == 0 || !named(carriers[k].name, e->name))
				continue;
			if (strcmp(e->name, "ObjectPool") == 0 && !has_objects(o))
				break;
			extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, what);
			break;
		}
	}
}

/* Of the document and of everything in it. */
static int say_summaries(struct extract_part *p, const struct ole *o)
{
	struct buf bytes;
	int r = SL_OK;

	buf_init(&bytes, SUMMARY_MAX);
	for (uint32_t i = 0; r == SL_OK && i < o->n; i++) {
		const struct ole_entry *e = &o->entries[i];

		/* The second name is cut where names of this walker end. */
		if (e->kind != KIND_STREAM || e->size == 0 ||
		    (strcmp(e->name, "\005SummaryInformation") != 0 &&
		     strncmp(e->name, "\005DocumentSummaryInformation", 27) != 0))
			continue;
		r = office_stream(o, e, &bytes);
		if (r == SL_OK && !office_summary(p, bytes.data, bytes.len))
			r = SL_E_FORMAT;
		if (r != SL_OK && r != SL_E_NOMEM) {
			extract_fail(p, extract_reason(r));
			r = SL_OK;
		}
	}
	buf_release(&bytes);
	return r;
}

static int read_main(struct extract_part *p, const struct ole *o, struct buf *rest)
{
	struct buf stream;
	int r = SL_E_FORMAT;

	buf_init(&stream, o->len);
	for (size_t i = 0; i < sizeof(mains) / sizeof(mains[0]); i++) {
		const struct ole_entry *e = ole_find(o, mains[i].stream);

		if (e == NULL || e->kind != KIND_STREAM)
			continue;
		r = office_stream(o, e, &stream);
		if (r == SL_OK)
			r = mains[i].read(p, o, &stream, rest);
		break;
	}
	buf_release(&stream);
	return r;
}

static int say_remains(struct extract_part *p, const struct ole *o)
{
	/* Each byte of the file is at most in two pieces, and a piece has a byte at least. */
	size_t room = 2 * o->len * (1 + OFFICE_REST_GAP);
	struct buf rest;
	int r, e;

	buf_init(&rest, room);
	r = office_rest(o, &rest);
	if (r == SL_OK)
		office_runs(p, rest.data, rest.len, "unallocated");
	buf_clear(&rest);
	e = read_main(p, o, &rest);
	if (e == SL_OK)
		e = buf_error(&rest);
	if (e == SL_OK)
		office_runs(p, rest.data, rest.len, "earlier-state");
	buf_release(&rest);
	r = (r == SL_OK) ? e : r;
	if (r == SL_OK || r == SL_E_NOMEM)
		return r;
	extract_fail(p, extract_reason(r));
	return SL_OK;
}

int office_legacy(struct extract *x)
{
	const struct identify_in in = {.p = x->bytes, .len = x->len, .name = x->name};
	struct extract_part *p = extract_file(x);
	struct identity id;
	struct ole o;
	int r;

	identify(&in, &id);
	if (id.reason[0] != '\0') {
		if (strcmp(id.reason, "encrypted") == 0)
			extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "encrypted");
		extract_fail(p, id.reason);
		return SL_OK;
	}
	if (ole_open(&o, x->bytes, x->len) != NULL) {
		extract_fail(p, "corrupt");
		r = SL_OK;
	} else {
		say_carriers(p, &o);
		r = say_summaries(p, &o);
		if (r == SL_OK)
			r = say_remains(p, &o);
	}
	ole_release(&o);
	return (r == SL_OK && x->nomem) ? SL_E_NOMEM : r;
}
