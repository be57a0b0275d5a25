/* unit.c - paths and header of a transfer unit.
 *
 * Job: turn struct unit into the canonical JSON header and back.
 * Hostile: the header's bytes, until unit_read has checked the signature; what
 * is parsed here is only used as a plan of lengths before that.
 * Invariants: every path passes unit_path_ok; no path appears twice, as file and
 * folder, or as brought and removed; counts and the sum of lengths are bounded before anything
 * is allocated or written. */
#include "link/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

static const char *const kinds[] = {"release", "notice", "refresh", "initial"};
static const char *const top_files[] = {"index.html", "feed.json", "atom.xml"};

static bool component_ok(const char *s, size_t len)
{
	if (len == 0 || s[0] == '.' || s[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
			return false;
	}
	return true;
}

static bool components_ok(const char *path, unsigned *ret_n)
{
	unsigned n = 0;

	for (;;) {
		const char *slash = strchr(path, '/');
		size_t len = slash == NULL ? strlen(path) : (size_t)(slash - path);

		if (!component_ok(path, len))
			return false;
		n++;
		if (slash == NULL)
			break;
		path = slash + 1;
	}
	*ret_n = n;
	return true;
}

bool unit_path_ok(const char *path)
{
	unsigned n = 0;

	if (strlen(path) >= sizeof(((struct unit_file *)NULL)->path) ||
	    !components_ok(path, &n))
		return false;
	if (n == 1) {
		for (size_t i = 0; i < sizeof(top_files) / sizeof(*top_files); i++) {
			if (strcmp(path, top_files[i]) == 0)
				return true;
		}
		return false;
	}
	if (strncmp(path, "metadata/", 9) == 0)
		return n == 2;
	if (strncmp(path, "blobs/", 6) == 0)
		return n == 3 && strlen(path) == 9 + 64 && text_is_sha256(path + 9) &&
		       strncmp(path + 6, path + 9, 2) == 0;
	return strncmp(path, "targets/", 8) == 0 || strncmp(path, "log/", 4) == 0;
}

void unit_release(struct unit *u)
{
	free(u->files);
	free(u->removes);
	*u = (struct unit){.files = NULL};
}

static json_t *file_object(const struct unit_file *f)
{
	return json_pack("{s:I,s:s,s:s}", "length", (json_int_t)f->length, "path", f->path,
			 "sha256", f->sha256);
}

int unit_header_write(const struct unit *u, struct buf *out)
{
	json_t *files = json_array(), *removes = json_array(), *header = NULL;
	int r = SL_E_NOMEM;

	if (files == NULL || removes == NULL)
		goto out;
	for (unsigned i = 0; i < u->n_files; i++) {
		if (json_array_append_new(files, file_object(&u->files[i])) != 0)
			goto out;
	}
	for (unsigned i = 0; i < u->n_removes; i++) {
		if (json_array_append_new(removes, json_string(u->removes[i])) != 0)
			goto out;
	}
	header = json_pack("{s:O,s:s,s:O,s:I}", "files", files, "kind", u->kind, "removes",
			   removes, "serial", (json_int_t)u->serial);
	r = header == NULL ? SL_E_NOMEM : json_canonical(header, out);
out:
	json_decref(files);
	json_decref(removes);
	json_decref(header);
	return r;
}

static int parse_file(const json_t *j, struct unit_file *f)
{
	static const char *const names[] = {"length", "path", "sha256", NULL};
	static const char *const none[] = {NULL};
	const char *path = json_str(j, "path"), *sha256 = json_str(j, "sha256");
	int64_t length = 0;

	if (!json_has_only(j, names, none) || path == NULL || sha256 == NULL ||
	    !json_i64(j, "length", &length) || length < 0)
		return SL_E_FORMAT;
	if (!unit_path_ok(path) || !text_is_sha256(sha256))
		return SL_E_FORMAT;
	if ((uint64_t)length > UNIT_BYTES_MAX)
		return SL_E_LIMIT;
	(void)snprintf(f->path, sizeof(f->path), "%s", path);
	(void)snprintf(f->sha256, sizeof(f->sha256), "%s", sha256);
	f->length = (uint64_t)length;
	return SL_OK;
}

static int parse_files(const json_t *list, struct unit *u)
{
	uint64_t total = 0;
	size_t n = json_array_size(list);

	if (n > UNIT_FILES_MAX)
		return SL_E_LIMIT;
	u->files = calloc(n > 0 ? n : 1, sizeof(*u->files));
	if (u->files == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = parse_file(json_array_get(list, i), &u->files[i]);

		if (r != SL_OK)
			return r;
		if (u->files[i].length > UNIT_BYTES_MAX - total)
			return SL_E_LIMIT;
		total += u->files[i].length;
	}
	u->n_files = (unsigned)n;
	return SL_OK;
}

static int parse_removes(const json_t *list, struct unit *u)
{
	size_t n = json_array_size(list);

	if (n > UNIT_FILES_MAX)
		return SL_E_LIMIT;
	u->removes = calloc(n > 0 ? n : 1, sizeof(*u->removes));
	if (u->removes == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		const char *path = json_string_value(json_array_get(list, i));

		if (path == NULL || !unit_path_ok(path))
			return SL_E_FORMAT;
		(void)snprintf(u->removes[i], sizeof(u->removes[i]), "%s", path);
	}
	u->n_removes = (unsigned)n;
	return SL_OK;
}

struct named {
	const char *path;
	bool removed;
};

/* As strcmp, but what lies below a folder follows it at once. */
static int by_path(const void *a, const void *b)
{
	const char *x = ((const struct named *)a)->path, *y = ((const struct named *)b)->path;

	while (*x != '\0' && *x == *y) {
		x++;
		y++;
	}
	if (*x == *y)
		return 0;
	if (*x == '\0' || *y == '\0')
		return *x == '\0' ? -1 : 1;
	if (*x == '/' || *y == '/')
		return *x == '/' ? -1 : 1;
	return *x < *y ? -1 : 1;
}

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* May these two, the first before the second, stand in one unit?  Blobs are shared: one
 * item may lose what another one brings. */
static bool pair_ok(const struct named *a, const struct named *b)
{
	if (strcmp(a->path, b->path) == 0)
		return (a->removed && b->removed) ||
		       (a->removed != b->removed && strncmp(a->path, "blobs/", 6) == 0);
	return a->removed || b->removed || !is_below(b->path, a->path);
}

/* Two contents for one path would let the last one win unseen, and no name is both a file
 * and a folder, or both brought and taken away. */
static int paths_agree(const struct unit *u)
{
	unsigned n = 0;
	struct named *all = calloc(u->n_files + u->n_removes + 1u, sizeof(*all));
	int r = SL_OK;

	if (all == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < u->n_files; i++)
		all[n++].path = u->files[i].path;
	for (unsigned i = 0; i < u->n_removes; i++)
		all[n++] = (struct named){.path = u->removes[i], .removed = true};
	qsort(all, n, sizeof(*all), by_path);
	for (unsigned i = 1; i < n; i++) {
		if (!pair_ok(&all[i - 1], &all[i]))
			r = SL_E_FORMAT;
	}
	free(all);
	return r;
}

static int parse_kind(const char *kind, struct unit *u)
{
	for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kind, kinds[i]) == 0) {
			(void)snprintf(u->kind, sizeof(u->kind), "%s", kind);
			return SL_OK;
		}
	}
	return SL_E_FORMAT;
}

