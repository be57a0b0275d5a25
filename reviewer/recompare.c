/* recompare.c - find where a gateway's report says something else than the bytes do.
 *
 * Findings are matched whole: one that is missing, one that is too much and one that reads
 * otherwise are told apart, so that the reviewer hears which. */
#include "recompare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recompare_sums.h"

int recompare_init(struct recompare *c)
{
	c->differences = json_array();
	c->left_out = json_array();
	return c->differences == NULL || c->left_out == NULL ? SL_E_NOMEM : SL_OK;
}

void recompare_release(struct recompare *c)
{
	json_decref(c->differences);
	json_decref(c->left_out);
	c->differences = c->left_out = NULL;
}

int recompare_differs(struct recompare *c, const char *file, const char *what,
		      const char *gateway, const char *here)
{
	if (json_array_size(c->differences) >= RECOMPARE_MAX)
		return SL_OK;
	return json_array_append_new(c->differences,
				     json_pack("{s:s, s:s, s:s, s:s}", "file", file, "what",
					       what, "gateway", gateway, "here", here)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

int recompare_leave_out(struct recompare *c, const char *file, const char *why)
{
	if (json_array_size(c->left_out) >= RECOMPARE_MAX)
		return SL_OK;
	return json_array_append_new(c->left_out,
				     json_pack("{s:s, s:s}", "file", file, "why", why)) == 0
		       ? SL_OK
		       : SL_E_NOMEM;
}

bool recompare_same_rules(const json_t *theirs, const json_t *mine)
{
	const json_t *a = json_obj(theirs, "policy"), *b = json_obj(mine, "policy");
	const char *x = json_str(a, "sha256"), *y = json_str(b, "sha256");
	int64_t v = 0, w = 0;

	return x != NULL && y != NULL && strcmp(x, y) == 0 && json_i64(a, "version", &v) &&
	       json_i64(b, "version", &w) && v == w;
}

static const json_t *filter_of(const json_t *report, const char *name)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_arr(report, "filters"), i, f)
	{
		const char *n = json_str(f, "name");

		if (n != NULL && strcmp(n, name) == 0)
			return f;
	}
	return NULL;
}

static bool filter_ok(const json_t *f)
{
	const char *state = json_str(f, "state");

	return state != NULL && strcmp(state, "ok") == 0;
}

static const char *or_none(const char *s)
{
	return s != NULL ? s : "";
}

/* What this machine's filters could not do is no fault of the gateway's.  What only the
 * gateway's could not do is one: nobody there looked.  *ret_done: nothing else to compare. */
static int compare_filters(struct recompare *c, const char *file, const json_t *theirs,
			   const json_t *mine, bool *ret_done)
{
	const json_t *f;
	size_t i;
	int r = SL_OK;

	json_array_foreach(json_arr(mine, "filters"), i, f)
	{
		const char *name = or_none(json_str(f, "name"));
		const json_t *g = filter_of(theirs, name);
		const char *there = or_none(json_str(g, "reason")),
			   *here = or_none(json_str(f, "reason"));
		char line[96];

		if (r != SL_OK || *ret_done || strcmp(name, "av") == 0)
			continue;
		(void)snprintf(line, sizeof(line), "%.40s: %.40s", name, here);
		if (!filter_ok(f) && (g == NULL || filter_ok(g) || strcmp(there, here) != 0)) {
			*ret_done = true;
			r = recompare_leave_out(c, file, line);
		} else if (filter_ok(f) && g != NULL && !filter_ok(g)) {
			(void)snprintf(line, sizeof(line), "%.40s: %.40s", name, there);
			r = recompare_differs(c, file, "filter", line, "ok");
		} else if (g == NULL) {
			r = recompare_differs(c, file, "filter", "", name);
		}
	}
	return r;
}

/* Both looked for malware with the same signatures? */
static bool same_signatures(const json_t *theirs, const json_t *mine)
{
	const json_t *a = filter_of(theirs, "av"), *b = filter_of(mine, "av");

	return filter_ok(a) && filter_ok(b) &&
	       strcmp(or_none(json_str(a, "data")), or_none(json_str(b, "data"))) == 0;
}

/* Objects of a shortened report: the file, and what was not inspected. */
static json_t *objects_of(const json_t *report, bool shortened)
{
	json_t *kept = json_array(), *o;
	size_t i;

	json_array_foreach(json_arr(report, "objects"), i, o)
	{
		const char *state = json_str(o, "state");

		if (!shortened || i == 0 || state == NULL || strcmp(state, "inspected") != 0)
			(void)json_array_append(kept, o);
	}
	return kept;
}

