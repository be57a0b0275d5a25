/* probe_advice.h - what a probe's table says about rate, loss, interleave and MTU. */
#ifndef SL_LINK_PROBE_ADVICE_H
#define SL_LINK_PROBE_ADVICE_H

#include "link/probe_tally.h"

struct probe_row {
	uint32_t step, rate_kbit, size, sent, arrived, lost, duplicates, reordered, burst,
		heard_kbit;
};
struct probe_run {
	char run[9];
	int64_t began, last;
	bool over;
	uint32_t steps, ignored;
	unsigned n;
	struct probe_row row[PROBE_STEPS_MAX];
};
/* What probe_tally_json() wrote, as found in a status file.  SL_E_FORMAT. */
int probe_run_parse(const json_t *j, struct probe_run *ret_r) SL_MUST_USE;

struct probe_advice {
	bool arrived;	     /* full-sized datagrams did, at some rate */
	bool blocked;	     /* small ones arrive and full-sized ones do not: the MTU */
	bool clean;	     /* nothing was lost at rate_kbit and below, of either size */
	uint32_t rate_kbit;  /* the highest that lost nothing, as far as it was really reached;
				when every one loses, the highest that loses no more than the
				lowest */
	uint32_t size;	     /* the largest payload that arrived */
	uint32_t usual;	     /* payload of the link's own MTU; 0 when none of it arrived */
	unsigned loss;	     /* percent for link.loss: twice what was lost, at least 3 */
	uint32_t burst;	     /* the longest row of lost ones, full size, up to that rate */
	uint32_t interleave; /* blocks that share that burst so that half of each block's repair
				symbols make it good */
};
void probe_advise(const struct probe_run *run, struct probe_advice *ret_a);

#endif
