/* case_report.c - the report of one file: canonical JSON, the same for the same input.
 *
 * No time, no host, no order that depends on scheduling.  Excerpts are masked
 * before they come here; after a spill the marked text itself is left out. */
#include "inspect/case.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"

static json_t *safe_string(const char *s)
{
	char safe[1024];

	(void)text_safe(s, strlen(s), safe, sizeof(safe));
	return json_string(safe);
}

/* Comma-separated words into an array. */
static json_t *words(const char *list)
{
	json_t *a = json_array();
	const char *p = list;

	while (a != NULL && *p != '\0') {
		size_t n = strcspn(p, ",");

		if (n > 0)
			(void)json_array_append_new(a, json_stringn(p, n));
		p += n + (p[n] == ',' ? 1 : 0);
	}
	return a;
}

/* Of a filter that was asked about the file and about parts of it: an answer that failed,
 * when there is one. */
static const struct case_answer *worst(const struct case_answer *of_file,
				       const struct case_answer *of_part)
{
	if (of_file == NULL || of_part == NULL)
		return of_file != NULL ? of_file : of_part;
	return of_file->asked && of_file->error == SL_OK ? of_part : of_file;
}

static json_t *filter_json(const struct case_answer *a, const char *name)
{
	bool ok = a->asked && a->error == SL_OK;
	json_t *j = json_pack("{s:s, s:s, s:s, s:s}", "name", name, "version", a->reply.version,
			      "data", a->reply.data, "state", ok ? "ok" : "failed");

	if (j != NULL && !ok)
		(void)json_object_set_new(j, "reason",
					  json_string(a->asked ? a->why : "not-asked"));
	return j;
}

static json_t *object_json(const struct filter_object *o)
{
	static const char *const states[] = {"inspected", "skipped", "failed"};
	static const char *const texts[] = {"none", "full", "ocr"};
	json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", o->id, "path", o->path,
			      "state", states[o->state], "text", texts[o->text], "bytes",
			      (json_int_t)o->bytes);

	if (j == NULL)
		return NULL;
	if (o->type[0] != '\0')
		(void)json_object_set_new(j, "type", json_string(o->type));
	if (o->sha256[0] != '\0')
		(void)json_object_set_new(j, "sha256", json_string(o->sha256));
	if (o->reason[0] != '\0')
		(void)json_object_set_new(j, "reason", json_string(o->reason));
	return j;
}

/* Has a rule matched a text, to which a suppression could be bound? */
static bool is_about_text(const struct finding *f)
{
	static const uint8_t none[32];

	return memcmp(f->text_hmac, none, sizeof(none)) != 0;
}

/* Findings that no rule of the packs made get a key of the same kind, so that an
 * acknowledgement can always name its finding. */
static void finding_key(const struct inspect_case *c, const struct finding *f, char out[65])
{
	uint8_t mac[HASH_LEN];
	char text[FINDING_RULE_MAX + FILTER_PATH_MAX + FINDING_EVIDENCE_MAX + 64];

	memcpy(mac, f->text_hmac, sizeof(mac));
	if (!is_about_text(f)) {
		(void)snprintf(text, sizeof(text), "%s|%s|%s|%u|%u", f->rule,
			       c->objects[f->object].path, f->evidence, f->offset, f->length);
		hash_hmac(policy_digest(c->policy), text, strlen(text), mac);
	}
	text_hex(mac, sizeof(mac), out);
}

static void set_texts(const struct inspect_case *c, json_t *j, const char *rule)
{
	struct rule_text t;

	if (!case_rule_text(c->policy, rule, &t))
		return;
	(void)json_object_set_new(j, "message",
				  json_pack("{s:s, s:s}", "en",
					    t.message_en != NULL ? t.message_en : "", "zh",
					    t.message_zh != NULL ? t.message_zh : ""));
	(void)json_object_set_new(j, "basis", json_string(t.basis != NULL ? t.basis : ""));
}

