/* respell.c - what a phrase is made of, and the readings of characters. */
#include "policy/respell_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ucnv.h>
#include <unicode/utrans.h>

#include "base/text.h"
#include "policy/rules.h"

enum { COMMON = 40 * 94, LINE = 32, TEXT = COMMON * 8, UTF8_MAX = 4, EVERYWHERE = 1 << 26 };

/* The first level of GB 2312, the characters people write, one a line. */
static int32_t common_characters(UChar *out)
{
	char gb[COMMON * 2];
	UChar u[COMMON];
	UErrorCode e = U_ZERO_ERROR;
	UConverter *c = ucnv_open("GB18030", &e);
	int32_t n, len = 0;

	for (int i = 0; i < COMMON; i++) {
		gb[2 * i] = (char)(0xb0 + i / 94);
		gb[2 * i + 1] = (char)(0xa1 + i % 94);
	}
	n = U_SUCCESS(e) ? ucnv_toUChars(c, u, COMMON, gb, COMMON * 2, &e) : 0;
	ucnv_close(c);
	for (int32_t i = 0; i < n; i++) {
		if (u[i] < 0x4e00 || u[i] > 0x9fff)
			continue;
		out[len++] = u[i];
		out[len++] = '\n';
	}
	return len;
}

/* Number of a syllable, from 1 on; 0: none or no room. */
static uint16_t sound_number(struct respell *r, const char *syllable)
{
	for (unsigned i = 1; i < r->n_syllable; i++) {
		if (strcmp(r->syllable[i], syllable) == 0)
			return (uint16_t)i;
	}
	if (r->n_syllable == RESPELL_SYLLABLES)
		return 0;
	(void)snprintf(r->syllable[r->n_syllable], RESPELL_SYLLABLE, "%s", syllable);
	return (uint16_t)r->n_syllable++;
}

/* The readings come back in the order of the characters, one a line. */
static void take_readings(struct respell *r, const UChar *chars, const UChar *read, int32_t n)
{
	char syllable[RESPELL_SYLLABLE];
	int32_t at = 0;

	for (int32_t i = 0; at < n; i += 2) {
		size_t len = 0;
		bool plain = true;

		for (; at < n && read[at] != '\n'; at++) {
			plain = plain && read[at] >= 'a' && read[at] <= 'z';
			if (len + 1 < sizeof(syllable))
				syllable[len++] = (char)read[at];
		}
		at++;
		syllable[len] = '\0';
		if (plain && len > 0)
			r->sound[chars[i]] = sound_number(r, syllable);
	}
}

int respell_new(struct respell **ret_r, struct sl_why *why)
{
	static const UChar id[] = u"Han-Latin; Latin-ASCII";
	struct respell *r = calloc(1, sizeof(*r));
	UChar *chars = calloc(2 * COMMON, sizeof(*chars)), *read = calloc(TEXT, sizeof(*read));
	UErrorCode e = U_ZERO_ERROR;
	UTransliterator *t = NULL;
	int32_t n, limit;
	int result = SL_E_NOMEM;

	if (r == NULL || chars == NULL || read == NULL)
		goto out;
	r->n_syllable = r->n_starts = 1;
	t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
	n = limit = common_characters(chars);
	memcpy(read, chars, (size_t)n * sizeof(*read));
	if (U_SUCCESS(e))
		utrans_transUChars(t, read, &n, TEXT, 0, &limit, &e);
	if (U_FAILURE(e)) {
		result = why_set(why, SL_E_INTERNAL, "ICU has no readings: %s", u_errorName(e));
		goto out;
	}
	take_readings(r, chars, read, n);
	*ret_r = r;
	r = NULL; /* moved */
	result = SL_OK;
out:
	if (t != NULL)
		utrans_close(t);
	free(chars);
	free(read);
	respell_free(r);
	return result;
}

void respell_free(struct respell *r)
{
	free(r);
}

/* Code points with the same phrases share a class. */
static void mark_first(struct respell *r, uint32_t cp)
{
	uint64_t bit = UINT64_C(1) << r->n_phrase, phrases;
	unsigned k = 1;

	if (cp >= 0x10000)
		return;
	phrases = r->starts[r->start[cp]] | bit;
	while (k < r->n_starts && r->starts[k] != phrases)
		k++;
	if (k == r->n_starts && k < RESPELL_CLASSES)
		r->starts[r->n_starts++] = phrases;
	/* Out of classes: one that has all phrases is slower, not wrong. */
	if (k == RESPELL_CLASSES)
		r->starts[k = RESPELL_CLASSES - 1] |= phrases;
	r->start[cp] = (uint8_t)k;
}

