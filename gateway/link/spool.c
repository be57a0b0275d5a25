/* spool.c - names and order of waiting units.
 *
 * Names in a directory may come from an exchange platform: whatever is not
 * exactly a unit's name is ignored, never opened. */
#include "link/spool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

struct list {
	struct spool_entry *e;
	size_t n, cap;
};

void spool_name(const struct spool_entry *e, char out[SPOOL_NAME + 1])
{
	BUG(e->serial < 1 || e->priority > 9);
	(void)snprintf(out, SPOOL_NAME + 1, "%020" PRId64 ".%u.unit", e->serial,
		       (unsigned)e->priority);
}

bool spool_parse(const char *name, struct spool_entry *ret_e)
{
	int64_t serial = 0;

	if (strlen(name) != SPOOL_NAME || strcmp(name + 22, ".unit") != 0 || name[20] != '.' ||
	    name[21] < '0' || name[21] > '9')
		return false;
	for (int i = 0; i < 20; i++) {
		if (name[i] < '0' || name[i] > '9' || serial > (INT64_MAX - 9) / 10)
			return false;
		serial = serial * 10 + (name[i] - '0');
	}
	if (serial < 1)
		return false;
	*ret_e = (struct spool_entry){.serial = serial, .priority = (uint8_t)(name[21] - '0')};
	return true;
}

static int add(const char *name, void *arg)
{
	struct list *l = arg;
	struct spool_entry e;

	if (!spool_parse(name, &e))
		return SL_OK;
	if (l->n == l->cap) {
		size_t cap = l->cap * 2 + 64;
		struct spool_entry *grown = realloc(l->e, cap * sizeof(*grown));

		if (grown == NULL)
			return SL_E_NOMEM;
		l->e = grown;
		l->cap = cap;
	}
	l->e[l->n++] = e;
	return SL_OK;
}

static int by_serial(const void *a, const void *b)
{
	const struct spool_entry *x = a, *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

static int by_priority(const void *a, const void *b)
{
	const struct spool_entry *x = a, *y = b;

	return x->priority != y->priority ? x->priority - y->priority : by_serial(a, b);
}

int spool_list(int dir_fd, size_t max, struct spool_entry **ret_list, size_t *ret_n)
{
	struct list l = {.e = NULL};
	int r = file_each(dir_fd, SPOOL_MAX, add, &l);

	if (r != SL_OK) {
		free(l.e);
		return r;
	}
	if (l.n > 0)
		qsort(l.e, l.n, sizeof(*l.e), by_priority);
	*ret_list = l.e;
	*ret_n = l.n < max ? l.n : max;
	return SL_OK;
}

int spool_prune(int dir_fd, size_t keep)
{
	struct list l = {.e = NULL};
	int r = file_each(dir_fd, SPOOL_MAX, add, &l);

	if (r == SL_OK && l.n > keep) {
		qsort(l.e, l.n, sizeof(*l.e), by_serial);
		for (size_t i = 0; i < l.n - keep; i++) {
			char name[SPOOL_NAME + 1];

			spool_name(&l.e[i], name);
			(void)unlinkat(dir_fd, name, 0);
		}
	}
	free(l.e);
	return r;
}
