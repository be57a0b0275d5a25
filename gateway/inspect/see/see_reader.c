/* see_reader.c - Tesseract's C API, warm.
 *
 * Two engines over the same models: Chinese with English beside it, and Chinese alone,
 * which is twice as fast and good enough where the text layer is there to compare.
 * Hostile: the pixels only; models come from the distribution and are named by digest. */
#include "inspect/see/see_reader.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "inspect/see/see_reader_text.h"

#define MODELS "/usr/share/tesseract-ocr/5/tessdata"
enum { TURNS_BACK = 3 /* quarter turns clockwise */ };
enum { MODEL_MAX = 256 << 20, SMALLEST_SIDE = 12, DIGEST_SHOWN = 8 };

static TessBaseAPI *both, *chinese; /* for the process's life */
static char version[96];

static TessBaseAPI *open_engine(const char *languages)
{
	TessBaseAPI *t = TessBaseAPICreate();

	if (t == NULL || TessBaseAPIInit2(t, MODELS, languages, OEM_LSTM_ONLY) != 0) {
		TessBaseAPIDelete(t);
		return NULL;
	}
	/* What it complains of ("Empty page") says nothing that the result does not. */
	(void)TessBaseAPISetVariable(t, "debug_file", "/dev/null");
	return t;
}

/* Other models read other words: they belong to what a report names. */
static int name_models(void)
{
	static const char *const files[] = {MODELS "/chi_sim.traineddata",
					    MODELS "/eng.traineddata"};
	struct hash *h = NULL;
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	int r = hash_new(&h);

	for (size_t i = 0; r == SL_OK && i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf b;

		buf_init(&b, MODEL_MAX);
		r = file_read(AT_FDCWD, files[i], MODEL_MAX, &b);
		if (r == SL_OK)
			hash_update(h, b.data, b.len);
		buf_release(&b);
	}
	if (r == SL_OK) {
		hash_final(h, digest);
		text_hex(digest, sizeof(digest), hex);
		(void)snprintf(version, sizeof(version), "tesseract %s chi_sim+eng %.*s",
			       TessVersion(), DIGEST_SHOWN, hex);
	}
	hash_free(h);
	return r;
}

/* The first use fills tables of the engine's libraries. */
static int warm_up(void)
{
	PIX *white = pixCreate(64, 64, 8);
	struct buf text;
	struct see_result result;
	int r = white == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&text, 1024);
	for (int alone = 0; r == SL_OK && alone < 2; alone++) {
		const struct see_read how = {.dpi = 150, .chinese_only = alone == 1};

		(void)pixSetAll(white);
		r = see_reader_read(white, &how, &text, &result);
	}
	buf_release(&text);
	pixDestroy(&white);
	return r;
}

int see_reader_load(struct sl_why *why)
{
	setMsgSeverity(L_SEVERITY_NONE);
	if (both == NULL)
		both = open_engine("chi_sim+eng");
	if (chinese == NULL)
		chinese = open_engine("chi_sim");
	if (both == NULL || chinese == NULL || name_models() != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       "no model to read pictures with in %s: install "
			       "tesseract-ocr-chi-sim and tesseract-ocr-eng",
			       MODELS);
	return warm_up() == SL_OK
		       ? SL_OK
		       : why_set(why, SL_E_CONFIG, "tesseract cannot read an empty picture");
}

const char *see_reader_version(void)
{
	return version;
}

static TessPageSegMode mode_of(enum see_layout layout)
{
	return layout == SEE_LAYOUT_LINE	? PSM_SINGLE_LINE
	       : layout == SEE_LAYOUT_WORD	? PSM_SINGLE_WORD
	       : layout == SEE_LAYOUT_SCATTERED ? PSM_SPARSE_TEXT
						: PSM_AUTO;
}

/* The engine also reads lines that run downwards, but its boxes of characters are empty
 * then, and no star finds its place. */
static int turns_of(TessBaseAPI *t)
{
	TessResultIterator *ri = TessBaseAPIGetIterator(t);
	int left = 0, top = 0, right = 1, bottom = 1;

	if (ri != NULL)
		(void)TessPageIteratorBoundingBox(TessResultIteratorGetPageIterator(ri),
						  RIL_SYMBOL, &left, &top, &right, &bottom);
	TessResultIteratorDelete(ri);
	return right <= left || bottom <= top ? TURNS_BACK : 0;
}

/* The engine has read the picture; TessBaseAPIClear when done with the result.  SL_E_IO. */
static int recognise(TessBaseAPI *t, PIX *pix, const struct see_read *how)
{
	TessBaseAPISetPageSegMode(t, mode_of(how->layout));
	TessBaseAPISetImage2(t, pix);
	TessBaseAPISetSourceResolution(t, how->dpi);
	return TessBaseAPIRecognize(t, NULL) == 0 ? SL_OK : SL_E_IO;
}

static bool has_room(PIX *pix)
{
	return pixGetWidth(pix) >= SMALLEST_SIDE && pixGetHeight(pix) >= SMALLEST_SIDE;
}

int see_reader_read(PIX *pix, const struct see_read *how, struct buf *text,
		    struct see_result *ret_r)
{
	TessBaseAPI *t = how->chinese_only ? chinese : both;
	int r;

	*ret_r = (struct see_result){.confidence = 0};
	if (!has_room(pix))
		return SL_OK; /* no letter fits */
	r = recognise(t, pix, how);
	if (r == SL_OK)
		r = see_reader_lines(t, text);
	if (r == SL_OK) {
		ret_r->confidence = TessBaseAPIMeanTextConf(t);
		ret_r->turns = turns_of(t);
	}
	TessBaseAPIClear(t);
	return r;
}

int see_reader_symbols(PIX *pix, const struct see_read *how, struct see_symbol *list,
		       unsigned most, unsigned *ret_n)
{
	TessBaseAPI *t = how->chinese_only ? chinese : both;
	int r;

	*ret_n = 0;
	if (!has_room(pix))
		return SL_OK;
	r = recognise(t, pix, how);
	if (r == SL_OK)
		r = see_reader_characters(t, list, most, ret_n);
	TessBaseAPIClear(t);
	return r;
}
