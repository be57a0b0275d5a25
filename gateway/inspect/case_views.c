/* case_views.c - what the structure says against what a person sees.
 *
 * Extracted but not on the page: hidden (DH-003).  On the page but not extracted: text
 * that is only a picture (DH-006).  Both views are text that two other processes took
 * out of the document; what follows from them is concluded here.
 *
 * How sure a conclusion is decides how severe it is: where the page has no trace at all
 * of a text it is hidden (S1); where there is something that could not be read as that
 * text a person looks at it (S2).  Reading errs, so nothing depends on single
 * characters (views.h).
 *
 * Rules run over what was read off a page, too.  Where the page has the same as text the
 * finding is there already, and misread numbers are no findings: on a line that agrees
 * with the text layer only S0 and S1 count, and those only when they are not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/case.h"
#include "inspect/views.h"
#include "policy/excerpt.h"

enum {
	RUN_UNREAD = 8,	   /* characters of the layer that were not read */
	RUN_PICTURE = 10,  /* characters that were read and are not in the layer */
	RUN_DISAGREES = 3, /* of a line that says something else than the layer */
	LINE_JUDGED = 6,   /* shorter lines are never said to agree */
	PER_PAGE = 5,
	EXCERPT = 120,
	RANGES_MAX = 64,
	LOOSE_MAX = 64 << 10, /* text without a page that is compared with each page */
};

struct range {
	uint32_t from, to; /* code points of the object's text */
};

struct page {
	struct inspect_case *c;
	const struct case_source *source; /* see's answer */
	uint32_t of, object, number;
	struct views_page *layer, *shown, *traceless;
	size_t body; /* characters of the layer's own text */
	unsigned findings;
	struct range hidden[RANGES_MAX];
	unsigned n_hidden;
};

/* Segments of what was extracted, in all sources, as they stand in the ledger. */
struct cursor {
	const struct inspect_case *c;
	uint32_t source, segment;
};

static bool next_extracted(struct cursor *k, struct segment *ret_s)
{
	for (; k->source < k->c->n_sources; k->source++, k->segment = 0) {
		const struct case_source *s = &k->c->sources[k->source];

		if (s->filter != FILTER_EXTRACT || k->segment >= s->answer->reply.n_segments)
			continue;
		*ret_s = case_segment(s, k->segment++);
		return true;
	}
	return false;
}

/* The next segment of this page that see wrote, with this place. */
static bool next_seen(const struct page *p, enum segment_where w, uint32_t *at,
		      struct segment *ret_s)
{
	const struct filter_reply *x = &p->source->answer->reply;

	while (*at < x->n_segments) {
		*ret_s = case_segment(p->source, (*at)++);
		if (ret_s->object == p->object && ret_s->where == w)
			return true;
	}
	return false;
}

/* A finding over bytes [start, start + len) of a segment, in an object of the ledger. */
static void place(const struct segment *s, uint32_t object, size_t start, size_t len,
		  struct finding *f)
{
	const char *line = s->text, *end = s->text + start, *nl;

