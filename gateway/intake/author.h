/* author.h - what an author's program asks of the desk: submit, wait, revise, recall. */
#ifndef SL_INTAKE_AUTHOR_H
#define SL_INTAKE_AUTHOR_H

#include <stdbool.h>

#include "base/json.h"
#include "wire/session.h"

enum { AUTHOR_FILES_MAX = 64, AUTHOR_CHANNELS_MAX = 16 };

struct author_draft {
	const char *title; /* NULL: from --meta, else the first line of the first text file */
	const char *content_type; /* NULL: from meta, else CT04 */
	const char *column, *disclosure;
	const char *channels[AUTHOR_CHANNELS_MAX];
	unsigned n_channels;
	const char *meta_file; /* YAML, or NULL */
	const json_t *like;    /* manifest whose public metadata is taken over, or NULL */
	const char *revises;   /* draft id, or NULL */
	const char *corrects;  /* release id, or NULL */
	const char *route;     /* asked for instead of the type's own, such as U; or NULL */
	char *const *files;
	int n_files;
};

/* Upload, let the desk write the manifests, check that they say what was asked
 * (same files, same title: a gateway that is not ours any more cannot slip in
 * other bytes under the author's signature), sign, submit.
 * *ret_result: {"draft","revision","state"}; caller owns. */
int author_submit(struct session *s, const struct author_draft *d,
		  void (*progress)(uint64_t done, uint64_t total), json_t **ret_result,
		  struct sl_why *why) SL_MUST_USE;
/* Wait until the inspection has ended (at most timeout_ms), then the draft as
 * `sluice submit --json` prints it; caller owns. SL_E_TIMEOUT: still inspecting. */
int author_wait(struct session *s, const char *draft, int timeout_ms, json_t **ret_result,
		struct sl_why *why) SL_MUST_USE;
#endif
