/* procedure.c - builds, reads and judges procedure/v1.
 *
 * Hostile: the statement.  Readers take exactly the members that builders write. */
#include "trust/procedure.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "trust/predicate_private.h"

enum { SKEW_S = 300, ROLES_MAX = 2, NAME_CAP = 255 };

static const struct {
	const char *action, *roles[ROLES_MAX];
	bool answers; /* it must name what it answers */
} steps[] = {
	{"refer", {"secrecy", "legal"}, false}, {"answer", {"secrecy", "legal"}, true},
	{"appeal", {"author"}, true},		{"uphold", {"director"}, true},
	{"admit", {"director"}, true},
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static unsigned find(const char *action)
{
	unsigned i = 0;

	while (i < STEPS && (action == NULL || strcmp(steps[i].action, action) != 0))
		i++;
	return i;
}

static json_t *scan_of(const struct procedure_facts *f)
{
	return json_pack("{s:I,s:s,s:s}", "length", (json_int_t)f->scan_length, "name",
			 f->scan_name, "sha256", f->scan_sha256);
}

json_t *procedure_predicate(const struct procedure_facts *f)
{
	json_t *j =
		json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:o}", "action", f->action, "role", f->role,
			  "draft", f->draft, "revision", (json_int_t)f->revision, "text",
			  f->text, "nonce", f->nonce, "time", predicate_time_new(f->time));
	int bad = j == NULL ? -1 : 0;

	if (bad == 0 && f->body != NULL)
		bad |= json_object_set_new(j, "body", json_string(f->body));
	if (bad == 0 && f->third_party)
		bad |= json_object_set_new(j, "third_party", json_true());
	if (bad == 0 && f->answers != NULL)
		bad |= json_object_set_new(j, "answers", json_string(f->answers));
	if (bad == 0 && f->scan_name != NULL)
		bad |= json_object_set_new(j, "scan", scan_of(f));
	if (bad == 0)
		return j;
	json_decref(j);
	return NULL;
}

static bool text_ok(const char *s, size_t most)
{
	return s != NULL && s[0] != '\0' && strlen(s) <= most;
}

static bool read_scan(const json_t *j, struct procedure_facts *f)
{
	static const char *const names[] = {"length", "name", "sha256", NULL};
	const json_t *scan = json_obj(j, "scan");

	if (json_object_get(j, "scan") == NULL)
		return true;
	f->scan_name = json_str(scan, "name");
	f->scan_sha256 = predicate_sha256(scan, "sha256");
	return json_has_only(scan, names, NULL) && text_ok(f->scan_name, NAME_CAP) &&
	       f->scan_sha256 != NULL && json_i64(scan, "length", &f->scan_length) &&
	       f->scan_length >= 0;
}

/* Has the step what it needs, and nothing that belongs to another? */
static bool complete(const struct procedure_facts *f)
{
	unsigned i = find(f->action);
	bool refer = i < STEPS && strcmp(f->action, "refer") == 0;

	return i < STEPS && steps[i].answers == (f->answers != NULL) &&
	       refer == (f->body != NULL) && (refer || !f->third_party) &&
	       (f->scan_name == NULL || strcmp(f->action, "answer") == 0);
}

int procedure_read(const struct statement *s, struct procedure_facts *ret_f, struct sl_why *why)
{
	static const char *const required[] = {"action", "draft", "nonce", "revision",
					       "role",	 "text",  "time",  NULL},
				 *const optional[] = {"answers", "body", "scan", "third_party",
						      NULL};
	const json_t *j = s->predicate;
	const char *nonce = json_str(j, "nonce");
	struct procedure_facts f = {.action = json_str(j, "action"),
				    .role = json_str(j, "role"),
				    .draft = predicate_word(j, "draft"),
				    .text = json_str(j, "text"),
				    .body = json_str(j, "body"),
				    .answers = predicate_sha256(j, "answers")};

	if (s->kind != PRED_PROCEDURE || !json_has_only(j, required, optional) ||
	    f.role == NULL || !roster_role_known(f.role) || f.draft == NULL ||
	    !json_i64(j, "revision", &f.revision) || f.revision < 1 ||
	    !text_ok(f.text, PROCEDURE_TEXT_MAX) ||
	    (json_object_get(j, "body") != NULL && !text_ok(f.body, PROCEDURE_BODY_MAX)) ||
	    (json_object_get(j, "answers") != NULL && f.answers == NULL) ||
	    (json_object_get(j, "third_party") != NULL &&
	     !json_bool(j, "third_party", &f.third_party)) ||
	    !read_scan(j, &f) || !json_time(j, "time", &f.time) || nonce == NULL ||
	    strlen(nonce) != 32 || strspn(nonce, "0123456789abcdef") != 32 || !complete(&f))
		return why_set(why, SL_E_FORMAT, "the step is malformed");
	memcpy(f.nonce, nonce, sizeof(f.nonce));
	*ret_f = f;
	return SL_OK;
}

static bool may_take(const struct roster_person *p, const struct roster_key *k,
		     const struct procedure_facts *f)
{
	unsigned i = find(f->action);
	bool author = i < STEPS && strcmp(f->action, "appeal") == 0;

	if (i == STEPS || !roster_has_role(p, f->role) ||
	    (k->use != KEY_DSSE_REVIEWER && (!author || k->use != KEY_DSSE_AUTHOR)))
		return false;
	for (unsigned n = 0; n < ROLES_MAX && steps[i].roles[n] != NULL; n++) {
		if (strcmp(steps[i].roles[n], f->role) == 0)
			return true;
	}
	return false;
}

const struct roster_person *procedure_signer(const struct statement *s, const struct roster *r,
					     int64_t now)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(r, s->envelope.keyid, &k);
	struct procedure_facts f;

	if (p == NULL || procedure_read(s, &f, NULL) != SL_OK || !may_take(p, k, &f) ||
	    roster_verify(k, &s->envelope) != SL_OK || f.time < k->from || f.time > k->until ||
	    f.time > now + SKEW_S)
		return NULL;
	return p;
}
