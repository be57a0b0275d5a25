/* outlet_kit_release.c - releases and recalls of the kit's repository, signed by its people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "outlet_kit.h"

enum { DAY = 86400 };

static const char digest_a[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

struct envelopes {
	struct buf line[8];
	char sha256[8][65];
	unsigned n;
	const char *subject;
};

static void sign(struct envelopes *e, const struct key *key, enum predicate kind,
		 json_t *predicate)
{
	struct buf *b = &e->line[e->n];

	assert_non_null(predicate);
	buf_init(b, DSSE_MAX);
	assert_int_equal(statement_sign(key, kind, e->subject, predicate, b), SL_OK);
	hash_hex(b->data, b->len, e->sha256[e->n]);
	e->n++;
	json_decref(predicate);
}

static void approve(struct okit *k, struct envelopes *e, enum okit_person p)
{
	struct approval_facts f = {
		.decision = "approve",
		.role = okit_cast[p].role,
		.draft = "D-2026-000001",
		.revision = 1,
		.inspection_sha256 = digest_a,
		.shown_sha256 = digest_a,
		.policy_sha256 = k->policy_sha256,
		.policy_version = 7,
		.time = k->now - 600,
		.expires = k->now + DAY,
	};

	(void)snprintf(f.nonce, sizeof(f.nonce), "%032d", (int)p);
	sign(e, k->people[p], PRED_APPROVAL, approval_predicate(&f));
}

static void make_attest(struct okit *k, const char *subject, unsigned approvers,
			struct buf *out)
{
	struct envelopes e = {.subject = subject};
	const char *inputs[8];
	json_t *filters = json_array();

	sign(&e, k->people[OKIT_AUTHOR], PRED_SUBMISSION,
	     submission_predicate("D-2026-000001", 1, "p-01", "p-01", k->now - 3600));
	sign(&e, k->people[OKIT_INSPECTOR], PRED_INSPECTION,
	     inspection_predicate(filters, "clean", digest_a, digest_a, k->now - 3000));
	json_decref(filters);
	for (unsigned p = OKIT_LIAISON; p <= OKIT_DESK; p++) {
		if (approvers == 0 || (approvers & (1u << p)) != 0)
			approve(k, &e, (enum okit_person)p);
	}
	for (unsigned i = 0; i < e.n; i++)
		inputs[i] = e.sha256[i];
	sign(&e, k->people[OKIT_GATEWAY], PRED_RELEASE,
	     release_predicate(inputs, e.n, k->policy_sha256, 7, k->head.next_serial,
			       k->now - 60));
	assert_int_equal(attest_join(e.line, e.n, out), SL_OK);
	for (unsigned i = 0; i < e.n; i++)
		buf_release(&e.line[i]);
}

/* Where the item's manifest says. */
static void number(struct okit *k, struct feed_entry *e)
{
	const json_t *list = json_object_get(k->channels, e->id), *v;
	const char *names[MANIFEST_CHANNELS_MAX] = {"official-site"};
	unsigned n = list == NULL ? 1 : 0;
	size_t i;

	json_array_foreach(list, i, v) names[n++] = json_string_value(v);
	assert_int_equal(feed_channels_next(&k->head.channels, names, n, &e->numbers), SL_OK);
}

void okit_append(struct okit *k, const struct feed_entry *entry)
{
	struct feed_entry numbered = *entry, *e = &numbered;
	struct buf old;
	char page[16] = "", path[FEED_PATH_MAX], hex[65];

	number(k, e);
	buf_init(&old, 1 << 20);
	assert_int_equal(feed_append(&k->head, e, &old, page), SL_OK);
	if (old.len > 0) {
		hash_hex(old.data, old.len, hex);
		feed_page_path(page, hex, path);
		okit_put(k, path, old.data, old.len);
	}
	buf_release(&old);
	okit_put_feed(k);
}

static json_t *split(const char *channels)
{
	json_t *list = json_array();

	for (const char *s = channels, *end; s != NULL; s = *end == ',' ? end + 1 : NULL) {
		end = strchrnul(s, ',');
		assert_int_equal(
			json_array_append_new(list, json_stringn(s, (size_t)(end - s))), 0);
	}
	return list;
}

