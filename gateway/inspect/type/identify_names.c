/* identify_names.c - what a name promises and what other voters call the same thing.
 *
 * Names come from authors, votes from libmagic and libclamav; all may be wrong,
 * and the tables say how far each may differ from the structure before the
 * difference itself is the finding. */
#include <string.h>
#include <strings.h>

#include "inspect/type/identify.h"

#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF   "application/vnd.oasis.opendocument."
#define MS    "application/vnd.ms-"
#define TEXTS "text/plain", "text/csv", "application/json", "application/xml"

static const struct {
	const char *ext;
	const char *types[6];
} names[] = {
	{"docx", {OOXML "wordprocessingml.document"}},
	{"dotx", {OOXML "wordprocessingml.template"}},
	{"docm", {MS "word.document.macroEnabled.12"}},
	{"dotm", {MS "word.template.macroEnabled.12"}},
	{"xlsx", {OOXML "spreadsheetml.sheet"}},
	{"xltx", {OOXML "spreadsheetml.template"}},
	{"xlsm", {MS "excel.sheet.macroEnabled.12"}},
	{"xlsb", {MS "excel.sheet.binary.macroEnabled.12"}},
	{"pptx", {OOXML "presentationml.presentation"}},
	{"ppsx", {OOXML "presentationml.slideshow"}},
	{"potx", {OOXML "presentationml.template"}},
	{"pptm", {MS "powerpoint.presentation.macroEnabled.12"}},
	{"odt", {ODF "text"}},
	{"ott", {ODF "text-template"}},
	{"ods", {ODF "spreadsheet"}},
	{"odp", {ODF "presentation"}},
	{"odg", {ODF "graphics"}},
	{"ofd", {"application/ofd"}},
	{"epub", {"application/epub+zip"}},
	{"zip", {"application/zip"}},
	{"doc", {"application/msword", "application/rtf"}},
	{"dot", {"application/msword"}},
	{"wps", {"application/msword"}},
	{"xls", {"application/vnd.ms-excel"}},
	{"et", {"application/vnd.ms-excel"}},
	{"ppt", {"application/vnd.ms-powerpoint"}},
	{"pps", {"application/vnd.ms-powerpoint"}},
	{"dps", {"application/vnd.ms-powerpoint"}},
	{"msg", {"application/vnd.ms-outlook"}},
	{"pdf", {"application/pdf"}},
	{"png", {"image/png"}},
	{"jpg", {"image/jpeg"}},
	{"jpeg", {"image/jpeg"}},
	{"gif", {"image/gif"}},
	{"bmp", {"image/bmp"}},
	{"tif", {"image/tiff"}},
	{"tiff", {"image/tiff"}},
	{"webp", {"image/webp"}},
	{"svg", {"image/svg+xml"}},
	{"txt", {TEXTS}},
	{"text", {TEXTS}},
	{"md", {TEXTS}},
	{"log", {TEXTS}},
	{"csv", {"text/csv", "text/plain"}},
	{"tsv", {TEXTS}},
	{"json", {"application/json", "text/plain"}},
	{"xml", {"application/xml", "text/plain", "image/svg+xml"}},
	{"html", {"text/html", "application/xml", "text/plain"}},
	{"htm", {"text/html", "application/xml", "text/plain"}},
	{"xhtml", {"text/html", "application/xml"}},
	{"eml", {"message/rfc822", "text/plain"}},
	{"rtf", {"application/rtf"}},
	{"ics", {"text/calendar", "text/plain"}},
	{"vcf", {"text/vcard", "text/plain"}},
	{"mp4", {"video/mp4", "audio/mp4"}},
	{"m4v", {"video/mp4"}},
	{"m4a", {"audio/mp4", "video/mp4"}},
	{"mov", {"video/quicktime", "video/mp4"}},
	{"3gp", {"video/mp4"}},
	{"heic", {"image/heic"}},
	{"heif", {"image/heic"}},
	{"avif", {"image/avif"}},
	{"mp3", {"audio/mpeg"}},
	{"ogg", {"application/ogg"}},
	{"oga", {"application/ogg"}},
	{"ogv", {"application/ogg"}},
	{"opus", {"application/ogg"}},
	{"flac", {"audio/flac"}},
	{"wav", {"audio/x-wav"}},
	{"avi", {"video/x-msvideo"}},
	{"mkv", {"video/x-matroska"}},
	{"webm", {"video/x-matroska"}},
	{"rar", {"application/vnd.rar"}},
	{"7z", {"application/x-7z-compressed"}},
	{"gz", {"application/gzip"}},
	{"tgz", {"application/gzip"}},
	{"tar", {"application/x-tar"}},
};

const char *identify_extension(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot == NULL || dot == name || strlen(dot) > 16 ? "" : dot + 1;
}

/* Does one of the types that the name promises stand in relation `agrees`? */
static bool any_promised(const char *name, const char *type,
			 bool (*agrees)(const char *ours, const char *theirs))
{
	const char *ext = identify_extension(name);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(names[i].ext, ext) != 0)
			continue;
		for (size_t k = 0; k < 6 && names[i].types[k] != NULL; k++) {
			if (agrees(names[i].types[k], type))
				return true;
		}
		return false;
	}
	return true;
}

