/* draft_state.c - the life of a draft: names, and the one table of legal moves.
 *
 *             author signs      inspector claims
 *   PREPARED ────────▶ SUBMITTED ────────▶ INSPECTING ──┬──▶ SPILL   (end; sealed)
 *      │                   ▲   ▲               │        ├──▶ BLOCKED
 *      │                   │   └── it died ────┘        ├──▶ HELD ──┐ certificate
 *      │                   └───────── retry ────────────┼──── HELD  │
 *      │                                                ▼           ▼
 *      │          RETURNED ◀─────────────────────── IN_REVIEW ◀▶ REFERRED
 *      │                                REFUSED ◀───────┤
 *      │                                                ▼
 *      │                            IN_REVIEW ◀───── APPROVED ──▶ HELD (proof failed)
 *      │                                                │
 *      │                                                ▼
 *      │                                            RELEASED ──▶ SENT
 *      │                                                └────┬────┘
 *      │                                     CORRECTED ◀─────┼──▶ FROZEN ◀▶ SENT
 *      ▼                                          └──────────┴──▶ WITHDRAWN (end)
 *   REFUSED goes back to SUBMITTED when the lead group admits the author's one appeal: it is
 *   inspected again and comes to IN_REVIEW on the strictest route.
 *   IN_REVIEW, REFERRED and APPROVED go back to INSPECTING when new rules or signatures
 *   find in them what the old ones did not.
 *   CANCELED (end), REPLACED (end): by the author, from every state in which the
 *   inspection is over and nothing is public.
 *
 * What is true in each state:
 *   PREPARED    a number is given, files are stored, manifests are offered; no signature;
 *               no list shows it and an earlier revision stays in force
 *   SUBMITTED   every offered manifest has the author's envelope; durable; waits
 *   INSPECTING  exactly one inspector works on it; after its death, requeue
 *   SPILL       plaintext is gone, sealed copies are in sealed/; no way on
 *   BLOCKED     a report with S1 or malware is stored; only a new revision goes on
 *   HELD        something was not understood, or the releaser's proof failed; never a pass
 *   IN_REVIEW   manifest, class, report and the inspector's envelope are final for this
 *               revision
 *   REFERRED    the same, and an outside opinion is asked for
 *   RETURNED    a reviewer gave code and sentence; a new revision goes on
 *   REFUSED     a veto or a refusal; only an admitted appeal goes on
 *   APPROVED    the stored envelopes satisfied the approval rule when last judged
 *   RELEASED    a serial is given and the transfer unit is in the outbox
 *   SENT        the sender has passed it on
 *   FROZEN      an order stopped it; platforms take it down
 *   CORRECTED   another release took its place
 *   WITHDRAWN   taken back for good; its tombstone stays
 *   CANCELED    the author gave up
 *   REPLACED    a newer revision was submitted; its votes count for nothing
 *
 * CANCELED and REPLACED are not reachable while a draft waits for inspection or
 * is in it: an author who notices a marking must not be able to make the
 * incident disappear.
 *
 * The one function that changes state is move_within (move.c). */
#include <string.h>

#include "store/store.h"

static const char *const names[DRAFT_STATE_COUNT] = {
	[DRAFT_PREPARED] = "PREPARED",
	[DRAFT_SUBMITTED] = "SUBMITTED",
	[DRAFT_INSPECTING] = "INSPECTING",
	[DRAFT_SPILL] = "SPILL",
	[DRAFT_BLOCKED] = "BLOCKED",
	[DRAFT_HELD] = "HELD",
	[DRAFT_IN_REVIEW] = "IN_REVIEW",
	[DRAFT_RETURNED] = "RETURNED",
	[DRAFT_REFUSED] = "REFUSED",
	[DRAFT_REFERRED] = "REFERRED",
	[DRAFT_APPROVED] = "APPROVED",
	[DRAFT_RELEASED] = "RELEASED",
	[DRAFT_SENT] = "SENT",
	[DRAFT_CORRECTED] = "CORRECTED",
	[DRAFT_FROZEN] = "FROZEN",
	[DRAFT_WITHDRAWN] = "WITHDRAWN",
	[DRAFT_CANCELED] = "CANCELED",
	[DRAFT_REPLACED] = "REPLACED",
};

#define TO(state) (1u << DRAFT_##state)

static const unsigned legal[DRAFT_STATE_COUNT] = {
	[DRAFT_PREPARED] = TO(SUBMITTED) | TO(CANCELED) | TO(REPLACED),
	[DRAFT_SUBMITTED] = TO(INSPECTING),
	[DRAFT_INSPECTING] = TO(SUBMITTED) | TO(SPILL) | TO(BLOCKED) | TO(HELD) | TO(IN_REVIEW),
	[DRAFT_SPILL] = 0,
	[DRAFT_BLOCKED] = TO(CANCELED) | TO(REPLACED),
	[DRAFT_HELD] = TO(SUBMITTED) | TO(IN_REVIEW) | TO(RETURNED) | TO(REFUSED) |
		       TO(CANCELED) | TO(REPLACED),
	[DRAFT_IN_REVIEW] = TO(APPROVED) | TO(RETURNED) | TO(REFUSED) | TO(REFERRED) |
			    TO(CANCELED) | TO(REPLACED) | TO(INSPECTING),
	[DRAFT_REFERRED] = TO(IN_REVIEW) | TO(RETURNED) | TO(REFUSED) | TO(CANCELED) |
			   TO(REPLACED) | TO(INSPECTING),
	[DRAFT_RETURNED] = TO(CANCELED) | TO(REPLACED),
	[DRAFT_REFUSED] = TO(SUBMITTED),
	[DRAFT_APPROVED] = TO(RELEASED) | TO(IN_REVIEW) | TO(HELD) | TO(RETURNED) |
			   TO(REFUSED) | TO(CANCELED) | TO(REPLACED) | TO(INSPECTING),
	[DRAFT_RELEASED] = TO(SENT) | TO(FROZEN) | TO(CORRECTED) | TO(WITHDRAWN),
	[DRAFT_SENT] = TO(FROZEN) | TO(CORRECTED) | TO(WITHDRAWN),
	[DRAFT_CORRECTED] = TO(FROZEN) | TO(WITHDRAWN),
	[DRAFT_FROZEN] = TO(SENT) | TO(CORRECTED) | TO(WITHDRAWN),
	[DRAFT_WITHDRAWN] = 0,
	[DRAFT_CANCELED] = 0,
	[DRAFT_REPLACED] = 0,
};

const char *draft_state_name(enum draft_state s)
{
	BUG(s >= DRAFT_STATE_COUNT);
	return names[s];
}

int draft_state_from_name(const char *name, enum draft_state *ret_s)
{
	for (unsigned i = 0; i < DRAFT_STATE_COUNT; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret_s = (enum draft_state)i;
			return SL_OK;
		}
	}
	return SL_E_NOTFOUND;
}

bool draft_move_legal(enum draft_state from, enum draft_state to)
{
	return from < DRAFT_STATE_COUNT && to < DRAFT_STATE_COUNT &&
	       (legal[from] & (1u << to)) != 0;
}
