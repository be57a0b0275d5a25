/* edits.c - where the words of --edit stand is looked up here, before anything is signed. */
#include "edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/edit_text.h"
#include "policy/present.h"

struct edit {
	char *copy; /* of the option; the others point into it */
	const char *from, *to;
	char part[16]; /* "" when the person named none */
	uint64_t occurrence;
};

/* "file:3@2:" before the words; what is no place is a part of the words. */
static char *split_place(char *text, struct edit *e)
{
	char *colon, *at;
	uint64_t n = 0;

	e->occurrence = 1;
	if (strncmp(text, "title:", 6) == 0) {
		(void)snprintf(e->part, sizeof(e->part), "title");
		return text + 6;
	}
	colon = strncmp(text, "file:", 5) == 0 ? strchr(text + 5, ':') : NULL;
	if (colon == NULL)
		return text;
	at = memchr(text + 5, '@', (size_t)(colon - text - 5));
	if (at != NULL && !text_to_u64(at + 1, (size_t)(colon - at - 1), 9999, &e->occurrence))
		return text;
	if (!text_to_u64(text + 5, (size_t)((at != NULL ? at : colon) - text - 5), 999, &n))
		return text;
	(void)snprintf(e->part, sizeof(e->part), "file:%u", (unsigned)n);
	return colon + 1;
}

static int split(const char *option, struct edit *e, struct sl_why *why)
{
	char *words, *sign;
	size_t width;

	e->copy = strdup(option);
	if (e->copy == NULL)
		return SL_E_NOMEM;
	words = split_place(e->copy, e);
	sign = strstr(words, "=>");
	width = sign != NULL ? 2 : 1;
	sign = sign != NULL ? sign : strchr(words, '=');
	if (sign == NULL || sign == words)
		return why_set(why, SL_E_USAGE, _("--edit takes FROM=TO: \"%s\""),
			       present_text(option));
	*sign = '\0';
	e->from = words;
	e->to = sign + width;
	if (strlen(e->from) > APPROVAL_EDIT_TEXT_MAX || strlen(e->to) > APPROVAL_EDIT_TEXT_MAX)
		return why_set(why, SL_E_LIMIT, _("an edit has at most %d bytes on each side"),
			       APPROVAL_EDIT_TEXT_MAX);
	return SL_OK;
}

/* The only place, when the person named none. */
static int locate(const struct review_case *k, struct edit *e, struct sl_why *why)
{
	const char *title = k->manifest->title;
	size_t n, all;

	if (e->part[0] != '\0')
		return SL_OK;
	all = edit_count(title, strlen(title), e->from);
	if (all > 0)
		(void)snprintf(e->part, sizeof(e->part), "title");
	for (unsigned i = 0; i < k->n_files; i++) {
		n = edit_count_segments(buf_str(&k->files[i].text), k->files[i].text.len,
					e->from);
		if (n > 0)
			(void)snprintf(e->part, sizeof(e->part), "file:%u", i);
		all += n;
	}
	if (all == 1)
		return SL_OK;
	return why_set(why, all == 0 ? SL_E_NOTFOUND : SL_E_USAGE,
		       all == 0 ? _("\"%s\" stands nowhere in it")
				: _("\"%s\" stands in it more than once: say where, as in "
				    "file:0@2:FROM=TO"),
		       present_text(e->from));
}

static int add(const char *option, const struct review_case *k, json_t *list,
	       struct sl_why *why)
{
	struct edit e = {.copy = NULL};
	int r = split(option, &e, why);

	if (r == SL_OK)
		r = locate(k, &e, why);
	if (r == SL_OK &&
	    json_array_append_new(list, json_pack("{s:s,s:I,s:s,s:s}", "from", e.from,
						  "occurrence", (json_int_t)e.occurrence,
						  "part", e.part, "to", e.to)) != 0)
		r = why_set(why, SL_E_FORMAT, _("the text of --edit is no UTF-8"));
	free(e.copy);
	return r;
}

int edits_read(const struct cli *c, struct session *s, struct review_case *k,
	       json_t **ret_edits, struct sl_why *why)
{
	json_t *list = json_array();
	int r = list == NULL ? SL_E_NOMEM : SL_OK;

	for (unsigned i = 0; r == SL_OK && i < k->n_files; i++) {
		r = case_text(s, k, i, why);
		if (r == SL_E_NOTFOUND)
			r = SL_OK;
	}
	for (int i = 0; r == SL_OK && cli_value_at(c, "edit", i) != NULL; i++)
		r = i < APPROVAL_EDITS_MAX ? add(cli_value_at(c, "edit", i), k, list, why)
					   : why_set(why, SL_E_LIMIT, _("at most %d edits"),
						     APPROVAL_EDITS_MAX);
	if (r == SL_OK)
		r = edits_try(s, k, list, why);
	if (r != SL_OK) {
		json_decref(list);
		return r;
	}
	*ret_edits = list;
	return SL_OK;
}
