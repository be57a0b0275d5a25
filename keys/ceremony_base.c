/* ceremony_base.c - what is in force goes onto the medium beside what shall be.
 *
 * Hostile: the repository's files; ceremony_check proves them again from the medium. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "keys/ceremony_init.h"

enum { NAMES_MAX = 100000, SUMMARY_MAX = 1 << 20 };

void ceremony_base_init(struct ceremony_base *b)
{
	memset(b, 0, sizeof(*b));
	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		buf_init(&b->bytes[d], TUF_TARGETS_MAX);
	buf_init(&b->policy, JSON_SIGNED_MAX);
}

void ceremony_base_release(struct ceremony_base *b)
{
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		tuf_free(b->meta[d]);
		buf_release(&b->bytes[d]);
	}
	buf_release(&b->policy);
	roster_free(b->roster);
}

static int see_name(const char *name, void *arg)
{
	uint64_t *newest = arg, v;
	const char *dot = strchr(name, '.');
	char want[32];

	if (dot == NULL || !text_to_u64(name, (size_t)(dot - name), INT64_MAX, &v))
		return SL_OK;
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		(void)snprintf(want, sizeof(want), ".%s.json",
			       ceremony_doc_name((enum ceremony_doc)d));
		if (strcmp(dot, want) == 0 && v > newest[d])
			newest[d] = v;
	}
	return SL_OK;
}

static int load(int dirfd, const char *path, const char *type, struct buf *bytes,
		struct tuf_meta **ret_m, struct sl_why *why)
{
	int r;

	buf_clear(bytes);
	r = file_read(dirfd, path, TUF_TARGETS_MAX, bytes);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	r = tuf_parse(bytes->data, bytes->len, type, ret_m, why);
	return r == SL_OK ? r : why_prefix(why, r, "%s", path);
}

static int step(const struct tuf_meta *by, const struct tuf_meta *next, struct sl_why *why)
{
	struct tuf_role role;
	int r = tuf_role_of_root(by, "root", &role, why);

	return r == SL_OK ? tuf_verify(next, &role, why) : r;
}

/* From the root that this person trusts to the newest, one signature chain. */
static int walk(int dirfd, const char *trusted, int64_t newest, struct sl_why *why)
{
	struct tuf_meta *at = NULL, *next = NULL;
	char path[64];
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = load(AT_FDCWD, trusted, "root", &b, &at, why);
	if (r == SL_OK && at->version > newest)
		r = why_set(why, SL_E_REPLAY,
			    _("%s has version %lld, the repository only %lld: it is too old"),
			    trusted, (long long)at->version, (long long)newest);
	while (r == SL_OK && at->version < newest) {
		(void)snprintf(path, sizeof(path), "metadata/%lld.root.json",
			       (long long)at->version + 1);
		r = load(dirfd, path, "root", &b, &next, why);
		if (r == SL_OK)
			r = step(at, next, why);
		if (r == SL_OK && next->version != at->version + 1)
			r = why_set(why, SL_E_FORMAT, "%s", path);
		tuf_free(at);
		at = next;
		next = NULL;
	}
	if (r == SL_OK) { /* the one at hand is the repository's own */
		(void)snprintf(path, sizeof(path), "metadata/%lld.root.json",
			       (long long)newest);
		r = load(dirfd, path, "root", &b, &next, why);
		if (r == SL_OK && memcmp(next->sha256, at->sha256, HASH_LEN) != 0)
			r = why_set(why, SL_E_SIGNATURE,
				    _("%s is not the root of this repository"), trusted);
	}
	tuf_free(at);
	tuf_free(next);
	buf_release(&b);
	return r;
}

static int read_newest(int dirfd, struct ceremony_base *b, const uint64_t *newest,
		       struct sl_why *why)
{
	char path[64];
	int r = SL_OK;

	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++) {
		const char *name = ceremony_doc_name((enum ceremony_doc)d);

		(void)snprintf(path, sizeof(path), "metadata/%llu.%s.json",
			       (unsigned long long)newest[d], name);
		r = load(dirfd, path, d == CEREMONY_ROOT ? "root" : "targets", &b->bytes[d],
			 &b->meta[d], why);
	}
	if (r == SL_OK) {
		r = file_read(dirfd, "approval-policy.json", JSON_SIGNED_MAX, &b->policy);
		if (r != SL_OK)
			return why_set(why, r, "approval-policy.json: %s", _(sl_strerror(r)));
		r = roster_parse(b->policy.data, b->policy.len, &b->roster, why);
	}
	return r;
}

