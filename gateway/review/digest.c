/* digest.c - status fields, and the memory that makes lists quick. */
#include "review/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "review/digest_clocks.h"
#include "review/envelope.h"
#include "review/escalate.h"
#include "review/evidence.h"
#include "review/outcomes.h"
#include "review/on_route.h"

enum { CACHE_SLOTS = 8192, REPORT_MAX = 8 << 20, MISSING_FRESH_S = 60 };

struct digest_slot { /* valid for exactly this draft, revision, report and number of votes */
	int64_t number, revision;
	char report[65];
	uint8_t policy[HASH_LEN]; /* under which `missing` was judged */
	enum draft_state state;
	unsigned votes, findings, outdated;
	char worst[8];
	json_t *missing;       /* owned */
	json_t *route;	       /* owned: on_route_summary; NULL: nothing to say */
	int zh;		       /* its words are Chinese */
	int64_t missing_until; /* approvals expire */
	int64_t last_vote;     /* 0: none */
};
struct digest_cache {
	struct digest_slot slot[CACHE_SLOTS];
};

int digest_cache_new(struct digest_cache **ret_c)
{
	struct digest_cache *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return SL_E_NOMEM;
	*ret_c = c;
	return SL_OK;
}

static void clear(struct digest_slot *s)
{
	json_decref(s->missing);
	json_decref(s->route);
	memset(s, 0, sizeof(*s));
}

void digest_cache_forget(struct digest_cache *c)
{
	for (size_t i = 0; c != NULL && i < CACHE_SLOTS; i++)
		clear(&c->slot[i]);
}

void digest_cache_free(struct digest_cache *c)
{
	digest_cache_forget(c);
	free(c);
}

json_t *digest_time(int64_t t)
{
	char text[CLOCK_TEXT + 1];

	clock_format(t, text);
	return json_string(text);
}

static void count_findings(const json_t *report, struct digest_slot *s)
{
	const json_t *files = json_arr(report, "files"), *file, *f;
	size_t i, k;

	json_array_foreach(files, i, file)
	{
		json_array_foreach(json_arr(file, "findings"), k, f)
		{
			const char *severity = json_str(f, "severity");

			if (json_obj(f, "suppressed") != NULL)
				continue;
			s->findings++;
			/* S0 is the worst and sorts first. */
			if (severity != NULL && strlen(severity) < sizeof(s->worst) &&
			    (s->worst[0] == '\0' || strcmp(severity, s->worst) < 0))
				memcpy(s->worst, severity, strlen(severity) + 1);
		}
	}
}

int digest_report(const struct review *v, const struct draft *d, json_t **ret_j)
{
	struct buf text;
	int r;

	*ret_j = NULL;
	if (d->report[0] == '\0')
		return SL_OK;
	buf_init(&text, REPORT_MAX);
	r = store_object_get(v->store, d->report, REPORT_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, REPORT_MAX, ret_j);
	buf_release(&text);
	return r;
}

static bool judged(enum draft_state s)
{
	return s == DRAFT_IN_REVIEW || s == DRAFT_REFERRED || s == DRAFT_APPROVED;
}

static bool is_approval(const struct statement *s, struct approval_facts *f)
{
	return s->kind == PRED_APPROVAL && approval_read(s, f, NULL) == SL_OK &&
	       strcmp(f->decision, "approve") == 0;
}

/* Has somebody approved in this role under what is in force? */
static bool given_again(const struct review *v, const struct draft *d, const struct evidence *e,
			const char *role)
{
	struct approval_facts f;

	for (unsigned k = 0; k < e->n; k++) {
		if (is_approval(e->statement[k], &f) && strcmp(f.role, role) == 0 &&
		    digest_in_force(v, d, e->statement[k], NULL))
			return true;
	}
	return false;
}

/* Approvals under an older policy or of an older report whose role nobody has approved in
 * again. */
