/* cost.c N - what one more release costs in a repository of N releases, and its recall:
 * releaser and checker, transfer unit, outlet, platform.  Prints "measure value unit" lines. */
#include "cost.h"

#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "outlet/dossier.h"
#include "outlet/install.h"
#include "trust/tuf_client.h"

enum { ROUNDS = 5 };

struct gauge { /* what this process did between start and stop */
	struct timespec wall, cpu;
	uint64_t written;
};

void cost_must(int r, const char *what)
{
	if (r == SL_OK)
		return;
	(void)fprintf(stderr, "cost: %s: %s\n", what, sl_strerror(r));
	exit(1);
}

static uint64_t number_in(const char *path, const char *name)
{
	unsigned long long v = 0;
	FILE *f = fopen(path, "re");
	char line[256];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0)
			v = strtoull(line + strlen(name), NULL, 10);
	}
	if (f != NULL)
		(void)fclose(f);
	return v;
}

static void start(struct gauge *g)
{
	(void)clock_gettime(CLOCK_MONOTONIC, &g->wall);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &g->cpu);
	g->written = number_in("/proc/self/io", "wchar: ");
}

static void reset_peak(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "we");

	cost_must(f != NULL && fputs("5", f) >= 0 && fclose(f) == 0 ? SL_OK : SL_E_IO,
		  "clear_refs");
}

static double ms(const struct timespec *a, const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) * 1e3 + (double)(b->tv_nsec - a->tv_nsec) / 1e6;
}

static void stop(const struct gauge *g, const char *what)
{
	struct gauge end;

	start(&end);
	(void)printf("%s.wall %.2f ms\n%s.cpu %.2f ms\n%s.written %llu bytes\n", what,
		     ms(&g->wall, &end.wall), what, ms(&g->cpu, &end.cpu), what,
		     (unsigned long long)(end.written - g->written));
}

static void copy(const char *from, const char *to)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		(void)execlp("cp", "cp", "-a", from, to, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(child, &status, 0);
	cost_must(status == 0 ? SL_OK : SL_E_IO, "cp");
}

static int open_dir(const struct kit *k, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", k->dir, name);
	cost_must(file_mkdirs(path, 0755), path);
	return file_open_dir(AT_FDCWD, path);
}

/* ---- the outlet ---- */

static void open_install(struct kit *k, struct install *in, unsigned n, struct buf *root,
			 struct key **link)
{
	char path[300], from[300];
	struct sl_why why = {.text = ""};
	enum key_use use;
	struct gauge g;

	(void)snprintf(from, sizeof(from), "%s/release/repo", k->c->data);
	(void)snprintf(path, sizeof(path), "%s/o", k->dir);
	cost_must(file_mkdirs(path, 0755), path);
	(void)snprintf(path, sizeof(path), "%s/o/tree", k->dir);
	copy(from, path);
	memset(in, 0, sizeof(*in));
	in->quarantine = open_dir(k, "o/quarantine");
	in->refused = open_dir(k, "o/quarantine/refused");
	in->state = open_dir(k, "o/state");
	in->status = open_dir(k, "o/status");
	in->tree = open_dir(k, "o/tree");
	(void)snprintf(in->work, sizeof(in->work), "%s/o/state/work", k->dir);
	(void)snprintf(path, sizeof(path), "%s/keys/link-outlet", k->dir);
	cost_must(key_load(path, KEY_LINK, NULL, link, &why), why.text);
	in->link = (struct sealed_keys){.key = {*link}, .n = 1};
	(void)snprintf(path, sizeof(path), "%s/keys/gateway.pub", k->dir);
	cost_must(key_read_public(path, in->signer, &use, &why), why.text);
	buf_init(root, TUF_ROOT_MAX);
	cost_must(file_read(AT_FDCWD, k->c->trust_root, TUF_ROOT_MAX, root), "root");
	in->root = root;
	progress_init(&in->progress);
	cost_manifests(in->tree, n);
	start(&g);
	cost_must(install_prepare(in, &why), why.text);
	stop(&g, "outlet.index");
}

