/* order.c - the rule for what happens after publication.
 *
 * Hostile: the notice and everything in it; the roster is trusted.  Invariant: no notice
 * that needs two persons passes with the keys of one, however many keys that one has. */
#include "trust/order.h"

#include <string.h>

#include "base/text.h"

enum { SKEW_S = 300 };

static const struct {
	const char *action, *becomes;
	unsigned persons;
} orders[] = {
	{"freeze", "freeze", 1},
	{"withdraw", "withdraw", 1},
	{"confirm", "withdraw", 2},
	{"reinstate", "reinstate", 2},
};
enum { ORDERS = sizeof(orders) / sizeof(orders[0]) };

static unsigned find(const char *action)
{
	unsigned i = 0;

	while (i < ORDERS && strcmp(orders[i].action, action) != 0)
		i++;
	return i;
}

unsigned order_persons(const char *action)
{
	unsigned i = find(action);

	return i < ORDERS ? orders[i].persons : 0;
}

const char *order_becomes(const char *action)
{
	unsigned i = find(action);

	return i < ORDERS ? orders[i].becomes : NULL;
}

bool order_reviewing_role(const char *role)
{
	static const char *const roles[] = {
		"liaison", "unit-leader", "secrecy",	  "legal",	 "desk",
		"deputy",  "director",	  "column-owner", "duty-leader", "duty-publisher"};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (strcmp(roles[i], role) == 0)
			return true;
	}
	return false;
}

bool order_reviewing(const struct roster_person *p)
{
	for (unsigned i = 0; i < p->n_roles; i++) {
		if (order_reviewing_role(p->roles[i]))
			return true;
	}
	return false;
}

bool order_permits(const struct roster_person *p, enum key_use use, const char *action)
{
	bool person = use == KEY_DSSE_AUTHOR || use == KEY_DSSE_REVIEWER;

	switch (order_persons(action)) {
	case 1:
		return person &&
		       (strcmp(action, "withdraw") == 0 || order_reviewing(p) ||
			roster_has_role(p, "operator") || roster_has_role(p, "auditor"));
	case 2:
		return use == KEY_DSSE_REVIEWER && order_reviewing(p);
	default:
		return false;
	}
}

bool notice_status(const char *action, enum feed_status *ret_s)
{
	static const struct {
		const char *action;
		enum feed_status status;
	} all[] = {
		{"freeze", FEED_WITHHELD},
		{"withdraw", FEED_CANCELED},
		{"reinstate", FEED_USABLE},
		{"correct", FEED_REPLACED},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(all[i].action, action) == 0) {
			*ret_s = all[i].status;
			return true;
		}
	}
	return false;
}

static int check_gateway(const struct statement *notice, const struct notice_facts *f,
			 const struct roster *roster, struct sl_why *why)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p =
		roster_by_key(roster, notice->envelope.keyid, KEY_DSSE_GATEWAY, f->time, &k);

	if (p == NULL || !roster_has_role(p, "gateway-service"))
		return why_set(why, SL_E_DENIED, "the notice is not by the gateway");
	if (roster_verify(k, &notice->envelope) != SL_OK)
		return why_set(why, SL_E_SIGNATURE,
			       "the signature of the notice does not verify");
	return SL_OK;
}

/* The order says the same as the notice, in time. */
static int check_words(const struct notice_facts *n, const struct notice_facts *o,
		       struct sl_why *why)
{
	if (strcmp(order_becomes(o->action), n->action) != 0 ||
	    strcmp(o->release, n->release) != 0 || o->version != n->version)
		return why_set(why, SL_E_DENIED, "the notice does not say what was ordered");
	if (o->time > n->time + SKEW_S)
		return why_set(why, SL_E_DENIED, "an order is from after the notice");
	if (order_persons(o->action) > 1 &&
	    (n->time - o->time > ORDER_AGE_S || o->freeze >= n->serial))
		return why_set(why, SL_E_DENIED, "an order is too old, or answers no freeze");
	return SL_OK;
}

static int check_signer(const struct statement *s, const struct notice_facts *n,
			const struct notice_facts *o, const struct roster *roster,
			const struct roster_person **ret_p, struct sl_why *why)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(roster, s->envelope.keyid, &k);

	if (p == NULL)
		return why_set(why, SL_E_DENIED, "key %s is not in this policy version",
			       s->envelope.keyid);
	if (roster_verify(k, &s->envelope) != SL_OK)
		return why_set(why, SL_E_SIGNATURE, "the signature of %s does not verify",
			       p->pid);
	if (o->time < k->from || o->time > k->until || n->time < k->from || n->time > k->until)
		return why_set(why, SL_E_DENIED, "the key of %s is outside its time", p->pid);
	if (!order_permits(p, k->use, o->action))
		return why_set(why, SL_E_DENIED, "%s may not %s", p->pid, o->action);
	*ret_p = p;
	return SL_OK;
}

/* An embedded envelope has the same canonical bytes as on a line of its own. */
static int parse_embedded(const json_t *j, struct statement **ret_s, struct sl_why *why)
{
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	r = json_canonical(j, &line);
	if (r == SL_OK)
		r = statement_parse(line.data, line.len, ret_s, why);
	buf_release(&line);
	return r;
}

