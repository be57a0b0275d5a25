/* build.c - case directory, metadata and our half of the signatures.
 *
 * Trusted: our own store and keys; every byte is checked against its digest all
 * the same, as the disk is not.  Invariant: a case appears under its number only
 * when it is complete and durable. */
#include "release/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "release/build_private.h"
#include "trust/tuf_writer.h"

int build_explain(struct sl_why *why, int r, const char *what)
{
	if (why != NULL && why->text[0] != '\0')
		return why_prefix(why, r, "%s", what);
	return why_set(why, r, "%s: %s", what, sl_strerror(r));
}

int build_begin(struct build *b, enum casefile_kind kind, struct sl_why *why)
{
	char number[CASEFILE_NAME + 1];
	struct tuf_meta *feed = NULL;
	struct feed_page *head = NULL;
	struct buf bytes;
	int r;

	b->case_fd = b->tree_fd = -1;
	memset(&b->c, 0, sizeof(b->c));
	b->files = (struct tree_list){.path = NULL};
	b->bytes = 0;
	b->c.kind = kind;
	b->c.number = repo_number(b->repo) + 1;
	b->next_serial = 1;
	casefile_name(b->c.number, number);
	(void)snprintf(b->name, sizeof(b->name), "%s.building", number);
	buf_init(&bytes, JSON_SIGNED_MAX);
	r = file_remove_tree(b->cases_fd, b->name);
	if (r == SL_OK && (mkdirat(b->cases_fd, b->name, 0700) != 0))
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = b->case_fd = file_open_dir(b->cases_fd, b->name);
	if (r >= 0 && mkdirat(b->case_fd, "tree", 0700) != 0)
		r = sl_err_errno(errno);
	if (r >= 0)
		r = b->tree_fd = file_open_dir(b->case_fd, "tree");
	if (r < 0)
		(void)why_set(why, r, "release/cases/%s: %s", b->name, sl_strerror(r));
	if (r >= 0 && b->repo != NULL) {
		head = calloc(1, sizeof(*head));
		r = head == NULL ? SL_E_NOMEM : repo_role(b->repo, DELTA_FEED, &feed, why);
		if (r == SL_OK)
			r = repo_head(b->repo, feed, head, &bytes, why);
		if (r == SL_OK)
			b->next_serial = head->next_serial;
	}
	tuf_free(feed);
	free(head);
	buf_release(&bytes);
	return r < 0 ? r : SL_OK;
}

void build_renew(struct build *b, uint32_t roles)
{
	b->c.renew = roles;
}

void build_end(struct build *b)
{
	tree_list_release(&b->files);
	file_close(b->tree_fd);
	file_close(b->case_fd);
	b->tree_fd = b->case_fd = -1;
	/* What cannot be removed now is removed at the next look into cases/. */
	if (b->name[0] != '\0' && file_remove_tree(b->cases_fd, b->name) != SL_OK)
		b->name[0] = '\0';
}

/* What was there before, for the checker to compare with its memory. */
static int write_before(struct build *b, uint32_t roles, struct tuf_meta *before[DELTA_ROLES],
			struct feed_page *head, struct sl_why *why)
{
	char path[64], name[64];
	struct buf bytes;
	int r = SL_OK;

	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) == 0)
			continue;
		r = repo_role(b->repo, k, &before[k], why);
		repo_role_path(k, b->repo->version[k], path);
		(void)snprintf(name, sizeof(name), "before/%s.json", delta_role_name(k));
		buf_init(&bytes, TUF_TARGETS_MAX);
		if (r == SL_OK)
			r = file_read(b->repo->fd, path, TUF_TARGETS_MAX, &bytes);
		if (r == SL_OK)
			r = tree_put(b->case_fd, name, bytes.data, bytes.len);
		buf_release(&bytes);
	}
	if (r != SL_OK || before[DELTA_FEED] == NULL)
		return r;
	buf_init(&bytes, JSON_SIGNED_MAX);
	r = repo_head(b->repo, before[DELTA_FEED], head, &bytes, why);
	if (r == SL_OK)
		r = tree_put(b->case_fd, "before/head.json", bytes.data, bytes.len);
	buf_release(&bytes);
	return r;
}

