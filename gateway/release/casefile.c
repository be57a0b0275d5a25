/* casefile.c - case.json there and back, and what follows from it.
 *
 * Hostile for the checker: written by another process; only the exact form is
 * accepted. */
#include "release/casefile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const kinds[] = {"initial", "release", "notice", "refresh"};
static const enum feed_status statuses[] = {FEED_USABLE, FEED_WITHHELD, FEED_CANCELED,
					    FEED_REPLACED};

const char *casefile_kind_name(enum casefile_kind k)
{
	BUG((unsigned)k > CASEFILE_REFRESH);
	return kinds[k];
}

void casefile_name(int64_t number, char out[CASEFILE_NAME + 1])
{
	(void)snprintf(out, CASEFILE_NAME + 1, "%020lld", (long long)number);
}

bool casefile_number(const char *name, int64_t *ret_number)
{
	uint64_t v = 0;

	if (strlen(name) != CASEFILE_NAME || strspn(name, "0123456789") != CASEFILE_NAME)
		return false;
	name += strspn(name, "0");
	if (!text_to_u64(name, strlen(name), INT64_MAX, &v))
		return false;
	*ret_number = (int64_t)v;
	return true;
}

static json_t *file_new(const struct delta_file *f)
{
	return json_pack("{s:I,s:s}", "length", (json_int_t)f->length, "sha256", f->sha256);
}

static json_t *channels_new(const struct delta_item *d)
{
	json_t *j = json_object();

	for (unsigned i = 0; i < d->n_channels && j != NULL; i++) {
		if (json_object_set_new(j, d->channel[i].name,
					json_integer(d->channel[i].serial)) != 0) {
			json_decref(j);
			j = NULL;
		}
	}
	return j;
}

