/* settings.h - commands that a doctor proposes: collected, printed with their reasons, never
 * run. */
#ifndef SL_LINK_SETTINGS_H
#define SL_LINK_SETTINGS_H

#include "base/cli.h"
#include "base/json.h"

struct settings {
	json_t *items; /* array of {"command","reason"} */
};
void settings_init(struct settings *s);
void settings_release(struct settings *s);
/* reason: translated; what follows makes one line of shell or of a configuration file. */
void settings_add(struct settings *s, const char *reason, const char *fmt, ...) SL_PRINTF(3, 4);
/* Nothing when there are none. */
void settings_print(const struct settings *s, const struct cli *c);

#endif
