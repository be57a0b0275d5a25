/* predicate.c - builds and reads the predicates of our statements.
 *
 * Hostile: predicates of parsed statements, verified or not.  Readers take
 * exactly the members that builders write: what is not understood is refused,
 * never skipped. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "trust/predicate_private.h"

enum { TEXT_MAX = 4000, FILTERS_MAX = 16, ACKNOWLEDGED_MAX = 512 };

json_t *predicate_time_new(int64_t t)
{
	char text[CLOCK_TEXT + 1];

	clock_format(t, text);
	return json_string(text);
}

const char *predicate_word(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);
	size_t len = s == NULL ? 0 : strlen(s);

	return len > 0 && len < ROSTER_NAME_MAX &&
			       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789._-") == len
		       ? s
		       : NULL;
}

const char *predicate_sha256(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s != NULL && text_is_sha256(s) ? s : NULL;
}

const char *predicate_text(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s != NULL && strlen(s) <= TEXT_MAX ? s : NULL;
}

bool predicate_policy(const json_t *j, const char **ret_sha256, int64_t *ret_version)
{
	static const char *const names[] = {"sha256", "version", NULL};
	const json_t *p = json_obj(j, "policy");

	*ret_sha256 = predicate_sha256(p, "sha256");
	return *ret_sha256 != NULL && json_i64(p, "version", ret_version) &&
	       *ret_version >= 1 && json_has_only(p, names, NULL);
}

static bool one_of(const char *s, const char *const *list)
{
	for (; s != NULL && *list != NULL; list++) {
		if (strcmp(s, *list) == 0)
			return true;
	}
	return false;
}

static const char *const decisions[] = {"approve", "return", "refuse", "reject", NULL};

json_t *approval_predicate(const struct approval_facts *f)
{
	json_t *j = json_pack(
		"{s:s,s:s,s:I,s:s,s:s,s:s,s:{s:s,s:I},s:s,s:o,s:o}", "decision", f->decision,
		"draft", f->draft, "revision", (json_int_t)f->revision, "inspection_sha256",
		f->inspection_sha256, "shown_sha256", f->shown_sha256, "role", f->role,
		"policy", "sha256", f->policy_sha256, "version", (json_int_t)f->policy_version,
		"nonce", f->nonce, "time", predicate_time_new(f->time), "expires",
		predicate_time_new(f->expires));
	json_t *ack = f->acknowledged == NULL
			      ? json_array()
			      : json_incref((json_t *)(uintptr_t)f->acknowledged);
	int bad = j == NULL ? -1 : 0;

	if (json_object_set_new(j, "acknowledged", ack) != 0)
		bad = -1;
	if (bad == 0 && f->code != NULL)
		bad |= json_object_set_new(j, "code", json_string(f->code));
	if (bad == 0 && f->reason != NULL)
		bad |= json_object_set_new(j, "reason", json_string(f->reason));
	if (bad == 0 && f->edits != NULL)
		bad |= json_object_set(j, "edits", (json_t *)(uintptr_t)f->edits);
	if (bad == 0)
		return j;
	json_decref(j);
	return NULL;
}

static bool acknowledged_ok(const json_t *list)
{
	static const char *const required[] = {"rule", NULL}, *const optional[] = {"reason",
										   "text_hmac",
										   NULL};
	const json_t *v;
	size_t i;

	if (list == NULL || json_array_size(list) > ACKNOWLEDGED_MAX)
		return false;
	json_array_foreach(list, i, v)
	{
		if (predicate_text(v, "rule") == NULL || !json_has_only(v, required, optional))
			return false;
	}
	return true;
}

static bool edit_part_ok(const char *s)
{
	size_t n = s == NULL ? 0 : strlen(s);

	return s != NULL &&
	       (strcmp(s, "title") == 0 || (strncmp(s, "file:", 5) == 0 && n > 5 && n <= 8 &&
					    strspn(s + 5, "0123456789") == n - 5));
}

/* A change of no words, or of the whole text by a pattern, is none. */
static bool edits_ok(const json_t *list)
{
	static const char *const names[] = {"from", "occurrence", "part", "to", NULL};
	const json_t *v;
	size_t i;

	if (json_array_size(list) == 0 || json_array_size(list) > APPROVAL_EDITS_MAX)
		return false;
	json_array_foreach(list, i, v)
	{
		const char *from = json_str(v, "from"), *to = json_str(v, "to");
		int64_t occurrence = 0;

		if (!json_has_only(v, names, NULL) || !edit_part_ok(json_str(v, "part")) ||
		    from == NULL || from[0] == '\0' || strlen(from) > APPROVAL_EDIT_TEXT_MAX ||
		    to == NULL || strlen(to) > APPROVAL_EDIT_TEXT_MAX ||
		    strcmp(from, to) == 0 || !json_i64(v, "occurrence", &occurrence) ||
		    occurrence < 1 || occurrence > 9999)
			return false;
	}
	return true;
}

static bool nonce_ok(const char *s)
{
	return s != NULL && strlen(s) == 32 && strspn(s, "0123456789abcdef") == 32;
}

