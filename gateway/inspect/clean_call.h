/* clean_call.h - the orchestrator's side of the clean filter: ask for a copy, believe nothing
 * unchecked. */
#ifndef SL_INSPECT_CLEAN_CALL_H
#define SL_INSPECT_CLEAN_CALL_H

#include "inspect/clean/clean.h"
#include "inspect/filter_reply.h"

struct clean_ask {
	const char *socket_dir; /* where clean.sock is */
	uint32_t seconds;	/* for one document */
	const char *name, *type;
	int fd; /* the document: borrowed, read from its beginning */
	uint64_t length;
	const struct clean_mask *masks;
	size_t n_masks;
	bool exact; /* clean.h */
};
struct clean_answer {
	struct filter_call call;
	struct filter_reply reply; /* its pieces are the copy */
	bool absent;		   /* nobody listens: nothing is said of the document */
};

/* One question.  *ret_a is set on every return and must be released.  SL_OK: the reply has
 * one object; when it is OBJECT_FAILED its fact "why" says why there is no copy.  Else why
 * says in one sentence what the filter did: SL_E_TIMEOUT, SL_E_UNREACHABLE (not there, or it
 * crashed), SL_E_FORMAT (garbage), SL_E_LIMIT, SL_E_IO, SL_E_NOMEM. */
int clean_call(const struct clean_ask *a, struct clean_answer *ret_a,
	       struct sl_why *why) SL_MUST_USE;
void clean_answer_release(struct clean_answer *a);

#endif
