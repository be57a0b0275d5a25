/* key_disk.c - key files on disk: created once, read only when nobody else can.
 *
 * Hostile: what stands in a key's place (a link, a FIFO, a file others can read).
 * Invariant: secret text is only in buffers that are wiped. */
#include "crypto/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/key_private.h"

static const struct key_kdf kdf_default = {UINT64_C(1) << 25, UINT64_C(256) << 20};
#ifdef SL_KEY_WEAK_KDF
static const struct key_kdf kdf_least = {UINT64_C(1) << 15, UINT64_C(16) << 20};
#else
static const struct key_kdf kdf_least = {UINT64_C(1) << 22, UINT64_C(64) << 20};
#endif

static int write_new(const char *path, const struct buf *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	int r;

	if (fd < 0)
		return sl_err_errno(errno);
	r = file_write_all(fd, text->data, text->len);
	/* fchmod because the umask may have taken bits that readers of the public half need. */
	if (r == SL_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
		r = sl_err_errno(errno);
	file_close(fd);
	if (r != SL_OK)
		(void)unlink(path);
	return r;
}

int key_write(const struct key *k, const char *path, const char *passphrase)
{
	struct buf secret, public_text, name;
	int r;

	buf_init(&secret, KEY_TEXT_MAX);
	buf_init(&public_text, KEY_TEXT_MAX);
	buf_init(&name, 4096);
	buf_putf(&name, "%s.pub", path);
	key_file_encode_public(k, &public_text);
	r = buf_error(&name) != SL_OK ? buf_error(&name) : buf_error(&public_text);
	if (r == SL_OK)
		r = key_file_encode(k, passphrase, &kdf_default, &secret);
	if (r == SL_OK)
		r = write_new(path, &secret, 0600);
	if (r == SL_OK) {
		r = write_new(buf_str(&name), &public_text, 0644);
		if (r != SL_OK)
			(void)unlink(path);
	}
	buf_release(&name);
	buf_release(&public_text);
	buf_wipe(&secret);
	return r;
}

/* Straight into the buffer that is wiped: file_read_fd leaves a copy on the stack. */
static int read_all(int fd, struct buf *out)
{
	uint8_t *at = buf_extend(out, KEY_TEXT_MAX);
	size_t got = 0;

	if (at == NULL)
		return buf_error(out);
	while (got < KEY_TEXT_MAX) {
		ssize_t n = read(fd, at + got, KEY_TEXT_MAX - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			break;
		got += (size_t)n;
	}
	/* No key file is as long as the ceiling, so a full buffer is a cut-off file. */
	if (got == KEY_TEXT_MAX)
		return SL_E_LIMIT;
	out->len = got;
	out->data[got] = 0;
	return SL_OK;
}

static int read_secret(const char *path, struct buf *out, struct sl_why *why)
{
	/* O_NONBLOCK so that a FIFO put in the key's place cannot stop the program. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int r;

	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0)
		r = sl_err_errno(errno);
	else if (!S_ISREG(st.st_mode))
		r = why_set(why, SL_E_DENIED, "it is not a regular file");
	else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		r = why_set(why, SL_E_DENIED,
			    "others may read it; chmod 600 and consider the key known");
	else
		r = read_all(fd, out);
	file_close(fd);
	return r;
}

int key_load(const char *path, enum key_use use,
	     int (*ask)(const char *path, char *out, size_t cap), struct key **ret_k,
	     struct sl_why *why)
{
	struct buf text;
	int r;

	buf_init(&text, KEY_TEXT_MAX);
	if (why != NULL)
		why->text[0] = '\0';
	r = read_secret(path, &text, why);
	if (r == SL_OK)
		r = key_file_decode(buf_str(&text), text.len, use, &kdf_least, path, ask, ret_k,
				    why);
	buf_wipe(&text);
	return r == SL_OK ? r : why_prefix(why, r, "key file %s", path);
}

int key_read_public(const char *path, uint8_t ret_public[KEY_PUBLIC], enum key_use *ret_use,
		    struct sl_why *why)
{
	struct buf text;
	int r;

	buf_init(&text, KEY_TEXT_MAX);
	if (why != NULL)
		why->text[0] = '\0';
	r = file_read(AT_FDCWD, path, KEY_TEXT_MAX, &text);
	if (r == SL_OK)
		r = key_file_decode_public(buf_str(&text), text.len, ret_public, ret_use, why);
	buf_release(&text);
	return r == SL_OK ? r : why_prefix(why, r, "key file %s", path);
}
