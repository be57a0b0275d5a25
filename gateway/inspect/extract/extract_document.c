/* extract_document.c - from the media type to the parser.
 *
 * The type comes from the `type` filter.  What no parser here reads is failed,
 * with the reason that tells a person what kind of hold it is. */
#include "inspect/extract/extract.h"

#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_coded.h"

struct route {
	const char *type; /* exact, or a prefix when it ends with '/' */
	int (*parse)(struct extract *x);
	const char *reason; /* without a parser: why not */
};

#define ODF   "application/vnd.oasis.opendocument."
#define OOXML "application/vnd.openxmlformats-officedocument."

static const struct route routes[] = {
	{OOXML "wordprocessingml.document", extract_docx_document, NULL},
	{OOXML "wordprocessingml.template", extract_docx_document, NULL},
	{"application/vnd.ms-word.document.macroEnabled.12", extract_docx_document, NULL},
	{"application/vnd.ms-word.template.macroEnabled.12", extract_docx_document, NULL},
	{OOXML "spreadsheetml.sheet", extract_xlsx_document, NULL},
	{OOXML "spreadsheetml.template", extract_xlsx_document, NULL},
	{"application/vnd.ms-excel.sheet.macroEnabled.12", extract_xlsx_document, NULL},
	{"application/vnd.ms-excel.template.macroEnabled.12", extract_xlsx_document, NULL},
	{OOXML "presentationml.presentation", extract_pptx_document, NULL},
	{OOXML "presentationml.slideshow", extract_pptx_document, NULL},
	{OOXML "presentationml.template", extract_pptx_document, NULL},
	{"application/vnd.ms-powerpoint.presentation.macroEnabled.12", extract_pptx_document,
	 NULL},
	{"application/vnd.ms-powerpoint.slideshow.macroEnabled.12", extract_pptx_document,
	 NULL},
	{ODF "text", extract_odf_document, NULL},
	{ODF "text-template", extract_odf_document, NULL},
	{ODF "spreadsheet", extract_odf_document, NULL},
	{ODF "spreadsheet-template", extract_odf_document, NULL},
	{ODF "presentation", extract_odf_document, NULL},
	{ODF "presentation-template", extract_odf_document, NULL},
	{ODF "graphics", extract_odf_document, NULL},
	{"application/ofd", extract_ofd_document, NULL},
	{"application/pdf", extract_pdf_document, NULL},
	{"application/zip", extract_archive_document, NULL},
	{"application/x-tar", extract_archive_document, NULL},
	{"application/x-7z-compressed", extract_archive_document, NULL},
	{"application/vnd.rar", extract_archive_document, NULL},
	{"application/gzip", extract_archive_document, NULL},
	{"text/html", extract_html_document, NULL},
	{"application/xhtml+xml", extract_html_document, NULL},
	{"application/rtf", extract_rtf_document, NULL},
	{"text/rtf", extract_rtf_document, NULL},
	{"message/rfc822", extract_mail_document, NULL},
	{"text/calendar", extract_card_document, NULL},
	{"text/vcard", extract_card_document, NULL},
	{"text/csv", extract_csv_document, NULL},
	{"text/xml", extract_xml_document, NULL},
	{"text/", extract_text_document, NULL},
	{"application/json", extract_json_document, NULL},
	{"application/xml", extract_xml_document, NULL},
	{"application/csv", extract_csv_document, NULL},
	{"application/yaml", extract_plain_document, NULL},
	{"application/x-yaml", extract_plain_document, NULL},
	{"image/svg+xml", extract_svg_document, NULL},
	{"image/", extract_image_document, NULL},
	{"application/ogg", extract_media_document, NULL},
	{"audio/", extract_media_document, NULL},
	{"video/", extract_media_document, NULL},
	{"application/encrypted", NULL, "encrypted"},
	/* In another document; as a file they are given to `office` at once. */
	{"application/msword", NULL, "old-format-not-read"},
	{"application/vnd.ms-excel", NULL, "old-format-not-read"},
	{"application/vnd.ms-powerpoint", NULL, "old-format-not-read"},
};

static const struct route *find(const char *type)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const char *t = routes[i].type;
		size_t n = strlen(t);

		if (strcasecmp(t, type) == 0 ||
		    (t[n - 1] == '/' && strncasecmp(t, type, n) == 0))
			return &routes[i];
	}
	return NULL;
}

int extract_document(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	const struct route *route = find(p->object.type);

	if (p->object.type[0] == '\0')
		extract_fail(p, "unknown-type");
	else if (route == NULL)
		extract_fail(p, "unsupported");
	else if (route->parse == NULL)
		extract_fail(p, route->reason);
	else if (route->parse(x) != SL_OK || extract_coded(x) != SL_OK)
		return SL_E_NOMEM;
	return x->nomem ? SL_E_NOMEM : SL_OK;
}
