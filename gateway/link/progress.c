/* progress.c - the gap-free count of units, kept in one small durable file. */
#include "link/progress.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"

enum { PROGRESS_FILE_MAX = 256 << 10 };

void progress_init(struct progress *p)
{
	p->next = 1;
	p->n_ahead = 0;
}

static int parse(const json_t *j, struct progress *p)
{
	const json_t *ahead = json_arr(j, "ahead");
	int64_t before;

	if (ahead == NULL || !json_i64(j, "next", &p->next) || p->next < 1 ||
	    json_array_size(ahead) > PROGRESS_AHEAD_MAX)
		return SL_E_CORRUPT;
	before = p->next;
	for (size_t i = 0; i < json_array_size(ahead); i++) {
		const json_t *v = json_array_get(ahead, i);

		if (!json_is_integer(v) || json_integer_value(v) <= before)
			return SL_E_CORRUPT;
		before = p->ahead[p->n_ahead++] = json_integer_value(v);
	}
	return SL_OK;
}

int progress_read(int state_fd, struct progress *ret_p)
{
	json_t *j = NULL;
	struct buf b;
	int r;

	progress_init(ret_p);
	buf_init(&b, PROGRESS_FILE_MAX);
	r = file_read(state_fd, PROGRESS_FILE, PROGRESS_FILE_MAX, &b);
	if (r == SL_E_NOTFOUND) {
		r = SL_OK;
	} else if (r == SL_OK) {
		r = json_parse(b.data, b.len, PROGRESS_FILE_MAX, &j);
		r = r != SL_OK ? SL_E_CORRUPT : parse(j, ret_p);
	}
	json_decref(j);
	buf_release(&b);
	return r;
}

int progress_write(int state_fd, const struct progress *p)
{
	json_t *ahead = json_array(), *j = NULL;
	struct buf b;
	int r = SL_OK;

	buf_init(&b, PROGRESS_FILE_MAX);
	for (unsigned i = 0; r == SL_OK && i < p->n_ahead; i++) {
		if (json_array_append_new(ahead, json_integer(p->ahead[i])) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK) {
		j = json_pack("{s:O,s:I}", "ahead", ahead, "next", (json_int_t)p->next);
		r = j == NULL ? SL_E_NOMEM : json_compact(j, &b);
	}
	if (r == SL_OK)
		r = file_write_durable(state_fd, PROGRESS_FILE, b.data, b.len, 0644);
	json_decref(ahead);
	json_decref(j);
	buf_release(&b);
	return r;
}

bool progress_done(const struct progress *p, int64_t serial)
{
	unsigned from = 0, to = p->n_ahead;

	if (serial < p->next)
		return true;
	while (from < to) {
		unsigned middle = from + (to - from) / 2;

		if (p->ahead[middle] == serial)
			return true;
		if (p->ahead[middle] < serial)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

int progress_add(struct progress *p, int64_t serial)
{
	unsigned at = 0;

	if (progress_done(p, serial))
		return SL_OK;
	if (serial != p->next) {
		if (p->n_ahead == PROGRESS_AHEAD_MAX)
			return SL_E_LIMIT;
		while (at < p->n_ahead && p->ahead[at] < serial)
			at++;
		memmove(&p->ahead[at + 1], &p->ahead[at],
			(p->n_ahead - at) * sizeof(p->ahead[0]));
		p->ahead[at] = serial;
		p->n_ahead++;
		return SL_OK;
	}
	p->next++;
	while (at < p->n_ahead && p->ahead[at] == p->next) {
		p->next++;
		at++;
	}
	memmove(&p->ahead[0], &p->ahead[at], (p->n_ahead - at) * sizeof(p->ahead[0]));
	p->n_ahead -= at;
	return SL_OK;
}
