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
/* Where an object of the answer of `see` stands in the ledger. */
struct case_seen {
	uint32_t object;
	uint32_t line, offset; /* to add to its places: what was extracted comes first */
	uint32_t of, page;     /* a page of a PDF: the PDF's object and its number, from 1 */
};
struct inspect_case {
	const struct inspect_input *in;
	const struct policy *policy;
	struct case_answer answer[FILTER_COUNT];
	bool office;			/* `extract` is the program case_office */
	bool wants_see;			/* there is something to see in it */
	struct inspect_similar similar; /* severity SEV_COUNT: to nothing */
	struct filter_object *objects;	/* owned: the ledger, merged; object 0 is the file */
	uint32_t n_objects;
	struct case_seen *seen;	  /* owned: for each object of the answer of `see` */
	struct finding *findings; /* owned, sorted */
	uint32_t n_findings, cap_findings;
	bool overflow; /* something was more than a report can hold */
	enum verdict verdict;
};

/* Name of the program that this answer is asked of. */
const char *case_program(const struct inspect_case *c, enum which_filter w);

/* Was this filter's answer believed? Its reply, else NULL. */
const struct filter_reply *case_believed(const struct inspect_case *c, enum which_filter w);

/* Pictures that were extracted unread, a picture itself, or pages to draw? After extract. */
bool case_wants_see(const struct inspect_case *c);
/* The ledger out of what extract and see listed: the objects that match may name. */
int case_ledger(struct inspect_case *c) SL_MUST_USE;
/* In it: the objects of see in their places.  A picture that extract left unread is
 * inspected when see has read exactly that object, and has see's reason when it could
 * not; each page of a PDF is an object of its own.  SL_E_NOMEM. */
int case_see_place(struct inspect_case *c) SL_MUST_USE;
/* Do both count the same pages and pictures? Fails object 0 where not. */
void case_see_check(struct inspect_case *c);
/* Findings of the two views: hidden text (DH-003), text that is only a picture (DH-006),
 * a picture as a file (PI-012); and without what was found twice because it was read
 * off a page that has it as text.  After the answers' findings. SL_E_NOMEM. */
int case_views(struct inspect_case *c) SL_MUST_USE;
/* The part of it that needs no second view: pictures. */
int case_pictures(struct inspect_case *c) SL_MUST_USE;

/* Findings out of the answers; then the verdict. After case_ledger.  SL_E_NOMEM only. */
int case_merge(struct inspect_case *c) SL_MUST_USE;
void case_release(struct inspect_case *c);
/* Append one finding, with the severity that the packs or our own table say at least. */
int case_add_finding(struct inspect_case *c, const struct finding *f) SL_MUST_USE;
/* The same for a conclusion of our own, whose severity depends on more than its rule. */
int case_add_own(struct inspect_case *c, const struct finding *f) SL_MUST_USE;
/* Fail object 0 (the first reason stays). */
void case_fail(struct inspect_case *c, const char *fmt, ...) SL_PRINTF(2, 3);
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
