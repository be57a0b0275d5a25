/* clean_office.c - office packages: every member copied, changed or left out by name.
 *
 * A member that no row knows ends the work: what we do not understand we do not publish
 * as cleaned.  Hostile: names, sizes and XML; the package was identified before, and is
 * read with the same ceilings as by the extractor. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/clean/clean_office.h"
#include "inspect/clean/clean_zip.h"
#include "inspect/extract/extract_package.h"

static const struct clean_rule *rule_of(const struct clean_office *o, const char *name)
{
	for (const struct clean_rule *rule = o->rules; rule->action != CLEAN_NONE; rule++) {
		bool starts = rule->start == NULL ||
			      strncasecmp(name, rule->start, strlen(rule->start)) == 0;
		bool ends = rule->end == NULL || extract_ends_with(name, rule->end);

		if (starts && ends)
			return rule;
	}
	return NULL;
}

static bool is_left_out(void *arg, const char *member)
{
	const struct clean_rule *rule = rule_of(arg, member);

	return rule != NULL && rule->action == CLEAN_LEAVE_OUT;
}

/* One XML member: masks, then what its rule says. */
static int change_xml(struct clean_office *o, const struct clean_rule *rule,
		      const struct extract_member *m, struct buf *out)
{
	uint32_t removed = 0, changes = 0;
	uint32_t *masked = calloc(o->job->n_masks + 1, sizeof(*masked));
	xmlDoc *d = NULL;
	int r = (masked == NULL) ? SL_E_NOMEM : clean_xml_parse(m->data, m->len, &d);

	if (r == SL_OK)
		r = clean_xml_mask(d, o->job, masked, &removed);
	for (size_t i = 0; r == SL_OK && i < o->job->n_masks; i++) {
		if (masked[i] > 0)
			clean_say(o->result, "masked", m->name, o->job->masks[i].with,
				  masked[i]);
		changes += masked[i];
	}
	if (removed > 0)
		clean_say(o->result, "removed", m->name, "invisible characters", removed);
	if (r == SL_OK && rule->change != NULL && !o->job->exact)
		changes += rule->change(o, d, m->name, is_left_out);
	if (r == SL_OK && changes + removed > 0)
		r = clean_xml_write(d, out);
	else if (r == SL_OK)
		buf_put(out, m->data, m->len);
	xmlFreeDoc(d);
	free(masked);
	return (r == SL_OK) ? buf_error(out) : r;
}

/* A picture inside is cleaned like a picture; programs call PNG "jpeg". */
static int change_picture(struct clean_office *o, const struct extract_member *m,
			  struct buf *out)
{
	struct clean_job job = {
		.name = m->name, .bytes = (const uint8_t *)m->data, .len = m->len};
	struct clean_result inner;
	int r;

	clean_result_init(&inner);
	r = clean_picture(&job, &inner, o->why);
	for (size_t i = 0; r == SL_OK && i < inner.n; i++)
		clean_say(o->result, inner.changes[i].what, m->name, inner.changes[i].which,
			  inner.changes[i].count);
	if (r == SL_OK && inner.n > 0)
		buf_put(out, inner.bytes.data, inner.bytes.len);
	else if (r == SL_OK)
		buf_put(out, m->data, m->len);
	clean_result_release(&inner);
	return (r == SL_OK) ? buf_error(out) : r;
}

/* Of exact words: whatever is no text stays as it is. */
static const struct clean_rule *rule_for(const struct clean_office *o, const char *name)
{
	static const struct clean_rule copied = {NULL, NULL, CLEAN_COPY, NULL};
	const struct clean_rule *rule = rule_of(o, name);

	if (o->job->exact && (rule == NULL || rule->action != CLEAN_XML))
		return &copied;
	return rule;
}

static int copy_member(struct clean_office *o, struct clean_zip *z,
		       const struct extract_member *m)
{
	const struct clean_rule *rule = rule_for(o, m->name);
	struct buf out;
	int r = SL_OK;

	if (m->error != SL_OK)
		return why_set(o->why, SL_E_FORMAT, "%s cannot be read", m->name);
	if (extract_ends_with(m->name, "/"))
		return SL_OK; /* directories are not needed */
	if (rule == NULL)
		return why_set(o->why, SL_E_UNSUPPORTED,
			       "%s is not a member that can be cleaned", m->name);
	if (rule->action == CLEAN_LEAVE_OUT) {
		clean_say(o->result, "removed", m->name, "", 1);
		return SL_OK;
	}
	buf_init(&out, EXTRACT_XML_MAX);
	if (m->len == 0)
		r = SL_OK;
	else if (rule->action == CLEAN_XML)
		r = change_xml(o, rule, m, &out);
	else if (rule->action == CLEAN_PICTURE)
		r = change_picture(o, m, &out);
	else {
		buf_put(&out, m->data, m->len);
		r = buf_error(&out);
	}
	if (r == SL_OK)
		/* ODF 1.3 part 2, 3.3: the kind is the first member, and stored. */
		r = clean_zip_add(z, m->name, &out, strcmp(m->name, "mimetype") == 0);
	else if (o->why->text[0] == '\0')
		r = why_set(o->why, r, "%s cannot be cleaned", m->name);
	buf_wipe(&out);
	return r;
}

static int write_package(struct clean_office *o, const struct extract_package *pkg)
{
	struct clean_zip *z = NULL;
	int r = clean_zip_new(&z);

	for (size_t i = 0; r == SL_OK && i < pkg->n; i++)
		r = copy_member(o, z, &pkg->members[i]);
	if (r == SL_OK)
		r = clean_zip_write(z, &o->result->bytes);
	clean_zip_free(z);
	return r;
}

static bool keep_all(const char *name)
{
	(void)name;
	return true;
}

int clean_office(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	struct clean_office o = {.job = job, .result = r, .why = why};
	struct extract_package pkg = {0};
	struct extract x;
	int e = extract_init(&x, job->name, job->type, job->bytes, job->len);

	if (e != SL_OK)
		return e;
	o.rules = clean_office_rules(job->type);
	e = extract_package_read(&x, keep_all, &pkg);
	if (e != SL_OK)
		e = why_set(why, e, "the package cannot be read");
	if (e == SL_OK)
		e = write_package(&o, &pkg);
	extract_package_release(&pkg);
	extract_release(&x);
	return e;
}
