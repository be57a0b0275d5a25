/* feed.c - the pages that tell platforms what is new and what is recalled.
 *
 * Hostile: page bytes (a TUF target, but a gateway key may be stolen).
 * Invariant: serials are gap-free over all pages, and so are those of each channel.  Every
 * older page is full, so page p holds serials (p-1)*256+1 … p*256 and the head what follows: a
 * hidden recall would leave a hole that anyone can see. */
#include "trust/feed.h"

#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "trust/statement.h"
#include "trust/tuf_private.h"

static const char *const kinds[] = {"release", "notice"};
static const char *const statuses[] = {"usable", "withheld", "canceled", "replaced"};

const char *feed_status_name(enum feed_status s)
{
	BUG((unsigned)s > FEED_REPLACED);
	return statuses[s];
}

static int index_of(const char *const *list, unsigned n, const char *s)
{
	for (unsigned i = 0; s != NULL && i < n; i++) {
		if (strcmp(list[i], s) == 0)
			return (int)i;
	}
	return -1;
}

void feed_page_init(struct feed_page *p)
{
	memset(p, 0, sizeof(*p));
	p->next_serial = 1;
}

/* "p000012" -> 12, "" -> 0, anything else -1. */
static int64_t page_number(const char *name)
{
	int64_t v = 0;

	if (name[0] == '\0')
		return 0;
	if (name[0] != 'p' || strlen(name) != 7 || strspn(name + 1, "0123456789") != 6)
		return -1;
	for (const char *s = name + 1; *s != '\0'; s++)
		v = v * 10 + (*s - '0');
	return v == 0 ? -1 : v;
}

static bool entry_ok(const struct feed_entry *e)
{
	return release_id_ok(e->id) && text_is_sha256(e->manifest_sha256) && e->version >= 1 &&
	       e->serial >= 1 && (unsigned)e->kind <= FEED_NOTICE &&
	       (unsigned)e->status <= FEED_REPLACED && e->numbers.n > 0 &&
	       (e->kind == FEED_NOTICE) == (e->notice[0] != '\0') &&
	       (e->notice[0] == '\0' ||
		(strncmp(e->notice, "notice/", 7) == 0 && tuf_target_path_ok(e->notice)));
}

/* `t` has every channel of the page. */
static int read_entry(const json_t *j, struct feed_channels *t, struct feed_entry *e)
{
	static const char *const required[] = {"channels",	  "id",	    "kind",
					       "manifest_sha256", "serial", "status",
					       "version",	  NULL},
				 *const optional[] = {"notice", NULL};
	const unsigned named = t->n;
	const char *id = json_str(j, "id"), *sha256 = json_str(j, "manifest_sha256"),
		   *notice = json_str(j, "notice");
	int kind = index_of(kinds, 2, json_str(j, "kind")),
	    status = index_of(statuses, 4, json_str(j, "status"));

	if (!json_has_only(j, required, optional) || id == NULL || sha256 == NULL || kind < 0 ||
	    status < 0 || strlen(id) >= sizeof(e->id) ||
	    strlen(sha256) >= sizeof(e->manifest_sha256) ||
	    (notice == NULL) != (json_object_get(j, "notice") == NULL) ||
	    (notice != NULL && strlen(notice) >= sizeof(e->notice)) ||
	    !json_i64(j, "serial", &e->serial) || !json_i64(j, "version", &e->version) ||
	    feed_channels_entry_read(json_obj(j, "channels"), t, &e->numbers) != SL_OK ||
	    t->n != named)
		return SL_E_FORMAT;
	memcpy(e->id, id, strlen(id) + 1);
	memcpy(e->manifest_sha256, sha256, strlen(sha256) + 1);
	e->kind = (enum feed_kind)kind;
	e->status = (enum feed_status)status;
	e->notice[0] = '\0';
	if (notice != NULL)
		memcpy(e->notice, notice, strlen(notice) + 1);
	return entry_ok(e) ? SL_OK : SL_E_FORMAT;
}

