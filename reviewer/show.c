/* show.c - put findings where they stand in the text. */
#include "show.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/present.h"
#include "policy/present_clock.h"
#include "policy/present_route.h"
#include "policy/present_fix.h"
#include "policy/present_outcome.h"
#include "policy/present_role.h"
#include "policy/segment.h"

struct mark { /* one finding's place, in code points of the object's text */
	uint32_t object, offset, length;
	int severity, finding;
	const char *rule;
	uint8_t where;
};

/* PIECE_MAX keeps a line of 64 MiB from being one piece of work. */
enum { PIECE_MAX = 16 << 10 };

struct show_walk {
	const struct case_file *f;
	uint32_t places;
	struct mark *marks; /* by object, place and offset */
	size_t n_marks;
	uint32_t longest; /* of the marks */
	size_t next;	  /* byte of f->text where the next segment begins */
	/* The segment at hand: its head, its text still to come, and the code point there. */
	struct show_segment g;
	uint32_t offset, at;
	size_t text, left; /* of what is here, and is UTF-8 */
	size_t to_come;
	bool open, begins;
};

static int severity_of(const json_t *finding)
{
	const char *s = json_str(finding, "severity");

	return s != NULL && s[0] == 'S' && s[1] >= '0' && s[1] <= '4' ? s[1] - '0' : 4;
}

/* The report names objects by id, segments by their place in the same list.  Findings of one
 * object stand together, so the last answer is tried first. */
