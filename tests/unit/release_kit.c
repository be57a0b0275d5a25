/* release_kit.c - the world around the releaser, for its tests. */
#include "release_kit.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "keys/demo.h"
#include "link/sealed.h"
#include "link/spool.h"
#include "link/unit.h"
#include "trust/statement.h"

static const struct {
	const char *file, *pid, *role;
	enum key_use use;
} holders[] = {
	{"author", "p-01", "author", KEY_DSSE_AUTHOR},
	{"liaison", "p-02", "liaison", KEY_DSSE_REVIEWER},
	{"unit-leader", "p-03", "unit-leader", KEY_DSSE_REVIEWER},
	{"desk", "p-04", "desk", KEY_DSSE_REVIEWER},
	{"inspector", "p-gateway", "", KEY_DSSE_INSPECTOR},
	{"checker/witness", "", "", KEY_WITNESS},
};

#define must(expr) assert_int_equal((expr), SL_OK)

static struct chain_source source_of(const struct kit *k)
{
	return (struct chain_source){.trust_root = k->c->trust_root,
				     .repository = k->c->repository,
				     .approval_policy = k->c->approval_policy};
}

void kit_open(struct kit *k)
{
	kit_open_below(k, "/tmp");
}

void kit_open_below(struct kit *k, const char *base)
{
	struct demo_options o = {.policies = SL_SOURCE_DIR "/policies", .port = DEMO_PORT};
	struct chain_source source;
	struct demo_result made;
	struct sl_why why = {.text = ""};
	char path[256];

	memset(k, 0, sizeof(*k));
	(void)snprintf(k->dir, sizeof(k->dir), "%s/sl-release-XXXXXX", base);
	assert_non_null(mkdtemp(k->dir));
	o.dir = k->dir;
	must(demo_write(&o, &made, &why));
	(void)snprintf(path, sizeof(path), "%s/gateway.yaml", k->dir);
	if (config_gateway_load(path, &k->c, &why) != SL_OK)
		fail_msg("%s", why.text);
	must(store_open(k->c->data, STORE_DESK, &k->desk, &why));
	for (unsigned i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/keys/%s", k->dir, holders[i].file);
		must(key_load(path, holders[i].use, NULL, &k->key[i], &why));
	}
	source = source_of(k);
	must(signers_load(k->c->keys.checker, &k->checker, &why));
	must(chain_renew(&source, clock_now(), &k->chain, &why));
}

void kit_close(struct kit *k)
{
	chain_free(k->chain);
	signers_release(&k->checker);
	for (unsigned i = 0; i < KIT_WITNESS + 1; i++)
		key_free(k->key[i]);
	store_close(k->desk);
	config_gateway_free(k->c);
	must(file_remove_tree(AT_FDCWD, k->dir));
}

static void put_object(struct kit *k, const void *bytes, size_t len, char sha256[65])
{
	must(store_object_put(k->desk, bytes, len, sha256));
}

static void upload(struct kit *k, const char *body, char sha256[65])
{
	uint64_t offset = 0;

	hash_hex(body, strlen(body), sha256);
	must(store_upload_begin(k->desk, "p-01", sha256, strlen(body), &offset, NULL));
	if (offset < strlen(body))
		must(store_upload_chunk(k->desk, "p-01", sha256, offset, body + offset,
					strlen(body) - (size_t)offset, &offset, NULL));
	must(store_upload_finish(k->desk, "p-01", sha256, NULL));
}

static void prepare(struct kit *k, const struct kit_options *o, const char *body,
		    struct draft *d, struct kit_draft *ret)
{
	char token[32];

	upload(k, body, ret->blob);
	memset(d, 0, sizeof(*d));
	d->files = calloc(1, sizeof(*d->files));
	assert_non_null(d->files);
	d->n_files = 1;
	(void)snprintf(d->files[0].name, sizeof(d->files[0].name), "body.txt");
	(void)snprintf(d->files[0].media_type, sizeof(d->files[0].media_type), "text/plain");
	memcpy(d->files[0].sha256, ret->blob, 65);
	d->files[0].length = strlen(body);
	(void)snprintf(d->author, sizeof(d->author), "p-01");
	(void)snprintf(d->submitter, sizeof(d->submitter), "p-01");
	(void)snprintf(d->unit, sizeof(d->unit), "u-01");
	(void)snprintf(d->title, sizeof(d->title), "通告 <第%u号>", k->drafts);
	(void)snprintf(d->content_type, sizeof(d->content_type), "CT05");
	(void)snprintf(d->column, sizeof(d->column), "notices");
	(void)snprintf(d->disclosure, sizeof(d->disclosure), "public");
	(void)snprintf(d->channels[0], sizeof(d->channels[0]), "official-site");
	d->n_channels = 1;
	for (unsigned i = 0; i < 16 && o->channels[i] != NULL; i++) {
		(void)snprintf(d->channels[i], sizeof(d->channels[i]), "%s", o->channels[i]);
		d->n_channels = i + 1;
	}
	(void)snprintf(token, sizeof(token), "kit-%u", k->drafts);
	must(store_draft_prepare(k->desk, d, token, NULL));
	memcpy(ret->id, d->id, sizeof(ret->id));
	memcpy(ret->release, d->release, sizeof(ret->release));
}