/* The first member that differs, as text on both sides. */
static bool first_difference(const json_t *a, const json_t *b, const char **ret_name,
			     char x[160], char y[160])
{
	const json_t *both[2] = {a, b}, *v;
	const char *name;

	for (unsigned k = 0; k < 2; k++) {
		json_object_foreach((json_t *)(uintptr_t)both[k], name, v)
		{
			const json_t *p = json_object_get(a, name),
				     *q = json_object_get(b, name);

			if (p != NULL && q != NULL && json_equal(p, q))
				continue;
			*ret_name = name;
			recompare_text(p, x, 160);
			recompare_text(q, y, 160);
			return true;
		}
	}
	return false;
}

static int compare_object(struct recompare *c, const char *file, const json_t *a,
			  const json_t *b)
{
	const char *name = NULL;
	char x[160], y[160], gateway[400], here[400];

	if (!first_difference(a, b, &name, x, y))
		return SL_OK;
	(void)snprintf(gateway, sizeof(gateway), "%.100s %.40s %s",
		       or_none(json_str(b, "path")), name, x);
	(void)snprintf(here, sizeof(here), "%s", y);
	return recompare_differs(c, file, strcmp(name, "type") == 0 ? "type" : "object",
				 gateway, here);
}

static void without_state(json_t *objects)
{
	json_t *o = json_array_get(objects, 0), *copy = json_copy(o);

	(void)json_object_del(copy, "state");
	(void)json_object_del(copy, "reason");
	(void)json_array_set_new(objects, 0, copy);
}

static int compare_objects(struct recompare *c, const char *file, const json_t *theirs,
			   const json_t *mine, bool with_av)
{
	bool shortened = json_object_get(theirs, "report_sha256") != NULL;
	json_t *a = objects_of(theirs, false), *b = objects_of(mine, shortened);
	size_t n = json_array_size(a), m = json_array_size(b), i;
	char x[24], y[24];
	int r = a == NULL || b == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && n != m) {
		(void)snprintf(x, sizeof(x), "%zu", n);
		(void)snprintf(y, sizeof(y), "%zu", m);
		r = recompare_differs(c, file, "objects", x, y);
	}
	/* Whether the file as a whole counts as inspected has to do with the virus filter. */
	if (r == SL_OK && !with_av && n > 0 && m > 0) {
		without_state(a);
		without_state(b);
	}
	for (i = 0; r == SL_OK && i < n && i < m; i++)
		r = compare_object(c, file, json_array_get(a, i), json_array_get(b, i));
	json_decref(a);
	json_decref(b);
	return r;
}

/* Findings that depend on bytes and rules only, without marks of suppression. */
static json_t *findings_of(const json_t *report, bool with_av)
{
	json_t *kept = json_array(), *f, *copy;
	size_t i;

	json_array_foreach(json_arr(report, "findings"), i, f)
	{
		const char *rule = or_none(json_str(f, "rule"));

		if (strcmp(rule, "DH-016") == 0 || strcmp(rule, "RP-005") == 0 ||
		    (!with_av && strncmp(rule, "AV-", 3) == 0))
			continue;
		copy = json_copy(f);
		(void)json_object_del(copy, "suppressed");
		(void)json_array_append_new(kept, copy);
	}
	return kept;
}

static void place_of(const json_t *f, char out[256])
{
	int64_t line = 0;

	(void)json_i64(f, "line", &line);
	(void)snprintf(out, 256, "%.20s %.4s, %.40s %.20s:%lld", or_none(json_str(f, "rule")),
		       or_none(json_str(f, "severity")), or_none(json_str(f, "object")),
		       or_none(json_str(f, "where")), (long long)line);
}

static bool same_place(const json_t *a, const json_t *b)
{
	static const char *const names[] = {"rule", "object", "where", "offset", "length"};
	bool same = true;

	for (unsigned i = 0; same && i < sizeof(names) / sizeof(names[0]); i++)
		same = json_equal(json_object_get(a, names[i]), json_object_get(b, names[i]));
	return same;
}

/* Take a finding out of `list` that equals f, or stands at its place; else NULL. */
static json_t *take(json_t *list, const json_t *f, bool equal)
{
	json_t *g;
	size_t i;

	json_array_foreach(list, i, g)
	{
		if (equal ? !json_equal(f, g) : !same_place(f, g))
			continue;
		json_incref(g);
		(void)json_array_remove(list, i);
		return g;
	}
	return NULL;
}

static int tell_changed(struct recompare *c, const char *file, const json_t *theirs,
			const json_t *mine)
{
	const char *name = "";
	char place[256], x[160] = "", y[160] = "", gateway[480], here[480];

	place_of(mine, place);
	(void)first_difference(theirs, mine, &name, x, y);
	(void)snprintf(gateway, sizeof(gateway), "%.200s: %.40s %s", place, name, x);
	(void)snprintf(here, sizeof(here), "%s", y);
	return recompare_differs(c, file, "finding-changed", gateway, here);
}

