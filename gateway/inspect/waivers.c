/* waivers.c - rows and statements of the store become a sorted list for the merge.
 *
 * Hostile: statements.  One that does not hold is left out and said once. */
#include "inspect/waivers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "store/suppress.h"
#include "trust/suppression.h"

enum { LIST_MAX = 10000, ROSTER_MAX = 1 << 20, FRESH_S = 300 };

struct entry {
	char owner[48], second[48], reason[512];
};
struct waivers {
	struct inspect_waiver *list;
	struct entry *entry;
	unsigned n, cap;
	struct inspect_waivers shown;
	int64_t stamp;
	int64_t until; /* of the one that ends first, or when to look again */
	bool loaded;
	struct roster *roster; /* the newest that could be read; owned */
	/* while loading */
	struct store *store;
	struct hash *hash;
	int64_t now;
};

int waivers_new(struct waivers **ret_w)
{
	struct waivers *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return SL_E_NOMEM;
	*ret_w = w;
	return SL_OK;
}

void waivers_free(struct waivers *w)
{
	if (w == NULL)
		return;
	roster_free(w->roster);
	free(w->list);
	free(w->entry);
	free(w);
}

static int read_statement(struct store *s, const char *sha256, struct statement **ret_s)
{
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	r = store_object_get(s, sha256, DSSE_MAX, &line);
	if (r == SL_OK)
		r = statement_parse(line.data, line.len, ret_s, NULL);
	buf_release(&line);
	return r;
}

static int grow(struct waivers *w)
{
	unsigned cap = w->cap == 0 ? 16 : w->cap * 2;
	struct inspect_waiver *list;
	struct entry *entry;

	if (w->n < w->cap)
		return SL_OK;
	if (w->n == LIST_MAX)
		return SL_E_LIMIT;
	list = reallocarray(w->list, cap, sizeof(*list));
	if (list != NULL)
		w->list = list;
	entry = reallocarray(w->entry, cap, sizeof(*entry));
	if (entry != NULL)
		w->entry = entry;
	if (list == NULL || entry == NULL)
		return SL_E_NOMEM;
	w->cap = cap;
	return SL_OK;
}

/* The list comes by rule and hash; of two for the same text the later ending one holds. */
static int put(struct waivers *w, const struct suppression *p,
	       const struct suppression_facts *f, const char *second)
{
	struct inspect_waiver x = {.until = f->expires};
	struct entry *e;
	char line[320], until[CLOCK_TEXT + 1];
	int r = grow(w);

	if (r != SL_OK)
		return r;
	(void)snprintf(x.rule, sizeof(x.rule), "%s", f->rule);
	if (!text_unhex(f->text_hmac, strlen(f->text_hmac), x.text_hmac, sizeof(x.text_hmac)))
		return SL_OK;
	/* Every line counts for the name of the list, also of two for one text. */
	clock_format(f->expires, until);
	(void)snprintf(line, sizeof(line), "%s %s %s %s %s\n", f->rule, f->text_hmac, until,
		       p->first, p->second);
	hash_update(w->hash, line, strlen(line));
	if (f->expires < w->until)
		w->until = f->expires;
	if (w->n > 0 && strcmp(w->list[w->n - 1].rule, x.rule) == 0 &&
	    memcmp(w->list[w->n - 1].text_hmac, x.text_hmac, sizeof(x.text_hmac)) == 0) {
		if (w->list[w->n - 1].until >= x.until)
			return SL_OK;
		w->n--;
	}
	e = &w->entry[w->n];
	(void)snprintf(e->owner, sizeof(e->owner), "%s", f->owner);
	(void)snprintf(e->second, sizeof(e->second), "%s", second);
	(void)snprintf(e->reason, sizeof(e->reason), "%s", f->reason);
	w->list[w->n++] = x;
	return SL_OK;
}

static int take(const struct suppression *p, void *arg)
{
	struct waivers *w = arg;
	struct statement *a = NULL, *b = NULL;
	struct suppression_facts f;
	struct sl_why why = {.text = ""};
	int r = read_statement(w->store, p->first, &a);

	if (r == SL_OK)
		r = read_statement(w->store, p->second, &b);
	if (r == SL_OK)
		r = suppression_judge(a, b, w->roster, w->now, &f, &why);
	if (r != SL_OK)
		log_warn("suppression", "number=%lld rule=%s does-not-hold=%s",
			 (long long)p->number, p->rule, log_q(why_text(&why, r)));
	r = r == SL_OK ? put(w, p, &f, suppression_signer(b, w->roster, w->now)->pid) : SL_OK;
	statement_free(a);
	statement_free(b);
	return r;
}

/* One that is being copied must not stop the inspection: the last one serves until it is
 * there. */
static int renew_roster(struct waivers *w, const char *approval_policy, struct sl_why *why)
{
	struct roster *next = NULL;
	struct buf b;
	int r;

	buf_init(&b, ROSTER_MAX);
	r = file_read(AT_FDCWD, approval_policy, ROSTER_MAX, &b);
	if (r == SL_OK)
		r = roster_parse(b.data, b.len, &next, why);
	else
		(void)why_set(why, r, "%s: %s", approval_policy, sl_strerror(r));
	buf_release(&b);
	if (r == SL_OK) {
		roster_free(w->roster);
		w->roster = next; /* moved */
	}
	return w->roster != NULL ? SL_OK : r;
}

static int load(struct waivers *w, struct store *s, const char *approval_policy,
		struct sl_why *why)
{
	uint8_t digest[HASH_LEN];
	int r = renew_roster(w, approval_policy, why);

	w->n = 0;
	w->store = s;
	w->until = w->now + FRESH_S;
	if (r == SL_OK)
		r = hash_new(&w->hash);
	if (r == SL_OK)
		r = store_suppress_each(s, true, w->now, take, w);
	if (r == SL_OK) {
		hash_final(w->hash, digest);
		text_hex(digest, sizeof(digest), w->shown.sha256);
	}
	hash_free(w->hash);
	w->hash = NULL;
	return r;
}

int waivers_now(struct waivers *w, struct store *s, const char *approval_policy,
		const struct inspect_waivers **ret, struct sl_why *why)
{
	int64_t stamp = 0;
	int r = store_suppress_stamp(s, &stamp);

	w->now = clock_now();
	if (r == SL_OK && (!w->loaded || stamp != w->stamp || w->now >= w->until)) {
		w->loaded = false;
		r = stamp == 0 ? SL_OK : load(w, s, approval_policy, why);
		if (stamp == 0) {
			w->n = 0;
			w->until = INT64_MAX;
		}
	}
	if (r != SL_OK)
		return r;
	w->loaded = true;
	w->stamp = stamp;
	/* The lists may have moved while they grew. */
	for (unsigned i = 0; i < w->n; i++) {
		w->list[i].owner = w->entry[i].owner;
		w->list[i].second = w->entry[i].second;
		w->list[i].reason = w->entry[i].reason;
	}
	w->shown.list = w->list;
	w->shown.n = w->n;
	*ret = &w->shown;
	return SL_OK;
}
