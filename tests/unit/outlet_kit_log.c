/* outlet_kit_log.c - the release log of the kit's repository, with one witness. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "outlet_kit.h"

static const char origin[] = "kit.example/release-log", name[] = "kit.example/checker";

void okit_put_witness(struct okit *k)
{
	struct note_key key;
	struct buf b;

	buf_init(&b, 4096);
	buf_puts(&b, "log ");
	assert_int_equal(note_key_make(origin, NOTE_LOG, key_public(k->log), &key), SL_OK);
	note_key_write(&key, &b);
	buf_puts(&b, "\nwitness checker ");
	assert_int_equal(note_key_make(name, NOTE_COSIGNATURE, key_public(k->witness), &key),
			 SL_OK);
	note_key_write(&key, &b);
	buf_puts(&b, "\nquorum checker\n");
	okit_put_target(k, k->policy_targets, "policy/witness-policy.txt", &b);
	buf_release(&b);
}

void okit_log(struct okit *k, const char *id, int64_t version, enum log_kind kind,
	      const char *manifest, const char *attest)
{
	struct log_entry *e = &k->logged[k->n_logged++];

	assert_true(k->n_logged <= OKIT_LOGGED_MAX);
	*e = (struct log_entry){.kind = kind, .version = version};
	e->serial = kind == LOG_POLICY ? 0 : k->head.next_serial;
	(void)snprintf(e->id, sizeof(e->id), "%s", id);
	(void)snprintf(e->manifest_sha256, sizeof(e->manifest_sha256), "%s", manifest);
	(void)snprintf(e->attest_sha256, sizeof(e->attest_sha256), "%s", attest);
}

static int read_tile(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct okit *k = arg;
	char whole[TLOG_PATH_MAX + 8];

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	return file_read(k->tree, whole, max, out);
}

static int put_tile(void *arg, const char *path, const void *bytes, size_t len)
{
	char whole[TLOG_PATH_MAX + 8];

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	okit_put(arg, whole, bytes, len);
	return SL_OK;
}

static void make_checkpoint(struct okit *k, struct buf *note)
{
	struct tlog_checkpoint c = {.size = k->frontier.size};
	struct buf text;

	(void)snprintf(c.origin, sizeof(c.origin), "%s", origin);
	merkle_root(&k->frontier, c.root);
	buf_init(&text, NOTE_MAX);
	tlog_checkpoint_write(&c, &text);
	assert_int_equal(note_sign(k->log, origin, text.data, text.len, note), SL_OK);
	assert_int_equal(note_cosign(k->witness, name, k->now, note), SL_OK);
	okit_put_target(k, k->feed_targets, "log/checkpoint", note);
	okit_put(k, "log/checkpoint", note->data, note->len);
	k->feed_dirty = true;
	buf_release(&text);
}

void okit_put_checkpoint(struct okit *k)
{
	struct buf note;

	buf_init(&note, NOTE_MAX);
	make_checkpoint(k, &note);
	buf_release(&note);
}

static void put_proof(struct okit *k, const struct merkle_frontier *before,
		      const uint8_t (*leaves)[HASH_LEN], unsigned i, const struct buf *note)
{
	uint8_t hash[MERKLE_PROOF_MAX][HASH_LEN];
	const struct log_entry *e = &k->logged[i];
	char path[256], set[LAYOUT_ROLE_MAX];
	struct buf b;
	unsigned n;

	if (e->kind != LOG_RELEASE)
		return;
	layout_release_role(e->id, set);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/manifest.json", e->id,
		       e->version);
	if (json_object_get(okit_set(k, set)->targets, path) == NULL)
		return; /* recalled before it was ever shown */
	n = merkle_prove_new(before, leaves, k->n_logged, i, hash);
	buf_init(&b, TLOG_PROOF_MAX);
	tlog_proof_write(before->size + i, (const uint8_t(*)[HASH_LEN])hash, n, note->data,
			 note->len, &b);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/log.tlog-proof", e->id,
		       e->version);
	okit_put_target(k, okit_set(k, set)->targets, path, &b);
	buf_release(&b);
}

void okit_put_log(struct okit *k)
{
	const struct tlog_reader tiles = {.read = read_tile, .arg = k};
	struct tlog_entry *entries = calloc(OKIT_LOGGED_MAX, sizeof(*entries));
	uint8_t(*leaves)[HASH_LEN] = calloc(OKIT_LOGGED_MAX, sizeof(*leaves));
	struct buf *b = calloc(OKIT_LOGGED_MAX, sizeof(*b)), note;
	struct merkle_frontier before = k->frontier;

	assert_true(entries != NULL && leaves != NULL && b != NULL);
	for (unsigned i = 0; i < k->n_logged; i++) {
		buf_init(&b[i], LOG_ENTRY_MAX);
		log_entry_write(&k->logged[i], &b[i]);
		entries[i] = (struct tlog_entry){b[i].data, b[i].len};
		merkle_leaf(b[i].data, b[i].len, leaves[i]);
	}
	buf_init(&note, NOTE_MAX);
	if (k->n_logged > 0) {
		assert_int_equal(tlog_append(&tiles, &before, entries, k->n_logged, put_tile, k,
					     &k->frontier),
				 SL_OK);
		make_checkpoint(k, &note);
	}
	for (unsigned i = 0; i < k->n_logged; i++) {
		put_proof(k, &before, (const uint8_t(*)[HASH_LEN])leaves, i, &note);
		buf_release(&b[i]);
	}
	k->n_logged = 0;
	buf_release(&note);
	free(entries);
	free(leaves);
	free(b);
}
