/* site_page.c - pages of now, made at most once a second. */
#include "outlet/site_page.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

enum { PAGES_MAX = 4, KEEP_MS = 1000, PAGE_MAX = 1 << 20, TAG_MAX = 8 };

struct kept {
	struct MHD_Response *answer;
	int64_t made; /* monotonic ms */
};
struct site_pages {
	const struct site_page *list;
	site_page_make make;
	void *arg;
	pthread_mutex_t lock;
	struct kept kept[PAGES_MAX][2]; /* English, Chinese */
};

int site_pages_new(const struct site_page *list, site_page_make make, void *arg,
		   struct site_pages **ret_p)
{
	struct site_pages *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return SL_E_NOMEM;
	if (pthread_mutex_init(&p->lock, NULL) != 0) {
		free(p);
		return SL_E_NOMEM;
	}
	for (unsigned i = 0; list[i].path != NULL; i++)
		BUG(i >= PAGES_MAX);
	p->list = list;
	p->make = make;
	p->arg = arg;
	*ret_p = p;
	return SL_OK;
}

static void forget(struct kept *k)
{
	if (k->answer != NULL)
		MHD_destroy_response(k->answer); /* those on their way keep their own */
	*k = (struct kept){.answer = NULL};
}

void site_pages_free(struct site_pages *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < PAGES_MAX; i++) {
		forget(&p->kept[i][0]);
		forget(&p->kept[i][1]);
	}
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

const struct site_page *site_pages_find(const struct site_pages *p, const char *path)
{
	for (unsigned i = 0; p != NULL && p->list[i].path != NULL; i++) {
		if (strcmp(p->list[i].path, path) == 0)
			return &p->list[i];
	}
	return NULL;
}

static struct MHD_Response *make(const struct site_pages *p, const struct site_page *page,
				 bool zh)
{
	struct MHD_Response *r = NULL;
	struct buf b;

	buf_init(&b, PAGE_MAX);
	if (p->make(p->arg, page, zh, &b) == SL_OK && buf_error(&b) == SL_OK && b.len > 0)
		r = MHD_create_response_from_buffer(b.len, b.data, MHD_RESPMEM_MUST_COPY);
	buf_release(&b);
	if (r == NULL)
		return NULL;
	(void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
	(void)MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	(void)MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(r, "Content-Security-Policy",
				      "default-src 'none'; style-src 'unsafe-inline'");
	if (page->languages) {
		(void)MHD_add_response_header(r, MHD_HTTP_HEADER_VARY, "Accept-Language");
		(void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_LANGUAGE,
					      zh ? "zh-CN" : "en");
	}
	return r;
}

void site_pages_answer(struct site_pages *p, const struct site_page *page,
		       const char *accept_language,
		       void (*use)(struct MHD_Response *answer, void *arg), void *arg)
{
	bool zh = page->languages && site_page_zh(accept_language);
	struct kept *k = &p->kept[page - p->list][zh];
	int64_t now = clock_mono_ms();

	(void)pthread_mutex_lock(&p->lock);
	if (k->answer == NULL || now - k->made >= KEEP_MS) {
		forget(k);
		k->answer = make(p, page, zh);
		k->made = now;
	}
	use(k->answer, arg);
	(void)pthread_mutex_unlock(&p->lock);
}

bool site_page_zh(const char *accept_language)
{
	const char *p = accept_language;

	while (p != NULL && *p != '\0') {
		size_t len;

		p += strspn(p, " \t,");
		len = strcspn(p, ",;- \t");
		if (len == 2 && strncasecmp(p, "zh", 2) == 0)
			return true;
		if (len == 2 && strncasecmp(p, "en", 2) == 0)
			return false;
		p = strchr(p, ',');
	}
	return true;
}
