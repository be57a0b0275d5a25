/* deliver.c - review.show and review.get, and the proof of delivery. */
#include "review/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "review/digest.h"
#include "review/evidence.h"
#include "trust/statement.h"

enum { DELIVERIES = 512, PART_CAP = 16, SHOWN_MAX = 256 << 10 };

struct way { /* one part on its way */
	char pid[48], part[PART_CAP];
	int64_t number, revision;
	uint64_t next;
};
struct delivery {
	struct way way[DELIVERIES];
	unsigned oldest;
};

int delivery_new(struct delivery **ret_y)
{
	struct delivery *y = calloc(1, sizeof(*y));

	if (y == NULL)
		return SL_E_NOMEM;
	*ret_y = y;
	return SL_OK;
}

void delivery_free(struct delivery *y)
{
	free(y);
}

static struct way *find_way(struct delivery *y, const char *pid, const struct draft *d,
			    const char *part)
{
	for (unsigned i = 0; i < DELIVERIES; i++) {
		struct way *w = &y->way[i];

		if (w->number == d->number && w->revision == d->revision &&
		    strcmp(w->pid, pid) == 0 && strcmp(w->part, part) == 0)
			return w;
	}
	return NULL;
}

bool delivery_step(struct delivery *y, const char *pid, const struct draft *d, const char *part,
		   uint64_t offset, uint64_t len, uint64_t total)
{
	struct way *w = find_way(y, pid, d, part);

	if (offset == 0 && w == NULL) { /* more than so many at once: the oldest starts over */
		w = &y->way[y->oldest++ % DELIVERIES];
		*w = (struct way){.number = d->number, .revision = d->revision};
		(void)snprintf(w->pid, sizeof(w->pid), "%s", pid);
		(void)snprintf(w->part, sizeof(w->part), "%s", part);
	}
	if (w == NULL || offset > w->next)
		return false;
	if (offset + len > w->next)
		w->next = offset + len;
	return w->next >= total;
}

struct shown_search {
	json_t *list;
	const char *part, *sha256; /* sought, or NULL */
	bool found;
};

static int see_shown(const char *part, const char *sha256, void *arg)
{
	struct shown_search *s = arg;

	if (s->part != NULL) {
		s->found = s->found ||
			   (strcmp(part, s->part) == 0 && strcmp(sha256, s->sha256) == 0);
		return SL_OK;
	}
	return json_array_append_new(
		       s->list, json_pack("{s:s,s:s}", "part", part, "sha256", sha256)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

static int was_shown(const struct review *v, const char *pid, const struct draft *d,
		     const char *part, const char *sha256, bool *ret_found)
{
	struct shown_search s = {.part = part, .sha256 = sha256};
	int r = store_shown_each(v->store, pid, d->id, d->revision, see_shown, &s);

	*ret_found = s.found;
	return r;
}

int deliver_mark(const struct review *v, const char *pid, const struct draft *d,
		 const char *part, const char *sha256)
{
	bool before = false;
	int r = was_shown(v, pid, d, part, sha256, &before);

	if (r != SL_OK || before)
		return r;
	if (store_read_only(v->store))
		return SL_OK; /* it will have to be shown again before it counts */
	return store_shown_add(v->store, pid, d->id, d->revision, part, sha256);
}

int deliver_shown(const struct review *v, const char *pid, const struct draft *d,
		  json_t **ret_list)
{
	struct shown_search s = {.list = json_array()};
	int r = s.list == NULL
			? SL_E_NOMEM
			: store_shown_each(v->store, pid, d->id, d->revision, see_shown, &s);

	if (r != SL_OK) {
		json_decref(s.list);
		return r;
	}
	*ret_list = s.list;
	return SL_OK;
}

static int shown_digest(const struct draft *d, json_t *list, char ret_sha256[65])
{
	json_t *j = json_pack("{s:s,s:O,s:I}", "draft", d->id, "parts", list, "revision",
			      (json_int_t)d->revision);
	struct buf text;
	int r;

	buf_init(&text, SHOWN_MAX);
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, &text);
	if (r == SL_OK)
		hash_hex(text.data, text.len, ret_sha256);
	buf_release(&text);
	json_decref(j);
	return r;
}

static int need(const struct review *v, const char *pid, const struct draft *d,
		const char *part, const char *sha256, const char *name, struct buf *missing)
{
	bool found = false;
	int r = was_shown(v, pid, d, part, sha256, &found);

	if (r == SL_OK && !found)
		buf_putf(missing, "%s%s", missing->len > 0 ? ", " : "", name);
	return r;
}

/* A file must have been delivered as text or as bytes. */
static int need_file(const struct review *v, const char *pid, const struct draft *d, unsigned i,
		     struct buf *missing)
{
	char part[PART_CAP], report[65], text[65];
	bool found = false;
	int r = store_file_results(v->store, d->id, d->revision, i, report, text);

	if (r == SL_OK && text[0] != '\0') {
		(void)snprintf(part, sizeof(part), "text:%u", i);
		r = was_shown(v, pid, d, part, text, &found);
	}
	if (r != SL_OK || found)
		return r;
	(void)snprintf(part, sizeof(part), "file:%u", i);
	return need(v, pid, d, part, d->files[i].sha256, d->files[i].name, missing);
}

int deliver_check(const struct review *v, const char *pid, const struct draft *d,
		  const char *shown_sha256, struct sl_why *why)
{
	char digest[65] = "";
	json_t *list = NULL;
	struct buf missing;
	int r;

	buf_init(&missing, 64 << 10);
	r = need(v, pid, d, "manifest", d->manifest, "manifest", &missing);
	if (r == SL_OK)
		r = need(v, pid, d, "report", d->report, "report", &missing);
	for (unsigned i = 0; r == SL_OK && i < d->n_files; i++)
		r = need_file(v, pid, d, i, &missing);
	if (r == SL_OK && missing.len > 0)
		r = why_set(why, SL_E_DENIED, _("not yet shown to you: %s"), buf_str(&missing));
	if (r == SL_OK)
		r = deliver_shown(v, pid, d, &list);
	if (r == SL_OK)
		r = shown_digest(d, list, digest);
	if (r == SL_OK && strcmp(digest, shown_sha256) != 0)
		r = why_set(why, SL_E_DENIED,
			    _("what your program says it showed is not what was delivered to "
			      "you; open "
			      "the draft again"));
	json_decref(list);
	buf_release(&missing);
	return r;
}
