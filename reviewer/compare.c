/* compare.c - files are matched by name; of the same bytes nothing is fetched. */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "diff.h"
#include "get.h"
#include "policy/present.h"

/* ---- what the author declared ---- */

static int put_declared(json_t *list, const char *name, json_t *before, json_t *after)
{
	json_t *row;

	if (before != NULL && after != NULL && json_equal(before, after))
		return SL_OK;
	/* Bytes are compared below; number and time of making are always others. */
	if (strcmp(name, "blobs") == 0 || strcmp(name, "created") == 0)
		return SL_OK;
	row = json_pack("{s:s}", "name", name);
	if (before != NULL)
		(void)json_object_set(row, "before", before);
	if (after != NULL)
		(void)json_object_set(row, "after", after);
	return json_array_append_new(list, row) == 0 ? SL_OK : SL_E_NOMEM;
}

static int declared(const struct review_case *before, const struct review_case *now,
		    json_t *list)
{
	json_t *a = before->manifest->json, *b = now->manifest->json, *value;
	const char *name;
	int r = SL_OK;

	json_object_foreach(a, name, value) if (r == SL_OK) r =
		put_declared(list, name, value, json_object_get(b, name));
	json_object_foreach(b, name, value) if (r == SL_OK && json_object_get(a, name) == NULL)
		r = put_declared(list, name, NULL, value);
	return r;
}

/* ---- texts ---- */

struct lines {
	json_t *list;
	bool truncated;
};

static int put_line(void *arg, const struct diff_line *l)
{
	static const char *const kinds[] = {"same", "old", "new", "skipped"};
	struct lines *to = arg;
	json_t *pieces = json_array(), *row;

	if (json_array_size(to->list) >= COMPARE_LINES_MAX) {
		to->truncated = true;
		json_decref(pieces);
		return SL_E_LIMIT;
	}
	for (unsigned i = 0; i < l->n; i++) {
		json_t *p = json_pack("{s:s%}", "text", l->piece[i].text, l->piece[i].len);

		if (p != NULL && l->piece[i].changed)
			(void)json_object_set_new(p, "changed", json_true());
		if (json_array_append_new(pieces, p) != 0) {
			json_decref(pieces);
			return SL_E_NOMEM;
		}
	}
	row = json_pack("{s:s,s:I,s:o}", "kind", kinds[l->kind], "number",
			(json_int_t)l->number, "pieces", pieces);
	return json_array_append_new(to->list, row) == 0 ? SL_OK : SL_E_NOMEM;
}

static int text_of(struct session *s, struct review_case *c, int i, struct buf *out,
		   struct sl_why *why)
{
	int r = i < 0 ? SL_OK : case_text(s, c, (unsigned)i, why);

