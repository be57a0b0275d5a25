/* desk_clocks.h - dates of running clocks while the desk runs; trouble is logged. */
#ifndef SL_DESK_CLOCKS_H
#define SL_DESK_CLOCKS_H

struct store;
struct clocks;
struct review;

/* Other calendars may give other dates: forget those that run in days. */
void desk_clocks_again(struct store *s);
/* Count those that have none: forgotten ones, and what another process started or resumed. */
void desk_clocks_count(struct store *s, const struct clocks *k);

/* Steps that are late: tell the next person (review/escalate.h).  Again: look at all. */
void desk_clocks_escalate(const struct review *v);
void desk_clocks_escalate_again(const struct review *v);

#endif