	f->object = object;
	f->where = s->where;
	f->page = s->page;
	f->line = s->line;
	f->column = s->column;
	while ((nl = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		f->line++;
		f->column = 1;
		line = nl + 1;
	}
	f->column += (uint32_t)text_count(line, (size_t)(end - line));
	f->offset = s->offset + (uint32_t)text_count(s->text, start);
	f->length = (uint32_t)text_count(s->text + start, len);
	/* Digits and Latin letters are masked: an identifier may be among them. */
	excerpt_mask(MASK_DATE, s->text + start, len < EXCERPT ? len : EXCERPT, f->excerpt,
		     sizeof(f->excerpt));
}

static int add(struct inspect_case *c, struct finding *f, const char *rule, enum severity s,
	       const char *evidence)
{
	(void)snprintf(f->rule, sizeof(f->rule), "%s", rule);
	(void)snprintf(f->evidence, sizeof(f->evidence), "%s", evidence);
	(void)snprintf(f->fix_action, sizeof(f->fix_action), "return");
	f->severity = (uint8_t)s;
	return case_add_own(c, f);
}

/* --- the views of a page --- */

static bool on_page(const struct segment *s, const struct page *p)
{
	return s->object == p->of && s->page == p->number;
}

static int take_layer(struct page *p)
{
	struct cursor k = {.c = p->c};
	struct segment s;
	int r = SL_OK;

	while (r == SL_OK && next_extracted(&k, &s)) {
		if (on_page(&s, p) && s.where == WHERE_BODY) {
			size_t before = views_page_count(p->layer);

			r = views_page_add(p->layer, s.text, s.len);
			p->body += views_page_count(p->layer) - before;
		} else if (s.object == p->of && (s.page == p->number || s.page == 0) &&
			   s.len <= LOOSE_MAX) {
			/* Fields and notes are drawn too, and nobody said on which page. */
			r = views_page_add(p->layer, s.text, s.len);
		}
	}
	return r;
}

static int take_shown(struct page *p)
{
	struct segment s;
	uint32_t at = 0;
	int r = SL_OK;

	while (r == SL_OK && next_seen(p, WHERE_OCR, &at, &s))
		r = views_page_add(p->shown, s.text, s.len);
	at = 0;
	while (r == SL_OK && next_seen(p, WHERE_HIDDEN, &at, &s))
		r = views_page_add(p->traceless, s.text, s.len);
	return r;
}

/* --- hidden text --- */

static bool is_known(const struct page *p, const struct finding *f)
{
	for (unsigned i = 0; i < p->n_hidden; i++)
		if (f->offset < p->hidden[i].to && f->offset + f->length > p->hidden[i].from)
			return true;
	return false;
}

static int add_hidden(struct page *p, struct finding *f, enum severity s, const char *evidence)
{
	if (p->n_hidden == RANGES_MAX || is_known(p, f))
		return SL_OK;
	p->hidden[p->n_hidden++] =
		(struct range){.from = f->offset, .to = f->offset + f->length};
	return add(p->c, f, "DH-003", s, evidence);
}

/* One line that leaves no trace: where the layer has it, else where see has it. */
static int hidden_line(struct page *p, const struct segment *g, size_t start, size_t len)
{
	struct finding f = {.severity = SEV_S1};
	struct cursor k = {.c = p->c};
	struct segment s;
	bool found = false;

	while (!found && next_extracted(&k, &s)) {
		const char *at = on_page(&s, p) && s.where == WHERE_BODY
					 ? memmem(s.text, s.len, g->text + start, len)
					 : NULL;

		if (at != NULL)
			place(&s, s.object, (size_t)(at - s.text), len, &f);
		found = at != NULL && !is_known(p, &f);
	}
	if (!found)
		place(g, p->object, start, len, &f);
	return add_hidden(p, &f, SEV_S1, "not-visible,no-trace");
}

static int hidden_without_trace(struct page *p)
{
	struct segment s;
	uint32_t k = 0;
	int r = SL_OK;

	while (r == SL_OK && next_seen(p, WHERE_HIDDEN, &k, &s)) {
		size_t n;

		for (size_t at = 0; r == SL_OK && at < s.len; at += n + 1) {
			const char *nl = memchr(s.text + at, '\n', s.len - at);

			n = nl != NULL ? (size_t)(nl - s.text) - at : s.len - at;
			if (n > 0)
				r = hidden_line(p, &s, at, n);
		}
	}
	return r;
}

/* Text of the layer that was not read on its page. */
static int hidden_unread(struct page *p)
{
	struct cursor k = {.c = p->c};
	struct segment s;
	int r = SL_OK;

	while (r == SL_OK && next_extracted(&k, &s)) {
		struct views_run run;
		size_t at = 0;

		if (!on_page(&s, p) || s.where != WHERE_BODY)
			continue;
		while (r == SL_OK && p->findings < PER_PAGE &&
		       views_missing(p->shown, s.text, s.len, RUN_UNREAD, &at, &run)) {
			struct finding f = {.severity = SEV_S2};

			place(&s, s.object, run.start, run.len, &f);
			p->findings++;
			r = add_hidden(p, &f, SEV_S2, "not-visible,not-read-on-page");
		}
	}
	return r;
}

/* --- text in pictures --- */

static int picture_text(struct page *p)
{
	struct segment s;
	uint32_t k = 0;
	unsigned n = 0;
	int r = SL_OK;

	while (p->body > 0 && r == SL_OK && next_seen(p, WHERE_OCR, &k, &s)) {
		struct views_run run;
		size_t at = 0;

		while (r == SL_OK && n < PER_PAGE &&
		       views_missing(p->layer, s.text, s.len, RUN_PICTURE, &at, &run)) {
			struct finding f = {.severity = SEV_S3};

			place(&s, p->object, run.start, run.len, &f);
			n++;
			r = add(p->c, &f, "DH-006", SEV_S3, "text-in-picture");
		}
	}
	return r;
}

/* --- what was found twice --- */

/* The line of see's text in which a finding stands. */
static bool line_of(const struct page *p, const struct finding *f, const char **ret_s,
		    size_t *ret_len)
{
	struct segment s;
	uint32_t k = 0;

	while (next_seen(p, WHERE_OCR, &k, &s)) {
		size_t at = 0, line = s.line;

		while (at < s.len) {
			const char *nl = memchr(s.text + at, '\n', s.len - at);
			size_t n = nl != NULL ? (size_t)(nl - s.text) - at : s.len - at;

			if (line++ == f->line) {
				*ret_s = s.text + at;
				*ret_len = n;
				return true;
			}
			at += n + 1;
		}
	}
	return false;
}

static bool is_echo(const struct page *p, const struct finding *f)
{
	const struct inspect_case *c = p->c;
	struct views_page *line = NULL;
	struct views_run run;
	const char *s;
	size_t len, at = 0, judged = 0;

	for (uint32_t i = 0; i < c->n_findings; i++) {
		const struct finding *g = &c->findings[i];

		if (g->object == p->of && g->page == p->number &&
		    strcmp(g->rule, f->rule) == 0 &&
		    memcmp(g->text_hmac, f->text_hmac, sizeof(g->text_hmac)) == 0)
			return true;
	}
	if (f->where != WHERE_OCR || f->severity <= SEV_S1 || !line_of(p, f, &s, &len))
		return false;
	if (views_page_new(&line) == SL_OK && views_page_add(line, s, len) == SL_OK)
		judged = views_page_count(line);
	views_page_free(line);
	return judged >= LINE_JUDGED &&
	       !views_missing(p->layer, s, len, RUN_DISAGREES, &at, &run);
}

static void drop_echoes(struct page *p)
{
	struct inspect_case *c = p->c;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->n_findings; i++) {
		const struct finding *f = &c->findings[i];

