/* case_merge.c - the answers become one ledger, one list of findings, one verdict.
 *
 * Nothing a filter concluded is taken over: states are merged worst first,
 * severities are at least what the packs say, and the verdict is computed here
 * from the ledger and the list alone.  The file is clean only when every object
 * is inspected by every filter and nobody found anything. */
#include "inspect/case.h"
#include "inspect/filter_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const case_filter_names[FILTER_COUNT] = {"type", "av", "extract", "see", "match"};
const char case_office[] = "office";

const char *case_program(const struct inspect_case *c, enum which_filter w)
{
	return c->office && w == FILTER_EXTRACT ? case_office : case_filter_names[w];
}

/* Rules by which the extract filter may leave an object out. */
static const char *const skip_rules[] = {"directory", "ooxml-font", "odf-layout-cache",
					 "picture-too-small", NULL};

void case_release(struct inspect_case *c)
{
	for (unsigned i = 0; i < FILTER_COUNT; i++) {
		filter_reply_release(&c->answer[i].reply);
		filter_call_release(&c->answer[i].call);
	}
	for (uint32_t i = 0; i < c->n_parts; i++) {
		filter_reply_release(&c->parts[i].answer.reply);
		filter_call_release(&c->parts[i].answer.call);
	}
	for (uint32_t i = 0; i < c->n_sources; i++)
		free(c->sources[i].places);
	free(c->parts);
	free(c->objects);
	free(c->ends);
	free(c->findings);
	c->parts = NULL;
	c->objects = NULL;
	c->ends = NULL;
	c->findings = NULL;
	c->n_parts = c->n_sources = c->n_objects = 0;
}

const struct filter_reply *case_believed(const struct inspect_case *c, enum which_filter w)
{
	return c->answer[w].error == SL_OK && c->answer[w].asked ? &c->answer[w].reply : NULL;
}

const char *case_type(const struct inspect_case *c)
{
	const struct filter_reply *t = case_believed(c, FILTER_TYPE);

	return t != NULL && t->n_objects > 0 ? t->objects[0].type : "";
}

int case_add_own(struct inspect_case *c, const struct finding *f)
{
	if (c->n_findings == c->cap_findings) {
		uint32_t cap = c->cap_findings == 0 ? 32 : c->cap_findings * 2;
		struct finding *grown = reallocarray(c->findings, cap, sizeof(*grown));

		if (grown == NULL)
			return SL_E_NOMEM;
		c->findings = grown;
		c->cap_findings = cap;
	}
	c->findings[c->n_findings++] = *f;
	return SL_OK;
}

int case_add_finding(struct inspect_case *c, const struct finding *f)
{
	struct scan_context context = c->in->context;
	struct finding worst = *f;
	struct rule_text text;
	enum severity s;

	/* A filter may make it worse than the pack says, never better. */
	if (policy_severity(c->policy, f->rule, &context, &s) != SL_OK)
		s = case_rule_text(c->policy, f->rule, &text) ? text.severity
							      : (enum severity)f->severity;
	if ((uint8_t)s < f->severity)
		worst.severity = (uint8_t)s;
	return case_add_own(c, &worst);
}

static void check_skips(struct inspect_case *c)
{
	for (uint32_t i = 0; i < c->n_objects; i++) {
		const char *const *rule = skip_rules;

		if (c->objects[i].state != OBJECT_SKIPPED)
			continue;
		while (*rule != NULL && strcmp(*rule, c->objects[i].reason) != 0)
			rule++;
		if (*rule == NULL) {
			c->objects[i].state = OBJECT_FAILED;
			(void)snprintf(c->objects[i].reason, sizeof(c->objects[i].reason),
				       "skipped-without-rule");
		}
	}
}

/* The extract filter leaves a picture to the one that sees: its state is that one's. */
static bool is_left_to_see(const struct inspect_case *c, enum which_filter w,
			   const struct filter_object *o)
{
	return w == FILTER_EXTRACT && c->answer[FILTER_SEE].asked &&
	       strcmp(o->reason, "picture-not-read") == 0;
}

