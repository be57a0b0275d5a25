/* form_record.c - manifest, report and signed lines of one draft into one checked record. */
#include "form/form_record.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "form/form_signed.h"

enum { REPORT_MAX = 8 << 20 };

struct making {
	const json_t *answer, *draft, *report;
	struct manifest *manifest;
	char manifest_sha256[HASH_HEX + 1], report_sha256[HASH_HEX + 1];
	struct form_ground ground;
	json_t *record;
};

static int put(json_t *into, const char *name, json_t *value)
{
	return json_object_set_new(into, name, value) == 0 ? SL_OK : SL_E_NOMEM;
}

/* The digests that people signed, of what the gateway sent now. */
static int take_digests(struct making *m, struct sl_why *why)
{
	const char *text = json_str(m->answer, "manifest");
	struct buf bytes;
	int r;

	if (text == NULL || m->draft == NULL || json_str(m->draft, "draft") == NULL ||
	    !json_i64(m->draft, "revision", &m->ground.revision))
		return why_set(why, SL_E_FORMAT,
			       _("the gateway's answer cannot be understood"));
	r = manifest_parse(text, strlen(text), &m->manifest, why);
	if (r != SL_OK)
		return r;
	text_hex(m->manifest->sha256, HASH_LEN, m->manifest_sha256);
	if (m->manifest->version != m->ground.revision)
		return why_set(why, SL_E_SIGNATURE, _("the manifest is of another revision"));
	m->report = json_obj(m->answer, "report");
	if (m->report != NULL) {
		buf_init(&bytes, REPORT_MAX);
		r = json_compact(m->report, &bytes);
		if (r == SL_OK)
			hash_hex(buf_str(&bytes), bytes.len, m->report_sha256);
		buf_release(&bytes);
	}
	m->ground.draft = json_str(m->draft, "draft");
	m->ground.manifest_sha256 = m->manifest_sha256;
	m->ground.report_sha256 = m->report_sha256;
	return r;
}

/* Words of the gateway about where the draft is. */
static int put_draft(struct making *m)
{
	static const char *const names[] = {"draft",	 "state", "reason",  "unit", "author",
					    "submitter", "route", "verdict", NULL};
	int r = SL_OK;

	for (const char *const *n = names; r == SL_OK && *n != NULL; n++) {
		const char *s = json_str(m->draft, *n);

		r = put(m->record, *n, json_string(s != NULL ? s : ""));
	}
	if (r == SL_OK)
		r = put(m->record, "revision", json_integer(m->ground.revision));
	return r;
}

static int put_files(struct making *m)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < m->manifest->n_blobs; i++) {
		const struct manifest_blob *b = &m->manifest->blobs[i];

		(void)json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:I,s:I}", "name", b->name, "media_type",
					b->media_type, "sha256", b->sha256, "length",
					(json_int_t)b->length, "pages",
					(json_int_t)form_record_pages(m->report, i)));
	}
	return put(m->record, "files", list);
}

