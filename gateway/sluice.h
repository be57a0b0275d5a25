/* sluice.h - what the files of the authors' program share. */
#ifndef SL_SLUICE_H
#define SL_SLUICE_H

#include "base/cli.h"

/* submit, revise and correct: hand in, wait, say what was found. */
int sluice_submit(const struct cli *c);
int sluice_revise(const struct cli *c);
int sluice_correct(const struct cli *c);

#endif
