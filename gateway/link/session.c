/* session.c - one small durable file, and a counter. */
#include "link/session.h"

#include "base/file.h"
#include "base/json.h"
#include "link/datagram.h"

enum { SESSION_FILE_MAX = 256 };

/* 0 when there is none. */
static int last_session(struct session *s, int64_t *ret_last)
{
	json_t *j = NULL;
	struct buf b;
	int r;

	*ret_last = 0;
	buf_init(&b, SESSION_FILE_MAX);
	r = file_read(s->dir, SESSION_FILE, SESSION_FILE_MAX, &b);
	if (r == SL_OK) {
		s->damaged = json_parse(b.data, b.len, SESSION_FILE_MAX, &j) != SL_OK ||
			     !json_i64(j, "session", ret_last) || *ret_last < 1 ||
			     *ret_last > UINT32_MAX;
		if (s->damaged)
			*ret_last = 0;
	} else if (r == SL_E_NOTFOUND) {
		r = SL_OK;
	}
	json_decref(j);
	buf_release(&b);
	return r;
}

static int write_down(const struct session *s, uint32_t session)
{
	json_t *j = json_pack("{s:I}", "session", (json_int_t)session);
	struct buf b;
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, SESSION_FILE_MAX);
	if (r == SL_OK)
		r = json_compact(j, &b);
	if (r == SL_OK)
		r = file_write_durable(s->dir, SESSION_FILE, b.data, b.len, 0600);
	buf_release(&b);
	json_decref(j);
	return r;
}

static int begin_after(struct session *s, int64_t last, int64_t now)
{
	int64_t next = now - DATAGRAM_EPOCH;
	int r;

	if (next <= last)
		next = last + 1;
	if (next > UINT32_MAX)
		return SL_E_LIMIT;
	r = write_down(s, (uint32_t)next);
	if (r != SL_OK)
		return r;
	s->session = (uint32_t)next;
	s->number = 0;
	return SL_OK;
}

int session_begin(struct session *s, int dir, int64_t now)
{
	int64_t last;
	int r;

	*s = (struct session){.dir = dir};
	r = last_session(s, &last);
	return r == SL_OK ? begin_after(s, last, now) : r;
}

int session_next(struct session *s, int64_t now, uint32_t *ret_session, uint32_t *ret_number)
{
	BUG(s->session == 0);
	if (s->number == UINT32_MAX - 1) {
		int r = begin_after(s, s->session, now);

		if (r != SL_OK)
			return r;
	}
	s->number++;
	*ret_session = s->session;
	*ret_number = s->number;
	return SL_OK;
}