static unsigned count_outdated(const struct review *v, const struct draft *d,
			       const struct evidence *e)
{
	struct approval_facts f;
	unsigned n = 0;

	for (unsigned i = 0; i < e->n; i++) {
		if (is_approval(e->statement[i], &f) &&
		    !digest_in_force(v, d, e->statement[i], NULL))
			n += !given_again(v, d, e, f.role);
	}
	for (unsigned i = 0; i < e->n_old; i++) {
		if (is_approval(e->old[i], &f))
			n += !given_again(v, d, e, f.role);
	}
	return n;
}

/* Who has spoken, who has not, and until when that holds. */
static void judge(const struct review *v, const struct draft *d, struct digest_slot *s)
{
	struct approval_result res = {.satisfied = false};
	struct evidence e = {.n = 0};
	int64_t now = clock_now();
	struct approval_case c;
	int r = evidence_load(v->store, d, &e, NULL);

	s->missing_until = now + MISSING_FRESH_S;
	if (r == SL_OK) {
		c = evidence_case(&e, v->roster, now);
		r = approval_judge(&c, &res, NULL);
	}
	s->outdated = count_outdated(v, d, &e);
	/* What cannot be judged shows as nothing done, and the vote will say why. */
	if (r == SL_OK)
		s->route = on_route_summary(v, d, &e, &res, &s->missing);
	if (r == SL_OK && res.persons > 0 && res.expires < s->missing_until)
		s->missing_until = res.expires;
	evidence_release(&e);
}

static int newest_vote(const struct vote *vote, void *arg)
{
	int64_t *last = arg;

	*last = vote->time > *last ? vote->time : *last;
	return SL_OK;
}

static int refresh(const struct review *v, const struct draft *d, unsigned votes,
		   struct digest_slot *s)
{
	json_t *report = NULL;
	int r = digest_report(v, d, &report);

	clear(s);
	if (r == SL_OK)
		count_findings(report, s);
	json_decref(report);
	if (judged(d->state))
		judge(v, d, s);
	else
		s->route = on_route_after_summary(v, d);
	if (s->missing == NULL)
		s->missing = json_array();
	if (s->missing == NULL)
		return SL_E_NOMEM;
	if (r == SL_OK && votes > 0)
		r = store_vote_each(v->store, d->id, d->revision, newest_vote, &s->last_vote);
	s->number = d->number;
	s->revision = d->revision;
	s->state = d->state;
	s->votes = votes;
	s->zh = i18n_is_zh();
	memcpy(s->report, d->report, sizeof(s->report));
	memcpy(s->policy, roster_digest(v->roster), HASH_LEN);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

static int look_up(const struct review *v, const struct draft *d, struct digest_slot **ret_s)
{
	struct digest_slot *s = &v->cache->slot[(uint64_t)d->number % CACHE_SLOTS];
	unsigned votes = 0;
	int r = SL_OK;

	if (judged(d->state) || d->state == DRAFT_RELEASED || d->state == DRAFT_SENT)
		r = store_vote_count(v->store, d->id, d->revision, &votes);
	if (r == SL_OK &&
	    (s->missing == NULL || s->number != d->number || s->revision != d->revision ||
	     s->state != d->state || s->votes != votes || s->zh != i18n_is_zh() ||
	     strcmp(s->report, d->report) != 0 ||
	     memcmp(s->policy, roster_digest(v->roster), HASH_LEN) != 0 ||
	     (judged(d->state) && clock_now() >= s->missing_until)))
		r = refresh(v, d, votes, s);
	if (r == SL_OK)
		*ret_s = s;
	return r;
}

struct spill_search {
	const struct draft *d;
	json_t *status;
};

static int put_spill(const struct spill *p, void *arg)
{
	const struct spill_search *s = arg;

	if (strcmp(p->draft, s->d->id) != 0 || p->revision != s->d->revision)
		return 0;
	(void)json_object_set_new(s->status, "rule", json_string(p->rule));
	(void)json_object_set_new(s->status, "sha256", json_string(p->sha256));
	(void)json_object_set_new(s->status, "due", digest_time(p->report_due));
	return 0;
}

/* Nothing of what it says, not even its title. */
static json_t *spill_status(const struct review *v, const struct draft *d, bool secrecy)
{
	json_t *j = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:[],s:o}", "draft", d->id, "revision",
			      (json_int_t)d->revision, "title", "", "state",
			      draft_state_name(d->state), "verdict", "spill", "route", "",
			      "missing", "changed", digest_time(d->changed));
	struct spill_search search = {d, j};

	if (j != NULL && secrecy && store_spill_each(v->store, put_spill, &search) != SL_OK) {
		json_decref(j);
		return NULL;
	}
	if (j != NULL && secrecy && digest_clocks(v, d, true, j) != SL_OK) {
		json_decref(j);
		return NULL;
	}
	return j;
}

