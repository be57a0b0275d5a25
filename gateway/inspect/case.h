/* case.h - inside the orchestrator: one file under inspection, from answers to verdict. */
#ifndef SL_INSPECT_CASE_H
#define SL_INSPECT_CASE_H

#include "base/json.h"
#include "inspect/filter_reply.h"
#include "inspect/inspect.h"

enum which_filter {
	FILTER_TYPE,
	FILTER_AV,
	FILTER_EXTRACT,
	FILTER_SEE,
	FILTER_MATCH,
	FILTER_COUNT
};
extern const char *const case_filter_names[FILTER_COUNT];
/* The program that reads formats before 2007 in the place of `extract`. */
extern const char case_office[];

enum {
	CASE_FINDINGS_MAX =
		500, /* printed in a report; more are counted and the file is held */
	CASE_OBJECTS_MAX = 2000,
	CASE_REPORT_MAX = 640 << 10
};

struct case_answer {
	struct filter_call call;
	struct filter_reply reply;
	int error; /* of the call or of parsing; SL_OK: believed */
	const char
		*why; /* "" or: unreachable, timeout, crashed, gave-up, garbage, over-limit */
	bool asked;
};
/* Where an object of an answer stands in the ledger. */
struct case_place {
	uint32_t object;
	uint32_t line, offset; /* to add to its places: what came before stands there */
	uint32_t of, page;     /* a page of a PDF: the PDF's object and its number, from 1 */
};
/* A believed answer of extract, office or see: about the file, or about a part of it. */
struct case_source {
	enum which_filter filter; /* FILTER_EXTRACT (office, too) or FILTER_SEE */
	const struct case_answer *answer;
	uint32_t under;		   /* the object of the ledger that it is about */
	struct case_place *places; /* owned: for each object of the answer */
};
/* A part that one filter handed on to another. */
struct case_part {
	uint32_t object;	  /* of the ledger */
	enum which_filter filter; /* FILTER_EXTRACT: office, or FILTER_SEE */
	const struct filter_reply *from;
	const struct filter_part *bytes; /* of `from` */
	struct case_answer answer;
};
enum { CASE_SOURCES_MAX = FILTER_PARTS_MAX + 2 };

struct inspect_case {
	const struct inspect_input *in;
	const struct policy *policy;
	struct case_answer answer[FILTER_COUNT]; /* about the file */
	bool office;				 /* `extract` is the program case_office */
	bool wants_see;			/* there is something to see in it, other than parts */
	struct inspect_similar similar; /* severity SEV_COUNT: to nothing */
	struct filter_object *objects;	/* owned: the ledger, merged; object 0 is the file */
	struct case_place *ends;	/* owned: line and offset where the text of each ends */
	uint32_t n_objects;
	struct case_source sources[CASE_SOURCES_MAX]; /* in the order in which texts follow */
	uint32_t n_sources, n_segments;		      /* and segments of all of them */
	uint64_t text_bytes;
	struct case_part *parts; /* owned, of FILTER_PARTS_MAX; do not move */
	uint32_t n_parts;
	uint64_t handed;	  /* bytes of all parts */
	struct finding *findings; /* owned, sorted */
	uint32_t n_findings, cap_findings;
	bool overflow; /* something was more than a report can hold */
	enum verdict verdict;
};

/* Name of the program that this answer is asked of. */
const char *case_program(const struct inspect_case *c, enum which_filter w);

/* Was this filter's answer about the file believed? Its reply, else NULL. */
const struct filter_reply *case_believed(const struct inspect_case *c, enum which_filter w);

/* Media type of the file by the filter that tells types, "" when it is not believed. */
const char *case_type(const struct inspect_case *c);

/* Name of the program that a part is given to. */
const char *case_part_program(const struct case_part *p);

/* The ledger with the file alone in it; before the first source.  SL_E_NOMEM. */
int case_ledger(struct inspect_case *c) SL_MUST_USE;
/* Take a believed answer with at least one object into the ledger, below object `under`
 * (which it is about).  Objects of see must be there already, or be pages of a PDF; those
 * of the others are new.  What it hands on is added to the parts.  More objects or text
 * than a file may have: `under` is failed "over-limit" and the answer is left out.
 * SL_E_NOMEM. */
