/* predicate_notice.c - orders of persons and the notices that carry them.
 *
 * Hostile: predicates of parsed statements; read as strictly as in predicate.c.  Whether
 * the orders are enough for the notice is not asked here (order.c). */
#include <string.h>

#include "trust/order.h"
#include "trust/predicate_private.h"

/* What both have; the caller's format string continues with its own members. */
static json_t *common_new(const struct notice_facts *f)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:I}", "action", f->action, "reason_code",
			 f->reason_code, "release", f->release, "text_sha256", f->text_sha256,
			 "time", predicate_time_new(f->time), "version",
			 (json_int_t)f->version);
}

json_t *order_predicate(const struct notice_facts *f)
{
	json_t *j = common_new(f);

	if (f->freeze != 0 &&
	    json_object_set_new(j, "freeze", json_integer((json_int_t)f->freeze)) != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

json_t *notice_predicate(const struct notice_facts *f)
{
	json_t *j = common_new(f), *orders = json_incref((json_t *)(uintptr_t)f->orders);
	int bad = json_object_set_new(j, "orders", orders);

	bad |= json_object_set_new(j, "policy",
				   json_pack("{s:s,s:I}", "sha256", f->policy_sha256, "version",
					     (json_int_t)f->policy_version));
	bad |= json_object_set_new(j, "serial", json_integer((json_int_t)f->serial));
	if (f->successor != NULL)
		bad |= json_object_set_new(j, "replaced_by",
					   json_pack("{s:s,s:s,s:I}", "id", f->successor,
						     "manifest_sha256", f->successor_sha256,
						     "version",
						     (json_int_t)f->successor_version));
	if (bad == 0)
		return j;
	json_decref(j);
	return NULL;
}

static bool read_common(const json_t *j, struct notice_facts *f)
{
	memset(f, 0, sizeof(*f));
	f->action = json_str(j, "action");
	f->release = json_str(j, "release");
	f->reason_code = predicate_text(j, "reason_code");
	f->text_sha256 = predicate_sha256(j, "text_sha256");
	return f->action != NULL && f->release != NULL && release_id_ok(f->release) &&
	       f->reason_code != NULL && f->text_sha256 != NULL &&
	       json_i64(j, "version", &f->version) && f->version >= 1 &&
	       json_time(j, "time", &f->time);
}

int order_read(const struct statement *s, struct notice_facts *ret_f, struct sl_why *why)
{
	static const char *const names[] = {"action", "reason_code", "release", "text_sha256",
					    "time",   "version",     NULL},
				 *const answer[] = {"freeze", NULL};
	struct notice_facts f;
	bool answers;

	if (s->kind != PRED_ORDER || !read_common(s->predicate, &f) ||
	    order_persons(f.action) == 0)
		return why_set(why, SL_E_FORMAT, "order is malformed");
	answers = order_persons(f.action) > 1;
	if (!json_has_only(s->predicate, names, answers ? answer : NULL) ||
	    (answers && (!json_i64(s->predicate, "freeze", &f.freeze) || f.freeze < 1)))
		return why_set(why, SL_E_FORMAT, "order is malformed");
	*ret_f = f;
	return SL_OK;
}

static bool read_successor(const json_t *j, struct notice_facts *f)
{
	static const char *const names[] = {"id", "manifest_sha256", "version", NULL};

	f->successor = json_str(j, "id");
	f->successor_sha256 = predicate_sha256(j, "manifest_sha256");
	return json_has_only(j, names, NULL) && f->successor != NULL &&
	       release_id_ok(f->successor) && f->successor_sha256 != NULL &&
	       json_i64(j, "version", &f->successor_version) && f->successor_version >= 1;
}

int notice_read(const struct statement *s, struct notice_facts *ret_f, struct sl_why *why)
{
	static const char *const names[] = {"action",  "orders", "policy",	"reason_code",
					    "release", "serial", "text_sha256", "time",
					    "version", NULL},
				 *const optional[] = {"replaced_by", NULL};
	const json_t *next = json_object_get(s->predicate, "replaced_by");
	struct notice_facts f;

	if (s->kind != PRED_NOTICE || !json_has_only(s->predicate, names, optional) ||
	    !read_common(s->predicate, &f))
		return why_set(why, SL_E_FORMAT, "notice is malformed");
	f.orders = json_arr(s->predicate, "orders");
	if (f.orders == NULL || json_array_size(f.orders) > ORDER_PERSONS_MAX ||
	    !json_i64(s->predicate, "serial", &f.serial) || f.serial < 1 ||
	    !predicate_policy(s->predicate, &f.policy_sha256, &f.policy_version) ||
	    (next != NULL) != (strcmp(f.action, "correct") == 0) ||
	    (next != NULL && !read_successor(next, &f)))
		return why_set(why, SL_E_FORMAT, "notice is malformed");
	*ret_f = f;
	return SL_OK;
}
