/* extract_load.c - what must be warm before the first document and before the sandbox. */
#include "inspect/extract/extract.h"

#include <libxml/xmlversion.h>
#include <stdio.h>
#include <unicode/unorm2.h>

#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_package.h"
#include "inspect/extract/extract_pdf.h"
#include "inspect/extract/extract_xml.h"

int extract_load(struct sl_why *why)
{
	UErrorCode err = U_ZERO_ERROR;
	int r = extract_package_init();

	if (r != SL_OK)
		return why_set(why, r, "the locale C.UTF-8 is missing");
	r = extract_decode_init();
	if (r != SL_OK)
		return why_set(why, r, "ICU has no GB18030 converter");
	/* The identifier compares names of nested members in this form. */
	(void)unorm2_getNFKCCasefoldInstance(&err);
	if (U_FAILURE(err))
		return why_set(why, SL_E_CONFIG, "ICU: %s", u_errorName(err));
	extract_xml_init();
	return extract_pdf_init(why);
}

const char *extract_engines(void)
{
	static char text[96];

	(void)snprintf(text, sizeof(text), "libxml2 %s, poppler %s", LIBXML_DOTTED_VERSION,
		       poppler_get_version());
	return text;
}
