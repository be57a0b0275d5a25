/* cost_grow.c - a repository of many releases, made without their packages.
 *
 * Metadata, feed pages and log are computed by the same functions as in the line
 * (casefile_expect, log_step_take), one case per 64 items, and signed once at the end;
 * manifests and envelopes of old releases play no part in the cost of the next one. */
#include "cost.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "release/log_signed.h"
#include "release/log_step.h"
#include "trust/tuf_writer.h"

enum { ROLES_MAX = 5000, HALF_SET = 50 };

#define CHANNEL "official-site"

struct grown { /* a role as it is now */
	char name[LAYOUT_ROLE_MAX];
	json_t *body;
	int64_t version;
};
struct world {
	struct kit *k;
	struct line *l;
	struct grown role[ROLES_MAX];
	unsigned n;
	struct feed_page head;
	struct merkle_frontier log;
	struct delta_keys keys;
	struct buf head_bytes, text;
	int64_t made;
};

static struct grown *find(struct world *w, const char *name)
{
	for (unsigned i = w->n; i-- > 0;) {
		if (strcmp(w->role[i].name, name) == 0)
			return &w->role[i];
	}
	return NULL;
}

static bool has(void *arg, const char *role)
{
	return find(arg, role) != NULL;
}

static int each(void *arg, int (*fn)(void *to, const char *role), void *to)
{
	(void)arg;
	(void)fn;
	(void)to;
	return SL_E_UNSUPPORTED;
}

static struct tuf_meta *meta_of(const struct grown *g)
{
	struct tuf_meta *m = calloc(1, sizeof(*m));

	if (m == NULL || g == NULL)
		abort();
	m->json = json_pack("{s:O}", "signed", g->body);
	m->body = json_obj(m->json, "signed");
	m->version = g->version;
	return m;
}

static void keep(struct world *w, const struct delta_role *r)
{
	struct grown *g = find(w, r->name);

	if (g == NULL) {
		g = &w->role[w->n++];
		cost_must(w->n <= ROLES_MAX ? SL_OK : SL_E_LIMIT, "roles");
		memcpy(g->name, r->name, sizeof(g->name));
	} else {
		json_decref(g->body);
	}
	g->body = json_incref(r->body);
	g->version = r->version;
}

