/* cost.h - what the files of the cost bench share. */
#ifndef SL_BENCH_COST_H
#define SL_BENCH_COST_H

#include "release/log_signed.h"
#include "release_kit.h"

/* End the program with a message unless r is SL_OK. */
void cost_must(int r, const char *what);
/* The repository of an opened line as if n releases had gone out. */
void cost_grow(struct kit *k, struct line *l, unsigned n);
/* So many are nearest to n: the feed's head page and the last tile of the log are then half
 * full whatever n is, so that what is compared differs in the number of releases alone. */
unsigned cost_near(unsigned n);
/* The manifests of those n releases into an outlet's tree. */
void cost_manifests(int tree_fd, unsigned n);

#endif
