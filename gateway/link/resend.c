/* resend.c - requests as files, taken in the order of their names. */
#include "link/resend.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { REQUEST_MAX = 4 << 20, REQUESTS_MAX = 1024, TRIES = 100 };

int resend_ask(int dir, bool all, const struct serials *s)
{
	json_t *list = all ? json_array() : serials_json(s);
	json_t *j = json_pack("{s:b,s:o}", "all", all, "serials", list);
	struct buf b;
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, REQUEST_MAX);
	if (r == SL_OK)
		r = json_compact(j, &b);
	for (unsigned i = 0; r == SL_OK && i < TRIES; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%020lld-%02u.json",
			       (long long)clock_now_ms(), i);
		/* The directory keeps others out; whoever asks may be another user. */
		r = file_create_durable(dir, name, b.data, b.len, 0644);
		if (r != SL_E_EXISTS)
			break;
		r = i + 1 < TRIES ? SL_OK : SL_E_EXISTS;
	}
	buf_release(&b);
	json_decref(j);
	return r;
}

int resend_parse(const void *bytes, size_t len, bool *ret_all, struct serials *ret_s)
{
	static const char *const names[] = {"all", "serials", NULL}, *const none[] = {NULL};
	struct serials s = {.n = 0};
	json_t *j = NULL;
	int r = json_parse(bytes, len, REQUEST_MAX, &j);

	if (r == SL_OK && (!json_has_only(j, names, none) || !json_bool(j, "all", ret_all)))
		r = SL_E_FORMAT;
	if (r == SL_OK)
		r = serials_from_json(&s, json_object_get(j, "serials"));
	json_decref(j);
	if (r == SL_OK)
		*ret_s = s;
	else
		serials_release(&s);
	return r;
}

struct taking {
	int dir;
	int (*apply)(void *arg, bool all, const struct serials *s);
	void *arg;
	unsigned bad;
};

static int take_one(const char *name, void *arg)
{
	struct taking *t = arg;
	struct serials s = {.n = 0};
	bool all = false;
	struct buf b;
	int r;

	buf_init(&b, REQUEST_MAX);
	r = file_read(t->dir, name, REQUEST_MAX, &b);
	if (r == SL_OK)
		r = resend_parse(b.data, b.len, &all, &s);
	if (r == SL_OK) {
		r = t->apply(t->arg, all, &s);
	} else if (r != SL_E_NOMEM) {
		t->bad++;
		r = SL_OK;
	}
	if (r == SL_OK && unlinkat(t->dir, name, 0) != 0)
		r = sl_err_errno(errno);
	serials_release(&s);
	buf_release(&b);
	return r;
}

int resend_take(int dir, int (*apply)(void *arg, bool all, const struct serials *s), void *arg,
		unsigned *ret_bad)
{
	struct taking t = {.dir = dir, .apply = apply, .arg = arg};
	int r = file_each(dir, REQUESTS_MAX, take_one, &t);

	*ret_bad = t.bad;
	return r;
}