static json_t *finding_json(const struct inspect_case *c, const struct finding *f)
{
	/* Hidden text and text in pictures may be the mark itself. */
	bool secret = c->verdict == VERDICT_SPILL &&
		      (strncmp(f->rule, "SM-", 3) == 0 || strncmp(f->rule, "DH-", 3) == 0);
	char key[65];
	json_t *j;

	finding_key(c, f, key);
	j = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:s, s:o, s:o}", "rule",
		      f->rule, "severity", severity_name((enum severity)f->severity), "object",
		      c->objects[f->object].id, "where",
		      where_name((enum segment_where)f->where), "line", (json_int_t)f->line,
		      "column", (json_int_t)f->column, "offset", (json_int_t)f->offset,
		      "length", (json_int_t)f->length, "excerpt", secret ? "" : f->excerpt,
		      "text_hmac", key, "evidence", words(f->evidence), "evasion",
		      words(f->evasion));
	if (j == NULL)
		return NULL;
	/* Such a key is about a file or a draft: two persons cannot make it quiet. */
	if (!is_about_text(f))
		(void)json_object_set_new(j, "suppressible", json_false());
	if (f->page > 0)
		(void)json_object_set_new(j, "page", json_integer(f->page));
	if (f->fix_action[0] != '\0')
		(void)json_object_set_new(j, "fix",
					  json_pack("{s:s, s:s}", "action", f->fix_action,
						    "text", secret ? "" : f->fix_text));
	if (case_waiver(c, f) != NULL)
		(void)json_object_set_new(j, "suppressed", case_waiver_json(case_waiver(c, f)));
	set_texts(c, j, f->rule);
	return j;
}

static json_t *list_objects(const struct inspect_case *c, uint32_t max)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < c->n_objects && i < max; i++)
		(void)json_array_append_new(a, object_json(&c->objects[i]));
	return a;
}

static json_t *list_findings(const struct inspect_case *c, uint32_t max)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < c->n_findings && i < max; i++)
		(void)json_array_append_new(a, finding_json(c, &c->findings[i]));
	return a;
}

static json_t *counts(const int64_t n[SEV_COUNT])
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "S0", (json_int_t)n[SEV_S0], "S1",
			 (json_int_t)n[SEV_S1], "S2", (json_int_t)n[SEV_S2], "S3",
			 (json_int_t)n[SEV_S3], "S4", (json_int_t)n[SEV_S4]);
}

/* Everything that depends on bytes and policy only, but for "counts". */
static json_t *content(const struct inspect_case *c, uint32_t max_objects,
		       uint32_t max_findings)
{
	char sha[65], policy[65];
	json_t *j;

	text_hex(c->in->sha256, sizeof(c->in->sha256), sha);
	text_hex(policy_digest(c->policy), 32, policy);
	j = json_pack("{s:s, s:s, s:{s:o, s:s, s:I}, s:{s:I, s:s}, s:o, s:o}", "schema",
		      "sluice-report/1", "verdict", verdict_name(c->verdict), "input", "name",
		      safe_string(c->in->name), "sha256", sha, "length",
		      (json_int_t)c->in->length, "policy", "version",
		      (json_int_t)policy_version(c->policy), "sha256", policy, "objects",
		      list_objects(c, max_objects), "findings", list_findings(c, max_findings));
	if (j != NULL && c->in->waivers != NULL && c->in->waivers->n > 0)
		(void)json_object_set_new(json_object_get(j, "policy"), "suppressions",
					  json_string(c->in->waivers->sha256));
	if (j != NULL && c->overflow)
		(void)json_object_set_new(
			j, "omitted",
			json_pack("{s:I, s:I}", "objects",
				  (json_int_t)(c->n_objects > max_objects
						       ? c->n_objects - max_objects
						       : 0),
				  "findings",
				  (json_int_t)(c->n_findings > max_findings
						       ? c->n_findings - max_findings
						       : 0)));
	return j;
}

static void tell_answer(const struct case_answer *a, struct inspect_report *out)
{
	out->filter_died |= a->asked && a->error != SL_OK &&
			    (strcmp(a->why, "unreachable") == 0 ||
			     strcmp(a->why, "garbage") == 0 || strcmp(a->why, "crashed") == 0);
	out->filter_absent |= a->asked && a->call.absent;
	out->timed_out |= strcmp(a->why, "timeout") == 0;
	out->other_rules |= strcmp(a->why, "other-policy") == 0;
}

