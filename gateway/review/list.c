/* list.c - draft.status, draft.state, draft.show, review.list, review.audit: what is where. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "policy/clocks.h"
#include "policy/routes.h"
#include "review/afterwards.h"
#include "review/digest.h"
#include "review/escalate.h"
#include "review/evidence.h"
#include "review/filter.h"
#include "review/outcomes.h"
#include "review/unit_rows.h"
#include "trust/order.h"

enum { STATES_MAX = DRAFT_STATE_COUNT, AUDIT_MAX = 10000, RECORD_MAX = 64 << 10 };

struct collect {
	const struct review *v;
	const struct roster_person *person;
	json_t *list;
	bool for_reviewers, details;
	bool window; /* with what only a list on a screen needs */
};

static int add_for_window(const struct draft *d, json_t *j)
{
	if (json_object_set_new(j, "created", digest_time(d->created)) != 0)
		return SL_E_NOMEM;
	if (d->state != DRAFT_SPILL &&
	    json_object_set_new(j, "type", json_string(d->content_type)) != 0)
		return SL_E_NOMEM;
	return SL_OK;
}

static int add(const struct draft *d, void *arg)
{
	const struct collect *c = arg;
	json_t *j = digest_status(c->v, d, review_is_secrecy(c->person));
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && c->for_reviewers)
		r = digest_for_reviewers(c->v, d, j);
	if (r == SL_OK && c->details)
		r = digest_details(c->v, d, review_is_secrecy(c->person), j);
	if (r == SL_OK && c->window)
		r = add_for_window(d, j);
	/* Before the inspection even a title may be what must not be seen. */
	if (r == SL_OK && (d->state == DRAFT_SUBMITTED || d->state == DRAFT_INSPECTING) &&
	    strcmp(d->author, c->person->pid) != 0 &&
	    strcmp(d->submitter, c->person->pid) != 0 &&
	    json_object_set_new(j, "title", json_string("")) != 0)
		r = SL_E_NOMEM;
	if (r != SL_OK) {
		json_decref(j);
		return r;
	}
	return json_array_append_new(c->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

static int result(struct wire_reply *ret, json_t *j)
{
	ret->result = j;
	return j == NULL ? SL_E_NOMEM : SL_OK;
}

/* Authors their own, unit administrators their unit's, reviewers all. */
static bool may_ask(const struct roster_person *p, const struct draft *d)
{
	if (strcmp(d->author, p->pid) == 0 || strcmp(d->submitter, p->pid) == 0)
		return true;
	if (d->state == DRAFT_PREPARED)
		return false;
	return review_is_reviewer(p) ||
	       (roster_has_role(p, "unit-admin") && strcmp(d->unit, p->unit) == 0);
}

/* What a signed step is about; of what nobody may see yet, or ever, nothing. */
static int put_manifest(const struct review *v, const struct draft *d, json_t *j)
{
	char sha256[65] = "";
	struct buf text;
	int r;

	if (d->state == DRAFT_SPILL || d->state == DRAFT_SUBMITTED ||
	    d->state == DRAFT_INSPECTING)
		return SL_OK;
	buf_init(&text, MANIFEST_MAX);
	r = evidence_manifest(v->store, d, sha256, &text);
	buf_release(&text);
	if (r != SL_OK)
		return r == SL_E_NOTFOUND ? SL_OK : r;
	return json_object_set_new(j, "manifest_sha256", json_string(sha256)) == 0 ? SL_OK
										   : SL_E_NOMEM;
}

static int one_status(struct collect *c, const char *id, struct sl_why *why)
{
	struct draft d = {0};
	int r = store_draft_get(c->v->store, id, 0, &d);

	if (r == SL_OK && !may_ask(c->person, &d))
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		r = add(&d, c);
	if (r == SL_OK)
		r = put_manifest(c->v, &d, json_array_get(c->list, 0));
	draft_release(&d);
	return r == SL_E_NOTFOUND ? why_set(why, r, _("you have no draft %s"), id) : r;
}

int review_status(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	struct collect c = {.v = arg, .person = peer->person, .list = json_array()};
	struct draft_filter own = {.author = peer->pid};
	const char *id = json_str(rq->args, "draft");
	int r;

	if (c.list == NULL)
		return SL_E_NOMEM;
	c.details = id != NULL;
	r = id != NULL ? one_status(&c, id, why) : store_draft_each(c.v->store, &own, add, &c);
	if (r == SL_OK)
		return result(ret, json_pack("{s:o}", "drafts", c.list));
	json_decref(c.list);
	return r;
}

static json_t *files_of(const struct draft *d)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < d->n_files; i++)
		(void)json_array_append_new(
			list, json_pack("{s:s,s:I,s:s,s:s}", "name", d->files[i].name, "length",
					(json_int_t)d->files[i].length, "media_type",
					d->files[i].media_type, "sha256", d->files[i].sha256));
	return list;
}

