/* intake.c - the small operations: who am I, uploads, cancel, the desk's state. */
#include "intake/intake.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "intake/signed_files.h"

enum { REASON_MAX = 400 };

int intake_open_for(const struct intake *in, uint64_t bytes, struct sl_why *why)
{
	uint64_t space = store_free_space(in->store), keep = in->config->limits.free_bytes;
	char reason[REASON_MAX + 1] = "";
	struct buf text;
	int r;

	if (file_exists(AT_FDCWD, in->stopped)) {
		buf_init(&text, REASON_MAX);
		r = file_read(AT_FDCWD, in->stopped, REASON_MAX, &text);
		(void)snprintf(reason, sizeof(reason), "%s", r == SL_OK ? buf_str(&text) : "");
		buf_release(&text);
		return why_set(why, SL_E_STATE, _("the gateway takes no drafts now: %s"),
			       reason[0] != '\0' ? reason
						 : _("its operators stopped the line"));
	}
	/* Space 0 means unknown: then the write itself will tell. */
	if (space != 0 && (space < keep || space - keep < bytes))
		return why_set(
			why, SL_E_FULL,
			_("the gateway's disk is nearly full (%llu MiB free, %llu MiB are kept "
			  "back); tell its operators and try again later"),
			(unsigned long long)(space >> 20), (unsigned long long)(keep >> 20));
	return SL_OK;
}

int intake_text(const json_t *args, const char *name, char *out, size_t cap, struct sl_why *why)
{
	const json_t *v = json_object_get(args, name);
	const char *s = json_string_value(v);
	size_t len = json_string_length(v);

	if (s == NULL)
		return why_set(why, SL_E_FORMAT, _("\"%s\" is missing or not a text"), name);
	if (len >= cap)
		return why_set(why, SL_E_LIMIT, _("\"%s\" is longer than %zu bytes"), name,
			       cap - 1);
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return why_set(why, SL_E_FORMAT,
				       _("\"%s\" has control characters or line breaks"), name);
	}
	memcpy(out, s, len);
	out[len] = '\0';
	return SL_OK;
}

static int result(struct wire_reply *ret, json_t *j)
{
	ret->result = j;
	return j == NULL ? SL_E_NOMEM : SL_OK;
}

static int whoami(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	const struct roster_person *p = peer->person;
	json_t *roles = json_array();
	char now[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1];
	int64_t last = 0;

	(void)arg;
	(void)rq;
	(void)why;
	clock_format(clock_now(), now);
	/* A person whose next key is enrolled already need not be reminded. */
	for (unsigned i = 0; i < p->n_keys; i++) {
		if (p->keys[i].use != KEY_SEAL && p->keys[i].until > last)
			last = p->keys[i].until;
	}
	clock_format(last, until);
	for (unsigned i = 0; i < p->n_roles; i++)
		(void)json_array_append_new(roles, json_string(p->roles[i]));
	return result(ret, json_pack("{s:s,s:s,s:s,s:o,s:s}", "key_until", until, "pid", p->pid,
				     "unit", p->unit, "roles", roles, "time", now));
}

static int policy_get(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		      struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	char hex[HASH_HEX + 1];

	(void)peer;
	(void)rq;
	(void)why;
	text_hex(roster_digest(in->roster), HASH_LEN, hex);
	buf_put(&ret->data, in->policy->data, in->policy->len);
	if (buf_error(&ret->data) != SL_OK)
		return buf_error(&ret->data);
	return result(ret, json_pack("{s:s,s:I}", "sha256", hex, "version",
				     (json_int_t)roster_version(in->roster)));
}

static int offset_result(struct wire_reply *ret, int r, uint64_t offset)
{
	return r == SL_OK ? result(ret, json_pack("{s:I}", "offset", (json_int_t)offset)) : r;
}

static const char *sha256_of(const struct wire_request *rq)
{
	const char *s = json_str(rq->args, "sha256");

	return s != NULL ? s : "";
}

