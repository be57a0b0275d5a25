/* spill.c - spill.list, .order, .confirm, .get, .share: two officers, each step on record.
 *
 * Hostile: envelopes and shares.  A sealed body leaves only while an order to open it holds
 * that two officers signed, to these two, and still sealed; a share passes through as bytes
 * that are sealed to the first officer. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "review/envelope.h"
#include "review/spill_rows.h"
#include "store/clocks.h"
#include "trust/spill_order.h"

enum { SHARE_MAX = 256 << 10 };

static int officer(const struct wire_peer *peer, struct sl_why *why)
{
	return review_is_secrecy(peer->person)
		       ? SL_OK
		       : why_set(why, SL_E_DENIED, _("only secrecy officers handle spills"));
}

int review_spill_list(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		      struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	json_t *list = NULL;
	int r = officer(peer, why);

	(void)rq;
	if (r == SL_OK)
		r = spill_rows(v, &list);
	if (r == SL_OK) {
		ret->result = json_pack("{s:o}", "spills", list);
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	return r;
}

struct said { /* one envelope of a request */
	struct envelope e;
	struct spill_order_facts f; /* borrowed from e.s */
};

static int read_envelope(const struct review *v, const struct wire_peer *peer,
			 const struct wire_request *rq, struct said *x, struct sl_why *why)
{
	int64_t now = clock_now();
	int r = officer(peer, why);

	if (r != SL_OK)
		return r;
	r = envelope_take(rq, &x->e, why);
	if (r == SL_OK)
		r = spill_order_read(x->e.s, &x->f, why);
	if (r != SL_OK)
		return r;
	if (spill_order_signer(x->e.s, v->roster, now) != peer->person)
		return why_set(why, SL_E_DENIED, _("it is not signed with your reviewer key"));
	if (!envelope_is_now(x->f.time))
		return why_set(why, SL_E_EXPIRED, _("its time is not now; check the clock"));
	return SL_OK;
}

static int spilled(const struct review *v, const struct spill_order_facts *f,
		   struct sl_why *why)
{
	struct draft d = {0};
	int r = store_draft_get(v->store, f->draft, f->revision, &d);
	bool spill = r == SL_OK && d.state == DRAFT_SPILL;

	draft_release(&d);
	return spill ? SL_OK
		     : why_set(why, SL_E_STATE, _("%s revision %lld is no spill"), f->draft,
			       (long long)f->revision);
}

struct open_search {
	const struct spill_order_facts *f;
	bool found;
};

static int see_open(const struct spill_order *o, void *arg)
{
	struct open_search *x = arg;
	const char *state = spill_order_state(o, clock_now());

	x->found |= o->revision == x->f->revision && strcmp(o->action, x->f->action) == 0 &&
		    strcmp(state, "expired") != 0;
	return SL_OK;
}

/* Two requests at the same time would be two stories. */
static int is_first(const struct review *v, const struct spill_order_facts *f,
		    struct sl_why *why)
{
	struct open_search x = {.f = f};
	int r = store_spill_order_each(v->store, f->draft, see_open, &x);

	return r == SL_OK && x.found
		       ? why_set(why, SL_E_CONFLICT,
				 _("that was asked for already: another officer confirms it"))
		       : r;
}

static int answer(const struct review *v, int64_t number, struct wire_reply *ret)
{
	struct spill_order o;
	int r = store_spill_order_get(v->store, number, &o);

	if (r == SL_OK)
		ret->result = spill_order_row(&o);
	return r == SL_OK && ret->result == NULL ? SL_E_NOMEM : r;
}

/* The order and what it does to the clock are one change. */
static int add(const struct review *v, struct spill_order *o)
{
	int r = store_begin(v->store);

	if (r != SL_OK)
		return r;
	r = store_spill_order_add(v->store, o);
	if (r == SL_OK && strcmp(o->action, "reported") == 0)
		r = store_clock_event(v->store, o->draft, "reported");
	return store_end(v->store, r);
}

