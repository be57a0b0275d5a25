/* pull_state.c - the platform's place in the feed.
 *
 * Invariant: the file on disk is always one that pull_state_save wrote whole;
 * the serial never passes an entry that was refused. */
#include "outlet/pull_state.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

enum { STATE_MAX = 1 << 20 };
#define STATE_FILE "pull.json"

static json_t *entry_json(const struct feed_channels *t, const struct feed_entry *e)
{
	return json_pack("{s:o,s:s,s:I,s:s,s:s,s:I,s:I,s:I}", "channels",
			 feed_channels_entry_json(t, &e->numbers, NULL), "id", e->id, "kind",
			 (json_int_t)e->kind, "manifest_sha256", e->manifest_sha256, "notice",
			 e->notice, "serial", (json_int_t)e->serial, "status",
			 (json_int_t)e->status, "version", (json_int_t)e->version);
}

static bool entry_read(const json_t *j, struct feed_channels *t, struct feed_entry *e)
{
	const char *id = json_str(j, "id"), *sha256 = json_str(j, "manifest_sha256"),
		   *notice = json_str(j, "notice");
	int64_t kind, status;

	if (id == NULL || sha256 == NULL || notice == NULL || !json_i64(j, "kind", &kind) ||
	    !json_i64(j, "status", &status) || !json_i64(j, "serial", &e->serial) ||
	    !json_i64(j, "version", &e->version) || strlen(id) >= sizeof(e->id) ||
	    !text_is_sha256(sha256) || strlen(notice) >= sizeof(e->notice) ||
	    feed_channels_entry_read(json_obj(j, "channels"), t, &e->numbers) != SL_OK)
		return false;
	(void)snprintf(e->id, sizeof(e->id), "%s", id);
	(void)snprintf(e->manifest_sha256, sizeof(e->manifest_sha256), "%s", sha256);
	(void)snprintf(e->notice, sizeof(e->notice), "%s", notice);
	e->kind = kind == FEED_NOTICE ? FEED_NOTICE : FEED_RELEASE;
	e->status = FEED_USABLE; /* nothing else ever waits */
	return kind >= FEED_RELEASE && kind <= FEED_NOTICE && status == FEED_USABLE;
}

static int parse(const json_t *j, struct pull_state *s)
{
	const char *digest = json_str(j, "digest");
	const json_t *waiting = json_arr(j, "waiting");

	if (digest == NULL || waiting == NULL || !json_i64(j, "serial", &s->at.serial) ||
	    s->at.serial < 0 || (s->at.serial > 0 && !text_is_sha256(digest)) ||
	    feed_channels_read(json_object_get(j, "next"), &s->at.channels) != SL_OK ||
	    json_array_size(waiting) > PULL_STATE_WAITING_MAX)
		return SL_E_CORRUPT;
	(void)snprintf(s->at.digest, sizeof(s->at.digest), "%s", digest);
	for (size_t i = 0; i < json_array_size(waiting); i++) {
		if (!entry_read(json_array_get(waiting, i), &s->at.channels,
				&s->waiting[s->n_waiting++]))
			return SL_E_CORRUPT;
	}
	return SL_OK;
}

int pull_state_load(int state_fd, struct pull_state *ret_s)
{
	json_t *j = NULL;
	struct buf b;
	int r;

	memset(ret_s, 0, sizeof(*ret_s));
	buf_init(&b, STATE_MAX);
	r = file_read(state_fd, STATE_FILE, STATE_MAX, &b);
	if (r == SL_E_NOTFOUND) {
		r = SL_OK;
	} else if (r == SL_OK) {
		r = json_parse(b.data, b.len, STATE_MAX, &j);
		r = r != SL_OK ? SL_E_CORRUPT : parse(j, ret_s);
	}
	json_decref(j);
	buf_release(&b);
	return r;
}

int pull_state_save(int state_fd, struct pull_state *s)
{
	json_t *waiting, *j = NULL;
	struct buf b;
	int r = SL_OK;

	if (!s->dirty)
		return SL_OK;
	waiting = json_array();
	buf_init(&b, STATE_MAX);
	for (unsigned i = 0; r == SL_OK && i < s->n_waiting; i++) {
		if (json_array_append_new(waiting,
					  entry_json(&s->at.channels, &s->waiting[i])) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK) {
		j = json_pack("{s:s,s:o,s:I,s:O}", "digest", s->at.digest, "next",
			      feed_channels_json(&s->at.channels), "serial",
			      (json_int_t)s->at.serial, "waiting", waiting);
		r = j == NULL ? SL_E_NOMEM : json_compact(j, &b);
	}
	if (r == SL_OK)
		r = file_write_durable(state_fd, STATE_FILE, b.data, b.len, 0644);
	if (r == SL_OK)
		s->dirty = false;
	json_decref(waiting);
	json_decref(j);
	buf_release(&b);
	return r;
}

void pull_state_pass(struct pull_state *s, const struct feed_entry *e)
{
	BUG(pull_feed_pass(&s->at, e) != SL_OK);
	s->dirty = true;
}

int pull_state_wait(struct pull_state *s, const struct feed_entry *e)
{
	if (s->n_waiting == PULL_STATE_WAITING_MAX)
		return SL_E_LIMIT;
	s->waiting[s->n_waiting++] = *e;
	s->dirty = true;
	return SL_OK;
}

static void remove_at(struct pull_state *s, unsigned i)
{
	memmove(&s->waiting[i], &s->waiting[i + 1],
		(s->n_waiting - i - 1) * sizeof(s->waiting[0]));
	s->n_waiting--;
	s->dirty = true;
}

void pull_state_done(struct pull_state *s, int64_t serial)
{
	for (unsigned i = 0; i < s->n_waiting; i++) {
		if (s->waiting[i].serial == serial) {
			remove_at(s, i);
			return;
		}
	}
}

void pull_state_forget(struct pull_state *s, const char *id, int64_t before_serial)
{
	for (unsigned i = s->n_waiting; i-- > 0;) {
		if (strcmp(s->waiting[i].id, id) == 0 && s->waiting[i].serial < before_serial)
			remove_at(s, i);
	}
}
