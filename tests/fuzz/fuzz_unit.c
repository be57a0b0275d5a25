/* fuzz_unit.c - a whole transfer unit, as it comes out of its seal.
 *
 * The signer is a key that the corpus was signed with, so that the way behind a good
 * signature is walked too. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/tmp/sl-fuzz-unit-XXXXXX";
static int into = -1;
static struct key *signer;

static void remove_into(void)
{
	if (file_remove_tree(AT_FDCWD, dir) != SL_OK)
		(void)fprintf(stderr, "%s is left\n", dir);
}

static void start(void)
{
	uint8_t seed[32] = {9};

	BUG(crypto_start() != SL_OK || key_generate(KEY_DSSE_GATEWAY, seed, &signer) != SL_OK);
	BUG(mkdtemp(dir) == NULL);
	into = file_open_dir(AT_FDCWD, dir);
	BUG(into < 0);
	(void)atexit(remove_into);
}

static int drop(const char *name, void *arg)
{
	(void)arg;
	return unlinkat(into, name, 0) == 0 ? SL_OK : SL_E_IO;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unit u = {.files = NULL};
	int fd, r;

	if (into < 0)
		start();
	fd = memfd_create("unit", MFD_CLOEXEC);
	BUG(fd < 0 || file_write_all(fd, data, size) != SL_OK || lseek(fd, 0, SEEK_SET) != 0);
	r = unit_read(fd, key_public(signer), into, &u, NULL);
	if (r == SL_OK) {
		/* Everything was read, and each file is here with its length. */
		BUG(lseek(fd, 0, SEEK_CUR) != (off_t)size);
		for (unsigned i = 0; i < u.n_files; i++) {
			char name[16];

			(void)snprintf(name, sizeof(name), "%u", i);
			BUG(!file_exists(into, name) || !unit_path_ok(u.files[i].path));
		}
	} else {
		BUG(u.files != NULL || u.removes != NULL);
	}
	unit_release(&u);
	BUG(file_each(into, 2 * UNIT_FILES_MAX, drop, NULL) != SL_OK);
	(void)close(fd);
	return 0;
}
