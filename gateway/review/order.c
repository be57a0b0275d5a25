/* order.c - a person's signed order about something already published. */
#include "review/order.h"

#include "base/clock.h"
#include "trust/statement.h"

int order_send(struct session *s, const char *release, const char *action, const char *code,
	       const char *reason, json_t **ret_result, struct sl_why *why)
{
	struct wire_reply shown = {0}, reply = {0};
	json_t *args = NULL, *order = NULL, *hand_in = NULL;
	const char *manifest;
	int64_t version = 0;
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	if (!release_id_ok(release))
		return why_set(why, SL_E_USAGE,
			       "\"%s\" is not a release number (R-2026-000123)", release);
	args = json_pack("{s:s}", "release", release);
	r = wire_ask(s->wire, "release.find", args, NULL, 0, &shown, why);
	if (r != SL_OK)
		goto out;
	manifest = json_str(shown.result, "manifest_sha256");
	if (manifest == NULL || !json_i64(shown.result, "version", &version)) {
		r = why_set(why, SL_E_FORMAT, "the gateway's answer cannot be understood");
		goto out;
	}
	order = order_predicate(action, release, version, code, reason, clock_now());
	r = order == NULL ? SL_E_NOMEM
			  : statement_sign(s->key, PRED_ORDER, manifest, order, &line);
	if (r != SL_OK)
		goto out;
	hand_in = json_pack("{s:s}", "envelope", buf_str(&line));
	r = wire_ask(s->wire, "release.order", hand_in, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret_result = json_incref(reply.result);
out:
	wire_reply_release(&shown);
	wire_reply_release(&reply);
	json_decref(hand_in);
	json_decref(order);
	json_decref(args);
	buf_release(&line);
	return r;
}
