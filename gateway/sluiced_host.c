/* sluiced_host.c - where our programs are, how old the virus signatures are, and whether
 * LibreOffice is there.
 *
 * Signature files come from outside, so their headers are read as untrusted
 * text; the engine itself verifies their signatures when the av filter loads them. */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "inspect/office/office_kit.h"

enum { HEADER_MAX = 512, DATABASES_MAX = 1000, DAY = 86400 };
static const char HEADER_MAGIC[] = "ClamAV-VDB:";

/* Field number n (0 = first) of a colon-separated header. */
static size_t header_field(const char *bytes, size_t len, unsigned n, const char **ret_field)
{
	size_t at = 0, end;

	for (; n > 0; n--) {
		while (at < len && bytes[at] != ':')
			at++;
		if (at == len)
			return 0;
		at++;
	}
	for (end = at;
	     end < len && bytes[end] != ':' && bytes[end] != '\n' && bytes[end] != ' ';)
		end++;
	*ret_field = bytes + at;
	return end - at;
}

/* "16 Sep 2016 09-40 -0400": the minute and the zone do not matter for an age in days. */
static bool header_date(const char *bytes, size_t len, int64_t *ret_built)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[32], name[4];
	const char *month;
	int day, year;

	if (len < sizeof(HEADER_MAGIC) + 11)
		return false;
	(void)snprintf(text, sizeof(text), "%.24s", bytes + sizeof(HEADER_MAGIC) - 1);
	if (sscanf(text, "%2d %3s %4d", &day, name, &year) != 3)
		return false;
	month = strstr(months, name);
	if (month == NULL || (month - months) % 3 != 0 ||
	    !clock_date_exists(year, (int)(month - months) / 3 + 1, day))
		return false;
	*ret_built = clock_days(year, (int)(month - months) / 3 + 1, day) * DAY;
	return true;
}

int sluiced_host_cvd_header(const char *bytes, size_t len, int64_t *ret_built,
			    char ret_version[32])
{
	const char *field;
	uint64_t seconds = 0;
	size_t n;

	if (len > HEADER_MAX)
		len = HEADER_MAX;
	if (len < sizeof(HEADER_MAGIC) - 1 ||
	    memcmp(bytes, HEADER_MAGIC, sizeof(HEADER_MAGIC) - 1) != 0)
		return SL_E_FORMAT;
	/* Name, date, version, signatures, level, digest, signature, builder, seconds. */
	n = header_field(bytes, len, 8, &field);
	if (n > 0 && text_to_u64(field, n, INT32_MAX * UINT64_C(4), &seconds) && seconds > 0)
		*ret_built = (int64_t)seconds;
	else if (!header_date(bytes, len, ret_built))
		return SL_E_FORMAT;
	n = header_field(bytes, len, 2, &field);
	(void)snprintf(ret_version, 32, "%.*s", (int)(n < 31 ? n : 31), n > 0 ? field : "");
	return SL_OK;
}

struct scan {
	int dir;
	struct sluiced_antivirus *found;
};

static bool has_end(const char *name, const char *const *ends)
{
	size_t len = strlen(name);

	for (; *ends != NULL; ends++) {
		size_t n = strlen(*ends);

		if (len > n && strcmp(name + len - n, *ends) == 0)
			return true;
	}
	return false;
}

static int look_at_file(const char *name, void *arg)
{
	static const char *const containers[] = {".cvd", ".cld", ".cud", NULL};
	static const char *const plain[] = {".ndb", ".ndu", ".hdb", ".hsb", ".ldb", ".ldu",
					    ".mdb", ".msb", ".db",  ".cdb", ".yar", NULL};
	struct scan *s = arg;
	char head[HEADER_MAX], version[32];
	int64_t built = 0;
	ssize_t n;
	int fd;

	if (has_end(name, plain))
		s->found->databases++;
	if (!has_end(name, containers))
		return SL_OK;
	s->found->databases++;
	fd = openat(s->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return SL_OK;
	n = read(fd, head, sizeof(head));
	file_close(fd);
	if (n <= 0 || sluiced_host_cvd_header(head, (size_t)n, &built, version) != SL_OK)
		return SL_OK;
	s->found->dated++;
	if (built > s->found->newest) {
		s->found->newest = built;
		(void)text_safe(version, strlen(version), s->found->version,
				sizeof(s->found->version));
	}
	return SL_OK;
}

int sluiced_host_antivirus(const char *dir, struct sluiced_antivirus *ret_a, struct sl_why *why)
{
	struct sluiced_antivirus found = {.version = ""};
	struct scan s = {.found = &found};
	int r;

	s.dir = file_open_dir(AT_FDCWD, dir);
	if (s.dir < 0)
		return why_set(why, s.dir, "%s: %s", dir, sl_strerror(s.dir));
	r = file_each(s.dir, DATABASES_MAX, look_at_file, &s);
	file_close(s.dir);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", dir, sl_strerror(r));
	if (found.dated > 0)
		found.age_days = (clock_now() - found.newest) / DAY;
	*ret_a = found;
	return SL_OK;
}

int sluiced_host_antivirus_dir(const struct gateway_config *c, char out[SLOT_PATH])
{
	return slot_or(c->data, "antivirus", c->antivirus.database, out);
}

int sluiced_host_antivirus_fit(const struct gateway_config *c, const char *dir,
			       struct sl_why *why)
{
	struct sluiced_antivirus a;
	char in_force[SLOT_PATH];
	int r = SL_OK;

	if (dir == NULL) {
		r = sluiced_host_antivirus_dir(c, in_force);
		dir = in_force;
	}
	if (r == SL_OK)
		r = sluiced_host_antivirus(dir, &a, why);
	if (r != SL_OK)
		return r;
	if (a.databases == 0)
		return why_set(why, SL_E_NOTFOUND, "there are no virus signatures in %s", dir);
	if (a.dated == 0 && !c->antivirus.demo)
		return why_set(why, SL_E_EXPIRED,
			       "the virus signatures in %s carry no date, so nobody can tell "
			       "their age",
			       dir);
	if (a.dated > 0 && a.age_days > (int64_t)c->antivirus.max_age_days)
		return why_set(why, SL_E_EXPIRED,
			       "the virus signatures in %s are %lld days old, allowed are %u",
			       dir, (long long)a.age_days, c->antivirus.max_age_days);
	return SL_OK;
}

bool sluiced_host_office(const struct gateway_config *c)
{
	char path[SLUICED_PATH];

	return file_join(path, sizeof(path), c->office != NULL ? c->office : OFFICE_KIT_DIR,
			 OFFICE_KIT_LIBRARY) == SL_OK &&
	       access(path, R_OK) == 0;
}