int case_source_add(struct inspect_case *c, enum which_filter w, const struct case_answer *a,
		    uint32_t under) SL_MUST_USE;
/* Segment i of a source, as it stands in the ledger. */
struct segment case_segment(const struct case_source *s, uint32_t i);
/* A finding of a source, likewise. */
struct finding case_placed(const struct case_source *s, const struct finding *f);
/* Highest number of an object right below this one, 0: there is none. */
uint32_t case_last_below(const struct inspect_case *c, uint32_t object);
/* Path of `member` below an object, as the extract library makes it. */
void case_path_below(const struct filter_object *above, const char *member,
		     char out[FILTER_PATH_MAX]);
/* The part of an object's path in its answer that is below the answer's object 0. */
const char *case_path_member(const struct filter_reply *r, uint32_t i);

/* Is there something in the file that see looks at when it is given the file itself: a
 * picture, pages, or a package with pictures that extract left unread?  After extract. */
bool case_wants_see(const struct inspect_case *c);
/* The objects of see's answer in their places.  A picture that extract left unread is
 * inspected when see has read exactly that object, and has see's reason when it could
 * not; each page of a PDF is an object of its own.  SL_E_NOMEM. */
int case_see_place(struct inspect_case *c, struct case_source *s) SL_MUST_USE;
/* Do both count the same pages and pictures? Fails what they disagree on. */
void case_see_check(struct inspect_case *c);

/* Take what a source hands on to the parts; past the ceilings it stays unread. */
int case_parts_take(struct inspect_case *c, const struct case_source *s) SL_MUST_USE;
/* The part was asked about: its answer into the ledger, or why there is none. */
int case_part_answered(struct inspect_case *c, struct case_part *p) SL_MUST_USE;
/* What to do about parts in an old format that were not read (OF-001).  SL_E_NOMEM. */
int case_parts_findings(struct inspect_case *c) SL_MUST_USE;
/* Was a part for this filter among them? Its first answer that failed, else the first. */
const struct case_answer *case_parts_answer(const struct inspect_case *c, enum which_filter w);

/* Findings of the two views: hidden text (DH-003), text that is only a picture (DH-006),
 * a picture as a file (PI-012); and without what was found twice because it was read
 * off a page that has it as text.  After the answers' findings. SL_E_NOMEM. */
int case_views(struct inspect_case *c) SL_MUST_USE;
/* The part of it that needs no second view: pictures. */
int case_pictures(struct inspect_case *c) SL_MUST_USE;

/* Findings out of the answers; then the verdict. After the sources.  SL_E_NOMEM only. */
int case_merge(struct inspect_case *c) SL_MUST_USE;
void case_release(struct inspect_case *c);
/* Append one finding, with the severity that the packs or our own table say at least. */
int case_add_finding(struct inspect_case *c, const struct finding *f) SL_MUST_USE;
/* The same for a conclusion of our own, whose severity depends on more than its rule. */
int case_add_own(struct inspect_case *c, const struct finding *f) SL_MUST_USE;
/* Fail object 0 (the first reason stays). */
void case_fail(struct inspect_case *c, const char *fmt, ...) SL_PRINTF(2, 3);
/* Fail another one; "left to another filter" is no reason that stays. */
void case_fail_object(struct inspect_case *c, uint32_t object, const char *fmt, ...)
	SL_PRINTF(3, 4);
/* Do the filters' counts and types agree? Fails object 0 where not. */
void case_cross_check(struct inspect_case *c);

/* The waiver that covers this finding, or NULL. */
const struct inspect_waiver *case_waiver(const struct inspect_case *c, const struct finding *f);
/* {"by":[…],"reason","until"} */
json_t *case_waiver_json(const struct inspect_waiver *w);

/* Texts of a rule: from the packs, else from our own table. */
bool case_rule_text(const struct policy *p, const char *rule, struct rule_text *ret_t);

/* The report: canonical bytes, and what is told of it beside. */
int case_report(struct inspect_case *c, struct inspect_report *out) SL_MUST_USE;

#endif