struct first {
	char sha256[65], action[16];
	int64_t freeze;
	const struct roster_person *person;
	char by[ORDER_PERSONS_MAX][ROSTER_NAME_MAX];
};

static int check_order(const struct statement *notice, const struct notice_facts *n, unsigned i,
		       const struct roster *roster, struct first *first, struct sl_why *why)
{
	const struct roster_person *p = NULL;
	struct statement *s = NULL;
	struct notice_facts o;
	int r = parse_embedded(json_array_get(n->orders, i), &s, why);

	if (r == SL_OK)
		r = order_read(s, &o, why);
	if (r == SL_OK && strcmp(s->subject, notice->subject) != 0)
		r = why_set(why, SL_E_DENIED, "an order is about another manifest");
	if (r == SL_OK)
		r = check_words(n, &o, why);
	if (r == SL_OK)
		r = check_signer(s, n, &o, roster, &p, why);
	if (r == SL_OK && i == 0) {
		(void)snprintf(first->action, sizeof(first->action), "%s", o.action);
		first->freeze = o.freeze;
		first->person = p;
		if (strcmp(o.text_sha256, n->text_sha256) != 0 ||
		    strcmp(o.reason_code, n->reason_code) != 0)
			r = why_set(why, SL_E_DENIED,
				    "the notice gives another reason than its order");
	} else if (r == SL_OK) {
		if (strcmp(first->sha256, s->sha256) >= 0)
			r = why_set(why, SL_E_FORMAT, "the orders are not in order");
		else if (strcmp(first->action, o.action) != 0 || first->freeze != o.freeze)
			r = why_set(why, SL_E_DENIED, "the orders do not agree");
		else if (first->person == p)
			r = why_set(why, SL_E_DENIED, "both orders are of one person, %s",
				    p->pid);
	}
	if (r == SL_OK) {
		memcpy(first->sha256, s->sha256, sizeof(first->sha256));
		memcpy(first->by[i], p->pid, sizeof(first->by[i]));
	}
	statement_free(s);
	return r;
}

int notice_judge(const struct statement *notice, const struct roster *roster,
		 struct notice_facts *ret_f, struct sl_why *why)
{
	struct first first = {.sha256 = ""};
	char policy[HASH_HEX + 1];
	enum feed_status status;
	struct notice_facts f;
	unsigned n;
	int r = notice_read(notice, &f, why);

	if (r != SL_OK)
		return r;
	text_hex(roster_digest(roster), HASH_LEN, policy);
	if (strcmp(f.policy_sha256, policy) != 0 || f.policy_version != roster_version(roster))
		return why_set(why, SL_E_DENIED, "the notice names another policy version");
	if (!notice_status(f.action, &status))
		return why_set(why, SL_E_FORMAT, "the notice has an unknown action");
	r = check_gateway(notice, &f, roster, why);
	n = (unsigned)json_array_size(f.orders);
	for (unsigned i = 0; i < n && r == SL_OK; i++)
		r = check_order(notice, &f, i, roster, &first, why);
	/* Only a correction needs no order: its authority is the release that it names. */
	if (r == SL_OK &&
	    (status == FEED_REPLACED ? n != 0 : n == 0 || n != order_persons(first.action)))
		r = why_set(why, SL_E_DENIED, "the notice carries %u orders", n);
	if (r != SL_OK)
		return why_prefix(why, r, "notice %lld", (long long)f.serial);
	f.freeze = first.freeze;
	memcpy(f.by, first.by, sizeof(f.by));
	*ret_f = f;
	return SL_OK;
}

int notice_apart(const struct notice_facts *judged, struct statement *const *statements,
		 unsigned n, struct sl_why *why)
{
	for (unsigned i = 0; i < n; i++) {
		const char *draft, *author, *submitter;
		int64_t revision, time;
		int r;

		if (statements[i]->kind != PRED_SUBMISSION)
			continue;
		r = submission_read(statements[i], &draft, &revision, &author, &submitter,
				    &time, why);
		if (r != SL_OK)
			return r;
		for (unsigned k = 0; k < ORDER_PERSONS_MAX; k++) {
			if (strcmp(judged->by[k], author) == 0 ||
			    strcmp(judged->by[k], submitter) == 0)
				return why_set(why, SL_E_DENIED,
					       "%s orders the return of an own release",
					       judged->by[k]);
		}
		return SL_OK;
	}
	return why_set(why, SL_E_DENIED, "no submission");
}

int notice_freeze(const struct statement *notice, int64_t *ret_serial, struct sl_why *why)
{
	struct statement *s = NULL;
	struct notice_facts f, o = {.freeze = 0};
	int r = notice_read(notice, &f, why);

	if (r == SL_OK && json_array_size(f.orders) > 0) {
		r = parse_embedded(json_array_get(f.orders, 0), &s, why);
		if (r == SL_OK)
			r = order_read(s, &o, why);
	}
	if (r == SL_OK)
		*ret_serial = o.freeze;
	statement_free(s);
	return r;
}
