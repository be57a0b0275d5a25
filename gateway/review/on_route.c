/* on_route.c - report, column, source and approvals of a draft, for the walk. */
#include "review/on_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "policy/route_prove.h"
#include "policy/route_template.h"
#include "policy/route_trigger.h"
#include "policy/segment.h"
#include "review/digest.h"

void on_route_free(struct on_route *o)
{
	if (o == NULL)
		return;
	json_decref(o->report);
	json_decref(o->reasons);
	free(o);
}

static int note_reasons(struct on_route *o, const struct approval_voice *v)
{
	const json_t *a;
	size_t i;

	json_array_foreach(v->acknowledged, i, a)
	{
		const char *rule = json_str(a, "rule"), *reason = json_str(a, "reason");

		if (rule != NULL && reason != NULL &&
		    json_array_append_new(o->reasons,
					  json_pack("{s:s,s:s,s:s}", "pid", v->person->pid,
						    "reason", reason, "rule", rule)) != 0)
			return SL_E_NOMEM;
	}
	return SL_OK;
}

static int hear(const struct review *v, const struct evidence *e, struct on_route *o,
		struct sl_why *why)
{
	struct approval_case c = evidence_case(e, v->roster, clock_now());
	struct approval_voice said[APPROVAL_VOICES_MAX];
	unsigned n = 0;
	int r = approval_standing(&c, said, &n, why);

	_Static_assert((int)APPROVAL_VOICES_MAX <= (int)WALK_VOICES_MAX,
		       "every voice is heard");
	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		o->voices[o->n_voices++] =
			route_voice(said[i].person->pid, said[i].person->unit, said[i].role,
				    said[i].time, said[i].acknowledged);
		r = note_reasons(o, &said[i]);
	}
	return r;
}

static int make(const struct review *v, const struct draft *d, const struct route *way,
		struct on_route **ret_o)
{
	struct on_route *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return SL_E_NOMEM;
	o->reasons = json_array();
	o->c = (struct walk_case){.routes = v->routes,
				  .way = way,
				  .type = d->content_type,
				  .unit = d->unit,
				  .column = d->column,
				  .voices = o->voices};
	*ret_o = o;
	return o->reasons == NULL ? SL_E_NOMEM : SL_OK;
}

/* What reviewers read as the body of a file, line for line. */
static int body_of(const struct review *v, const char *sha256, struct buf *out)
{
	struct buf bytes;
	struct cur cur;
	int r;

	buf_init(&bytes, 4 * TEMPLATE_TEXT_MAX);
	r = store_object_get(v->store, sha256, 4 * TEMPLATE_TEXT_MAX, &bytes);
	cur_init(&cur, buf_str(&bytes), bytes.len);
	while (r == SL_OK && cur_left(&cur) > 0) {
		struct segment g;

		r = segment_get(&cur, &g);
		if (r != SL_OK || g.where == WHERE_TITLE || g.where == WHERE_FILENAME)
			continue;
		buf_put(out, g.text, g.len);
		buf_puts(out, "\n");
		r = buf_error(out);
	}
	buf_wipe(&bytes);
	return r;
}

static bool fits_some(const struct route *way, const char *title, const struct buf *text)
{
	for (unsigned i = 0; i < way->templates_count; i++) {
		if (route_template_fits(&way->templates[i], title, buf_str(text), text->len))
			return true;
	}
	return false;
}

/* Every file by itself; one that cannot be read fits nothing. */
static void compare(const struct review *v, const struct draft *d, struct on_route *o)
{
	for (unsigned i = 0; i < d->n_files && !o->unlike; i++) {
		char report[65], text[65];
		struct buf body;

		buf_init(&body, TEMPLATE_TEXT_MAX);
		o->unlike = store_file_results(v->store, d->id, d->revision, i, report, text) !=
				    SL_OK ||
			    text[0] == '\0' || body_of(v, text, &body) != SL_OK ||
			    !fits_some(o->c.way, d->title, &body);
		buf_wipe(&body);
	}
	o->unlike = o->unlike || d->n_files == 0;
}

/* Lists come without their files. */
static int compare_draft(const struct review *v, const struct draft *d, struct on_route *o)
{
	struct draft whole = {0};
	int r = store_draft_get(v->store, d->id, d->revision, &whole);

	if (r == SL_OK)
		compare(v, &whole, o);
	draft_release(&whole);
	return r;
}

