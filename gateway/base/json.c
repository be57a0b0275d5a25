/* json.c - jansson behind a strict door.  Every byte given here may be hostile. */
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { PARSE_DEPTH_MAX = 64, PRINT_MAX = 512 << 20 };

/* jansson's own depth limit is 2048; refuse long before its recursion matters. */
static int check_nesting(const char *s, size_t len)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			if (++depth > PARSE_DEPTH_MAX)
				return SL_E_LIMIT;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return SL_OK;
}

int json_parse(const void *bytes, size_t len, size_t max, json_t **ret_j)
{
	json_error_t why;
	json_t *j;
	int r;

	if (len > max)
		return SL_E_LIMIT;
	if (bytes == NULL || len == 0)
		return SL_E_FORMAT;
	r = check_nesting(bytes, len);
	if (r != SL_OK)
		return r;
	j = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why);
	if (j == NULL)
		return json_error_code(&why) == json_error_out_of_memory ? SL_E_NOMEM
									 : SL_E_FORMAT;
	*ret_j = j;
	return SL_OK;
}

int json_parse_signed(const void *bytes, size_t len, json_t **ret_j)
{
	struct buf again;
	json_t *j = NULL;
	int r;

	buf_init(&again, JSON_SIGNED_MAX);
	r = json_parse(bytes, len, JSON_SIGNED_MAX, &j);
	if (r != SL_OK)
		goto out;
	r = json_canonical(j, &again);
	if (r != SL_OK)
		goto out;
	if (again.len != len || memcmp(again.data, bytes, len) != 0) {
		r = SL_E_FORMAT;
		goto out;
	}
	*ret_j = j;
	j = NULL; /* moved */
out:
	json_decref(j);
	buf_release(&again);
	return r;
}

static int dump_to_buf(const char *bytes, size_t len, void *cookie)
{
	struct buf *out = cookie;

	buf_put(out, bytes, len);
	return buf_error(out) == SL_OK ? 0 : -1;
}

int json_compact(const json_t *j, struct buf *out)
{
	if (json_dump_callback(j, dump_to_buf, out,
			       JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) != 0)
		return buf_error(out) != SL_OK ? buf_error(out) : SL_E_NOMEM;
	return buf_error(out);
}

int json_print(const json_t *j)
{
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, PRINT_MAX);
	if (j != NULL)
		r = json_compact(j, &b);
	if (r == SL_OK && puts(buf_str(&b)) < 0)
		r = SL_E_IO;
	buf_release(&b);
	return r;
}

int json_print_take(json_t *j)
{
	int r = json_print(j);

	json_decref(j);
	return r;
}

const char *json_str(const json_t *obj, const char *name)
{
	return json_string_value(json_object_get(obj, name));
}

bool json_i64(const json_t *obj, const char *name, int64_t *ret_v)
{
	const json_t *v = json_object_get(obj, name);

	if (!json_is_integer(v))
		return false;
	*ret_v = json_integer_value(v);
	return true;
}

bool json_time(const json_t *obj, const char *name, int64_t *ret_t)
{
	const char *text = json_str(obj, name);

	return text != NULL && clock_parse(text, strlen(text), ret_t);
}

const json_t *json_arr(const json_t *obj, const char *name)
{
	const json_t *v = json_object_get(obj, name);

	return json_is_array(v) ? v : NULL;
}

const json_t *json_obj(const json_t *obj, const char *name)
{
	const json_t *v = json_object_get(obj, name);

	return json_is_object(v) ? v : NULL;
}

bool json_bool(const json_t *obj, const char *name, bool *ret_v)
{
	const json_t *v = json_object_get(obj, name);

	if (!json_is_boolean(v))
		return false;
	*ret_v = json_is_true(v);
	return true;
}

bool json_has_only(const json_t *obj, const char *const *required, const char *const *optional)
{
	size_t known = 0;

	for (size_t i = 0; required[i] != NULL; i++) {
		if (json_object_get(obj, required[i]) == NULL)
			return false;
		known++;
	}
	for (size_t i = 0; optional != NULL && optional[i] != NULL; i++) {
		if (json_object_get(obj, optional[i]) != NULL)
			known++;
	}
	return json_object_size(obj) == known;
}
