/* sketch_cost.c - what one look for near-copies costs over 1,000, 10,000 and 100,000 texts.
 *
 *   sketch_cost   one line a size: rows, size of the database, microseconds a look-up (median
 * and worst of 200), with 300 copies of one template among the rows */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "policy/sketch.h"
#include "store/sketch.h"

enum { LOOKS = 200, COPIES = 300 };

static int64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fill_row(struct sketch_row *row, uint8_t bytes[SKETCH_BYTES], int64_t number,
		     uint64_t seed)
{
	struct sketch s = {.n_shingles = 2000, .n_numbers = 5};

	for (unsigned i = 0; i < SKETCH_WORDS; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		s.word[i] = (uint32_t)(seed >> 32);
	}
	sketch_put(&s, bytes);
	*row = (struct sketch_row){.number = number,
				   .revision = 1,
				   .key = "0",
				   .bytes = bytes,
				   .len = SKETCH_BYTES};
	sketch_bands(&s, row->band);
}

static int hit(const struct sketch_hit *h, void *arg)
{
	(void)h;
	++*(unsigned *)arg;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int grow(struct store *s, int64_t from, int64_t to)
{
	uint8_t bytes[SKETCH_BYTES];
	struct sketch_row row;
	int r = store_begin(s);

	for (int64_t i = from; r == SL_OK && i < to; i++) {
		fill_row(&row, bytes, i + 1, i < COPIES ? 1 : (uint64_t)i * 7919 + 3);
		r = store_sketch_put(s, &row);
	}
	return store_end(s, r);
}

static int look(struct store *s, const char *dir, int64_t rows)
{
	int64_t took[LOOKS];
	uint8_t bytes[SKETCH_BYTES];
	struct sketch_row row;
	unsigned hits = 0;
	char path[256];
	struct stat st;
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < LOOKS; i++) {
		int64_t begun = now_us();

		/* Every second one is the template, whose copies fill every band. */
		fill_row(&row, bytes, INT64_MAX - 1, i % 2 == 0 ? 1 : (uint64_t)i * 104729);
		r = store_sketch_each(s, &row, INT64_MAX, "", hit, &hits);
		took[i] = now_us() - begun;
	}
	qsort(took, LOOKS, sizeof(took[0]), by_value);
	(void)snprintf(path, sizeof(path), "%s/store/sluice.db", dir);
	if (stat(path, &st) != 0)
		st.st_size = 0;
	printf("rows=%lld database_mib=%.1f median_us=%lld worst_us=%lld\n", (long long)rows,
	       (double)st.st_size / (1 << 20), (long long)took[LOOKS / 2],
	       (long long)took[LOOKS - 1]);
	return r;
}

int main(void)
{
	static const int64_t sizes[] = {1000, 10000, 100000};
	char dir[] = "/tmp/sl-sketch-XXXXXX";
	struct store *desk = NULL, *s = NULL;
	struct sl_why why = {{0}};
	int64_t have = 0;
	int r = mkdtemp(dir) == NULL ? SL_E_IO : crypto_start();

	if (r == SL_OK)
		r = store_open(dir, STORE_DESK, &desk, &why);
	if (r == SL_OK)
		r = store_open(dir, STORE_INSPECTOR, &s, &why);
	for (unsigned i = 0; r == SL_OK && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		r = grow(s, have, sizes[i]);
		have = sizes[i];
		if (r == SL_OK)
			r = look(s, dir, have);
	}
	store_close(s);
	store_close(desk);
	(void)!file_remove_tree(AT_FDCWD, dir);
	if (r != SL_OK)
		(void)fprintf(stderr, "sketch_cost: %s\n", why_text(&why, r));
	return r == SL_OK ? 0 : 1;
}
