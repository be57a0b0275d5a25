/* probe_tally.h - the outlet counts the probes of `sluiced doctor --link`.
 *
 * Pure: no clock, no files, bounded memory (about 260 KiB).  A probe is authentic (its MAC
 * was proved) and otherwise counts for nothing: the receiver judges it outside the replay
 * window (window.h) and it is no unit, so neither a run of the doctor nor a replay of one
 * can make the receiver drop or take a unit.  Whoever hands a probe to window_take() breaks
 * the link: its session is newer than the sender's.
 *
 * What a replay could do is show an old run's table once more.  So runs only advance: the
 * session of a probe is the second at which its run began, and a run that is not newer than
 * the one counted last is ignored, and counted as ignored.  After a restart of the receiver
 * an old run could be shown again; both doctors therefore print the run's number, and a
 * person compares.  Within a run each datagram counts once. */
#ifndef SL_LINK_PROBE_TALLY_H
#define SL_LINK_PROBE_TALLY_H

#include <stdbool.h>

#include "base/json.h"
#include "link/datagram.h"

enum {
	PROBE_STEPS_MAX = 16,
	PROBE_STEP_DATAGRAMS = 1 << 17, /* of one step, at most */
	PROBE_OVER_MS = 3000		/* so long nothing: the run is over */
};

struct probe_tally;

int probe_tally_new(struct probe_tally **ret_t) SL_MUST_USE;
void probe_tally_free(struct probe_tally *t);
/* Count one proved datagram of kind DATAGRAM_PROBE, which arrived at now_ms (unix).
 * SL_E_FORMAT, SL_E_LIMIT for a body that cannot be; SL_E_REPLAY for an earlier run or a
 * datagram that was counted already; the receiver need not care. */
int probe_tally_take(struct probe_tally *t, const struct datagram *d, int64_t now_ms);
/* The table of the newest run, NULL when there was none (or without memory):
 *   {"run":"8 hex digits","began":unix s,"last":unix s,"over":bool,"steps":n,"ignored":n,
 *    "table":[{"step","rate_kbit","size","sent","arrived","lost","duplicates","reordered",
 *              "burst","heard_kbit"},…]}
 * size is the payload in bytes, burst the longest row of lost datagrams, heard_kbit how fast
 * they came (IPv4 headers included), 0 when too short to tell.  A step of which
 * nothing arrived has no row.  While the run is not over, what the newest step has yet to
 * bring is not lost: its sent is what was heard of. */
json_t *probe_tally_json(const struct probe_tally *t, int64_t now_ms);

#endif
