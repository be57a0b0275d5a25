/* serials.c - hostile: files that came from the outlet's side by hand. */
#include "link/serials.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { ROOM_FIRST = 16, DEPTH_MAX = 16, DIGITS = 20 };
static const char between[] = " \t\r\n,;";

void serials_release(struct serials *s)
{
	free(s->range);
	*s = (struct serials){.n = 0};
}

bool serials_has(const struct serials *s, int64_t serial)
{
	for (size_t i = 0; i < s->n; i++) {
		if (serial >= s->range[i].from && serial <= s->range[i].to)
			return true;
	}
	return false;
}

int serials_add(struct serials *s, int64_t from, int64_t to)
{
	if (from < 1 || to < from)
		return SL_E_FORMAT;
	/* Lists mostly go upwards by one. */
	if (s->n > 0 && s->range[s->n - 1].to == from - 1) {
		s->range[s->n - 1].to = to;
		return SL_OK;
	}
	if (s->n == SERIALS_RANGES_MAX)
		return SL_E_LIMIT;
	if (s->n == s->room) {
		size_t room = s->room == 0 ? ROOM_FIRST : 2 * s->room;
		struct serials_range *grown = realloc(s->range, room * sizeof(*grown));

		if (grown == NULL)
			return SL_E_NOMEM;
		s->range = grown;
		s->room = room;
	}
	s->range[s->n++] = (struct serials_range){from, to};
	return SL_OK;
}

static bool number(const char *text, size_t len, int64_t *ret_v)
{
	uint64_t v;

	if (len == 0 || len > DIGITS || !text_to_u64(text, len, INT64_MAX, &v))
		return false;
	*ret_v = (int64_t)v;
	return true;
}

int serials_add_text(struct serials *s, const char *text, size_t len)
{
	const char *dash = memchr(text, '-', len);
	size_t first = dash == NULL ? len : (size_t)(dash - text);
	int64_t from, to;

	if (!number(text, first, &from))
		return SL_E_FORMAT;
	to = from;
	if (dash != NULL && !number(dash + 1, len - first - 1, &to))
		return SL_E_FORMAT;
	return serials_add(s, from, to);
}

/* One element of a list. */
static int add_json(struct serials *s, const json_t *j)
{
	if (json_is_integer(j))
		return serials_add(s, json_integer_value(j), json_integer_value(j));
	if (json_is_string(j))
		return serials_add_text(s, json_string_value(j), json_string_length(j));
	if (json_is_array(j) && json_array_size(j) == 2 &&
	    json_is_integer(json_array_get(j, 0)) && json_is_integer(json_array_get(j, 1)))
		return serials_add(s, json_integer_value(json_array_get(j, 0)),
				   json_integer_value(json_array_get(j, 1)));
	return SL_E_FORMAT;
}

int serials_from_json(struct serials *s, const json_t *list)
{
	int r = json_is_array(list) ? SL_OK : SL_E_FORMAT;

	for (size_t i = 0; r == SL_OK && i < json_array_size(list); i++)
		r = add_json(s, json_array_get(list, i));
	return r;
}

static int find_missing(struct serials *s, const json_t *j, unsigned depth)
{
	const char *name;
	const json_t *v;
	size_t i;
	int r = SL_OK;

	if (depth > DEPTH_MAX)
		return SL_E_LIMIT;
	if (json_is_array(j)) {
		json_array_foreach(j, i, v)
		{
			r = find_missing(s, v, depth + 1);
			if (r != SL_OK)
				return r;
		}
	}
	json_object_foreach((json_t *)(uintptr_t)j, name, v)
	{
		r = strcmp(name, "missing") == 0 && json_is_array(v)
			    ? serials_from_json(s, v)
			    : find_missing(s, v, depth + 1);
		if (r != SL_OK)
			return r;
	}
	return r;
}

static int read_json(struct serials *s, const void *bytes, size_t len, struct sl_why *why)
{
	json_t *j = NULL;
	int r = json_parse(bytes, len, SERIALS_TEXT_MAX, &j);

	if (r == SL_OK)
		r = json_is_array(j) ? serials_from_json(s, j) : find_missing(s, j, 0);
	json_decref(j);
	return r == SL_OK ? r : why_set(why, r, _("the list of serials is no good JSON"));
}

static int read_words(struct serials *s, const char *text, size_t len, struct sl_why *why)
{
	size_t at = 0;
	int r = SL_OK;

	while (r == SL_OK && at < len) {
		size_t word = 0;

		while (at + word < len && strchr(between, text[at + word]) == NULL)
			word++;
		if (word > 0)
			r = serials_add_text(s, text + at, word);
		if (r != SL_OK)
			return why_set(why, r, _("\"%.*s\" is no serial such as 7 or 9-12"),
				       word > 40 ? 40 : (int)word, text + at);
		at += word + 1;
	}
	return r;
}

int serials_read(struct serials *s, const void *bytes, size_t len, struct sl_why *why)
{
	const char *text = bytes;
	size_t blank = 0;
	int r;

	if (len > SERIALS_TEXT_MAX)
		return why_set(why, SL_E_LIMIT, _("the list of serials is too long"));
	while (blank < len && strchr(" \t\r\n", text[blank]) != NULL && text[blank] != '\0')
		blank++;
	r = blank < len && (text[blank] == '{' || text[blank] == '[')
		    ? read_json(s, bytes, len, why)
		    : read_words(s, text, len, why);
	if (r == SL_OK && s->n == 0)
		r = why_set(why, SL_E_NOTFOUND, _("it names no missing unit"));
	return r;
}

json_t *serials_json(const struct serials *s)
{
	json_t *all = json_array();

	for (size_t i = 0; all != NULL && i < s->n; i++) {
		json_t *one = json_pack("[I,I]", (json_int_t)s->range[i].from,
					(json_int_t)s->range[i].to);

		if (one == NULL || json_array_append_new(all, one) != 0) {
			json_decref(all);
			all = NULL;
		}
	}
	return all;
}
