/* present_fix.c - before and after.  Every text of the record is made printable here. */
#include "policy/present_fix.h"

#include <string.h>

#include "policy/present.h"

static const struct {
	const char *key, *text;
} words[] = {
	{"masked", N_("masked")},
	{"removed", N_("removed")},
	{"emptied", N_("emptied")},
	{"re-encoded", N_("encoding changed")},
	{"properties", N_("properties")},
	{"invisible characters", N_("invisible characters")},
	{"editing sessions", N_("editing sessions")},
	{"earlier revisions", N_("earlier revisions")},
	{"comment", N_("comment")},
	{"filename", N_("rename the file")},
	{"picture", N_("cover it in the picture itself")},
	{"source", N_("masks cannot be put into this kind of file: change the document that it "
		      "was made from and export it again")},
	{"metadata",
	 N_("properties cannot be taken out of this kind of file here: save it anew "
	    "without them, a picture as PNG, and submit that")},
	{"long", N_("too long to be masked: change the text yourself")},
	{"place", N_("its place in the text was not found again: change the text yourself")},
	{"left", N_("it can still be read at this place, in a name that others refer to, a "
		    "formula, a number or a spelling of its own: change it there yourself")},
	{"meaning", N_("leave it out or word it anew: only you know what the sentence should "
		       "say")},
	{"return", N_("no mask mends this: do what is said above in the document itself")},
};

static const char *word(const char *key)
{
	for (size_t i = 0; key != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].key, key) == 0)
			return _(words[i].text);
	}
	return present_text(key);
}

static void print_head(FILE *out, const struct cli *c, const json_t *row)
{
	int64_t page = 0, line = 0, column = 0;
	const char *where = json_str(row, "where");

	fprintf(out, "  %s%s%s  ", cli_paint(c, CLI_BOLD), present_text(json_str(row, "rule")),
		cli_paint(c, CLI_RESET));
	if (json_i64(row, "page", &page) && page > 0)
		fprintf(out, _("page %lld, "), (long long)page);
	if (json_i64(row, "line", &line) && json_i64(row, "column", &column) && line > 0)
		fprintf(out, _("line %lld, column %lld"), (long long)line, (long long)column);
	if (where != NULL && strcmp(where, "body") != 0)
		fprintf(out, " (%s)", present_place(where));
}

/* Several findings of one line are shown by that line once. */
static bool same_line(const json_t *a, const json_t *b)
{
	const char *x = json_str(a, "before"), *y = json_str(b, "before");
	int64_t of_a = -1, of_b = -2;

	return x != NULL && y != NULL && strcmp(x, y) == 0 && json_i64(a, "file", &of_a) &&
	       json_i64(b, "file", &of_b) && of_a == of_b;
}

static void print_masks(FILE *out, const struct cli *c, const json_t *record, size_t file)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_arr(record, "masked"), i, row)
	{
		int64_t of = -1;

		if (!json_i64(row, "file", &of) || (size_t)of != file)
			continue;
		print_head(out, c, row);
		if (same_line(row, json_array_get(json_arr(record, "masked"), i + 1))) {
			fputc('\n', out);
			continue;
		}
		fprintf(out, "\n    %s- %s%s\n", cli_paint(c, CLI_RED),
			present_text(json_str(row, "before")), cli_paint(c, CLI_RESET));
		fprintf(out, "    %s+ %s%s\n", cli_paint(c, CLI_GREEN),
			present_text(json_str(row, "after")), cli_paint(c, CLI_RESET));
	}
}

static void print_changes(FILE *out, const json_t *file)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_arr(file, "changes"), i, row)
	{
		const char *where = json_str(row, "where"), *which = json_str(row, "which");
		int64_t count = 0;

		(void)json_i64(row, "count", &count);
		fprintf(out, "  %s: %s", word(json_str(row, "what")), word(which));
		if (where != NULL && where[0] != '\0')
			fprintf(out, "%s(%s)", which != NULL && which[0] != '\0' ? " " : "",
				present_text(where));
		fprintf(out, " ×%lld\n", (long long)count);
	}
}

void present_fix_changes(FILE *out, const struct cli *c, const json_t *record)
{
	const json_t *file;
	int64_t omitted = 0;
	size_t i;

	json_array_foreach(json_arr(record, "files"), i, file)
	{
		const char *reason = json_str(file, "reason");
		const char *before = json_str(file, "before"), *after = json_str(file, "after");
		bool same = before != NULL && after != NULL && strcmp(before, after) == 0;

		fprintf(out, "%s%s%s: ", cli_paint(c, CLI_BOLD),
			present_text(json_str(file, "name")), cli_paint(c, CLI_RESET));
		if (reason != NULL)
			fprintf(out, _("cannot be cleaned (%s)"), present_text(reason));
		else
			fputs(same ? _("stays as it is") : _("changed"), out);
		fputc('\n', out);
		if (same)
			continue;
		print_masks(out, c, record, i);
		print_changes(out, file);
	}
	if (json_i64(record, "omitted", &omitted) && omitted > 0)
		fprintf(out, _("and %lld more that are not listed\n"), (long long)omitted);
}

void present_fix_by_hand(FILE *out, const struct cli *c, const json_t *record)
{
	const json_t *rows = json_arr(record, "by_hand"), *row, *files;
	size_t i;

	if (json_array_size(rows) == 0)
		return;
	files = json_arr(record, "files");
	fprintf(out, "%s\n", _("Left to you:"));
	json_array_foreach(rows, i, row)
	{
		const json_t *message = json_obj(row, "message");
		const char *text = json_str(message, i18n_is_zh() ? "zh" : "en");
		int64_t of = 0;

		(void)json_i64(row, "file", &of);
		print_head(out, c, row);
		fprintf(out, "  %s: %s\n",
			present_text(json_str(json_array_get(files, (size_t)of), "name")),
			present_text(json_str(row, "excerpt")));
		if (text != NULL)
			fprintf(out, "      %s\n", present_text(text));
		fprintf(out, "      -> %s\n", word(json_str(row, "why")));
	}
}

bool present_fix_blocks(const json_t *record)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_arr(record, "by_hand"), i, row)
	{
		const char *severity = json_str(row, "severity");

		if (severity != NULL && strcmp(severity, "S1") <= 0)
			return true;
	}
	return false;
}
