/* install.h - one unit from the quarantine to the tree, and which unit is next. */
#ifndef SL_OUTLET_INSTALL_H
#define SL_OUTLET_INSTALL_H

#include "base/json.h"
#include "crypto/key.h"
#include "link/progress.h"
#include "link/sealed.h"
#include "link/spool.h"
#include "outlet/admit.h"

enum { INSTALL_REFUSED_KEPT = 64 };

struct install { /* directories and keys are borrowed */
	int quarantine, refused, state, status, tree;
	char work[4096];	 /* DATA/state/work, for one unit at a time */
	struct sealed_keys link; /* open sealed units */
	uint8_t signer[KEY_PUBLIC];
	const struct buf *root; /* root.json */
	struct progress progress;
	struct admit_listed listed; /* by units since start */
	int64_t waiting_for;	/* progress.next when a recall was last found to need more, */
	int64_t waiting_serial; /* and the highest such recall */
	int64_t timestamp_version, timestamp_expires, feed_serial;
	int64_t installed, n_refused; /* since start */
	char last_refusal[512];
	char trouble[512];     /* of this host, with the last unit; "": none.  The caller's */
	unsigned opened_by;    /* the key of the last unit: in `link` */
	int64_t opened_serial; /* that unit; 0: none yet */
	int64_t opened_by_old; /* units since start that were not sealed to the first */
};

/* What became of the unit that install_next took. */
enum install_end { INSTALL_IDLE, INSTALL_DONE, INSTALL_REFUSED, INSTALL_WAITS };

/* At start: what else the first unit would have to wait for (outlet/refs.h). */
int install_prepare(struct install *in, struct sl_why *why) SL_MUST_USE;
/* At start, as the keys may be others now: put what was refused, but is still missing, back
 * into the quarantine.  How many were. */
int install_reconsider(struct install *in, unsigned *ret_n) SL_MUST_USE;
/* Remove the reasons of refused units that are no longer kept. */
int install_tidy(struct install *in) SL_MUST_USE;
/* At the end: free what units have left in memory. */
void install_forget(struct install *in);
/* Look for the next unit in the quarantine (recalls first, else the next serial)
 * and deal with it.  0 and ret_end, or trouble of this host that is worth
 * another try (SL_E_IO, SL_E_FULL, SL_E_NOMEM).  A refused unit lies in
 * quarantine/refused with its reason beside it and left the tree untouched. */
int install_next(struct install *in, enum install_end *ret_end, struct spool_entry *ret_unit,
		 struct sl_why *why) SL_MUST_USE;
/* For DATA/status/installer.json. */
json_t *install_report(const struct install *in);

#endif
