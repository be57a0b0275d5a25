/* casefile.c - case.json and `checked`, there and back.
 *
 * Hostile: both, as each is written by the other process; only the exact form is
 * accepted. */
#include "release/casefile.h"

#include <stdio.h>
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

static json_t *item_new(const struct casefile_item *it)
{
	const struct delta_item *d = &it->delta;
	json_t *j = json_pack("{s:s,s:o,s:I,s:s,s:I}", "id", d->id, "manifest",
			      file_new(&d->manifest), "serial", (json_int_t)d->serial, "status",
			      feed_status_name(d->status), "version", (json_int_t)d->version);
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
		bad |= json_object_set_new(j, "attest", file_new(&d->attest));
	if (bad != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

int casefile_write(const struct casefile *c, struct buf *out)
{
	json_t *items = json_array(), *j;
	int bad = 0, r;

	for (unsigned i = 0; i < c->n && bad == 0; i++)
		bad = json_array_append_new(items, item_new(&c->items[i]));
	j = json_pack("{s:O,s:s,s:I,s:I,s:s}", "items", items, "kind",
		      casefile_kind_name(c->kind), "number", (json_int_t)c->number, "renew",
		      (json_int_t)c->renew, "schema", "sluice-case/1");
	r = j == NULL || bad != 0 ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
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

static bool read_item(const json_t *j, enum casefile_kind kind, struct casefile_item *it)
{
	static const char *const release[] = {"attest",	  "draft",    "id",
					      "manifest", "revision", "serial",
					      "status",	  "version",  NULL},
				 *const notice[] = {"id",     "manifest",     "notice",
						    "order",  "order_sha256", "serial",
						    "status", "version",      NULL},
				 *const back[] = {"attest", NULL};
	struct delta_item *d = &it->delta;
	bool is_release = kind == CASEFILE_RELEASE;

	memset(it, 0, sizeof(*it));
	d->kind = is_release ? FEED_RELEASE : FEED_NOTICE;
	if (!json_has_only(j, is_release ? release : notice, is_release ? NULL : back) ||
	    !read_text(j, "id", d->id, sizeof(d->id)) ||
	    !read_file(j, "manifest", &d->manifest) || !json_i64(j, "serial", &d->serial) ||
	    !read_status(j, &d->status) || !json_i64(j, "version", &d->version))
		return false;
	if (is_release)
		return read_file(j, "attest", &d->attest) &&
		       read_text(j, "draft", it->draft, sizeof(it->draft)) &&
		       json_i64(j, "revision", &it->revision);
	if ((json_object_get(j, "attest") != NULL) != (d->status == FEED_USABLE) ||
	    (d->status == FEED_USABLE && !read_file(j, "attest", &d->attest)))
		return false;
	return read_file(j, "notice", &d->notice) && json_i64(j, "order", &it->order) &&
	       read_text(j, "order_sha256", it->order_sha256, sizeof(it->order_sha256)) &&
	       text_is_sha256(it->order_sha256);
}

static int read_case(const json_t *j, struct casefile *c)
{
	static const char *const members[] = {"items", "kind",	 "number",
					      "renew", "schema", NULL};
	const char *kind = json_str(j, "kind"), *schema = json_str(j, "schema");
	const json_t *items = json_arr(j, "items"), *v;
	unsigned k = 0;
	int64_t renew;
	size_t i;

	if (!json_has_only(j, members, NULL) || kind == NULL || items == NULL ||
	    schema == NULL || strcmp(schema, "sluice-case/1") != 0 ||
	    !json_i64(j, "number", &c->number) || c->number < 1 ||
	    !json_i64(j, "renew", &renew) || renew < 0 || renew >= 1 << DELTA_ROLES)
		return SL_E_FORMAT;
	while (k < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[k], kind) != 0)
		k++;
	c->kind = (enum casefile_kind)k;
	c->renew = (uint32_t)renew;
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

void casefile_deltas(const struct casefile *c, struct delta_item out[DELTA_ITEMS_MAX])
{
	for (unsigned i = 0; i < c->n; i++)
		out[i] = c->items[i].delta;
}

uint32_t casefile_roles(const struct casefile *c)
{
	struct delta_item items[DELTA_ITEMS_MAX];

	casefile_deltas(c, items);
	if (c->kind == CASEFILE_INITIAL)
		return (1u << DELTA_ROLES) - 1;
	return delta_roles(items, c->n) | c->renew;
}

int casefile_expect(const struct casefile *c, const json_t *const before[DELTA_ROLES],
		    const struct feed_page *head, struct delta_result *ret, struct sl_why *why)
{
	struct delta_item items[DELTA_ITEMS_MAX];
	int r;

	if (c->kind == CASEFILE_INITIAL)
		return delta_initial(ret);
	casefile_deltas(c, items);
	r = delta_apply(before, head, items, c->n, ret, why);
	if (r != SL_OK)
		return r;
	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		if ((c->renew >> k & 1u) != 0 && ret->targets[k] == NULL)
			ret->targets[k] = json_incref((json_t *)(uintptr_t)before[k]);
	}
	return SL_OK;
}

int casefile_answer_write(int64_t number, const struct casefile_answer *a, struct buf *out)
{
	json_t *list = json_object(), *j;
	int bad = 0, r;

	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		if ((a->roles >> k & 1u) != 0)
			bad |= json_object_set_new(
				list, delta_role_name(k),
				json_pack("{s:s,s:s}", "keyid", a->keyid[k], "sig", a->sig[k]));
	}
	j = json_pack("{s:I,s:s,s:O}", "number", (json_int_t)number, "schema",
		      "sluice-checked/1", "signatures", list);
	r = j == NULL || bad != 0 ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	json_decref(list);
	return r;
}

static bool read_signature(const json_t *j, char keyid[KEY_ID_HEX + 1],
			   char sig[2 * KEY_SIGNATURE + 1])
{
	const char *id = json_str(j, "keyid"), *s = json_str(j, "sig");

	if (id == NULL || s == NULL || !text_is_sha256(id) || strlen(s) != 2 * KEY_SIGNATURE ||
	    strspn(s, "0123456789abcdef") != 2 * KEY_SIGNATURE)
		return false;
	memcpy(keyid, id, KEY_ID_HEX + 1);
	memcpy(sig, s, 2 * KEY_SIGNATURE + 1);
	return true;
}

int casefile_answer_parse(const void *bytes, size_t len, int64_t number,
			  struct casefile_answer *ret_a)
{
	struct casefile_answer a = {.roles = 0};
	const json_t *list, *one;
	json_t *j = NULL;
	int64_t said = 0;
	int r = json_parse_signed(bytes, len, &j);

	if (r != SL_OK)
		return r;
	list = json_obj(j, "signatures");
	r = json_i64(j, "number", &said) && said == number && list != NULL ? SL_OK
									   : SL_E_FORMAT;
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		one = json_obj(list, delta_role_name(k));
		if (one == NULL)
			continue;
		a.roles |= 1u << k;
		r = read_signature(one, a.keyid[k], a.sig[k]) ? SL_OK : SL_E_FORMAT;
	}
	if (r == SL_OK)
		*ret_a = a;
	json_decref(j);
	return r;
}
