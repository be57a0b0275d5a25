/* admit_feed.c - the feed that a unit brings: its head and the pages that this leads to.
 *
 * Hostile: the pages; the head was found through the metadata. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "outlet/admit_private.h"
#include "trust/feed.h"

enum { FEED_BYTES_MAX = 1 << 20 };

/* Older pages are no targets: the head leads to each by its digest.  Those that the unit
 * brings are placed; the walk ends where the tree has the rest. */
static int admit_pages(struct admit *a, struct feed_page *p, struct sl_why *why)
{
	int r = SL_OK;

	while (r == SL_OK && p->prev_page[0] != '\0') {
		char path[FEED_PATH_MAX], name[sizeof(p->prev_page)],
			sha256[sizeof(p->prev_sha256)];
		struct buf b;
		int i;

		memcpy(name, p->prev_page, sizeof(name));
		memcpy(sha256, p->prev_sha256, sizeof(sha256));
		feed_page_path(name, sha256, path);
		if (file_exists(a->view.tree_fd, path))
			return SL_OK;
		i = overlay_index(a->view.unit, path);
		if (i < 0)
			return why_set(why, SL_E_UNREACHABLE, "%s is missing", path);
		buf_init(&b, FEED_BYTES_MAX);
		r = overlay_read(&a->view, path, FEED_BYTES_MAX, &b);
		if (r == SL_OK)
			r = feed_parse_page(b.data, b.len, name, sha256, p, why);
		a->place[i] = r == SL_OK;
		buf_release(&b);
	}
	return r;
}

int admit_feed(struct admit *a, struct sl_why *why)
{
	struct feed_page *p = malloc(sizeof(*p));
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, FEED_BYTES_MAX);
	if (p != NULL)
		r = tuf_client_download(a->tuf, "feed/head.json", FEED_BYTES_MAX, &b, why);
	if (r == SL_OK)
		r = feed_parse(b.data, b.len, p, why);
	if (r == SL_OK && !a->late)
		a->feed_serial = p->next_serial - 1;
	if (r == SL_OK)
		r = admit_pages(a, p, why);
	buf_release(&b);
	free(p);
	return r;
}