static int put_votes(struct making *m)
{
	json_t *list = json_array();
	const json_t *row;
	size_t i;
	int r = list == NULL ? SL_E_NOMEM : SL_OK;

	json_array_foreach(json_arr(m->answer, "votes"), i, row)
	{
		if (r == SL_OK &&
		    json_array_append_new(list, form_signed_vote(&m->ground, row)) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK)
		return put(m->record, "votes", list);
	json_decref(list);
	return r;
}

/* Opinions asked outside and the appeal; a record without any has no list. */
static int put_steps(struct making *m)
{
	json_t *list;
	const json_t *row;
	size_t i;
	int r = SL_OK;

	if (json_arr(m->answer, "steps") == NULL)
		return SL_OK;
	list = json_array();
	json_array_foreach(json_arr(m->answer, "steps"), i, row)
	{
		if (json_array_append_new(list, form_signed_step(&m->ground, row)) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK)
		return put(m->record, "steps", list);
	json_decref(list);
	return r;
}

static int put_signed(struct making *m)
{
	int r = put(m->record, "submission",
		    form_signed_submission(&m->ground, json_str(m->answer, "submission")));

	if (r == SL_OK)
		r = put(m->record, "inspection",
			form_signed_inspection(&m->ground, json_str(m->answer, "inspection")));
	if (r == SL_OK)
		r = put_votes(m);
	return r == SL_OK ? put_steps(m) : r;
}

/* What was masked and taken out by a fix, in numbers. */
static int put_fix(struct making *m)
{
	const json_t *fix = json_obj(m->answer, "fix"), *file, *change;
	int64_t revision = 0, n, changes = 0;
	size_t i, k;

	if (fix == NULL)
		return SL_OK;
	(void)json_i64(fix, "revision", &revision);
	json_array_foreach(json_arr(fix, "files"), i, file)
	{
		json_array_foreach(json_arr(file, "changes"), k, change) changes +=
			json_i64(change, "count", &n) && n > 0 && n < 1000000 ? n : 1;
	}
	return put(m->record, "fix",
		   json_pack("{s:I,s:I,s:I}", "revision", (json_int_t)revision, "masked",
			     (json_int_t)json_array_size(json_arr(fix, "masked")), "removed",
			     (json_int_t)changes));
}

/* The roles that must approve on this route, by the policy in force. */
static int put_required(struct making *m)
{
	const struct roster_class *k = roster_class(m->ground.roster, m->manifest->klass);
	json_t *list = json_array();

	for (unsigned i = 0; k != NULL && i < k->n_require; i++)
		(void)json_array_append_new(list, json_string(k->require[i].role));
	return put(m->record, "required", list);
}

/* The rules' names of persons or units, as far as they are words. */
static int put_names(struct making *m, const char *what)
{
	const json_t *given = json_obj(m->answer, what);
	json_t *list, *value;
	const char *key;
	int r = SL_OK;

	if (given == NULL)
		return SL_OK;
	list = json_object();
	json_object_foreach((json_t *)(uintptr_t)given, key, value)
	{
		if (json_is_string(value) && json_object_set(list, key, value) != 0)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK)
		return put(m->record, what, list);
	json_decref(list);
	return r;
}

static int put_rest(struct making *m)
{
	const json_t *internal = json_obj(m->answer, "internal");
	const char *secrecy_by = json_str(m->answer, "secrecy_by");
	char policy[HASH_HEX + 1];
	int64_t serial = 0;
	int r = put_fix(m);

	if (r == SL_OK)
		r = put_required(m);
	text_hex(roster_digest(m->ground.roster), HASH_LEN, policy);
	if (r == SL_OK)
		r = put(m->record, "policy",
			json_pack("{s:s,s:I}", "sha256", policy, "version",
				  (json_int_t)roster_version(m->ground.roster)));
	if (r == SL_OK && internal != NULL)
		r = put(m->record, "internal", json_deep_copy(internal));
	if (r == SL_OK && secrecy_by != NULL)
		r = put(m->record, "secrecy_by", json_string(secrecy_by));
	if (r == SL_OK)
		r = put_names(m, "names");
	if (r == SL_OK)
		r = put_names(m, "units");
	if (r == SL_OK && json_i64(m->answer, "serial", &serial) && serial > 0)
		r = put(m->record, "serial", json_integer(serial));
	return r == SL_OK ? form_record_history(m->answer, m->record) : r;
}

int form_record(const json_t *answer, const struct roster *roster, json_t **ret_record,
		struct sl_why *why)
{
	struct making m = {.answer = answer,
			   .draft = json_obj(answer, "draft"),
			   .ground = {.roster = roster}};
	int r = take_digests(&m, why);

	if (r != SL_OK)
		goto out;
	m.record = json_pack("{s:s,s:s,s:O}", "schema", FORM_SCHEMA, "manifest_sha256",
			     m.manifest_sha256, "manifest", m.manifest->json);
	r = m.record == NULL ? SL_E_NOMEM : put_draft(&m);
	if (r == SL_OK)
		r = put(m.record, "report", form_record_report(m.report, m.report_sha256));
	if (r == SL_OK)
		r = put_files(&m);
	if (r == SL_OK)
		r = put_signed(&m);
	if (r == SL_OK)
		r = put_rest(&m);
	if (r != SL_OK)
		goto out;
	*ret_record = m.record;
	m.record = NULL; /* moved */
out:
	manifest_free(m.manifest);
	json_decref(m.record);
	return r;
}
