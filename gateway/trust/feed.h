/* feed.h - discovery and recall (trust.md section 6): head page and older pages.
 *
 * Serials are gap-free over everything and per channel.  An entry has a serial in each
 * channel of its item, a notice in those of the release it is about. */
#ifndef SL_TRUST_FEED_H
#define SL_TRUST_FEED_H

#include "base/json.h"
#include "base/buf.h"
#include "trust/feed_channels.h"

enum { FEED_PAGE_MAX = 256 };
enum feed_kind { FEED_RELEASE, FEED_NOTICE };
enum feed_status { FEED_USABLE, FEED_WITHHELD, FEED_CANCELED, FEED_REPLACED };
const char *feed_status_name(enum feed_status s);

struct feed_entry {
	char id[32];
	enum feed_kind kind;
	char manifest_sha256[65];
	char notice[160]; /* target path of the notice, "" for none */
	int64_t serial;
	enum feed_status status;
	int64_t version;
	struct feed_numbers numbers; /* goes with the table of its page */
};
struct feed_page {
	int64_t next_serial;
	struct feed_channels channels; /* after the last entry */
	char prev_page[16];	       /* "p000012" or "" */
	char prev_sha256[65];
	struct feed_entry entries[FEED_PAGE_MAX]; /* ascending serial, gap-free */
	unsigned n;
};
void feed_page_init(struct feed_page *p); /* empty feed, next_serial 1 */
int feed_parse(const void *bytes, size_t len, struct feed_page *ret_p,
	       struct sl_why *why) SL_MUST_USE;
/* An older page: the bytes that the page after it names by number and digest.
 * SL_E_SIGNATURE for other bytes, SL_E_FORMAT. */
int feed_parse_page(const void *bytes, size_t len, const char *name, const char *sha256,
		    struct feed_page *ret_p, struct sl_why *why) SL_MUST_USE;
/* "targets/feed/SHA256.p000012.json", the file of an older page; no TUF target, as the
 * chain of digests from the head proves it. */
enum { FEED_PATH_MAX = 112 };
void feed_page_path(const char *name, const char *sha256, char out[FEED_PATH_MAX]);
int feed_write(const struct feed_page *p, struct buf *out) SL_MUST_USE;
/* Append an entry with serial next_serial, and with the serials that come next in the
 * channels of `numbers`, which p's table has (feed_channels_next).  When the head is full,
 * `*ret_old` receives the bytes of the page that becomes immutable (name in old_page), and the
 * head starts anew pointing at it; else ret_old stays empty. */
int feed_append(struct feed_page *p, const struct feed_entry *e, struct buf *ret_old,
		char old_page[16]) SL_MUST_USE;

#endif