static json_t *channels(const struct draft *d)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < d->n_channels; i++)
		assert_int_equal(json_array_append_new(list, json_string(d->channels[i])), 0);
	return list;
}

static void manifest(struct kit *k, const struct draft *d, struct kit_draft *ret)
{
	json_t *j = json_pack(
		"{s:[{s:I,s:s,s:s,s:s}],s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I}", "blobs",
		"length", (json_int_t)d->files[0].length, "media_type", "text/plain", "name",
		"body.txt", "sha256", ret->blob, "channels", channels(d), "class", "A",
		"content_type", "CT05", "created", "2026-01-01T00:00:00Z", "id", d->release,
		"index_no", "", "language", "zh-CN", "pubstatus", "usable", "schema",
		"sluice-manifest/1", "title", d->title, "version", (json_int_t)d->revision);
	struct buf b;

	buf_init(&b, MANIFEST_MAX);
	must(json_canonical(j, &b));
	put_object(k, b.data, b.len, ret->manifest);
	json_decref(j);
	buf_release(&b);
}

/* Takes the predicate. */
static void sign(struct kit *k, unsigned who, enum predicate p, const char *subject,
		 json_t *predicate, char sha256[65])
{
	struct buf b;

	buf_init(&b, DSSE_MAX);
	assert_non_null(predicate);
	must(statement_sign(k->key[who], p, subject, predicate, &b));
	put_object(k, b.data, b.len, sha256);
	json_decref(predicate);
	buf_release(&b);
}

static json_t *approval(struct kit *k, unsigned who, const struct kit_draft *d,
			const struct kit_options *o)
{
	char policy[65], nonce[65];
	struct approval_facts f = {.decision = "approve",
				   .role = holders[who].role,
				   .draft = d->id,
				   .revision = 1,
				   .inspection_sha256 = d->report,
				   .policy_sha256 = policy,
				   .policy_version = roster_version(k->chain->roster),
				   .shown_sha256 = d->report,
				   .time = clock_now() - 10};

	text_hex(roster_digest(k->chain->roster), HASH_LEN, policy);
	f.expires = o->approvals_end != 0 ? o->approvals_end : clock_now() + 86400;
	if (f.expires <= f.time)
		f.time = f.expires - 100;
	hash_hex(d->id, strlen(d->id), nonce);
	memcpy(f.nonce, nonce, 32);
	return approval_predicate(&f);
}

static void vote(struct kit *k, unsigned who, const struct kit_draft *d,
		 const struct kit_options *o)
{
	const struct draft_change c = {.actor = "desk"};
	struct vote v = {.time = clock_now(), .counts = true};

	(void)snprintf(v.pid, sizeof(v.pid), "%s", holders[who].pid);
	(void)snprintf(v.role, sizeof(v.role), "%s", holders[who].role);
	(void)snprintf(v.decision, sizeof(v.decision), "approve");
	sign(k, who, PRED_APPROVAL, d->manifest, approval(k, who, d, o), v.envelope);
	must(store_vote_add(k->desk, d->id, 1, &v, DRAFT_IN_REVIEW, &c, NULL));
}