static bool is_private(const struct review *v, const struct draft *d)
{
	const struct route *way = routes_find(v->routes, d->klass);

	return way != NULL && way->is_private;
}

json_t *digest_status(const struct review *v, const struct draft *d, bool secrecy)
{
	struct digest_slot *s = NULL;
	const char *key;
	json_t *j, *value;

	if (d->state == DRAFT_SPILL)
		return spill_status(v, d, secrecy);
	if (look_up(v, d, &s) != SL_OK)
		return NULL;
	j = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:O}", "draft", d->id, "revision",
		      (json_int_t)d->revision, "title", d->title, "state",
		      draft_state_name(d->state), "verdict", d->verdict, "route", d->klass,
		      "missing", s->missing);
	if (j == NULL)
		return NULL;
	/* Steps of ten thousand drafts would not fit into one answer. */
	json_object_foreach(s->route, key, value)
	{
		if (strcmp(key, "steps") != 0 &&
		    (!json_is_array(value) || json_array_size(value) > 0))
			(void)json_object_set(j, key, value);
	}
	if (is_private(v, d))
		(void)json_object_set_new(j, "delivery", json_string("private"));
	if (s->outdated > 0)
		(void)json_object_set_new(j, "outdated", json_integer(s->outdated));
	if (d->due != 0)
		(void)json_object_set_new(j, "due", digest_time(d->due));
	if (d->serial != 0)
		(void)json_object_set_new(j, "release", json_string(d->release));
	if (d->state_reason[0] != '\0')
		(void)json_object_set_new(j, "reason", json_string(d->state_reason));
	if (digest_clocks(v, d, true, j) != SL_OK || outcomes_put(v, d, j) != SL_OK ||
	    escalate_put(v, d, json_str(s->route, "turn"), j) != SL_OK) {
		json_decref(j);
		return NULL;
	}
	if (d->seeing && (d->state == DRAFT_SUBMITTED || d->state == DRAFT_INSPECTING))
		(void)json_object_set_new(j, "waits_for", json_string("pictures"));
	return j;
}

bool digest_to_review(const struct review *v, const struct draft *d)
{
	const struct route *way = routes_find(v->routes, d->klass);
	struct digest_slot *s = NULL;
	const char *state;

	/* Nearly everything that is public: not worth a place in the memory. */
	if (way == NULL || way->review_after == NULL || look_up(v, d, &s) != SL_OK)
		return false;
	state = json_str(json_obj(s->route, "review_after"), "state");
	return state != NULL && strcmp(state, "open") == 0;
}

/* Of one draft at a time: steps of ten thousand would not fit into one answer. */
static int put_route(const struct digest_slot *s, json_t *status)
{
	static const char *const names[] = {"steps", "modifiers"};
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < 2; i++) {
		json_t *list = json_object_get(s->route, names[i]);

		list = list != NULL ? json_incref(list) : json_array();
		if (json_object_set_new(status, names[i], list) != 0)
			r = SL_E_NOMEM;
	}
	return r;
}

/* In review the one whose turn it is holds it, not those who come later. */
static int put_holders(const struct draft *d, const struct digest_slot *s, json_t *status)
{
	const char *turn = s != NULL ? json_str(s->route, "turn") : NULL;
	json_t *alone = turn != NULL && turn[0] != '\0' ? json_pack("[s]", turn) : NULL;
	int r = digest_holders(d,
			       alone != NULL ? alone
			       : s != NULL   ? s->missing
					     : NULL,
			       s != NULL ? s->last_vote : 0, status);

	json_decref(alone);
	return r;
}

