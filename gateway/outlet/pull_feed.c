/* pull_feed.c - walk the feed backwards along its hashes.
 *
 * Hostile: an outlet that hides, repeats or re-orders pages.  The head is a TUF
 * target; each older page is named with its hash by the page after it; serials
 * have no gap inside a page (feed_parse) nor between pages (here). */
#include "outlet/pull_feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

struct walk {
	struct feed_entry *reversed; /* newest first */
	size_t n, cap;
	int64_t seen;
	const char *seen_digest;
	int64_t expect; /* serial that the next older entry must have */
};

void pull_feed_digest(const struct feed_entry *e, char out[65])
{
	char text[512];
	int n = snprintf(text, sizeof(text), "%s %d %s %s %" PRId64 " %d %" PRId64, e->id,
			 (int)e->kind, e->manifest_sha256, e->notice, e->serial, (int)e->status,
			 e->version);

	hash_hex(text, n > 0 ? (size_t)n : 0, out);
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

/* 1 when the last seen entry was reached. */
static int take_page(struct walk *w, const struct feed_page *p, struct sl_why *why)
{
	for (unsigned i = p->n; i-- > 0;) {
		const struct feed_entry *e = &p->entries[i];
		char digest[65];
		int r;

		if (e->serial != w->expect)
			return why_set(why, SL_E_FORMAT, "feed serial %lld is missing",
				       (long long)w->expect);
		w->expect--;
		if (e->serial == w->seen) {
			pull_feed_digest(e, digest);
			if (strcmp(digest, w->seen_digest) != 0)
				return why_set(why, SL_E_REPLAY,
					       "feed serial %lld was rewritten",
					       (long long)e->serial);
			return 1;
		}
		r = keep(w, e);
		if (r != SL_OK)
			return r;
	}
	return w->expect == 0 ? 1 : 0;
}

static int load_head(struct tuf_client *tuf, struct feed_page *p, struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, PULL_FEED_BYTES_MAX);
	r = tuf_client_download(tuf, "feed/head.json", PULL_FEED_BYTES_MAX, &b, why);
	if (r == SL_OK)
		r = feed_parse(b.data, b.len, p, why);
	buf_release(&b);
	return r;
}

static int load_page(const struct tuf_fetcher *f, const char *name, const char *sha256,
		     struct feed_page *p, struct sl_why *why)
{
	char path[FEED_PATH_MAX];
	struct buf b;
	int r;

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
		char name[sizeof(p->prev_page)], sha256[sizeof(p->prev_sha256)];

		if (p->prev_page[0] == '\0')
			return why_set(why, SL_E_FORMAT, "the feed ends before serial %lld",
				       (long long)w->expect);
		memcpy(name, p->prev_page, sizeof(name));
		memcpy(sha256, p->prev_sha256, sizeof(sha256));
		r = load_page(f, name, sha256, p, why);
		if (r == SL_OK && (p->n == 0 || p->next_serial != w->expect + 1))
			r = why_set(why, SL_E_FORMAT, "feed page %s does not join", name);
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

int pull_feed_read(struct tuf_client *tuf, const struct tuf_fetcher *f, int64_t seen,
		   const char *seen_digest, struct pull_feed *ret_f, struct sl_why *why)
{
	struct walk w = {.seen = seen, .seen_digest = seen_digest};
	struct feed_page *p = malloc(sizeof(*p));
	struct pull_feed feed = {.entries = NULL};
	int r = p == NULL ? SL_E_NOMEM : load_head(tuf, p, why);

	if (r == SL_OK) {
		feed.next_serial = p->next_serial;
		w.expect = p->next_serial - 1;
		if (w.expect < seen)
			r = why_set(why, SL_E_REPLAY, "the feed went back to serial %lld",
				    (long long)w.expect);
		else
			r = walk_pages(f, &w, p, why);
	}
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
