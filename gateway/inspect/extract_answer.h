/* extract_answer.h - what the filter programs over the extract library share: one document
 * mapped, read by somebody, said to the parent. */
#ifndef SL_INSPECT_EXTRACT_ANSWER_H
#define SL_INSPECT_EXTRACT_ANSWER_H

#include "inspect/extract/extract.h"

/* In the child: map the document, let `read` fill its parts, say them to `out`.  Nothing is
 * given back, the process ends. */
int extract_answer(int fd, const struct filter_request *rq, struct filter_out *out,
		   int (*read)(struct extract *x)) SL_MUST_USE;

#endif