/* An author who looks at an own draft waits for no disk. */
static int note_own_view(const struct review *v, const struct wire_peer *peer,
			 const struct draft *d)
{
	json_t *record;
	int r;

	if (store_read_only(v->store))
		return SL_OK;
	record = json_pack("{s:s,s:I}", "draft", d->id, "revision", (json_int_t)d->revision);
	r = record == NULL ? SL_E_NOMEM : store_begin_soft(v->store);
	if (r == SL_OK)
		r = store_end(v->store, store_audit(v->store, "draft.show", peer->pid, record));
	json_decref(record);
	return r;
}

static int own_details(const struct review *v, const struct wire_peer *peer,
		       const struct draft *d, json_t *j)
{
	json_t *report = NULL;
	int r = digest_report(v, d, &report);

	if (r == SL_OK && report != NULL && json_object_set(j, "report", report) != 0)
		r = SL_E_NOMEM;
	json_decref(report);
	if (r == SL_OK && (json_object_set_new(j, "files", files_of(d)) != 0 ||
			   json_object_set_new(j, "votes", digest_votes(v, d)) != 0))
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = outcomes_history(v, d, j);
	/* What is not inspected yet has nothing to see. */
	if (r == SL_OK && d->state != DRAFT_SUBMITTED && d->state != DRAFT_INSPECTING) {
		r = note_own_view(v, peer, d);
		/* A full disk must not hide from authors what they have handed in. */
		if (r == SL_E_FULL || r == SL_E_IO)
			r = SL_OK;
	}
	return r;
}

int review_own_state(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		     struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = store_draft_own(v->store, peer->pid, json_str(rq->args, "draft"), 0, &d, why);

	if (r == SL_OK)
		r = result(ret, json_pack("{s:s,s:I,s:s}", "draft", d.id, "revision",
					  (json_int_t)d.revision, "state",
					  draft_state_name(d.state)));
	draft_release(&d);
	return r;
}

int review_own_show(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		    struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	int r = review_own_draft(v, peer, rq, &d, why);

	if (r == SL_OK)
		r = result(ret, digest_status(v, &d, false));
	if (r == SL_OK)
		r = digest_details(v, &d, false, ret->result);
	if (r == SL_OK && d.state != DRAFT_SPILL)
		r = own_details(v, peer, &d, ret->result);
	draft_release(&d);
	return r;
}

static int wanted_states(const json_t *args, enum draft_state out[STATES_MAX], unsigned *ret_n,
			 struct sl_why *why)
{
	const json_t *list = json_arr(args, "states"), *name;
	unsigned n = 0;
	size_t i;

	if (json_array_size(list) > STATES_MAX)
		return why_set(why, SL_E_LIMIT, _("too many states"));
	json_array_foreach(list, i, name)
	{
		const char *s = json_string_value(name);

		if (s == NULL || draft_state_from_name(s, &out[n]) != SL_OK ||
		    out[n] == DRAFT_PREPARED)
			return why_set(why, SL_E_FORMAT, _("there is no state \"%s\""),
				       s != NULL ? s : "");
		n++;
	}
	if (n == 0) {
		out[n++] = DRAFT_IN_REVIEW;
		out[n++] = DRAFT_REFERRED;
	}
	*ret_n = n;
	return SL_OK;
}

