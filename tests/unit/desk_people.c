/* desk_people.c - see the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "desk_people.h"

static const char *const pids[PEOPLE] = {"p-00", "p-01", "p-02", "p-03", "p-04",
					 "p-05", "p-06", "p-07", "p-08", "p-09",
					 "p-10", "p-11", "p-12", "p-13"};

static const struct {
	const char *unit, *roles[3];
	enum key_use use;
} people[PEOPLE] = {
	[AUTHOR] = {"u-12", {"author"}, KEY_DSSE_AUTHOR},
	[LIAISON] = {"u-12", {"liaison", "unit-leader"}, KEY_DSSE_REVIEWER},
	[LEADER] = {"u-12", {"unit-leader"}, KEY_DSSE_REVIEWER},
	[DESK] = {"u-20", {"desk"}, KEY_DSSE_REVIEWER},
	[SECRECY] = {"u-21", {"secrecy"}, KEY_DSSE_REVIEWER},
	[WRITER] = {"u-20", {"author", "desk"}, KEY_DSSE_REVIEWER},
	[ADMIN] = {"u-12", {"unit-admin"}, KEY_DSSE_REVIEWER},
	[OPERATOR] = {"u-30", {"operator"}, KEY_DSSE_AUTHOR},
	[LEGAL] = {"u-22", {"legal"}, KEY_DSSE_REVIEWER},
	[DIRECTOR] = {"u-23", {"director"}, KEY_DSSE_REVIEWER},
	[CHIEF] = {"u-23", {"director"}, KEY_DSSE_REVIEWER},
	[INSPECTOR] = {"u-gateway", {"gateway-service"}, KEY_DSSE_INSPECTOR},
	[SECOND] = {"u-21", {"secrecy"}, KEY_DSSE_REVIEWER},
	[THIRD] = {"u-21", {"secrecy"}, KEY_DSSE_REVIEWER},
};

const char *people_pid(enum who w)
{
	return pids[w];
}

static json_t *person(struct desk_people *p, enum who w)
{
	char hex[65], from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1];
	json_t *roles = json_array();

	text_hex(key_public(p->key[w]), KEY_PUBLIC, hex);
	clock_format(clock_now() - 86400, from);
	clock_format(clock_now() + 86400, until);
	for (int i = 0; i < 3 && people[w].roles[i] != NULL; i++)
		(void)json_array_append_new(roles, json_string(people[w].roles[i]));
	return json_pack("{s:[{s:s,s:s,s:s,s:s,s:s}],s:s,s:o,s:s}", "keys", "from", from,
			 "keyid", key_id(p->key[w]), "public", hex, "until", until, "use",
			 key_use_name(people[w].use), "pid", pids[w], "roles", roles, "unit",
			 people[w].unit);
}

static void make_roster(struct desk_people *p)
{
	json_t *persons = json_array(), *j;
	struct sl_why why = {""};

	for (int i = 0; i < PEOPLE; i++)
		(void)json_array_append_new(persons, person(p, (enum who)i));
	j = json_pack("{s:{s:{s:i,s:[ss],s:i,s:[{s:i,s:s},{s:i,s:s},{s:i,s:s}],s:[s]},"
		      "s:{s:i,s:[ss],s:i,s:[{s:i,s:s},{s:i,s:s}],s:[s]}},s:o,s:s,s:i}",
		      "classes", "A", "approval_ttl_s", 604800, "exclude", "author",
		      "submitter", "min_persons", 3, "require", "min", 1, "role", "liaison",
		      "min", 1, "role", "unit-leader", "min", 1, "role", "desk", "veto",
		      "secrecy", "C", "approval_ttl_s", 604800, "exclude", "author",
		      "submitter", "min_persons", 2, "require", "min", 1, "role", "secrecy",
		      "min", 1, "role", "desk", "veto", "secrecy", "persons", persons, "schema",
		      "sluice-policy/1", "version", 7);
	buf_init(&p->policy, 1 << 20);
	assert_int_equal(json_canonical(j, &p->policy), SL_OK);
	json_decref(j);
	if (roster_parse(p->policy.data, p->policy.len, &p->roster, &why) != SL_OK)
		fail_msg("%s", why.text);
	text_hex(roster_digest(p->roster), HASH_LEN, p->policy_sha256);
}

static void put_policies(struct desk_people *p)
{
	static const char routes[] =
		"routes:\n"
		"  - {id: A, name: {en: a, zh: a}, raised: C, outer: outer, steps: [\n"
		"      {role: liaison, count: 1, from: unit, opinion: secrecy, late: desk},\n"
		"      {role: unit-leader, count: 1, from: unit, late: desk},\n"
		"      {role: desk, count: 1, late: deputy}]}\n"
		"  - {id: C, name: {en: c, zh: c}, outer: outer, steps: [\n"
		"      {role: secrecy, count: 1, opinion: secrecy, late: desk},\n"
		"      {role: desk, count: 1, late: deputy}]}\n"
		"  - {id: Q, name: {en: q, zh: q}, outer: outer, steps: [\n"
		"      {role: secrecy, count: 1, opinion: secrecy, late: desk},\n"
		"      {role: desk, count: 1, late: deputy}]}\n"
		"  - {id: X, name: {en: x, zh: x}, outer: outer, orders: [\n"
		"      {action: freeze, persons: 1}, {action: withdraw, persons: 1},\n"
		"      {action: confirm, persons: 2}, {action: reinstate, persons: 2}]}\n"
		"types:\n"
		"  - {type: CT05, route: A, name: x}\n"
		"  - {type: CT06, route: C}\n  - {type: CT99, route: Q}\n"
		"modifiers:\n"
		"  - {id: m1, name: {en: m, zh: m}, when: {severity: S2}, raise: true}\n"
		"  - {id: m2, name: {en: m, zh: m}, when: {rules: [DH-016],\n"
		"      words: [refused, recalled]}, raise: true}\n";
	static const char channels[] =
		"channels:\n  - {id: official-site, name: y}\n  - {id: weibo}\n";
	struct sl_why why = {""};
	char path[128];

	(void)snprintf(p->policies, sizeof(p->policies), "%s/policies", p->f.dir);
	assert_int_equal(file_mkdirs(p->policies, 0700), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/routes.yaml", p->policies);
	assert_int_equal(file_write_durable(AT_FDCWD, path, routes, strlen(routes), 0600),
			 SL_OK);
	(void)snprintf(path, sizeof(path), "%s/channels.yaml", p->policies);
	assert_int_equal(file_write_durable(AT_FDCWD, path, channels, strlen(channels), 0600),
			 SL_OK);
	if (routes_load(p->policies, &p->routes, &why) != SL_OK)
		fail_msg("%s", why.text);
}

void people_open(struct desk_people *p)
{
	memset(p, 0, sizeof(*p));
	fixture_open(&p->f);
	for (int i = 0; i < PEOPLE; i++) {
		uint8_t seed[32] = {(uint8_t)(i + 1)};

		assert_int_equal(key_generate(people[i].use, seed, &p->key[i]), SL_OK);
	}
	make_roster(p);
	put_policies(p);
	(void)snprintf(p->stopped, sizeof(p->stopped), "%s/stopped", p->f.dir);
	(void)snprintf(p->wake, sizeof(p->wake), "%s/wake", p->f.dir);
	assert_int_equal(file_mkdirs(p->wake, 0700), SL_OK);
	p->config.limits.file_bytes = 4096;
	p->config.limits.draft_bytes = 6000;
	p->config.limits.files = 4;
	p->intake = (struct intake){.store = p->f.store,
				    .config = &p->config,
				    .roster = p->roster,
				    .policy = &p->policy,
				    .routes = p->routes,
				    .stopped = p->stopped,
				    .wake = p->wake};
	p->review = (struct review){.store = p->f.store,
				    .roster = p->roster,
				    .routes = p->routes,
				    .wake = p->wake,
				    .bell = p->wake};
	assert_int_equal(review_init(&p->review), SL_OK);
}

void people_close(struct desk_people *p)
{
	review_release(&p->review);
	routes_free(p->routes);
	roster_free(p->roster);
	buf_release(&p->policy);
	for (int i = 0; i < PEOPLE; i++)
		key_free(p->key[i]);
	fixture_close(&p->f);
}

static const struct wire_op *find(const struct wire_op *op, const char *name)
{
	for (; op->name != NULL; op++) {
		if (strcmp(op->name, name) == 0)
			return op;
	}
	return NULL;
}

int people_call(struct desk_people *p, enum who w, const char *op, json_t *args,
		struct wire_reply *ret, struct sl_why *why)
{
	struct wire_peer peer = {.person = roster_person(p->roster, pids[w])};
	struct wire_request rq = {.args = args};
	const struct wire_op *in = find(intake_ops(), op), *re = find(review_ops(), op);
	int r;

	assert_non_null(args);
	assert_true(in != NULL || re != NULL);
	(void)snprintf(peer.pid, sizeof(peer.pid), "%s", pids[w]);
	memset(ret, 0, sizeof(*ret));
	memset(why, 0, sizeof(*why));
	buf_init(&ret->data, WIRE_DATA_MAX);
	if (in != NULL)
		r = in->run(&p->intake, &peer, &rq, ret, why);
	else
		r = re->run(&p->review, &peer, &rq, ret, why);
	json_decref(args);
	return r;
}

json_t *people_ask(struct desk_people *p, enum who w, const char *op, json_t *args)
{
	struct wire_reply rp;
	struct sl_why why;
	json_t *result;

	if (people_call(p, w, op, args, &rp, &why) != SL_OK)
		fail_msg("%s: %s", op, why.text);
	result = json_incref(rp.result);
	wire_reply_release(&rp);
	return result;
}

json_t *people_prepare_args(struct desk_people *p, enum who w, const char *token,
			    const char *body)
{
	char sha256[65];

	fixture_upload(&p->f, pids[w], body, sha256);
	return json_pack("{s:s,s:s,s:s,s:s,s:[s],s:{s:s},s:[{s:s,s:s,s:I,s:s}]}", "token",
			 token, "title", "关于调整交通组织的通告", "type", "CT05", "disclosure",
			 "主动公开", "channels", "official-site", "meta", "publisher",
			 "云汀市公安局", "files", "name", "通告.txt", "sha256", sha256,
			 "length", (json_int_t)strlen(body), "media_type", "text/plain");
}

static json_t *sign_offers(struct desk_people *p, enum who w, const json_t *offer)
{
	json_t *list = json_array();
	const json_t *row;
	int64_t revision = 0;
	size_t i;

	assert_true(json_i64(offer, "revision", &revision));
	json_array_foreach(json_arr(offer, "manifests"), i, row)
	{
		const char *text = json_str(row, "manifest");
		json_t *predicate = submission_predicate(json_str(offer, "draft"), revision,
							 pids[w], pids[w], clock_now());
		char sha256[65];
		struct buf line;

		buf_init(&line, DSSE_MAX);
		hash_hex(text, strlen(text), sha256);
		assert_int_equal(
			statement_sign(p->key[w], PRED_SUBMISSION, sha256, predicate, &line),
			SL_OK);
		(void)json_array_append_new(list, json_string(buf_str(&line)));
		json_decref(predicate);
		buf_release(&line);
	}
	return list;
}

void people_submit(struct desk_people *p, enum who w, json_t *prepare_args, char ret_id[24])
{
	json_t *offer = people_ask(p, w, "draft.prepare", prepare_args), *done;

	(void)snprintf(ret_id, 24, "%s", json_str(offer, "draft"));
	done = people_ask(p, w, "draft.submit",
			  json_pack("{s:s,s:O,s:o}", "draft", ret_id, "revision",
				    json_object_get(offer, "revision"), "envelopes",
				    sign_offers(p, w, offer)));
	assert_string_equal(json_str(done, "state"), "SUBMITTED");
	json_decref(done);
	json_decref(offer);
}

static void put_inspection(struct desk_people *p, const struct draft *d,
			   const struct draft_offer *o, const char *report, char ret_sha256[65])
{
	json_t *filters = json_array(), *predicate;
	char report_sha256[65];
	struct buf line;

	buf_init(&line, DSSE_MAX);
	hash_hex(report, strlen(report), report_sha256);
	(void)json_array_append_new(filters,
				    json_pack("{s:s,s:s,s:s,s:s}", "name", "type", "version",
					      "1", "data", "x", "state", "ok"));
	predicate = inspection_predicate(filters, "review", report_sha256, p->policy_sha256,
					 clock_now());
	assert_int_equal(statement_sign(p->key[INSPECTOR], PRED_INSPECTION, o->manifest,
					predicate, &line),
			 SL_OK);
	assert_int_equal(store_object_put(p->f.store, line.data, line.len, ret_sha256), SL_OK);
	json_decref(predicate);
	json_decref(filters);
	buf_release(&line);
	(void)d;
}

void people_inspect(struct desk_people *p, const char *id, const char *findings,
		    enum draft_state to)
{
	struct store *s = NULL;
	struct draft d;
	struct draft_offer offers[2];
	char report[2000], report_sha256[65], text_sha256[65], inspection[65];
	struct sl_why why = {""};
	unsigned n = 0;

	assert_int_equal(store_open(p->f.dir, STORE_INSPECTOR, &s, &why), SL_OK);
	assert_int_equal(store_draft_claim(s, "inspector", false, &d), SL_OK);
	assert_string_equal(d.id, id);
	assert_int_equal(store_draft_offers(s, &d, offers, 2, &n), SL_OK);
	(void)snprintf(report, sizeof(report), "{\"files\":[{\"findings\":%s}]}", findings);
	assert_int_equal(store_object_put(s, report, strlen(report), report_sha256), SL_OK);
	assert_int_equal(store_object_put(s, "text of it", 10, text_sha256), SL_OK);
	assert_int_equal(store_file_result(s, id, d.revision, 0, report_sha256, text_sha256),
			 SL_OK);
	put_inspection(p, &d, &offers[0], report, inspection);
	if (store_move(s, id, d.revision, DRAFT_INSPECTING, to,
		       &(struct draft_change){.actor = "inspector",
					      .verdict = "review",
					      .manifest = offers[0].manifest,
					      .klass = offers[0].klass,
					      .report = report_sha256,
					      .inspection = inspection,
					      .submission = offers[0].submission},
		       &why) != SL_OK)
		fail_msg("%s", why.text);
	draft_release(&d);
	store_close(s);
}

void people_read(struct desk_people *p, enum who w, const char *id)
{
	json_decref(people_ask(p, w, "review.show", json_pack("{s:s}", "draft", id)));
	json_decref(people_ask(
		p, w, "review.get",
		json_pack("{s:s,s:s,s:i}", "draft", id, "part", "text:0", "offset", 0)));
}

static void shown_digest(struct desk_people *p, enum who w, const struct draft *d, char out[65])
{
	json_t *shown = people_ask(p, w, "review.show", json_pack("{s:s}", "draft", d->id));
	json_t *j =
		json_pack("{s:s,s:O,s:I}", "draft", d->id, "parts",
			  json_object_get(shown, "shown"), "revision", (json_int_t)d->revision);
	struct buf text;

	buf_init(&text, 1 << 16);
	assert_int_equal(json_canonical(j, &text), SL_OK);
	hash_hex(text.data, text.len, out);
	buf_release(&text);
	json_decref(j);
	json_decref(shown);
}

int people_cast(struct desk_people *p, enum who w, const char *id, const struct people_vote *v,
		struct wire_reply *ret, struct sl_why *why)
{
	json_t *acks = json_array(), *predicate;
	char shown[65];
	struct draft d;
	struct buf line;
	int r;

	assert_int_equal(store_draft_get(p->f.store, id, 0, &d), SL_OK);
	if (v->shown == NULL && review_is_reviewer(roster_person(p->roster, pids[w])))
		shown_digest(p, w, &d, shown);
	else
		hash_hex("nothing", 7, shown);
	if (v->ack != NULL)
		(void)json_array_append_new(
			acks,
			json_pack("{s:s,s:s}", "reason", "checked by phone", "rule", v->ack));
	struct approval_facts f = {
		.decision = v->decision,
		.role = v->role,
		.draft = v->draft != NULL ? v->draft : id,
		.revision = d.revision + v->revision_off,
		.inspection_sha256 = v->inspection != NULL ? v->inspection : d.report,
		.shown_sha256 = v->shown != NULL ? v->shown : shown,
		.policy_sha256 = v->policy != NULL ? v->policy : p->policy_sha256,
		.policy_version = 7 + v->version_off,
		.acknowledged = acks,
		.code = v->code,
		.reason = v->reason,
		.time = clock_now() + v->time_off,
		.expires = clock_now() + v->time_off + 604800 + v->ttl_off,
		.nonce = "00112233445566778899aabbccddeeff",
	};
	buf_init(&line, DSSE_MAX);
	predicate = approval_predicate(&f);
	assert_int_equal(statement_sign(p->key[v->signer], PRED_APPROVAL,
					v->subject != NULL ? v->subject : d.manifest, predicate,
					&line),
			 SL_OK);
	r = people_call(p, w, "review.vote",
			json_pack("{s:s,s:I,s:s}", "draft", id, "revision",
				  (json_int_t)d.revision, "envelope", buf_str(&line)),
			ret, why);
	json_decref(predicate);
	json_decref(acks);
	buf_release(&line);
	draft_release(&d);
	return r;
}
