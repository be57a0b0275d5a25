/* panel_findings.c - every finding with the rule, why it matters, the law and the fix. */
#include "base/i18n.h"
#include "policy/present.h"
#include "policy/segment.h"
#include "tui/panel.h"

static const struct cli plain = {0};

unsigned panel_findings_count(const struct review_case *c)
{
	size_t n = 0;

	for (unsigned i = 0; i < c->n_files; i++)
		n += json_array_size(json_arr(case_file_report(c, i), "findings"));
	return (unsigned)n;
}

const json_t *panel_finding_at(const struct review_case *c, unsigned i, unsigned *ret_file,
			       unsigned *ret_of_file)
{
	for (unsigned k = 0; k < c->n_files; k++) {
		const json_t *list = json_arr(case_file_report(c, k), "findings");

		if (i < json_array_size(list)) {
			*ret_file = k;
			*ret_of_file = i;
			return json_array_get(list, i);
		}
		i -= (unsigned)json_array_size(list);
	}
	return NULL;
}

static int severity_of(const json_t *f)
{
	const char *s = json_str(f, "severity");

	return s != NULL && s[0] == 'S' && s[1] >= '0' && s[1] <= '4' ? s[1] - '0' : SEV_S4;
}

static int more(void *arg, struct page *p)
{
	struct reader *r = arg;
	unsigned file = 0, of_file = 0;
	const json_t *f = panel_finding_at(r->c, (unsigned)r->item, &file, &of_file);
	struct panel_words w;
	int e = SL_OK;

	if (f == NULL)
		return SL_E_NOTFOUND;
	if (of_file == 0)
		e = page_line(p, LOOK_BOLD, present_text(r->c->files[file].name));
	panel_words_open(&w);
	if (w.f != NULL)
		present_finding(w.f, &plain, case_file_report(r->c, file), f);
	/* A suppressed one does not count: it is not shown as what must be acknowledged. */
	if (e == SL_OK)
		e = panel_words_add(&w, p,
				    json_obj(f, "suppressed") != NULL
					    ? LOOK_DIM
					    : panel_severity_look(severity_of(f)),
				    (int)r->item);
	r->item++;
	return e;
}

int panel_findings(struct reader *r, struct sl_why *why)
{
	(void)why;
	r->item = 0;
	if (panel_findings_count(r->c) == 0) {
		page_begin(r->page, r->cols, NULL, NULL);
		return page_line(r->page, LOOK_GOOD, _("Nothing was found in this draft."));
	}
	page_begin(r->page, r->cols, more, r);
	/* The report is shown here as well as in the summary. */
	return seen_add(r->seen, "report", r->c->report_sha256);
}
