/* inspect_private.h - what the files of the orchestrator share. */
#ifndef SL_INSPECT_INSPECT_PRIVATE_H
#define SL_INSPECT_INSPECT_PRIVATE_H

#include "inspect/case.h"

enum {
	INSPECT_QUEUE_SECONDS = 30, /* a filter may have others to finish first */
	INSPECT_QUICK_SECONDS = 15, /* with INSPECT_SEE_LATER, the queue included */
};

struct inspect {
	char *dir;
	const struct policy *policy; /* borrowed */
	uint32_t seconds, see_seconds;
	enum inspect_see see;
	struct filters *filters; /* borrowed, or NULL */
	char rules[POLICY_NAME]; /* what the match filter must have loaded */
};

/* A request about the file; type, name and length may be changed for a part of it. */
void inspect_request(const struct inspect_case *c, struct filter_request *rq);
/* A name that is longer than filters take is cut from the front: they look at its
 * extension. */
void inspect_request_name(struct filter_request *rq, const char *name);
/* What the draft says of itself: for the rules alone. */
void inspect_request_record(const struct inspect_case *c, struct filter_request *rq);
/* How long this filter may take from now, as a moment of clock_mono_ms. */
int64_t inspect_deadline(const struct inspect *i, enum which_filter w);
/* Ask the program of this name; the answer is collected by filter_call_wait. */
void inspect_ask(const struct inspect *i, struct case_answer *a, const char *program, int fd,
		 const struct filter_request *rq, int64_t deadline);
/* The answer came to its end: believed, or why not. */
void inspect_understand(struct case_answer *a, const char *program, uint32_t objects_elsewhere);
/* A sealed copy in memory: its descriptor, or an error. */
int inspect_sealed(const struct filter_piece *pieces, uint32_t n);

/* Ask about the parts in c, and about those that their answers hand on. SL_E_NOMEM. */
int inspect_parts(const struct inspect *i, struct inspect_case *c) SL_MUST_USE;

#endif
