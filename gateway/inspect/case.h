/* case.h - inside the orchestrator: one file under inspection, from answers to verdict. */
#ifndef SL_INSPECT_CASE_H
#define SL_INSPECT_CASE_H

#include "base/json.h"
#include "inspect/filter_reply.h"
#include "inspect/inspect.h"

enum which_filter { FILTER_TYPE, FILTER_AV, FILTER_EXTRACT, FILTER_MATCH, FILTER_COUNT };
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
struct inspect_case {
	const struct inspect_input *in;
	const struct policy *policy;
	struct case_answer answer[FILTER_COUNT];
	bool office;		       /* `extract` is the program case_office */
	struct filter_object *objects; /* owned: the ledger, merged; object 0 is the file */
	uint32_t n_objects;
	struct finding *findings; /* owned, sorted */
	uint32_t n_findings, cap_findings;
	bool overflow; /* something was more than a report can hold */
	enum verdict verdict;
};

/* Name of the program that this answer is asked of. */
const char *case_program(const struct inspect_case *c, enum which_filter w);

/* ledger and findings out of the answers; then the verdict.  SL_E_NOMEM only. */
int case_merge(struct inspect_case *c) SL_MUST_USE;
void case_release(struct inspect_case *c);
/* Append one finding, with the severity that the packs or our own table say at least. */
int case_add_finding(struct inspect_case *c, const struct finding *f) SL_MUST_USE;
/* Fail object 0 (the first reason stays). */
void case_fail(struct inspect_case *c, const char *fmt, ...) SL_PRINTF(2, 3);
/* Do the filters' counts and types agree? Fails object 0 where not. */
void case_cross_check(struct inspect_case *c);

/* Texts of a rule: from the packs, else from our own table. */
bool case_rule_text(const struct policy *p, const char *rule, struct rule_text *ret_t);

/* The report: canonical bytes, and what is told of it beside. */
int case_report(struct inspect_case *c, struct inspect_report *out) SL_MUST_USE;

#endif
