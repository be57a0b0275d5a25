/* office_document.c - what our own walker sees, then what LibreOffice made of it. */
#include "inspect/office/office_document.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "inspect/office/office_kit.h"
#include "inspect/office/office_legacy.h"

enum { PATH_BYTES = 512 };

/* By the type that the structure decided; the text of every application is alike. */
static const struct {
	const char *type;
	enum office_kind kind;
	const char *in, *out;
} kinds[] = {
	{"application/msword", OFFICE_TEXT, "original.doc", "converted.docx"},
	{"application/vnd.ms-excel", OFFICE_SHEET, "original.xls", "converted.xlsx"},
	{"application/vnd.ms-powerpoint", OFFICE_SLIDES, "original.ppt", "converted.pptx"},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static int write_copy(const struct extract *x, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r = (fd >= 0) ? file_write_all(fd, x->bytes, x->len) : SL_E_IO;

	file_close(fd);
	return r;
}

/* What is of the conversion and not of the document: its properties, which were read from
 * the original, and sizes of members, which numbers drawn by lot may change. */
static void drop_conversion(struct extract *x, const struct extract_part *converted)
{
	char below[64];
	size_t n = (size_t)snprintf(below, sizeof(below), "%s.", converted->object.id);

	for (size_t i = x->first; i < x->n_parts; i++) {
		struct extract_part *p = x->parts[i];

		if (strncmp(p->object.id, below, n) != 0)
			continue;
		p->object.bytes = 0;
		/* Properties of a document inside it stay: they came with the original. */
		if (strchr(p->object.id + n, '.') != NULL ||
		    strstr(p->object.path, "/docProps/") == NULL)
			continue;
		for (int w = 0; w < WHERE_COUNT; w++)
			buf_clear(&p->text[w]);
		p->n_marks = p->n_cuts = 0;
	}
}

/* The converted document is one more part, read as if it had been handed in. */
static int read_converted(struct extract *x, const char *path, const char *name)
{
	struct extract_part *p;
	struct buf bytes;
	int r;

	buf_init(&bytes, EXTRACT_UNPACKED_MAX);
	r = file_read(AT_FDCWD, path, EXTRACT_UNPACKED_MAX, &bytes);
	if (r != SL_OK) {
		extract_fail(extract_file(x),
			     (r == SL_E_LIMIT) ? "over-limit" : "not-converted");
		r = SL_OK;
		goto out;
	}
	p = extract_part_new(x, name, 0);
	if (p != NULL)
		r = extract_nested(x, p, name, &bytes);
	else if (!x->over)
		r = SL_E_NOMEM;
	if (r == SL_OK && p != NULL)
		drop_conversion(x, p);
out:
	buf_release(&bytes);
	return r;
}

static int convert(struct extract *x, unsigned k, const char *scratch)
{
	char in[PATH_BYTES], out[PATH_BYTES];
	int r = file_join(in, sizeof(in), scratch, kinds[k].in);

	if (r == SL_OK)
		r = file_join(out, sizeof(out), scratch, kinds[k].out);
	if (r == SL_OK)
		r = write_copy(x, in);
	if (r != SL_OK)
		return r;
	r = office_kit_convert(kinds[k].kind, in, out, scratch);
	if (r == SL_OK)
		return read_converted(x, out, kinds[k].out);
	extract_fail(extract_file(x),
		     (r == SL_E_UNSUPPORTED) ? "office-not-installed" : "not-converted");
	return SL_OK;
}

int office_document(struct extract *x, const char *scratch)
{
	struct extract_part *p = extract_file(x);
	unsigned k = 0;
	int r;

	while (k < KINDS && strcasecmp(kinds[k].type, p->object.type) != 0)
		k++;
	if (k == KINDS) {
		extract_fail(p, "unsupported");
		return SL_OK;
	}
	r = office_legacy(x);
	/* What our own walker cannot follow is held anyhow. */
	return (r == SL_OK && p->object.state == OBJECT_INSPECTED) ? convert(x, k, scratch) : r;
}
