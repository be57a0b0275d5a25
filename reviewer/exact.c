/* exact.c - the signed return, the title and what was declared.
 *
 * Hostile: the record of the fix, and every answer of the gateway. */
#include "exact.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/edit_text.h"
#include "policy/present.h"

enum { TITLE_MAX = 4096 };

static int differs(struct exact_result *x, const char *what)
{
	x->state = EXACT_NOT;
	(void)snprintf(x->why, sizeof(x->why), "%s", what);
	return SL_OK;
}

/* ---- the signed return ---- */

static int fetch(struct session *s, const struct review_case *before, const char *sha256,
		 struct statement **ret_s, struct sl_why *why)
{
	json_t *args = json_pack("{s:s,s:I,s:s}", "draft", before->id, "revision",
				 (json_int_t)before->revision, "sha256", sha256);
	struct wire_reply reply = {0};
	const json_t *line;
	int r = args == NULL ? SL_E_NOMEM
			     : wire_ask(s->wire, "review.signed", args, NULL, 0, &reply, why);

	json_decref(args);
	line = json_array_get(json_arr(reply.result, "signed"), 0);
	if (r == SL_OK && !json_is_string(line))
		r = why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
	if (r == SL_OK)
		r = statement_parse(json_string_value(line), json_string_length(line), ret_s,
				    why);
	wire_reply_release(&reply);
	return r;
}

/* Is it a return with edits, of a person who may, about that revision? */
static bool is_return(const struct statement *s, const struct review_case *before,
		      const char *by, struct approval_facts *f)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(before->roster, s->envelope.keyid, &k);

	return p != NULL && k->use == KEY_DSSE_REVIEWER && s->kind == PRED_APPROVAL &&
	       roster_verify(k, &s->envelope) == SL_OK && approval_read(s, f, NULL) == SL_OK &&
	       f->time >= k->from && f->time <= k->until && strcmp(p->pid, by) == 0 &&
	       roster_has_role(p, f->role) && f->edits != NULL &&
	       strcmp(f->draft, before->id) == 0 && f->revision == before->revision &&
	       strcmp(s->subject, before->manifest_sha256) == 0;
}

/* ---- title and what else was declared ---- */

static int check_title(const struct review_case *before, const struct review_case *now,
		       const json_t *edits, struct exact_result *x)
{
	const json_t *edit;
	struct buf b;
	size_t i;
	int r = SL_OK;

	buf_init(&b, TITLE_MAX);
	buf_puts(&b, before->manifest->title);
	json_array_foreach(edits, i, edit)
	{
		enum edit_outcome outcome = EDIT_DONE;

		if (r == SL_OK && edit_is_of(edit, "title"))
			r = edit_text(&b, edit, true, &outcome);
		if (outcome != EDIT_DONE)
			(void)differs(x, _("an edit does not fit the title"));
	}
	if (r == SL_OK && strcmp(buf_str(&b), now->manifest->title) != 0)
		r = differs(x, _("the title is another one"));
	buf_release(&b);
	return r;
}

/* The files and the title are looked at by themselves; the inspection chooses the class. */
static bool is_apart(const char *name)
{
	static const char *const names[] = {"blobs", "class", "created", "title", "version"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static void check_declared(json_t *was, json_t *is, struct exact_result *x)
{
	const char *name;
	char line[EXACT_LINE];
	json_t *value;

	json_object_foreach(was, name, value)
	{
		const json_t *now = json_object_get(is, name);

		if (is_apart(name) || (now != NULL && json_equal(value, now)))
			continue;
		(void)snprintf(line, sizeof(line), _("\"%s\" was declared otherwise"),
			       present_text(name));
		(void)differs(x, line);
	}
}

static int compare(struct session *s, struct review_case *before, struct review_case *now,
		   const json_t *edits, struct exact_result *x, struct sl_why *why)
{
	int r = check_title(before, now, edits, x);

	check_declared(before->manifest->json, now->manifest->json, x);
	check_declared(now->manifest->json, before->manifest->json, x);
	if (r == SL_OK && x->state != EXACT_NOT)
		r = exact_files(s, before, now, edits, x, why);
	return r;
}

static int look(struct session *s, struct review_case *c, const json_t *record,
		struct exact_result *x, struct sl_why *why)
{
	const char *sha256 = json_str(record, "edits_envelope");
	struct review_case *before = NULL;
	struct statement *line = NULL;
	struct approval_facts f;
	int r = case_open(s, c->id, x->revision, &before, why);

	if (r == SL_OK)
		r = fetch(s, before, sha256, &line, why);
	if (r == SL_E_NOTFOUND)
		r = differs(x, _("nobody signed these edits"));
	else if (r == SL_OK &&
		 (strcmp(line->sha256, sha256) != 0 || !is_return(line, before, x->by, &f)))
		r = differs(x, _("nobody signed these edits"));
	else if (r == SL_OK)
		r = compare(s, before, c, f.edits, x, why);
	statement_free(line);
	case_free(before);
	return r;
}

int exact_check(struct session *s, struct review_case *c, struct exact_result *ret,
		struct sl_why *why)
{
	const json_t *record = json_obj(c->shown, "fix");
	const char *by = json_str(record, "edits_by");

	*ret = (struct exact_result){.state = EXACT_UNCLAIMED};
	if (json_arr(record, "edits") == NULL ||
	    !json_is_true(json_object_get(c->shown, "edits_exact")))
		return SL_OK;
	ret->state = EXACT_BYTES;
	(void)snprintf(ret->by, sizeof(ret->by), "%s", by != NULL ? by : "");
	ret->mine = strcmp(ret->by, s->config->person) == 0;
	if (by == NULL || json_str(record, "edits_envelope") == NULL ||
	    !json_i64(record, "revision", &ret->revision) || ret->revision < 1 ||
	    ret->revision >= c->revision)
		return differs(ret, _("nobody signed these edits"));
	return look(s, c, record, ret, why);
}

void exact_line(const struct exact_result *x, char out[EXACT_LINE])
{
	out[0] = '\0';
	if (x->state == EXACT_BYTES && x->mine)
		(void)snprintf(out, EXACT_LINE, _("exactly the edits you signed"));
	else if (x->state == EXACT_BYTES)
		(void)snprintf(out, EXACT_LINE, _("exactly the edits that %s signed"),
			       present_text(x->by));
	else if (x->state == EXACT_WORDS)
		(void)snprintf(out, EXACT_LINE,
			       _("in words exactly the edits that %s signed; the document was "
				 "written anew around them"),
			       present_text(x->by));
	else if (x->state == EXACT_NOT)
		(void)snprintf(out, EXACT_LINE,
			       _("NOT the edits that were signed, though the gateway says so: "
				 "%s"),
			       x->why);
}
