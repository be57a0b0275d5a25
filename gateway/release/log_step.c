/* log_step.c - entries, tiles, checkpoint and proofs of one case.
 *
 * Hostile in the checker: tiles and note, which the releaser gives; both must follow from
 * the checker's own frontier and the case. */
#include "release/log_step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "release/tree.h"

static const char nothing[] =
	"0000000000000000000000000000000000000000000000000000000000000000";

void log_step_init(struct log_step *s)
{
	memset(s, 0, sizeof(*s));
	for (unsigned i = 0; i < LOG_STEP_MAX; i++)
		buf_init(&s->entry[i], LOG_ENTRY_MAX);
	buf_init(&s->text, NOTE_MAX);
	buf_init(&s->note, NOTE_MAX);
}

void log_step_release(struct log_step *s)
{
	for (unsigned i = 0; i < LOG_STEP_MAX; i++)
		buf_release(&s->entry[i]);
	buf_release(&s->text);
	buf_release(&s->note);
}

static int add(struct log_step *s, const struct log_entry *e)
{
	struct buf *b = &s->entry[s->n];

	log_entry_write(e, b);
	merkle_leaf(b->data, b->len, s->leaf[s->n++]);
	return buf_error(b);
}

static int add_item(struct log_step *s, const struct delta_item *d)
{
	bool release = d->kind == FEED_RELEASE;
	struct log_entry e = {.kind = release ? LOG_RELEASE : LOG_NOTICE,
			      .version = d->version,
			      .serial = d->serial};

	memcpy(e.id, d->id, sizeof(e.id));
	memcpy(e.manifest_sha256, d->manifest.sha256, sizeof(e.manifest_sha256));
	memcpy(e.attest_sha256, release ? d->attest.sha256 : d->notice.sha256,
	       sizeof(e.attest_sha256));
	return add(s, &e);
}

static int add_mark(struct log_step *s, enum log_kind kind, const struct casefile_mark *m)
{
	struct log_entry e = {.kind = kind, .id = "-", .version = m->version};

	if (m->version == 0)
		return SL_OK;
	memcpy(e.manifest_sha256, m->sha256, sizeof(e.manifest_sha256));
	memcpy(e.attest_sha256, nothing, sizeof(e.attest_sha256));
	return add(s, &e);
}

static int add_ended(struct log_step *s, const struct casefile *c)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->ended.n && r == SL_OK; i++) {
		struct log_entry e;

		log_entry_key(c->ended.id[i], c->policy.version, c->policy.sha256, &e);
		r = add(s, &e);
	}
	return r;
}

static int write_text(struct log_step *s, const char *origin)
{
	struct tlog_checkpoint c = {.size = s->after.size};

	(void)snprintf(c.origin, sizeof(c.origin), "%s", origin);
	merkle_root(&s->after, c.root);
	tlog_checkpoint_write(&c, &s->text);
	return buf_error(&s->text);
}

static int append(struct log_step *s, const struct tlog_reader *old,
		  int (*put)(void *arg, const char *path, const void *bytes, size_t len),
		  void *arg)
{
	struct tlog_entry *entries = calloc(s->n + 1u, sizeof(*entries));
	int r;

	if (entries == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < s->n; i++)
		entries[i] = (struct tlog_entry){s->entry[i].data, s->entry[i].len};
	r = tlog_append(old, &s->before, entries, s->n, put, arg, &s->after);
	free(entries);
	return r;
}

int log_step_take(struct log_step *s, const struct casefile *c, const char *origin,
		  const struct merkle_frontier *before, const struct tlog_reader *old,
		  int (*put)(void *arg, const char *path, const void *bytes, size_t len),
		  void *arg)
{
	int r = SL_OK;

	s->before = *before;
	for (unsigned i = 0; i < c->n && r == SL_OK; i++)
		r = add_item(s, &c->items[i].delta);
	if (r == SL_OK)
		r = add_mark(s, LOG_ROOT, &c->root);
	if (r == SL_OK)
		r = add_mark(s, LOG_POLICY, &c->policy);
	if (r == SL_OK)
		r = add_ended(s, c);
	if (r == SL_OK)
		r = add_mark(s, LOG_ANCHOR, &c->anchor);
	if (r == SL_OK)
		r = append(s, old, put, arg);
	return r == SL_OK ? write_text(s, origin) : r;
}

int log_step_note(struct log_step *s, const struct buf *note, const struct note_key *log,
		  struct sl_why *why)
{
	size_t len = 0;
	int r = note_text(note->data, note->len, &len);

	if (r == SL_OK && (len != s->text.len || memcmp(note->data, s->text.data, len) != 0))
		return why_set(why, SL_E_DENIED,
			       "the checkpoint says something else than the entries");
	if (r == SL_OK)
		r = note_verify(note->data, note->len, log, NULL);
	if (r != SL_OK)
		return why_set(why, SL_E_SIGNATURE, "the checkpoint is not signed by the log");
	buf_clear(&s->note);
	buf_put(&s->note, note->data, note->len);
	return buf_error(&s->note);
}

void log_step_cosigned(struct log_step *s, const char *line)
{
	buf_puts(&s->note, line);
	buf_puts(&s->note, "\n");
}

int log_step_proof(const struct log_step *s, unsigned i, struct buf *out)
{
	uint8_t hash[MERKLE_PROOF_MAX][HASH_LEN];
	unsigned n = merkle_prove_new(
		&s->before, (const uint8_t(*)[HASH_LEN])(uintptr_t)s->leaf, s->n, i, hash);

	tlog_proof_write(s->before.size + i, (const uint8_t(*)[HASH_LEN])hash, n, s->note.data,
			 s->note.len, out);
	return buf_error(out);
}

int log_step_proofs(const struct log_step *s, const struct casefile *c,
		    struct casefile_proofs *ret)
{
	int r = SL_OK;

	memset(ret, 0, sizeof(*ret));
	hash_hex(s->note.data, s->note.len, ret->checkpoint.sha256);
	ret->checkpoint.length = (int64_t)s->note.len;
	for (unsigned i = 0; i < c->n && r == SL_OK && c->kind == CASEFILE_RELEASE; i++) {
		struct buf b;

		buf_init(&b, TLOG_PROOF_MAX);
		r = log_step_proof(s, i, &b);
		if (r == SL_OK)
			hash_hex(b.data, b.len, ret->proof[i].sha256);
		ret->proof[i].length = (int64_t)b.len;
		buf_release(&b);
	}
	return r;
}

static int read_file(void *arg, const char *path, size_t max, struct buf *out)
{
	const struct log_dir *d = arg;
	char whole[TLOG_PATH_MAX + 8];
	size_t from = out->len;
	int r;

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	r = file_read(d->dirfd, whole, max, out);
	if (r == SL_OK && d->copy_fd >= 0)
		r = tree_put(d->copy_fd, whole, out->data + from, out->len - from);
	return r;
}

struct tlog_reader log_dir_reader(struct log_dir *d)
{
	return (struct tlog_reader){.read = read_file, .arg = d};
}
