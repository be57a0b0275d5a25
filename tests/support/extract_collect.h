/* extract_collect.h - run the extract parsers in the test's process and keep what they say. */
#ifndef SL_TESTS_EXTRACT_COLLECT_H
#define SL_TESTS_EXTRACT_COLLECT_H

#include "inspect/extract/extract.h"

struct collected {
	struct filter_object *objects;
	size_t n_objects;
	struct segment *segments; /* texts are copies */
	size_t n_segments;
	struct finding *findings;
	size_t n_findings;
	char facts[512]; /* "key=value;" … */
	char *handed;	 /* paths of what is handed on: "path;" …, NULL: nothing */
	int error;	 /* of extract_document or extract_emit */
};

/* Load what the filter loads before its sandbox; aborts the test on failure. */
void collect_start(void);
struct collected *collect_bytes(const char *name, const char *type, const void *bytes,
				size_t len);
/* A file below tests/corpus/documents; NULL when it cannot be read. */
struct collected *collect_file(const char *name, const char *type);
void collect_free(struct collected *c);

/* First object whose path ends with tail, else NULL. */
const struct filter_object *collect_object(const struct collected *c, const char *tail);
/* First segment of that place that holds the words, else NULL. */
const struct segment *collect_segment(const struct collected *c, enum segment_where w,
				      const char *words);
const struct finding *collect_finding(const struct collected *c, const char *rule,
				      enum segment_where w);
size_t collect_failed(const struct collected *c);
/* Everything, readable: for looking at a failing test. */
void collect_print(const struct collected *c);

#endif
