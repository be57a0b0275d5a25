/* clean_pdf.c - a PDF written anew: one revision, no properties, scripts or attachments.
 *
 * qpdf copies what can be reached from the pages; everything else - earlier revisions,
 * orphans, bytes after the end - stays behind by itself.  Masks cannot be put into a
 * PDF's text: a job that has any is refused, the source file is to be changed. */
#include <stdlib.h>
#include <string.h>

#include "inspect/clean/clean.h"
#include "inspect/extract/extract_qpdf.h"

enum { OBJECTS_MAX = 2000000 };

/* Keys of any dictionary that say who made it, or that act. */
static const char *const dropped[] = {"/Metadata", "/PieceInfo",    "/AA",
				      "/Thumb",	   "/LastModified", "/AF"};
/* Keys of the catalogue. */
static const char *const dropped_root[] = {"/OpenAction", "/Collection", "/Legal",
					   "/SpiderInfo", "/URI"};
static const char *const dropped_names[] = {"/EmbeddedFiles", "/JavaScript"};

static uint32_t drop(qpdf_data q, qpdf_oh dict, const char *const *keys, size_t n,
		     uint32_t *counts)
{
	uint32_t any = 0;

	for (size_t i = 0; i < n; i++) {
		if (!qpdf_oh_has_key(q, dict, keys[i]))
			continue;
		qpdf_oh_remove_key(q, dict, keys[i]);
		counts[i]++;
		any++;
	}
	return any;
}

static void tell(struct clean_result *r, const char *const *keys, size_t n,
		 const uint32_t *counts)
{
	for (size_t i = 0; i < n; i++)
		if (counts[i] > 0)
			clean_say(r, "removed", "", keys[i] + 1, counts[i]);
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Is this an action that runs something? */
static bool runs(qpdf_data q, qpdf_oh action)
{
	static const char *const kinds[] = {"/JavaScript", "/Launch", "/SubmitForm",
					    "/ImportData", "/RichMediaExecute"};
	const char *kind;

	if (!qpdf_oh_is_dictionary(q, action) || !qpdf_oh_has_key(q, action, "/S"))
		return false;
	kind = qpdf_oh_get_name(q, qpdf_oh_get_key(q, action, "/S"));
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	return false;
}

static void clean_objects(qpdf_data q, struct clean_result *r)
{
	uint32_t counts[COUNT(dropped)] = {0}, actions = 0;
	qpdf_oh trailer = qpdf_get_trailer(q);
	int size = (int)qpdf_oh_get_int_value(q, qpdf_oh_get_key(q, trailer, "/Size"));

	for (int i = 1; i < size && i < OBJECTS_MAX && !qpdf_has_error(q); i++) {
		qpdf_oh o = qpdf_get_object_by_id(q, i, 0);

		if (qpdf_oh_is_stream(q, o))
			o = qpdf_oh_get_dict(q, o);
		if (qpdf_oh_is_dictionary(q, o)) {
			(void)drop(q, o, dropped, COUNT(dropped), counts);
			if (qpdf_oh_has_key(q, o, "/A") &&
			    runs(q, qpdf_oh_get_key(q, o, "/A"))) {
				qpdf_oh_remove_key(q, o, "/A");
				actions++;
			}
		}
		qpdf_oh_release_all(q);
	}
	tell(r, dropped, COUNT(dropped), counts);
	if (actions > 0)
		clean_say(r, "removed", "", "actions", actions);
}

static void clean_root(qpdf_data q, struct clean_result *r)
{
	uint32_t counts[COUNT(dropped_root)] = {0}, names[COUNT(dropped_names)] = {0};
	qpdf_oh trailer = qpdf_get_trailer(q), root = qpdf_get_root(q), n;

	if (qpdf_oh_has_key(q, trailer, "/Info")) {
		qpdf_oh_remove_key(q, trailer, "/Info");
		clean_say(r, "removed", "", "properties", 1);
	}
	(void)drop(q, root, dropped_root, COUNT(dropped_root), counts);
	tell(r, dropped_root, COUNT(dropped_root), counts);
	n = qpdf_oh_get_key(q, root, "/Names");
	if (qpdf_oh_is_dictionary(q, n))
		(void)drop(q, n, dropped_names, COUNT(dropped_names), names);
	tell(r, dropped_names, COUNT(dropped_names), names);
}

/* Generations of the file: each ends with this mark, a linearized one has two. */
static bool has_history(const struct clean_job *job)
{
	const uint8_t *p = job->bytes, *end = p + job->len;
	unsigned n = 0;

	while (p < end && (p = memmem(p, (size_t)(end - p), "%%EOF", 5)) != NULL) {
		n++;
		p += 5;
	}
	return n > 1;
}

int clean_pdf(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	qpdf_data q;
	int e = SL_OK;

	if (job->n_masks > 0)
		return why_set(
			why, SL_E_UNSUPPORTED,
			"masks cannot be put into a PDF: change the document that it was "
			"made from");
	q = extract_qpdf_new();
	if (q == NULL)
		return SL_E_NOMEM;
	if ((qpdf_read_memory(q, job->name, (const char *)job->bytes, job->len, NULL) &
	     QPDF_ERRORS) != 0)
		e = why_set(why, qpdf_is_encrypted(q) ? SL_E_DENIED : SL_E_FORMAT,
			    "the PDF cannot be read");
	if (e == SL_OK && qpdf_is_encrypted(q))
		e = why_set(why, SL_E_DENIED, "the PDF is encrypted");
	if (e == SL_OK) {
		clean_root(q, r);
		clean_objects(q, r);
		if (has_history(job))
			clean_say(r, "removed", "", "earlier revisions", 1);
	}
	/* An error before ended the cleaning early. */
	if (e == SL_OK && ((qpdf_init_write_memory(q) & QPDF_ERRORS) != 0 || qpdf_has_error(q)))
		e = why_set(why, SL_E_FORMAT, "the PDF cannot be written anew");
	if (e == SL_OK) {
		qpdf_set_static_ID(q, QPDF_FALSE);
		qpdf_set_deterministic_ID(q, QPDF_TRUE);
		qpdf_set_preserve_unreferenced_objects(q, QPDF_FALSE);
		qpdf_set_object_stream_mode(q, qpdf_o_generate);
		if ((qpdf_write(q) & QPDF_ERRORS) != 0)
			e = why_set(why, SL_E_FORMAT, "the PDF cannot be written anew");
		else
			buf_put(&r->bytes, qpdf_get_buffer(q), qpdf_get_buffer_length(q));
	}
	extract_qpdf_free(q);
	return e;
}
