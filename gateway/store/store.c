/* store.c - opening the store, each process with its own rights. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/i18n.h"
#include "store/access.h"
#include "store/schema.h"
#include "store/store_private.h"

enum { PATH_CAP = 4096 };

/* All 256 folders at once, so that storing an object never has to make one durable. */
static int make_object_folders(int objects)
{
	char name[3];

	for (unsigned i = 0; i < 256; i++) {
		(void)snprintf(name, sizeof(name), "%02x", i);
		if (mkdirat(objects, name, 0700) != 0 && errno != EEXIST)
			return sl_err_errno(errno);
	}
	return file_sync_dir(objects);
}

/* Make (desk) and open one folder of DATA; returns the descriptor or an error. */
static int folder(const char *data_dir, const char *name, bool make, struct sl_why *why)
{
	char path[PATH_CAP];
	int r = file_join(path, sizeof(path), data_dir, name);

	if (r == SL_OK && make)
		r = file_mkdirs(path, 0700);
	if (r == SL_OK)
		r = file_open_dir(AT_FDCWD, path);
	return r >= 0 ? r : why_set(why, r, _("cannot open %s/%s"), data_dir, name);
}

static int open_folders(struct store *s, const char *data_dir, struct sl_why *why)
{
	bool desk = s->access == STORE_DESK;
	int r = folder(data_dir, "objects", desk, why);

	if (r < 0)
		return r;
	s->objects = r;
	if (!desk)
		return SL_OK;
	r = folder(data_dir, "uploads", true, why);
	if (r < 0)
		return r;
	s->uploads = r;
	r = folder(data_dir, "sealed", true, why);
	if (r < 0)
		return r;
	s->sealed = r;
	r = make_object_folders(s->objects);
	return r == SL_OK ? r
			  : why_set(why, r, _("cannot make folders in %s/objects"), data_dir);
}

static int open_database(struct store *s, const char *data_dir, struct sl_why *why)
{
	bool desk = s->access == STORE_DESK;
	char path[PATH_CAP];
	int fd, r = file_join(path, sizeof(path), data_dir, "store/sluice.db");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the data directory is too long"));
	if (desk) {
		fd = folder(data_dir, "store", true, why);
		if (fd < 0)
			return fd;
		file_close(fd);
	}
	r = db_open(&s->db, path, desk, s->access == STORE_READER, why);
	if (r == SL_OK && desk)
		r = schema_quick_check(&s->db, why);
	if (r == SL_OK && desk)
		r = schema_migrate(&s->db, why);
	else if (r == SL_OK)
		r = schema_check(&s->db, why);
	if (r == SL_E_CORRUPT && s->access == STORE_READER && s->db.handle != NULL)
		r = SL_OK; /* the reader is for getting out what can still be read */
	return r == SL_OK ? access_limit(&s->db, s->access) : r;
}

int store_open(const char *data_dir, enum store_access access, struct store **ret_s,
	       struct sl_why *why)
{
	struct store *s = calloc(1, sizeof(*s));
	int r;

	if (s == NULL)
		return SL_E_NOMEM;
	s->access = access;
	s->objects = s->uploads = s->sealed = -1;
	r = open_folders(s, data_dir, why);
	if (r == SL_OK)
		r = open_database(s, data_dir, why);
	if (r != SL_OK) {
		store_close(s);
		return r;
	}
	*ret_s = s;
	return SL_OK;
}

bool store_read_only(const struct store *s)
{
	return s->access == STORE_READER;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	db_close(&s->db);
	file_close(s->objects);
	file_close(s->uploads);
	file_close(s->sealed);
	free(s);
}

int store_begin(struct store *s)
{
	return db_begin(&s->db);
}

int store_begin_soft(struct store *s)
{
	return db_begin_soft(&s->db);
}

int store_end(struct store *s, int r)
{
	return db_end(&s->db, r);
}

uint64_t store_free_space(const struct store *s)
{
	return file_free_space(s->objects);
}
