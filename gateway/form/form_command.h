/* form_command.h - `sluice-review form` and `sluice form`: fetch, verify, print or save. */
#ifndef SL_FORM_FORM_COMMAND_H
#define SL_FORM_FORM_COMMAND_H

#include "base/cli.h"

/* Of any draft, for who reviews; exit codes as everywhere, 1 also when a signature on the form
 * does not verify. */
int form_command_run(const struct cli *c);
/* Of an own draft, for its author: without who ordered a freeze or a recall. */
int form_command_own(const struct cli *c);

#endif
