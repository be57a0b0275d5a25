/* corpus_main.c - run a fuzz target once over every file of its corpus: the
 * findings of yesterday's fuzzing stay found, in every ordinary test run. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 4 << 20, FILES_MAX = 100000 };

struct run {
	int dir;
	unsigned count;
};

static int one(const char *name, void *arg)
{
	struct run *run = arg;
	struct buf b;
	int r;

	buf_init(&b, INPUT_MAX);
	r = file_read(run->dir, name, INPUT_MAX, &b);
	if (r == SL_OK) {
		/* Exactly-sized copies let the address sanitizer see one byte too far. */
		size_t len;
		uint8_t *bytes;

		(void)LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&b), b.len);
		bytes = buf_take(&b, &len);
		free(bytes);
		run->count++;
	}
	buf_release(&b);
	return r;
}

int main(int argc, char **argv)
{
	struct run run = {.dir = -1};
	int r;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: %s CORPUS-DIR\n", argv[0]);
		return 2;
	}
	run.dir = file_open_dir(AT_FDCWD, argv[1]);
	r = run.dir < 0 ? run.dir : file_each(run.dir, FILES_MAX, one, &run);
	file_close(run.dir);
	if (r != SL_OK || run.count == 0) {
		(void)fprintf(stderr, "%s: %s\n", argv[1],
			      r != SL_OK ? sl_strerror(r) : "empty corpus");
		return 1;
	}
	(void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("%u inputs\n", run.count);
	return 0;
}
