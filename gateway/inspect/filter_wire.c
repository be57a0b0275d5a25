/* filter_wire.c - requests and ledger entries as bytes.
 *
 * Answers come from processes that have parsed hostile documents: what
 * filter_object_get lets through can be printed and compared as it is. */
#include "inspect/filter_wire.h"

#include <string.h>

#include "base/text.h"

enum { REQUEST_VERSION = 3, OBJECT_VERSION = 1 };

static void record_put(struct buf *b, const struct filter_request *rq)
{
	buf_put_str(b, rq->given);
	buf_put_str(b, rq->source_type);
	buf_put_str(b, rq->question);
	buf_put_str(b, rq->category);
	buf_put_u64(b, (uint64_t)rq->received);
	buf_put_u64(b, (uint64_t)rq->due);
	buf_put_u64(b, rq->bytes);
	buf_put_u8(b, rq->picture ? 1 : 0);
	buf_put_u8(b, rq->first ? 1 : 0);
}

/* SL_E_FORMAT for a flag that is neither 0 nor 1; other errors stay in the cursor. */
static int flag(struct cur *c, bool *ret_on)
{
	uint8_t v = cur_u8(c);

	*ret_on = v == 1;
	return v > 1 ? SL_E_FORMAT : SL_OK;
}

static int record_get(struct cur *c, struct filter_request *rq)
{
	int r;

	cur_str(c, rq->given, sizeof(rq->given));
	cur_str(c, rq->source_type, sizeof(rq->source_type));
	cur_str(c, rq->question, sizeof(rq->question));
	cur_str(c, rq->category, sizeof(rq->category));
	rq->received = (int64_t)cur_u64(c);
	rq->due = (int64_t)cur_u64(c);
	rq->bytes = cur_u64(c);
	r = flag(c, &rq->picture);
	return r == SL_OK ? flag(c, &rq->first) : r;
}

void filter_request_put(struct buf *b, const struct filter_request *rq)
{
	buf_put_u8(b, REQUEST_VERSION);
	buf_put_str(b, rq->name);
	buf_put_str(b, rq->declared);
	buf_put_str(b, rq->type);
	buf_put_u64(b, rq->length);
	buf_put_str(b, rq->content_type);
	buf_put_str(b, rq->column);
	buf_put_str(b, rq->disclosure);
	buf_put_str(b, rq->channels);
	buf_put_u8(b, rq->offline ? 1 : 0);
	buf_put_u64(b, (uint64_t)rq->today);
	buf_put_u8(b, rq->depth);
	buf_put_u8(b, rq->has_record ? 1 : 0);
	if (rq->has_record)
		record_put(b, rq);
}

int filter_request_get(const void *bytes, size_t len, struct filter_request *ret_rq)
{
	struct filter_request rq;
	struct cur c;
	int r;

	memset(&rq, 0, sizeof(rq));
	cur_init(&c, bytes, len);
	if (cur_u8(&c) != REQUEST_VERSION)
		return SL_E_FORMAT;
	cur_str(&c, rq.name, sizeof(rq.name));
	cur_str(&c, rq.declared, sizeof(rq.declared));
	cur_str(&c, rq.type, sizeof(rq.type));
	rq.length = cur_u64(&c);
	cur_str(&c, rq.content_type, sizeof(rq.content_type));
	cur_str(&c, rq.column, sizeof(rq.column));
	cur_str(&c, rq.disclosure, sizeof(rq.disclosure));
	cur_str(&c, rq.channels, sizeof(rq.channels));
	r = flag(&c, &rq.offline);
	rq.today = (int64_t)cur_u64(&c);
	rq.depth = cur_u8(&c);
	if (r == SL_OK)
		r = flag(&c, &rq.has_record);
	if (r == SL_OK && rq.has_record)
		r = record_get(&c, &rq);
	if (r != SL_OK || cur_end(&c) != SL_OK)
		return SL_E_FORMAT;
	*ret_rq = rq;
	return SL_OK;
}

void filter_record_put(struct buf *b, enum filter_record kind, const void *body, size_t len)
{
	buf_put_u8(b, (uint8_t)kind);
	buf_put_blob(b, body, len);
}

