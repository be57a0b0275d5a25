/* assure_marks.c - "this finding need not count", and the two who said so.
 *
 * A mark counts for the finding that carries it: same rule, same keyed hash of the text, same
 * names, reason and end as were signed. */
#include "assure.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "trust/suppression.h"
#include "trust/trust_memory.h"

enum { STATEMENTS_MAX = 96, QUESTIONS_MAX = 256 };

/* ---- one mark ---- */

struct said {
	struct statement *list[STATEMENTS_MAX];
	unsigned n;
};

static void said_release(struct said *x)
{
	while (x->n > 0)
		statement_free(x->list[--x->n]);
}

static void read_all(const json_t *lines, struct said *x)
{
	const json_t *v;
	size_t i;

	json_array_foreach(lines, i, v)
	{
		if (x->n < STATEMENTS_MAX && json_is_string(v) &&
		    statement_parse(json_string_value(v), json_string_length(v), &x->list[x->n],
				    NULL) == SL_OK)
			x->n++;
	}
}

static bool is_about(const struct suppression_facts *f, const json_t *finding)
{
	const char *rule = json_str(finding, "rule"), *hmac = json_str(finding, "text_hmac");

	return rule != NULL && hmac != NULL && strcmp(f->rule, rule) == 0 &&
	       strcmp(f->text_hmac, hmac) == 0;
}

/* The last moment at which somebody who may took it back. */
static int64_t taken_back(const struct said *x, const json_t *finding, const struct roster *r,
			  int64_t now)
{
	int64_t last = 0;

	for (unsigned i = 0; i < x->n; i++) {
		struct suppression_facts f;

		if (suppression_read(x->list[i], &f, NULL) == SL_OK && is_about(&f, finding) &&
		    strcmp(f.action, "revoke") == 0 &&
		    suppression_signer(x->list[i], r, now) != NULL && f.time > last)
			last = f.time;
	}
	return last;
}

/* The words that a reviewer reads are those that were signed. */
static bool reads_as_signed(const json_t *finding, const struct suppression_facts *f,
			    const struct roster_person *second)
{
	const json_t *mark = json_obj(finding, "suppressed"), *by = json_arr(mark, "by");
	const char *reason = json_str(mark, "reason"), *until = json_str(mark, "until");
	const char *a = json_string_value(json_array_get(by, 0)),
		   *b = json_string_value(json_array_get(by, 1));
	char expires[CLOCK_TEXT + 1];

	clock_format(f->expires, expires);
	return json_array_size(by) == 2 && a != NULL && b != NULL && reason != NULL &&
	       until != NULL && strcmp(a, f->owner) == 0 && strcmp(b, second->pid) == 0 &&
	       strcmp(reason, f->reason) == 0 && strcmp(until, expires) == 0;
}

/* Do these two make it hold, for this finding and in its words? */
static int judge_pair(const struct statement *a, const struct statement *b,
		      const json_t *finding, const struct roster *r, int64_t now,
		      int64_t revoked, struct sl_why *why)
{
	struct suppression_facts f, g;
	int e = suppression_judge(a, b, r, now, &f, why);

	if (e == SL_OK)
		e = suppression_read(b, &g, why);
	if (e != SL_OK)
		return e;
	if (f.time <= revoked || g.time <= revoked)
		return why_set(why, SL_E_DENIED, _("it was taken back"));
	if (!reads_as_signed(finding, &f, suppression_signer(b, r, now)))
		return why_set(why, SL_E_DENIED,
			       _("other words than the report's were signed"));
	return SL_OK;
}

static bool suppresses(const struct statement *s, const json_t *finding)
{
	struct suppression_facts f;

	return suppression_read(s, &f, NULL) == SL_OK && is_about(&f, finding) &&
	       strcmp(f.action, "suppress") == 0;
}

/* Some two of the statements make it hold; else the first reason why not is told. */
static int find_pair(const struct said *x, const json_t *finding, const struct roster *r,
		     int64_t now, int64_t revoked, struct sl_why *why)
{
	struct sl_why one = {""};
	int e = SL_E_NOTFOUND;

	for (unsigned i = 0; i < x->n; i++) {
		for (unsigned k = 0; k < x->n; k++) {
			int this_one;

			if (i == k || !suppresses(x->list[i], finding) ||
			    !suppresses(x->list[k], finding))
				continue;
			this_one = judge_pair(x->list[i], x->list[k], finding, r, now, revoked,
					      &one);
			if (this_one == SL_OK)
				return SL_OK;
			if (e == SL_E_NOTFOUND)
				e = why_set(why, this_one, "%s", why_text(&one, this_one));
		}
	}
	return e == SL_E_NOTFOUND ? why_set(why, SL_E_DENIED, _("nobody's signature says so"))
				  : e;
}

