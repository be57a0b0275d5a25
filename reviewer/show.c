/* show.c - put findings where they stand in the text. */
#include "show.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/present.h"
#include "policy/present_clock.h"
#include "policy/present_fix.h"
#include "policy/present_outcome.h"
#include "policy/segment.h"

struct mark { /* one finding's place, in code points of the object's text */
	uint32_t start, end;
	int severity;
	const char *rule;
};

enum { MARKS_MAX = 2000 };

static int severity_of(const json_t *finding)
{
	const char *s = json_str(finding, "severity");

	return s != NULL && s[0] == 'S' && s[1] >= '0' && s[1] <= '4' ? s[1] - '0' : 4;
}

/* Findings of this file that lie in the segment's object and place. */
static unsigned collect(const json_t *report, const struct segment *g, uint32_t n_chars,
			struct mark *marks)
{
	const json_t *f;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_arr(report, "findings"), i, f)
	{
		const char *where = json_str(f, "where");
		int64_t offset, length, object_index;
		const char *object = json_str(f, "object");
		const json_t *o;

		if (n == MARKS_MAX || where == NULL ||
		    strcmp(where, where_name(g->where)) != 0 ||
		    !json_i64(f, "offset", &offset) || !json_i64(f, "length", &length))
			continue;
		/* The report names objects by id; segments by index in the same list. */
		o = json_array_get(json_arr(report, "objects"), g->object);
		if (object != NULL && o != NULL && json_str(o, "id") != NULL &&
		    strcmp(json_str(o, "id"), object) != 0)
			continue;
		if (json_i64(f, "object", &object_index) && object_index != (int64_t)g->object)
			continue;
		if (offset + length <= g->offset || offset >= (int64_t)g->offset + n_chars)
			continue;
		marks[n].start = offset > g->offset ? (uint32_t)(offset - g->offset) : 0;
		marks[n].end = (uint32_t)(offset + length - g->offset);
		marks[n].severity = severity_of(f);
		marks[n++].rule = json_str(f, "rule");
	}
	return n;
}

/* Worst mark covering code point `at`, and where the marking next changes. */
static const struct mark *mark_at(const struct mark *m, unsigned n, uint32_t at,
				  uint32_t *ret_next)
{
	const struct mark *worst = NULL;
	uint32_t next = UINT32_MAX;

	for (unsigned i = 0; i < n; i++) {
		if (m[i].start <= at && at < m[i].end) {
			if (worst == NULL || m[i].severity < worst->severity)
				worst = &m[i];
			next = m[i].end < next ? m[i].end : next;
		} else if (m[i].start > at && m[i].start < next) {
			next = m[i].start;
		}
	}
	*ret_next = next;
	return worst;
}

static int walk_segment(const json_t *report, const struct segment *g,
			const struct show_walker *w, struct mark *marks)
{
	unsigned n = collect(report, g, (uint32_t)text_count(g->text, g->len), marks);
	struct show_segment head = {.object = g->object,
				    .page = g->page,
				    .line = g->line,
				    .column = g->column,
				    .where = g->where};
	uint32_t at = 0;
	size_t i = 0;
	int r = w->segment(w->arg, &head);

	while (r == SL_OK && i < g->len) {
		uint32_t next;
		const struct mark *m = mark_at(marks, n, at, &next);
		size_t from = i, used;

		for (; i < g->len && at < next; i += used, at++)
			(void)text_decode(g->text + i, g->len - i, &used);
		struct show_span p = {.text = g->text + from,
				      .len = i - from,
				      .severity = m != NULL ? m->severity : -1,
				      .rule = m != NULL ? m->rule : NULL};
		r = w->span(w->arg, &p);
	}
	return r;
}

int show_walk(const struct review_case *c, unsigned file, const struct show_walker *w)
{
	const struct case_file *f = &c->files[file];
	const json_t *report = case_file_report(c, file);
	struct mark *marks = calloc(MARKS_MAX, sizeof(*marks));
	struct cur cur;
	int r = marks == NULL ? SL_E_NOMEM : SL_OK;

	cur_init(&cur, buf_str(&f->text), f->text.len);
	while (r == SL_OK && cur_left(&cur) > 0) {
		struct segment g;

		r = segment_get(&cur, &g);
		if (r == SL_OK)
			r = walk_segment(report, &g, w, marks);
	}
	free(marks);
	return r;
}

/* What the author said for the house alone. */
static void show_internal(FILE *out, const struct review_case *c)
{
	static const struct {
		const char *name, *label;
	} rows[] = {
		{"question", N_("question")},	    {"category", N_("category")},
		{"received_on", N_("received on")}, {"due_on", N_("extended to")},
		{"origin_agency", N_("made by")},   {"consent", N_("consent of its maker")}};
	const json_t *fields = json_obj(c->shown, "internal");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (json_str(fields, rows[i].name) != NULL)
			fprintf(out, "  %s: %s\n", _(rows[i].label),
				present_text(json_str(fields, rows[i].name)));
	}
}