int review_spill_order(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		       struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct said x = {.e = {.s = NULL}};
	struct spill_order o = {.number = 0};
	int r = read_envelope(v, peer, rq, &x, why);

	if (r == SL_OK &&
	    (x.f.first[0] != '\0' || x.f.expires - x.f.time > SPILL_ORDER_SECONDS ||
	     x.f.expires <= clock_now()))
		r = why_set(why, SL_E_DENIED, _("a request holds for a day at most"));
	if (r == SL_OK)
		r = spilled(v, &x.f, why);
	if (r == SL_OK)
		r = is_first(v, &x.f, why);
	if (r == SL_OK)
		r = store_object_put(v->store, x.e.line, x.e.len, o.first);
	if (r == SL_OK) {
		(void)snprintf(o.draft, sizeof(o.draft), "%s", x.f.draft);
		(void)snprintf(o.action, sizeof(o.action), "%s", x.f.action);
		(void)snprintf(o.first_pid, sizeof(o.first_pid), "%s", peer->pid);
		(void)snprintf(o.reason, sizeof(o.reason), "%s", x.f.reason);
		o.revision = x.f.revision;
		o.time = x.f.time;
		o.expires = x.f.expires;
		r = add(v, &o);
	}
	if (r == SL_OK)
		r = answer(v, o.number, ret);
	statement_free(x.e.s);
	return r;
}

static int find(const struct review *v, const struct wire_request *rq, struct spill_order *o,
		struct sl_why *why)
{
	int64_t number = 0;
	int r = json_i64(rq->args, "number", &number)
			? store_spill_order_get(v->store, number, o)
			: SL_E_NOTFOUND;

	return r == SL_E_NOTFOUND
		       ? why_set(why, r, _("there is no request %lld"), (long long)number)
		       : r;
}

static int confirm(const struct review *v, const struct spill_order *o, const char *pid,
		   const char *envelope)
{
	int r = store_begin(v->store);

	if (r != SL_OK)
		return r;
	r = store_spill_order_confirm(v->store, o->number, pid, envelope);
	if (r == SL_OK && strcmp(o->action, "close") == 0)
		r = store_clock_event(v->store, o->draft, "reported");
	return store_end(v->store, r);
}

int review_spill_confirm(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct said x = {.e = {.s = NULL}};
	struct statement *first = NULL;
	struct spill_order o;
	char envelope[65];
	int r = read_envelope(v, peer, rq, &x, why);

	if (r == SL_OK)
		r = find(v, rq, &o, why);
	if (r == SL_OK)
		r = envelope_stored(v->store, o.first, &first, NULL);
	if (r == SL_OK)
		r = spill_order_judge(first, x.e.s, v->roster, clock_now(), why);
	if (r == SL_OK)
		r = store_object_put(v->store, x.e.line, x.e.len, envelope);
	if (r == SL_OK) {
		r = confirm(v, &o, peer->pid, envelope);
		if (r == SL_E_CONFLICT)
			(void)why_set(why, r, _("it is confirmed already"));
	}
	if (r == SL_OK)
		r = answer(v, o.number, ret);
	statement_free(first);
	statement_free(x.e.s);
	return r;
}

/* An order to open that holds, of which this person is one of the two.  Judged again from the
 * signatures: a row in the store is not enough to let anything out. */
static int permitted(const struct review *v, const struct wire_peer *peer,
		     const struct wire_request *rq, struct spill_order *o, struct sl_why *why)
{
	struct statement *first = NULL, *second = NULL;
	int r = officer(peer, why);

	if (r == SL_OK)
		r = find(v, rq, o, why);
	if (r == SL_OK && (strcmp(o->action, "open") != 0 || o->second[0] == '\0'))
		r = why_set(why, SL_E_DENIED, _("a second officer has not confirmed it"));
	if (r == SL_OK)
		r = envelope_stored(v->store, o->first, &first, NULL);
	if (r == SL_OK)
		r = envelope_stored(v->store, o->second, &second, NULL);
	if (r == SL_OK)
		r = spill_order_judge(first, second, v->roster, clock_now(), why);
	if (r == SL_OK && spill_order_signer(first, v->roster, clock_now()) != peer->person &&
	    spill_order_signer(second, v->roster, clock_now()) != peer->person)
		r = why_set(why, SL_E_DENIED, _("you are not one of the two officers"));
	statement_free(first);
	statement_free(second);
	return r;
}