	if (r == SL_OK && i >= 0)
		r = get_plain_text(&c->files[i], out);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

static int texts(struct session *s, struct review_case *before, int i, struct review_case *now,
		 int k, json_t *row, struct sl_why *why)
{
	struct lines to = {.list = json_array()};
	struct diff_to sink = {.line = put_line, .arg = &to};
	const char *word = "compared";
	struct buf a, b;
	int r;

	buf_init(&a, COMPARE_TEXT_MAX);
	buf_init(&b, COMPARE_TEXT_MAX);
	r = text_of(s, before, i, &a, why);
	if (r == SL_OK)
		r = text_of(s, now, k, &b, why);
	if (r == SL_OK && a.len == 0 && b.len == 0)
		word = "none";
	else if (r == SL_OK)
		r = diff_texts(buf_str(&a), a.len, buf_str(&b), b.len, &sink);
	if (r == SL_E_LIMIT && !to.truncated)
		word = "too-large";
	if (r == SL_E_LIMIT)
		r = SL_OK;
	if (to.truncated)
		(void)json_object_set_new(row, "truncated", json_true());
	if (json_object_set_new(row, "text", json_string(word)) != 0 ||
	    json_object_set(row, "lines", to.list) != 0)
		r = r == SL_OK ? SL_E_NOMEM : r;
	json_decref(to.list);
	buf_release(&a);
	buf_release(&b);
	return r;
}

/* ---- files ---- */

static int find(const struct review_case *c, const char *name)
{
	for (unsigned i = 0; i < c->n_files; i++) {
		if (strcmp(c->files[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

static int one_file(struct session *s, struct review_case *before, int i,
		    struct review_case *now, int k, json_t *list, struct sl_why *why)
{
	const char *name = k >= 0 ? now->files[k].name : before->files[i].name;
	bool same = i >= 0 && k >= 0 &&
		    strcmp(before->files[i].sha256, now->files[k].sha256) == 0 &&
		    strcmp(before->files[i].text_sha256, now->files[k].text_sha256) == 0;
	json_t *row = json_pack("{s:s,s:s}", "name", name, "change",
				same	? "same"
				: i < 0 ? "added"
				: k < 0 ? "removed"
					: "changed");

	if (row == NULL || json_array_append_new(list, row) != 0)
		return SL_E_NOMEM;
	return same ? SL_OK : texts(s, before, i, now, k, row, why);
}

int compare_cases(struct session *s, struct review_case *before, struct review_case *now,
		  json_t **ret_j, struct sl_why *why)
{
	json_t *files = json_array(), *told = json_array(), *doc;
	int r = declared(before, now, told);

	for (unsigned k = 0; r == SL_OK && k < now->n_files; k++)
		r = one_file(s, before, find(before, now->files[k].name), now, (int)k, files,
			     why);
	for (unsigned i = 0; r == SL_OK && i < before->n_files; i++) {
		if (find(now, before->files[i].name) < 0)
			r = one_file(s, before, (int)i, now, -1, files, why);
	}
	doc = json_pack("{s:s,s:I,s:I,s:o,s:o}", "draft", now->id, "from",
			(json_int_t)before->revision, "to", (json_int_t)now->revision,
			"declared", told, "files", files);
	if (r == SL_OK && doc == NULL)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		*ret_j = doc;
	else
		json_decref(doc);
	return r;
}

/* ---- the audit ---- */

int compare_audit(struct session *s, const char *draft, json_t **ret_entries,
		  struct sl_why *why)
{
	struct wire_reply reply = {0};
	json_t *args = json_pack("{s:s}", "draft", draft), *entries;
	int r = args == NULL ? SL_E_NOMEM
			     : wire_ask(s->wire, "review.audit", args, NULL, 0, &reply, why);

	json_decref(args);
	if (r == SL_OK) {
		entries = json_object_get(reply.result, "entries");
		if (!json_is_array(entries))
			r = why_set(why, SL_E_FORMAT,
				    _("the gateway's answer cannot be understood"));
		else
			*ret_entries = json_incref(entries);
	}
	wire_reply_release(&reply);
	return r;
}

int64_t compare_last_vote(const json_t *audit, const struct review_case *now,
			  const char *person)
{
	const json_t *e;
	int64_t last = 0, revision;
	size_t i;

	json_array_foreach(audit, i, e)
	{
		const char *kind = json_str(e, "kind"), *actor = json_str(e, "actor");

		if (kind != NULL && actor != NULL && strcmp(kind, "review.vote") == 0 &&
		    strcmp(actor, person) == 0 &&
		    json_i64(json_obj(e, "record"), "revision", &revision) &&
		    revision < now->revision && revision > last)
			last = revision;
	}
	return last;
}

/* ---- on paper ---- */

/* All of it, however long: what is left out of a comparison is not compared. */
static void put_safe(FILE *out, const char *text)
{
	size_t len = strlen(text), cap = len * 8 + 16;
	char *safe = malloc(cap);

	if (safe == NULL)
		return;
	(void)text_safe(text, len, safe, cap);
	fputs(safe, out);
	free(safe);
}

static void print_value(FILE *out, const json_t *row, const char *which)
{
	const json_t *v = json_object_get(row, which);
	struct buf b;

	if (v == NULL)
		return;
	buf_init(&b, 1 << 20);
	if (json_is_string(v))
		buf_puts(&b, json_string_value(v));
	else if (json_compact(v, &b) != SL_OK)
		buf_clear(&b);
	fprintf(out, "  %c %s: ", strcmp(which, "before") == 0 ? '-' : '+',
		present_text(json_str(row, "name")));
	put_safe(out, buf_str(&b));
	fputc('\n', out);
	buf_release(&b);
}

static void print_line(FILE *out, const struct cli *c, const json_t *line)
{
	const char *kind = json_str(line, "kind");
	bool old = kind != NULL && strcmp(kind, "old") == 0;
	bool now = kind != NULL && strcmp(kind, "new") == 0;
	int64_t number = 0;
	const json_t *p;
	size_t i;

	(void)json_i64(line, "number", &number);
	if (kind != NULL && strcmp(kind, "skipped") == 0) {
		fprintf(out, "  %s", cli_paint(c, CLI_DIM));
		fprintf(out, _("… %lld lines are the same"), (long long)number);
		fprintf(out, "%s\n", cli_paint(c, CLI_RESET));
		return;
	}
	fprintf(out, "%s%c %5lld ",
		cli_paint(c, old   ? CLI_RED
			     : now ? CLI_GREEN
				   : CLI_RESET),
		old   ? '-'
		: now ? '+'
		      : ' ',
		(long long)number);
	json_array_foreach(json_arr(line, "pieces"), i, p)
	{
		bool changed = false;

		/* Without colour the brackets carry the meaning. */
		(void)json_bool(p, "changed", &changed);
		fputs(changed ? (old ? "[-" : "{+") : "", out);
		put_safe(out, json_str(p, "text") != NULL ? json_str(p, "text") : "");
		fputs(changed ? (old ? "-]" : "+}") : "", out);
	}
	fprintf(out, "%s\n", cli_paint(c, CLI_RESET));
}

static const char *change_word(const char *change)
{
	if (change != NULL && strcmp(change, "added") == 0)
		return _("added");
	if (change != NULL && strcmp(change, "removed") == 0)
		return _("removed");
	return change != NULL && strcmp(change, "same") == 0 ? _("the same bytes")
							     : _("changed");
}

static void print_file(FILE *out, const struct cli *c, const json_t *file)
{
	const char *text = json_str(file, "text");
	bool truncated = false;
	const json_t *line;
	size_t i;

	fprintf(out, "%s%s%s: %s\n", cli_paint(c, CLI_BOLD),
		present_text(json_str(file, "name")), cli_paint(c, CLI_RESET),
		change_word(json_str(file, "change")));
	json_array_foreach(json_arr(file, "lines"), i, line) print_line(out, c, line);
	(void)json_bool(file, "truncated", &truncated);
	if (truncated)
		fprintf(out, "  %s\n", _("… and more; this is as much as is shown"));
	if (text != NULL && strcmp(text, "none") == 0)
		fprintf(out, "  %s\n", _("no text to compare: look at the pages of both"));
	if (text != NULL && strcmp(text, "too-large") == 0)
		fprintf(out, "  %s\n", _("too long to be compared: read all of it"));
	if (text != NULL && strcmp(text, "compared") == 0 &&
	    json_array_size(json_arr(file, "lines")) == 0)
		fprintf(out, "  %s\n", _("the text is the same; the bytes are not"));
}

void compare_print(FILE *out, const struct cli *c, const json_t *changes)
{
	const json_t *row;
	int64_t from = 0, to = 0;
	size_t i;

	(void)json_i64(changes, "from", &from);
	(void)json_i64(changes, "to", &to);
	fprintf(out, _("%s: revision %lld against revision %lld"),
		present_text(json_str(changes, "draft")), (long long)to, (long long)from);
	fputc('\n', out);
	json_array_foreach(json_arr(changes, "declared"), i, row)
	{
		print_value(out, row, "before");
		print_value(out, row, "after");
	}
	json_array_foreach(json_arr(changes, "files"), i, row) print_file(out, c, row);
}
