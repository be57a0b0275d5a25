/* fix_masks.c - a small set of texts and what they become. */
#include "inspect/fix_masks.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/clean_wire.h"

/* Texts are what must not be read any more. */
static void forget(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	free(s);
}

static void forget_mask(struct fix_mask *m)
{
	forget(m->text);
	forget(m->with);
	forget(m->shown);
}

void fix_masks_release(struct fix_masks *m)
{
	for (size_t i = 0; i < m->n; i++)
		forget_mask(&m->mask[i]);
	free(m->mask);
	*m = (struct fix_masks){.n = 0};
}

static int room(struct fix_masks *m)
{
	size_t cap = m->cap == 0 ? 16 : m->cap * 2;
	struct fix_mask *more;

	if (m->n >= CLEAN_MASKS_MAX)
		return SL_E_LIMIT;
	if (m->n < m->cap)
		return SL_OK;
	more = reallocarray(m->mask, cap, sizeof(*more));
	if (more == NULL)
		return SL_E_NOMEM;
	m->mask = more;
	m->cap = cap;
	return SL_OK;
}

static struct fix_mask *find(const struct fix_masks *m, const char *text, size_t len)
{
	for (size_t i = 0; i < m->n; i++) {
		if (strlen(m->mask[i].text) == len && memcmp(m->mask[i].text, text, len) == 0)
			return &m->mask[i];
	}
	return NULL;
}

int fix_masks_add(struct fix_masks *m, const char *text, size_t len, const char *with,
		  const char *shown, uint8_t severity)
{
	struct fix_mask *old = find(m, text, len), fresh = {.severity = severity};
	int r = SL_OK;

	if (old != NULL && old->severity <= severity)
		return SL_OK;
	if (len == 0 || len > CLEAN_MASK_TEXT_MAX || strlen(with) > CLEAN_MASK_TEXT_MAX)
		return SL_E_LIMIT;
	if (old == NULL)
		r = room(m);
	if (r != SL_OK)
		return r;
	fresh.text = strndup(text, len);
	fresh.with = strdup(with);
	fresh.shown = strdup(shown);
	if (fresh.text == NULL || fresh.with == NULL || fresh.shown == NULL) {
		forget_mask(&fresh);
		return SL_E_NOMEM;
	}
	if (old != NULL)
		forget_mask(old);
	else
		old = &m->mask[m->n++];
	*old = fresh; /* moved */
	return SL_OK;
}

int fix_masks_apply(const struct fix_masks *m, const char *s, size_t len, bool shown,
		    struct buf *out, uint32_t *ret_used)
{
	uint32_t used = 0;

	for (size_t at = 0; at < len;) {
		const struct fix_mask *best = NULL;
		size_t best_len = 0;

		for (size_t i = 0; i < m->n; i++) {
			size_t n;

			if (m->mask[i].text[0] != s[at]) /* nearly always, so it comes first */
				continue;
			n = strlen(m->mask[i].text);
			if (n > best_len && n <= len - at &&
			    memcmp(s + at, m->mask[i].text, n) == 0) {
				best = &m->mask[i];
				best_len = n;
			}
		}
		if (best == NULL) {
			buf_put(out, s + at, 1);
			at++;
			continue;
		}
		buf_puts(out, shown ? best->shown : best->with);
		at += best_len;
		used++;
	}
	if (ret_used != NULL)
		*ret_used = used;
	return buf_error(out);
}