int unit_header_parse(const void *bytes, size_t len, struct unit *ret_u, struct sl_why *why)
{
	static const char *const names[] = {"files", "kind", "removes", "serial", NULL};
	static const char *const none[] = {NULL};
	struct unit u = {.files = NULL};
	json_t *j = NULL;
	int r = len > UNIT_HEADER_MAX ? SL_E_LIMIT : json_parse_signed(bytes, len, &j);

	if (r != SL_OK)
		goto out;
	r = SL_E_FORMAT;
	if (!json_has_only(j, names, none) || !json_i64(j, "serial", &u.serial) ||
	    u.serial < 1 || json_arr(j, "files") == NULL || json_arr(j, "removes") == NULL)
		goto out;
	r = parse_kind(json_str(j, "kind"), &u);
	if (r == SL_OK)
		r = parse_files(json_arr(j, "files"), &u);
	if (r == SL_OK)
		r = parse_removes(json_arr(j, "removes"), &u);
	if (r == SL_OK)
		r = paths_agree(&u);
	if (r != SL_OK)
		goto out;
	*ret_u = u;
	u = (struct unit){.files = NULL}; /* moved */
out:
	json_decref(j);
	unit_release(&u);
	return r == SL_OK ? r : why_set(why, r, "the header of the transfer unit is not valid");
}
