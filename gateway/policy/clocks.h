/* clocks.h - POLICIES/clocks.yaml and POLICIES/calendars/: which terms run for a draft, from
 * when to when, and in which unit each is counted.
 *
 * The unit belongs to each clock, not to the system: "日" is a calendar day unless the law says
 * otherwise, and in 行政处罚法 and 行政许可法 it is a working day (docs/clocks.md names the
 * basis of each clock that ships).  Enforced by the gateway beside the approval policy: a clock
 * that has run out warns and never approves.
 *
 * Words of `start`:
 *   formed     the draft's first revision was handed in (created_on of its metadata when that
 *              is earlier)
 *   submitted  a revision was handed in          received   the question came in (received_on)
 *   found      new rules or signatures found something in a published item
 *   published  it was released   frozen  it was taken down   spilled  it was sealed as a spill
 * of `pause`: RETURNED, BLOCKED, HELD, REFERRED (states of store/draft_state.c), and
 *   third-party: REFERRED with a reason code that begins so (条例 art. 32 does not count the
 * time in which a third party is heard).  The clock stands still as long as the draft is there.
 * of `end`: a state, or settled (the alert was), reviewed, reported.
 * A draft that is SPILL, REFUSED, WITHDRAWN or CANCELED has no way on: that ends every clock
 * which the same move does not start. */
#ifndef SL_POLICY_CLOCKS_H
#define SL_POLICY_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "policy/workdays.h"

enum clock_unit { CLOCK_WORKING_DAY, CLOCK_DAY, CLOCK_HOUR, CLOCK_MINUTE, CLOCK_UNIT_COUNT };
enum clock_holiday { CLOCK_STAYS, CLOCK_NEXT };

enum {
	CLOCKS_MAX = 64,
	CLOCKS_ID = 32,	     /* with NUL */
	CLOCKS_WORDS = 160,  /* comma list, with NUL */
	CLOCKS_WARN_MAX = 8, /* levels */
	CLOCKS_DAYS_MAX = 366,
	CLOCKS_HOURS_MAX = 720,
	CLOCKS_MINUTES_MAX = 1440
};

struct clocks_name {
	char *en, *zh;
};
struct clocks_words {
	char **item;
	unsigned n;
};
struct clocks_rule { /* immutable */
	char *id;
	struct clocks_name name;
	char *basis;
	/* What it is for; an empty list is any. */
	struct clocks_words routes, types, not_types, categories, not_categories;
	enum clock_unit unit;
	uint32_t length;
	char *start;
	struct clocks_words pause, end;
	/* A term in calendar days whose last day is a holiday: stays, or ends on the next
	 * working day.  A term in days ends at 24:00 of its last day. */
	enum clock_holiday holiday;
	uint32_t extend_to; /* once, with a reason; 0: never */
	uint32_t *warn;	    /* percent, ascending */
	unsigned warn_count;
};
struct clocks { /* immutable */
	struct clocks_rule *rule;
	unsigned n;
	int64_t zone_s; /* seconds east of UTC, the same all year */
	struct workdays workdays;
	void *file; /* clocks.c's own; NULL: there is no clocks.yaml */
};

/* SL_E_CONFIG names file and line; a directory without clocks.yaml has no clocks, and days of
 * Asia/Shanghai. */
int clocks_load(const char *policies_dir, struct clocks **ret_c,
		struct sl_why *why) SL_MUST_USE;
void clocks_free(struct clocks *c);
const struct clocks_rule *clocks_find(const struct clocks *c, const char *id); /* NULL */
/* The civil day of a moment, days since 1970, and the moment at which that day ends. */
int64_t clocks_day(const struct clocks *c, int64_t t);
int64_t clocks_day_end(const struct clocks *c, int64_t day);
/* "+08:00" */
enum { CLOCKS_ZONE = 7 };
void clocks_zone(const struct clocks *c, char out[CLOCKS_ZONE]);

const char *clocks_unit_name(enum clock_unit u); /* "working-day" */
int clocks_unit_from_name(const char *name, enum clock_unit *ret_u) SL_MUST_USE;
/* Is it counted by the calendar and not by seconds? */
bool clocks_by_day(enum clock_unit u);
bool clocks_has(const struct clocks_words *w, const char *word);
/* ",REFERRED,RETURNED,": how the store keeps a list of words; "" of none. SL_E_LIMIT. */
int clocks_join(const struct clocks_words *w, char out[CLOCKS_WORDS]) SL_MUST_USE;
/* The word that the store is told when it starts, "" when only a time is given. */
const char *clocks_start_word(const struct clocks_rule *r);
/* May this clock run for a draft whose class is one of `classes` ("A", "AC"; NULL: any)? */
bool clocks_applies(const struct clocks_rule *r, const char *classes, const char *content_type,
		    const char *category);

/* Is it a category of questions: 咨询 投诉 求助 建议 举报 不予受理? */
bool clocks_category_known(const char *category);
/* clocks_check.c: what is wrong with a rule by itself or beside those before it; SL_E_CONFIG
 * with the line of `path`. */
int clocks_check(const struct clocks *c, unsigned i, const char *path,
		 struct sl_why *why) SL_MUST_USE;

#endif
