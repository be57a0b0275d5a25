/* compile.c - all words and expressions become Vectorscan databases, at the same time.
 *
 * They are never kept on disk: a database is code for the matcher, and who could write one
 * there could have it find nothing.  They are made from the packs whose digest is signed. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "policy/compile_plan.h"
#include "policy/respell.h"

struct job {
	const struct plan *plan;
	hs_database_t *db; /* NULL: nothing to look for, or error */
	hs_compile_error_t *error;
	bool failed;
	pthread_t thread;
	bool started;
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

/* The one that takes longest stays here; without threads all do. */
static void compile_all(struct job jobs[DATABASE_COUNT])
{
	for (unsigned i = 0; i < DATABASE_COUNT; i++)
		jobs[i].started =
			i != DATABASE_SHAPES &&
			pthread_create(&jobs[i].thread, NULL, compile_one, &jobs[i]) == 0;
	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		if (!jobs[i].started)
			(void)compile_one(&jobs[i]);
	}
	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		if (jobs[i].started)
			(void)pthread_join(jobs[i].thread, NULL);
	}
}

static int complain(const struct plan *l, const hs_compile_error_t *error, struct sl_why *why)
{
	const struct entry *e;

	if (error->expression < 0 || (unsigned)error->expression >= l->n)
		return why_set(why, SL_E_CONFIG, "the packs do not compile: %s",
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
	struct plan plans[DATABASE_COUNT] = {{0}};
	struct job jobs[DATABASE_COUNT] = {{0}};
	int r = plan_rules(p, plans, &p->respell, why);

	for (unsigned i = 0; i < DATABASE_COUNT; i++)
		jobs[i].plan = &plans[i];
	if (r == SL_OK)
		compile_all(jobs);
	for (unsigned i = 0; i < DATABASE_COUNT; i++) {
		if (r == SL_OK)
			r = take(p, &jobs[i], &plans[i], &p->database[i], why);
		if (jobs[i].error != NULL)
			(void)hs_free_compile_error(jobs[i].error);
		if (jobs[i].db != NULL)
			(void)hs_free_database(jobs[i].db);
		plan_release(&plans[i]);
	}
	p->compiled = r == SL_OK;
	return r;
}

int compile_check(const struct policy *p, struct sl_why *why)
{
	struct plan plans[DATABASE_COUNT] = {{0}};
	int r = plan_rules(p, plans, NULL, why);

	for (unsigned i = 0; i < DATABASE_COUNT; i++)
		plan_release(&plans[i]);
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
