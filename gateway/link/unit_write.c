/* unit_write.c - stream files of the repository tree into one signed unit.
 *
 * Trusted input (our own tree), still bounded.  Never holds a file in memory.
 * Invariant: the digest the signature covers is over exactly the bytes written. */
#include "link/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/dsse.h"
#include "crypto/hash.h"

struct out {
	int fd;
	struct hash *hash; /* of everything written so far */
};

static int put(struct out *o, const void *bytes, size_t len)
{
	hash_update(o->hash, bytes, len);
	return file_write_all(o->fd, bytes, len);
}

static int open_file(int tree_fd, const char *path)
{
	int fd = openat(tree_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return SL_E_FORMAT;
	}
	return fd;
}

/* Digest and length as the tree has them now; agree with those promised. */
static int measure(int tree_fd, struct unit_file *f, struct sl_why *why)
{
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	uint64_t length = 0;
	int fd, r;

	if (!unit_path_ok(f->path))
		return why_set(why, SL_E_FORMAT, "%s is not a path of the repository", f->path);
	fd = open_file(tree_fd, f->path);
	if (fd < 0)
		return why_set(why, fd, "%s cannot be opened", f->path);
	r = hash_fd(fd, digest, &length);
	file_close(fd);
	if (r != SL_OK)
		return why_set(why, r, "%s cannot be read", f->path);
	text_hex(digest, sizeof(digest), hex);
	if (f->sha256[0] != '\0' && (strcmp(f->sha256, hex) != 0 || f->length != length))
		return why_set(why, SL_E_CORRUPT, "%s is not the file it should be", f->path);
	(void)snprintf(f->sha256, sizeof(f->sha256), "%s", hex);
	f->length = length;
	return SL_OK;
}

static int copy_file(int tree_fd, const struct unit_file *f, struct out *o)
{
	uint8_t chunk[65536];
	uint64_t left = f->length;
	int fd = open_file(tree_fd, f->path);
	int r = fd < 0 ? fd : SL_OK;

	while (r == SL_OK && left > 0) {
		size_t n = left < sizeof(chunk) ? (size_t)left : sizeof(chunk);

		r = file_read_all(fd, chunk, n);
		if (r == SL_OK)
			r = put(o, chunk, n);
		left -= n;
	}
	file_close(fd);
	return r;
}

static int put_head(const struct unit *u, struct out *o)
{
	struct buf head, json;
	int r;

	buf_init(&json, UNIT_HEADER_MAX);
	buf_init(&head, UNIT_HEADER_MAX + 64);
	r = unit_header_write(u, &json);
	if (r == SL_OK) {
		buf_puts(&head, UNIT_MAGIC);
		buf_put_u64(&head, (uint64_t)u->serial);
		buf_put_blob(&head, json.data, json.len);
		r = buf_error(&head);
	}
	if (r == SL_OK)
		r = put(o, head.data, head.len);
	buf_release(&json);
	buf_release(&head);
	return r;
}

static int put_signature(const struct key *signer, struct out *o)
{
	uint8_t digest[HASH_LEN], sig[KEY_SIGNATURE];
	struct buf pae;
	int r;

	hash_final(o->hash, digest);
	buf_init(&pae, 256);
	dsse_pae(UNIT_PAYLOAD_TYPE, digest, sizeof(digest), &pae);
	r = buf_error(&pae);
	if (r == SL_OK) {
		key_sign(signer, pae.data, pae.len, sig);
		r = file_write_all(o->fd, sig, sizeof(sig));
	}
	buf_release(&pae);
	return r;
}

static int total_ok(const struct unit *u, struct sl_why *why)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < u->n_files; i++) {
		if (u->files[i].length > UNIT_BYTES_MAX - total)
			return why_set(why, SL_E_LIMIT, "the files of this unit are too large");
		total += u->files[i].length;
	}
	return SL_OK;
}

int unit_write(int tree_fd, const struct unit *u, const struct key *signer, int out_fd,
	       struct sl_why *why)
{
	struct unit copy = *u; /* borrows kind and removes; files become our own */
	struct out o = {.fd = out_fd};
	int r = SL_OK;

	copy.files = NULL;
	if (u->serial < 1 || u->n_files > UNIT_FILES_MAX || u->n_removes > UNIT_FILES_MAX)
		return why_set(why, SL_E_LIMIT, "too many files for one unit, or no serial");
	copy.files = calloc(u->n_files + 1u, sizeof(*copy.files));
	if (copy.files == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; r == SL_OK && i < u->n_files; i++) {
		copy.files[i] = u->files[i];
		r = measure(tree_fd, &copy.files[i], why);
	}
	if (r == SL_OK)
		r = total_ok(&copy, why);
	if (r == SL_OK)
		r = hash_new(&o.hash);
	if (r == SL_OK)
		r = put_head(&copy, &o);
	for (unsigned i = 0; r == SL_OK && i < copy.n_files; i++)
		r = copy_file(tree_fd, &copy.files[i], &o);
	if (r == SL_OK)
		r = put_signature(signer, &o);
	hash_free(o.hash);
	free(copy.files);
	return r;
}
