/* database.c - dates from the signed headers of daily and main, digests of the undated. */
#include "inspect/av/database.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <clamav.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"

enum { FILES_MAX = 1000, SIGNATURES_MAX = 16 << 20, DAY = 86400 };

struct header {
	unsigned version;
	int64_t time;
};

/* FILE.cvd or FILE.cld, whichever is newer. */
static bool read_header(const char *dir, const char *name, struct header *ret_h)
{
	static const char *const suffixes[] = {"cvd", "cld"};
	bool found = false;

	for (unsigned i = 0; i < 2; i++) {
		char path[4096];
		struct cl_cvd *head;

		if (snprintf(path, sizeof(path), "%s/%s.%s", dir, name, suffixes[i]) >=
			    (int)sizeof(path) ||
		    !file_exists(AT_FDCWD, path))
			continue;
		head = cl_cvdhead(path);
		if (head == NULL)
			continue;
		if (!found || head->version > ret_h->version)
			*ret_h = (struct header){.version = head->version, .time = head->stime};
		found = true;
		cl_cvdfree(head);
	}
	return found;
}

struct digest {
	int dir;
	struct hash *hash;
};

static int add_file(const char *name, void *arg)
{
	struct digest *d = arg;
	struct buf b;
	int r;

	buf_init(&b, SIGNATURES_MAX);
	r = file_read(d->dir, name, SIGNATURES_MAX, &b);
	hash_update(d->hash, name, strlen(name) + 1);
	hash_update(d->hash, buf_str(&b), b.len);
	buf_release(&b);
	return r;
}

static int name_undated(const char *dir, char *ret_name, size_t cap)
{
	struct digest d = {.dir = file_open_dir(AT_FDCWD, dir)};
	uint8_t bytes[HASH_LEN];
	char hex[HASH_HEX + 1];
	int r = d.dir < 0 ? d.dir : hash_new(&d.hash);

	if (r == SL_OK)
		r = file_each(d.dir, FILES_MAX, add_file, &d);
	if (r == SL_OK) {
		hash_final(d.hash, bytes);
		text_hex(bytes, sizeof(bytes), hex);
		(void)snprintf(ret_name, cap, "demo signatures %s", hex);
	}
	hash_free(d.hash);
	file_close(d.dir);
	return r;
}

static int check_age(const struct database_options *o, const struct header *daily,
		     struct sl_why *why)
{
	char when[CLOCK_TEXT + 1];
	int64_t age = o->now - daily->time;

	if (daily->time <= 0 || daily->time > INT64_C(4102444800))
		return why_set(why, SL_E_CONFIG, "%s: daily signatures carry no sensible date",
			       o->dir);
	clock_format(daily->time, when);
	if (age < -DAY)
		return why_set(why, SL_E_CONFIG,
			       "%s: signatures are dated %s, in the future: check the clock",
			       o->dir, when);
	if (age / DAY > (int64_t)o->max_age_days)
		return why_set(why, SL_E_EXPIRED,
			       "%s: signatures of %s are older than %u days: import new ones",
			       o->dir, when, o->max_age_days);
	return SL_OK;
}

int database_check(const struct database_options *o, char *ret_name, size_t cap,
		   bool *ret_dated, struct sl_why *why)
{
	struct header daily = {0, 0}, main_db = {0, 0};
	char when[CLOCK_TEXT + 1];
	bool dated = read_header(o->dir, "daily", &daily);
	int r;

	(void)read_header(o->dir, "main", &main_db);
	*ret_dated = dated;
	if (!dated && !o->demo)
		return why_set(why, SL_E_NOTFOUND,
			       "%s: no daily.cvd or daily.cld: import signatures", o->dir);
	if (!dated) {
		r = name_undated(o->dir, ret_name, cap);
		return r == SL_OK ? SL_OK : why_set(why, r, "%s: %s", o->dir, sl_strerror(r));
	}
	r = o->demo ? SL_OK : check_age(o, &daily, why);
	if (r != SL_OK)
		return r;
	clock_format(daily.time > 0 ? daily.time : 0, when);
	(void)snprintf(ret_name, cap, "daily %u main %u %.10s", daily.version, main_db.version,
		       when);
	return SL_OK;
}
