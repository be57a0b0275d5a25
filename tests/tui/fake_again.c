/* fake_again.c - a second inspection that goes as far as a step file says; reinspect.h. */
#include <stdlib.h>

#include "fake.h"
#include "reinspect.h"

struct reinspect {
	json_t *result;
};

static unsigned looked_at;
static json_t *found; /* what the next step comes to; NULL: it still works */

int __wrap_reinspect_start(struct session *s, struct review_case *c,
			   const struct reinspect_options *o, struct reinspect **ret_r);
int __wrap_reinspect_fd(const struct reinspect *r);
int __wrap_reinspect_step(struct reinspect *r, bool *ret_done, unsigned *ret_files,
			  struct sl_why *why);
const json_t *__wrap_reinspect_result(const struct reinspect *r);
void __wrap_reinspect_free(struct reinspect *r);

void fake_inspected(unsigned files)
{
	looked_at = files;
}

void fake_found(const char *json)
{
	json_decref(found);
	found = json_loads(json, 0, NULL);
	if (found == NULL)
		abort();
}

void fake_again_release(void)
{
	json_decref(found);
	found = NULL;
}

int __wrap_reinspect_start(struct session *s, struct review_case *c,
			   const struct reinspect_options *o, struct reinspect **ret_r)
{
	(void)s;
	(void)c;
	(void)o;
	*ret_r = calloc(1, sizeof(**ret_r));
	if (*ret_r == NULL)
		abort();
	return SL_OK;
}

int __wrap_reinspect_fd(const struct reinspect *r)
{
	(void)r;
	return -1;
}

int __wrap_reinspect_step(struct reinspect *r, bool *ret_done, unsigned *ret_files,
			  struct sl_why *why)
{
	(void)why;
	r->result = found; /* moved */
	found = NULL;
	*ret_done = r->result != NULL;
	*ret_files = looked_at;
	return SL_OK;
}

const json_t *__wrap_reinspect_result(const struct reinspect *r)
{
	return r->result;
}

void __wrap_reinspect_free(struct reinspect *r)
{
	if (r == NULL)
		return;
	json_decref(r->result);
	free(r);
}
