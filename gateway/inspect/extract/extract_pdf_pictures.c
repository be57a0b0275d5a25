/* extract_pdf_pictures.c - how large a picture of a PDF really is.
 *
 * The dictionary says one size, and the head of a JPEG or JPEG 2000 stream another; what
 * decodes it goes by the second.  Hostile: all of it.  A head that is damaged has no size: the
 * page is read with a complaint, or the picture is not drawn. */
#include "inspect/extract/extract_pdf.h"

#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

/* The larger of a number's two names; 0 when it is none. */
static double number_of(qpdf_data q, qpdf_oh dict, const char *key, const char *brief)
{
	qpdf_oh long_one = qpdf_oh_get_key(q, dict, key);
	qpdf_oh brief_one = qpdf_oh_get_key(q, dict, brief);
	double a = 0, b = 0;

	if (qpdf_oh_is_number(q, long_one))
		a = qpdf_oh_get_numeric_value(q, long_one);
	if (qpdf_oh_is_number(q, brief_one))
		b = qpdf_oh_get_numeric_value(q, brief_one);
	qpdf_oh_release(q, long_one);
	qpdf_oh_release(q, brief_one);
	return a > b ? a : b;
}

static double big(const uint8_t *s, unsigned n)
{
	double v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v * 256 + s[i];
	return v;
}

static void larger(double *a, double b)
{
	*a = b > *a ? b : *a;
}

/* ITU-T T.81, B.2.2: every frame header before the first scan. */
static void jpeg_size(const uint8_t *s, size_t len, double *width, double *height)
{
	const uint8_t *start = memmem(s, len, "\xff\xd8", 2);
	size_t at = start != NULL ? (size_t)(start - s) + 2 : len;

	while (len - at >= 4) {
		uint8_t marker = s[at + 1];
		size_t n = (size_t)s[at + 2] << 8 | s[at + 3];

		if (s[at] != 0xff || marker == 0xff || marker == 0) {
			at++; /* filling, or bytes that decoders pass over */
			continue;
		}
		if (marker == 0xda || marker == 0xd9)
			return;
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		    marker != 0xcc && len - at >= 9) {
			larger(height, big(s + at + 5, 2));
			larger(width, big(s + at + 7, 2));
		}
		if (n > len - at - 2)
			return;
		at += 2 + n;
	}
}

/* ISO 15444-1, A.5.1: the size follows the start of each code stream, and no bytes of a
 * code stream look like that start. */
static void jpx_size(const uint8_t *s, size_t len, double *width, double *height)
{
	enum { HEAD = 4 + 4 /* length, capabilities */, SIZE = 16 };
	const uint8_t *at = s, *end = s + len;

	while ((at = memmem(at, (size_t)(end - at), "\xff\x4f\xff\x51", 4)) != NULL &&
	       end - at >= HEAD + SIZE) {
		at += HEAD;
		larger(width, big(at, 4) - big(at + 8, 4));
		larger(height, big(at + 4, 4) - big(at + 12, 4));
	}
}

/* Is the last filter this one, by its long or brief name? */
static bool is_last(qpdf_data q, qpdf_oh filters, const char *name, const char *brief)
{
	int n = qpdf_oh_is_array(q, filters) ? qpdf_oh_get_array_n_items(q, filters) : -1;
	qpdf_oh last = n > 0 ? qpdf_oh_get_array_item(q, filters, n - 1) : filters;
	const char *s = qpdf_oh_is_name(q, last) ? qpdf_oh_get_name(q, last) : "";
	bool is = strcmp(s, name) == 0 || strcmp(s, brief) == 0;

	if (n > 0)
		qpdf_oh_release(q, last);
	return is;
}

/* A list of the stream's dictionary without its last entry. */
static void shorten(qpdf_data q, qpdf_oh dict, const char *key)
{
	qpdf_oh list = qpdf_oh_get_key(q, dict, key), less = qpdf_oh_new_array(q);
	int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;

	for (int i = 0; i + 1 < n; i++) {
		qpdf_oh one = qpdf_oh_get_array_item(q, list, i);

		qpdf_oh_append_item(q, less, one);
		qpdf_oh_release(q, one);
	}
	qpdf_oh_replace_key(q, dict, key, less);
	qpdf_oh_release(q, less);
	qpdf_oh_release(q, list);
}

/* The head of the stream behind all filters but the last. */
static void stream_size(qpdf_data q, qpdf_oh stream, qpdf_oh dict, bool jpx, double *width,
			double *height)
{
	unsigned char *bytes = NULL;
	QPDF_BOOL filtered = QPDF_FALSE;
	size_t len = 0;

	shorten(q, dict, "/Filter");
	shorten(q, dict, "/DecodeParms");
	if ((qpdf_oh_get_stream_data(q, stream, qpdf_dl_specialized, &filtered, &bytes, &len) &
	     QPDF_ERRORS) == 0) {
		if (jpx)
			jpx_size(bytes, len, width, height);
		else
			jpeg_size(bytes, len, width, height);
	}
	free(bytes);
}

void extract_pdf_picture_size(struct _qpdf_data *q, unsigned stream, double *ret_width,
			      double *ret_height)
{
	qpdf_oh dict = qpdf_oh_get_dict(q, stream);
	qpdf_oh filters = qpdf_oh_get_key(q, dict, "/Filter");
	bool jpx = is_last(q, filters, "/JPXDecode", "/JPX");
	bool dct = is_last(q, filters, "/DCTDecode", "/DCT");

	*ret_width = number_of(q, dict, "/Width", "/W");
	*ret_height = number_of(q, dict, "/Height", "/H");
	if (jpx || dct)
		stream_size(q, stream, dict, jpx, ret_width, ret_height);
	qpdf_oh_release(q, filters);
	qpdf_oh_release(q, dict);
}
