/* site_path.c - decisions about a request that need no server.
 *
 * Hostile: the URL and the headers.  An allow-list of characters: the tree holds
 * only names of letters, digits, '.', '_' and '-' (unit_path_ok). */
#include "outlet/site_path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool char_ok(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool site_path_clean(const char *url, char out[SITE_PATH_MAX])
{
	size_t len;

	if (url[0] != '/')
		return false;
	url++;
	if (url[0] == '\0')
		url = "index.html";
	len = strlen(url);
	if (len >= SITE_PATH_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool first = i == 0 || url[i - 1] == '/';

		if (url[i] == '/' ? first || i + 1 == len : !char_ok(url[i]))
			return false;
		if (first && url[i] == '.')
			return false;
	}
	memcpy(out, url, len + 1);
	return true;
}

const char *site_path_type(const char *path)
{
	static const struct {
		const char *ext, *type;
	} types[] = {
		{".json", "application/json"},
		{".jsonl", "application/jsonl"},
		{".html", "text/html; charset=utf-8"},
		{".xml", "application/atom+xml; charset=utf-8"},
		{".txt", "text/plain; charset=utf-8"},
	};
	const char *dot = strrchr(path, '.');

	if (strncmp(path, "blobs/", 6) == 0 || dot == NULL)
		return "application/octet-stream";
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(dot, types[i].ext) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* "<64 hex>" or "<64 hex>.rest": the name says the content. */
static bool named_by_hash(const char *name, char hex[65])
{
	if (strlen(name) < 64 || (name[64] != '\0' && name[64] != '.'))
		return false;
	memcpy(hex, name, 64);
	hex[64] = '\0';
	return text_is_sha256(hex);
}

const char *site_path_cache(const char *path)
{
	const char *name = name_of(path);
	size_t digits = strspn(name, "0123456789");
	char hex[65];

	if (named_by_hash(name, hex) ||
	    (strncmp(path, "metadata/", 9) == 0 && digits > 0 && name[digits] == '.'))
		return "public, max-age=31536000, immutable";
	return "no-cache, max-age=0";
}

void site_path_etag(const char *path, const struct stat *st, char out[SITE_ETAG_MAX])
{
	char hex[65];

	if (named_by_hash(name_of(path), hex))
		(void)snprintf(out, SITE_ETAG_MAX, "\"%s\"", hex);
	else
		(void)snprintf(out, SITE_ETAG_MAX, "\"%jx-%lx-%jx-%jx\"",
			       (uintmax_t)st->st_mtim.tv_sec,
			       (unsigned long)st->st_mtim.tv_nsec, (uintmax_t)st->st_size,
			       (uintmax_t)st->st_ino);
}

void site_path_date(int64_t t, char out[SITE_DATE + 1])
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;
	time_t when = (time_t)t;

	if (gmtime_r(&when, &tm) == NULL || tm.tm_year > 8099)
		when = 0;
	if (when == 0)
		(void)gmtime_r(&when, &tm);
	(void)snprintf(out, SITE_DATE + 1, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
		       days + 3 * tm.tm_wday, (unsigned)tm.tm_mday % 100u,
		       months + 3 * tm.tm_mon, (unsigned)(tm.tm_year + 1900) % 10000u,
		       (unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u,
		       (unsigned)tm.tm_sec % 100u);
}

static bool number(const char **p, uint64_t *ret)
{
	size_t n = strspn(*p, "0123456789");

	if (n == 0 || n > 18)
		return false;
	*ret = 0;
	for (size_t i = 0; i < n; i++)
		*ret = *ret * 10 + (uint64_t)((*p)[i] - '0');
	*p += n;
	return true;
}

enum site_range site_path_range(const char *header, uint64_t size, uint64_t *ret_from,
				uint64_t *ret_len)
{
	uint64_t from = 0, to = 0;
	const char *p = header;
	bool has_from, has_to;

	if (p == NULL || strncmp(p, "bytes=", 6) != 0)
		return SITE_RANGE_NONE;
	p += 6;
	has_from = number(&p, &from);
	if (*p++ != '-')
		return SITE_RANGE_NONE;
	has_to = number(&p, &to);
	if (*p != '\0' || (!has_from && !has_to) || (has_from && has_to && to < from))
		return SITE_RANGE_NONE;
	if (!has_from) { /* the last `to` bytes */
		if (to == 0 || size == 0)
			return SITE_RANGE_BAD;
		from = to < size ? size - to : 0;
		to = size - 1;
	} else if (from >= size) {
		return SITE_RANGE_BAD;
	} else if (!has_to || to >= size) {
		to = size - 1;
	}
	*ret_from = from;
	*ret_len = to - from + 1;
	return SITE_RANGE_OK;
}

bool site_path_match(const char *header, const char *etag)
{
	size_t len = strlen(etag);
	const char *p = header;

	if (p == NULL)
		return false;
	if (strcmp(p, "*") == 0)
		return true;
	while ((p = strstr(p, etag)) != NULL) {
		/* The quotes are part of the tag, so a hit is a whole tag. */
		if (p[len] == '\0' || p[len] == ',' || p[len] == ' ')
			return true;
		p += len;
	}
	return false;
}
