/* line_refused.c - drafts and cases that may not go out, and who hears of it.
 *
 * The last refused case is kept whole in DATA/release/refused for people to look at. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "release/line_private.h"

enum { REFUSED_MAX = 4096 };

bool line_broken(int r)
{
	return r == SL_E_CORRUPT || r == SL_E_SIGNATURE || r == SL_E_FORMAT ||
	       r == SL_E_NOTFOUND || r == SL_E_LIMIT || r == SL_E_EXISTS || r == SL_E_DENIED ||
	       r == SL_E_EXPIRED;
}

bool line_void(int r)
{
	return r == SL_E_DENIED || r == SL_E_SIGNATURE || r == SL_E_UNSUPPORTED ||
	       r == SL_E_REPLAY || r == SL_E_FORMAT || r == SL_E_LIMIT || r == SL_E_EXISTS;
}

int line_send_back(struct line *l, const char *id, int64_t revision, int r, struct sl_why *why)
{
	bool again = r == SL_E_DENIED || r == SL_E_EXPIRED;
	enum draft_state to = again ? DRAFT_IN_REVIEW : DRAFT_HELD;
	char reason[512];
	struct draft_change change = {.actor = "releaser", .reason = reason};

	if (!line_broken(r))
		return r;
	(void)snprintf(reason, sizeof(reason), "%s", why_text(why, r));
	log_err("not-released", "draft=%s revision=%lld error=%s to=%s reason=%s", id,
		(long long)revision, sl_errname(r), draft_state_name(to), log_q(reason));
	r = store_move(l->store, id, revision, DRAFT_APPROVED, to, &change, NULL);
	return r == SL_E_CONFLICT || r == SL_E_STATE ? SL_OK : r;
}

int line_drop_order(struct line *l, int64_t number, const char *release, int r,
		    const struct sl_why *why)
{
	log_err("order-dropped", "order=%lld release=%s error=%s reason=%s", (long long)number,
		release, sl_errname(r), log_q(why_text(why, r)));
	r = store_order_done(l->store, number, 0);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

/* {"error","reason"} of another process: error must be a known name. */
static int read_refusal(int case_fd, struct sl_why *reason)
{
	const char *name, *text;
	json_t *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, REFUSED_MAX);
	r = file_read(case_fd, "refused", REFUSED_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, REFUSED_MAX, &j);
	name = json_str(j, "error");
	text = json_str(j, "reason");
	r = r == SL_OK && name != NULL ? sl_err_from_name(name) : SL_E_INTERNAL;
	(void)why_set(reason, r, "checker: %s", text == NULL ? "no reason given" : text);
	json_decref(j);
	buf_release(&b);
	return r;
}

static int set_aside(struct line *l, const struct casefile *c)
{
	char name[CASEFILE_NAME + 1];
	int r = file_remove_tree(l->f.release_fd, "refused");

	casefile_name(c->number, name);
	if (r == SL_OK && renameat(l->f.cases_fd, name, l->f.release_fd, "refused") != 0)
		r = sl_err_errno(errno);
	return r == SL_OK ? file_sync_dir(l->f.cases_fd) : r;
}

int line_refused(struct line *l, int case_fd, const struct casefile *c, int64_t now,
		 struct sl_why *why)
{
	struct sl_why reason = {.text = ""};
	int said = read_refusal(case_fd, &reason), r = SL_OK;

	(void)why;
	/* An audit log that does not fit must not stop releases and timestamps too. */
	if (c->anchor.version > 0 && said != SL_E_EXPIRED) {
		l->no_anchor = true;
		log_err("audit.unanchored", "size=%lld until the next start",
			(long long)c->anchor.version);
	}
	log_err("refused", "case=%lld kind=%s items=%u error=%s reason=%s",
		(long long)c->number, casefile_kind_name(c->kind), c->n, sl_errname(said),
		log_q(reason.text));
	if (said == SL_E_EXPIRED)
		l->not_before = now; /* it only waited too long: build it anew */
	else if (c->n == 0 ||
		 !(c->kind == CASEFILE_NOTICE ? line_void(said) : line_broken(said)))
		l->not_before = now + LINE_BACKOFF_S;
	else if (c->n > 1)
		l->singly = c->n;
	else if (c->kind == CASEFILE_RELEASE)
		/* Held and not back to review: two programs of ours disagree about it. */
		r = line_send_back(l, c->items[0].draft, c->items[0].revision, SL_E_CORRUPT,
				   &reason);
	else
		r = line_drop_order(l, c->items[0].order, c->items[0].delta.id, said, &reason);
	return r == SL_OK ? set_aside(l, c) : r;
}