int ceremony_base_read(const char *repository, const char *trusted, struct ceremony_base *b,
		       struct sl_why *why)
{
	uint64_t newest[CEREMONY_DOCS] = {0};
	int dir = file_open_dir(AT_FDCWD, repository), metadata = -1, r = dir;

	if (r >= 0) {
		metadata = file_open_dir(dir, "metadata");
		r = metadata;
	}
	if (r < 0) {
		(void)why_set(why, r, "%s/metadata: %s", repository, _(sl_strerror(r)));
		goto out;
	}
	r = file_each(metadata, NAMES_MAX, see_name, newest);
	if (r == SL_OK && trusted != NULL)
		r = walk(dir, trusted, (int64_t)newest[CEREMONY_ROOT], why);
	if (r == SL_OK)
		r = read_newest(dir, b, newest, why);
out:
	file_close(metadata);
	file_close(dir);
	return r;
}

static int put(int fd, const char *folder, const char *name, const void *bytes, size_t len,
	       struct sl_why *why)
{
	int dir = file_open_dir(fd, folder), r = dir;

	if (r >= 0)
		r = file_write_durable(dir, name, bytes, len, 0644);
	file_close(dir);
	return r == SL_OK ? r : why_set(why, r, "%s/%s: %s", folder, name, _(sl_strerror(r)));
}

static int put_new(int fd, const char *name, json_t *body, struct sl_why *why)
{
	json_t *envelope = json_pack("{s:[],s:O}", "signatures", "signed", body);
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = envelope == NULL ? SL_E_NOMEM : json_canonical(envelope, &b);
	if (r == SL_OK)
		r = put(fd, "new", name, b.data, b.len, why);
	buf_release(&b);
	json_decref(envelope);
	return r;
}

static int open_empty(const char *dir, struct sl_why *why)
{
	static const char *const names[] = {"old", "new", "signatures", "result"};
	int r = file_mkdirs(dir, 0755), fd = r == SL_OK ? file_open_dir(AT_FDCWD, dir) : r;

	if (fd < 0)
		return why_set(why, fd, "%s: %s", dir, _(sl_strerror(fd)));
	for (unsigned i = 0; i < 4; i++) {
		if (file_exists(fd, names[i])) {
			file_close(fd);
			return why_set(why, SL_E_EXISTS,
				       _("%s holds a ceremony already; use an empty folder"),
				       dir);
		}
	}
	(void)mkdirat(fd, "old", 0755); /* writing into them says what is wrong */
	(void)mkdirat(fd, "new", 0755);
	(void)mkdirat(fd, "new/files", 0755);
	(void)mkdirat(fd, "signatures", 0755);
	return fd;
}

int ceremony_base_write(const char *dir, const struct ceremony_base *b,
			json_t *const new[CEREMONY_DOCS], const struct buf *approval_policy,
			const struct ceremony_file *file, unsigned n_file, struct sl_why *why)
{
	int fd = open_empty(dir, why), r = fd < 0 ? fd : SL_OK;

	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "%s.json",
			       ceremony_doc_name((enum ceremony_doc)d));
		if (b->meta[d] != NULL)
			r = put(fd, "old", name, b->bytes[d].data, b->bytes[d].len, why);
		if (r == SL_OK && new[d] != NULL)
			r = put_new(fd, name, new[d], why);
	}
	if (r == SL_OK && b->roster != NULL)
		r = put(fd, "old", "approval-policy.json", b->policy.data, b->policy.len, why);
	if (r == SL_OK && approval_policy != NULL)
		r = put(fd, "new", "approval-policy.json", approval_policy->data,
			approval_policy->len, why);
	for (unsigned i = 0; i < n_file && r == SL_OK; i++)
		r = put(fd, "new/files", file[i].name, file[i].bytes->data, file[i].bytes->len,
			why);
	file_close(fd);
	return r;
}

int ceremony_base_summary(const struct ceremony *c, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, SUMMARY_MAX);
	buf_puts(&b, "For reading only: \"sluice-keys ceremony sign\" computes what it shows "
		     "from the files themselves.\n"
		     "仅供阅读：签署时所显示的内容由程序从文件本身重新计算。\n\n");
	ceremony_summary(c, CEREMONY_EN, &b);
	buf_puts(&b, "\n\n");
	ceremony_summary(c, CEREMONY_ZH, &b);
	r = buf_error(&b);
	if (r == SL_OK)
		r = file_write_durable(c->fd, "SUMMARY.txt", b.data, b.len, 0644);
	buf_release(&b);
	return r == SL_OK ? r : why_set(why, r, "SUMMARY.txt: %s", _(sl_strerror(r)));
}
