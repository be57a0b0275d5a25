/* compile.c - all words and expressions become Vectorscan databases, at the same time.
 *
 * They are never kept on disk: a database is code for the matcher, and who could write one
 * there could have it find nothing.  They are made from the packs whose digest is signed. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/compile_plan.h"
#include "policy/respell.h"

struct job {
	const struct plan *plan;
	hs_database_t *db; /* NULL: nothing to look for, or error */
	hs_compile_error_t *error;
	bool failed;
};

static void *compile_one(void *arg)
{
	struct job *j = arg;
	const struct plan *l = j->plan;

	j->failed = l->n > 0 &&
		    hs_compile_multi((const char *const *)l->expr, l->flags, l->id, l->n,
				     HS_MODE_BLOCK, NULL, &j->db, &j->error) != HS_SUCCESS;
	return NULL;
}

struct spelling_job {
	struct policy *policy;
	const struct plan *plan;
	int result;
	struct sl_why why;
};

static void *make_respell(void *arg)
{
	struct spelling_job *j = arg;
	const struct plan *l = j->plan;

	j->result = l->n > 0 ? respell_new(&j->policy->respell, &j->why) : SL_OK;
	for (unsigned i = 0; j->result == SL_OK && i < l->n; i++)
		j->result = respell_add(j->policy->respell, j->policy, l->pattern[i].entry,
					l->expr[i]);
	return NULL;
}

/* One of those that take longest stays here; those that get no thread are done after it. */
static void compile_all(struct job jobs[DATABASE_COUNT], struct spelling_job *spelling)
{
	pthread_t thread[DATABASE_COUNT + 1];
	bool started[DATABASE_COUNT + 1] = {false};

	for (unsigned i = 0; i < DATABASE_COUNT; i++)
		started[i] = i != DATABASE_SHAPES_1 &&
			     pthread_create(&thread[i], NULL, compile_one, &jobs[i]) == 0;
	started[DATABASE_COUNT] =
		pthread_create(&thread[DATABASE_COUNT], NULL, make_respell, spelling) == 0;
	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		if (!started[i])
			(void)compile_one(&jobs[i]);
	}
	if (!started[DATABASE_COUNT])
		(void)make_respell(spelling);
	for (unsigned i = 0; i < DATABASE_COUNT + 1; i++) {
		if (started[i])
			(void)pthread_join(thread[i], NULL);
	}
}

static int complain(const struct plan *l, const hs_compile_error_t *error, struct sl_why *why)
{
	const struct entry *e;

	if (error->expression < 0 || (unsigned)error->expression >= l->n)
		return why_set(why, SL_E_CONFIG, _("the packs do not compile: %s"),
			       error->message);
	e = l->pattern[error->expression].entry;
	return pack_complain(e->rule->pack, e->rule->from->id, l->expr[error->expression], why,
			     "expression \"%.60s\": %s", l->expr[error->expression],
			     error->message);
}

/* The finished database goes to the policy, with what its numbers mean. */
static int take(struct policy *p, struct job *j, struct plan *l, struct database *d,
		struct sl_why *why)
{
	if (j->failed)
		return j->error != NULL ? complain(l, j->error, why) : SL_E_NOMEM;
	if (j->db == NULL)
		return SL_OK;
	if (hs_alloc_scratch(j->db, &p->scratch) != HS_SUCCESS)
		return SL_E_NOMEM;
	d->db = j->db;
	d->pattern = l->pattern;
	d->n_pattern = l->n;
	j->db = NULL; /* moved */
	l->pattern = NULL;
	return SL_OK;
}

int compile_policy(struct policy *p, struct sl_why *why)
{
	struct plans plans = {.disguised = {.n = 0}};
	struct job jobs[DATABASE_COUNT] = {{0}};
	struct spelling_job spelling = {.policy = p, .plan = &plans.disguised};
	int r = plan_rules(p, &plans, why);

	for (unsigned i = 0; i < DATABASE_COUNT; i++)
		jobs[i].plan = &plans.database[i];
	if (r == SL_OK) {
		compile_all(jobs, &spelling);
		r = spelling.result;
		if (r != SL_OK)
			*why = spelling.why;
	}
	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		if (r == SL_OK)
			r = take(p, &jobs[i], &plans.database[i], &p->database[i], why);
		if (jobs[i].error != NULL)
			(void)hs_free_compile_error(jobs[i].error);
		if (jobs[i].db != NULL)
			(void)hs_free_database(jobs[i].db);
	}
	p->runs = plans.runs;
	plan_release(&plans);
	p->compiled = r == SL_OK;
	return r;
}

int compile_check(const struct policy *p, struct sl_why *why)
{
	struct plans plans = {.disguised = {.n = 0}};
	int r = plan_rules(p, &plans, why);

	plan_release(&plans);
	return r;
}

void compile_release(struct policy *p)
{
	if (p->scratch != NULL)
		(void)hs_free_scratch(p->scratch);
	p->scratch = NULL;
	respell_free(p->respell);
	p->respell = NULL;
	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		struct database *d = &p->database[i];

		if (d->db != NULL)
			(void)hs_free_database(d->db);
		free(d->pattern);
		memset(d, 0, sizeof(*d));
	}
}