void show_summary(FILE *out, const struct cli *cli, const struct review_case *c)
{
	present_draft_line(out, cli, c->draft);
	present_clocks(out, cli, c->draft);
	fprintf(out, "  %s %s   %s %s   %s %s   %s", _("type"),
		present_text(c->manifest->content_type), _("unit"),
		present_text(json_str(c->draft, "unit")), _("author"),
		present_text(json_str(c->draft, "author")), _("platforms"));
	for (unsigned i = 0; i < c->manifest->n_channels; i++)
		fprintf(out, " %s", present_text(c->manifest->channels[i]));
	fprintf(out, "\n  %s %.16s…\n", _("manifest"), c->manifest_sha256);
	for (unsigned i = 0; i < c->n_files; i++)
		fprintf(out, "  %u. %s  %s  %llu %s  %.12s…\n", i + 1,
			present_text(c->files[i].name), present_text(c->files[i].media_type),
			(unsigned long long)c->files[i].length, _("bytes"), c->files[i].sha256);
	show_internal(out, c);
	present_outcomes(out, cli, c->shown);
}

void show_fix(FILE *out, const struct cli *cli, const struct review_case *c)
{
	const json_t *record = json_obj(c->shown, "fix");
	int64_t revision = 0;

	if (record == NULL)
		return;
	(void)json_i64(record, "revision", &revision);
	if (json_arr(record, "edits") != NULL) {
		fprintf(out,
			json_is_true(json_object_get(c->shown, "edits_exact"))
				? _("Edits of %s to revision %lld applied exactly:\n")
				: _("Edits of %s to revision %lld, and something else:\n"),
			present_text(json_str(record, "edits_by")), (long long)revision);
		present_edits_applied(out, cli, record);
		return;
	}
	fprintf(out, _("Made by the gateway out of revision %lld (record %.16s…):\n"),
		(long long)revision, present_text(json_str(c->shown, "fix_sha256")));
	present_fix_changes(out, cli, record);
}

void show_votes(FILE *out, const struct cli *cli, const struct review_case *c)
{
	const json_t *v;
	size_t i;

	json_array_foreach(c->votes, i, v)
	{
		fprintf(out, "  %s  %s (%s): %s %s\n", present_text(json_str(v, "time")),
			present_text(json_str(v, "pid")), present_text(json_str(v, "role")),
			present_text(json_str(v, "decision")),
			present_text(json_str(v, "reason")));
		present_edits(out, cli, v);
		present_stands_for(out, v);
		present_vote_policy(out, cli, v);
	}
}

struct printer {
	FILE *out;
	const struct cli *cli;
	bool first;
};

static int print_segment(void *arg, const struct show_segment *g)
{
	struct printer *p = arg;

	if (!p->first)
		fputc('\n', p->out);
	p->first = false;
	if (g->where != WHERE_BODY)
		fprintf(p->out, "%s[%s]%s ", cli_paint(p->cli, CLI_DIM), where_name(g->where),
			cli_paint(p->cli, CLI_RESET));
	return SL_OK;
}

static int print_span(void *arg, const struct show_span *s)
{
	static const enum cli_paint paint[] = {CLI_RED, CLI_RED, CLI_YELLOW, CLI_BLUE,
					       CLI_BLUE};
	struct printer *p = arg;
	size_t cap = s->len * 8 + 16;
	char *safe = malloc(cap);

	if (safe == NULL)
		return SL_E_NOMEM;
	(void)text_safe_lines(s->text, s->len, safe, cap);
	if (s->severity >= 0)
		/* Without colour the brackets carry the meaning. */
		fprintf(p->out, "%s⟦%s⟧%s", cli_paint(p->cli, paint[s->severity]), safe,
			cli_paint(p->cli, CLI_RESET));
	else
		fputs(safe, p->out);
	if (s->severity >= 0 && s->rule != NULL)
		fprintf(p->out, "%s(%s)%s", cli_paint(p->cli, CLI_DIM), present_text(s->rule),
			cli_paint(p->cli, CLI_RESET));
	free(safe);
	return SL_OK;
}

int show_text(FILE *out, const struct cli *cli, const struct review_case *c, unsigned file)
{
	struct printer p = {.out = out, .cli = cli, .first = true};
	struct show_walker w = {.segment = print_segment, .span = print_span, .arg = &p};
	int r;

	fprintf(out, "%s──── %s ────%s\n", cli_paint(cli, CLI_BOLD),
		present_text(c->files[file].name), cli_paint(cli, CLI_RESET));
	r = show_walk(c, file, &w);
	fputc('\n', out);
	return r;
}