static int read_piece(int fd, uint64_t total, int64_t offset, struct buf *out)
{
	size_t n = total - (uint64_t)offset < WIRE_DATA_MAX ? (size_t)(total - (uint64_t)offset)
							    : WIRE_DATA_MAX;
	void *room = buf_extend(out, n);
	ssize_t got = room != NULL ? pread(fd, room, n, (off_t)offset) : -1;

	return got == (ssize_t)n ? SL_OK : room == NULL ? buf_error(out) : SL_E_IO;
}

static int note(const struct review *v, const struct wire_peer *peer, const char *kind,
		const struct spill_order *o, int64_t file)
{
	json_t *record = json_pack("{s:s,s:I,s:I,s:I}", "draft", o->draft, "revision",
				   (json_int_t)o->revision, "number", (json_int_t)o->number,
				   "file", (json_int_t)file);
	int r = record == NULL ? SL_E_NOMEM : store_audit(v->store, kind, peer->pid, record);

	json_decref(record);
	return r;
}

int review_spill_get(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		     struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct spill_order o;
	int64_t file = -1, offset = -1;
	uint64_t total = 0;
	int fd = -1, r = permitted(v, peer, rq, &o, why);

	if (r == SL_OK && (!json_i64(rq->args, "file", &file) || file < 0 || file > 9999 ||
			   !json_i64(rq->args, "offset", &offset) || offset < 0))
		r = SL_E_FORMAT;
	if (r == SL_OK) {
		fd = store_sealed_open(v->store, o.draft, o.revision, (unsigned)file, &total);
		r = fd < 0 ? why_set(why, fd, _("the sealed file is not there")) : SL_OK;
	}
	if (r == SL_OK && (uint64_t)offset > total)
		r = SL_E_LIMIT;
	/* Who takes it is on record before it goes. */
	if (r == SL_OK && offset == 0)
		r = note(v, peer, "spill.get", &o, file);
	if (r == SL_OK)
		r = read_piece(fd, total, offset, &ret->data);
	file_close(fd);
	if (r != SL_OK)
		return r;
	ret->result = json_pack("{s:I,s:b}", "length", (json_int_t)total, "done",
				(int)((uint64_t)offset + ret->data.len == total));
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}

/* With "share": the second leaves it. Without: the first takes it. */
int review_spill_share(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		       struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	const char *share = json_str(rq->args, "share");
	struct spill_order o;
	struct buf text;
	char object[65];
	int r = permitted(v, peer, rq, &o, why);

	buf_init(&text, SHARE_MAX);
	if (r == SL_OK && strcmp(peer->pid, share != NULL ? o.second_pid : o.first_pid) != 0)
		r = why_set(why, SL_E_DENIED, _("the second officer leaves it for the first"));
	if (r == SL_OK && share != NULL && strlen(share) > SHARE_MAX)
		r = SL_E_LIMIT;
	if (r == SL_OK && share != NULL) {
		r = store_object_put(v->store, share, strlen(share), object);
		if (r == SL_OK)
			r = store_spill_order_share(v->store, o.number, peer->pid, object);
		if (r == SL_OK)
			r = answer(v, o.number, ret);
	} else if (r == SL_OK && o.share[0] == '\0') {
		r = why_set(why, SL_E_NOTFOUND, _("the second officer has left nothing yet"));
	} else if (r == SL_OK) {
		r = store_object_get(v->store, o.share, SHARE_MAX, &text);
		if (r == SL_OK)
			r = note(v, peer, "spill.share", &o, -1);
		if (r == SL_OK)
			ret->result = json_pack("{s:s}", "share", buf_str(&text));
		r = r == SL_OK && ret->result == NULL ? SL_E_NOMEM : r;
	}
	buf_wipe(&text);
	return r;
}
