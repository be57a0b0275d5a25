/* tlog_kit.c - see tlog_kit.h. */
#include "tlog_kit.h"

#include <string.h>

void kit_log_init(struct kit_log *l)
{
	memset(l, 0, sizeof(*l));
}

void kit_log_release(struct kit_log *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->file[i].bytes);
	free(l->file);
	free(l->leaf);
	memset(l, 0, sizeof(*l));
}

struct kit_file *kit_log_file(struct kit_log *l, const char *path)
{
	/* The newest are asked for most. */
	for (size_t i = l->n; i > 0; i--) {
		if (strcmp(l->file[i - 1].path, path) == 0)
			return &l->file[i - 1];
	}
	return NULL;
}

void kit_log_remove(struct kit_log *l, const char *path)
{
	struct kit_file *f = kit_log_file(l, path);

	BUG(f == NULL);
	free(f->bytes);
	*f = l->file[--l->n];
}

int kit_log_put(void *arg, const char *path, const void *bytes, size_t len)
{
	struct kit_log *l = arg;
	struct kit_file *f = kit_log_file(l, path);

	if (f == NULL) {
		if (l->n == l->cap) {
			l->cap = l->cap == 0 ? 16 : 2 * l->cap;
			l->file = realloc(l->file, l->cap * sizeof(*l->file));
			assert_non_null(l->file);
		}
		f = &l->file[l->n++];
		memset(f, 0, sizeof(*f));
		(void)snprintf(f->path, sizeof(f->path), "%s", path);
	}
	free(f->bytes);
	f->bytes = malloc(len + 1);
	assert_non_null(f->bytes);
	memcpy(f->bytes, bytes, len);
	f->len = len;
	return SL_OK;
}

static int read_file(void *arg, const char *path, size_t max, struct buf *out)
{
	struct kit_log *l = arg;
	const struct kit_file *f = kit_log_file(l, path);

	l->reads++;
	if (f == NULL)
		return SL_E_NOTFOUND;
	if (f->len > max)
		return SL_E_LIMIT;
	buf_put(out, f->bytes, f->len);
	return buf_error(out);
}

struct tlog_reader kit_log_reader(struct kit_log *l)
{
	return (struct tlog_reader){.read = read_file, .arg = l};
}

size_t kit_entry(uint64_t i, char out[64])
{
	return (size_t)snprintf(out, 64, "entry %0*llu", (int)(1 + i % 40),
				(unsigned long long)i);
}

void kit_log_grow(struct kit_log *l, unsigned n)
{
	struct tlog_entry *entries = calloc(n + 1, sizeof(*entries));
	char(*text)[64] = calloc(n + 1, sizeof(*text));
	struct tlog_reader r = kit_log_reader(l);
	struct merkle_frontier after;
	uint64_t size = l->frontier.size;

	assert_true(entries != NULL && text != NULL);
	l->leaf = realloc(l->leaf, (size + n + 1) * sizeof(*l->leaf));
	assert_non_null(l->leaf);
	for (unsigned i = 0; i < n; i++) {
		entries[i].bytes = text[i];
		entries[i].len = kit_entry(size + i, text[i]);
		merkle_leaf(text[i], entries[i].len, l->leaf[size + i]);
	}
	assert_int_equal(tlog_append(&r, &l->frontier, entries, n, kit_log_put, l, &after),
			 SL_OK);
	assert_int_equal(after.size, size + n);
	l->frontier = after;
	free(entries);
	free(text);
}

void kit_naive_root(const uint8_t (*leaf)[HASH_LEN], uint64_t n, uint8_t out[HASH_LEN])
{
	uint8_t left[HASH_LEN], right[HASH_LEN];
	uint64_t k = 1;

	if (n == 0) {
		hash_bytes("", 0, out);
		return;
	}
	if (n == 1) {
		memcpy(out, leaf[0], HASH_LEN);
		return;
	}
	while (2 * k < n)
		k *= 2;
	kit_naive_root(leaf, k, left);
	kit_naive_root(leaf + k, n - k, right);
	merkle_node(left, right, out);
}

struct tlog_checkpoint kit_checkpoint(const struct kit_log *l, const char *origin)
{
	struct tlog_checkpoint c = {.size = l->frontier.size};

	(void)snprintf(c.origin, sizeof(c.origin), "%s", origin);
	merkle_root(&l->frontier, c.root);
	return c;
}

void kit_log_note(const struct kit_log *l, const char *origin, unsigned witnesses,
		  struct buf *out)
{
	struct tlog_checkpoint c = kit_checkpoint(l, origin);
	struct key *k = kit_key(KEY_LOG, 1);
	struct buf text;

	buf_init(&text, 1024);
	tlog_checkpoint_write(&c, &text);
	assert_int_equal(note_sign(k, origin, text.data, text.len, out), SL_OK);
	key_free(k);
	buf_release(&text);
	for (unsigned i = 0; i < witnesses; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "w%u.example", i + 2);
		k = kit_key(KEY_WITNESS, (uint8_t)(i + 2));
		assert_int_equal(note_cosign(k, name, KIT_NOW + i, out), SL_OK);
		key_free(k);
	}
}

static void put_vkey(const struct key *k, const char *name, enum note_kind kind,
		     struct buf *out)
{
	struct note_key nk;

	assert_int_equal(note_key_make(name, kind, key_public(k), &nk), SL_OK);
	note_key_write(&nk, out);
	buf_puts(out, "\n");
}

void kit_policy_keys(const char *origin, unsigned witnesses, struct buf *out)
{
	struct key *k = kit_key(KEY_LOG, 1);

	buf_puts(out, "log ");
	put_vkey(k, origin, NOTE_LOG, out);
	key_free(k);
	for (unsigned i = 0; i < witnesses; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "w%u.example", i + 2);
		k = kit_key(KEY_WITNESS, (uint8_t)(i + 2));
		buf_putf(out, "witness w%u ", i + 2);
		put_vkey(k, name, NOTE_COSIGNATURE, out);
		key_free(k);
	}
	assert_int_equal(buf_error(out), SL_OK);
}
