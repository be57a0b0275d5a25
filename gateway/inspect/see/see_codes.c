/* see_codes.c - zbar over the pixels, upright, and again inverted and enlarged.
 *
 * Hostile: the pixels, and what a code says: bytes in a character set that zbar only
 * guesses.  What is not UTF-8 in the end is not called read. */
#include "inspect/see/see_codes.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "base/text.h"

enum { SMALL_SIDE = 800 /* below this codes are enlarged too */ };

int see_codes_load(struct sl_why *why)
{
	/* zbar opens these for each code it reads; a child could not load their tables. */
	static const char *const sets[] = {"ISO8859-1", "SJIS",	     "BIG5",
					   "GB18030",	"ISO8859-2", "CP437"};
	static iconv_t kept[sizeof(sets) / sizeof(sets[0])];

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		kept[i] = iconv_open("UTF-8", sets[i]);
		if (kept[i] == (iconv_t)-1)
			return why_set(why, SL_E_CONFIG, "no converter for %s", sets[i]);
	}
	zbar_set_verbosity(0);
	return SL_OK;
}

const char *see_codes_version(void)
{
	static char text[32];
	unsigned major = 0, minor = 0, patch = 0;

	(void)zbar_version(&major, &minor, &patch);
	(void)snprintf(text, sizeof(text), "zbar %u.%u.%u", major, minor, patch);
	return text;
}

static bool already(const struct buf *text, size_t from, const char *s, size_t len)
{
	const char *at = buf_str(text) + from, *end = buf_str(text) + text->len;

	while (at < end) {
		size_t n = strcspn(at, "\n");

		if (n == len && memcmp(at, s, len) == 0)
			return true;
		at += n + 1;
	}
	return false;
}

static int put_symbol(const zbar_symbol_t *symbol, size_t from, struct buf *text)
{
	const char *data = zbar_symbol_get_data(symbol);
	size_t len = zbar_symbol_get_data_length(symbol);
	char *line;

	if (data == NULL || len == 0 || !text_is_utf8(data, len) ||
	    memchr(data, '\0', len) != NULL)
		return SL_E_UNSUPPORTED;
	line = strndup(data, len);
	if (line == NULL)
		return SL_E_NOMEM;
	for (char *c = line; *c != '\0'; c++)
		if ((uint8_t)*c < 0x20)
			*c = ' ';
	/* The same code is met again by the next look at the picture. */
	if (!already(text, from, line, len)) {
		buf_put(text, line, len);
		buf_put_u8(text, '\n');
	}
	free(line);
	return buf_error(text);
}

/* Rows of a PIX are words of the machine's order; zbar wants plain bytes. */
static uint8_t *plain_bytes(PIX *gray, unsigned width, unsigned height)
{
	uint8_t *bytes = malloc((size_t)width * height);

	for (unsigned y = 0; bytes != NULL && y < height; y++) {
		const l_uint32 *row = pixGetData(gray) + (size_t)y * (size_t)pixGetWpl(gray);

		for (unsigned x = 0; x < width; x++)
			bytes[(size_t)y * width + x] = (uint8_t)GET_DATA_BYTE(row, x);
	}
	return bytes;
}

static int scan(zbar_image_scanner_t *scanner, PIX *gray, size_t from, struct buf *text)
{
	unsigned width = (unsigned)pixGetWidth(gray), height = (unsigned)pixGetHeight(gray);
	uint8_t *bytes = plain_bytes(gray, width, height);
	zbar_image_t *image = bytes != NULL ? zbar_image_create() : NULL;
	const zbar_symbol_t *symbol;
	int r = image == NULL ? SL_E_NOMEM : SL_OK;

	if (image == NULL)
		goto out;
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, width, height);
	zbar_image_set_data(image, bytes, (size_t)width * height, NULL);
	if (zbar_scan_image(scanner, image) < 0)
		r = SL_E_IO;
	symbol = r == SL_OK ? zbar_image_first_symbol(image) : NULL;
	for (; symbol != NULL && r != SL_E_NOMEM; symbol = zbar_symbol_next(symbol)) {
		int one = put_symbol(symbol, from, text);

		if (one != SL_OK && r == SL_OK)
			r = one;
	}
	zbar_image_destroy(image);
out:
	free(bytes);
	return r;
}

/* Another look at a changed copy, which is consumed. */
static int scan_copy(zbar_image_scanner_t *scanner, PIX *copy, size_t from, struct buf *text)
{
	int r = copy != NULL ? scan(scanner, copy, from, text) : SL_E_NOMEM;

	pixDestroy(&copy);
	return r;
}

int see_codes_read(PIX *gray, struct buf *text)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	size_t from = text->len;
	int r;

	if (scanner == NULL)
		return SL_E_NOMEM;
	(void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 1);
	r = scan(scanner, gray, from, text);
	/* White on black, as on dark posters. */
	if (r == SL_OK)
		r = scan_copy(scanner, pixInvert(NULL, gray), from, text);
	if (r == SL_OK && text->len == from && pixGetWidth(gray) < SMALL_SIDE &&
	    pixGetHeight(gray) < SMALL_SIDE)
		r = scan_copy(scanner, pixScale(gray, 3.0F, 3.0F), from, text);
	zbar_image_scanner_destroy(scanner);
	return r;
}
