/* filter_reply.h - the orchestrator's side: ask a filter, believe nothing unchecked. */
#ifndef SL_INSPECT_FILTER_REPLY_H
#define SL_INSPECT_FILTER_REPLY_H

#include "inspect/filter_wire.h"

struct filter_fact {
	char key[FILTER_FACT_KEY_MAX];
	char value[FILTER_FACT_VALUE_MAX];
};

struct filter_piece { /* of a copy or a part, borrowed from the parsed bytes */
	const uint8_t *bytes;
	size_t len;
};

/* An object whose bytes are handed on: pieces [first, first + n). */
struct filter_part {
	uint32_t object;
	uint32_t first, n;
	uint64_t bytes;
};

/* A checked answer.  Segments' texts and pieces point into the bytes that were parsed. */
struct filter_reply {
	char name[FILTER_NAME_MAX];
	char version[FILTER_VERSION_MAX], data[FILTER_VERSION_MAX];
	struct filter_object *objects;
	struct segment *segments;
	struct finding *findings;
	struct filter_fact *facts;
	uint32_t n_objects, n_segments, n_findings, n_facts;
	uint32_t cap_objects, cap_segments, cap_findings, cap_facts;
	/* of extract and office; no object twice: */
	struct filter_part *parts;
	uint32_t n_parts, cap_parts;
	/* of the clean filter, pieces of parts as well: */
	struct filter_change *changes;
	struct filter_piece *pieces;
	uint32_t n_changes, n_pieces, cap_changes, cap_pieces;
	uint64_t n_bytes; /* of all pieces */
	bool ended;	  /* the child wrote END with the right counts */
	uint8_t ending;	  /* enum filter_ending */
	uint32_t code;	  /* exit status or signal */
};

/* Parse a whole answer.  0 only for a complete one: HELLO, records whose counts
 * END confirms, a trailer that says "clean", nothing after it; every object index
 * in range (`objects_elsewhere` > 0: findings name objects of another answer, that
 * many), ids unique, object 0 first when there is any.
 * SL_E_TIMEOUT: killed for time.  SL_E_UNREACHABLE: crashed or gave up (ending and
 * code say how).  SL_E_FORMAT, SL_E_LIMIT, SL_E_NOMEM.  ret_r is set on every return
 * and must be released; its name, version and data are valid when not "". */
int filter_reply_parse(const void *bytes, size_t len, uint32_t objects_elsewhere,
		       struct filter_reply *ret_r) SL_MUST_USE;
void filter_reply_release(struct filter_reply *r);
/* Value of a fact, NULL when absent or said twice. */
const char *filter_reply_fact(const struct filter_reply *r, const char *key);
/* A fact that is a decimal number; false when absent or not one. */
bool filter_reply_number(const struct filter_reply *r, const char *key, uint64_t *ret_v);

/* One question under way. */
struct filter_call {
	int fd;		   /* connection, -1 when over */
	struct buf answer; /* owned */
	int64_t deadline;  /* clock_mono_ms */
	int error;	   /* SL_OK when the answer came to its end */
	bool absent;	   /* nobody listened: not the document's doing */
};
/* Connect and send the request with the document's descriptor (borrowed).  Never
 * fails: what goes wrong is in call->error.  Release with filter_call_release. */
void filter_call_start(struct filter_call *call, const char *socket_path, int fd,
		       const struct filter_request *rq, int64_t deadline);
/* Read all answers to their ends, or to their deadlines. */
void filter_call_wait(struct filter_call *const *calls, unsigned n);
void filter_call_release(struct filter_call *call);

#endif
