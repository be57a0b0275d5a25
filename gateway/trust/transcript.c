/* transcript.c - a transcript's form, and whether its files are the installed ones.
 *
 * Hostile: the file; its paths are checked before any is opened. */
#include "trust/transcript.h"

#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "trust/tuf.h"

enum { LISTED_MAX = 3, PATH_CAP = 512 };

static bool is_time(const json_t *j, const char *name)
{
	int64_t t;

	return json_time(j, name, &t);
}

static bool is_hex(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s != NULL && text_is_sha256(s);
}

static bool signature_ok(const json_t *j)
{
	static const char *const names[] = {"keyid", "program", "public", "time", NULL};

	return json_has_only(j, names, NULL) && is_hex(j, "keyid") && is_hex(j, "public") &&
	       json_str(j, "program") != NULL && is_time(j, "time");
}

static bool document_ok(const json_t *j)
{
	static const char *const names[] = {"role", "signatures", "signed_sha256", "version",
					    NULL};
	const json_t *v;
	int64_t version;
	size_t i;

	if (!json_has_only(j, names, NULL) || json_str(j, "role") == NULL ||
	    json_arr(j, "signatures") == NULL || !is_hex(j, "signed_sha256") ||
	    !json_i64(j, "version", &version) || version < 1)
		return false;
	json_array_foreach(json_arr(j, "signatures"), i, v)
	{
		if (!signature_ok(v))
			return false;
	}
	return true;
}

/* Every part between slashes is a safe name. */
static bool path_ok(const char *path)
{
	const char *part = path, *slash;

	if (path == NULL || strlen(path) >= PATH_CAP)
		return false;
	while ((slash = strchr(part, '/')) != NULL) {
		if (!text_is_safe_name(part, (size_t)(slash - part)))
			return false;
		part = slash + 1;
	}
	return text_is_safe_name(part, strlen(part));
}

static bool file_ok(const json_t *j)
{
	static const char *const names[] = {"length", "path", "sha256", NULL};
	int64_t length;

	return json_has_only(j, names, NULL) && json_i64(j, "length", &length) && length >= 0 &&
	       path_ok(json_str(j, "path")) && is_hex(j, "sha256");
}

static bool list_ok(const json_t *list, size_t max, bool (*ok)(const json_t *))
{
	const json_t *v;
	size_t i;

	if (json_array_size(list) == 0 || json_array_size(list) > max)
		return false;
	json_array_foreach(list, i, v)
	{
		if (!ok(v))
			return false;
	}
	return true;
}

int transcript_parse(const void *bytes, size_t len, json_t **ret_j, struct sl_why *why)
{
	static const char *const names[] = {"documents", "files", "number", "program",
					    "schema",	 "time",  NULL};
	json_t *j = NULL;
	const char *schema;
	int r = len > TRANSCRIPT_MAX ? SL_E_LIMIT : json_parse_signed(bytes, len, &j);

	schema = json_str(j, "schema");
	if (r == SL_OK &&
	    (!json_has_only(j, names, NULL) || schema == NULL ||
	     strcmp(schema, "sluice-transcript/1") != 0 || json_str(j, "program") == NULL ||
	     !is_hex(j, "number") || !is_time(j, "time") ||
	     !list_ok(json_arr(j, "documents"), LISTED_MAX, document_ok) ||
	     !list_ok(json_arr(j, "files"), TRANSCRIPT_FILES_MAX, file_ok)))
		r = SL_E_FORMAT;
	if (r != SL_OK) {
		json_decref(j);
		return why_set(why, r, _("it is not the transcript of a ceremony"));
	}
	*ret_j = j;
	return SL_OK;
}

static int installed(int dirfd, const json_t *f, struct sl_why *why)
{
	const char *path = json_str(f, "path");
	char hex[HASH_HEX + 1];
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(dirfd, path, TUF_TARGETS_MAX, &b);
	hash_hex(b.data, b.len, hex);
	if (r != SL_OK)
		r = why_set(why, r, _("%s of the transcript is not in the repository"), path);
	else if (strcmp(hex, json_str(f, "sha256")) != 0)
		r = why_set(why, SL_E_SIGNATURE,
			    _("%s in the repository is not the file of the transcript"), path);
	buf_release(&b);
	return r;
}

int transcript_installed(const json_t *transcript, const char *repository, struct sl_why *why)
{
	int dir = file_open_dir(AT_FDCWD, repository), r = dir < 0 ? dir : SL_OK;
	const json_t *f;
	size_t i;

	if (r != SL_OK)
		return why_set(why, r, "%s: %s", repository, _(sl_strerror(r)));
	json_array_foreach(json_arr(transcript, "files"), i, f)
	{
		const char *path = json_str(f, "path");

		if (r == SL_OK &&
		    (strncmp(path, "metadata/", 9) == 0 || strncmp(path, "targets/", 8) == 0))
			r = installed(dir, f, why);
	}
	file_close(dir);
	return r;
}