static void review(struct kit *k, struct kit_draft *ret, const struct kit_options *o)
{
	json_t *filters = json_array();
	char inspection[65], zero[65];
	struct draft_change c = {.actor = "inspector", .verdict = "clean", .klass = "A"};

	(void)snprintf(zero, sizeof(zero), "%064d", 0);
	sign(k, KIT_INSPECTOR, PRED_INSPECTION, ret->manifest,
	     inspection_predicate(filters, "clean", ret->report, zero, clock_now()),
	     inspection);
	json_decref(filters);
	c.report = ret->report;
	c.inspection = inspection;
	must(store_move(k->desk, ret->id, 1, DRAFT_SUBMITTED, DRAFT_INSPECTING,
			&(struct draft_change){.actor = "i"}, NULL));
	must(store_move(k->desk, ret->id, 1, DRAFT_INSPECTING, DRAFT_IN_REVIEW, &c, NULL));
	for (unsigned i = 0; i < 3; i++) {
		if ((o->skip >> i & 1u) == 0)
			vote(k, KIT_LIAISON + i, ret, o);
	}
	must(store_move(k->desk, ret->id, 1, DRAFT_IN_REVIEW, DRAFT_APPROVED,
			&(struct draft_change){.actor = "d"}, NULL));
}

void kit_approved(struct kit *k, const struct kit_options *o, struct kit_draft *ret)
{
	static const struct kit_options none = {.skip = 0};
	char body[128], submission[65], report[64];
	struct draft d;

	o = o == NULL ? &none : o;
	k->drafts++;
	(void)snprintf(body, sizeof(body), "内容 %u\n", k->drafts);
	prepare(k, o, o->body != NULL ? o->body : body, &d, ret);
	manifest(k, &d, ret);
	(void)snprintf(report, sizeof(report), "{\"draft\":\"%s\"}", ret->id);
	put_object(k, report, strlen(report), ret->report);
	sign(k, KIT_AUTHOR, PRED_SUBMISSION, ret->manifest,
	     submission_predicate(ret->id, 1, "p-01", "p-01", clock_now() - 20), submission);
	must(store_move(k->desk, ret->id, 1, DRAFT_PREPARED, DRAFT_SUBMITTED,
			&(struct draft_change){.actor = "p-01",
					       .manifest = ret->manifest,
					       .submission = submission},
			NULL));
	draft_release(&d);
	review(k, ret, o);
}

enum draft_state kit_state(struct kit *k, const struct kit_draft *d)
{
	struct draft got = {.number = 0};
	enum draft_state s;

	must(store_draft_get(k->desk, d->id, 1, &got));
	s = got.state;
	draft_release(&got);
	return s;
}

void kit_order_by(struct kit *k, const struct kit_draft *d, const char *action, unsigned who,
		  int64_t freeze)
{
	static const char reason[] = "a name was left in";
	struct order o = {.version = 1, .time = clock_now(), .freeze = freeze};
	struct notice_facts f = {.action = action,
				 .release = d->release,
				 .version = 1,
				 .reason_code = "privacy",
				 .time = o.time,
				 .freeze = freeze};
	char text[HASH_HEX + 1];

	hash_hex(reason, strlen(reason), text);
	f.text_sha256 = text;
	sign(k, who, PRED_ORDER, d->manifest, order_predicate(&f), o.envelope);
	(void)snprintf(o.release, sizeof(o.release), "%s", d->release);
	(void)snprintf(o.action, sizeof(o.action), "%s", action);
	(void)snprintf(o.pid, sizeof(o.pid), "p-%02u", who + 1);
	(void)snprintf(o.reason, sizeof(o.reason), "%s", reason);
	must(store_order_add(k->desk, &o, NULL));
}

void kit_order(struct kit *k, const struct kit_draft *d, const char *action)
{
	kit_order_by(k, d, action, KIT_DESK, 0);
}

struct look {
	struct kit *k;
	int cases, memory, result;
};

/* What checker.c does with one case. */
static int look_at(const char *name, void *arg)
{
	struct look *l = arg;
	const struct verify_keys keys = {.own = &l->k->checker,
					 .witness = l->k->key[KIT_WITNESS]};
	struct casefile_answer a = {.n = 0};
	struct verify_state state, next = {.n = 0};
	struct chain_source source;
	struct sl_why why = {.text = ""};
	struct buf b;
	char text[600];
	int64_t number;
	int fd;

	if (!casefile_number(name, &number))
		return SL_OK;
	fd = file_open_dir(l->cases, name);
	assert_true(fd >= 0);
	if (!file_exists(fd, "checked") && !file_exists(fd, "refused")) {
		buf_init(&b, CASEFILE_MAX);
		source = source_of(l->k);
		must(chain_renew(&source, clock_now() + l->k->ahead, &l->k->chain, NULL));
		must(verify_state_load(l->memory, &state));
		l->result = verify_case(fd, l->k->chain, &state, &keys,
					clock_now() + l->k->ahead, &a, &next, &why);
		if (l->result == SL_OK) {
			must(verify_state_save(&state, &next));
			must(casefile_answer_write(number, &a, &b));
			must(file_write_durable(fd, "checked", b.data, b.len, 0600));
		} else if (l->result != SL_E_CONFIG) {
			(void)snprintf(text, sizeof(text),
				       "{\"error\":\"%s\",\"reason\":\"%s\"}",
				       sl_errname(l->result), "told in the test");
			must(file_write_durable(fd, "refused", text, strlen(text), 0600));
		}
		buf_release(&b);
		casefile_answer_release(&a);
		verify_state_release(&state);
	}
	file_close(fd);
	return SL_OK;
}

