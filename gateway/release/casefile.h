/* casefile.h - one step of the repository while it is being proved and signed.
 *
 *   DATA/release/cases/<20 digits>/
 *     case.json     what this step does (below); written by the releaser
 *     tree/         the new files, named as in the repository; releaser's signatures only
 *     before/       feed.json, rel-x.json, head.json as they were: the checker compares digests
 *     successor/    of a correction: manifest and attestations of what takes the place
 *     checked       the checker's signatures, or …
 *     refused       … why it will not sign, one line for people
 *     ready         empty: everything is signed, the step may be merged and sent
 *
 * The number of a case is the version of timestamp.json that it creates and the
 * serial of its transfer unit: one step, one timestamp, one unit. */
#ifndef SL_RELEASE_CASEFILE_H
#define SL_RELEASE_CASEFILE_H

#include "release/delta.h"

enum { CASEFILE_NAME = 20, CASEFILE_MAX = 1 << 20 };

enum casefile_kind { CASEFILE_INITIAL, CASEFILE_RELEASE, CASEFILE_NOTICE, CASEFILE_REFRESH };
const char *casefile_kind_name(enum casefile_kind k); /* as in transfer units */

struct casefile_item {
	struct delta_item delta;
	char draft[24]; /* release: whom to tell; the checker does not look at it */
	int64_t revision;
	int64_t order;	       /* notice: number in the store */
	char order_sha256[65]; /* for people; what counts are the orders in the notice */
};
struct casefile {
	int64_t number;
	enum casefile_kind kind;
	uint32_t renew; /* roles that get a new version though nothing in them changes */
	struct casefile_item items[DELTA_ITEMS_MAX];
	unsigned n;
};
void casefile_name(int64_t number, char out[CASEFILE_NAME + 1]);
bool casefile_number(const char *name, int64_t *ret_number);
int casefile_write(const struct casefile *c, struct buf *out) SL_MUST_USE;
int casefile_parse(const void *bytes, size_t len, struct casefile *ret_c,
		   struct sl_why *why) SL_MUST_USE;
/* Items as delta_apply wants them; roles that the case gives new versions. */
void casefile_deltas(const struct casefile *c, struct delta_item out[DELTA_ITEMS_MAX]);
uint32_t casefile_roles(const struct casefile *c);

/* The one right outcome of this case; `before` and `head` as for delta_apply
 * (not looked at for the initial case), roles of `renew` included. */
int casefile_expect(const struct casefile *c, const json_t *const before[DELTA_ROLES],
		    const struct feed_page *head, struct delta_result *ret,
		    struct sl_why *why) SL_MUST_USE;

/* `checked`: one signature for each role of the case. */
struct casefile_answer {
	uint32_t roles;
	char keyid[DELTA_ROLES][KEY_ID_HEX + 1];
	char sig[DELTA_ROLES][2 * KEY_SIGNATURE + 1];
};
int casefile_answer_write(int64_t number, const struct casefile_answer *a,
			  struct buf *out) SL_MUST_USE;
int casefile_answer_parse(const void *bytes, size_t len, int64_t number,
			  struct casefile_answer *ret_a) SL_MUST_USE;

#endif