int digest_details(const struct review *v, const struct draft *d, bool secrecy, json_t *status)
{
	struct digest_slot *s = NULL;
	int r = SL_OK;

	if (d->state == DRAFT_SPILL && !secrecy)
		return SL_OK;
	if (d->state != DRAFT_SPILL)
		r = look_up(v, d, &s);
	if (r == SL_OK && s != NULL)
		r = put_route(s, status);
	if (r == SL_OK)
		r = digest_clocks(v, d, false, status);
	if (r == SL_OK)
		r = put_holders(d, s, status);
	return r;
}

int digest_for_reviewers(const struct review *v, const struct draft *d, json_t *status)
{
	struct digest_slot *s = NULL;
	int r;

	if (d->state == DRAFT_SPILL)
		return SL_OK;
	r = look_up(v, d, &s);
	if (r != SL_OK)
		return r;
	if (json_object_set_new(status, "findings", json_integer((json_int_t)s->findings)) !=
		    0 ||
	    json_object_set_new(status, "worst", json_string(s->worst)) != 0 ||
	    json_object_set_new(status, "unit", json_string(d->unit)) != 0 ||
	    json_object_set_new(status, "author", json_string(d->author)) != 0 ||
	    json_object_set_new(status, "changed", digest_time(d->changed)) != 0)
		r = SL_E_NOMEM;
	return r;
}

bool digest_in_force(const struct review *v, const struct draft *d, const struct statement *s,
		     int64_t *ret_version)
{
	struct approval_facts f;
	char hex[HASH_HEX + 1];

	if (ret_version != NULL)
		*ret_version = 0;
	if (s->kind != PRED_APPROVAL || approval_read(s, &f, NULL) != SL_OK)
		return true;
	if (ret_version != NULL)
		*ret_version = f.policy_version;
	text_hex(roster_digest(v->roster), HASH_LEN, hex);
	return strcmp(f.policy_sha256, hex) == 0 &&
	       (strcmp(f.decision, "approve") != 0 ||
		strcmp(f.inspection_sha256, d->report) == 0);
}

struct votes {
	const struct review *v;
	const struct draft *d;
	json_t *list;
};

/* The envelope says which policy it was given under; one that cannot be read any more is
 * shown all the same. */
static void put_policy(const struct review *v, const struct draft *d, const struct vote *vote,
		       json_t *j)
{
	struct statement *s = NULL;
	struct approval_facts f;
	int64_t version = 0;
	bool in_force;

	if (envelope_stored(v->store, vote->envelope, &s, NULL) == SL_OK) {
		in_force = digest_in_force(v, d, s, &version);
		(void)json_object_set_new(j, "policy_version", json_integer(version));
		(void)json_object_set_new(j, "policy_in_force", json_boolean(in_force));
		if (approval_read(s, &f, NULL) == SL_OK && f.edits != NULL)
			(void)json_object_set(j, "edits", (json_t *)(uintptr_t)f.edits);
	}
	statement_free(s);
}

static int put_vote(const struct vote *vote, void *arg)
{
	const struct votes *x = arg;
	json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:o,s:s}", "pid", vote->pid, "role", vote->role,
			      "decision", vote->decision, "reason", vote->reason, "time",
			      digest_time(vote->time), "envelope_sha256", vote->envelope);

	if (j != NULL && vote->stands_for[0] != '\0')
		(void)json_object_set_new(j, "stands_for", json_string(vote->stands_for));
	if (j != NULL && vote->overruled)
		(void)json_object_set_new(j, "overruled", json_true());
	if (j != NULL && vote->code[0] != '\0')
		(void)json_object_set_new(j, "code", json_string(vote->code));
	if (j != NULL)
		put_policy(x->v, x->d, vote, j);
	return json_array_append_new(x->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

json_t *digest_votes(const struct review *v, const struct draft *d)
{
	struct votes x = {.v = v, .d = d, .list = json_array()};

	if (x.list != NULL &&
	    store_vote_each(v->store, d->id, d->revision, put_vote, &x) != SL_OK) {
		json_decref(x.list);
		return NULL;
	}
	return x.list;
}