void okit_manifest(struct okit *k, const char *id, int64_t version, const char *channels,
		   const char *body, struct buf *out)
{
	char blob[65], created[CLOCK_TEXT + 1], path[512];
	json_t *j;

	hash_hex(body, strlen(body), blob);
	(void)snprintf(path, sizeof(path), "blobs/%.2s/%s", blob, blob);
	okit_put(k, path, body, strlen(body));
	clock_format(k->now - 3600, created);
	j = json_pack("{s:[{s:I,s:s,s:s,s:s}],s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I}",
		      "blobs", "length", (json_int_t)strlen(body), "media_type", "text/html",
		      "name", "body.html", "sha256", blob, "channels", split(channels), "class",
		      "A", "content_type", "CT05", "created", created, "id", id, "index_no",
		      "005252709/2026-00318", "language", "zh-CN", "pubstatus", "usable",
		      "schema", "sluice-manifest/1", "title", "关于道路施工的通告", "version",
		      (json_int_t)version);
	assert_non_null(j);
	if (k->bend != NULL)
		k->bend(j);
	assert_int_equal(json_object_set(k->channels, id, json_object_get(j, "channels")), 0);
	buf_init(out, MANIFEST_MAX);
	assert_int_equal(json_canonical(j, out), SL_OK);
	json_decref(j);
}

void okit_release(struct okit *k, const char *id, int64_t version, const char *channels,
		  const char *body, unsigned approvers)
{
	struct feed_entry e = {.kind = FEED_RELEASE, .status = FEED_USABLE, .version = version};
	struct buf manifest, attest;
	char path[512], set[LAYOUT_ROLE_MAX], hex[65];

	okit_manifest(k, id, version, channels, body, &manifest);
	buf_init(&attest, ATTEST_MAX);
	hash_hex(manifest.data, manifest.len, e.manifest_sha256);
	make_attest(k, e.manifest_sha256, approvers, &attest);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/manifest.json", id, version);
	layout_release_role(id, set);
	okit_put_target(k, okit_set(k, set)->targets, path, &manifest);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/attest.intoto.jsonl", id,
		       version);
	okit_put_target(k, okit_set(k, set)->targets, path, &attest);
	(void)snprintf(e.id, sizeof(e.id), "%s", id);
	hash_hex(attest.data, attest.len, hex);
	okit_log(k, id, version, LOG_RELEASE, e.manifest_sha256, hex);
	okit_append(k, &e);
	buf_release(&manifest);
	buf_release(&attest);
}

/* Take a target out of its set; its file is listed for removal. */
static void drop_target(struct okit *k, struct okit_set *set, const char *target)
{
	const char *hex =
		json_str(json_obj(json_obj(set->targets, target), "hashes"), "sha256");
	const char *slash = strrchr(target, '/');

	assert_non_null(hex);
	(void)snprintf(k->removes[k->n_removes++], sizeof(k->removes[0]), "targets/%.*s/%s.%s",
		       (int)(slash - target), target, hex, slash + 1);
	assert_int_equal(json_object_del(set->targets, target), 0);
}

/* An order of one person as the notice carries it. */
static json_t *make_order(struct okit *k, const struct okit_notice *n, enum okit_person p,
			  const char *subject, const char *text)
{
	struct envelopes env = {.subject = subject};
	struct notice_facts f = {.action = n->order,
				 .release = n->id,
				 .version = n->version,
				 .reason_code = "error",
				 .text_sha256 = text,
				 .time = k->now - 30 + n->order_time,
				 .freeze = n->freeze};
	json_t *j = NULL;

	sign(&env, k->people[p], PRED_ORDER, order_predicate(&f));
	assert_int_equal(json_parse_signed(env.line[0].data, env.line[0].len, &j), SL_OK);
	buf_release(&env.line[0]);
	return j;
}

static int by_line(const json_t *a, const json_t *b)
{
	char hex[2][65];
	const json_t *both[2] = {a, b};
	struct buf line;

	for (unsigned i = 0; i < 2; i++) {
		buf_init(&line, DSSE_MAX);
		assert_int_equal(json_canonical(both[i], &line), SL_OK);
		hash_hex(line.data, line.len, hex[i]);
		buf_release(&line);
	}
	return strcmp(hex[0], hex[1]);
}