int approval_read(const struct statement *s, struct approval_facts *ret_f, struct sl_why *why)
{
	static const char *const required[] =
		{"acknowledged", "decision", "draft",	 "expires", "inspection_sha256",
		 "nonce",	 "policy",   "revision", "role",    "shown_sha256",
		 "time",	 NULL},
				 *const optional[] = {"code", "edits", "reason", NULL};
	const json_t *j = s->predicate;
	struct approval_facts f = {
		.decision = json_str(j, "decision"),
		.role = json_str(j, "role"),
		.draft = predicate_word(j, "draft"),
		.inspection_sha256 = predicate_sha256(j, "inspection_sha256"),
		.shown_sha256 = predicate_sha256(j, "shown_sha256"),
		.acknowledged = json_arr(j, "acknowledged"),
		.code = json_str(j, "code"),
		.reason = predicate_text(j, "reason"),
		.edits = json_arr(j, "edits"),
	};

	if (s->kind != PRED_APPROVAL || !json_has_only(j, required, optional) ||
	    !one_of(f.decision, decisions) || f.role == NULL || !roster_role_known(f.role) ||
	    f.draft == NULL || !json_i64(j, "revision", &f.revision) || f.revision < 1 ||
	    f.inspection_sha256 == NULL || f.shown_sha256 == NULL ||
	    !acknowledged_ok(f.acknowledged) ||
	    !predicate_policy(j, &f.policy_sha256, &f.policy_version) ||
	    !json_time(j, "time", &f.time) || !json_time(j, "expires", &f.expires) ||
	    !nonce_ok(json_str(j, "nonce")) ||
	    (json_object_get(j, "reason") != NULL && f.reason == NULL) ||
	    (json_object_get(j, "edits") != NULL &&
	     (strcmp(f.decision, "return") != 0 || !edits_ok(f.edits))) ||
	    (json_object_get(j, "code") != NULL && predicate_text(j, "code") == NULL))
		return why_set(why, SL_E_FORMAT, "approval is malformed");
	memcpy(f.nonce, json_str(j, "nonce"), sizeof(f.nonce));
	*ret_f = f;
	return SL_OK;
}

json_t *submission_predicate(const char *draft, int64_t revision, const char *author_pid,
			     const char *submitter_pid, int64_t time)
{
	return json_pack("{s:s,s:s,s:I,s:s,s:o}", "author", author_pid, "draft", draft,
			 "revision", (json_int_t)revision, "submitter", submitter_pid, "time",
			 predicate_time_new(time));
}

int submission_read(const struct statement *s, const char **ret_draft, int64_t *ret_revision,
		    const char **ret_author, const char **ret_submitter, int64_t *ret_time,
		    struct sl_why *why)
{
	static const char *const names[] = {"author",	 "draft", "revision",
					    "submitter", "time",  NULL};
	const json_t *j = s->predicate;
	const char *draft = predicate_word(j, "draft"), *author = predicate_word(j, "author"),
		   *submitter = predicate_word(j, "submitter");
	int64_t revision, time;

	if (s->kind != PRED_SUBMISSION || !json_has_only(j, names, NULL) || draft == NULL ||
	    author == NULL || submitter == NULL || !json_i64(j, "revision", &revision) ||
	    revision < 1 || !json_time(j, "time", &time))
		return why_set(why, SL_E_FORMAT, "submission is malformed");
	*ret_draft = draft;
	*ret_revision = revision;
	*ret_author = author;
	*ret_submitter = submitter;
	*ret_time = time;
	return SL_OK;
}

json_t *inspection_predicate(const json_t *filters, const char *verdict,
			     const char *report_sha256, const char *rules_sha256, int64_t time)
{
	return json_pack("{s:O,s:s,s:s,s:o,s:s}", "filters", filters, "report_sha256",
			 report_sha256, "rules_sha256", rules_sha256, "time",
			 predicate_time_new(time), "verdict", verdict);
}

int inspection_read(const struct statement *s, const char **ret_verdict,
		    const char **ret_report_sha256, struct sl_why *why)
{
	static const char *const names[] = {"filters", "report_sha256", "rules_sha256",
					    "time",    "verdict",	NULL};
	static const char *const verdicts[] = {"clean", "review", "hold",
					       "block", "spill",  NULL};
	const json_t *j = s->predicate;
	const char *verdict = json_str(j, "verdict"),
		   *report = predicate_sha256(j, "report_sha256");
	int64_t time;

	if (s->kind != PRED_INSPECTION || !json_has_only(j, names, NULL) ||
	    json_arr(j, "filters") == NULL ||
	    json_array_size(json_arr(j, "filters")) > FILTERS_MAX || report == NULL ||
	    predicate_sha256(j, "rules_sha256") == NULL || !json_time(j, "time", &time) ||
	    !one_of(verdict, verdicts))
		return why_set(why, SL_E_FORMAT, "inspection is malformed");
	*ret_verdict = verdict;
	*ret_report_sha256 = report;
	return SL_OK;
}
