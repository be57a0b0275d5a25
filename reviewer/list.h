/* list.h - the queue without the terminal. */
#ifndef SL_REVIEWER_LIST_H
#define SL_REVIEWER_LIST_H

#include "base/cli.h"

/* --filter WORDS, --sort COLUMN, --reverse, --limit N; as in the terminal. */
extern const struct cli_option list_options[];
/* list; returns an enum cli_exit. */
int list_run(const struct cli *c);

#endif