static bool object_of(const json_t *report, const json_t *f, uint32_t *last)
{
	const json_t *objects = json_arr(report, "objects");
	const char *want = json_str(f, "object"), *id;
	size_t n = json_array_size(objects);
	int64_t index;

	if (json_i64(f, "object", &index)) {
		*last = (uint32_t)index;
		return index >= 0 && index <= UINT32_MAX;
	}
	for (size_t i = 0; want != NULL && i <= n; i++) {
		size_t k = i == 0 ? *last : i - 1;

		id = json_str(json_array_get(objects, k), "id");
		if (id == NULL || strcmp(id, want) != 0)
			continue;
		*last = (uint32_t)k;
		return true;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static void collect(struct show_walk *w, const json_t *report)
{
	uint32_t object = 0;
	const json_t *f;
	size_t i;

	json_array_foreach(json_arr(report, "findings"), i, f)
	{
		struct mark m = {.severity = severity_of(f), .finding = (int)i};
		int64_t offset, length;
		enum segment_where where;

		if (w->n_marks == FINDINGS_MAX || json_str(f, "where") == NULL ||
		    where_from_name(json_str(f, "where"), &where) != SL_OK ||
		    !json_i64(f, "offset", &offset) || !json_i64(f, "length", &length) ||
		    offset < 0 || length <= 0 || offset > UINT32_MAX ||
		    length > UINT32_MAX - offset || !object_of(report, f, &object))
			continue;
		m.object = object;
		m.where = (uint8_t)where;
		m.offset = (uint32_t)offset;
		m.length = (uint32_t)length;
		m.rule = json_str(f, "rule");
		w->longest = m.length > w->longest ? m.length : w->longest;
		w->marks[w->n_marks++] = m;
	}
	qsort(w->marks, w->n_marks, sizeof(*w->marks), by_place);
}

int show_walk_new(const struct review_case *c, unsigned file, uint32_t places,
		  struct show_walk **ret_w)
{
	struct show_walk *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return SL_E_NOMEM;
	w->f = &c->files[file];
	w->places = places == 0 ? UINT32_MAX : places;
	w->marks = calloc(FINDINGS_MAX, sizeof(*w->marks));
	if (w->marks == NULL) {
		show_walk_free(w);
		return SL_E_NOMEM;
	}
	collect(w, case_file_report(c, file));
	*ret_w = w;
	return SL_OK;
}

void show_walk_free(struct show_walk *w)
{
	if (w == NULL)
		return;
	free(w->marks);
	free(w);
}

/* First mark of the segment's object and place that may reach its code point `at`. */
static size_t first_mark(const struct show_walk *w, uint32_t at)
{
	struct mark want = {.object = w->g.object,
			    .where = w->g.where,
			    .offset = at > w->longest ? at - w->longest : 0,
			    .finding = -1};
	size_t lo = 0, hi = w->n_marks;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (by_place(&w->marks[mid], &want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Worst mark covering code point `at` of the object, and where the marking next changes. */
static const struct mark *mark_at(const struct show_walk *w, uint32_t at, uint32_t *ret_next)
{
	const struct mark *worst = NULL;
	uint32_t next = UINT32_MAX;

	for (size_t i = first_mark(w, at); i < w->n_marks; i++) {
		const struct mark *m = &w->marks[i];

		if (m->object != w->g.object || m->where != w->g.where)
			break;
		if (m->offset > at) {
			/* One that matters less stands inside of another without a mark. */
			if (m->offset < next &&
			    (worst == NULL || m->severity < worst->severity))
				next = m->offset;
			if (m->offset >= next)
				break;
			continue;
		}
		if (at - m->offset >= m->length ||
		    (worst != NULL && m->severity >= worst->severity))
			continue;
		worst = m;
		next = m->offset + m->length;
	}
	*ret_next = next;
	return worst;
}

/* The next segment that is wanted. */
static int open_segment(struct show_walk *w)
{
	const struct buf *b = &w->f->text;

	while (w->next < b->len) {
		struct segment g;
		struct cur cur;
		int r;

		cur_init(&cur, b->data + w->next, b->len - w->next);
		r = segment_get_begun(&cur, &g);
		if (r != SL_OK)
			return w->f->have_text ? r : SL_E_STATE;
		w->text = b->len - cur_left(&cur);
		w->next = w->text + g.len;
		if ((w->places >> g.where & 1u) == 0)
			continue;
		w->g = (struct show_segment){.object = g.object,
					     .page = g.page,
					     .line = g.line,
					     .column = g.column,
					     .where = g.where};
		w->offset = w->at = g.offset;
		w->left = 0;
		w->to_come = g.len;
		w->open = w->begins = true;
		return SL_OK;
	}
	if (!w->f->have_text && w->f->text_sha256[0] != '\0')
		return SL_E_STATE;
	return w->next > b->len ? SL_E_FORMAT : SL_E_NOTFOUND;
}

/* Without a character at the end whose last bytes are still to come. */
static size_t whole_characters(const uint8_t *s, size_t n)
{
	for (size_t i = 1; i <= 3 && i <= n; i++) {
		uint8_t c = s[n - i];
		size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0u) != 0x80)
			return need > i ? n - i : n;
	}
	return n;
}

/* A text file is one segment: what came of it is shown before its end is here. */
static int arrive(struct show_walk *w)
{
	const struct buf *b = &w->f->text;
	size_t from = w->text + w->left, n = b->len > from ? b->len - from : 0;

	if (n >= w->to_come)
		n = w->to_come;
	else if (w->f->have_text)
		return SL_E_FORMAT;
	else
		n = whole_characters(b->data + from, n);
	if (n == 0)
		return SL_E_STATE;
	if (!text_is_utf8((const char *)b->data + from, n))
		return SL_E_FORMAT;
	w->left += n;
	w->to_come -= n;
	return SL_OK;
}

int show_walk_next(struct show_walk *w, struct show_piece *ret_p)
{
	const struct mark *m;
	const char *text;
	size_t i = 0, used;
	uint32_t next;

	if (!w->open) {
		int r = open_segment(w);

		if (r != SL_OK)
			return r;
	}
	if (w->left == 0 && w->to_come > 0) {
		int r = arrive(w);

		if (r != SL_OK)
			return r;
	}
	text = (const char *)w->f->text.data + w->text;
	m = mark_at(w, w->at, &next);
	for (; i < w->left && i < PIECE_MAX && w->at < next; i += used, w->at++)
		(void)text_decode(text + i, w->left - i, &used);
	*ret_p = (struct show_piece){.begins = w->begins,
				     .g = w->g,
				     .text = text,
				     .len = i,
				     .severity = m != NULL ? m->severity : -1,
				     .rule = m != NULL ? m->rule : NULL,
				     .finding = m != NULL ? m->finding : -1};
	w->text += i;
	w->left -= i;
	w->begins = false;
	w->open = w->left > 0 || w->to_come > 0;
	return SL_OK;
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

/* By which signed policy and rules it is judged: what an approval is bound to. */
static void show_grounds(FILE *out, const struct review_case *c)
{
	const json_t *rules = json_obj(case_file_report(c, 0), "policy");
	const char *sha256 = json_str(rules, "sha256");
	int64_t version = 0;

	fprintf(out, "   %s %lld %.8s…", _("approval policy"),
		(long long)roster_version(c->roster), c->policy_sha256);
	if (sha256 != NULL && json_i64(rules, "version", &version))
		fprintf(out, "   %s %lld %.8s…", _("rules"), (long long)version,
			present_text(sha256));
	fputc('\n', out);
}

void show_summary(FILE *out, const struct cli *cli, const struct review_case *c)
{
	present_draft_line(out, cli, c->draft);
	present_route(out, cli, c->draft);
	present_clocks(out, cli, c->draft);
	fprintf(out, "  %s %s   %s %s   %s %s   %s", _("type"),
		present_text(c->manifest->content_type), _("unit"),
		present_text(json_str(c->draft, "unit")), _("author"),
		present_text(json_str(c->draft, "author")), _("platforms"));
	for (unsigned i = 0; i < c->manifest->n_channels; i++)
		fprintf(out, " %s", present_text(c->manifest->channels[i]));
	fprintf(out, "\n  %s %.16s…", _("manifest"), c->manifest_sha256);
	show_grounds(out, c);
	for (unsigned i = 0; i < c->n_files; i++)
		fprintf(out, "  %u. %s  %s  %llu %s  %.12s…\n", i + 1,
			present_text(c->files[i].name), present_text(c->files[i].media_type),
			(unsigned long long)c->files[i].length, _("bytes"), c->files[i].sha256);
	show_internal(out, c);
	present_outcomes(out, cli, c->shown);
}

static void show_edits(FILE *out, const struct cli *cli, const json_t *record, int64_t revision,
		       const struct exact_result *x)
{
	char line[EXACT_LINE];

	fprintf(out, _("Edits of %s to revision %lld:"),
		present_text(json_str(record, "edits_by")), (long long)revision);
	if (x == NULL) {
		fprintf(out, " %s\n",
			_("whether it is exactly these could not be checked here"));
	} else if (x->state == EXACT_UNCLAIMED) {
		fprintf(out, " %s\n", _("and something else"));
	} else {
		exact_line(x, line);
		fprintf(out, " %s%s%s\n",
			cli_paint(cli, x->state == EXACT_NOT ? CLI_RED : CLI_GREEN), line,
			cli_paint(cli, CLI_RESET));
	}
	present_edits_applied(out, cli, record);
}

void show_fix(FILE *out, const struct cli *cli, const struct review_case *c,
	      const struct exact_result *x)
{
	const json_t *record = json_obj(c->shown, "fix");
	int64_t revision = 0;

	if (record == NULL)
		return;
	(void)json_i64(record, "revision", &revision);
	if (json_arr(record, "edits") != NULL) {
		show_edits(out, cli, record, revision, x);
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
			present_text(json_str(v, "pid")), present_role(json_str(v, "role")),
			present_decision(json_str(v, "decision")),
			present_text(json_str(v, "reason")));
		present_edits(out, cli, v);
		present_stands_for(out, v);
		present_vote_policy(out, cli, v);
	}
}

static int print_piece(FILE *out, const struct cli *cli, const struct show_piece *s)
{
	static const enum cli_paint paint[] = {CLI_RED, CLI_RED, CLI_YELLOW, CLI_BLUE,
					       CLI_BLUE};
	size_t cap = s->len * 8 + 16;
	char *safe = malloc(cap);

	if (safe == NULL)
		return SL_E_NOMEM;
	if (s->begins && s->g.where != WHERE_BODY)
		fprintf(out, "%s[%s]%s ", cli_paint(cli, CLI_DIM), where_name(s->g.where),
			cli_paint(cli, CLI_RESET));
	(void)text_safe_lines(s->text, s->len, safe, cap);
	if (s->severity >= 0)
		/* Without colour the brackets carry the meaning. */
		fprintf(out, "%s⟦%s⟧%s", cli_paint(cli, paint[s->severity]), safe,
			cli_paint(cli, CLI_RESET));
	else
		fputs(safe, out);
	if (s->severity >= 0 && s->rule != NULL)
		fprintf(out, "%s(%s)%s", cli_paint(cli, CLI_DIM), present_text(s->rule),
			cli_paint(cli, CLI_RESET));
	free(safe);
	return SL_OK;
}

int show_text(FILE *out, const struct cli *cli, const struct review_case *c, unsigned file)
{
	struct show_walk *w = NULL;
	struct show_piece p;
	bool first = true;
	int r = show_walk_new(c, file, 0, &w);

	fprintf(out, "%s──── %s ────%s\n", cli_paint(cli, CLI_BOLD),
		present_text(c->files[file].name), cli_paint(cli, CLI_RESET));
	while (r == SL_OK) {
		r = show_walk_next(w, &p);
		if (r != SL_OK)
			break;
		if (p.begins && !first)
			fputc('\n', out);
		first = false;
		r = print_piece(out, cli, &p);
	}
	fputc('\n', out);
	show_walk_free(w);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}