/* Every character that may stand at the start of a spelling of the unit. */
static void mark_unit(struct respell *r, const struct respell_unit *u)
{
	mark_first(r, u->cp);
	for (unsigned i = 0; i < u->n_parts; i++)
		mark_first(r, u->parts[i][0]);
	if (u->sound == 0)
		return;
	mark_first(r, (unsigned char)r->syllable[u->sound][0]);
	mark_first(r, (unsigned char)(r->syllable[u->sound][0] - 'a' + 'A'));
	for (uint32_t cp = 0x4e00; cp < 0x10000; cp++) {
		if (r->sound[cp] == u->sound)
			mark_first(r, cp);
	}
}

static void take_parts(struct respell_unit *u, const struct policy *p)
{
	const struct pack_list *l = rules_list(p, "split-characters");
	size_t used;

	for (unsigned i = 0; l != NULL && i < l->replace_count; i++) {
		const char *word = l->replace[i].word, *fix = l->replace[i].fix;
		unsigned n = 0;

		if (u->n_parts == RESPELL_SPLITS ||
		    text_decode(word, strlen(word), &used) != u->cp || word[used] != '\0')
			continue;
		for (size_t k = 0; fix[k] != '\0' && n + 1 < RESPELL_PARTS; k += used)
			u->parts[u->n_parts][n++] =
				text_decode(fix + k, strlen(fix + k), &used);
		u->n_parts += n > 0;
	}
}

/* Bytes of a unit in its longest spelling, with the gaps behind each part. */
static size_t longest(const struct respell_unit *u)
{
	size_t most = RESPELL_SYLLABLE + RESPELL_GAP * UTF8_MAX;

	for (unsigned i = 0; i < u->n_parts; i++) {
		size_t n = 0;

		for (unsigned k = 0; u->parts[i][k] != 0; k++)
			n += UTF8_MAX + RESPELL_GAP * UTF8_MAX;
		most = n > most ? n : most;
	}
	return most;
}

/* Code points around a hit that decide about it. */
static size_t around(const struct entry *e)
{
	const struct pack_detect *d = e->from;

	/* What counts hits needs all of them; a detector may look and widen as it likes. */
	if (d->at_least > 1 || e->detector != NULL)
		return EVERYWHERE;
	return d->grow_before + d->grow_after +
	       (e->near.n + e->before.n + e->after.n > 0 ? e->within : 0);
}

int respell_add(struct respell *r, const struct policy *p, const struct entry *e,
		const char *word)
{
	struct respell_phrase *ph = &r->phrase[r->n_phrase];
	size_t len = strlen(word), used, reach = around(e) * UTF8_MAX;

	if (r->n_phrase == RESPELL_PHRASES || len >= sizeof(ph->word))
		return SL_E_LIMIT;
	memset(ph, 0, sizeof(*ph));
	for (size_t i = 0; i < len; i += used) {
		struct respell_unit *u = &ph->unit[ph->n];

		if (ph->n == RESPELL_UNITS)
			return SL_E_LIMIT;
		u->cp = text_decode(word + i, len - i, &used);
		u->sound = u->cp < 0x10000 ? r->sound[u->cp] : 0;
		take_parts(u, p);
		reach += longest(u);
		ph->n++;
	}
	(void)snprintf(ph->word, sizeof(ph->word), "%s", word);
	ph->entry = e;
	r->reach = reach > r->reach ? reach : r->reach;
	mark_unit(r, &ph->unit[0]);
	r->n_phrase++;
	return SL_OK;
}

unsigned respell_count(const struct respell *r)
{
	return r != NULL ? r->n_phrase : 0;
}

size_t respell_reach(const struct respell *r)
{
	return r != NULL && r->reach > 0 ? r->reach : 1;
}

const struct entry *respell_entry(const struct respell *r, unsigned index)
{
	return r->phrase[index].entry;
}

const char *respell_word(const struct respell *r, unsigned index)
{
	return r->phrase[index].word;
}