static int write_role(struct build *b, unsigned k, json_t *targets)
{
	int64_t version = b->repo == NULL ? 1 : b->repo->version[k] + 1;
	int64_t expires = b->now + (k == DELTA_FEED ? BUILD_FEED_S : BUILD_BIN_S);
	json_t *body = tuf_leaf_body(version, expires, targets),
	       *envelope = tuf_envelope_new(body);
	char path[64];
	struct buf bytes;
	int r = envelope == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&bytes, TUF_TARGETS_MAX);
	if (r == SL_OK)
		r = tuf_add_signature(envelope, k == DELTA_FEED ? b->keys->feed : b->keys->rel);
	if (r == SL_OK)
		r = json_canonical(envelope, &bytes);
	repo_role_path(k, version, path);
	if (r == SL_OK)
		r = tree_put(b->tree_fd, path, bytes.data, bytes.len);
	buf_release(&bytes);
	json_decref(envelope);
	json_decref(body);
	return r;
}

static int write_page(struct build *b, const char *name, const struct buf *bytes)
{
	char target[TUF_PATH_MAX], path[DELTA_FILE_MAX], hex[65];

	if (bytes->len == 0)
		return SL_OK;
	hash_hex(bytes->data, bytes->len, hex);
	(void)snprintf(target, sizeof(target), "feed/%s.json", name);
	delta_file_path(target, hex, path);
	return tree_put(b->tree_fd, path, bytes->data, bytes->len);
}

static int write_metadata(struct build *b, struct sl_why *why)
{
	struct tuf_meta *before[DELTA_ROLES] = {NULL};
	const json_t *targets[DELTA_ROLES] = {NULL};
	struct feed_page *head = calloc(1, sizeof(*head));
	struct delta_result *next = calloc(1, sizeof(*next));
	uint32_t roles = casefile_roles(&b->c);
	int r = head == NULL || next == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && b->repo != NULL)
		r = write_before(b, roles, before, head, why);
	for (unsigned k = 0; k < DELTA_ROLES; k++)
		targets[k] = before[k] == NULL ? NULL : json_obj(before[k]->body, "targets");
	if (r == SL_OK)
		r = casefile_expect(&b->c, targets, head, next, why);
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((roles >> k & 1u) != 0)
			r = write_role(b, k, next->targets[k]);
	}
	if (r == SL_OK)
		r = write_page(b, "head", &next->head_bytes);
	if (r == SL_OK)
		r = write_page(b, next->page, &next->page_bytes);
	for (unsigned k = 0; k < DELTA_ROLES; k++)
		tuf_free(before[k]);
	if (next != NULL)
		delta_release(next);
	free(next);
	free(head);
	return r;
}

int build_finish(struct build *b, struct sl_why *why)
{
	char number[CASEFILE_NAME + 1];
	struct buf bytes;
	int r = write_metadata(b, why);

	buf_init(&bytes, CASEFILE_MAX);
	if (r == SL_OK)
		r = build_custodians(b, why);
	if (r == SL_OK)
		r = casefile_write(&b->c, &bytes);
	if (r == SL_OK)
		r = tree_put(b->case_fd, "case.json", bytes.data, bytes.len);
	if (r == SL_OK)
		r = tree_sync(b->case_fd);
	casefile_name(b->c.number, number);
	if (r == SL_OK && renameat(b->cases_fd, b->name, b->cases_fd, number) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK) {
		b->name[0] = '\0'; /* finished: not ours to remove */
		r = file_sync_dir(b->cases_fd);
	}
	buf_release(&bytes);
	return r == SL_OK ? r : build_explain(why, r, "the case cannot be written");
}