void okit_notice(struct okit *k, const struct okit_notice *n)
{
	struct feed_entry e = {.kind = FEED_NOTICE, .status = n->status, .version = n->version};
	struct envelopes env = {.subject = n->manifest_sha256};
	struct notice_facts f = {.action = n->says,
				 .release = n->id,
				 .version = n->version,
				 .reason_code = "error",
				 .time = k->now,
				 .serial = k->head.next_serial,
				 .policy_sha256 = k->policy_sha256,
				 .policy_version = 7};
	char text[65], role[LAYOUT_ROLE_MAX];
	json_t *orders = json_array();

	hash_hex("名单有误", strlen("名单有误"), text);
	f.text_sha256 = text;
	for (unsigned p = 0; p < OKIT_PEOPLE; p++) {
		json_t *j;
		size_t at = 0;

		if ((n->by & 1u << p) == 0)
			continue;
		j = make_order(k, n, (enum okit_person)p, n->manifest_sha256, text);
		while (at < json_array_size(orders) &&
		       by_line(json_array_get(orders, at), j) < 0)
			at++;
		assert_int_equal(json_array_insert_new(orders, at, j), 0);
	}
	f.orders = orders;
	sign(&env, k->people[OKIT_GATEWAY], PRED_NOTICE, notice_predicate(&f));
	json_decref(orders);
	(void)snprintf(e.manifest_sha256, sizeof(e.manifest_sha256), "%s", n->manifest_sha256);
	(void)snprintf(e.notice, sizeof(e.notice), "notice/N-%06" PRId64 ".json",
		       k->head.next_serial);
	layout_notice_role(k->head.next_serial, role);
	okit_put_target(k, okit_set(k, role)->targets, e.notice, &env.line[0]);
	buf_release(&env.line[0]);
	okit_log(k, n->id, n->version, LOG_NOTICE, n->manifest_sha256, env.sha256[0]);
	(void)snprintf(e.id, sizeof(e.id), "%s", n->id);
	okit_append(k, &e);
}

/* Manifest and attestations out of their bins; files and blob listed for removal. */
void okit_take_down(struct okit *k, const char *id, int64_t version, char ret_manifest[65])
{
	char path[512], file[640];
	const char *hex;
	json_t *manifest;
	char *text, role[LAYOUT_ROLE_MAX];
	struct okit_set *set;

	layout_release_role(id, role);
	set = okit_set(k, role);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/manifest.json", id, version);
	hex = json_str(json_obj(json_obj(set->targets, path), "hashes"), "sha256");
	assert_non_null(hex);
	(void)snprintf(ret_manifest, 65, "%s", hex);
	(void)snprintf(file, sizeof(file), "targets/rel/%s/%" PRId64 "/%s.manifest.json", id,
		       version, hex);
	text = okit_read(k->tree, file);
	assert_int_equal(json_parse(text, strlen(text), MANIFEST_MAX, &manifest), SL_OK);
	hex = json_str(json_array_get(json_arr(manifest, "blobs"), 0), "sha256");
	(void)snprintf(k->removes[k->n_removes++], sizeof(k->removes[0]), "blobs/%.2s/%s", hex,
		       hex);
	json_decref(manifest);
	free(text);
	drop_target(k, set, path);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/attest.intoto.jsonl", id,
		       version);
	drop_target(k, set, path);
	(void)snprintf(path, sizeof(path), "rel/%s/%" PRId64 "/log.tlog-proof", id, version);
	if (json_object_get(set->targets, path) != NULL)
		drop_target(k, set, path);
}

void okit_recall(struct okit *k, const char *id, int64_t version)
{
	struct okit_notice n = {.id = id,
				.version = version,
				.order = "withdraw",
				.says = "withdraw",
				.status = FEED_CANCELED,
				.by = 1u << OKIT_DESK};
	char manifest[65];

	okit_take_down(k, id, version, manifest);
	n.manifest_sha256 = manifest;
	okit_notice(k, &n);
}
