/* site_cache.c - one slot per hash value, so the table can never grow.
 *
 * A hit is valid only if inode, size and times are those of the file that is
 * there now: a recalled file is gone with the next request. */
#include "outlet/site_cache.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct site_cache {
	pthread_mutex_t lock;
	size_t bytes;
	unsigned hand; /* next slot to empty when the bytes run out */
	struct site_cache_entry *slot[SITE_CACHE_SLOTS];
};

int site_cache_new(struct site_cache **ret_c)
{
	struct site_cache *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return SL_E_NOMEM;
	if (pthread_mutex_init(&c->lock, NULL) != 0) {
		free(c);
		return SL_E_NOMEM;
	}
	*ret_c = c;
	return SL_OK;
}

static void drop(struct site_cache *c, unsigned i)
{
	struct site_cache_entry *e = c->slot[i];

	if (e == NULL)
		return;
	c->bytes -= (size_t)e->st.st_size;
	MHD_destroy_response(e->full); /* lives on while connections send it */
	free(e);
	c->slot[i] = NULL;
}

void site_cache_free(struct site_cache *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < SITE_CACHE_SLOTS; i++)
		drop(c, i);
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

static unsigned slot_of(const char *path)
{
	uint32_t h = 2166136261u; /* FNV-1a; a chosen collision only costs a cache miss */

	for (; *path != '\0'; path++)
		h = (h ^ (uint8_t)*path) * 16777619u;
	return (h ^ h >> 15) % SITE_CACHE_SLOTS;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool site_cache_use(struct site_cache *c, const char *path, const struct stat *st,
		    void (*use)(const struct site_cache_entry *e, void *arg), void *arg)
{
	const struct site_cache_entry *e;
	unsigned i = slot_of(path);
	bool hit;

	(void)pthread_mutex_lock(&c->lock);
	e = c->slot[i];
	hit = e != NULL && strcmp(e->path, path) == 0 && same_file(&e->st, st);
	if (hit)
		use(e, arg);
	(void)pthread_mutex_unlock(&c->lock);
	return hit;
}

void site_cache_put(struct site_cache *c, const struct site_cache_entry *e)
{
	struct site_cache_entry *copy = malloc(sizeof(*copy));
	unsigned i = slot_of(e->path);

	if (copy == NULL) {
		MHD_destroy_response(e->full);
		return;
	}
	*copy = *e;
	(void)pthread_mutex_lock(&c->lock);
	drop(c, i);
	while (c->bytes + (size_t)e->st.st_size > SITE_CACHE_BYTES_MAX)
		drop(c, c->hand++ % SITE_CACHE_SLOTS);
	c->slot[i] = copy;
	c->bytes += (size_t)e->st.st_size;
	(void)pthread_mutex_unlock(&c->lock);
}
