/* ledger.c - promises and openings, compared by last name and size.
 *
 * The scanner names a layer by the last part of its path, so members are
 * matched by that and by size; two members alike in both must be opened twice.
 * Names are hostile: they are only compared. */
#include "inspect/av/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_MAX = 100000,
	TINY = 5, /* bytes; the scanner opens nothing so small, and no signature fits in it */
};

static const uint64_t UNKNOWN = UINT32_MAX;

struct row {
	char *name; /* owned; full path for a promise, last part for an opening */
	uint64_t size;
};
struct rows {
	struct row *row;
	uint32_t n, cap;
};
struct ledger {
	struct rows promises, openings, outermost;
	uint32_t layers; /* opened so far, the file itself included */
	bool encrypted, archive, overflow;
	char root[48];
};

struct ledger *ledger_new(void)
{
	return calloc(1, sizeof(struct ledger));
}

static void rows_free(struct rows *r)
{
	for (uint32_t i = 0; i < r->n; i++)
		free(r->row[i].name);
	free(r->row);
}

void ledger_free(struct ledger *l)
{
	if (l == NULL)
		return;
	rows_free(&l->promises);
	rows_free(&l->openings);
	rows_free(&l->outermost);
	free(l);
}

static bool rows_add(struct rows *r, const char *name, uint64_t size)
{
	if (r->n == r->cap) {
		uint32_t cap = r->cap == 0 ? 64 : r->cap * 2;
		struct row *grown;

		if (r->n >= ROWS_MAX)
			return false;
		grown = reallocarray(r->row, cap, sizeof(*grown));
		if (grown == NULL)
			return false;
		r->row = grown;
		r->cap = cap;
	}
	r->row[r->n] = (struct row){.name = strdup(name), .size = size};
	return r->row[r->n].name != NULL && ++r->n > 0;
}

static const char *last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash == NULL ? name : slash + 1;
}

void ledger_promise(struct ledger *l, const char *name, uint64_t size, bool encrypted)
{
	size_t len = name != NULL ? strlen(name) : 0;

	l->encrypted = l->encrypted || encrypted;
	/* Without a name nothing can be compared: treat it as a member never opened. */
	if (name == NULL || (len > 0 && name[len - 1] == '/'))
		name = name == NULL ? "?" : NULL;
	if (name == NULL)
		return;
	/* Before anything inside was opened, the outermost archive is speaking. */
	if (l->layers <= 1 && !rows_add(&l->outermost, name, 0))
		l->overflow = true;
	/* A full 32-bit field says "see elsewhere"; the directory says it again in numbers. */
	if (size > TINY && size < UNKNOWN && !rows_add(&l->promises, name, size))
		l->overflow = true;
}

void ledger_open(struct ledger *l, unsigned level, const char *type, const char *name,
		 uint64_t size)
{
	l->layers++;
	if (level == 0) {
		(void)snprintf(l->root, sizeof(l->root), "%s", type != NULL ? type : "");
		l->archive = strcmp(l->root, "CL_TYPE_ZIP") == 0 ||
			     strncmp(l->root, "CL_TYPE_OOXML", 13) == 0;
		return;
	}
	if (name != NULL && !rows_add(&l->openings, last_part(name), size))
		l->overflow = true;
}

static int by_full(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : x->size < y->size ? -1 : x->size > y->size;
}

static int by_last(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(last_part(x->name), last_part(y->name));

	return order != 0 ? order : x->size < y->size ? -1 : x->size > y->size;
}

/* Sort and drop what was said again. */
static void unique(struct rows *r)
{
	uint32_t kept = 0;

	if (r->n > 1)
		qsort(r->row, r->n, sizeof(*r->row), by_full);
	for (uint32_t i = 0; i < r->n; i++) {
		if (kept > 0 && by_full(&r->row[kept - 1], &r->row[i]) == 0)
			free(r->row[i].name);
		else
			r->row[kept++] = r->row[i];
	}
	r->n = kept;
}

void ledger_settle(struct ledger *l, struct ledger_result *ret_r)
{
	struct ledger_result r = {.layers = l->layers > 0 ? l->layers - 1 : 0,
				  .encrypted = l->encrypted,
				  .archive = l->archive,
				  .overflow = l->overflow};
	uint32_t k = 0;

	unique(&l->promises);
	unique(&l->outermost);
	if (l->promises.n > 1)
		qsort(l->promises.row, l->promises.n, sizeof(struct row), by_last);
	if (l->openings.n > 1)
		qsort(l->openings.row, l->openings.n, sizeof(struct row), by_last);
	for (uint32_t i = 0; i < l->promises.n; i++) {
		while (k < l->openings.n &&
		       by_last(&l->openings.row[k], &l->promises.row[i]) < 0)
			k++;
		if (k < l->openings.n &&
		    by_last(&l->openings.row[k], &l->promises.row[i]) == 0) {
			r.opened++;
			k++;
		}
	}
	r.promised = l->promises.n;
	r.members = l->outermost.n;
	(void)snprintf(r.root, sizeof(r.root), "%s", l->root);
	*ret_r = r;
}
