/* logs.c - our side of the cross-check with Go (logs.go): write a log with proofs, or check
 * what the other side wrote. Files:
 *
 *   log.vkey witness.vkey            witness: ours only
 *   log/tile/…                       entries are those of kit_entry
 *   checkpoint.SIZE                  signed, ours also cosigned
 *   record.SIZE.INDEX.tlog-proof     C2SP tlog-proof
 *   tree.OLD.SIZE                    a Base64 hash a line */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "release/tree.h"
#include "tlog_kit.h"

static const char ORIGIN[] = "outlet.example/release-log";
static const unsigned sizes[] = {1, 3, 255, 256, 257, 600, 65537};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]), FILE_MAX = 2 << 20 };

static void need(int r, const char *what)
{
	if (r == SL_OK)
		return;
	(void)fprintf(stderr, "logs.c: %s: %s\n", what, sl_strerror(r));
	exit(1);
}

struct dir {
	int fd;
	struct kit_log memory;
};

static void put(const struct dir *d, const char *name, const void *bytes, size_t len)
{
	need(tree_put(d->fd, name, bytes, len), name);
}

static void write_keys(const struct dir *d)
{
	struct buf b;
	const char *log, *witness;

	buf_init(&b, 4096);
	kit_policy_keys(ORIGIN, 1, &b);
	log = buf_str(&b) + strlen("log ");
	witness = strchr(log, '\n') + 1;
	put(d, "log.vkey", log, (size_t)(witness - log));
	witness += strlen("witness w2 ");
	put(d, "witness.vkey", witness, strlen(witness));
	buf_release(&b);
}

static void write_proofs(struct dir *d, unsigned size, const struct buf *note)
{
	struct tlog_reader r = kit_log_reader(&d->memory);
	uint8_t hash[MERKLE_PROOF_MAX][HASH_LEN];
	const uint8_t(*h)[HASH_LEN] = (const uint8_t(*)[HASH_LEN])hash;
	char name[64];
	unsigned n = 0;
	struct buf b;

	buf_init(&b, TLOG_PROOF_MAX);
	for (unsigned i = size > 3 ? 3 : 0; i < size; i += size / 7 + 1) {
		need(tlog_prove_inclusion(&r, i, size, hash, &n), "record proof");
		buf_clear(&b);
		tlog_proof_write(i, h, n, note->data, note->len, &b);
		(void)snprintf(name, sizeof(name), "record.%u.%u.tlog-proof", size, i);
		put(d, name, b.data, b.len);
	}
	for (unsigned s = 0; s < SIZES && sizes[s] <= size; s++) {
		need(tlog_prove_consistency(&r, sizes[s], size, hash, &n), "tree proof");
		buf_clear(&b);
		for (unsigned i = 0; i < n; i++) {
			base64_put(&b, h[i], HASH_LEN);
			buf_puts(&b, "\n");
		}
		(void)snprintf(name, sizeof(name), "tree.%u.%u", sizes[s], size);
		put(d, name, buf_str(&b), b.len);
	}
	buf_release(&b);
}

static void write_all(struct dir *d)
{
	write_keys(d);
	for (unsigned s = 0; s < SIZES; s++) {
		char name[64];
		struct buf note;

		kit_log_grow(&d->memory, (unsigned)(sizes[s] - d->memory.frontier.size));
		buf_init(&note, NOTE_MAX);
		kit_log_note(&d->memory, ORIGIN, 1, &note);
		(void)snprintf(name, sizeof(name), "checkpoint.%u", sizes[s]);
		put(d, name, note.data, note.len);
		write_proofs(d, sizes[s], &note);
		buf_release(&note);
	}
	for (size_t i = 0; i < d->memory.n; i++) {
		const struct kit_file *f = &d->memory.file[i];
		char path[TLOG_PATH_MAX + 8];

		(void)snprintf(path, sizeof(path), "log/%s", f->path);
		put(d, path, f->bytes, f->len);
	}
}

/* ---- what the other side wrote ---- */

static void get(const struct dir *d, const char *name, struct buf *out)
{
	buf_clear(out);
	need(file_read(d->fd, name, FILE_MAX, out), name);
}

static int read_log(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct dir *d = arg;
	char name[TLOG_PATH_MAX + 8];

	(void)snprintf(name, sizeof(name), "log/%s", path);
	return file_read(d->fd, name, max, out);
}

struct tally {
	struct dir *dir;
	struct note_key log;
	struct buf file;
	unsigned checkpoints, proofs;
};

static struct tlog_checkpoint checkpoint(const struct tally *t, const void *note, size_t len)
{
	struct tlog_checkpoint c;
	size_t text = 0;

