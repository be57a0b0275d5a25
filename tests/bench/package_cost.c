/* package_cost.c - what proving a package costs beside the bare signatures and digests in it.
 *
 * The same process proves one pulled package N times and then does N times nothing but an
 * Ed25519 verification and a SHA-256 for each signature and byte that the package holds. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "outlet/pull_package.h"

enum { FILES_MAX = 64, FILE_MAX = 64 << 20 };

struct work {
	struct buf file[FILES_MAX];
	unsigned n, signatures;
};

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static unsigned count(const struct buf *b, const char *word)
{
	const char *at = buf_str(b);
	unsigned n = 0;

	while ((at = strstr(at, word)) != NULL) {
		at += strlen(word);
		n++;
	}
	return n;
}

/* Metadata and envelopes have a "sig" for each signature, notes a line. */
static void take(struct work *w, const char *dir, const char *name)
{
	struct buf *b = &w->file[w->n];
	char path[4096];

	if (w->n == FILES_MAX || file_join(path, sizeof(path), dir, name) != SL_OK)
		exit(1);
	buf_init(b, FILE_MAX);
	if (file_read(AT_FDCWD, path, FILE_MAX, b) != SL_OK)
		return;
	w->n++;
	if (strstr(name, ".json") != NULL)
		w->signatures += count(b, "\"sig\":");
	if (strstr(name, "proof") != NULL)
		w->signatures += count(b, "\n\xe2\x80\x94 ");
}

static void take_all(struct work *w, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.')
			take(w, dir, e->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
}

static double bare(const struct work *w, int times)
{
	static const unsigned char message[1500]; /* about an envelope */
	unsigned char public_key[32], secret[64], sig[64];
	uint8_t digest[HASH_LEN];
	double start;

	(void)crypto_sign_keypair(public_key, secret);
	(void)crypto_sign_detached(sig, NULL, message, sizeof(message), secret);
	start = seconds();
	for (int i = 0; i < times; i++) {
		for (unsigned k = 0; k < w->signatures; k++) {
			if (crypto_sign_verify_detached(sig, message, sizeof(message),
							public_key) != 0)
				exit(1);
		}
		for (unsigned k = 0; k < w->n; k++)
			hash_bytes(w->file[k].data, w->file[k].len, digest);
	}
	return (seconds() - start) / times;
}

static double prove(const char *dir, const struct buf *root, int times)
{
	const struct pull_package_options o = {.root = root, .now = (int64_t)time(NULL)};
	double start = seconds();

	for (int i = 0; i < times; i++) {
		struct dossier p = {.manifest = NULL};
		struct sl_why why = {""};
		int fd = file_open_dir(AT_FDCWD, dir), r;

		r = fd < 0 ? fd : pull_package_verify(fd, &o, &p, &why);
		dossier_release(&p);
		file_close(fd);
		if (r != SL_OK) {
			(void)fprintf(stderr, "package_cost: %s\n", why_text(&why, r));
			exit(1);
		}
	}
	return (seconds() - start) / times;
}

int main(int argc, char **argv)
{
	struct work *w = calloc(1, sizeof(*w));
	struct buf root;
	char sub[4096];
	int times;

	if (argc != 4 || w == NULL || crypto_start() != SL_OK)
		return 2;
	times = (int)strtol(argv[3], NULL, 10);
	buf_init(&root, 1 << 20);
	if (times < 1 || file_read(AT_FDCWD, argv[2], 1 << 20, &root) != SL_OK)
		return 2;
	take_all(w, argv[1]);
	(void)snprintf(sub, sizeof(sub), "%s/tuf", argv[1]);
	take_all(w, sub);
	(void)snprintf(sub, sizeof(sub), "%s/files", argv[1]);
	take_all(w, sub);
	printf("%.1f %.1f %u\n", prove(argv[1], &root, times) * 1e6, bare(w, times) * 1e6,
	       w->signatures);
	return 0;
}
