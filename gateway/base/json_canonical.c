/* json_canonical.c - the one spelling of a value that is signed, and the check that it may be.
 *
 * Hostile: the value.  Every file of metadata, every page and every envelope is written this
 * way to see whether it was spelled so, several times in each release; jansson's own writer
 * is general and takes most of that time.  Parsed in canonical form, names come in order. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define JSON_INT_MAX ((json_int_t)9007199254740991) /* 2^53 - 1 */

enum { FEW = 16, DIGITS_MAX = 24 };

struct member {
	const char *name;
	const json_t *value;
};

static int put_value(const json_t *j, int depth, struct buf *out);

static int put_name(const char *s, struct buf *out)
{
	size_t len = 0;

	for (; s[len] != '\0'; len++) {
		unsigned char c = (unsigned char)s[len];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			return SL_E_FORMAT;
	}
	buf_put(out, "\"", 1);
	buf_put(out, s, len);
	buf_put(out, "\":", 2);
	return SL_OK;
}

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int put_members(const struct member *m, size_t n, int depth, struct buf *out)
{
	int r = SL_OK;

	buf_put(out, "{", 1);
	for (size_t i = 0; i < n && r == SL_OK; i++) {
		if (i > 0)
			buf_put(out, ",", 1);
		r = put_name(m[i].name, out);
		if (r == SL_OK)
			r = put_value(m[i].value, depth, out);
	}
	buf_put(out, "}", 1);
	return r;
}

static int put_object(const json_t *j, int depth, struct buf *out)
{
	struct member few[FEW], *m = few;
	size_t n = json_object_size(j), i = 0;
	bool sorted = true;
	const char *name;
	json_t *v;
	int r;

	if (n > FEW)
		m = calloc(n, sizeof(*m));
	if (m == NULL)
		return SL_E_NOMEM;
	json_object_foreach((json_t *)(uintptr_t)j, name, v)
	{
		m[i] = (struct member){name, v};
		sorted = sorted && (i == 0 || strcmp(m[i - 1].name, name) < 0);
		i++;
	}
	if (!sorted)
		qsort(m, n, sizeof(*m), by_name);
	r = put_members(m, n, depth, out);
	if (m != few)
		free(m);
	return r;
}

static int put_array(const json_t *j, int depth, struct buf *out)
{
	int r = SL_OK;
	size_t i;
	json_t *v;

	buf_put(out, "[", 1);
	json_array_foreach(j, i, v)
	{
		if (i > 0)
			buf_put(out, ",", 1);
		r = put_value(v, depth, out);
		if (r != SL_OK)
			return r;
	}
	buf_put(out, "]", 1);
	return SL_OK;
}

static int put_string(const char *s, size_t len, struct buf *out)
{
	size_t from = 0;

	if (!text_is_utf8(s, len))
		return SL_E_FORMAT;
	buf_put(out, "\"", 1);
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return SL_E_FORMAT;
		if (s[i] != '"' && s[i] != '\\')
			continue;
		buf_put(out, s + from, i - from);
		buf_put(out, "\\", 1);
		from = i;
	}
	buf_put(out, s + from, len - from);
	buf_put(out, "\"", 1);
	return SL_OK;
}

static int put_integer(json_int_t v, struct buf *out)
{
	char digits[DIGITS_MAX];
	int n;

	if (v > JSON_INT_MAX || v < -JSON_INT_MAX)
		return SL_E_FORMAT;
	n = snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, v);
	buf_put(out, digits, (size_t)n);
	return SL_OK;
}

static int put_value(const json_t *j, int depth, struct buf *out)
{
	if (depth > JSON_DEPTH_MAX)
		return SL_E_LIMIT;
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return put_object(j, depth + 1, out);
	case JSON_ARRAY:
		return put_array(j, depth + 1, out);
	case JSON_STRING:
		return put_string(json_string_value(j), json_string_length(j), out);
	case JSON_INTEGER:
		return put_integer(json_integer_value(j), out);
	case JSON_TRUE:
		buf_put(out, "true", 4);
		return SL_OK;
	case JSON_FALSE:
		buf_put(out, "false", 5);
		return SL_OK;
	default: /* reals and null */
		return SL_E_FORMAT;
	}
}

int json_canonical(const json_t *j, struct buf *out)
{
	size_t start = out->len;
	int r = put_value(j, 1, out);

	if (r == SL_OK)
		r = buf_error(out);
	if (r != SL_OK)
		buf_cut(out, start);
	return r;
}
