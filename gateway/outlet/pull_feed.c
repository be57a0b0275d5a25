/* pull_feed.c - walk the feed backwards along its hashes.
 *
 * Hostile: an outlet that hides, repeats or re-orders pages.  The head is a TUF
 * target; each older page is named with its hash by the page after it; serials, of the
 * feed and of each channel, have no gap inside a page (feed_parse), nor between pages and
 * to what was seen before (here). */
#include "outlet/pull_feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

enum { ENTRY_TEXT_MAX = 4096 };

struct walk {
	struct feed_entry *reversed; /* newest first */
	size_t n, cap;
	const struct pull_place *seen;
	int64_t expect;		/* serial that the next older entry must have */
	struct feed_channels t; /* names of `seen` first; serials after that entry */
};

/* Hex digest that identifies an entry. */
static int entry_digest(const struct feed_channels *t, const struct feed_entry *e, char out[65])
{
	struct buf b;
	int r;

	buf_init(&b, ENTRY_TEXT_MAX);
	buf_putf(&b, "%s %d %s %s %" PRId64 " %d %" PRId64, e->id, (int)e->kind,
		 e->manifest_sha256, e->notice, e->serial, (int)e->status, e->version);
	for (unsigned i = 0; i < e->numbers.n; i++)
		buf_putf(&b, " %s %u", t->name[e->numbers.channel[i]], e->numbers.serial[i]);
	r = buf_error(&b);
	if (r == SL_OK)
		hash_hex(b.data, b.len, out);
	buf_release(&b);
	return r;
}

int pull_feed_pass(struct pull_place *at, const struct feed_entry *e)
{
	char digest[65];
	int r = entry_digest(&at->channels, e, digest);

	if (r == SL_OK && e->serial != at->serial + 1)
		r = SL_E_REPLAY;
	if (r == SL_OK)
		r = feed_channels_count(&at->channels, &e->numbers, NULL);
	if (r != SL_OK)
		return r;
	at->serial = e->serial;
	memcpy(at->digest, digest, sizeof(at->digest));
	return SL_OK;
}

int pull_feed_end(const struct feed_page *p, struct pull_place *ret)
{
	ret->serial = p->next_serial - 1;
	ret->digest[0] = '\0';
	ret->channels = p->channels;
	return p->n == 0 ? SL_OK
			 : entry_digest(&p->channels, &p->entries[p->n - 1], ret->digest);
}

static int keep(struct walk *w, const struct feed_entry *e)
{
	if (w->n == w->cap) {
		size_t cap = w->cap * 2 + 256;
		struct feed_entry *grown;

		if (cap > PULL_FEED_ENTRIES_MAX)
			return SL_E_LIMIT;
		grown = realloc(w->reversed, cap * sizeof(*grown));
		if (grown == NULL)
			return SL_E_NOMEM;
		w->reversed = grown;
		w->cap = cap;
	}
	w->reversed[w->n++] = *e;
	return SL_OK;
}

/* Everything newer was walked; `e` is the entry seen last, as it is now. */
static int meet_seen(const struct walk *w, const struct feed_entry *e, struct sl_why *why)
{
	char digest[65];
	int r = feed_channels_join(&w->t, &w->seen->channels, why);

	if (r == SL_OK)
		r = entry_digest(&w->t, e, digest);
	if (r == SL_OK && strcmp(digest, w->seen->digest) != 0)
		r = why_set(why, SL_E_REPLAY, "feed serial %lld was rewritten",
			    (long long)e->serial);
	return r == SL_OK ? 1 : r;
}

/* 1 when the last seen entry was reached. */
static int take_page(struct walk *w, const struct feed_page *p, struct sl_why *why)
{
	int r = feed_channels_join(&w->t, &p->channels, why);

	for (unsigned i = p->n; i-- > 0 && r == SL_OK;) {
		struct feed_entry e = p->entries[i];

		if (e.serial != w->expect)
			return why_set(why, SL_E_FORMAT, "feed serial %lld is missing",
				       (long long)w->expect);
		r = feed_channels_move(&p->channels, &w->t, &e.numbers);
		if (r == SL_OK && e.serial == w->seen->serial)
			return meet_seen(w, &e, why);
		if (r == SL_OK)
			r = feed_channels_back(&w->t, &e.numbers, why);
		if (r == SL_OK)
			r = keep(w, &e);
		w->expect--;
	}
	return r == SL_OK && w->expect == 0 ? 1 : r;
}

int pull_feed_head(struct tuf_client *tuf, struct feed_page *ret_p, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, PULL_FEED_BYTES_MAX);
	r = tuf_client_download(tuf, "feed/head.json", PULL_FEED_BYTES_MAX, &b, why);
	if (r == SL_OK)
		r = feed_parse(b.data, b.len, ret_p, why);
	buf_release(&b);
	return r;
}