/* A filter that was not asked or not believed has not inspected the file. */
static void merge_filter(struct inspect_case *c, enum which_filter w)
{
	const struct case_answer *a = &c->answer[w];
	const struct filter_reply *r = &a->reply;

	if (w == FILTER_SEE && !c->wants_see)
		return;
	if (!a->asked)
		case_fail(c, "%s-not-asked", case_program(c, w));
	else if (a->error != SL_OK)
		case_fail(c, "%s-%s", case_program(c, w), a->why);
	else if (w != FILTER_MATCH && r->n_objects == 0)
		case_fail(c, "%s-garbage", case_program(c, w));
	else if (w != FILTER_MATCH && r->objects[0].bytes != c->in->length)
		case_fail(c, "%s-other-bytes", case_program(c, w));
	else if (w != FILTER_MATCH && r->objects[0].state != OBJECT_INSPECTED &&
		 !is_left_to_see(c, w, &r->objects[0]))
		case_fail(c, "%s", r->objects[0].reason); /* the file itself is never skipped */
}

static void merge_type(struct inspect_case *c)
{
	const struct filter_reply *t = case_believed(c, FILTER_TYPE);

	if (t == NULL || t->n_objects == 0)
		return;
	(void)snprintf(c->objects[0].type, sizeof(c->objects[0].type), "%s", case_type(c));
	if (c->objects[0].type[0] == '\0')
		case_fail(c, "unknown-type");
}

/* Of filters that read text: places are in the ledger already. */
static int merge_sources(struct inspect_case *c)
{
	bool cleaned = filter_type_is_cleaned(case_type(c));
	int r = SL_OK;

	for (uint32_t k = 0; k < c->n_sources; k++) {
		const struct filter_reply *x = &c->sources[k].answer->reply;

		for (uint32_t i = 0; r == SL_OK && i < x->n_findings; i++) {
			struct finding f = case_placed(&c->sources[k], &x->findings[i]);

			/* Whoever reads a part does not know what it stands in. */
			if (strcmp(f.rule, "UF-001") == 0)
				(void)snprintf(f.fix_action, sizeof(f.fix_action), "%s",
					       cleaned ? "delete" : "return");
			r = case_add_finding(c, &f);
		}
	}
	return r;
}

static int merge_findings(struct inspect_case *c)
{
	static const enum which_filter of_file[] = {FILTER_TYPE, FILTER_AV, FILTER_MATCH};
	int r = merge_sources(c);

	for (unsigned k = 0; k < sizeof(of_file) / sizeof(of_file[0]); k++) {
		const struct filter_reply *x = case_believed(c, of_file[k]);

		for (uint32_t i = 0; r == SL_OK && x != NULL && i < x->n_findings; i++) {
			struct finding f = x->findings[i];

			/* Objects of match are those of the ledger; the others know the file.
			 */
			if (of_file[k] != FILTER_MATCH)
				f.object = 0;
			r = case_add_finding(c, &f);
			/* Severity of a text finding is match's own business. */
			if (r == SL_OK && of_file[k] == FILTER_MATCH)
				c->findings[c->n_findings - 1].severity = f.severity;
		}
	}
	if (c->answer[FILTER_MATCH].asked && c->answer[FILTER_MATCH].error == SL_OK &&
	    filter_reply_fact(&c->answer[FILTER_MATCH].reply, "overflow") != NULL)
		c->overflow = true;
	return r;
}

/* Malware by the fact, "not scanned" by the state. */
static int merge_av(struct inspect_case *c)
{
	const struct case_answer *a = &c->answer[FILTER_AV];
	struct finding f = {.where = WHERE_BODY, .line = 1, .column = 1};
	const char *virus = NULL;

	for (uint32_t i = 0; a->asked && a->error == SL_OK && i < a->reply.n_facts; i++) {
		if (strcmp(a->reply.facts[i].key, "virus") == 0)
			virus = a->reply.facts[i].value;
	}
	if (virus != NULL) {
		f.severity = SEV_S1;
		(void)snprintf(f.rule, sizeof(f.rule), "AV-001");
		(void)snprintf(f.evidence, sizeof(f.evidence), "malware:%.150s", virus);
		(void)snprintf(f.fix_action, sizeof(f.fix_action), "return");
		return case_add_finding(c, &f);
	}
	if (a->asked && a->error == SL_OK && a->reply.n_objects > 0 &&
	    a->reply.objects[0].state == OBJECT_INSPECTED)
		return SL_OK;
	f.severity = SEV_S2;
	(void)snprintf(f.rule, sizeof(f.rule), "AV-002");
	(void)snprintf(f.evidence, sizeof(f.evidence), "%s",
		       a->error != SL_OK || a->reply.n_objects == 0
			       ? "filter-failed"
			       : a->reply.objects[0].reason);
	(void)snprintf(f.fix_action, sizeof(f.fix_action), "return");
	return case_add_finding(c, &f);
}

