/* sluice.h - what the files of the authors' program share. */
#ifndef SL_SLUICE_H
#define SL_SLUICE_H

#include "base/cli.h"
#include "wire/session.h"

/* submit, revise and correct: hand in, wait, say what was found. */
int sluice_submit(const struct cli *c);
int sluice_revise(const struct cli *c);
int sluice_correct(const struct cli *c);
/* A cleaned copy: show what changes, hand it in as the next revision or write it out. */
int sluice_fix(const struct cli *c);
/* Take over the exact edits with which a reviewer returned a draft. */
int sluice_accept(const struct cli *c);
/* Ask the lead group, once, whether a refusal stands. */
int sluice_appeal(const struct cli *c);
/* Wait for a draft that was handed in and say what came of it, as submit does; `fix`: the
 * record that --json shows beside. */
int sluice_outcome(const struct cli *c, struct session *s, json_t *handed_in,
		   const json_t *fix);

#endif