/* Long ago: a recall carries along what is new. */
static void write_plain(int dirfd, const char *path, const void *bytes, size_t len)
{
	const struct timespec then = {.tv_sec = clock_now() - 7 * 86400};
	const struct timespec times[2] = {then, then};
	char dir[TREE_PATH_MAX];

	(void)snprintf(dir, sizeof(dir), "%s", path);
	for (char *p = strchr(dir, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdirat(dirfd, dir, 0755);
		*p = '/';
	}
	{
		int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

		cost_must(fd < 0 ? SL_E_IO : file_write_all(fd, bytes, len), path);
		cost_must(futimens(fd, times) == 0 ? SL_OK : SL_E_IO, path);
		file_close(fd);
	}
}

static int put_tile(void *arg, const char *path, const void *bytes, size_t len)
{
	char whole[TLOG_PATH_MAX + 8];

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	write_plain(*(int *)arg, whole, bytes, len);
	return SL_OK;
}

static void fake(struct casefile_item *it, const char *id, int64_t serial, uint32_t number)
{
	struct delta_item *d = &it->delta;

	*d = (struct delta_item){.kind = FEED_RELEASE,
				 .version = 1,
				 .serial = serial,
				 .channel = {{CHANNEL, number}},
				 .n_channels = 1};
	(void)snprintf(d->id, sizeof(d->id), "%s", id);
	hash_hex(id, strlen(id), d->manifest.sha256);
	hash_hex(d->manifest.sha256, 64, d->attest.sha256);
	d->manifest.length = 900;
	d->attest.length = 6000;
}

static void step(struct world *w, struct casefile *c)
{
	const struct delta_known known = {.has = has, .each = each, .arg = w};
	struct casefile_proofs *proofs = calloc(1, sizeof(*proofs));
	struct log_step *s = calloc(1, sizeof(*s));
	struct log_dir dir = {.dirfd = w->l->f.repo_fd, .copy_fd = -1};
	struct tlog_reader tiles = log_dir_reader(&dir);
	struct sl_why why = {.text = ""};
	struct delta d;
	char path[DELTA_FILE_MAX];

	log_step_init(s);
	delta_init(&d);
	d.head = w->head;
	cost_must(log_step_take(s, c, tlog_policy_log(w->k->chain->witness)->name, &w->log,
				&tiles, put_tile, &w->l->f.repo_fd),
		  "log");
	cost_must(log_step_proofs(s, c, proofs), "proofs");
	cost_must(casefile_touch(c, &known, &d), "touch");
	for (unsigned i = 0; i < d.n; i++) {
		if (!d.role[i].begins)
			d.role[i].before = meta_of(find(w, d.role[i].name));
	}
	cost_must(casefile_expect(c, &w->keys, proofs, &d, &why), why.text);
	for (unsigned i = 0; i < d.n; i++)
		keep(w, &d.role[i]);
	if (d.page_bytes.len > 0) {
		delta_page_path(d.page, &d.page_bytes, path);
		write_plain(w->l->f.repo_fd, path, d.page_bytes.data, d.page_bytes.len);
	}
	w->head = d.head;
	w->log = s->after;
	buf_clear(&w->head_bytes);
	buf_put(&w->head_bytes, d.head_bytes.data, d.head_bytes.len);
	buf_clear(&w->text);
	buf_put(&w->text, s->text.data, s->text.len);
	delta_release(&d);
	log_step_release(s);
	free(s);
	free(proofs);
}

unsigned cost_near(unsigned n)
{
	return n / TLOG_TILE * TLOG_TILE + TLOG_TILE / 2;
}

/* Releases of earlier years, 11,000 a year as the first user has; then half of the set that
 * the next real one falls into. */
static void name_of(unsigned i, unsigned n, char id[32])
{
	bool last = n - i <= HALF_SET;

	(void)snprintf(id, 32, "R-%04u-%06u", last ? 2026 : 2000 + i / 11000,
		       last ? 2 * HALF_SET - (n - i) : i % 11000);
}

void cost_manifests(int tree_fd, unsigned n)
{
	struct buf b;

	buf_init(&b, MANIFEST_MAX);
	for (unsigned i = 0; i < n; i++) {
		char id[32], path[DELTA_FILE_MAX], hex[65];

		name_of(i, n, id);
		hash_hex(id, strlen(id), hex);
		buf_clear(&b);
		buf_putf(&b,
			 "{\"blobs\":[{\"length\":900,\"name\":\"a\",\"sha256\":\"%s\"}],"
			 "\"id\":\"%s\",\"title\":\"%800s\"}",
			 hex, id, "");
		(void)snprintf(path, sizeof(path), "targets/rel/%s/1/%s.manifest.json", id,
			       hex);
		write_plain(tree_fd, path, b.data, b.len);
	}
	buf_release(&b);
}

static void grow(struct world *w, unsigned n)
{
	struct casefile *c = calloc(1, sizeof(*c));

	for (unsigned done = 0; done < n;) {
		int at = feed_channels_add(&w->head.channels, CHANNEL);

		cost_must(at < 0 ? at : SL_OK, "channel");
		c->kind = CASEFILE_RELEASE;
		c->time = clock_now();
		c->log_size = (int64_t)w->log.size;
		for (c->n = 0; c->n < DELTA_ITEMS_MAX && done < n; c->n++, done++) {
			char id[32];

			name_of(done, n, id);
			fake(&c->items[c->n], id, w->head.next_serial + c->n,
			     w->head.channels.next[at] + c->n);
		}
		step(w, c);
	}
	free(c);
}

static void put_signed(struct world *w, const char *path, json_t *body, const struct key *a,
		       const struct key *b)
{
	json_t *e = tuf_envelope_new(body);
	struct buf out;

	buf_init(&out, TUF_TARGETS_MAX);
	cost_must(tuf_add_signature(e, a), path);
	if (b != NULL)
		cost_must(tuf_add_signature(e, b), path);
	cost_must(json_canonical(e, &out), path);
	write_plain(w->l->f.repo_fd, path, out.data, out.len);
	json_decref(e);
	buf_release(&out);
}

/* The checkpoint, signed and cosigned; in the feed, in log/ and in both memories. */
static void put_checkpoint(struct world *w)
{
	const struct tlog_policy *p = w->k->chain->witness;
	const struct key *witness = w->k->key[KIT_WITNESS];
	const struct grown *feed = find(w, "feed");
	json_t *targets = feed == NULL ? NULL : json_object_get(feed->body, "targets");
	uint8_t digest[HASH_LEN];
	char path[DELTA_FILE_MAX], hex[65];
	struct buf note;

	buf_init(&note, NOTE_MAX);
	cost_must(note_sign(w->l->keys.log, tlog_policy_log(p)->name, w->text.data, w->text.len,
			    &note),
		  "note");
	cost_must(note_cosign(witness, tlog_policy_witness(p, key_public(witness))->name,
			      clock_now(), &note),
		  "cosignature");
	hash_bytes(note.data, note.len, digest);
	hash_hex(note.data, note.len, hex);
	tuf_target_put(targets, "log/checkpoint", digest, note.len);
	delta_file_path("log/checkpoint", hex, path);
	write_plain(w->l->f.repo_fd, path, note.data, note.len);
	write_plain(w->l->f.repo_fd, "log/checkpoint", note.data, note.len);
	cost_must(log_signed_save(w->l->f.release_fd, w->l->f.signed_fd, &note), "log-signed");
	buf_release(&note);
}

static void put_roles(struct world *w, json_t *meta, struct verify_state *s)
{
	for (unsigned i = 0; i < w->n; i++) {
		struct grown *g = &w->role[i];
		bool rel = strcmp(layout_keeper(g->name), "rel") == 0;
		struct verify_signed *e = &s->list[s->n++];
		char path[REPO_ROLE_PATH], file[64];
		struct buf b;

		repo_role_path(g->name, g->version, path);
		put_signed(w, path, g->body, rel ? w->l->keys.own.rel : w->l->keys.own.feed,
			   rel ? w->k->checker.rel : w->k->checker.feed);
		(void)snprintf(file, sizeof(file), "%s.json", g->name);
		tuf_meta_put(meta, file, g->version, NULL, 0);
		buf_init(&b, TUF_TARGETS_MAX);
		cost_must(json_canonical(g->body, &b), "body");
		memcpy(e->role, g->name, sizeof(e->role));
		e->version = g->version;
		hash_hex(b.data, b.len, e->sha256);
		if (e->version > 1)
			memcpy(e->before, e->sha256, sizeof(e->before));
		buf_release(&b);
	}
}

/* Snapshot and timestamp of case `number`. */
static void put_tops(struct world *w, json_t *meta, int64_t number)
{
	const int64_t version = w->l->repo->snapshot->version + 1, now = clock_now();
	char path[64];
	struct tuf_meta *m = NULL;
	struct buf b;

	(void)snprintf(path, sizeof(path), "metadata/%lld.snapshot.json", (long long)version);
	put_signed(w, path, tuf_snapshot_body(version, now + FINISH_SNAPSHOT_S, meta),
		   w->l->keys.snapshot, NULL);
	buf_init(&b, TUF_SNAPSHOT_MAX);
	cost_must(file_read(w->l->f.repo_fd, path, TUF_SNAPSHOT_MAX, &b), path);
	cost_must(tuf_parse(b.data, b.len, "snapshot", &m, NULL), path);
	put_signed(w, "metadata/timestamp.json",
		   tuf_timestamp_body(number, now + FINISH_TIMESTAMP_S, version, m->sha256,
				      m->length),
		   w->l->keys.timestamp, NULL);
	tuf_free(m);
	buf_release(&b);
}

static void remember(struct world *w, struct verify_state *next, int64_t number)
{
	struct verify_state s, last;
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/checker", w->k->c->data);
	fd = file_open_dir(AT_FDCWD, path);
	cost_must(verify_state_load(fd, &s), "state");
	next->dirfd = fd;
	next->number = number - 1;
	next->log = s.log;
	next->log.tree = w->log;
	next->log_before = next->log;
	last = *next;
	last.list = NULL;
	last.n = 0;
	last.number = number;
	cost_must(verify_state_save(&s, next), "state");
	cost_must(verify_state_save(&s, &last), "state");
	verify_state_release(&s);
	file_close(fd);
}

static void load(struct world *w)
{
	static const char *const names[] = {"feed", "rel"};
	struct tlog_checkpoint c;
	struct log_dir dir = {.dirfd = w->l->f.repo_fd, .copy_fd = -1};
	struct tlog_reader tiles = log_dir_reader(&dir);
	struct buf b;

	for (unsigned i = 0; i < 2; i++) {
		struct tuf_meta *m = NULL;

		cost_must(repo_role(w->l->repo, names[i], &m, NULL), names[i]);
		(void)snprintf(w->role[i].name, sizeof(w->role[i].name), "%s", names[i]);
		w->role[i].body = json_deep_copy(m->body);
		w->role[i].version = m->version;
		if (i == 0) {
			buf_init(&b, JSON_SIGNED_MAX);
			cost_must(repo_head(w->l->repo, m, &w->head, &b, NULL), "head");
			buf_release(&b);
		}
		tuf_free(m);
	}
	w->n = 2;
	cost_must(delta_keys_load(w->k->chain->targets, &w->keys, NULL), "keys");
	cost_must(log_signed_load(w->l->f.release_fd, w->l->f.signed_fd, w->k->chain->witness,
				  &c, NULL),
		  "log-signed");
	cost_must(tlog_frontier(&tiles, c.size, &w->log), "tiles");
}

void cost_grow(struct kit *k, struct line *l, unsigned n)
{
	struct world *w = calloc(1, sizeof(*w));
	struct verify_state s = {.n = 0};
	const int64_t number = repo_number(l->repo) + 2;
	char path[DELTA_FILE_MAX];
	json_t *meta;

	cost_must(w == NULL ? SL_E_NOMEM : SL_OK, "memory");
	w->k = k;
	w->l = l;
	buf_init(&w->head_bytes, JSON_SIGNED_MAX);
	buf_init(&w->text, NOTE_MAX);
	load(w);
	grow(w, n);
	put_checkpoint(w);
	delta_page_path("head", &w->head_bytes, path);
	write_plain(l->f.repo_fd, path, w->head_bytes.data, w->head_bytes.len);
	meta = json_deep_copy(json_obj(l->repo->snapshot->body, "meta"));
	s.list = calloc(w->n, sizeof(*s.list));
	put_roles(w, meta, &s);
	put_tops(w, meta, number);
	remember(w, &s, number);
	json_decref(meta);
	for (unsigned i = 0; i < w->n; i++)
		json_decref(w->role[i].body);
	buf_release(&w->head_bytes);
	buf_release(&w->text);
	free(w);
}
