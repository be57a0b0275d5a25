/* notice_proof.h - a notice of the tree, proved from TUF targets alone.
 *
 * The same proof for the installer and for every platform. */
#ifndef SL_OUTLET_NOTICE_PROOF_H
#define SL_OUTLET_NOTICE_PROOF_H

#include "trust/order.h"
#include "trust/tuf_client.h"

/* Fetch the target "notice/N-000007.json" and the policy version that it names, and judge
 * its orders.  `ret_f` borrows from *ret_s, which the caller frees.  SL_E_NOTFOUND: that
 * policy version is not listed (yet); other errors: why says what is wrong. */
int notice_proof(struct tuf_client *tuf, const char *target, struct statement **ret_s,
		 struct notice_facts *ret_f, struct sl_why *why) SL_MUST_USE;

/* `pages` fetches older pages of the feed, which are no targets.
 *
 * May this entry of the feed bring an item back?  Its notice is proved, is about the same
 * version, and answers exactly the freeze that is the item's last word in the feed.
 * SL_E_UNREACHABLE: a page of the feed is not here (yet). */
int notice_restores(struct tuf_client *tuf, const struct tuf_fetcher *pages,
		    const struct feed_entry *e, struct sl_why *why) SL_MUST_USE;
/* The feed's entry with this serial, from whichever page; SL_E_NOTFOUND, SL_E_UNREACHABLE. */
int notice_entry(struct tuf_client *tuf, const struct tuf_fetcher *pages, int64_t serial,
		 struct feed_entry *ret_e, struct sl_why *why) SL_MUST_USE;

/* The newest entry about this item; SL_E_NOTFOUND, also when a page is not here (yet). */
int notice_last_word(struct tuf_client *tuf, const struct tuf_fetcher *pages, const char *id,
		     struct feed_entry *ret_e) SL_MUST_USE;

#endif