int on_route_look(const struct review *v, const struct draft *d, const struct evidence *e,
		  struct on_route **ret_o, struct sl_why *why)
{
	const struct route *way = routes_find(v->routes, d->klass);
	const char *source;
	struct on_route *o = NULL;
	int r;

	if (way == NULL || way->steps_count == 0)
		return why_set(why, SL_E_CONFIG,
			       _("no route in force is called %s any more; hand %s in again"),
			       d->klass, d->id);
	r = make(v, d, way, &o);
	if (r == SL_OK)
		r = digest_report(v, d, &o->report);
	if (r == SL_OK)
		r = hear(v, e, o, why);
	if (r != SL_OK)
		goto out;
	source = json_str(e->manifest->json, "source_type");
	if (source != NULL)
		(void)snprintf(o->source_type, sizeof(o->source_type), "%s", source);
	o->c.source_type = source != NULL ? o->source_type : NULL;
	o->c.report = o->report;
	o->c.n_voices = o->n_voices;
	o->strayed = way->raised != NULL && route_raise(o->report);
	if (way->templates_count > 0)
		r = compare_draft(v, d, o);
	if (r == SL_OK)
		r = route_walk(&o->c, &o->walk);
	if (r != SL_OK)
		goto out;
	*ret_o = o;
	o = NULL; /* moved */
out:
	on_route_free(o);
	return r;
}

struct later {
	const struct review *v;
	struct on_route *o;
};

/* The roster tells the unit; who left it gave no review that counts now. */
static int hear_vote(const struct vote *vote, void *arg)
{
	struct later *l = arg;
	const struct roster_person *p = roster_person(l->v->roster, vote->pid);
	const struct route *way = l->o->c.way;

	if (p == NULL || strcmp(vote->decision, "approve") != 0 ||
	    l->o->n_voices == WALK_VOICES_MAX)
		return SL_OK;
	for (unsigned i = 0; i < way->steps_count; i++) {
		if (strcmp(way->steps[i].role, vote->role) == 0)
			l->o->voices[l->o->n_voices++] = route_voice(
				p->pid, p->unit, way->steps[i].role, vote->time, NULL);
	}
	return SL_OK;
}

int on_route_after(const struct review *v, const struct draft *d, struct on_route **ret_o,
		   struct sl_why *why)
{
	const struct route *way = routes_find(v->routes, d->klass);
	const struct route_type *type = routes_type(v->routes, d->content_type);
	struct on_route *o = NULL;
	struct later l = {.v = v};
	int r;

	if (way == NULL || way->review_after == NULL || type == NULL ||
	    (d->state != DRAFT_RELEASED && d->state != DRAFT_SENT))
		return why_set(why, SL_E_NOTFOUND, _("%s needs no review afterwards"), d->id);
	r = make(v, d, routes_find(v->routes, type->route), &o);
	if (r == SL_OK)
		r = digest_report(v, d, &o->report);
	if (r != SL_OK)
		goto out;
	l.o = o;
	r = store_vote_each(v->store, d->id, d->revision, hear_vote, &l);
	o->c.report = o->report;
	o->c.n_voices = o->n_voices;
	if (r == SL_OK)
		r = route_walk(&o->c, &o->walk);
	if (r != SL_OK)
		goto out;
	*ret_o = o;
	o = NULL; /* moved */
out:
	on_route_free(o);
	return r;
}

int on_route_admits(const struct on_route *o, const struct roster_person *p,
		    const struct approval_facts *f, struct sl_why *why)
{
	const struct walk_voice voice =
		route_voice(p->pid, p->unit, f->role, f->time, f->acknowledged);

	if (o->strayed)
		return why_set(why, SL_E_DENIED,
			       _("its findings belong to route %s: it must be revised and "
				 "inspected again"),
			       o->c.way->raised);
	if (o->unlike)
		return why_set(why, SL_E_DENIED,
			       _("route %s takes approved templates only, and this text fits "
				 "none of them; hand it in without --route"),
			       o->c.way->id);
	return route_walk_admits(&o->c, &o->walk, &voice, why);
}

bool on_route_complete(const struct on_route *o)
{
	return o->walk.complete && !o->strayed && !o->unlike;
}
