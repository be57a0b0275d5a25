/* again_compare.c - findings of two reports, told apart by rule and place. */
#include "inspect/again_compare.h"

#include <stdio.h>
#include <string.h>

/* Keys of all findings that count, as names of `set`; `each` may be NULL. */
static int walk(const json_t *report, json_t *set,
		int (*each)(const json_t *finding, const char *key, void *arg), void *arg)
{
	const json_t *file, *f;
	size_t i, k;
	int r = SL_OK;

	json_array_foreach(json_arr(report, "files"), i, file)
	{
		json_array_foreach(json_arr(file, "findings"), k, f)
		{
			const char *rule = json_str(f, "rule"), *s = json_str(f, "severity");
			const char *object = json_str(f, "object"),
				   *where = json_str(f, "where");
			int64_t offset = 0, length = 0;
			char key[256];

			if (rule == NULL || s == NULL || object == NULL || where == NULL ||
			    strcmp(s, "S4") == 0 || json_obj(f, "suppressed") != NULL)
				continue;
			(void)json_i64(f, "offset", &offset);
			(void)json_i64(f, "length", &length);
			(void)snprintf(key, sizeof(key), "%zu %s %s %s %s %lld %lld", i, rule,
				       s, object, where, (long long)offset, (long long)length);
			if (each != NULL)
				r = each(f, key, arg);
			else if (json_object_set_new((json_t *)set, key, json_true()) != 0)
				r = SL_E_NOMEM;
			if (r != SL_OK)
				return r;
		}
	}
	return SL_OK;
}

struct compare {
	json_t *known;
	struct again_hits hits;
};

static void add_rule(struct again_hits *h, const char *rule)
{
	size_t n = strlen(h->rules);

	if (strstr(h->rules, rule) == NULL && n + strlen(rule) + 3 < sizeof(h->rules))
		(void)snprintf(h->rules + n, sizeof(h->rules) - n, "%s%s", n > 0 ? ", " : "",
			       rule);
}

static int look(const json_t *finding, const char *key, void *arg)
{
	struct compare *c = arg;
	const char *s = json_str(finding, "severity");

	if (json_object_get(c->known, key) != NULL)
		return SL_OK;
	c->hits.n++;
	/* S0 is the worst and sorts first. */
	if (strlen(s) < sizeof(c->hits.worst) &&
	    (c->hits.worst[0] == '\0' || strcmp(s, c->hits.worst) < 0))
		memcpy(c->hits.worst, s, strlen(s) + 1);
	add_rule(&c->hits, json_str(finding, "rule"));
	return SL_OK;
}

int again_compare(const json_t *old, const json_t *now, struct again_hits *ret)
{
	struct compare c = {.known = json_object()};
	int r = c.known == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK)
		r = walk(old, c.known, NULL, NULL);
	if (r == SL_OK)
		r = walk(now, NULL, look, &c);
	json_decref(c.known);
	if (r == SL_OK)
		*ret = c.hits;
	return r;
}
