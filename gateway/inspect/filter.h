/* filter.h - what the filter programs share: a warm parent, one disposable
 * child per document, and the record stream a child answers with.
 *
 * Program line: sluice-filter-NAME --socket DIR/NAME.sock --bytes N --seconds N
 * --optional LAYERS [--turn 0|1] [--policies DIR] [--database DIR --max-age DAYS [--demo]]
 * [--office DIR]. The parent loads its heavy state, prints one line "ready" (or "failed: why")
 * on descriptor 3 when that is open, enters its sandbox and accepts on a
 * SOCK_SEQPACKET-like stream socket.  One connection carries one request (the
 * document's descriptor by SCM_RIGHTS and a bounded header) and the child's
 * answer.  A successor loads beside it, binds aside and takes the socket's name; SIGUSR1
 * then asks this one to finish what it was given and end.  Everything an answer says is
 * untrusted until filter_reply_parse has checked it. */
#ifndef SL_INSPECT_FILTER_H
#define SL_INSPECT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "policy/policy.h"
#include "policy/segment.h"

enum object_state { OBJECT_INSPECTED, OBJECT_SKIPPED, OBJECT_FAILED };
enum object_text { OBJECT_TEXT_NONE, OBJECT_TEXT_FULL, OBJECT_TEXT_OCR };
enum {
	FILTER_OBJECTS_MAX = 20000,
	FILTER_PATH_MAX = 512,
	FILTER_REPLY_MAX = 300 << 20,
	FILTER_PARTS_MAX = 256,	      /* handed on, of one file at all depths */
	FILTER_HANDED_MAX = 96 << 20, /* and their bytes */
};

/* One entry of the coverage ledger. Object 0 is the file itself. */
struct filter_object {
	char id[48];		    /* "0", "0.3", "0.3.1": position in its parent */
	char path[FILTER_PATH_MAX]; /* draft.docx/word/comments.xml */
	char type[128];		    /* media type, "" unknown */
	char sha256[65];	    /* "" when not computed */
	uint64_t bytes;
	uint8_t state;	 /* enum object_state */
	uint8_t text;	 /* enum object_text */
	char reason[96]; /* for failed and skipped: encrypted, truncated, corrupt, over-limit,
			    unsupported, timeout, crashed, unknown-type, polyglot, … */
};

/* What the parent is asked to look at. */
struct filter_request {
	char name[256];	    /* file name as submitted */
	char declared[128]; /* declared media type, "" none */
	char type[128];	    /* type decided by the `type` filter, "" for `type` itself */
	uint64_t length;
	/* match only: the segments are the document (memfd), context beside it */
	char content_type[16], column[128], disclosure[64], channels[256] /* comma separated */;
	bool offline;
	int64_t today;
	uint8_t depth;	 /* documents it stands in: 0 for a file, more for a part handed on */
	bool has_record; /* of the draft (policy/policy.h), else what follows is nothing */
	char given[SCAN_GIVEN_MAX], source_type[SCAN_SOURCE_MAX], question[SCAN_QUESTION_MAX];
	char category[SCAN_CATEGORY_MAX];
	int64_t received, due;
	uint64_t bytes; /* of the file whose text it is */
	bool picture, first;
};

/* One thing that the clean filter changed. */
struct filter_change {
	char what[32];	 /* masked, removed, emptied, re-encoded, left: letters and '-' */
	char where[160]; /* member, or "" for the file; of left: as where_name */
	char which[96];	 /* of a mask its replacement; else the name of the thing */
	uint32_t count;	 /* 1 or more */
};

/* The child's side: writes records, enforces the ceilings.  Paths are made
 * printable on the way out; the first error sticks and later calls return it.
 * Object 0 must come first; segments and findings name objects already sent. */
struct filter_out;
int filter_out_object(struct filter_out *o, const struct filter_object *obj,
		      uint32_t *ret_index) SL_MUST_USE;
int filter_out_segment(struct filter_out *o, const struct segment *s) SL_MUST_USE;
int filter_out_finding(struct filter_out *o, const struct finding *f) SL_MUST_USE;
/* A named number or word the orchestrator cross-checks: "members-promised",
 * "members-opened", "pages", "virus", "type", "macro", "revisions" … */
int filter_out_fact(struct filter_out *o, const char *key, const char *value) SL_MUST_USE;
/* For the clean filter alone; another's answer with one of these is garbage.  Bytes are
 * the copy: pieces in order, cut here as the wire wants them. */
int filter_out_change(struct filter_out *o, const struct filter_change *c) SL_MUST_USE;
int filter_out_bytes(struct filter_out *o, const void *bytes, size_t len) SL_MUST_USE;
/* Of `extract` and `office`: the bytes of an object that another filter must look at,
 * a picture or a PDF in a document or a format before 2007. */
int filter_out_part(struct filter_out *o, uint32_t object, const void *bytes,
		    size_t len) SL_MUST_USE;

struct filter_ops {
	const char *name; /* "type" "av" "extract" "office" "see" "match" "clean" */
	/* Load heavy state once, before the sandbox. argc/argv: the program's own options. */
	int (*load)(int argc, char **argv, struct sl_why *why);
	const char *(*version)(void); /* program or engine version, for the report */
	const char *(*data)(void);    /* database or rule-set identity, for the report */
	/* In the child, sandboxed: look at the document and answer through `out`.
	 * 0 = everything is said (failures of parts are objects with state FAILED).
	 * fd is a regular file of rq->length bytes, no larger than --bytes; its offset is
	 * shared with other filters at work on the same file, so pread or mmap only. */
	int (*run)(int fd, const struct filter_request *rq, struct filter_out *out);
	unsigned extra_calls;  /* enum sandbox_calls the child needs beside the base set */
	uint64_t memory_bytes; /* of the child beyond the parent's */
	uint64_t least_bytes;  /* takes at least this many, even when --bytes says less */
	/* Paths (files or trees) a child may read, ended by NULL; NULL: none. Missing ones
	 * are skipped.  Nothing else can be opened. */
	const char *const *read_paths;
	/* Libraries that came along with others and that no document needs, by the
	 * beginnings of their file names, ended by NULL; NULL: none.  A child does not have
	 * them, so it is forked faster and finds less code to misuse. */
	const char *const *left_libraries;
	/* The child gets an empty private directory, removed by the parent afterwards;
	 * filter_temp_dir() names it.  It is the only place that can be written to. */
	bool temp_dir;
	/* Documents at the same time, 0: four.  More wait. */
	unsigned jobs;
};
int filter_main(const struct filter_ops *ops, int argc, char **argv);

/* The child's private directory (while the parent loads: the one that holds them),
 * or NULL when ops->temp_dir is false. */
const char *filter_temp_dir(void);
/* For ops->load: value of "--name VALUE", NULL when absent; presence of "--name". */
const char *filter_option(int argc, char **argv, const char *name);
bool filter_flag(int argc, char **argv, const char *name);
/* Largest document in bytes and seconds of wall clock for one, from the command line. */
uint64_t filter_bytes(void);
uint32_t filter_seconds(void);

#endif
