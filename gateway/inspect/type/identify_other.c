/* identify_other.c - programs and scripts, and the formats we know only by name.
 *
 * Nothing here is ever "inspected": a program is refused by rule, an archive or
 * a film we cannot look into is held. */
#include <string.h>
#include <strings.h>

#include "inspect/type/identify.h"

struct magic_row {
	size_t at;
	const char *bytes;
	size_t len;
	const char *type;
	bool executable;
};
#define ROW(at, text, type, exe)                                                               \
	{                                                                                      \
		at, text, sizeof(text) - 1, type, exe                                          \
	}

static const struct magic_row rows[] = {
	ROW(0,
	    "\x7f"
	    "ELF",
	    "application/x-executable", true),
	ROW(0, "\xfe\xed\xfa\xce", "application/x-mach-binary", true),
	ROW(0, "\xfe\xed\xfa\xcf", "application/x-mach-binary", true),
	ROW(0, "\xce\xfa\xed\xfe", "application/x-mach-binary", true),
	ROW(0, "\xcf\xfa\xed\xfe", "application/x-mach-binary", true),
	ROW(0, "\xca\xfe\xba\xbe", "application/java-vm", true),
	ROW(0, "\0asm", "application/wasm", true),
	ROW(0, "dex\n", "application/x-dex", true),
	ROW(0, "#!", "text/x-script", true),
	ROW(0, "\xef\xbb\xbf#!", "text/x-script", true),
	ROW(0, "L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut", true),
	ROW(0, "ITSF", "application/vnd.ms-htmlhelp", true),
	ROW(0, "BZh", "application/x-bzip2", false),
	ROW(0,
	    "\xfd"
	    "7zXZ\0",
	    "application/x-xz", false),
	ROW(0, "\x28\xb5\x2f\xfd", "application/zstd", false),
	ROW(0, "MSCF", "application/vnd.ms-cab-compressed", false),
	ROW(0, "\0\0\0\x0cjP  ", "image/jp2", false),
	ROW(0, "8BPS", "image/vnd.adobe.photoshop", false),
};

/* "MZ" alone also starts a text; the rest must look like a DOS or Windows program. */
static bool is_pe(const struct identify_in *in)
{
	uint32_t at;

	if (in->len < 64 || memcmp(in->p, "MZ", 2) != 0)
		return false;
	at = identify_le32(in->p + 60);
	if (at < in->len && in->len - at >= 4 &&
	    (memcmp(in->p + at, "PE\0\0", 4) == 0 || memcmp(in->p + at, "NE", 2) == 0 ||
	     memcmp(in->p + at, "LE", 2) == 0))
		return true;
	return memchr(in->p, 0, 64) != NULL;
}

static bool script_name(const char *name)
{
	static const char *const exts[] = {
		"exe", "dll", "com", "scr", "pif",	   "bat", "cmd",  "ps1", "psm1",
		"vbs", "vbe", "js",  "jse", "wsf",	   "wsh", "hta",  "msi", "reg",
		"lnk", "inf", "cpl", "jar", "apk",	   "sh",  "bash", "py",	 "pl",
		"rb",  "php", "scf", "url", "application", "msc", "chm",  NULL};
	const char *ext = identify_extension(name);

	for (const char *const *e = exts; *e != NULL; e++) {
		if (strcasecmp(ext, *e) == 0)
			return true;
	}
	return false;
}

bool identify_other(const struct identify_in *in, struct identity *ret_id)
{
	if (is_pe(in)) {
		ret_id->type = "application/vnd.microsoft.portable-executable";
		ret_id->executable = true;
		ret_id->reason = "unsupported";
		return true;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (in->len < rows[i].at + rows[i].len ||
		    memcmp(in->p + rows[i].at, rows[i].bytes, rows[i].len) != 0)
			continue;
		ret_id->type = rows[i].type;
		ret_id->executable = rows[i].executable;
		ret_id->reason = "unsupported";
		return true;
	}
	/* A script in plain text has no magic but its name. */
	ret_id->executable = script_name(in->name);
	return false;
}

/* A sound end-of-directory record anywhere: offset and size point back at a directory. */
static bool has_zip_inside(const struct identify_in *in)
{
	const uint8_t *at = in->p, *end = in->p + in->len;

	while ((at = memmem(at, (size_t)(end - at), "PK\5\6", 4)) != NULL) {
		size_t pos = (size_t)(at - in->p), size;

		if (end - at < 22)
			return false;
		size = identify_le32(at + 12);
		if (size >= 46 && size <= pos && memcmp(at - size, "PK\1\2", 4) == 0)
			return true;
		at++;
	}
	return false;
}

static bool in_head(const struct identify_in *in, size_t from, size_t within, const char *word)
{
	size_t end = in->len < within ? in->len : within, len = strlen(word);

	for (size_t i = from; i + len <= end; i++) {
		if (strncasecmp((const char *)in->p + i, word, len) == 0)
			return true;
	}
	return false;
}

static bool is_text_type(const struct identity *id)
{
	return id->charset[0] != '\0';
}

static bool is_archive(const struct identity *id)
{
	static const char *const types[] = {"application/x-tar", "application/x-7z-compressed",
					    "application/vnd.rar", "application/gzip"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(id->type, types[i]) == 0)
			return true;
	return false;
}

const char *identify_foreign(const struct identify_in *in, const struct identity *id)
{
	bool pdf = strcmp(id->type, "application/pdf") == 0;

	/* Inside a ZIP every byte belongs to a member, and members are looked at one by one. */
	if (id->container)
		return NULL;
	if (!pdf && !is_archive(id) && in_head(in, 0, 1024, "%PDF-"))
		return "pdf";
	if (!is_archive(id) && has_zip_inside(in))
		return "zip";
	/* Packed or whole members of an archive: its walk has accounted for every byte. */
	if (is_text_type(id) || is_archive(id))
		return NULL;
	if (memmem(in->p, in->len, "Rar!\x1a\x07", 6) != NULL)
		return "rar";
	if (memmem(in->p, in->len, "7z\xbc\xaf\x27\x1c", 6) != NULL)
		return "7z";
	if (in->len > 512 && memcmp(in->p + 257, "ustar", 5) == 0)
		return "tar";
	if (in->len > 32774 && memcmp(in->p + 32769, "CD001", 5) == 0)
		return "iso";
	if (in_head(in, 0, 1024, "<script") || in_head(in, 0, 1024, "<html"))
		return "html";
	return NULL;
}
