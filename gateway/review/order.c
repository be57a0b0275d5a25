/* order.c - a person's signed order about something already published. */
#include "review/order.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "crypto/hash.h"
#include "review/sign.h"
#include "trust/order.h"

/* What the desk knows of the release becomes what the order is about. */
static int fill(const json_t *found, const char **ret_manifest, struct notice_facts *f,
		struct sl_why *why)
{
	*ret_manifest = json_str(found, "manifest_sha256");
	if (*ret_manifest == NULL || !json_i64(found, "version", &f->version))
		return why_set(why, SL_E_FORMAT,
			       _("the gateway's answer cannot be understood"));
	if (order_persons(f->action) > 1 && !json_i64(found, "freeze", &f->freeze))
		return why_set(why, SL_E_STATE,
			       _("%s is not frozen, or its freeze has not gone out yet"),
			       f->release);
	return SL_OK;
}

/* One person is enough to stop something, so that needs no touch of a security key;
 * what two must agree on is a decision like an approval. */
static int sign(struct session *s, const struct notice_facts *f, const char *manifest,
		struct buf *line, struct sl_why *why)
{
	json_t *order = order_predicate(f);
	int r = SL_E_NOMEM;

	if (order != NULL && order_persons(f->action) > 1)
		r = sign_decision(s, PRED_ORDER, manifest, order, line, why);
	else if (order != NULL)
		r = statement_sign(s->key, PRED_ORDER, manifest, order, line);
	json_decref(order);
	return r;
}

int order_send(struct session *s, const char *release, const char *action, const char *code,
	       const char *reason, json_t **ret_result, struct sl_why *why)
{
	struct wire_reply shown = {0}, reply = {0};
	json_t *args = NULL, *hand_in = NULL;
	struct notice_facts f = {
		.action = action, .release = release, .reason_code = code, .time = clock_now()};
	char text[HASH_HEX + 1];
	const char *manifest;
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	if (!release_id_ok(release))
		return why_set(why, SL_E_USAGE,
			       _("\"%s\" is not a release number (R-2026-000123)"), release);
	hash_hex(reason, strlen(reason), text);
	f.text_sha256 = text;
	args = json_pack("{s:s}", "release", release);
	r = wire_ask(s->wire, "release.find", args, NULL, 0, &shown, why);
	if (r == SL_OK)
		r = fill(shown.result, &manifest, &f, why);
	if (r == SL_OK)
		r = sign(s, &f, manifest, &line, why);
	if (r != SL_OK)
		goto out;
	hand_in = json_pack("{s:s,s:s}", "envelope", buf_str(&line), "reason", reason);
	r = hand_in == NULL ? SL_E_FORMAT
			    : wire_ask(s->wire, "release.order", hand_in, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret_result = json_incref(reply.result);
out:
	wire_reply_release(&shown);
	wire_reply_release(&reply);
	json_decref(hand_in);
	json_decref(args);
	buf_release(&line);
	return r;
}
