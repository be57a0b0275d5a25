/* form_signed.c - verify envelopes one by one and say of each what is wrong with it.
 *
 * Hostile: every line and every word beside it.  A row whose line does not verify keeps the
 * gateway's words, marked by its check; a valid one has the signed words. */
#include "form/form_signed.h"

#include <string.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "trust/procedure.h"
#include "trust/statement.h"

static bool same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static json_t *time_text(int64_t t)
{
	char text[CLOCK_TEXT + 1];

	/* A signed time is of the profile, so its year has four digits. */
	clock_format(t, text);
	return json_string(text);
}

/* Parse, and find whose key it is: NULL and *ret_s filled when the signature is good. */
static const char *check_line(const struct form_ground *g, const char *line,
			      enum predicate want, struct statement **ret_s,
			      const struct roster_person **ret_p,
			      const struct roster_key **ret_k)
{
	struct statement *s = NULL;

	if (line == NULL)
		return "missing";
	if (statement_parse(line, strlen(line), &s, NULL) != SL_OK)
		return "format";
	*ret_s = s; /* taken by the caller, also when it is bad */
	if (s->kind != want)
		return "format";
	*ret_p = roster_find_key(g->roster, s->envelope.keyid, ret_k);
	if (*ret_p == NULL)
		return "unknown-key";
	return roster_verify(*ret_k, &s->envelope) == SL_OK ? NULL : "signature";
}

static int put_key(json_t *j, const struct statement *s, const struct roster_person *p)
{
	return json_object_set_new(j, "envelope_sha256", json_string(s->sha256)) != 0 ||
			       json_object_set_new(j, "keyid",
						   json_string(s->envelope.keyid)) != 0 ||
			       (p != NULL &&
				json_object_set_new(j, "unit", json_string(p->unit)) != 0)
		       ? SL_E_NOMEM
		       : SL_OK;
}

static bool in_window(const struct roster_key *k, int64_t t)
{
	return t >= k->from && t <= k->until;
}

/* Is what was signed what the gateway's row says, by whom it says? */
static const char *check_vote(const struct form_ground *g, const json_t *row,
			      const struct statement *s, const struct roster_person *p,
			      const struct roster_key *k, struct approval_facts *f)
{
	if (approval_read(s, f, NULL) != SL_OK)
		return "format";
	if (!same(p->pid, json_str(row, "pid")))
		return "person";
	if (!same(f->draft, g->draft) || f->revision != g->revision ||
	    !same(f->role, json_str(row, "role")) ||
	    !same(f->decision, json_str(row, "decision")))
		return "differs";
	if (!in_window(k, f->time))
		return "window";
	return roster_has_role(p, f->role) ? NULL : "role";
}

static int put_facts(const struct form_ground *g, const struct statement *s,
		     const struct approval_facts *f, json_t *j)
{
	bool approve = same(f->decision, "approve");
	const char *about = NULL;

	if (!same(s->subject, g->manifest_sha256))
		about = "manifest";
	else if (approve && !same(f->inspection_sha256, g->report_sha256))
		about = "report";
	if (json_object_set_new(j, "code", json_string(f->code != NULL ? f->code : "")) != 0 ||
	    json_object_set_new(j, "reason", json_string(f->reason != NULL ? f->reason : "")) !=
		    0 ||
	    json_object_set_new(j, "time", time_text(f->time)) != 0 ||
	    json_object_set_new(j, "policy_version", json_integer(f->policy_version)) != 0 ||
	    json_object_set_new(j, "counts", json_boolean(about == NULL)) != 0)
		return SL_E_NOMEM;
	if (about != NULL && json_object_set_new(j, "about", json_string(about)) != 0)
		return SL_E_NOMEM;
	if (f->acknowledged != NULL &&
	    json_object_set(j, "acknowledged", (json_t *)(uintptr_t)f->acknowledged) != 0)
		return SL_E_NOMEM;
	return SL_OK;
}

/* The gateway's own words about a vote, as far as they are words. */
static json_t *claimed(const json_t *row)
{
	static const char *const names[] = {"pid",    "role", "decision",	 "code",
					    "reason", "time", "envelope_sha256", NULL};
	json_t *j = json_object();

	for (const char *const *n = names; j != NULL && *n != NULL; n++) {
		const char *s = json_str(row, *n);

		if (json_object_set_new(j, *n, json_string(s != NULL ? s : "")) != 0) {
			json_decref(j);
			j = NULL;
		}
	}
	return j;
}

json_t *form_signed_vote(const struct form_ground *g, const json_t *row)
{
	const char *line = json_str(row, "envelope"), *check;
	const struct roster_person *p = NULL;
	const struct roster_key *k = NULL;
	struct statement *s = NULL;
	struct approval_facts f = {.decision = NULL};
	const char *stands_for = json_str(row, "stands_for");
	json_t *j = claimed(row);
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return NULL;
	if (stands_for != NULL &&
	    json_object_set_new(j, "stands_for", json_string(stands_for)) != 0)
		r = SL_E_NOMEM;
	check = check_line(g, line, PRED_APPROVAL, &s, &p, &k);
	if (s != NULL && !same(s->sha256, json_str(row, "envelope_sha256")))
		check = "digest";
	if (check == NULL)
		check = check_vote(g, row, s, p, k, &f);
	if (r == SL_OK && s != NULL)
		r = put_key(j, s, p);
	if (r == SL_OK && check == NULL)
		r = put_facts(g, s, &f, j);
	/* The lead group's decision is on the form itself; that it came after is the gateway's
	 * word. */
	if (r == SL_OK && check == NULL && json_is_true(json_object_get(row, "overruled")) &&
	    (json_object_set_new(j, "counts", json_false()) != 0 ||
	     json_object_set_new(j, "about", json_string("appeal")) != 0))
		r = SL_E_NOMEM;
	if (r == SL_OK &&
	    json_object_set_new(j, "check", json_string(check != NULL ? check : "valid")) != 0)
		r = SL_E_NOMEM;
	statement_free(s);
	if (r == SL_OK)
		return j;
	json_decref(j);
	return NULL;
}