/* Each program once. */
static int list_filters(const struct inspect_case *c, json_t *list)
{
	const struct case_answer *office = case_parts_answer(c, FILTER_EXTRACT);
	int r = list != NULL ? 0 : -1;

	for (unsigned w = 0; r == 0 && w < FILTER_COUNT; w++) {
		const struct case_answer *a = &c->answer[w];

		/* Nothing to see: no word about who did not look. */
		if (w == FILTER_SEE)
			a = worst(c->wants_see ? a : NULL, case_parts_answer(c, FILTER_SEE));
		if (w == FILTER_EXTRACT && c->office)
			a = worst(a, office);
		if (a != NULL)
			r = json_array_append_new(list, filter_json(a, case_program(c, w)));
	}
	if (r == 0 && office != NULL && !c->office)
		r = json_array_append_new(list, filter_json(office, case_office));
	return r == 0 ? SL_OK : SL_E_NOMEM;
}

/* What the caller would otherwise have to read out of the bytes again. */
static int tell(const struct inspect_case *c, struct inspect_report *out)
{
	memset(out->counts, 0, sizeof(out->counts));
	out->spilling[0] = '\0';
	for (uint32_t i = 0; i < c->n_findings; i++) {
		const struct finding *f = &c->findings[i];

		if (f->severity == SEV_S0 && out->counts[SEV_S0] == 0)
			memcpy(out->spilling, f->rule, sizeof(out->spilling));
		out->counts[f->severity] += case_waiver(c, f) == NULL;
	}
	out->filter_died = out->filter_absent = out->other_rules = out->timed_out = false;
	out->office_absent = c->office && c->answer[FILTER_EXTRACT].call.absent;
	out->filters = json_array();
	for (unsigned w = 0; w < FILTER_COUNT; w++)
		tell_answer(&c->answer[w], out);
	for (uint32_t i = 0; i < c->n_parts; i++) {
		const struct case_part *p = &c->parts[i];

		tell_answer(&p->answer, out);
		out->office_absent |= p->filter == FILTER_EXTRACT && p->answer.call.absent;
	}
	return list_filters(c, out->filters);
}

/* Names are sorted in canonical bytes: "content_sha256", "counts", "filters", then the
 * rest.  So the digest is taken over {counts, rest} and the report is put together from
 * the same bytes, each value written once. */
static int render(const struct inspect_case *c, uint32_t max_objects, uint32_t max_findings,
		  struct inspect_report *out)
{
	json_t *rest = content(c, max_objects, max_findings), *n = counts(out->counts);
	struct buf body;
	size_t at = 0;
	int r = rest == NULL || n == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&body, CASE_REPORT_MAX);
	buf_puts(&body, "{\"counts\":");
	if (r == SL_OK)
		r = json_canonical(n, &body);
	at = body.len;
	if (r == SL_OK)
		r = json_canonical(rest, &body);
	if (r != SL_OK)
		goto out;
	body.data[at] = ','; /* was the brace of `rest` */
	hash_hex(body.data, body.len, out->content_sha256);
	buf_clear(&out->bytes);
	buf_putf(&out->bytes, "{\"content_sha256\":\"%s\",", out->content_sha256);
	buf_put(&out->bytes, body.data + 1, at - 1);
	buf_puts(&out->bytes, ",\"filters\":");
	r = json_canonical(out->filters, &out->bytes);
	buf_put(&out->bytes, body.data + at, body.len - at);
	if (r == SL_OK)
		r = buf_error(&out->bytes);
out:
	json_decref(rest);
	json_decref(n);
	buf_release(&body);
	return r;
}

int case_report(struct inspect_case *c, struct inspect_report *out)
{
	uint32_t objects = CASE_OBJECTS_MAX, findings = CASE_FINDINGS_MAX;
	int r = tell(c, out);

	if (r == SL_OK)
		r = render(c, objects, findings, out);
	/* Long names can make even a capped report too large: cap harder, and hold. */
	while (r == SL_E_LIMIT && findings > 10) {
		c->overflow = true;
		if (c->verdict < VERDICT_HOLD)
			c->verdict = VERDICT_HOLD;
		objects /= 2;
		findings /= 2;
		r = render(c, objects, findings, out);
	}
	out->verdict = c->verdict;
	return r;
}

void inspect_report_init(struct inspect_report *r)
{
	memset(r, 0, sizeof(*r));
	r->verdict = VERDICT_HOLD;
	buf_init(&r->bytes, CASE_REPORT_MAX + (64 << 10));
}

void inspect_report_release(struct inspect_report *r)
{
	json_decref(r->filters);
	buf_wipe(&r->bytes);
	inspect_report_init(r);
}
