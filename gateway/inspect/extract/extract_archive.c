/* extract_archive.c - zip, tar, 7z, rar and gz: each member a document of its own.
 *
 * The type filter has walked the container and accounted for its bytes; here
 * libarchive unpacks in memory, nothing ever touches a disk.  Hostile: bombs (size,
 * number, ratio and depth have ceilings that all levels share), links and devices,
 * names that lead elsewhere, encrypted and damaged members: each is failed by name. */
#include "inspect/extract/extract_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "inspect/extract/extract_package.h"

enum { MEMBERS_MAX = 10000, NAME_MAX_BYTES = 2048 };

static int open_as(struct archive *a, const char *type)
{
	if (strcmp(type, "application/zip") == 0)
		return archive_read_support_format_zip_seekable(a);
	if (strcmp(type, "application/x-tar") == 0)
		return archive_read_support_format_tar(a);
	if (strcmp(type, "application/x-7z-compressed") == 0)
		return archive_read_support_format_7zip(a);
	if (strcmp(type, "application/gzip") == 0)
		return archive_read_support_filter_gzip(a) == ARCHIVE_OK
			       ? archive_read_support_format_raw(a)
			       : ARCHIVE_FATAL;
	return archive_read_support_format_rar(a) == ARCHIVE_OK
		       ? archive_read_support_format_rar5(a)
		       : ARCHIVE_FATAL;
}

/* The content of a compressed single file has no name but that of its file. */
static const char *single_name(const struct extract *x, char *out, size_t cap)
{
	const char *tail = extract_ends_with(x->name, ".tgz")  ? "tgz"
			   : extract_ends_with(x->name, ".gz") ? ".gz"
							       : "";
	size_t n = strlen(x->name) - strlen(tail);

	if (n == 0 || n + 4 >= cap)
		return "content";
	memcpy(out, x->name, n);
	(void)snprintf(out + n, cap - n, "%s", strcmp(tail, "tgz") == 0 ? "tar" : "");
	return out;
}

static void refuse(struct extract_part *p, const char *reason)
{
	extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, reason);
	extract_fail(p, reason);
}

/* Owners of members in a tar: persons, as a rule. */
static void owners(struct extract_part *p, struct archive_entry *e)
{
	const char *const names[] = {archive_entry_uname(e), archive_entry_gname(e)};

	for (unsigned i = 0; i < 2; i++)
		if (names[i] != NULL && names[i][0] != '\0')
			extract_line(p, WHERE_METADATA, "owner", names[i], strlen(names[i]));
}

static int read_file(struct extract *x, struct archive *a, struct extract_part *p,
		     const char *name)
{
	struct buf bytes;
	size_t max = EXTRACT_UNPACKED_MAX - x->unpacked, len = 0;
	int r;

	buf_init(&bytes, max);
	r = extract_inflate(a, max, &bytes, &len);
	if (r == SL_OK && extract_is_bomb(len, x->len))
		r = SL_E_LIMIT;
	if (r == SL_OK) {
		x->unpacked += len;
		p->object.bytes = len;
		r = extract_nested(x, p, name, &bytes);
	} else if (r == SL_E_LIMIT) {
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "oversized");
	}
	buf_release(&bytes);
	return r;
}

/* One member.  SL_E_FORMAT and SL_E_LIMIT end the reading: what follows cannot be
 * believed, or is not worth the memory. */
static int read_member(struct extract *x, struct archive *a, struct archive_entry *e)
{
	char single[FILTER_PATH_MAX];
	const char *raw = archive_entry_pathname(e);
	struct extract_part *p;
	struct buf name;
	int r, bad;

	if (archive_format(a) == ARCHIVE_FORMAT_RAW)
		raw = single_name(x, single, sizeof(single));
	buf_init(&name, NAME_MAX_BYTES);
	bad = extract_archive_name(raw != NULL ? raw : "", &name);
	p = bad == SL_E_NOMEM ? NULL
			      : extract_part_new(x, bad == SL_OK ? buf_str(&name) : "?", 0);
	if (p == NULL) {
		r = x->over ? SL_E_LIMIT : SL_E_NOMEM;
		goto out;
	}
	r = SL_OK;
	owners(p, e);
	if (bad != SL_OK)
		refuse(p, "bad-name");
	else if (archive_entry_is_encrypted(e))
		refuse(p, "encrypted");
	else if (archive_entry_hardlink(e) != NULL || archive_entry_symlink(e) != NULL)
		refuse(p, "link");
	else if (archive_entry_filetype(e) == AE_IFDIR && archive_entry_size(e) == 0)
		extract_skip(p, "directory");
	else if (archive_entry_filetype(e) != AE_IFREG)
		refuse(p, "special-file");
	else
		r = read_file(x, a, p, buf_str(&name));
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, extract_reason(r));
	/* The name of a directory is text too. */
	if (p->text[WHERE_FILENAME].len == 0 && bad == SL_OK)
		extract_line(p, WHERE_FILENAME, NULL, buf_str(&name), name.len);
out:
	buf_release(&name);
	return r;
}

static int read_members(struct extract *x, struct archive *a)
{
	struct archive_entry *e;
	unsigned n = 0;
	int got;

	while ((got = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
		int r = ++n > MEMBERS_MAX ? SL_E_LIMIT : read_member(x, a, e);

		if (r != SL_OK)
			return r;
	}
	if (archive_read_has_encrypted_entries(a) > 0)
		return SL_E_DENIED;
	return got == ARCHIVE_EOF ? SL_OK : SL_E_FORMAT;
}

static bool is_inner_tar(const struct extract *x)
{
	return x->depth == 1 && strcmp(x->file->object.type, "application/x-tar") == 0 &&
	       strcmp(x->parts[0]->object.type, "application/gzip") == 0;
}

int extract_archive_document(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	struct archive *a = archive_read_new();
	int r = SL_E_FORMAT;

	if (a == NULL)
		return SL_E_NOMEM;
	/* Read all the same, but no reader of a notice should have to unpack twice.  A tar in
	 * a gzip is one archive for everybody. */
	if (x->depth > 0 && !is_inner_tar(x))
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "nested-archive");
	extract_archive_notes(x);
	if (open_as(a, p->object.type) == ARCHIVE_OK &&
	    archive_read_open_memory(a, x->bytes, x->len) == ARCHIVE_OK)
		r = read_members(x, a);
	(void)archive_read_free(a);
	if (r == SL_E_DENIED)
		extract_mark(p, "DH-008", SEV_S1, WHERE_ATTACHMENT, 0, "encrypted");
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, extract_reason(r));
	return r == SL_E_NOMEM || x->nomem ? SL_E_NOMEM : SL_OK;
}
