/* site_page.h - pages that the built-in server makes itself, beside the static tree.
 *
 * They are of now: never stored by anyone, never under a validator.  What makes them may be
 * slow, so one making serves everybody for a second.  Hostile: how often they are asked. */
#ifndef SL_OUTLET_SITE_PAGE_H
#define SL_OUTLET_SITE_PAGE_H

#include <stdbool.h>

#include "base/buf.h"

struct MHD_Response;

struct site_page {	  /* one path */
	const char *path; /* as site_path_clean() gives it: "status" */
	const char *type; /* Content-Type */
	bool languages;	  /* made for each of the two languages */
};
/* Append the page's bytes to out; called by one thread at a time. */
typedef int (*site_page_make)(void *arg, const struct site_page *page, bool zh,
			      struct buf *out);

struct site_pages;

/* `list` is borrowed and ends with path NULL. */
int site_pages_new(const struct site_page *list, site_page_make make, void *arg,
		   struct site_pages **ret_p) SL_MUST_USE;
void site_pages_free(struct site_pages *p); /* NULL is fine */
/* Is this path one of them? */
const struct site_page *site_pages_find(const struct site_pages *p, const char *path);
/* Call `use` with the answer to one request, NULL when it could not be made; it is valid
 * during the call only, under a lock. */
void site_pages_answer(struct site_pages *p, const struct site_page *page,
		       const char *accept_language,
		       void (*use)(struct MHD_Response *answer, void *arg), void *arg);
/* The first of Chinese and English in an Accept-Language header; Chinese without a header
 * and for other languages. */
bool site_page_zh(const char *accept_language);

#endif