/* Equal ones cancel; what is left is named. */
static int compare_findings(struct recompare *c, const char *file, const json_t *theirs,
			    const json_t *mine, bool with_av)
{
	json_t *a = findings_of(theirs, with_av), *b = findings_of(mine, with_av), *g, *f;
	bool cut = json_object_get(theirs, "omitted") != NULL;
	char place[256];
	int r = a == NULL || b == NULL ? SL_E_NOMEM : SL_OK;

	/* A finding out of memory takes the place of one at the end of a full list. */
	while (r == SL_OK && cut && json_array_size(b) > json_array_size(a) &&
	       json_array_size(json_arr(theirs, "findings")) > json_array_size(a))
		(void)json_array_remove(b, json_array_size(b) - 1);
	for (size_t i = 0; i < json_array_size(b);) {
		json_t *same = take(a, json_array_get(b, i), true);

		if (same == NULL) {
			i++;
			continue;
		}
		json_decref(same);
		(void)json_array_remove(b, i);
	}
	for (size_t i = 0; r == SL_OK && i < json_array_size(b); i++) {
		f = json_array_get(b, i);
		g = take(a, f, false);
		place_of(f, place);
		r = g != NULL ? tell_changed(c, file, g, f)
			      : recompare_differs(c, file, "finding-missing", "", place);
		json_decref(g);
	}
	for (size_t i = 0; r == SL_OK && i < json_array_size(a); i++) {
		place_of(json_array_get(a, i), place);
		r = recompare_differs(c, file, "finding-added", place, "");
	}
	json_decref(a);
	json_decref(b);
	return r;
}

/* Members that have one value each. */
static int compare_input(struct recompare *c, const char *file, const json_t *theirs,
			 const json_t *mine)
{
	static const char *const names[] = {"input", "schema"};
	char x[160], y[160];
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < 2; i++) {
		const json_t *a = json_object_get(theirs, names[i]),
			     *b = json_object_get(mine, names[i]);

		if (a != NULL && b != NULL && json_equal(a, b))
			continue;
		recompare_text(a, x, sizeof(x));
		recompare_text(b, y, sizeof(y));
		r = recompare_differs(c, file, names[i], x, y);
	}
	return r;
}

int recompare_file(struct recompare *c, const char *file, const json_t *theirs,
		   const json_t *mine, bool unseen)
{
	bool done = false, with_av = same_signatures(theirs, mine);
	int r = recompare_sums(c, file, theirs);

	if (r == SL_OK)
		r = compare_input(c, file, theirs, mine);
	if (r == SL_OK && unseen)
		return recompare_leave_out(c, file, "pictures");
	if (r == SL_OK)
		r = compare_filters(c, file, theirs, mine, &done);
	if (r != SL_OK || done)
		return r;
	if (!with_av)
		r = recompare_leave_out(c, file, "signatures");
	if (r == SL_OK)
		r = compare_objects(c, file, theirs, mine, with_av);
	return r == SL_OK ? compare_findings(c, file, theirs, mine, with_av) : r;
}

int recompare_newer(struct recompare *c, const char *file, const json_t *theirs,
		    const json_t *mine, bool unseen)
{
	bool done = false, with_av = same_signatures(theirs, mine);
	json_t *a = findings_of(theirs, with_av), *b = findings_of(mine, with_av);
	int r = recompare_sums(c, file, theirs);

	if (r == SL_OK)
		r = compare_input(c, file, theirs, mine);
	if (r == SL_OK && unseen)
		r = recompare_leave_out(c, file, "pictures");
	else if (r == SL_OK)
		r = compare_filters(c, file, theirs, mine, &done);
	for (size_t i = 0; r == SL_OK && !unseen && !done && i < json_array_size(b); i++) {
		const json_t *f = json_array_get(b, i);
		const char *severity = json_str(f, "severity");
		json_t *same = take(a, f, false);
		char place[256];

		place_of(f, place);
		/* What is only told and stops nobody may come and go with the rules. */
		if (severity != NULL && strcmp(severity, "S4") == 0)
			same = same != NULL ? same : json_incref((json_t *)(uintptr_t)f);
		/* The smaller the number, the worse. */
		if (same == NULL ||
		    strcmp(or_none(json_str(same, "severity")), or_none(severity)) > 0)
			r = recompare_differs(c, file, "finding-missing", "", place);
		json_decref(same);
	}
	json_decref(a);
	json_decref(b);
	return r;
}