void filter_object_put(struct buf *b, const struct filter_object *o)
{
	buf_put_u8(b, OBJECT_VERSION);
	buf_put_str(b, o->id);
	buf_put_str(b, o->path);
	buf_put_str(b, o->type);
	buf_put_str(b, o->sha256);
	buf_put_u64(b, o->bytes);
	buf_put_u8(b, o->state);
	buf_put_u8(b, o->text);
	buf_put_str(b, o->reason);
}

/* "0", "0.3", "0.3.12": numbers without leading zeros. */
static bool id_ok(const char *id)
{
	const char *p = id;

	if (*p != '0' || (p[1] != '\0' && p[1] != '.'))
		return false;
	while (*p != '\0') {
		size_t n = strspn(p, "0123456789");

		if (n == 0 || n > 9 || (n > 1 && *p == '0'))
			return false;
		p += n;
		if (*p == '.' && p[1] == '\0')
			return false;
		if (*p == '.')
			p++;
		else if (*p != '\0')
			return false;
	}
	return true;
}

static bool made_of(const char *s, const char *set)
{
	return s[strspn(s, set)] == '\0';
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

bool filter_fact_key_ok(const char *key)
{
	return key[0] != '\0' && strlen(key) < FILTER_FACT_KEY_MAX &&
	       made_of(key, LOWER DIGIT "-");
}

bool filter_text_ok(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		size_t used;
		uint32_t cp = text_decode(text + i, len - i, &used);

		if (cp == TEXT_BAD || text_is_deceptive(cp))
			return false;
		i += used;
	}
	return true;
}

int filter_object_get(struct cur *c, struct filter_object *ret_o)
{
	struct filter_object o;

	memset(&o, 0, sizeof(o));
	if (cur_u8(c) != OBJECT_VERSION)
		return SL_E_FORMAT;
	cur_str(c, o.id, sizeof(o.id));
	cur_str(c, o.path, sizeof(o.path));
	cur_str(c, o.type, sizeof(o.type));
	cur_str(c, o.sha256, sizeof(o.sha256));
	o.bytes = cur_u64(c);
	o.state = cur_u8(c);
	o.text = cur_u8(c);
	cur_str(c, o.reason, sizeof(o.reason));
	if (c->error != SL_OK)
		return c->error;
	if (o.state > OBJECT_FAILED || o.text > OBJECT_TEXT_OCR || !id_ok(o.id) ||
	    !filter_text_ok(o.path) || !made_of(o.type, LOWER UPPER DIGIT "!#$&^_.+-/;=") ||
	    !made_of(o.reason, LOWER DIGIT "-:."))
		return SL_E_FORMAT;
	if (o.sha256[0] != '\0' && !text_is_sha256(o.sha256))
		return SL_E_FORMAT;
	/* A gap in the ledger always says why it is there, and nothing else does. */
	if ((o.state == OBJECT_INSPECTED) != (o.reason[0] == '\0'))
		return SL_E_FORMAT;
	/* JSON of the signed profile ends at 2^53 - 1. */
	if (o.bytes > UINT64_C(9007199254740991))
		return SL_E_FORMAT;
	*ret_o = o;
	return SL_OK;
}

void filter_change_put(struct buf *b, const struct filter_change *c)
{
	buf_put_str(b, c->what);
	buf_put_str(b, c->where);
	buf_put_str(b, c->which);
	buf_put_u32(b, c->count);
}

int filter_change_get(struct cur *c, struct filter_change *ret_c)
{
	struct filter_change change;

	memset(&change, 0, sizeof(change));
	cur_str(c, change.what, sizeof(change.what));
	cur_str(c, change.where, sizeof(change.where));
	cur_str(c, change.which, sizeof(change.which));
	change.count = cur_u32(c);
	if (c->error != SL_OK)
		return c->error;
	if (change.what[0] == '\0' || !made_of(change.what, LOWER "-") ||
	    !filter_text_ok(change.where) || !filter_text_ok(change.which) || change.count == 0)
		return SL_E_FORMAT;
	*ret_c = change;
	return SL_OK;
}