static void take_unit(struct kit *k, struct install *in, int64_t number, uint8_t priority)
{
	struct spool_entry e = {.serial = number, .priority = priority};
	enum install_end end = INSTALL_IDLE;
	char name[SPOOL_NAME + 1];
	struct sl_why why = {.text = ""};
	int outbox;
	char path[300];

	spool_name(&e, name);
	(void)snprintf(path, sizeof(path), "%s/outbox", k->c->data);
	outbox = file_open_dir(AT_FDCWD, path);
	cost_must(renameat(outbox, name, in->quarantine, name) == 0 ? SL_OK : SL_E_IO, name);
	file_close(outbox);
	in->progress.next = number;
	cost_must(install_next(in, &end, &e, &why), why.text);
	cost_must(end == INSTALL_DONE ? SL_OK : SL_E_DENIED, in->last_refusal);
}

/* ---- the platform ---- */

struct tree {
	int fd;
	uint64_t bytes;
};

static int get(void *arg, const char *path, size_t max, struct buf *out)
{
	struct tree *t = arg;
	size_t before = out->len;
	int r = file_read(t->fd, path, max, out);

	t->bytes += r == SL_OK ? out->len - before : 0;
	return r;
}

static int get_tile(void *arg, const char *path, size_t max, struct buf *out)
{
	char whole[TLOG_PATH_MAX + 8];

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	return get(arg, whole, max, out);
}

static void fetch(struct tuf_client *c, const char *path, struct buf *out)
{
	struct sl_why why = {.text = ""};

	buf_init(out, 1 << 20);
	cost_must(tuf_client_download(c, path, 1 << 20, out, &why), why.text);
}

/* A look of a platform; `id`: one release is new, and the log was of `old_size`. */
static uint64_t look(struct kit *k, int tree_fd, const struct buf *root, const char *id,
		     uint64_t old_size)
{
	struct tree t = {.fd = tree_fd};
	const struct tuf_fetcher f = {.get = get, .arg = &t};
	const struct tlog_reader tiles = {.read = get_tile, .arg = &t};
	struct buf head, note, witness, policy, manifest, attest, proof;
	uint8_t hashes[MERKLE_PROOF_MAX][HASH_LEN];
	struct tlog_policy *p = NULL;
	struct tlog_checkpoint c;
	struct tuf_client *tuf = NULL;
	struct dossier d = {.manifest = NULL};
	struct sl_why why = {.text = ""};
	char dir[256], path[DOSSIER_PATH_MAX];
	struct gauge g;
	unsigned n;

	(void)snprintf(dir, sizeof(dir), "%s/platform", k->dir);
	cost_must(file_mkdirs(dir, 0755), dir);
	cost_must(tuf_client_open(dir, root->data, root->len, &f, &tuf, &why), why.text);
	cost_must(tuf_client_refresh(tuf, clock_now(), &why), why.text);
	if (id == NULL) {
		tuf_client_close(tuf);
		return t.bytes;
	}
	fetch(tuf, "policy/witness-policy.txt", &witness);
	fetch(tuf, "log/checkpoint", &note);
	cost_must(tlog_policy_parse(witness.data, witness.len, &p, &why), why.text);
	cost_must(tlog_policy_check(p, note.data, note.len, &c, &why), why.text);
	cost_must(tlog_prove_consistency(&tiles, old_size, c.size, hashes, &n), "consistency");
	fetch(tuf, "feed/head.json", &head);
	start(&g);
	dossier_path(id, 1, "manifest.json", path);
	fetch(tuf, path, &manifest);
	dossier_path(id, 1, "attest.intoto.jsonl", path);
	fetch(tuf, path, &attest);
	dossier_path(id, 1, "log.tlog-proof", path);
	fetch(tuf, path, &proof);
	fetch(tuf, "policy/approval-policy.json", &policy);
	cost_must(dossier_open(&manifest, &attest, &d, &why), why.text);
	cost_must(dossier_judge(&d, &policy, clock_now(), &why), why.text);
	cost_must(dossier_logged(&d, &manifest, &attest, &proof, p, &why), why.text);
	stop(&g, "platform.package");
	dossier_release(&d);
	tlog_policy_free(p);
	buf_release(&head);
	buf_release(&note);
	buf_release(&witness);
	buf_release(&policy);
	buf_release(&manifest);
	buf_release(&attest);
	buf_release(&proof);
	tuf_client_close(tuf);
	return t.bytes;
}