static int upload_begin(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	uint64_t offset = 0, most = in->config->limits.file_bytes;
	int64_t length = -1;
	int r;

	if (!json_i64(rq->args, "length", &length) || length < 0)
		return why_set(why, SL_E_FORMAT, _("\"length\" is missing"));
	if ((uint64_t)length > most)
		return why_set(why, SL_E_LIMIT,
			       _("the file has %lld bytes; the largest allowed is %llu MiB"),
			       (long long)length, (unsigned long long)(most >> 20));
	r = intake_open_for(in, (uint64_t)length, why);
	if (r == SL_OK)
		r = store_upload_begin(in->store, peer->pid, sha256_of(rq), (uint64_t)length,
				       &offset, why);
	return offset_result(ret, r, offset);
}

static int upload_chunk(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	uint64_t now = 0;
	int64_t offset = -1;
	int r;

	if (!json_i64(rq->args, "offset", &offset) || offset < 0)
		return why_set(why, SL_E_FORMAT, _("\"offset\" is missing"));
	r = store_upload_chunk(in->store, peer->pid, sha256_of(rq), (uint64_t)offset, rq->data,
			       rq->data_len, &now, why);
	return offset_result(ret, r, now);
}

static int upload_finish(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			 struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	int r = store_upload_finish(in->store, peer->pid, sha256_of(rq), why);

	return r == SL_OK ? result(ret, json_object()) : r;
}

static int draft_cancel(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	const struct draft_change c = {.actor = peer->pid};
	const char *id = json_str(rq->args, "draft");
	struct draft d = {0};
	int r = store_draft_own(in->store, peer->pid, id, 0, &d, why);

	if (r != SL_OK)
		return r;
	if (d.state == DRAFT_SUBMITTED || d.state == DRAFT_INSPECTING)
		r = why_set(why, SL_E_STATE,
			    _("%s is being inspected; cancel it when the inspection is over"),
			    d.id);
	else
		r = store_move(in->store, d.id, d.revision, d.state, DRAFT_CANCELED, &c, why);
	if (r == SL_OK)
		r = result(ret, json_pack("{s:s,s:s}", "draft", d.id, "state",
					  draft_state_name(DRAFT_CANCELED)));
	draft_release(&d);
	return r;
}

static int desk_status(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		       struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	uint64_t counts[DRAFT_STATE_COUNT];
	char now[CLOCK_TEXT + 1];
	struct sl_why stopped = {""};
	json_t *drafts;
	int r = store_draft_counts(in->store, counts);

	(void)peer;
	(void)rq;
	(void)why;
	if (r != SL_OK)
		return r;
	drafts = json_object();
	for (unsigned i = 0; i < DRAFT_STATE_COUNT; i++)
		(void)json_object_set_new(drafts, draft_state_name((enum draft_state)i),
					  json_integer((json_int_t)counts[i]));
	clock_format(clock_now(), now);
	r = result(ret, json_pack("{s:o,s:s,s:s}", "drafts", drafts, "time", now, "version",
				  SL_VERSION));
	if (r == SL_OK && intake_open_for(in, 0, &stopped) != SL_OK)
		(void)json_object_set_new(ret->result, "stopped", json_string(stopped.text));
	return r;
}

const struct wire_op *intake_ops(void)
{
	static const struct wire_op ops[] = {
		{"whoami", 0, whoami, NULL},
		{"policy.get", 0, policy_get, NULL},
		{"policy.chain", 0, intake_policy_chain, NULL},
		{"rules.signed", 0, intake_rules_signed, NULL},
		{"upload.begin", 0, upload_begin, NULL},
		{"upload.chunk", WIRE_DATA_MAX, upload_chunk, NULL},
		{"upload.finish", 0, upload_finish, NULL},
		{"draft.prepare", WIRE_DATA_MAX, intake_prepare, NULL},
		{"draft.submit", 0, intake_submit, NULL},
		{"draft.cancel", 0, draft_cancel, NULL},
		{"draft.fix", 0, intake_fix, NULL},
		{"draft.fixed", 0, intake_fixed, NULL},
		{"desk.status", 0, desk_status, NULL},
		{NULL, 0, NULL, NULL},
	};

	return ops;
}
