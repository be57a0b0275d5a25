/* identify_zip.c - which kind of document a sound ZIP file is.
 *
 * Order of members proves nothing (OFD.xml is often the last one), so the
 * decision is made from the directory and from the parts that name the kind. */
#include <ctype.h>
#include <string.h>

#include "inspect/type/identify.h"
#include "inspect/type/zip.h"

enum { PART_MAX = 4 << 20 };

struct kind {
	const char *mark; /* content type of the main part, or text of the mimetype member */
	const char *type;
	bool macro;
};

#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF   "application/vnd.oasis.opendocument."
#define MS    "application/vnd.ms-"

static const struct kind ooxml_kinds[] = {
	{OOXML "wordprocessingml.document.main+xml", OOXML "wordprocessingml.document", false},
	{OOXML "wordprocessingml.template.main+xml", OOXML "wordprocessingml.template", false},
	{MS "word.document.macroEnabled.main+xml", MS "word.document.macroEnabled.12", true},
	{MS "word.template.macroEnabledTemplate.main+xml", MS "word.template.macroEnabled.12",
	 true},
	{OOXML "spreadsheetml.sheet.main+xml", OOXML "spreadsheetml.sheet", false},
	{OOXML "spreadsheetml.template.main+xml", OOXML "spreadsheetml.template", false},
	{MS "excel.sheet.macroEnabled.main+xml", MS "excel.sheet.macroEnabled.12", true},
	{MS "excel.template.macroEnabled.main+xml", MS "excel.template.macroEnabled.12", true},
	{MS "excel.addin.macroEnabled.main+xml", MS "excel.addin.macroEnabled.12", true},
	{MS "excel.sheet.binary.macroEnabled.main", MS "excel.sheet.binary.macroEnabled.12",
	 true},
	{OOXML "presentationml.presentation.main+xml", OOXML "presentationml.presentation",
	 false},
	{OOXML "presentationml.slideshow.main+xml", OOXML "presentationml.slideshow", false},
	{OOXML "presentationml.template.main+xml", OOXML "presentationml.template", false},
	{MS "powerpoint.presentation.macroEnabled.main+xml",
	 MS "powerpoint.presentation.macroEnabled.12", true},
	{MS "powerpoint.slideshow.macroEnabled.main+xml",
	 MS "powerpoint.slideshow.macroEnabled.12", true},
	{MS "powerpoint.template.macroEnabled.main+xml",
	 MS "powerpoint.template.macroEnabled.12", true},
};
static const struct kind mimetype_kinds[] = {
	{ODF "text", ODF "text", false},
	{ODF "text-template", ODF "text-template", false},
	{ODF "spreadsheet", ODF "spreadsheet", false},
	{ODF "spreadsheet-template", ODF "spreadsheet-template", false},
	{ODF "presentation", ODF "presentation", false},
	{ODF "presentation-template", ODF "presentation-template", false},
	{ODF "graphics", ODF "graphics", false},
	{ODF "formula", ODF "formula", false},
	{ODF "chart", ODF "chart", false},
	{"application/epub+zip", "application/epub+zip", false},
};

static bool contains(const struct buf *b, const char *word)
{
	return b->len > 0 && memmem(b->data, b->len, word, strlen(word)) != NULL;
}

/* Is "mark" a whole attribute value somewhere? */
static bool has_value(const struct buf *b, const char *mark)
{
	size_t len = strlen(mark);
	const uint8_t *p = b->data, *end = b->data + b->len, *hit;

	while (p != NULL && p < end &&
	       (hit = memmem(p, (size_t)(end - p), mark, len)) != NULL) {
		if (hit > b->data && hit + len < end && (hit[-1] == '"' || hit[-1] == '\'') &&
		    hit[len] == hit[-1])
			return true;
		p = hit + 1;
	}
	return false;
}

static bool name_ends(const struct zip_entry *e, const char *tail)
{
	size_t len = strlen(tail);

	if (e->name_len < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (tolower(e->name[e->name_len - len + i]) != tolower((unsigned char)tail[i]))
			return false;
	}
	return true;
}

static bool any_name_ends(const struct zip *z, const char *tail)
{
	for (uint32_t i = 0; i < z->n; i++) {
		if (name_ends(&z->entries[i], tail))
			return true;
	}
	return false;
}

static void kind_of_ooxml(const struct zip *z, const struct zip_entry *types,
			  struct identity *id)
{
	const struct kind *found = NULL;
	unsigned n = 0;
	struct buf b;

