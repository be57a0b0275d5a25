/* tool.h - what the commands of sluice-policy share: where things are, packs as they
 * stand in their files, one JSON line on standard output. */
#ifndef SL_POLICIES_TOOL_H
#define SL_POLICIES_TOOL_H

#include <limits.h>

#include "base/cli.h"
#include "base/json.h"
#include "policy/pack.h"
#include "policy/policy.h"

enum { TOOL_PACKS_MAX = 200, TOOL_PATH = PATH_MAX };

/* PART beside the directory of this program, such as "../libexec/sluice".
 * SL_E_LIMIT, SL_E_IO. */
int tool_beside(const char *part, char out[TOOL_PATH]) SL_MUST_USE;
/* The policy directory: --policy, else the one installed with this program, else
 * that of the source it was built from. */
int tool_policy_dir(const struct cli *c, char out[TOOL_PATH]) SL_MUST_USE;

struct tool_packs {
	struct pack *pack[TOOL_PACKS_MAX]; /* owned */
	unsigned n;
};
/* Read DIR/packs/NAME.yaml in order of name; tool_packs_release in any case. */
int tool_packs_load(const char *dir, struct tool_packs *p, struct sl_why *why) SL_MUST_USE;
void tool_packs_release(struct tool_packs *p);

/* Words as an array of strings; never NULL unless memory is short. */
json_t *tool_words(const struct pack_words *w);
/* Print j as one line and drop it; NULL j is lack of memory. */
int tool_print(json_t *j) SL_MUST_USE;

#endif
