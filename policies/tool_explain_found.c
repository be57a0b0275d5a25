/* tool_explain_found.c - why a finding stands in a report, in words.
 *
 * Hostile: the report, which may have come from anywhere.  It is only shown. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "policies/tool.h"
#include "policies/tool_explain.h"
#include "policy/present.h"
#include "policy/present_why.h"

enum { REPORT_MAX = 64 << 20, DEPTH_MAX = 6 };

struct showing {
	const struct cli *c;
	const char *rule;
	unsigned n;
	int error;
};

/* For programs: the words of the evidence with their phrases in this language. */
static json_t *phrases(const json_t *words)
{
	json_t *list = json_array();
	const json_t *w;
	size_t i;

	json_array_foreach(words, i, w)
	{
		char phrase[PRESENT_WHY_MAX];

		present_why(json_string_value(w) != NULL ? json_string_value(w) : "", phrase);
		(void)json_array_append_new(list, json_string(phrase));
	}
	return list;
}

static void show(struct showing *s, const json_t *report, const json_t *f)
{
	const char *rule = json_str(f, "rule");

	if (rule == NULL || s->error != SL_OK ||
	    (s->rule != NULL && strcasecmp(rule, s->rule) != 0))
		return;
	s->n++;
	if (!s->c->json) {
		present_finding(stdout, s->c, report, f);
		return;
	}
	s->error = tool_print(json_pack("{s:s,s:o,s:o,s:O}", "rule", rule, "why",
					phrases(json_arr(f, "evidence")), "hidden",
					phrases(json_arr(f, "evasion")), "finding", f));
}

/* Wherever the program that printed it put the report. */
static void walk(struct showing *s, const json_t *j, unsigned depth)
{
	const json_t *list = json_arr(j, "findings"), *v;
	const char *name;
	size_t i;

	json_array_foreach(list, i, v) show(s, j, v);
	if (depth == DEPTH_MAX)
		return;
	if (json_is_array(j)) {
		json_array_foreach(j, i, v) walk(s, v, depth + 1);
	} else if (list == NULL) {
		json_t *member;

		json_object_foreach((json_t *)(uintptr_t)j, name, member)
			walk(s, member, depth + 1);
	}
}

int tool_explain_found(const struct cli *c, const char *path, const char *rule,
		       struct sl_why *why)
{
	struct showing s = {.c = c, .rule = rule};
	const char *at, *end;
	struct buf text;
	int r;

	buf_init(&text, REPORT_MAX);
	r = file_read(AT_FDCWD, path, REPORT_MAX, &text);
	if (r != SL_OK) {
		r = why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
		goto out;
	}
	for (at = buf_str(&text); *at != '\0' && r == SL_OK;
	     at = *end == '\0' ? end : end + 1) {
		json_t *j = NULL;

		end = at + strcspn(at, "\n");
		if (end == at)
			continue;
		r = json_parse(at, (size_t)(end - at), REPORT_MAX, &j);
		if (r != SL_OK)
			r = why_set(why, SL_E_FORMAT, _("%s is no report in JSON"), path);
		else
			walk(&s, j, 0);
		json_decref(j);
	}
	if (r == SL_OK)
		r = s.error;
	if (r == SL_OK && s.n == 0)
		r = why_set(why, SL_E_NOTFOUND, _("there is no such finding in %s"), path);
out:
	buf_release(&text);
	return r;
}
