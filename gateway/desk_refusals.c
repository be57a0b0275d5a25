/* desk_refusals.c - refused requests into the audit, and doubt about the store. */
#include "desk_refusals.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "store/store.h"

enum {
	LOOK_MS = 60 * 1000, /* at most so often is the store doubted */
	MINUTE_MS = 60 * 1000,
	STRANGERS_A_MINUTE = 60
};

static void audit(struct desk_refusals *d, const char *actor, const char *op, int error,
		  const char *detail)
{
	json_t *record;
	int r;

	if (d->limited) { /* no audit can be kept */
		log_info("limited.refused", "actor=%s operation=%s error=%s", log_q(actor),
			 log_q(op), sl_errname(error));
		return;
	}
	record = json_pack("{s:s,s:s,s:s}", "operation", op, "error", sl_errname(error),
			   "detail", detail);
	r = record == NULL ? SL_E_NOMEM
			   : store_audit(d->store, "request.refused", actor, record);
	json_decref(record);
	if (r != SL_OK)
		log_warn("audit", "error=%s", sl_errname(r));
}

void desk_refusals_stranger(struct desk_refusals *d, const char *keyid, const char *op,
			    int error)
{
	int64_t minute = clock_mono_ms() / MINUTE_MS;
	char actor[32];

	if (minute != d->minute) {
		d->minute = minute;
		d->strangers = 0;
	}
	if (d->strangers++ >= STRANGERS_A_MINUTE)
		return;
	(void)snprintf(actor, sizeof(actor), "key %.16s", keyid);
	log_info("request.refused", "key=%.16s operation=%s error=%s", keyid, log_q(op),
		 sl_errname(error));
	audit(d, actor, op, error, "");
}

/* A damaged database may not be written any further: end, and let the supervisor
 * start the desk again without it.  One damaged object is no reason for that. */
static void doubt_store(struct desk_refusals *d)
{
	enum store_fitness fitness = STORE_SOUND;
	int64_t now = clock_mono_ms();

	if (d->limited || now < d->next_look)
		return;
	d->next_look = now + LOOK_MS;
	if (store_look(d->data, &fitness, &d->why) == SL_OK && fitness != STORE_SOUND)
		d->lost = true;
}

void desk_refusals_person(struct desk_refusals *d, const char *pid, const char *op, int error,
			  const char *detail)
{
	audit(d, pid, op, error, detail);
	if (error == SL_E_CORRUPT || error == SL_E_IO)
		doubt_store(d);
	if (error == SL_E_CORRUPT || error == SL_E_INTERNAL || error == SL_E_IO ||
	    error == SL_E_FULL)
		log_err("request.failed", "operation=%s error=%s why=%s", op, sl_errname(error),
			log_q(detail));
}
