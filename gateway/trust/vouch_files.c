/* vouch_files.c - three folders of YAML files, and the calendars.
 *
 * Hostile: names in a statement, until its signature is good, and then still only compared. */
#include "trust/vouch_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"

enum { PATH_SIZE = 4096, FILE_MAX = 8 << 20, NAME_MAX_LEN = 120 };

static const char *const folders[] = {"", "packs/", "lists/", "calendars/"};

struct listing {
	const char *dir, *folder; /* of `folders` */
	json_t *files;
};

static bool is_yaml(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

static bool is_year(const char *name)
{
	return strlen(name) == 9 && strspn(name, "0123456789") == 4 &&
	       strcmp(name + 4, ".json") == 0;
}

/* The same files as the digest of the set (policy/policy.c). */
static bool is_covered(const char *folder, const char *name)
{
	return is_yaml(name) || (strcmp(folder, "calendars/") == 0 && is_year(name));
}

/* The name without its folder, one of ours; *ret_folder is that folder or "". */
static const char *split(const char *name, const char **ret_folder)
{
	for (size_t i = 1; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (strncmp(name, folders[i], strlen(folders[i])) == 0) {
			*ret_folder = folders[i];
			return name + strlen(folders[i]);
		}
	}
	*ret_folder = "";
	return name;
}

static int list_one(const char *name, void *arg)
{
	struct listing *l = arg;
	char shown[PATH_SIZE], path[PATH_SIZE], hex[HASH_HEX + 1];
	struct buf b;
	int r;

	if (!is_covered(l->folder, name))
		return SL_OK;
	if (json_object_size(l->files) == VOUCH_LISTED_MAX ||
	    snprintf(shown, sizeof(shown), "%s%s", l->folder, name) > NAME_MAX_LEN)
		return SL_E_LIMIT;
	r = file_join(path, sizeof(path), l->dir, shown);
	buf_init(&b, FILE_MAX);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, path, FILE_MAX, &b);
	if (r == SL_OK) {
		hash_hex(buf_str(&b), b.len, hex);
		r = json_object_set_new(l->files, shown, json_string(hex)) == 0 ? SL_OK
										: SL_E_FORMAT;
	}
	buf_release(&b);
	return r;
}

int vouch_files(const char *dir, json_t **ret_files)
{
	struct listing l = {.dir = dir, .files = json_object()};
	int r = l.files == NULL ? SL_E_NOMEM : SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[PATH_SIZE];
		int fd;

		l.folder = folders[i];
		r = snprintf(path, sizeof(path), "%s/%s", dir, folders[i]) < PATH_SIZE
			    ? SL_OK
			    : SL_E_LIMIT;
		fd = r == SL_OK ? file_open_dir(AT_FDCWD, path) : -1;
		/* A folder that is not there has no files. */
		if (fd >= 0)
			r = file_each(fd, VOUCH_LISTED_MAX, list_one, &l);
		file_close(fd);
	}
	if (r != SL_OK) {
		json_decref(l.files);
		return r;
	}
	*ret_files = l.files;
	return SL_OK;
}

bool vouch_files_ok(const json_t *files)
{
	const char *name;
	json_t *v;

	if (files == NULL)
		return true;
	if (!json_is_object(files) || json_object_size(files) == 0 ||
	    json_object_size(files) > VOUCH_LISTED_MAX)
		return false;
	json_object_foreach((json_t *)(uintptr_t)files, name, v)
	{
		const char *folder, *rest = split(name, &folder);

		if (strlen(name) > NAME_MAX_LEN || !is_covered(folder, rest) ||
		    !text_is_safe_name(rest, strlen(rest)) || json_string_value(v) == NULL ||
		    !text_is_sha256(json_string_value(v)))
			return false;
	}
	return true;
}

void vouch_files_differ(const json_t *was, const json_t *is, char out[VOUCH_DIFFERENCE])
{
	const char *name;
	json_t *v;

	out[0] = '\0';
	json_object_foreach((json_t *)(uintptr_t)was, name, v)
	{
		const char *now = json_str(is, name);

		if (now != NULL && strcmp(now, json_string_value(v)) == 0)
			continue;
		if (now == NULL)
			(void)snprintf(out, VOUCH_DIFFERENCE, _("%s is missing"), name);
		else
			(void)snprintf(out, VOUCH_DIFFERENCE, _("%s was changed"), name);
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)is, name, v)
	{
		char safe[2 * NAME_MAX_LEN];

		if (json_object_get(was, name) != NULL)
			continue;
		(void)text_safe(name, strlen(name), safe, sizeof(safe));
		(void)snprintf(out, VOUCH_DIFFERENCE, _("%.160s was added"), safe);
		return;
	}
}