/* The text is nearly that of something refused, recalled or published (DH-016). */
static int merge_similar(struct inspect_case *c)
{
	struct finding f = {.where = WHERE_BODY,
			    .line = 1,
			    .column = 1,
			    .severity = c->similar.severity,
			    .rule = "DH-016"};

	if (c->similar.severity >= SEV_COUNT)
		return SL_OK;
	if (c->similar.reply)
		(void)snprintf(f.rule, sizeof(f.rule), "RP-005");
	(void)snprintf(f.evidence, sizeof(f.evidence), "%s", c->similar.evidence);
	return case_add_finding(c, &f);
}

/* What to do about an old format that was not read; a password is DH-008's. */
static int merge_office(struct inspect_case *c)
{
	const struct case_answer *a = &c->answer[FILTER_EXTRACT];
	bool answered = a->error == SL_OK && a->reply.n_objects > 0;
	struct finding f = {.rule = "OF-001",
			    .severity = SEV_S2,
			    .where = WHERE_BODY,
			    .line = 1,
			    .column = 1,
			    .fix_action = "return"};

	if (!c->office || (answered && (a->reply.objects[0].state == OBJECT_INSPECTED ||
					strcmp(a->reply.objects[0].reason, "encrypted") == 0)))
		return SL_OK;
	(void)snprintf(f.evidence, sizeof(f.evidence), "%s",
		       answered ? a->reply.objects[0].reason : "filter-failed");
	return case_add_finding(c, &f);
}

static int by_place(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (strcmp(x->rule, y->rule) != 0)
		return strcmp(x->rule, y->rule);
	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return strcmp(x->evidence, y->evidence);
}

/* Two filters may find the same macro. */
static void sort_findings(struct inspect_case *c)
{
	uint32_t kept = 0;

	if (c->n_findings > 1)
		qsort(c->findings, c->n_findings, sizeof(*c->findings), by_place);
	for (uint32_t i = 0; i < c->n_findings; i++) {
		if (kept > 0 && by_place(&c->findings[kept - 1], &c->findings[i]) == 0)
			continue;
		c->findings[kept++] = c->findings[i];
	}
	c->n_findings = kept;
}

static void decide(struct inspect_case *c)
{
	enum verdict v = VERDICT_CLEAN;

	if (c->overflow)
		v = VERDICT_HOLD;
	for (uint32_t i = 0; i < c->n_objects; i++) {
		if (c->objects[i].state == OBJECT_FAILED && v < VERDICT_HOLD)
			v = VERDICT_HOLD;
	}
	for (uint32_t i = 0; i < c->n_findings; i++) {
		enum verdict one = c->findings[i].severity == SEV_S0   ? VERDICT_SPILL
				   : c->findings[i].severity == SEV_S1 ? VERDICT_BLOCK
								       : VERDICT_REVIEW;

		if (one > v && case_waiver(c, &c->findings[i]) == NULL)
			v = one;
	}
	c->verdict = v;
}

int case_merge(struct inspect_case *c)
{
	int r;

	check_skips(c);
	merge_type(c);
	/* The reason of the first filter in this order is the one people read. */
	for (unsigned w = 0; w < FILTER_COUNT; w++)
		merge_filter(c, (enum which_filter)w);
	case_cross_check(c);
	r = merge_findings(c);
	if (r == SL_OK)
		r = merge_av(c);
	if (r == SL_OK)
		r = case_views(c);
	if (r == SL_OK)
		r = merge_similar(c);
	if (r == SL_OK)
		r = merge_office(c);
	if (r == SL_OK)
		r = case_parts_findings(c);
	if (r != SL_OK)
		return r;
	sort_findings(c);
	if (c->n_findings > CASE_FINDINGS_MAX || c->n_objects > CASE_OBJECTS_MAX)
		c->overflow = true;
	decide(c);
	return SL_OK;
}