/* Where a page with this predecessor begins; 0: malformed. */
static int64_t first_serial(const struct feed_page *p)
{
	int64_t page = page_number(p->prev_page);

	return page < 0 ? 0 : page * FEED_PAGE_MAX + 1;
}

static int read_prev(const json_t *prev, struct feed_page *p)
{
	static const char *const names[] = {"page", "sha256", NULL};
	const char *page = json_str(prev, "page"), *sha256 = json_str(prev, "sha256");

	if (prev == NULL)
		return SL_OK;
	if (!json_has_only(prev, names, NULL) || page == NULL || sha256 == NULL ||
	    page_number(page) < 1 || !text_is_sha256(sha256))
		return SL_E_FORMAT;
	memcpy(p->prev_page, page, strlen(page) + 1);
	memcpy(p->prev_sha256, sha256, sizeof(p->prev_sha256));
	return SL_OK;
}

/* Walked back to the first entry of the feed, every channel begins with 1. */
static int check_channels(const struct feed_page *p, struct sl_why *why)
{
	static const struct feed_channels none = {.n = 0};
	struct feed_channels t = p->channels;
	int r = SL_OK;

	for (unsigned i = p->n; i-- > 0 && r == SL_OK;)
		r = feed_channels_back(&t, &p->entries[i].numbers, why);
	return r == SL_OK && p->prev_page[0] == '\0' ? feed_channels_join(&t, &none, why) : r;
}

static int check_serials(const struct feed_page *p, struct sl_why *why)
{
	int r = check_channels(p, why);

	for (unsigned i = 0; i < p->n; i++) {
		long long serial = (long long)p->entries[i].serial;

		if (serial == first_serial(p) + (int64_t)i)
			continue;
		return r == SL_OK
			       ? why_set(why, SL_E_FORMAT, "serials have a gap at %lld", serial)
			       : why_prefix(why, r, "serials have a gap at %lld", serial);
	}
	if (r == SL_OK && p->next_serial != first_serial(p) + (int64_t)p->n)
		r = why_set(why, SL_E_FORMAT, "next_serial does not follow the entries");
	return r;
}

static int read_page(const json_t *j, struct feed_page *p, struct sl_why *why)
{
	static const char *const required[] = {"entries", "next", "next_serial", "schema",
					       NULL},
				 *const optional[] = {"prev", NULL};
	const char *schema = json_str(j, "schema");
	const json_t *entries = json_arr(j, "entries"), *v;
	size_t i;

	if (!json_has_only(j, required, optional) || schema == NULL ||
	    strcmp(schema, "sluice-feed/1") != 0 || entries == NULL ||
	    !json_i64(j, "next_serial", &p->next_serial))
		return why_set(why, SL_E_FORMAT, "not a sluice-feed/1 page");
	if (feed_channels_read(json_object_get(j, "next"), &p->channels) != SL_OK)
		return why_set(why, SL_E_FORMAT, "next is malformed");
	if (json_array_size(entries) > FEED_PAGE_MAX)
		return why_set(why, SL_E_LIMIT, "too many entries");
	if (read_prev(json_object_get(j, "prev"), p) != SL_OK)
		return why_set(why, SL_E_FORMAT, "prev is malformed");
	json_array_foreach(entries, i, v)
	{
		if (read_entry(v, &p->channels, &p->entries[i]) != SL_OK)
			return why_set(why, SL_E_FORMAT, "entry %zu is malformed", i);
		p->n++;
	}
	return check_serials(p, why);
}

int feed_parse(const void *bytes, size_t len, struct feed_page *ret_p, struct sl_why *why)
{
	struct feed_page *p = calloc(1, sizeof(*p));
	json_t *j = NULL;
	int r = p == NULL ? SL_E_NOMEM : json_parse_signed(bytes, len, &j);

	if (r != SL_OK)
		(void)why_set(why, r, "not canonical JSON of the signed profile");
	else
		r = read_page(j, p, why);
	if (r == SL_OK)
		*ret_p = *p;
	json_decref(j);
	free(p);
	return r == SL_OK ? r : why_prefix(why, r, "feed page");
}