/* From November on people are told that the next year's holidays are not known. */
static int tell_missing_calendar(const struct review *v, json_t *j)
{
	uint32_t year = v->clocks == NULL
				? 0
				: workdays_missing(&v->clocks->workdays,
						   clocks_day(v->clocks, clock_now()));

	return year == 0 || json_object_set_new(j, "missing_calendar", json_integer(year)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

static int wanted_number(const json_t *args, const char *name, unsigned low, unsigned high,
			 unsigned *ret_v, struct sl_why *why)
{
	int64_t v;

	if (json_object_get(args, name) == NULL)
		return SL_OK;
	if (!json_i64(args, name, &v) || v < low || v > high)
		return why_set(why, SL_E_LIMIT, _("\"%s\" must be a number from %u to %u"),
			       name, low, high);
	*ret_v = (unsigned)v;
	return SL_OK;
}

static int wanted_window(const json_t *args, struct draft_query *q, struct sl_why *why)
{
	const char *filter = json_str(args, "filter"), *sort = json_str(args, "sort");
	int r = wanted_states(args, q->states, &q->n_states, why);

	q->limit = DRAFT_WINDOW_MAX;
	q->reverse = json_is_true(json_object_get(args, "reverse"));
	if (r == SL_OK)
		r = wanted_number(args, "limit", 1, DRAFT_WINDOW_MAX, &q->limit, why);
	if (r == SL_OK)
		r = wanted_number(args, "offset", 0, DRAFT_OFFSET_MAX, &q->offset, why);
	if (r == SL_OK && sort != NULL && filter_order(sort, &q->order) != SL_OK)
		r = why_set(why, SL_E_FORMAT,
			    _("there is no column \"%s\": due, risk, age, unit, title, number"),
			    sort);
	if (r == SL_OK && filter != NULL)
		r = filter_parse(filter, clock_now(), q, why);
	return r;
}

/* The unit whose drafts alone this person can decide about: liaisons and leaders have no use
 * for the others, and less is seen by fewer.  NULL: some office of theirs is for the whole
 * bureau. */
static const char *unit_of(const struct review *v, const struct roster_person *p)
{
	for (unsigned i = 0; i < p->n_roles; i++) {
		if (order_reviewing_role(p->roles[i]) &&
		    !routes_of_unit(v->routes, p->roles[i]))
			return NULL;
	}
	return p->unit;
}

static int own_window(const struct collect *c, const json_t *args, struct draft_query *q,
		      struct sl_why *why)
{
	const char *unit = unit_of(c->v, c->person);
	int r = wanted_window(args, q, why);

	if (r != SL_OK || unit == NULL)
		return r;
	if (q->unit[0] != '\0' && strcmp(q->unit, unit) != 0)
		return why_set(why, SL_E_DENIED,
			       _("you decide for the unit %s and see its drafts only"), unit);
	(void)snprintf(q->unit, sizeof(q->unit), "%s", unit);
	return SL_OK;
}

static bool asks_for_window(const json_t *args)
{
	static const char *const names[] = {"limit", "offset", "sort", "reverse", "filter"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (json_object_get(args, names[i]) != NULL)
			return true;
	}
	return false;
}

/* Where the next draft with these words stands; no rows. */
static int list_find(const struct collect *c, const json_t *args, json_t **ret_j,
		     struct sl_why *why)
{
	const char *text = json_str(args, "find");
	struct draft_query q = {.n_states = 0};
	unsigned place = 0;
	int r = own_window(c, args, &q, why);

	if (r == SL_OK && text == NULL)
		r = why_set(why, SL_E_FORMAT, _("nothing to find"));
	if (r == SL_OK)
		r = store_draft_find(c->v->store, &q, text, filter_is_exact(text, strlen(text)),
				     q.offset, json_is_true(json_object_get(args, "backwards")),
				     &place);
	if (r == SL_OK)
		*ret_j = json_pack("{s:i}", "found", (int)place);
	return r == SL_E_NOTFOUND ? why_set(why, r, _("no draft of this list has that")) : r;
}

static int list_window(struct collect *c, const json_t *args, json_t **ret_j,
		       struct sl_why *why)
{
	struct draft_query q = {.n_states = 0};
	uint64_t total = 0;
	int r = own_window(c, args, &q, why);

	c->window = true;
	if (r == SL_OK)
		r = store_draft_window(c->v->store, &q, &total, add, c);
	if (r == SL_OK)
		*ret_j = json_pack("{s:O,s:I,s:I}", "drafts", c->list, "total",
				   (json_int_t)total, "offset", (json_int_t)q.offset);
	return r;
}

static int list_all(struct collect *c, const json_t *args, json_t **ret_j, struct sl_why *why)
{
	enum draft_state states[STATES_MAX];
	struct draft_filter f = {.states = states, .unit = unit_of(c->v, c->person)};
	int r = wanted_states(args, states, &f.n_states, why);

	if (r == SL_OK)
		r = store_draft_each(c->v->store, &f, add, c);
	if (r == SL_OK)
		*ret_j = json_pack("{s:O}", "drafts", c->list);
	return r;
}

/* A unit's administrator sees nobody's drafts here, but is told what runs out. */
static int without_queue(const struct collect *c, struct wire_reply *ret, struct sl_why *why)
{
	int r;

	if (!roster_has_role(c->person, "unit-admin"))
		return why_set(why, SL_E_DENIED, _("you hold no reviewing role"));
	r = result(ret, json_pack("{s:[],s:i,s:i}", "drafts", "total", 0, "offset", 0));
	return r == SL_OK ? unit_rows_notices(c->v, c->person, ret->result) : r;
}

int review_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why)
{
	struct collect c = {.v = arg, .person = peer->person, .for_reviewers = true};
	json_t *j = NULL;
	int r;

	if (!review_is_reviewer(c.person))
		return without_queue(&c, ret, why);
	c.list = json_array();
	if (c.list == NULL)
		r = SL_E_NOMEM;
	else if (json_object_get(rq->args, "find") != NULL)
		r = list_find(&c, rq->args, &j, why);
	else if (asks_for_window(rq->args))
		r = list_window(&c, rq->args, &j, why);
	else
		r = list_all(&c, rq->args, &j, why);
	json_decref(c.list);
	if (r == SL_OK)
		r = result(ret, j);
	if (r == SL_OK)
		r = tell_missing_calendar(c.v, ret->result);
	if (r == SL_OK)
		r = afterwards_add(c.v, c.person, ret->result);
	if (r == SL_OK)
		r = outcomes_appeals(c.v, c.person, ret->result);
	if (r == SL_OK)
		r = escalate_notices(c.v, c.person, ret->result);
	if (r == SL_OK)
		r = unit_rows_notices(c.v, c.person, ret->result);
	return r == SL_OK ? review_alerts_add(c.v, ret->result) : r;
}

static int put_entry(int64_t seq, int64_t ms, const char *kind, const char *actor,
		     const char *record, void *arg)
{
	json_t *parsed = NULL;

	if (json_array_size(arg) == AUDIT_MAX)
		return SL_E_LIMIT;
	if (json_parse(record, strlen(record), RECORD_MAX, &parsed) != SL_OK)
		return SL_E_CORRUPT;
	return json_array_append_new(arg,
				     json_pack("{s:I,s:o,s:s,s:s,s:o}", "seq", (json_int_t)seq,
					       "time", digest_time(ms / 1000), "kind", kind,
					       "actor", actor, "record", parsed)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

int review_audit(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		 struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct draft d = {0};
	json_t *list = json_array();
	int r = review_draft(v, peer, rq, &d, why);

	if (r == SL_OK && d.state == DRAFT_SPILL && !review_is_secrecy(peer->person))
		r = why_set(why, SL_E_DENIED, _("only secrecy officers may see more of %s"),
			    d.id);
	if (r == SL_OK)
		r = store_audit_each(v->store, d.id, put_entry, list);
	draft_release(&d);
	if (r == SL_OK)
		return result(ret, json_pack("{s:o}", "entries", list));
	json_decref(list);
	return r;
}
