/* ceremony_words.h - the two languages of what lies on the table. */
#ifndef SL_KEYS_CEREMONY_WORDS_H
#define SL_KEYS_CEREMONY_WORDS_H

#include "keys/ceremony.h"

static inline const char *words(enum ceremony_language l, const char *en, const char *zh)
{
	return l == CEREMONY_ZH ? zh : en;
}

#endif
