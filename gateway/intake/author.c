/* author.c - the author's half of intake.  The desk's answers are checked before
 * they are signed: what the author signs is what the author gave. */
#include "intake/author.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "intake/author_files.h"
#include "intake/author_meta.h"
#include "trust/statement.h"

enum { TRIES = 3 };

/* Preparing and submitting may be repeated: the desk knows a token, and a draft that is
 * submitted already. So a call that got no answer is made again. */
static int ask_again(struct session *s, const char *op, const json_t *args,
		     const struct buf *data, struct wire_reply *ret, struct sl_why *why)
{
	int r = SL_E_UNREACHABLE;

	for (int i = 0; i < TRIES && (r == SL_E_TIMEOUT || r == SL_E_UNREACHABLE); i++)
		r = wire_ask(s->wire, op, args, data != NULL ? data->data : NULL,
			     data != NULL ? data->len : 0, ret, why);
	return r;
}

/* Does the manifest name exactly the files we uploaded, and our title? */
static int check_offer(const char *text, const json_t *args, struct manifest **ret_m,
		       struct sl_why *why)
{
	const json_t *files = json_arr(args, "files"), *row;
	struct manifest *m = NULL;
	size_t i;
	int r = manifest_parse(text, strlen(text), &m, why);

	if (r != SL_OK)
		return r;
	r = why_set(
		why, SL_E_SIGNATURE,
		_("the gateway offers a manifest that differs from what was submitted; nothing "
		  "was signed, tell the operators"));
	if (m->n_blobs != json_array_size(files) ||
	    strcmp(m->title, json_str(args, "title")) != 0)
		goto out;
	json_array_foreach(files, i, row)
	{
		int64_t length = -1;
		bool same = false;

		for (unsigned k = 0; k < m->n_blobs && !same; k++)
			same = strcmp(m->blobs[k].sha256, json_str(row, "sha256")) == 0 &&
			       strcmp(m->blobs[k].name, json_str(row, "name")) == 0 &&
			       json_i64(row, "length", &length) &&
			       m->blobs[k].length == (uint64_t)length;
		if (!same)
			goto out;
	}
	if (why != NULL)
		why->text[0] = '\0';
	*ret_m = m;
	m = NULL; /* moved */
	r = SL_OK;
out:
	manifest_free(m);
	return r;
}

static int sign_offer(struct session *s, const char *draft, int64_t revision, const char *text,
		      const json_t *args, json_t *envelopes, struct sl_why *why)
{
	char sha256[65];
	struct manifest *m = NULL;
	json_t *predicate = NULL;
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	r = check_offer(text, args, &m, why);
	if (r != SL_OK)
		goto out;
	hash_hex(text, strlen(text), sha256);
	predicate = submission_predicate(draft, revision, s->config->person, s->config->person,
					 clock_now());
	r = predicate == NULL
		    ? SL_E_NOMEM
		    : statement_sign(s->key, PRED_SUBMISSION, sha256, predicate, &line);
	if (r == SL_OK && json_array_append_new(envelopes, json_string(buf_str(&line))) != 0)
		r = SL_E_NOMEM;
out:
	json_decref(predicate);
	manifest_free(m);
	buf_release(&line);
	return r;
}

static int sign_and_submit(struct session *s, const json_t *args, const json_t *offer,
			   json_t **ret_result, struct sl_why *why)
{
	const char *draft = json_str(offer, "draft");
	const json_t *manifests = json_arr(offer, "manifests"), *one;
	json_t *envelopes = json_array(), *submit = NULL;
	struct wire_reply reply = {0};
	int64_t revision = 0;
	size_t i;
	int r = SL_OK;

	if (draft == NULL || !json_i64(offer, "revision", &revision) ||
	    json_array_size(manifests) == 0) {
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
		goto out;
	}
	json_array_foreach(manifests, i, one)
	{
		const char *text = json_str(one, "manifest");

		r = text == NULL ? SL_E_FORMAT
				 : sign_offer(s, draft, revision, text, args, envelopes, why);
		if (r != SL_OK)
			goto out;
	}
	submit = json_pack("{s:s, s:I, s:O}", "draft", draft, "revision", (json_int_t)revision,
			   "envelopes", envelopes);
	r = ask_again(s, "draft.submit", submit, NULL, &reply, why);
	if (r == SL_OK)
		*ret_result = json_incref(reply.result);
out:
	wire_reply_release(&reply);
	json_decref(submit);
	json_decref(envelopes);
	return r;
}

int author_submit(struct session *s, const struct author_draft *d,
		  void (*progress)(uint64_t, uint64_t), json_t **ret_result, struct sl_why *why)
{
	json_t *args = NULL, *files = NULL;
	struct wire_reply offer = {0};
	struct buf bytes;
	uint8_t token[16];
	char token_hex[33];
	int r;

	buf_init(&bytes, WIRE_DATA_MAX);
	r = author_meta_args(d, &args, why);
	if (r != SL_OK)
		return r;
	r = author_files(s, d->files, d->n_files, progress, &files, &bytes, why);
	if (r != SL_OK)
		goto out;
	/* A retry of the same prepare finds the same draft number by this token. */
	random_bytes(token, sizeof(token));
	text_hex(token, sizeof(token), token_hex);
	if (json_object_set(args, "files", files) != 0 ||
	    json_object_set_new(args, "token", json_string(token_hex)) != 0) {
		r = SL_E_NOMEM;
		goto out;
	}
	r = ask_again(s, "draft.prepare", args, &bytes, &offer, why);
	if (r == SL_OK)
		r = sign_and_submit(s, args, offer.result, ret_result, why);
out:
	wire_reply_release(&offer);
	buf_wipe(&bytes);
	json_decref(files);
	json_decref(args);
	return r;
}

static int nap(int ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	return nanosleep(&t, NULL) == 0 ? SL_OK : SL_E_CANCELED;
}

static int is_inspected(struct session *s, const json_t *args, bool *ret_done,
			struct sl_why *why)
{
	struct wire_reply reply = {0};
	const char *state;
	int r = wire_ask(s->wire, "draft.state", args, NULL, 0, &reply, why);

	if (r != SL_OK)
		return r;
	state = json_str(reply.result, "state");
	*ret_done = state == NULL ||
		    (strcmp(state, "SUBMITTED") != 0 && strcmp(state, "INSPECTING") != 0);
	wire_reply_release(&reply);
	return SL_OK;
}

int author_wait(struct session *s, const char *draft, int timeout_ms, json_t **ret_result,
		struct sl_why *why)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	json_t *args = json_pack("{s:s}", "draft", draft);
	struct wire_reply reply = {0};
	bool done = false;
	int wait_ms = 4, r = is_inspected(s, args, &done, why);

	while (r == SL_OK && !done) {
		if (clock_mono_ms() >= deadline) {
			r = why_set(why, SL_E_TIMEOUT, _("%s is still being inspected"), draft);
			break;
		}
		/* Quick at first for the short text, then kind to the desk. */
		r = nap(wait_ms);
		wait_ms = wait_ms < 250 ? wait_ms + wait_ms / 3 + 1 : 250;
		if (r == SL_OK)
			r = is_inspected(s, args, &done, why);
	}
	if (r == SL_OK)
		r = wire_ask(s->wire, "draft.show", args, NULL, 0, &reply, why);
	if (r == SL_OK)
		*ret_result = json_incref(reply.result);
	wire_reply_release(&reply);
	json_decref(args);
	return r;
}
