/* av_database.c - what libclamav would load, described and dated before it does. */
#include "inspect/av_database.h"

#include <clamav.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"

enum { FILES_MAX = 4096, SIGNATURES_MAX = 64 << 20, DAY = 86400 };

struct survey {
	const char *dir;
	struct av_database db;
	struct hash *undated;  /* over names and contents of undated signature files */
	unsigned n_dated, n_undated;
};

static bool ends_in(const char *name, const char *const *suffixes)
{
	const char *dot = strrchr(name, '.');

	for (; dot != NULL && *suffixes != NULL; suffixes++) {
		if (strcmp(dot, *suffixes) == 0)
			return true;
	}
	return false;
}

static int look_dated(struct survey *s, const char *path, const char *name)
{
	struct cl_cvd *head = cl_cvdhead(path);
	size_t used = strlen(s->db.identity);

	if (head == NULL)
		return SL_OK; /* libclamav will not load it either; then nothing dated is there */
	s->n_dated++;
	if ((int64_t)head->stime > s->db.made)
		s->db.made = (int64_t)head->stime;
	(void)snprintf(s->db.identity + used, sizeof(s->db.identity) - used, "%s%.*s %u", used > 0 ? "/" : "",
		       (int)strcspn(name, "."), name, head->version);
	cl_cvdfree(head);
	return SL_OK;
}

static int look_undated(struct survey *s, const char *path, const char *name)
{
	struct buf b;
	int r;

	buf_init(&b, SIGNATURES_MAX);
	r = file_read(AT_FDCWD, path, SIGNATURES_MAX, &b);
	if (r == SL_OK) {
		hash_update(s->undated, name, strlen(name) + 1);
		hash_update(s->undated, buf_str(&b), b.len);
		s->n_undated++;
	}
	buf_release(&b);
	return r;
}

static int look(const char *name, void *arg)
{
	static const char *const dated[] = {".cvd", ".cld", NULL};
	static const char *const undated[] = {".hdb", ".hsb", ".ndb", ".ldb", ".mdb", ".yar", NULL};
	struct survey *s = arg;
	char path[4096];
	int r = file_join(path, sizeof(path), s->dir, name);

	if (r == SL_OK && ends_in(name, dated))
		return look_dated(s, path, name);
	if (r == SL_OK && ends_in(name, undated))
		return look_undated(s, path, name);
	return r;
}

static int judge(struct survey *s, uint32_t max_age_days, bool demo, struct sl_why *why)
{
	int64_t age = (clock_now() - s->db.made) / DAY;
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1], when[CLOCK_TEXT + 1];

	if (s->n_dated == 0 && !(demo && s->n_undated > 0))
		return why_set(why, SL_E_NOTFOUND,
			       "there is no antivirus signature database in %s; run freshclam", s->dir);
	if (s->n_dated == 0) {
		hash_final(s->undated, digest);
		hash_hex(digest, sizeof(digest), hex);
		(void)snprintf(s->db.identity, sizeof(s->db.identity), "demo signatures %.16s", hex);
		return SL_OK;
	}
	if (age > (int64_t)max_age_days && !demo)
		return why_set(why, SL_E_EXPIRED,
			       "the antivirus signature database in %s is %lld days old, %u are allowed; "
			       "run freshclam",
			       s->dir, (long long)age, max_age_days);
	clock_format(s->db.made, when);
	size_t used = strlen(s->db.identity);
	(void)snprintf(s->db.identity + used, sizeof(s->db.identity) - used, " %.10s", when);
	return SL_OK;
}

int av_database_check(const char *dir, uint32_t max_age_days, bool demo, struct av_database *ret_d,
		      struct sl_why *why)
{
	struct survey s = {.dir = dir};
	int fd = file_open_dir(AT_FDCWD, dir);
	int r;

	if (fd < 0)
		return why_set(why, SL_E_NOTFOUND, "there is no antivirus signature database: %s: %s", dir,
			       sl_strerror(fd));
	r = hash_new(&s.undated);
	if (r == SL_OK)
		r = file_each(fd, FILES_MAX, look, &s);
	if (r == SL_OK)
		r = judge(&s, max_age_days, demo, why);
	if (r == SL_OK)
		*ret_d = s.db;
	hash_free(s.undated);
	file_close(fd);
	return r;
}
