/* scope.c - exceptions bound to content type, column, channel and place. */
#include <string.h>

#include "policy/rules.h"

static bool listed(const struct pack_words *w, const char *value)
{
	for (unsigned i = 0; value != NULL && i < w->n; i++) {
		if (strcmp(w->item[i], value) == 0)
			return true;
	}
	return false;
}

static bool any_channel(const struct pack_words *w, const char *const *channels)
{
	for (; channels != NULL && *channels != NULL; channels++) {
		if (listed(w, *channels))
			return true;
	}
	return false;
}

static bool applies(const struct scope *s, const struct scan_context *ctx, unsigned where,
		    const char *text, size_t len)
{
	if ((s->where & 1u << where) == 0)
		return false;
	if (s->from->types.n > 0 && !listed(&s->from->types, ctx->content_type))
		return false;
	if (s->from->columns.n > 0 && !listed(&s->from->columns, ctx->column))
		return false;
	if (s->from->channels.n > 0 && !any_channel(&s->from->channels, ctx->channels))
		return false;
	for (unsigned i = 0; i < s->unless.n; i++) {
		if (memmem(text, len, s->unless.item[i], strlen(s->unless.item[i])) != NULL)
			return false;
	}
	return true;
}

const struct scope *rules_scope(const struct rule *r, const struct scan_context *ctx,
				unsigned where, const char *near_text, size_t near_len)
{
	for (unsigned i = 0; i < r->n_scope; i++) {
		if (applies(&r->scope[i], ctx, where, near_text, near_len))
			return &r->scope[i];
	}
	return NULL;
}