static bool same(const char *ours, const char *theirs)
{
	return strcmp(ours, theirs) == 0;
}

bool identify_name_agrees(const char *name, const char *type)
{
	return any_promised(name, type, same);
}
bool identify_name_possible(const char *name, const char *type)
{
	return any_promised(name, type, identify_vote_agrees);
}

enum family {
	FAMILY_OTHER,
	FAMILY_ZIP,
	FAMILY_OLE,
	FAMILY_PDF,
	FAMILY_IMAGE,
	FAMILY_MEDIA,
	FAMILY_TEXT,
	FAMILY_VAGUE
};

static const struct {
	const char *prefix;
	enum family family;
} families[] = {
	{OOXML, FAMILY_ZIP},
	{ODF, FAMILY_ZIP},
	{"application/ofd", FAMILY_ZIP},
	{"application/epub+zip", FAMILY_ZIP},
	{"application/zip", FAMILY_ZIP},
	{"application/x-zip", FAMILY_ZIP},
	{"application/java-archive", FAMILY_ZIP},
	{"application/vnd.android.package-archive", FAMILY_ZIP},
	{"application/msword", FAMILY_OLE},
	{"application/x-ole-storage", FAMILY_OLE},
	{"application/CDFV2", FAMILY_OLE},
	{"application/encrypted", FAMILY_OLE},
	{"application/pdf", FAMILY_PDF},
	{"image/svg", FAMILY_TEXT},
	{"image/", FAMILY_IMAGE},
	{"application/octet-stream", FAMILY_VAGUE},
	{"application/x-download", FAMILY_VAGUE},
	{"application/wps-office", FAMILY_VAGUE}, /* what WPS registers for other formats */
	{"application/kswps", FAMILY_VAGUE},
	{"inode/", FAMILY_VAGUE},
	{"text/", FAMILY_TEXT},
	{"message/", FAMILY_TEXT},
	{"application/json", FAMILY_TEXT},
	{"application/xml", FAMILY_TEXT},
	{"application/rtf", FAMILY_TEXT},
	{"application/csv", FAMILY_TEXT},
	{"application/javascript", FAMILY_TEXT},
	{"application/postscript", FAMILY_TEXT},
	{"application/ogg", FAMILY_MEDIA},
	{"audio/", FAMILY_MEDIA},
	{"video/", FAMILY_MEDIA},
};

static enum family family_of(const char *type)
{
	/* Before 2007 and after it share a prefix; the macro kinds of after say so. */
	if (strncmp(type, MS, strlen(MS)) == 0)
		return strstr(type, ".12") != NULL || strstr(type, "macroenabled") != NULL
			       ? FAMILY_ZIP
			       : FAMILY_OLE;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (strncmp(type, families[i].prefix, strlen(families[i].prefix)) == 0)
			return families[i].family;
	}
	return FAMILY_OTHER;
}

/* Text is often taken for something odd (measured on GB18030 files); only a claim of
 * one of these formats means that two programs see two files. */
static bool harmful_claim(const char *theirs)
{
	static const char *const claims[] = {"application/x-dosexec",
					     "application/vnd.microsoft",
					     "application/x-executable",
					     "application/x-sharedlib",
					     "application/x-pie",
					     "application/x-mach",
					     "application/x-rar",
					     "application/x-7z",
					     "application/x-msi",
					     "application/java",
					     NULL};
	enum family f = family_of(theirs);

	if (f == FAMILY_ZIP || f == FAMILY_OLE || f == FAMILY_PDF)
		return true;
	for (const char *const *c = claims; *c != NULL; c++) {
		if (strncmp(theirs, *c, strlen(*c)) == 0)
			return true;
	}
	return false;
}

/* Some formats go by several names. */
static bool same_image(const char *ours, const char *theirs)
{
	static const char *const pairs[][2] = {
		{"image/bmp", "image/x-ms-bmp"}, {"image/bmp", "image/x-bmp"},
		{"image/jpeg", "image/jpg"},	 {"image/jpeg", "image/pjpeg"},
		{"image/png", "image/x-png"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (strcmp(ours, pairs[i][0]) == 0 && strcmp(theirs, pairs[i][1]) == 0)
			return true;
	}
	return false; /* the same spelling was accepted before */
}

bool identify_vote_agrees(const char *ours, const char *theirs)
{
	enum family a = family_of(ours), b = family_of(theirs);

	if (theirs[0] == '\0' || b == FAMILY_VAGUE || strcmp(ours, theirs) == 0)
		return true;
	if (a == FAMILY_TEXT)
		return !harmful_claim(theirs);
	if (a == FAMILY_IMAGE)
		return same_image(ours, theirs);
	return a == FAMILY_OTHER || a == b;
}

bool identify_declared_agrees(const char *ours, const char *declared)
{
	/* A type we never heard of promises nothing. */
	return (family_of(declared) == FAMILY_OTHER && !harmful_claim(declared)) ||
	       identify_vote_agrees(ours, declared);
}