	buf_init(&b, PART_MAX);
	if (zip_read(z, types, PART_MAX, &b) != SL_OK ||
	    memchr(buf_str(&b), '<', b.len) == NULL ||
	    memchr(buf_str(&b), '\0', b.len) != NULL || contains(&b, "<!")) {
		/* UTF-16 or a DTD in this part is nothing an office program writes. */
		id->reason = "corrupt";
		goto out;
	}
	for (size_t i = 0; i < sizeof(ooxml_kinds) / sizeof(ooxml_kinds[0]); i++) {
		if (has_value(&b, ooxml_kinds[i].mark)) {
			found = &ooxml_kinds[i];
			n++;
		}
	}
	id->macro = any_name_ends(z, "vbaProject.bin") ||
		    contains(&b, "application/vnd.ms-office.vbaProject");
	if (n > 1)
		id->reason = "polyglot";
	else if (n == 0)
		id->reason = "unknown-type";
	if (found != NULL) {
		id->type = found->type;
		id->macro = id->macro || found->macro;
	}
out:
	buf_release(&b);
}

static bool odf_encrypted(const struct zip *z)
{
	const struct zip_entry *e = zip_find(z, "META-INF/manifest.xml");
	struct buf b;
	bool yes;

	if (e == NULL)
		return false;
	buf_init(&b, PART_MAX);
	yes = zip_read(z, e, PART_MAX, &b) != SL_OK || contains(&b, "encryption-data") ||
	      contains(&b, "encrypted-key");
	buf_release(&b);
	return yes;
}

static void kind_of_mimetype(const struct zip *z, const struct zip_entry *e,
			     struct identity *id)
{
	struct buf b;

	buf_init(&b, 256);
	id->reason = "unknown-type";
	if (e->offset != 0 || e->method != 0 || zip_read(z, e, 256, &b) != SL_OK) {
		id->reason = "corrupt"; /* ODF 1.2 part 3, 3.3: first and stored */
		goto out;
	}
	for (size_t i = 0; i < sizeof(mimetype_kinds) / sizeof(mimetype_kinds[0]); i++) {
		if (strcmp(buf_str(&b), mimetype_kinds[i].mark) != 0)
			continue;
		id->type = mimetype_kinds[i].type;
		id->reason = odf_encrypted(z) ? "encrypted" : "";
		id->macro = any_name_ends(z, "/script-lc.xml") || any_name_ends(z, ".xba");
	}
out:
	buf_release(&b);
}

static void kind_of_ofd(const struct zip *z, const struct zip_entry *e, struct identity *id)
{
	struct buf b;

	buf_init(&b, PART_MAX);
	if (zip_read(z, e, PART_MAX, &b) != SL_OK)
		id->reason = "corrupt";
	else if (!contains(&b, "ofd:OFD") && !contains(&b, "<OFD"))
		id->reason = "unknown-type";
	else
		id->type = "application/ofd";
	if (zip_find(z, "Encryptions.xml") != NULL || zip_find(z, "Decryptseed.dat") != NULL)
		id->reason = "encrypted"; /* GM/T 0099 */
	buf_release(&b);
}

static void kind_of_plain(const struct zip *z, struct identity *id)
{
	id->type = "application/zip";
	if (zip_find(z, "AndroidManifest.xml") != NULL) {
		id->type = "application/vnd.android.package-archive";
		id->executable = true;
	} else if (zip_find(z, "META-INF/MANIFEST.MF") != NULL && any_name_ends(z, ".class")) {
		id->type = "application/java-archive";
		id->executable = true;
	}
}

static void decide_kind(const struct zip *z, struct identity *id)
{
	const struct zip_entry *types = zip_find(z, "[Content_Types].xml");
	const struct zip_entry *mimetype = zip_find(z, "mimetype");
	const struct zip_entry *ofd = zip_find(z, "OFD.xml");
	int claims = (types != NULL) + (mimetype != NULL) + (ofd != NULL);

	if (claims > 1)
		id->reason = "polyglot";
	else if (types != NULL)
		kind_of_ooxml(z, types, id);
	else if (mimetype != NULL)
		kind_of_mimetype(z, mimetype, id);
	else if (ofd != NULL)
		kind_of_ofd(z, ofd, id);
	else
		kind_of_plain(z, id);
}

void identify_zip(const struct identify_in *in, struct identity *ret_id)
{
	struct zip z;
	const char *why = zip_open(&z, in->p, in->len);

	ret_id->type = "application/zip";
	ret_id->container = true;
	if (why == NULL)
		why = zip_check(&z);
	if (why == NULL)
		why = zip_check_names(&z);
	if (why == NULL)
		why = zip_check_data(&z);
	if (why != NULL)
		ret_id->reason = why;
	ret_id->entries = why == NULL ? z.n : 0;
	for (uint32_t i = 0; why == NULL && i < z.n; i++)
		ret_id->members += z.entries[i].directory ? 0 : 1;
	if (why == NULL)
		decide_kind(&z, ret_id);
	zip_release(&z);
}
