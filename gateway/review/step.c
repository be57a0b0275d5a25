/* step.c - a step of a draft's life, signed by its person. */
#include "review/step.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "review/sign.h"

int step_status(struct session *s, const char *draft, json_t **ret_status, struct sl_why *why)
{
	json_t *args = json_pack("{s:s}", "draft", draft);
	struct wire_reply reply = {0};
	json_t *one;
	int r = args == NULL ? SL_E_FORMAT
			     : wire_ask(s->wire, "draft.status", args, NULL, 0, &reply, why);

	one = json_array_get(json_arr(reply.result, "drafts"), 0);
	if (r == SL_OK && !json_is_object(one))
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
	if (r == SL_OK)
		*ret_status = json_incref(one);
	wire_reply_release(&reply);
	json_decref(args);
	return r;
}

/* An author's only key cannot decide; whoever has one that can uses it. */
static int sign(struct session *s, const char *manifest, const struct procedure_facts *f,
		struct buf *line, struct sl_why *why)
{
	json_t *predicate = procedure_predicate(f);
	int r = SL_E_FORMAT;

	if (predicate != NULL && strcmp(f->action, "appeal") == 0)
		r = statement_sign(s->key, PRED_PROCEDURE, manifest, predicate, line);
	else if (predicate != NULL)
		r = sign_decision(s, PRED_PROCEDURE, manifest, predicate, line, why);
	json_decref(predicate);
	return r == SL_E_FORMAT ? why_set(why, r,
					  _("it has line breaks, control characters, "
					    "or is no UTF-8"))
				: r;
}

int step_send(struct session *s, const char *op, const json_t *status,
	      struct procedure_facts *f, json_t **ret_result, struct sl_why *why)
{
	const char *manifest = json_str(status, "manifest_sha256");
	struct wire_reply reply = {0};
	uint8_t nonce[16];
	json_t *args = NULL;
	struct buf line;
	int r = SL_OK;

	buf_init(&line, DSSE_MAX);
	f->draft = json_str(status, "draft");
	if (manifest == NULL || f->draft == NULL || !json_i64(status, "revision", &f->revision))
		return why_set(why, SL_E_STATE, _("it is not inspected yet, or sealed"));
	if (strlen(f->text) > PROCEDURE_TEXT_MAX ||
	    (f->body != NULL && strlen(f->body) > PROCEDURE_BODY_MAX))
		return why_set(why, SL_E_LIMIT, _("at most %d bytes, and a body's name %d"),
			       PROCEDURE_TEXT_MAX, PROCEDURE_BODY_MAX);
	f->time = clock_now();
	random_bytes(nonce, sizeof(nonce));
	text_hex(nonce, sizeof(nonce), f->nonce);
	r = sign(s, manifest, f, &line, why);
	if (r == SL_OK)
		args = json_pack("{s:s,s:I,s:s}", "draft", f->draft, "revision",
				 (json_int_t)f->revision, "envelope", buf_str(&line));
	if (r == SL_OK)
		r = args == NULL ? SL_E_NOMEM
				 : wire_ask(s->wire, op, args, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret_result = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(args);
	buf_release(&line);
	return r;
}
