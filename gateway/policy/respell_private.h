/* respell_private.h - phrases as they are looked for; for respell*.c only. */
#ifndef SL_POLICY_RESPELL_PRIVATE_H
#define SL_POLICY_RESPELL_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/respell.h"

enum {
	RESPELL_CLASSES = 256,
	RESPELL_SPLITS = 4, /* ways to split one character */
	RESPELL_PARTS = 6,  /* of one way, 0 at the end */
	RESPELL_SYLLABLES = 600,
	RESPELL_SYLLABLE = 8,
	RESPELL_GAP = 2, /* foreign characters between two units */
};

struct respell_unit {
	uint32_t cp;
	uint16_t sound; /* number of its syllable, 0: it has none */
	unsigned n_parts;
	uint32_t parts[RESPELL_SPLITS][RESPELL_PARTS];
};

struct respell_phrase {
	const struct entry *entry;
	char word[RESPELL_UNITS * 4 + 1];
	struct respell_unit unit[RESPELL_UNITS];
	unsigned n;
};

struct respell {
	uint16_t sound[0x10000]; /* of the common characters */
	char syllable[RESPELL_SYLLABLES][RESPELL_SYLLABLE];
	unsigned n_syllable;
	/* Class of a code point that a spelling may start with, 0: none; phrases of each. */
	uint8_t start[0x10000];
	uint64_t starts[RESPELL_CLASSES];
	unsigned n_starts;
	struct respell_phrase phrase[RESPELL_PHRASES];
	unsigned n_phrase;
	size_t reach; /* bytes of the longest spelling and of what must stand around it */
};

#endif
