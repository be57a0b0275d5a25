/* clean.c - from the media type to the cleaner, and what they say of their work. */
#include "inspect/clean/clean.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract.h"

struct route {
	const char *type; /* exact, or a prefix when it ends with '/' or '.' */
	int (*clean)(const struct clean_job *job, struct clean_result *r, struct sl_why *why);
};

static const struct route routes[] = {
	{"application/vnd.openxmlformats-officedocument.", clean_office},
	{"application/vnd.oasis.opendocument.", clean_office},
	{"application/pdf", clean_pdf},
	{"image/jpeg", clean_jpeg},
	{"image/png", clean_png},
	{"image/gif", clean_gif},
	{"image/webp", clean_webp},
	{"image/bmp", clean_bmp},
	{"image/tiff", clean_tiff},
	{"text/plain", clean_text_file},
	{"text/html", clean_text_file},
	{"text/csv", clean_text_file},
	{"application/json", clean_text_file},
};

void clean_result_init(struct clean_result *r)
{
	*r = (struct clean_result){.n = 0};
	buf_init(&r->bytes, CLEAN_OUT_MAX);
}

void clean_result_release(struct clean_result *r)
{
	buf_wipe(&r->bytes);
	free(r->changes);
	*r = (struct clean_result){.n = 0};
}

int clean_load(struct sl_why *why)
{
	return extract_load(why);
}

static void say(struct clean_result *r, const char *what, const char *where, const char *which,
		uint32_t count)
{
	struct clean_change *c;

	if (r->n == r->cap) {
		size_t cap = (r->cap == 0) ? 16 : r->cap * 2;
		void *more = reallocarray(r->changes, cap, sizeof(*c));

		if (more == NULL) {
			r->nomem = true;
			return;
		}
		r->changes = more;
		r->cap = cap;
	}
	c = &r->changes[r->n++];
	*c = (struct clean_change){.count = count};
	(void)snprintf(c->what, sizeof(c->what), "%s", what);
	(void)text_safe(where, strlen(where), c->where, sizeof(c->where));
	(void)text_safe(which, strlen(which), c->which, sizeof(c->which));
}

void clean_say(struct clean_result *r, const char *what, const char *where, const char *which,
	       uint32_t count)
{
	if (r->n - r->n_left < CLEAN_CHANGES_MAX)
		say(r, what, where, which, count);
	else
		r->left_out++;
}

void clean_say_left(struct clean_result *r, const char *where, const char *with)
{
	if (r->n_left > CLEAN_LEFT_MAX)
		return;
	if (r->n_left == CLEAN_LEFT_MAX)
		where = with = "";
	say(r, "left", where, with, 1);
	r->n_left++;
}

static bool fits(const struct route *route, const char *type)
{
	size_t n = strlen(route->type);
	char last = route->type[n - 1];

	return strcmp(route->type, type) == 0 ||
	       ((last == '.' || last == '/') && strncmp(route->type, type, n) == 0);
}

int clean_document(const struct clean_job *job, struct clean_result *ret_r, struct sl_why *why)
{
	int r = SL_E_UNSUPPORTED;

	for (size_t i = 0; i < job->n_masks; i++)
		if (job->masks[i].text[0] == '\0')
			return why_set(why, SL_E_FORMAT, "a mask for no text");
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!fits(&routes[i], job->type) ||
		    (job->exact && routes[i].clean != clean_office))
			continue;
		r = routes[i].clean(job, ret_r, why);
		break;
	}
	if (r == SL_E_UNSUPPORTED && why->text[0] == '\0')
		r = why_set(why, r, "files of type %s cannot be cleaned", job->type);
	if (r == SL_OK && ret_r->nomem)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = buf_error(&ret_r->bytes);
	if (r == SL_OK && ret_r->n == 0) {
		buf_clear(&ret_r->bytes);
		buf_put(&ret_r->bytes, job->bytes, job->len);
		r = buf_error(&ret_r->bytes);
	}
	if (r == SL_OK)
		r = clean_left(job, ret_r, why);
	return r == SL_OK && ret_r->nomem ? SL_E_NOMEM : r;
}
