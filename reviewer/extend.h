/* extend.h - sluice-review extend: more time for one clock of a draft. */
#ifndef SL_REVIEWER_EXTEND_H
#define SL_REVIEWER_EXTEND_H

struct cli;

/* operands: draft, clock; --reason. Returns an enum cli_exit. */
int extend_run(const struct cli *c);

#endif
