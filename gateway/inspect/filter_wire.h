/* filter_wire.h - the bytes between the orchestrator and a filter program.
 *
 *   request   magic u32, length u32, body; the document's descriptor rides on
 *             the first byte by SCM_RIGHTS
 *   answer    records of kind u8, length u32, body, in this order:
 *             HELLO      by the warm parent before the fork: name, version, data
 *             OBJECT, SEGMENT, FINDING, FACT   by the child, any number
 *             PART       bytes of an object that another filter must look at, in one or
 *                        more records that follow each other; extract and office only
 *             CHANGE, BYTES   the same, by the child of the clean filter only
 *             END        by the child: u32 counts of the first four kinds; where there are
 *                        any of the others, u32 changes and u64 bytes
 *             TRAILER    by the parent after it reaped the child: how it ended
 *             and then the end of the stream.
 * A second HELLO, END or TRAILER, or a byte after the trailer, is garbage. */
#ifndef SL_INSPECT_FILTER_WIRE_H
#define SL_INSPECT_FILTER_WIRE_H

#include "inspect/filter.h"

#define FILTER_MAGIC UINT32_C(0x534c4631) /* "SLF1" */

enum filter_record {
	RECORD_HELLO = 1,
	RECORD_OBJECT,
	RECORD_SEGMENT,
	RECORD_FINDING,
	RECORD_FACT,
	RECORD_END,
	RECORD_TRAILER,
	RECORD_CHANGE,
	RECORD_BYTES,
	RECORD_PART
};

enum {
	FILTER_REQUEST_MAX = 8 << 10,
	FILTER_FACTS_MAX = 256,
	FILTER_CHANGES_MAX = 2001,
	FILTER_PIECE = 1 << 20,	     /* bytes in one BYTES or PART record */
	FILTER_PIECES_MAX = 1 << 10, /* and how many there may be */
	FILTER_COPY_MAX = 256 << 20, /* bytes of a cleaned copy */
	FILTER_FACT_KEY_MAX = 48,
	FILTER_FACT_VALUE_MAX = 256,
	FILTER_NAME_MAX = 32,
	FILTER_VERSION_MAX = 128,
	FILTER_RECORD_HEAD = 5, /* kind and length */
};

/* How a child ended, as its parent saw it. */
enum filter_ending { ENDING_CLEAN, ENDING_ERROR, ENDING_SIGNAL, ENDING_TIMEOUT };

void filter_request_put(struct buf *b, const struct filter_request *rq); /* body only */
int filter_request_get(const void *bytes, size_t len,
		       struct filter_request *ret_rq) SL_MUST_USE;
void filter_record_put(struct buf *b, enum filter_record kind, const void *body, size_t len);
void filter_object_put(struct buf *b, const struct filter_object *o);
/* Checks every field: id form, printable path, known state, reason present for
 * what was not inspected. */
int filter_object_get(struct cur *c, struct filter_object *ret_o) SL_MUST_USE;
void filter_change_put(struct buf *b, const struct filter_change *c);
int filter_change_get(struct cur *c, struct filter_change *ret_c) SL_MUST_USE;
bool filter_fact_key_ok(const char *key);
/* Valid UTF-8 without anything that would mislead a terminal or an eye. */
bool filter_text_ok(const char *text);

/* Child's side, made by the framework. */
int filter_out_new(int fd, struct filter_out **ret_o) SL_MUST_USE;
void filter_out_free(struct filter_out *o);
/* Write END and everything still held back. */
int filter_out_end(struct filter_out *o) SL_MUST_USE;

#endif