int feed_parse_page(const void *bytes, size_t len, const char *name, const char *sha256,
		    struct feed_page *ret_p, struct sl_why *why)
{
	char hex[HASH_HEX + 1];
	int r;

	hash_hex(bytes, len, hex);
	if (strcmp(hex, sha256) != 0)
		return why_set(why, SL_E_SIGNATURE, "%s is not the page that the feed names",
			       name);
	r = feed_parse(bytes, len, ret_p, why);
	if (r == SL_OK && (page_number(name) != page_number(ret_p->prev_page) + 1 ||
			   ret_p->n != FEED_PAGE_MAX))
		r = why_set(why, SL_E_FORMAT, "%s is another page", name);
	return r;
}

void feed_page_path(const char *name, const char *sha256, char out[FEED_PATH_MAX])
{
	(void)snprintf(out, FEED_PATH_MAX, "targets/feed/%.64s.%.15s.json", sha256, name);
}

static json_t *entry_new(const struct feed_channels *t, const struct feed_entry *e)
{
	json_t *j = json_pack("{s:o,s:s,s:s,s:s,s:I,s:s,s:I}", "channels",
			      feed_channels_entry_json(t, &e->numbers, NULL), "id", e->id,
			      "kind", kinds[e->kind], "manifest_sha256", e->manifest_sha256,
			      "serial", (json_int_t)e->serial, "status", statuses[e->status],
			      "version", (json_int_t)e->version);

	if (e->notice[0] != '\0' &&
	    json_object_set_new(j, "notice", json_string(e->notice)) != 0) {
		json_decref(j);
		return NULL;
	}
	return j;
}

int feed_write(const struct feed_page *p, struct buf *out)
{
	json_t *entries = json_array(), *j = NULL;
	int bad = 0, r = SL_E_NOMEM;

	for (unsigned i = 0; i < p->n && bad == 0; i++)
		bad = json_array_append_new(entries, entry_new(&p->channels, &p->entries[i]));
	j = json_pack("{s:O,s:o,s:I,s:s}", "entries", entries, "next",
		      feed_channels_json(&p->channels), "next_serial",
		      (json_int_t)p->next_serial, "schema", "sluice-feed/1");
	if (p->prev_page[0] != '\0' && bad == 0)
		bad = json_object_set_new(
			j, "prev",
			json_pack("{s:s,s:s}", "page", p->prev_page, "sha256", p->prev_sha256));
	if (j != NULL && bad == 0)
		r = json_canonical(j, out);
	json_decref(j);
	json_decref(entries);
	return r;
}

/* Close the full head: its bytes become the next older page. */
static int roll(struct feed_page *p, struct buf *ret_old, char old_page[16])
{
	int64_t number = page_number(p->prev_page) + 1;
	int r;

	if (number < 1 || number > 999999)
		return SL_E_LIMIT;
	r = feed_write(p, ret_old);
	if (r != SL_OK)
		return r;
	(void)snprintf(old_page, 16, "p%06d", (int)number);
	hash_hex(ret_old->data, ret_old->len, p->prev_sha256);
	memcpy(p->prev_page, old_page, sizeof(p->prev_page));
	p->n = 0;
	return SL_OK;
}

int feed_append(struct feed_page *p, const struct feed_entry *e, struct buf *ret_old,
		char old_page[16])
{
	struct feed_entry next = *e;
	int r = SL_OK;

	next.serial = p->next_serial;
	if (!entry_ok(&next))
		return SL_E_FORMAT;
	if (p->n == FEED_PAGE_MAX)
		r = roll(p, ret_old, old_page);
	if (r != SL_OK)
		return r;
	for (unsigned i = 0; i < next.numbers.n; i++) {
		BUG(next.numbers.channel[i] >= p->channels.n);
		next.numbers.serial[i] = p->channels.next[next.numbers.channel[i]]++;
	}
	p->entries[p->n++] = next;
	p->next_serial++;
	return SL_OK;
}
