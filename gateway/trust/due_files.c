/* due_files.c - the dates in metadata and approval policies; hints, nothing is verified. */
#include "trust/due_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"

enum { FILES_MAX = 100000, ROLES = DUE_FILES_ROLES };

void due_files_roster(struct due_list *l, const struct roster *r)
{
	for (unsigned i = 0; i < roster_count(r); i++) {
		const struct roster_person *p = roster_person_at(r, i);
		const struct roster_key *last[KEY_USE_COUNT] = {NULL};

		for (unsigned k = 0; k < p->n_keys; k++) {
			const struct roster_key *key = &p->keys[k];

			if (last[key->use] == NULL || key->until > last[key->use]->until)
				last[key->use] = key;
		}
		for (unsigned u = 0; u < KEY_USE_COUNT; u++) {
			if (last[u] != NULL)
				due_add(l, last[u]->until, _("%s key %.8s of %s"),
					key_use_name((enum key_use)u), last[u]->keyid, p->pid);
		}
	}
}

void due_files_meta(struct due_list *l, const struct tuf_meta *m, const char *name)
{
	due_add(l, m->expires, _("%s metadata %lld"), name, (long long)m->version);
}

/* ---- the newest files of a repository ---- */

const char *due_files_role(unsigned i)
{
	static const char *const roles[ROLES] = {"root", "targets", "policy"};

	BUG(i >= ROLES);
	return roles[i];
}

static int see_name(const char *name, void *arg)
{
	uint64_t *newest = arg, v;
	const char *dot = strchr(name, '.');
	char want[32];

	if (dot == NULL || !text_to_u64(name, (size_t)(dot - name), INT64_MAX, &v))
		return SL_OK;
	for (unsigned i = 0; i < ROLES; i++) {
		(void)snprintf(want, sizeof(want), ".%s.json", due_files_role(i));
		if (strcmp(dot, want) == 0 && v > newest[i])
			newest[i] = v;
	}
	return SL_OK;
}

int due_files_newest(int metadata_fd, size_t max, uint64_t ret_newest[ROLES])
{
	uint64_t newest[ROLES] = {0};
	int r = file_each(metadata_fd, max, see_name, newest);

	if (r == SL_OK)
		memcpy(ret_newest, newest, sizeof(newest));
	return r;
}

static int load_meta(int dirfd, const char *path, const char *type, struct tuf_meta **ret_m)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(dirfd, path, TUF_TARGETS_MAX, &b);
	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, type, ret_m, NULL);
	buf_release(&b);
	return r;
}

void due_files_directory(struct due_list *l, const char *dir, unsigned *ret_n)
{
	int top = file_open_dir(AT_FDCWD, dir),
	    metadata = top < 0 ? -1 : file_open_dir(top, "metadata");
	uint64_t newest[ROLES] = {0};
	unsigned found = 0;

	if (metadata >= 0 && due_files_newest(metadata, FILES_MAX, newest) == SL_OK) {
		for (unsigned i = 0; i < ROLES; i++) {
			struct tuf_meta *m = NULL;
			char name[64];

			(void)snprintf(name, sizeof(name), "%llu.%s.json",
				       (unsigned long long)newest[i], due_files_role(i));
			if (newest[i] > 0 &&
			    load_meta(metadata, name, i == 0 ? "root" : "targets", &m) ==
				    SL_OK) {
				due_files_meta(l, m, due_files_role(i));
				found++;
			}
			tuf_free(m);
		}
	}
	file_close(metadata);
	file_close(top);
	if (ret_n != NULL)
		*ret_n = found;
}

int due_files_one(struct due_list *l, const char *path, struct sl_why *why)
{
	static const char *const types[] = {"root", "timestamp", "snapshot", "targets"};
	const char *name = strrchr(path, '/'), *slash = name;
	struct tuf_meta *m = NULL;
	struct roster *roster = NULL;
	struct buf b;
	int r;

	name = slash == NULL ? path : slash + 1;
	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(AT_FDCWD, path, TUF_TARGETS_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	if (r == SL_OK && roster_parse(b.data, b.len, &roster, NULL) == SL_OK) {
		due_files_roster(l, roster);
		goto out;
	}
	for (unsigned i = 0; r == SL_OK && i < 4 && m == NULL; i++) {
		if (tuf_parse(b.data, b.len, types[i], &m, NULL) == SL_OK)
			due_add(l, m->expires, "%.90s", name);
	}
	if (r == SL_OK && m == NULL)
		r = why_set(why, SL_E_FORMAT,
			    _("%s is neither metadata nor an approval policy"), path);
out:
	tuf_free(m);
	roster_free(roster);
	buf_release(&b);
	return r;
}
