/* runs.h - long numbers and codes: expressions whose every match is one unbroken run of
 * bytes that prose seldom has many of in a row.
 *
 * Such an expression needs no look at anything else: a run is found by a look at every
 * tenth byte or so, and only runs are given to the matcher. */
#ifndef SL_POLICY_RUNS_H
#define SL_POLICY_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RUNS_LEAST = 11 }; /* shorter ones are everywhere */

struct runs {
	uint64_t byte[4]; /* bit set: what a match may consist of */
	size_t least;	  /* bytes of the shortest match; 0: no expression was added */
};

/* Is every match of the expression such a run?  If so it is added to r.  Only expressions
 * that are a sequence of characters and classes with counts are taken, none that depends
 * on what stands around. */
bool runs_add(struct runs *r, const char *expr, bool caseless);
/* The first run of the shortest match or more that begins in s[from, to), whole
 * characters of a view; false: there is none. */
bool runs_next(const struct runs *r, const char *s, size_t from, size_t to, size_t *ret_from,
	       size_t *ret_to);

#endif
