/* desk_clocks.h - dates of running clocks while the desk runs; trouble is logged. */
#ifndef SL_DESK_CLOCKS_H
#define SL_DESK_CLOCKS_H

struct store;
struct clocks;

/* Other calendars may give other dates: forget those that run in days. */
void desk_clocks_again(struct store *s);
/* Count those that have none: forgotten ones, and what another process started or resumed. */
void desk_clocks_count(struct store *s, const struct clocks *k);

#endif
