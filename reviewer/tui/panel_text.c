/* panel_text.c - the summary of a draft, and the text of its files with findings in place. */
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/segment.h"
#include "tui/panel.h"

static const struct cli plain = {0};

/* Findings of the next file after the words before; then the end. */
static int more_findings(void *arg, struct page *p)
{
	struct reader *r = arg;
	const json_t *report = case_file_report(r->c, r->file);
	const json_t *f = json_array_get(json_arr(report, "findings"), r->item);
	struct panel_words w;
	int e;

	if (f == NULL) {
		r->file++;
		r->item = 0;
		return r->file < r->c->n_files ? SL_OK : SL_E_NOTFOUND;
	}
	panel_words_open(&w);
	if (w.f != NULL)
		present_finding(w.f, &plain, report, f);
	e = panel_words_add(&w, p, LOOK_PLAIN, -1);
	r->item++;
	return e;
}

/* Everything of the report but the findings, file by file. */
static void print_verdicts(FILE *f, const struct review_case *c)
{
	const json_t *file, *of_draft = json_obj(c->report, "counts");
	const char *n;
	json_t *count;
	size_t i;
	union {
		const json_t *in;
		json_t *out;
	} counts = {.in = of_draft};

	fprintf(f, "%s", _("Findings:"));
	json_object_foreach(counts.out, n, count)
		fprintf(f, "  %s %lld", present_text(n), (long long)json_integer_value(count));
	fputc('\n', f);
	json_array_foreach(json_arr(c->report, "files"), i, file)
		present_report_head(f, &plain, file);
}

int panel_summary(struct reader *r, struct sl_why *why)
{
	struct panel_words w;
	int e;

	(void)why;
	page_begin(r->page, r->cols, more_findings, r);
	r->file = 0;
	r->item = 0;
	panel_words_open(&w);
	if (w.f != NULL) {
		show_summary(w.f, &plain, r->c);
		show_fix(w.f, &plain, r->c, r->exact_known ? &r->exact : NULL);
		if (json_array_size(r->c->votes) > 0)
			fprintf(w.f, "\n%s\n", _("Votes:"));
		show_votes(w.f, &plain, r->c);
		fputc('\n', w.f);
		print_verdicts(w.f, r->c);
	}
	e = panel_words_add(&w, r->page, LOOK_BOLD, -1);
	if (e == SL_OK)
		e = seen_add(r->seen, "manifest", r->c->manifest_sha256);
	return e == SL_OK ? seen_add(r->seen, "report", r->c->report_sha256) : e;
}

static void label(const struct show_segment *g, char *out, size_t cap)
{
	out[0] = '\0';
	if (g->where != WHERE_BODY)
		(void)snprintf(out, cap, "[%s] ", present_place(where_name(g->where)));
}

static int more_text(void *arg, struct page *p)
{
	return panel_walk_step(arg, p, label);
}

int panel_text(struct reader *r, struct sl_why *why)
{
	struct case_file *f = &r->c->files[r->part - 1];
	int e;

	if (f->text_sha256[0] == '\0') {
		page_begin(r->page, r->cols, NULL, NULL);
		return page_line(r->page, LOOK_ERROR,
				 _("This part has no text; P shows how it looks, s saves it to "
				   "be opened outside."));
	}
	f->opened = true;
	page_begin(r->page, r->cols, more_text, r);
	e = panel_walk_start(r, r->part - 1, 0);
	/* The first window now, so that what goes wrong is said instead of an empty page. */
	if (e == SL_OK)
		e = page_need(r->page, (unsigned)r->rows);
	if (e != SL_OK && why != NULL)
		*why = r->why;
	return e;
}
