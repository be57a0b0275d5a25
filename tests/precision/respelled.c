/* respelled.c - spellings made from ICU's readings and the list of split characters. */
#include "tests/precision/respelled.h"

#include <stdio.h>
#include <string.h>

#include <unicode/ucnv.h>
#include <unicode/utrans.h>

#include "base/text.h"

enum { WORD = 16, SYLLABLE = 16, FIRST_HAN = 0x4e00, LAST_HAN = 0x9fa5 };

struct word {
	uint32_t cp[WORD];
	char reading[WORD][SYLLABLE]; /* "": none */
	size_t n;
};

static UTransliterator *latin;
static UConverter *gb2312;
static const struct pack_list *parts;

static void read_one(uint32_t cp, char out[SYLLABLE])
{
	UChar u[SYLLABLE] = {(UChar)cp};
	int32_t n = 1, limit = 1;
	UErrorCode e = U_ZERO_ERROR;

	utrans_transUChars(latin, u, &n, SYLLABLE, 0, &limit, &e);
	for (int32_t i = 0; i < n && i + 1 < SYLLABLE; i++)
		out[i] = (char)u[i];
	out[U_SUCCESS(e) && n < SYLLABLE && u[0] >= 'a' && u[0] <= 'z' ? n : 0] = '\0';
}

static void split(const char *text, struct word *w)
{
	size_t len = strlen(text), used;

	w->n = 0;
	for (size_t i = 0; i < len && w->n < WORD; i += used) {
		w->cp[w->n] = text_decode(text + i, len - i, &used);
		read_one(w->cp[w->n], w->reading[w->n]);
		w->n++;
	}
}

static void put(struct disguised *d, const char *text)
{
	size_t n = strlen(text);

	memcpy(d->text + d->len, text, n);
	d->len += n;
}

static void put_cp(struct disguised *d, uint32_t cp)
{
	d->len += text_encode(cp, d->text + d->len);
}

static void start(struct disguised *d)
{
	d->len = 0;
	d->parts = 1;
	d->start[0] = 0;
	put(d, "本件为");
}

static void finish(struct disguised *d)
{
	put(d, "，特此通知。");
}

/* All of it, or one character only; plain, with blanks, in capitals. */
static bool pinyin(const char *word, unsigned variant, struct disguised *d)
{
	struct word w;

	split(word, &w);
	if (variant >= 3 + w.n)
		return false;
	start(d);
	for (size_t i = 0; i < w.n; i++) {
		bool now = w.reading[i][0] != '\0' && (variant < 3 || variant - 3 == i);

		if (!now) {
			put_cp(d, w.cp[i]);
			continue;
		}
		put(d, variant == 1 && i > 0 ? " " : "");
		for (const char *c = w.reading[i]; *c != '\0'; c++)
			put_cp(d, (uint32_t)(variant == 2 ? *c - 'a' + 'A' : *c));
	}
	finish(d);
	return true;
}

static bool initials(const char *word, unsigned variant, struct disguised *d)
{
	struct word w;

	split(word, &w);
	if (variant > 1)
		return false;
	start(d);
	for (size_t i = 0; i < w.n; i++) {
		uint32_t c = (unsigned char)w.reading[i][0];

		put_cp(d, c == 0 ? w.cp[i] : variant == 1 ? c - 'a' + 'A' : c);
	}
	finish(d);
	return true;
}

static const char *parts_of(uint32_t cp)
{
	size_t used;

	for (unsigned i = 0; i < parts->replace_count; i++) {
		const char *word = parts->replace[i].word;

		if (text_decode(word, strlen(word), &used) == cp)
			return parts->replace[i].fix;
	}
	return NULL;
}

/* All characters that have parts, or one of them. */
static bool split_characters(const char *word, unsigned variant, struct disguised *d)
{
	struct word w;
	bool changed = false;

	split(word, &w);
	if (variant > w.n)
		return false;
	start(d);
	for (size_t i = 0; i < w.n; i++) {
		const char *p = variant == 0 || variant - 1 == i ? parts_of(w.cp[i]) : NULL;

		changed = changed || p != NULL;
		if (p != NULL)
			put(d, p);
		else
			put_cp(d, w.cp[i]);
	}
	finish(d);
	d->parts = changed;
	return true;
}

/* Of the first level of GB 2312? */
static bool is_common(uint32_t cp)
{
	UChar u = (UChar)cp;
	char gb[4];
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = ucnv_fromUChars(gb2312, gb, sizeof(gb), &u, 1, &e);

	return U_SUCCESS(e) && n == 2 && (unsigned char)gb[0] >= 0xb0 &&
	       (unsigned char)gb[0] <= 0xd7 && (unsigned char)gb[1] >= 0xa1;
}

/* One character becomes another one with the same reading, four of them tried. */
static bool like_sounding(const char *word, unsigned variant, struct disguised *d)
{
	enum { TRIES = 4 };
	struct word w;
	char reading[SYLLABLE];
	size_t place = variant / TRIES;
	unsigned left = variant % TRIES;
	uint32_t other = 0;

	split(word, &w);
	if (place >= w.n)
		return false;
	for (uint32_t cp = FIRST_HAN;
	     cp <= LAST_HAN && other == 0 && w.reading[place][0] != '\0'; cp++) {
		if (cp == w.cp[place] || !is_common(cp))
			continue;
		read_one(cp, reading);
		if (strcmp(reading, w.reading[place]) == 0 && left-- == 0)
			other = cp;
	}
	start(d);
	for (size_t i = 0; i < w.n; i++)
		put_cp(d, i == place && other != 0 ? other : w.cp[i]);
	finish(d);
	d->parts = other != 0;
	return true;
}

const struct respelling respelling_table[] = {
	{"pinyin", pinyin},
	{"initials", initials},
	{"split characters", split_characters},
	{"like-sounding characters", like_sounding},
	{NULL, NULL},
};

int respelled_start(const struct pack_list *split_list)
{
	static const UChar id[] = u"Han-Latin; Latin-ASCII";
	UErrorCode e = U_ZERO_ERROR;

	parts = split_list;
	latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
	gb2312 = ucnv_open("GB18030", &e);
	return U_SUCCESS(e) ? SL_OK : SL_E_INTERNAL;
}

void respelled_stop(void)
{
	utrans_close(latin);
	ucnv_close(gb2312);
}