int kit_check(struct kit *k)
{
	struct look l = {.k = k, .result = 1};
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/release/cases", k->c->data);
	must(file_mkdirs(path, 0700));
	l.cases = file_open_dir(AT_FDCWD, path);
	(void)snprintf(path, sizeof(path), "%s/checker", k->c->data);
	must(file_mkdirs(path, 0700));
	l.memory = file_open_dir(AT_FDCWD, path);
	assert_true(l.cases >= 0 && l.memory >= 0);
	must(file_each(l.cases, 100, look_at, &l));
	file_close(l.cases);
	file_close(l.memory);
	return l.result;
}

void kit_run(struct kit *k, struct line *l)
{
	for (int i = 0; i < 200; i++) {
		struct sl_why why = {.text = ""};
		enum line_step step;
		int r = line_step(l, clock_now() + k->ahead, &step, &why);

		if (r != SL_OK)
			fail_msg("line_step: %s: %s", sl_errname(r), why.text);
		if (step == LINE_IDLE)
			return;
		if (step == LINE_WAITS)
			(void)kit_check(k);
	}
	fail_msg("the line does not come to rest");
}

void kit_head(struct kit *k, struct feed_page *ret)
{
	struct tuf_meta *feed = NULL;
	struct repo *r = NULL;
	struct buf b;
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/release/repo", k->c->data);
	fd = file_open_dir(AT_FDCWD, path);
	assert_true(fd >= 0);
	buf_init(&b, JSON_SIGNED_MAX);
	must(repo_load(fd, &r, NULL));
	must(repo_role(r, "feed", &feed, NULL));
	must(repo_head(r, feed, ret, &b, NULL));
	buf_release(&b);
	tuf_free(feed);
	repo_free(r);
	file_close(fd);
}

int64_t kit_next_serial(struct kit *k)
{
	struct feed_page *p = calloc(1, sizeof(*p));
	int64_t next;

	assert_non_null(p);
	kit_head(k, p);
	next = p->next_serial;
	free(p);
	return next;
}

int kit_unit(struct kit *k, int64_t serial, int priority, struct unit *ret_u)
{
	const struct spool_entry e = {.serial = serial, .priority = (uint8_t)priority};
	char name[SPOOL_NAME + 1], path[256];
	uint8_t signer[KEY_PUBLIC];
	unsigned which = 0;
	struct key *mine = NULL;
	enum key_use use;
	struct sl_why why = {.text = ""};
	int in, plain, into;

	spool_name(&e, name);
	(void)snprintf(path, sizeof(path), "%s/outbox/%s", k->c->data, name);
	in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return SL_E_NOTFOUND;
	(void)snprintf(path, sizeof(path), "%s/keys/link-outlet", k->dir);
	must(key_load(path, KEY_LINK, NULL, &mine, &why));
	(void)snprintf(path, sizeof(path), "%s/keys/gateway.pub", k->dir);
	must(key_read_public(path, signer, &use, &why));
	(void)snprintf(path, sizeof(path), "%s/unit", k->dir);
	must(file_remove_tree(AT_FDCWD, path));
	must(file_mkdirs(path, 0700));
	into = file_open_dir(AT_FDCWD, path);
	plain = open(k->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	assert_true(into >= 0 && plain >= 0);
	must(sealed_read(in, &(struct sealed_keys){.key = {mine}, .n = 1}, plain, &which,
			 &why));
	assert_int_equal(lseek(plain, 0, SEEK_SET), 0);
	if (unit_read(plain, signer, into, ret_u, &why) != SL_OK)
		fail_msg("%s", why.text);
	key_free(mine);
	file_close(in);
	file_close(plain);
	file_close(into);
	return SL_OK;
}