int assure_mark(const json_t *finding, const json_t *signed_, const struct roster *r,
		int64_t now, int64_t known_revoked, int64_t *ret_revoked, struct sl_why *why)
{
	struct said x = {.n = 0};
	int64_t revoked;
	int e;

	read_all(signed_, &x);
	revoked = taken_back(&x, finding, r, now);
	*ret_revoked = revoked > known_revoked ? revoked : known_revoked;
	e = find_pair(&x, finding, r, now, *ret_revoked, why);
	said_release(&x);
	return e;
}

/* ---- all marks of a report ---- */

struct marks {
	struct session *s;
	const struct review_case *c;
	struct recompare *found;
	struct trust_memory *memory;
	json_t *asked; /* "RULE HASH" -> envelopes */
	struct sl_why *why;
};

static int ask(struct marks *m, const char *rule, const char *hmac, const char *key,
	       const json_t **ret_lines)
{
	json_t *args = json_pack("{s:s,s:s}", "rule", rule, "text_hmac", hmac);
	struct wire_reply reply = {0};
	json_t *lines;
	int r = args == NULL ? SL_E_NOMEM
			     : wire_ask(m->s->wire, "suppress.signed", args, NULL, 0, &reply,
					m->why);

	json_decref(args);
	lines = json_object_get(reply.result, "signed");
	if (r == SL_OK && !json_is_array(lines))
		r = why_set(m->why, SL_E_FORMAT,
			    _("the gateway's answer cannot be understood"));
	if (r == SL_OK && json_object_set(m->asked, key, lines) != 0)
		r = SL_E_NOMEM;
	*ret_lines = json_object_get(m->asked, key);
	wire_reply_release(&reply);
	return r;
}

static int check_mark(struct marks *m, const char *file, const json_t *finding)
{
	const char *rule = json_str(finding, "rule"), *hmac = json_str(finding, "text_hmac");
	struct sl_why why = {""};
	const json_t *lines;
	int64_t revoked = 0;
	char key[128], place[256];
	int r, e;

	(void)snprintf(place, sizeof(place), "%.20s", rule != NULL ? rule : "");
	/* What no rule matched has no text that a signature could be about. */
	if (rule == NULL || hmac == NULL)
		return recompare_differs(m->found, file, "suppression", place, "");
	(void)snprintf(key, sizeof(key), "%.20s %.64s", rule, hmac);
	lines = json_object_get(m->asked, key);
	if (lines == NULL && json_object_size(m->asked) >= QUESTIONS_MAX)
		return recompare_differs(m->found, file, "suppression", place, "");
	r = lines == NULL ? ask(m, rule, hmac, key, &lines) : SL_OK;
	if (r != SL_OK)
		return r;
	e = assure_mark(finding, lines, m->c->roster, clock_now(),
			trust_memory_revoked(m->memory, rule, hmac), &revoked, &why);
	r = trust_memory_revoke(m->memory, rule, hmac, revoked);
	return r == SL_OK && e != SL_OK ? recompare_differs(m->found, file, "suppression",
							    place, why_text(&why, e))
					: r;
}

static int check_file(struct marks *m, const char *file, const json_t *report)
{
	const json_t *f;
	size_t i;
	int r = SL_OK;

	json_array_foreach(json_arr(report, "findings"), i, f)
	{
		if (r == SL_OK && json_object_get(f, "suppressed") != NULL)
			r = check_mark(m, file, f);
	}
	return r;
}

static bool has_marks(const struct review_case *c)
{
	const json_t *f;
	size_t i;

	for (unsigned k = 0; k < c->n_files; k++) {
		json_array_foreach(json_arr(case_file_report(c, k), "findings"), i, f)
		{
			if (json_object_get(f, "suppressed") != NULL)
				return true;
		}
	}
	return false;
}

int assure_marks(struct session *s, const struct review_case *c, struct recompare *found,
		 struct sl_why *why)
{
	struct marks m = {.s = s, .c = c, .found = found, .asked = json_object(), .why = why};
	int r = m.asked == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && has_marks(c)) {
		r = trust_memory_open(s->config, &m.memory, why);
		for (unsigned i = 0; r == SL_OK && i < c->n_files; i++)
			r = check_file(&m, c->files[i].name, case_file_report(c, i));
		if (r == SL_OK)
			r = trust_memory_save(m.memory);
		trust_memory_close(m.memory);
	}
	json_decref(m.asked);
	return r;
}
