/* ceremony_tally.c - who has signed what, and who is still missing. */
#include <string.h>

#include "base/clock.h"
#include "keys/ceremony.h"
#include "keys/ceremony_words.h"

/* "old" and "new" only where there are two. */
static const char *set_name(const struct ceremony *c, enum ceremony_doc d, int i,
			    enum ceremony_language l)
{
	if (d != CEREMONY_ROOT || c->old[d] == NULL)
		return words(l, "signed", "已签");
	return i == 0 ? words(l, "old", "旧") : words(l, "new", "新");
}

bool ceremony_complete(const struct ceremony *c)
{
	struct tuf_role sets[CEREMONY_SETS];

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		int n = c->new[d] == NULL ? 0 : ceremony_signers(c, d, sets, NULL);

		if (n < 0)
			return false;
		for (int i = 0; i < n; i++) {
			if (ceremony_count(c, d, &sets[i]) < sets[i].threshold)
				return false;
		}
	}
	return true;
}

void ceremony_tally(const struct ceremony *c, enum ceremony_language l, struct buf *out)
{
	struct tuf_role sets[CEREMONY_SETS];

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		int n = c->new[d] == NULL ? 0 : ceremony_signers(c, d, sets, NULL);

		for (int i = 0; i < n; i++)
			buf_putf(out, "%s%s%u %s %u (%s)", i == 0 ? ceremony_doc_name(d) : "",
				 i == 0 ? ": " : " · ", ceremony_count(c, d, &sets[i]),
				 words(l, "of", "/"), sets[i].threshold, set_name(c, d, i, l));
		if (n > 0)
			buf_puts(out, "\n");
	}
}

static json_t *set_json(const struct ceremony *c, enum ceremony_doc d, int i,
			const struct tuf_role *set)
{
	json_t *missing = json_array(), *have = json_array();
	unsigned n = ceremony_count(c, d, set);

	for (unsigned k = 0; k < set->n_keys; k++)
		(void)json_array_append_new(
			ceremony_signed_by(c, d, set->keys[k]) != NULL ? have : missing,
			json_string(set->keyids[k]));
	return json_pack("{s:i,s:o,s:o,s:i,s:s,s:i}", "have", (int)n, "have_keys", have,
			 "missing_keys", missing, "needed", (int)set->threshold, "set",
			 set_name(c, d, i, CEREMONY_EN), "still",
			 n < set->threshold ? (int)(set->threshold - n) : 0);
}

json_t *ceremony_status_json(const struct ceremony *c)
{
	struct tuf_role sets[CEREMONY_SETS];
	json_t *roles = json_array();
	char number[HASH_HEX + 1];

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		int n = c->new[d] == NULL ? 0 : ceremony_signers(c, d, sets, NULL);
		json_t *list = json_array();

		for (int i = 0; i < n; i++)
			(void)json_array_append_new(list, set_json(c, d, i, &sets[i]));
		if (n > 0)
			(void)json_array_append_new(
				roles,
				json_pack("{s:s,s:O,s:I}", "role", ceremony_doc_name(d), "sets",
					  list, "version", (json_int_t)c->new[d]->version));
		json_decref(list);
	}
	ceremony_number(c, number);
	return json_pack("{s:b,s:s,s:o}", "complete", ceremony_complete(c), "number", number,
			 "roles", roles);
}