static uint64_t size_of(const struct kit *k, const char *dir, const char *name)
{
	char path[600];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/%s/%s", k->c->data, dir, name);
	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* And it is taken back. */
static void recall(struct kit *k, struct line *l, struct install *in, const struct kit_draft *d)
{
	char path[160];
	struct gauge g;

	(void)snprintf(path, sizeof(path), "blobs/%.2s/%s", d->blob, d->blob);
	cost_must(file_exists(in->tree, path) ? SL_OK : SL_E_NOTFOUND, path);
	kit_order(k, d, "withdraw");
	start(&g);
	kit_run(k, l);
	stop(&g, "gateway.recall");
	start(&g);
	take_unit(k, in, repo_number(l->repo), SPOOL_RECALL);
	stop(&g, "outlet.recall");
	cost_must(file_exists(in->tree, path) ? SL_E_STATE : SL_OK, path);
}

static void measure(struct kit *k, struct line *l, struct install *in, const struct buf *root)
{
	struct tlog_checkpoint before;
	struct kit_draft d;
	struct gauge g;
	char name[64];
	uint64_t quiet, news;

	(void)look(k, in->tree, root, NULL, 0);
	kit_approved(k, NULL, &d);
	cost_must(log_signed_load(l->f.release_fd, l->f.signed_fd, k->chain->witness, &before,
				  NULL),
		  "log-signed");
	start(&g);
	kit_run(k, l);
	stop(&g, "gateway.release");
	cost_must(kit_state(k, &d) == DRAFT_RELEASED ? SL_OK : SL_E_STATE, "release");
	(void)snprintf(name, sizeof(name), "%020" PRId64 ".5.unit", repo_number(l->repo));
	(void)printf("unit %" PRIu64 " bytes\n", size_of(k, "outbox", name));
	(void)snprintf(name, sizeof(name), "%" PRId64 ".snapshot.json",
		       l->repo->snapshot->version);
	(void)printf("unit.snapshot %" PRIu64 " bytes\n",
		     size_of(k, "release/repo/metadata", name));
	(void)snprintf(name, sizeof(name), "%" PRId64 ".rel.json",
		       repo_version(l->repo, "rel"));
	(void)printf("rel.json %" PRIu64 " bytes\n", size_of(k, "release/repo/metadata", name));
	start(&g);
	take_unit(k, in, repo_number(l->repo), SPOOL_NORMAL);
	stop(&g, "outlet.install");
	start(&g);
	news = look(k, in->tree, root, d.release, before.size);
	stop(&g, "platform.look");
	quiet = look(k, in->tree, root, NULL, 0);
	(void)printf("platform.quiet %" PRIu64 " bytes\nplatform.news %" PRIu64 " bytes\n",
		     quiet, news);
	recall(k, l, in, &d);
}

int main(int argc, char **argv)
{
	const char *base = getenv("BENCH_DIR");
	struct install *in = calloc(1, sizeof(*in));
	struct sl_why why = {.text = ""};
	struct key *link = NULL;
	struct buf root;
	struct line l;
	struct kit k;
	unsigned n;

	if (argc != 2 || in == NULL)
		return 2;
	log_init("cost", LOG_LEVEL_ERR);
	cost_must(crypto_start(), "crypto");
	kit_open_below(&k, base == NULL ? "/tmp" : base);
	cost_must(line_open(k.c, &l, &why), why.text);
	kit_run(&k, &l);
	n = cost_near((unsigned)strtoul(argv[1], NULL, 10));
	cost_grow(&k, &l, n);
	line_close(&l);
	cost_must(line_open(k.c, &l, &why), why.text);
	open_install(&k, in, n, &root, &link);
	/* What building all that took does not count: the peak begins here. */
	(void)malloc_trim(0);
	reset_peak();
	for (int i = 0; i < ROUNDS; i++)
		measure(&k, &l, in, &root);
	(void)printf("memory %" PRIu64 " KiB\n", number_in("/proc/self/status", "VmHWM:"));
	line_close(&l);
	install_forget(in);
	key_free(link);
	buf_release(&root);
	free(in);
	kit_close(&k);
	return 0;
}