		/* Our own and those of see itself (no text digest) stay. */
		if (f->object == p->object &&
		    (f->where == WHERE_OCR || f->where == WHERE_HIDDEN) &&
		    memcmp(f->text_hmac, (const uint8_t[32]){0}, 32) != 0 && is_echo(p, f))
			continue;
		c->findings[kept++] = c->findings[i];
	}
	c->n_findings = kept;
}

/* --- all of it --- */

struct tally {	       /* of one PDF */
	uint32_t bare; /* pages with something on them and without a text layer */
	uint32_t first, all, of;
};

static bool has_pictures(const struct inspect_case *c, uint32_t page)
{
	char path[FILTER_PATH_MAX + 16];

	(void)snprintf(path, sizeof(path), "%s/pictures", c->objects[page].path);
	for (uint32_t i = 0; i < c->n_objects; i++)
		if (strcmp(c->objects[i].path, path) == 0)
			return true;
	return false;
}

static int one_page(struct page *p, struct tally *t)
{
	int r = views_page_new(&p->layer);

	if (r == SL_OK)
		r = views_page_new(&p->shown);
	if (r == SL_OK)
		r = views_page_new(&p->traceless);
	if (r == SL_OK)
		r = take_layer(p);
	if (r == SL_OK)
		r = take_shown(p);
	if (r == SL_OK)
		drop_echoes(p);
	if (r == SL_OK)
		r = hidden_without_trace(p);
	if (r == SL_OK)
		r = hidden_unread(p);
	if (r == SL_OK)
		r = picture_text(p);
	t->all++;
	if (p->body == 0 && (views_page_count(p->shown) > 0 || has_pictures(p->c, p->object))) {
		t->first = t->bare == 0 ? p->number : t->first;
		t->bare++;
	}
	views_page_free(p->layer);
	views_page_free(p->shown);
	views_page_free(p->traceless);
	return r;
}

/* A scan, or pages of one in a document that has text otherwise. */
static int tell_bare_pages(struct inspect_case *c, const struct tally *t)
{
	struct finding f = {
		.object = t->of, .where = WHERE_BODY, .page = t->first, .line = 1, .column = 1};
	char evidence[80];

	if (t->bare == 0)
		return SL_OK;
	(void)snprintf(evidence, sizeof(evidence), "no-text-layer,page:%u,pages:%u,of:%u",
		       t->first, t->bare, t->all);
	return add(c, &f, "DH-006", t->bare == t->all ? SEV_S2 : SEV_S3, evidence);
}

static int views_of_pages(struct inspect_case *c, const struct case_source *source)
{
	const struct filter_reply *x = &source->answer->reply;
	struct tally t = {.of = source->under};
	int r = SL_OK;

	for (uint32_t j = 0; r == SL_OK && j < x->n_objects; j++) {
		const struct case_place *at = &source->places[j];
		struct page p = {.c = c,
				 .source = source,
				 .of = at->of,
				 .object = at->object,
				 .number = at->page};

		if (p.number != 0 && x->objects[j].state == OBJECT_INSPECTED)
			r = one_page(&p, &t);
	}
	return r == SL_OK ? tell_bare_pages(c, &t) : r;
}

int case_views(struct inspect_case *c)
{
	int r = case_pictures(c);

	for (uint32_t i = 0; r == SL_OK && i < c->n_sources; i++)
		if (c->sources[i].filter == FILTER_SEE)
			r = views_of_pages(c, &c->sources[i]);
	return r;
}
