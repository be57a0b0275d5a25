/* gather.c - many findings of one kind say more together than each alone.
 *
 * Works on the findings of the whole scan: the same number twice is one. */
#include <stdlib.h>
#include <string.h>

#include "policy/scan.h"

static int by_hash(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(((const struct finding *)0)->text_hmac));
}

/* Different things that `rule` found, with or without what only a second look shows;
 * *ret_first is the first finding's index. */
static int distinct(const struct scan *s, const char *rule, bool second, unsigned *ret_n,
		    unsigned *ret_first)
{
	enum { HASH = sizeof(s->finding[0].text_hmac) };
	uint8_t *hash = malloc((size_t)(s->n_finding + 1) * HASH);
	unsigned n = 0;

	*ret_n = 0;
	if (hash == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < s->n_finding; i++) {
		if (strcmp(s->finding[i].rule, rule) != 0 ||
		    (!second && strstr(s->finding[i].evidence, REPORT_SECOND) != NULL))
			continue;
		if (n == 0)
			*ret_first = i;
		memcpy(hash + (size_t)n++ * HASH, s->finding[i].text_hmac, HASH);
	}
	qsort(hash, n, HASH, by_hash);
	for (unsigned i = 0; i < n; i++)
		*ret_n += i == 0 || memcmp(hash + (size_t)i * HASH,
					   hash + (size_t)(i - 1) * HASH, HASH) != 0;
	free(hash);
	return SL_OK;
}

static void gather_entry(struct scan *s, const struct entry *e, bool second, bool *done)
{
	const struct pack_words *rules = &e->from->gather;

	for (unsigned i = 0; i < rules->n && s->error == SL_OK && !*done; i++) {
		unsigned n = 0, first = 0;

		s->error = distinct(s, rules->item[i], second, &n, &first);
		if (s->error != SL_OK || n < e->from->at_least)
			continue;
		report_gathered(s, e, first, n, second);
		*done = true; /* once is enough */
	}
}

void gather_findings(struct scan *s)
{
	for (unsigned i = 0; i < s->policy->n_rule; i++) {
		const struct rule *rule = &s->policy->rule[i];

		for (unsigned k = 0; k < rule->n_entry; k++) {
			bool done = false;

			if (rule->entry[k].from->gather.n == 0)
				continue;
			gather_entry(s, &rule->entry[k], false, &done);
			gather_entry(s, &rule->entry[k], true, &done);
		}
	}
}
