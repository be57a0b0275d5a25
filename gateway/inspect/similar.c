/* similar.c - the sketch of one file against those of other drafts. */
#include "inspect/similar.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

struct best {
	const struct sketch *mine;
	unsigned rank, percent; /* recalled before refused before published */
	char id[24];
	bool reply; /* the other one is a reply */
};

/* Replies to questions of the public (domain.md 2.3). */
static const char reply_type[] = "CT16";
static const char *const words[] = {"", "published", "refused", "recalled"};

static unsigned rank_of(enum draft_state s)
{
	switch (s) {
	case DRAFT_FROZEN:
	case DRAFT_WITHDRAWN:
		return 3;
	case DRAFT_REFUSED:
		return 2;
	default:
		return 1;
	}
}

static int compare(const struct sketch_hit *h, void *arg)
{
	struct best *b = arg;
	struct sketch theirs;
	unsigned percent, rank = rank_of(h->state);

	if (h->len != SKETCH_BYTES)
		return SL_E_CORRUPT;
	sketch_get(h->bytes, &theirs);
	percent = sketch_similarity(b->mine, &theirs);
	if (percent < SKETCH_SIMILAR || rank < b->rank ||
	    (rank == b->rank && percent < b->percent) ||
	    (rank == b->rank && percent == b->percent && strcmp(h->id, b->id) >= 0))
		return SL_OK;
	b->rank = rank;
	b->percent = percent;
	(void)snprintf(b->id, sizeof(b->id), "%s", h->id);
	b->reply = strcmp(h->content_type, reply_type) == 0;
	return SL_OK;
}

/* Sketches made with another key cannot be compared. */
static void name_key(const struct policy *p, char out[STORE_SKETCH_KEY])
{
	static const char domain[] = "sluice sketch key 2";
	uint8_t id[HASH_LEN];
	char hex[HASH_HEX + 1];

	hash_hmac(policy_key(p), domain, sizeof(domain) - 1, id);
	text_hex(id, sizeof(id), hex);
	(void)snprintf(out, STORE_SKETCH_KEY, "%.16s", hex);
}

int similar_find(void *arg, const struct buf *text, struct inspect_similar *ret_s)
{
	struct similar *x = arg;
	struct sketch_row *row = &x->kept->row;
	struct sketch mine;
	struct best best = {.mine = &mine};
	int r;

	ret_s->severity = SEV_COUNT;
	r = sketch_make(policy_key(x->policy), buf_str(text), text->len, &mine, &x->made);
	if (r != SL_OK || !x->made)
		return r;
	*row = (struct sketch_row){.number = x->draft->number,
				   .revision = x->draft->revision,
				   .position = x->position,
				   .bytes = x->kept->bytes,
				   .len = SKETCH_BYTES};
	name_key(x->policy, row->key);
	sketch_put(&mine, x->kept->bytes);
	sketch_bands(&mine, row->band);
	r = store_sketch_each(x->store, row, x->look_only ? row->number : INT64_MAX,
			      x->draft->corrects, compare, &best);
	if (r != SL_OK || best.rank == 0)
		return r;
	/* Two replies that are alike are a matter of manners and not of secrecy. */
	ret_s->reply =
		best.rank == 1 && best.reply && strcmp(x->draft->content_type, reply_type) == 0;
	ret_s->severity = best.rank == 3 ? SEV_S2 : ret_s->reply ? SEV_S4 : SEV_S3;
	(void)snprintf(ret_s->evidence, sizeof(ret_s->evidence), "%s,%s,%u%%", words[best.rank],
		       best.id, best.percent);
	return SL_OK;
}