int pull_feed_older(const struct tuf_fetcher *f, struct feed_page *p, struct sl_why *why)
{
	char path[FEED_PATH_MAX], name[sizeof(p->prev_page)], sha256[sizeof(p->prev_sha256)];
	struct buf b;
	int r;

	if (p->prev_page[0] == '\0')
		return SL_E_NOTFOUND;
	memcpy(name, p->prev_page, sizeof(name));
	memcpy(sha256, p->prev_sha256, sizeof(sha256));
	buf_init(&b, PULL_FEED_BYTES_MAX);
	feed_page_path(name, sha256, path);
	r = f->get(f->arg, path, PULL_FEED_BYTES_MAX, &b);
	if (r != SL_OK)
		r = why_set(why, r == SL_E_NOTFOUND ? SL_E_UNREACHABLE : r, "fetching %s",
			    path);
	else
		r = feed_parse_page(b.data, b.len, name, sha256, p, why);
	buf_release(&b);
	return r;
}

static int walk_pages(const struct tuf_fetcher *f, struct walk *w, struct feed_page *p,
		      struct sl_why *why)
{
	int r = take_page(w, p, why);

	while (r == 0) {
		r = pull_feed_older(f, p, why);
		if (r == SL_E_NOTFOUND)
			r = why_set(why, SL_E_FORMAT, "the feed ends before serial %lld",
				    (long long)w->expect);
		if (r == SL_OK && (p->n == 0 || p->next_serial != w->expect + 1))
			r = why_set(why, SL_E_FORMAT,
				    "a feed page does not join at serial %lld",
				    (long long)w->expect);
		if (r == SL_OK)
			r = take_page(w, p, why);
	}
	return r < 0 ? r : SL_OK;
}

static int by_id(const void *a, const void *b)
{
	const struct feed_entry *const *x = a, *const *y = b;
	int order = strcmp((*x)->id, (*y)->id);

	return order != 0 ? order
			  : ((*x)->serial > (*y)->serial) - ((*x)->serial < (*y)->serial);
}

static int mark_overridden(struct pull_feed *f)
{
	const struct feed_entry **sorted = calloc(f->n + 1, sizeof(*sorted));
	int64_t newest = 0; /* version of this item so far */

	f->overridden = calloc(f->n + 1, sizeof(*f->overridden));
	f->again = calloc(f->n + 1, sizeof(*f->again));
	if (sorted == NULL || f->overridden == NULL || f->again == NULL) {
		free(sorted);
		return SL_E_NOMEM;
	}
	for (size_t i = 0; i < f->n; i++)
		sorted[i] = &f->entries[i];
	qsort(sorted, f->n, sizeof(*sorted), by_id);
	for (size_t i = 1; i < f->n; i++) {
		if (strcmp(sorted[i - 1]->id, sorted[i]->id) != 0) {
			newest = 0;
			continue;
		}
		f->overridden[sorted[i - 1] - f->entries] = true;
		if (sorted[i - 1]->version > newest)
			newest = sorted[i - 1]->version;
		f->again[sorted[i] - f->entries] =
			sorted[i]->kind == FEED_RELEASE && sorted[i]->version <= newest;
	}
	free(sorted);
	return SL_OK;
}

static void reverse(struct feed_entry *e, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct feed_entry t = e[i];

		e[i] = e[n - 1 - i];
		e[n - 1 - i] = t;
	}
}

/* From the head on: nothing has gone back; names of `seen` keep their places. */
static int begin(struct walk *w, const struct feed_page *head, struct sl_why *why)
{
	int r = feed_channels_grew(&head->channels, &w->seen->channels, why);

	w->expect = head->next_serial - 1;
	if (w->expect < w->seen->serial)
		return why_set(why, SL_E_REPLAY, "the feed went back to serial %lld",
			       (long long)w->expect);
	w->t = w->seen->channels;
	for (unsigned i = 0; i < head->channels.n && r == SL_OK; i++) {
		int at = feed_channels_add(&w->t, head->channels.name[i]);

		r = at < 0 ? at : SL_OK;
		if (r == SL_OK)
			w->t.next[at] = head->channels.next[i];
	}
	return r;
}

int pull_feed_read(struct tuf_client *tuf, const struct tuf_fetcher *f, struct pull_place *seen,
		   struct pull_feed *ret_f, struct sl_why *why)
{
	struct walk w = {.seen = seen};
	struct feed_page *p = malloc(sizeof(*p));
	struct pull_feed feed = {.entries = NULL};
	int r = p == NULL ? SL_E_NOMEM : pull_feed_head(tuf, p, why);

	if (r == SL_OK) {
		feed.next_serial = p->next_serial;
		r = begin(&w, p, why);
	}
	if (r == SL_OK)
		r = walk_pages(f, &w, p, why);
	free(p);
	feed.entries = w.reversed;
	feed.n = w.n;
	reverse(feed.entries, feed.n);
	if (r == SL_OK)
		r = mark_overridden(&feed);
	if (r != SL_OK) {
		pull_feed_release(&feed);
		return r;
	}
	for (unsigned i = seen->channels.n; i < w.t.n; i++)
		w.t.next[i] = 1;
	for (unsigned i = 0; i < seen->channels.n; i++)
		w.t.next[i] = seen->channels.next[i];
	seen->channels = w.t;
	*ret_f = feed; /* moved */
	return SL_OK;
}

void pull_feed_release(struct pull_feed *f)
{
	free(f->entries);
	free(f->overridden);
	free(f->again);
	*f = (struct pull_feed){.entries = NULL};
}