static const char *check_submission(const struct form_ground *g, const struct statement *s,
				    const struct roster_person *p, const struct roster_key *k,
				    json_t *j)
{
	const char *draft, *author, *submitter;
	int64_t revision, t;

	if (submission_read(s, &draft, &revision, &author, &submitter, &t, NULL) != SL_OK)
		return "format";
	if (json_object_set_new(j, "author", json_string(author)) != 0 ||
	    json_object_set_new(j, "submitter", json_string(submitter)) != 0 ||
	    json_object_set_new(j, "time", time_text(t)) != 0)
		return "format";
	if (!same(draft, g->draft) || revision != g->revision ||
	    !same(s->subject, g->manifest_sha256))
		return "differs";
	if (!same(p->pid, submitter))
		return "person";
	return in_window(k, t) ? NULL : "window";
}

static const char *check_inspection(const struct form_ground *g, const struct statement *s,
				    const struct roster_person *p, json_t *j)
{
	const char *verdict, *report;

	if (inspection_read(s, &verdict, &report, NULL) != SL_OK)
		return "format";
	if (json_object_set_new(j, "verdict", json_string(verdict)) != 0)
		return "format";
	if (!same(s->subject, g->manifest_sha256) || !same(report, g->report_sha256))
		return "differs";
	return roster_has_role(p, "gateway-service") ? NULL : "person";
}

static json_t *other_line(const struct form_ground *g, const char *line, enum predicate kind)
{
	const struct roster_person *p = NULL;
	const struct roster_key *k = NULL;
	struct statement *s = NULL;
	json_t *j = json_object();
	const char *check = check_line(g, line, kind, &s, &p, &k);
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && s != NULL)
		r = put_key(j, s, p);
	if (r == SL_OK && check == NULL)
		check = kind == PRED_SUBMISSION ? check_submission(g, s, p, k, j)
						: check_inspection(g, s, p, j);
	if (r == SL_OK &&
	    json_object_set_new(j, "check", json_string(check != NULL ? check : "valid")) != 0)
		r = SL_E_NOMEM;
	statement_free(s);
	if (r == SL_OK)
		return j;
	json_decref(j);
	return NULL;
}

json_t *form_signed_submission(const struct form_ground *g, const char *line)
{
	return other_line(g, line, PRED_SUBMISSION);
}

json_t *form_signed_inspection(const struct form_ground *g, const char *line)
{
	return other_line(g, line, PRED_INSPECTION);
}

static int put_step(json_t *j, const struct procedure_facts *f, const struct roster_person *p)
{
	json_t *scan = f->scan_name == NULL ? NULL
					    : json_pack("{s:s,s:s}", "name", f->scan_name,
							"sha256", f->scan_sha256);
	int bad = json_object_set_new(j, "action", json_string(f->action)) |
		  json_object_set_new(j, "pid", json_string(p->pid)) |
		  json_object_set_new(j, "role", json_string(f->role)) |
		  json_object_set_new(j, "text", json_string(f->text)) |
		  json_object_set_new(j, "time", time_text(f->time)) |
		  json_object_set_new(j, "third_party", json_boolean(f->third_party));

	if (f->body != NULL)
		bad |= json_object_set_new(j, "body", json_string(f->body));
	if (f->scan_name != NULL)
		bad |= json_object_set_new(j, "scan", scan);
	return bad == 0 ? SL_OK : SL_E_NOMEM;
}

static const char *check_step(const struct form_ground *g, const struct statement *s,
			      struct procedure_facts *f)
{
	if (procedure_read(s, f, NULL) != SL_OK)
		return "format";
	/* The manifest may be another one: an appeal that is admitted raises the class. */
	if (!same(f->draft, g->draft) || f->revision != g->revision)
		return "differs";
	return procedure_signer(s, g->roster, f->time) != NULL ? NULL : "role";
}

json_t *form_signed_step(const struct form_ground *g, const json_t *row)
{
	const char *name = json_str(row, "envelope_sha256"), *check;
	const struct roster_person *p = NULL;
	const struct roster_key *k = NULL;
	struct procedure_facts f;
	struct statement *s = NULL;
	json_t *j = json_pack("{s:s}", "envelope_sha256", name != NULL ? name : "");
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return NULL;
	check = check_line(g, json_str(row, "envelope"), PRED_PROCEDURE, &s, &p, &k);
	if (s != NULL && !same(s->sha256, name))
		check = "digest";
	if (check == NULL)
		check = check_step(g, s, &f);
	if (check == NULL)
		r = put_step(j, &f, p);
	if (r == SL_OK && check == NULL)
		r = put_key(j, s, p);
	if (r == SL_OK &&
	    json_object_set_new(j, "check", json_string(check != NULL ? check : "valid")) != 0)
		r = SL_E_NOMEM;
	statement_free(s);
	if (r == SL_OK)
		return j;
	json_decref(j);
	return NULL;
}
