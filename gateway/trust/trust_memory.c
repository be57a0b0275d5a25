/* trust_memory.c - a small file that only grows. */
#include "trust/trust_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"

enum { MEMORY_MAX = 1 << 20, KEY_SIZE = 128 };

struct trust_memory {
	char path[4096];
	int lock;
	json_t *j;
	bool changed;
};

static json_t *empty(const char *root_sha256)
{
	return json_pack("{s:{},s:{},s:s}", "newest", "revoked", "root_sha256", root_sha256);
}

static bool sound(const json_t *j)
{
	static const char *const names[] = {"newest", "revoked", "root_sha256", NULL};

	return json_has_only(j, names, NULL) && json_obj(j, "newest") != NULL &&
	       json_obj(j, "revoked") != NULL && json_str(j, "root_sha256") != NULL;
}

static int read_memory(struct trust_memory *m, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, MEMORY_MAX);
	r = file_read(AT_FDCWD, m->path, MEMORY_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, MEMORY_MAX, &m->j);
	buf_release(&b);
	if (r == SL_E_NOTFOUND) {
		m->j = empty("");
		return m->j == NULL ? SL_E_NOMEM : SL_OK;
	}
	if (r == SL_OK && !sound(m->j))
		r = SL_E_FORMAT;
	return r == SL_OK ? r
			  : why_set(why, SL_E_CORRUPT,
				    _("%s is damaged: it holds what this machine knows of "
				      "versions; have somebody look, then remove it"),
				    m->path);
}

int trust_memory_open(const struct client_config *config, struct trust_memory **ret_m,
		      struct sl_why *why)
{
	struct trust_memory *m = calloc(1, sizeof(*m));
	char dir[3500], lock[4096];
	int r = m == NULL ? SL_E_NOMEM : config_cache_dir(config, dir, sizeof(dir));

	if (m == NULL)
		return r;
	m->lock = -1;
	(void)snprintf(m->path, sizeof(m->path), "%s/trust.json", dir);
	(void)snprintf(lock, sizeof(lock), "%s/trust.lock", dir);
	if (r == SL_OK) {
		m->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (m->lock < 0 || flock(m->lock, LOCK_EX) != 0)
			r = why_set(why, sl_err_errno(errno), "%s: %s", lock, strerror(errno));
	}
	if (r == SL_OK)
		r = read_memory(m, why);
	if (r != SL_OK) {
		trust_memory_close(m);
		return r;
	}
	*ret_m = m;
	return SL_OK;
}

void trust_memory_close(struct trust_memory *m)
{
	if (m == NULL)
		return;
	json_decref(m->j);
	file_close(m->lock);
	free(m);
}

int trust_memory_root(struct trust_memory *m, const char *root_sha256)
{
	const char *was = json_str(m->j, "root_sha256");

	if (was != NULL && strcmp(was, root_sha256) == 0)
		return SL_OK;
	json_decref(m->j);
	m->j = empty(root_sha256);
	m->changed = true;
	return m->j == NULL ? SL_E_NOMEM : SL_OK;
}

int64_t trust_memory_newest(const struct trust_memory *m, const char *what)
{
	int64_t version = 0;

	return json_i64(json_obj(m->j, "newest"), what, &version) ? version : 0;
}

int trust_memory_note(struct trust_memory *m, const char *what, int64_t version)
{
	if (version <= trust_memory_newest(m, what))
		return SL_OK;
	m->changed = true;
	return json_object_set_new(json_object_get(m->j, "newest"), what,
				   json_integer(version)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

int64_t trust_memory_revoked(const struct trust_memory *m, const char *rule, const char *hmac)
{
	char key[KEY_SIZE];
	int64_t time = 0;

	(void)snprintf(key, sizeof(key), "%s %s", rule, hmac);
	return json_time(json_obj(m->j, "revoked"), key, &time) ? time : 0;
}

int trust_memory_revoke(struct trust_memory *m, const char *rule, const char *hmac,
			int64_t time)
{
	char key[KEY_SIZE], when[CLOCK_TEXT + 1];

	if (time <= trust_memory_revoked(m, rule, hmac))
		return SL_OK;
	(void)snprintf(key, sizeof(key), "%s %s", rule, hmac);
	clock_format(time, when);
	m->changed = true;
	return json_object_set_new(json_object_get(m->j, "revoked"), key, json_string(when)) ==
			       0
		       ? SL_OK
		       : SL_E_NOMEM;
}

int trust_memory_save(struct trust_memory *m)
{
	struct buf b;
	int r;

	if (!m->changed)
		return SL_OK;
	buf_init(&b, MEMORY_MAX);
	r = json_canonical(m->j, &b);
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, m->path, b.data, b.len, 0600);
	buf_release(&b);
	m->changed = r != SL_OK;
	return r;
}
