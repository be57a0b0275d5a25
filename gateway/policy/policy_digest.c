/* policy_digest.c - the name of a set of rules, made of its bytes and nothing parsed.
 *
 * It covers every YAML file below the directory and the calendars, so that a report says
 * exactly which rules made it.  Apart from the loader, so that the releaser, who reads the
 * routes only, carries no matcher. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"
#include "crypto/hash.h"
#include "policy/calendar.h"
#include "policy/policy.h"

enum { FILES_MAX = 200, PATH_SIZE = 1024 };

struct hashing {
	struct hash *hash;
	const char *dir;    /* of the set */
	const char *folder; /* "" or the folder being read */
	char path[PATH_SIZE];
	struct sl_why *why;
};

/* Calendars are files of another project, which writes JSON. */
static bool is_ours(const struct hashing *h, const char *name)
{
	size_t n = strlen(name);

	return (n > 5 && strcmp(name + n - 5, ".yaml") == 0) ||
	       (strcmp(h->folder, CALENDAR_FOLDER) == 0 && calendar_named(name));
}

static int hash_one(const char *name, void *arg)
{
	struct hashing *h = arg;
	char path[PATH_SIZE], head[PATH_SIZE + 64];
	struct buf b;
	int r;

	if (!is_ours(h, name))
		return SL_OK;
	r = file_join(path, sizeof(path), h->path, name);
	buf_init(&b, YAML_FILE_MAX);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, path, YAML_FILE_MAX, &b);
	if (r == SL_OK) {
		/* Name and length first, so that no other split gives the same bytes. */
		(void)snprintf(head, sizeof(head), "%s/%s %zu\n", h->folder, name, b.len);
		hash_update(h->hash, head, strlen(head));
		hash_update(h->hash, buf_str(&b), b.len);
	} else {
		r = why_set(h->why, r, "%s: %s", path, sl_strerror(r));
	}
	buf_release(&b);
	return r;
}

static int hash_folder(struct hashing *h, const char *folder)
{
	int fd, r = SL_OK;

	h->folder = folder;
	if (folder[0] == '\0')
		r = snprintf(h->path, sizeof(h->path), "%s", h->dir) < PATH_SIZE ? SL_OK
										 : SL_E_LIMIT;
	else
		r = file_join(h->path, sizeof(h->path), h->dir, folder);
	if (r != SL_OK)
		return r;
	fd = file_open_dir(AT_FDCWD, h->path);
	if (fd == SL_E_NOTFOUND && strcmp(folder, CALENDAR_FOLDER) == 0)
		return SL_OK; /* all is counted by weekends, and every date is provisional */
	if (fd < 0)
		return why_set(h->why, fd, "%s: %s", h->path, sl_strerror(fd));
	r = file_each(fd, FILES_MAX, hash_one, h);
	file_close(fd);
	if (r == SL_E_LIMIT)
		return why_set(h->why, r, "%s holds more than %d files", h->path, FILES_MAX);
	return r;
}

int policy_digest_of(const char *dir, uint8_t ret_digest[32], struct sl_why *why)
{
	static const char *const folders[] = {"", "packs", "lists", CALENDAR_FOLDER};
	struct hashing h = {.dir = dir, .why = why};
	int r = hash_new(&h.hash);

	for (size_t i = 0; r == SL_OK && i < sizeof(folders) / sizeof(folders[0]); i++)
		r = hash_folder(&h, folders[i]);
	if (r == SL_OK)
		hash_final(h.hash, ret_digest);
	hash_free(h.hash);
	return r;
}