static json_t *item_new(const struct casefile_item *it)
{
	const struct delta_item *d = &it->delta;
	json_t *j = json_pack("{s:o,s:s,s:o,s:I,s:s,s:I}", "channels", channels_new(d), "id",
			      d->id, "manifest", file_new(&d->manifest), "serial",
			      (json_int_t)d->serial, "status", feed_status_name(d->status),
			      "version", (json_int_t)d->version);
	int bad;

	if (d->kind == FEED_RELEASE)
		bad = json_object_set_new(j, "attest", file_new(&d->attest)) |
		      json_object_set_new(j, "draft", json_string(it->draft)) |
		      json_object_set_new(j, "revision", json_integer(it->revision));
	else
		bad = json_object_set_new(j, "notice", file_new(&d->notice)) |
		      json_object_set_new(j, "order", json_integer(it->order)) |
		      json_object_set_new(j, "order_sha256", json_string(it->order_sha256));
	if (d->kind == FEED_NOTICE && d->status == FEED_USABLE)
		bad |= json_object_set_new(j, "attest", file_new(&d->attest)) |
		       json_object_set_new(j, "proof", file_new(&d->proof));
	if (bad != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

static json_t *names_new(const struct casefile *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < c->n_renew && list != NULL; i++) {
		if (json_array_append_new(list, json_string(c->renew[i])) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *mark_new(const struct casefile_mark *m)
{
	return json_pack("{s:s,s:I}", "sha256", m->sha256, "version", (json_int_t)m->version);
}

static json_t *ended_new(const struct casefile_ended *e)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < e->n && list != NULL; i++) {
		if (json_array_append_new(list, json_string(e->id[i])) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *log_new(const struct casefile *c)
{
	json_t *j = json_pack("{s:o,s:o,s:o,s:I}", "anchor", mark_new(&c->anchor), "policy",
			      mark_new(&c->policy), "root", mark_new(&c->root), "size",
			      (json_int_t)c->log_size);

	if (c->ended.n > 0 && json_object_set_new(j, "ended", ended_new(&c->ended)) != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

static json_t *by_new(const struct casefile_custodians *by)
{
	return json_pack("{s:I,s:I,s:I}", "policy", (json_int_t)by->policy, "root",
			 (json_int_t)by->root, "targets", (json_int_t)by->targets);
}

int casefile_write(const struct casefile *c, struct buf *out)
{
	json_t *items = json_array(), *renew = names_new(c), *j;
	int bad = 0, r;

	for (unsigned i = 0; i < c->n && bad == 0; i++)
		bad = json_array_append_new(items, item_new(&c->items[i]));
	j = json_pack("{s:o,s:O,s:s,s:o,s:I,s:O,s:b,s:s,s:I}", "custodians", by_new(&c->by),
		      "items", items, "kind", casefile_kind_name(c->kind), "log", log_new(c),
		      "number", (json_int_t)c->number, "renew", renew, "renew_all",
		      c->renew_all ? 1 : 0, "schema", "sluice-case/3", "time",
		      (json_int_t)c->time);
	r = j == NULL || bad != 0 ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	json_decref(renew);
	json_decref(items);
	return r;
}

static bool read_file(const json_t *j, const char *name, struct delta_file *f)
{
	static const char *const members[] = {"length", "sha256", NULL};
	const json_t *o = json_obj(j, name);
	const char *sha256 = json_str(o, "sha256");

	if (!json_has_only(o, members, NULL) || sha256 == NULL || !text_is_sha256(sha256) ||
	    !json_i64(o, "length", &f->length) || f->length < 0)
		return false;
	memcpy(f->sha256, sha256, sizeof(f->sha256));
	return true;
}

static bool read_text(const json_t *j, const char *name, char *out, size_t cap)
{
	const char *s = json_str(j, name);

	return s != NULL && (size_t)snprintf(out, cap, "%s", s) < cap;
}

static bool read_status(const json_t *j, enum feed_status *ret)
{
	const char *s = json_str(j, "status");

	for (unsigned i = 0; s != NULL && i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (strcmp(s, feed_status_name(statuses[i])) == 0) {
			*ret = statuses[i];
			return true;
		}
	}
	return false;
}

static bool read_channels(const json_t *list, struct delta_item *d)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)list, name, v)
	{
		struct delta_channel *c = &d->channel[d->n_channels];
		int64_t serial;

		if (d->n_channels == MANIFEST_CHANNELS_MAX || !manifest_channel_ok(name) ||
		    !json_i64(list, name, &serial) || serial < 1 || serial > UINT32_MAX)
			return false;
		memcpy(c->name, name, strlen(name) + 1);
		c->serial = (uint32_t)serial;
		d->n_channels++;
	}
	return d->n_channels > 0;
}

static bool read_item(const json_t *j, enum casefile_kind kind, struct casefile_item *it)
{
	static const char *const release[] = {"attest",	  "channels", "draft",	"id",
					      "manifest", "revision", "serial", "status",
					      "version",  NULL},
				 *const notice[] = {"channels", "id",	  "manifest",
						    "notice",	"order",  "order_sha256",
						    "serial",	"status", "version",
						    NULL},
				 *const back[] = {"attest", "proof", NULL};
	struct delta_item *d = &it->delta;
	bool is_release = kind == CASEFILE_RELEASE;

	memset(it, 0, sizeof(*it));
	d->kind = is_release ? FEED_RELEASE : FEED_NOTICE;
	if (!json_has_only(j, is_release ? release : notice, is_release ? NULL : back) ||
	    !read_text(j, "id", d->id, sizeof(d->id)) ||
	    !read_file(j, "manifest", &d->manifest) || !json_i64(j, "serial", &d->serial) ||
	    !read_status(j, &d->status) || !json_i64(j, "version", &d->version) ||
	    !read_channels(json_obj(j, "channels"), d))
		return false;
	if (is_release)
		return read_file(j, "attest", &d->attest) &&
		       read_text(j, "draft", it->draft, sizeof(it->draft)) &&
		       json_i64(j, "revision", &it->revision);
	if ((json_object_get(j, "attest") != NULL) != (d->status == FEED_USABLE) ||
	    (json_object_get(j, "proof") != NULL) != (d->status == FEED_USABLE) ||
	    (d->status == FEED_USABLE &&
	     (!read_file(j, "attest", &d->attest) || !read_file(j, "proof", &d->proof))))
		return false;
	return read_file(j, "notice", &d->notice) && json_i64(j, "order", &it->order) &&
	       read_text(j, "order_sha256", it->order_sha256, sizeof(it->order_sha256)) &&
	       text_is_sha256(it->order_sha256);
}

static bool read_renew(const json_t *j, struct casefile *c)
{
	const json_t *list = json_arr(j, "renew"), *v;
	size_t i;

	if (list == NULL || json_array_size(list) > CASEFILE_RENEW_MAX)
		return false;
	json_array_foreach(list, i, v)
	{
		const char *name = json_string_value(v);

		if (name == NULL || strlen(name) >= sizeof(c->renew[0]))
			return false;
		(void)snprintf(c->renew[c->n_renew++], sizeof(c->renew[0]), "%s", name);
	}
	return json_bool(j, "renew_all", &c->renew_all);
}

static bool read_mark(const json_t *j, const char *name, struct casefile_mark *m)
{
	static const char *const members[] = {"sha256", "version", NULL};
	const json_t *o = json_obj(j, name);
	const char *sha256 = json_str(o, "sha256");

	if (!json_has_only(o, members, NULL) || sha256 == NULL ||
	    !json_i64(o, "version", &m->version) || m->version < 0 ||
	    (m->version == 0 ? sha256[0] != '\0' : !text_is_sha256(sha256)))
		return false;
	memcpy(m->sha256, sha256, strlen(sha256) + 1);
	return true;
}

static bool read_ended(const json_t *j, struct casefile_ended *e)
{
	const json_t *list = json_arr(j, "ended"), *v;
	size_t i;

	if (json_object_get(j, "ended") == NULL)
		return true;
	if (json_array_size(list) == 0 || json_array_size(list) > ROSTER_KEYS_MAX)
		return false;
	json_array_foreach(list, i, v)
	{
		const char *id = json_string_value(v);

		if (id == NULL || strlen(id) != LOG_KEY_ID ||
		    strspn(id, "0123456789abcdef") != LOG_KEY_ID)
			return false;
		memcpy(e->id[e->n++], id, LOG_KEY_ID + 1);
	}
	return true;
}

static bool read_log(const json_t *j, struct casefile *c)
{
	static const char *const members[] = {"anchor", "policy", "root", "size", NULL},
				 *const some[] = {"ended", NULL};
	const json_t *o = json_obj(j, "log");

	return json_has_only(o, members, some) && read_mark(o, "anchor", &c->anchor) &&
	       read_mark(o, "policy", &c->policy) && read_mark(o, "root", &c->root) &&
	       read_ended(o, &c->ended) && (c->ended.n == 0 || c->policy.version > 0) &&
	       json_i64(o, "size", &c->log_size) && c->log_size >= 0;
}

static bool read_by(const json_t *j, struct casefile_custodians *by)
{
	static const char *const members[] = {"policy", "root", "targets", NULL};
	const json_t *o = json_obj(j, "custodians");

	return json_has_only(o, members, NULL) && json_i64(o, "policy", &by->policy) &&
	       json_i64(o, "root", &by->root) && json_i64(o, "targets", &by->targets) &&
	       by->policy > 0 && by->root > 0 && by->targets > 0;
}

static int read_case(const json_t *j, struct casefile *c)
{
	static const char *const members[] = {"custodians", "items", "kind",	  "log",
					      "number",	    "renew", "renew_all", "schema",
					      "time",	    NULL};
	const char *kind = json_str(j, "kind"), *schema = json_str(j, "schema");
	const json_t *items = json_arr(j, "items"), *v;
	unsigned k = 0;
	size_t i;

	if (!json_has_only(j, members, NULL) || kind == NULL || items == NULL ||
	    schema == NULL || strcmp(schema, "sluice-case/3") != 0 ||
	    !json_i64(j, "number", &c->number) || c->number < 1 ||
	    !json_i64(j, "time", &c->time) || c->time < 0 || !read_renew(j, c) ||
	    !read_log(j, c) || !read_by(j, &c->by))
		return SL_E_FORMAT;
	while (k < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[k], kind) != 0)
		k++;
	c->kind = (enum casefile_kind)k;
	if (k > CASEFILE_REFRESH || json_array_size(items) > DELTA_ITEMS_MAX ||
	    (json_array_size(items) > 0) != (k == CASEFILE_RELEASE || k == CASEFILE_NOTICE))
		return SL_E_FORMAT;
	json_array_foreach(items, i, v)
	{
		if (!read_item(v, c->kind, &c->items[i]))
			return SL_E_FORMAT;
		c->n++;
	}
	return SL_OK;
}

int casefile_parse(const void *bytes, size_t len, struct casefile *ret_c, struct sl_why *why)
{
	struct casefile *c = calloc(1, sizeof(*c));
	json_t *j = NULL;
	int r = c == NULL ? SL_E_NOMEM : json_parse_signed(bytes, len, &j);

	if (r == SL_OK)
		r = read_case(j, c);
	if (r == SL_OK)
		*ret_c = *c;
	json_decref(j);
	free(c);
	return r == SL_OK ? r : why_set(why, r, "case.json is malformed");
}

bool casefile_logs(const struct casefile *c)
{
	return c->n > 0 || c->root.version > 0 || c->policy.version > 0 ||
	       c->anchor.version > 0;
}

bool casefile_needs_checker(const struct casefile *c)
{
	return c->kind == CASEFILE_INITIAL || c->n_renew > 0 || c->renew_all ||
	       casefile_logs(c);
}

/* The items as the metadata sees them; the caller frees the list. */
static struct delta_item *deltas(const struct casefile *c)
{
	struct delta_item *list = calloc(c->n + 1u, sizeof(*list));

	for (unsigned i = 0; i < c->n && list != NULL; i++)
		list[i] = c->items[i].delta;
	return list;
}

struct all {
	struct delta *d;
	const struct delta_known *k;
};

static int add_one(void *to, const char *role)
{
	const struct all *a = to;

	return delta_add(a->d, role, a->k);
}

int casefile_touch(const struct casefile *c, const struct delta_known *k, struct delta *ret_d)
{
	struct delta_item *items = deltas(c);
	struct all a = {.d = ret_d, .k = k};
	int r = items == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && c->kind == CASEFILE_INITIAL) {
		r = delta_add(ret_d, "feed", k);
		if (r == SL_OK)
			r = delta_add(ret_d, "rel", k);
	}
	/* The feed lists the log's checkpoint. */
	if (r == SL_OK && casefile_logs(c))
		r = delta_add(ret_d, "feed", k);
	if (r == SL_OK)
		r = delta_touch(ret_d, items, c->n, k);
	free(items);
	for (unsigned i = 0; i < c->n_renew && r == SL_OK; i++) {
		r = k->has(k->arg, c->renew[i]) ? delta_add(ret_d, c->renew[i], k)
						: SL_E_NOTFOUND;
	}
	if (r == SL_OK && c->renew_all)
		r = k->each(k->arg, add_one, &a);
	return r;
}

int casefile_expect(const struct casefile *c, const struct delta_keys *keys,
		    const struct casefile_proofs *proofs, struct delta *d, struct sl_why *why)
{
	static const struct delta_file unknown = {
		.sha256 = "0000000000000000000000000000000000000000000000000000000000000000"};
	struct delta_item *items = deltas(c);
	int r;

	if (items == NULL)
		return SL_E_NOMEM;
	/* What comes back has the proof of its first time. */
	for (unsigned i = 0; i < c->n; i++) {
		if (items[i].kind == FEED_RELEASE)
			items[i].proof = proofs == NULL ? unknown : proofs->proof[i];
	}
	if (casefile_logs(c))
		d->checkpoint = proofs == NULL ? unknown : proofs->checkpoint;
	r = delta_apply(d, keys, items, c->n, c->time, why);
	free(items);
	return r;
}
