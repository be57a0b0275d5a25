/* look.c - may the desk open this store, or must it only be read? */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "store/schema.h"
#include "store/store_private.h"

enum { PATH_CAP = 4096 };

static const char *const names[] = {"sound", "damaged", "unwritable"};
enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

const char *store_fitness_name(enum store_fitness f)
{
	return names[f];
}

int store_fitness_from_name(const char *name, enum store_fitness *ret_f)
{
	for (unsigned i = 0; i < N_NAMES; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret_f = (enum store_fitness)i;
			return SL_OK;
		}
	}
	return SL_E_FORMAT;
}

/* What is not there yet will be made. */
static int writable(const char *data_dir, struct sl_why *why)
{
	static const char *const parts[] = {"store", "store/sluice.db", "objects", "uploads"};
	char path[PATH_CAP];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int r = file_join(path, sizeof(path), data_dir, parts[i]);

		if (r != SL_OK)
			return r;
		if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0 && errno != ENOENT)
			return why_set(why, SL_E_DENIED, _("%s cannot be written: %s"), path,
				       strerror(errno));
	}
	return SL_OK;
}

static int whole(const char *data_dir, struct sl_why *why)
{
	struct db db = {.handle = NULL};
	char path[PATH_CAP];
	int r = file_join(path, sizeof(path), data_dir, "store/sluice.db");

	if (r != SL_OK || !file_exists(AT_FDCWD, path))
		return r;
	r = db_open(&db, path, false, true, why);
	if (r == SL_OK)
		r = schema_quick_check(&db, why);
	db_close(&db);
	return r;
}

int store_look(const char *data_dir, enum store_fitness *ret_f, struct sl_why *why)
{
	/* Damage first: who restores the backup will also see that it cannot be written. */
	int r = whole(data_dir, why);

	if (r == SL_E_CORRUPT) {
		*ret_f = STORE_DAMAGED;
		return SL_OK;
	}
	if (r != SL_OK)
		return r;
	r = writable(data_dir, why);
	if (r != SL_OK && r != SL_E_DENIED)
		return r;
	*ret_f = r == SL_OK ? STORE_SOUND : STORE_UNWRITABLE;
	return SL_OK;
}

bool store_is_damaged(const char *data_dir)
{
	enum store_fitness fitness = STORE_SOUND;

	return store_look(data_dir, &fitness, NULL) == SL_OK && fitness == STORE_DAMAGED;
}
