/* build.c - the case directory, from empty to offered.
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

int build_explain(struct sl_why *why, int r, const char *what)
{
	if (why != NULL && why->text[0] != '\0')
		return why_prefix(why, r, "%s", what);
	return why_set(why, r, "%s: %s", what, sl_strerror(r));
}

int build_number(const struct build *b, struct casefile_item *it, const struct manifest *m,
		 struct sl_why *why)
{
	struct feed_channels t = b->channels;
	struct delta_item *d = &it->delta;
	struct feed_numbers e;
	int r = feed_channels_next(&t, m->channels, m->n_channels, &e);

	if (r != SL_OK)
		return why_set(why, r, "the feed has %u channels and takes no other one", t.n);
	d->serial = b->next_serial;
	d->n_channels = e.n;
	for (unsigned i = 0; i < e.n; i++) {
		memcpy(d->channel[i].name, t.name[e.channel[i]], sizeof(d->channel[i].name));
		d->channel[i].serial = e.serial[i];
	}
	return SL_OK;
}

int build_counted(struct build *b, const struct casefile_item *it, struct sl_why *why)
{
	const char *names[MANIFEST_CHANNELS_MAX];
	struct feed_numbers e;
	int r;

	for (unsigned i = 0; i < it->delta.n_channels; i++)
		names[i] = it->delta.channel[i].name;
	r = feed_channels_next(&b->channels, names, it->delta.n_channels, &e);
	if (r == SL_OK)
		r = feed_channels_count(&b->channels, &e, why);
	if (r != SL_OK)
		return r;
	b->c.n++;
	b->next_serial++;
	return SL_OK;
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
	b->c.time = b->now;
	b->c.by = (struct casefile_custodians){.root = b->chain->root->version,
					       .targets = b->chain->targets->version,
					       .policy = b->chain->policy->version};
	b->next_serial = 1;
	b->channels.n = 0;
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
		r = head == NULL ? SL_E_NOMEM : repo_role(b->repo, "feed", &feed, why);
		if (r == SL_OK)
			r = repo_head(b->repo, feed, head, &bytes, why);
		if (r == SL_OK) {
			b->next_serial = head->next_serial;
			b->channels = head->channels;
		}
	}
	tuf_free(feed);
	free(head);
	buf_release(&bytes);
	return r < 0 ? r : SL_OK;
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

static int put_before(struct build *b, const char *role, const struct tuf_meta *m)
{
	char name[64];
	struct buf bytes;
	int r;

	(void)snprintf(name, sizeof(name), "before/%s.json", role);
	buf_init(&bytes, TUF_TARGETS_MAX);
	/* The file is canonical (tuf_parse), so these are its very bytes. */
	r = json_canonical(m->json, &bytes);
	if (r == SL_OK)
		r = tree_put(b->case_fd, name, bytes.data, bytes.len);
	buf_release(&bytes);
	return r;
}

/* What was there before, for the checker to compare with its memory. */
static int write_before(struct build *b, const struct delta *d, const struct buf *head)
{
	int r = put_before(b, "targets", b->chain->targets);

	for (unsigned k = 0; k < d->n && r == SL_OK; k++) {
		if (!d->role[k].begins)
			r = put_before(b, d->role[k].name, d->role[k].before);
	}
	return r == SL_OK && head->len > 0
		       ? tree_put(b->case_fd, "before/head.json", head->data, head->len)
		       : r;
}

/* The checker will compute the same; what cannot work is found before it is offered. */
static int prepare(struct build *b, struct sl_why *why)
{
	struct delta_keys *keys = calloc(1, sizeof(*keys));
	struct delta *d = calloc(1, sizeof(*d));
	struct buf head;
	int r = keys == NULL || d == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&head, JSON_SIGNED_MAX);
	if (r == SL_OK) {
		delta_init(d);
		r = delta_keys_load(b->chain->targets, keys, why);
		if (r == SL_OK)
			r = repo_delta(b->repo, &b->c, d, &head, why);
		if (r == SL_OK)
			r = write_before(b, d, &head);
		if (r == SL_OK)
			r = casefile_expect(&b->c, keys, NULL, d, why);
		delta_release(d);
	}
	buf_release(&head);
	free(d);
	free(keys);
	return r;
}

int build_finish(struct build *b, struct sl_why *why)
{
	char number[CASEFILE_NAME + 1];
	struct buf bytes;
	int r = build_log(b, why);

	buf_init(&bytes, CASEFILE_MAX);
	if (r == SL_OK)
		r = prepare(b, why);
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