	need(note_verify(note, len, &t->log, NULL), "checkpoint's signature");
	need(note_text(note, len, &text), "checkpoint");
	need(tlog_checkpoint_parse(note, text, &c), "checkpoint's text");
	need(strcmp(c.origin, t->log.name) == 0 ? SL_OK : SL_E_FORMAT, "origin");
	return c;
}

static struct tlog_checkpoint checkpoint_of(struct tally *t, uint64_t size)
{
	struct tlog_checkpoint c;
	char name[64];

	(void)snprintf(name, sizeof(name), "checkpoint.%" PRIu64, size);
	get(t->dir, name, &t->file);
	c = checkpoint(t, t->file.data, t->file.len);
	need(c.size == size ? SL_OK : SL_E_FORMAT, name);
	return c;
}

static int entry_ok(uint64_t index, const void *entry, size_t len, void *arg,
		    struct sl_why *why)
{
	char text[64];

	(void)arg;
	return len == kit_entry(index, text) && memcmp(entry, text, len) == 0
		       ? SL_OK
		       : why_set(why, SL_E_FORMAT, "entry differs");
}

static void check_tree(struct tally *t, const char *name, uint64_t old, uint64_t size)
{
	struct tlog_checkpoint before = checkpoint_of(t, old), after = checkpoint_of(t, size);
	uint8_t hash[MERKLE_PROOF_MAX][HASH_LEN];
	unsigned n = 0;
	struct buf raw;

	get(t->dir, name, &t->file);
	buf_init(&raw, 64);
	for (const char *s = buf_str(&t->file); *s != '\0'; s += strcspn(s, "\n") + 1) {
		buf_clear(&raw);
		need(base64_get(s, strcspn(s, "\n"), &raw), name);
		need(raw.len == HASH_LEN && n < MERKLE_PROOF_MAX ? SL_OK : SL_E_FORMAT, name);
		memcpy(hash[n++], raw.data, HASH_LEN);
	}
	buf_release(&raw);
	need(merkle_check_consistency(old, before.root, size, after.root,
				      (const uint8_t(*)[HASH_LEN])hash, n),
	     name);
}

static void check_record(struct tally *t, const char *name)
{
	struct tlog_checkpoint c;
	uint8_t leaf[HASH_LEN];
	struct tlog_proof p;
	char text[64];
	size_t len;

	get(t->dir, name, &t->file);
	need(tlog_proof_parse(t->file.data, t->file.len, &p), name);
	c = checkpoint(t, t->file.data + p.note_at, t->file.len - p.note_at);
	len = kit_entry(p.index, text);
	merkle_leaf(text, len, leaf);
	need(merkle_check_inclusion(leaf, p.index, c.size, (const uint8_t(*)[HASH_LEN])p.hash,
				    p.n, c.root),
	     name);
}

static int check_file(const char *name, void *arg)
{
	struct tally *t = arg;
	struct tlog_reader r = {.read = read_log, .arg = t->dir};
	uint64_t a = 0, b = 0;

	if (sscanf(name, "checkpoint.%" SCNu64, &a) == 1) {
		struct tlog_checkpoint c = checkpoint_of(t, a);
		struct sl_why why = {.text = ""};
		int e = tlog_verify_all(&r, &c, entry_ok, NULL, &why);

		need(e, why_text(&why, e));
		t->checkpoints++;
	} else if (sscanf(name, "tree.%" SCNu64 ".%" SCNu64, &a, &b) == 2) {
		check_tree(t, name, a, b);
		t->proofs++;
	} else if (strncmp(name, "record.", 7) == 0) {
		check_record(t, name);
		t->proofs++;
	}
	return 0;
}

static void check_all(struct dir *d)
{
	struct tally t = {.dir = d};

	buf_init(&t.file, FILE_MAX);
	get(d, "log.vkey", &t.file);
	need(t.file.len > 0 ? note_key_parse(buf_str(&t.file), t.file.len - 1, &t.log)
			    : SL_E_FORMAT,
	     "log.vkey");
	need(file_each(d->fd, 10000, check_file, &t), "directory");
	need(t.checkpoints > 0 && t.proofs > 0 ? SL_OK : SL_E_NOTFOUND, "nothing to check");
	(void)printf("C: %u checkpoints, %u proofs of the other side are good\n", t.checkpoints,
		     t.proofs);
	buf_release(&t.file);
}

int main(int argc, char **argv)
{
	struct dir d = {.fd = -1};

	if (argc != 3) {
		(void)fprintf(stderr, "usage: %s write|check DIR\n", argv[0]);
		return 2;
	}
	need(crypto_start(), "libsodium");
	d.fd = file_open_dir(AT_FDCWD, argv[2]);
	need(d.fd < 0 ? d.fd : SL_OK, argv[2]);
	kit_log_init(&d.memory);
	if (strcmp(argv[1], "write") == 0)
		write_all(&d);
	else
		check_all(&d);
	kit_log_release(&d.memory);
	file_close(d.fd);
	return 0;
}
